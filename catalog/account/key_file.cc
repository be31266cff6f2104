#include "catalog/account/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "absl/strings/escaping.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"

namespace lodestone::account {

namespace {

using base::StrCat;

constexpr std::size_t kHexDigits = 2 * kKeyBytes;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }
  bool open() const { return number_ >= 0; }

 private:
  const int number_;
};

absl::Status IoError(std::string_view doing, std::string_view path) {
  return absl::UnavailableError(StrCat(doing, " the key file ", path, ": ", std::strerror(errno)));
}
absl::Status Refused(std::string_view path, std::string_view why) {
  return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kStore, path, StrCat("the key file ", path, " ", why));
}

bool IsHexDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Nobody finds a file that was made but whose folder was not synced.
absl::Status SyncFolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.open() || ::fsync(opened.get()) != 0) return IoError("syncing the folder of", path);
  return absl::OkStatus();
}

bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

absl::StatusOr<SecretBytes> ParseKeyFile(std::string_view text, std::string_view path) {
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  bool is_hex = text.size() == kHexDigits;
  for (const char c : text) is_hex = is_hex && IsHexDigit(c);
  if (!is_hex) {
    return Refused(path, StrCat("holds no key: expected ", kHexDigits, " hex digits, found ", text.size(), " bytes",
                                text.size() == kHexDigits ? " that are not all hex digits" : ""));
  }
  return SecretBytes(absl::HexStringToBytes(base::ToAbsl(text)));
}

absl::StatusOr<SecretBytes> ReadKeyFile(const std::string& path) {
  // A pipe put in the file's place must not make the call wait.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.open() && errno == ENOENT) {
    return MakeError(ErrorKind::kNoSuchObject, ObjectKind::kStore, path, StrCat("there is no key file ", path));
  }
  if (!file.open()) return IoError("opening", path);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return IoError("reading", path);
  if (!S_ISREG(status.st_mode)) return Refused(path, "is not a regular file");
  if ((status.st_mode & 077) != 0) {
    char mode[8];
    std::snprintf(mode, sizeof mode, "0%03o", static_cast<unsigned>(status.st_mode & 0777));
    return Refused(path, StrCat("has mode ", static_cast<const char*>(mode),
                                ": others than its owner may read or write it, expected 0600"));
  }
  // One more than the longest that can be right.
  std::string text(kHexDigits + 2, '\0');
  std::size_t length = 0;
  while (length < text.size()) {
    const ssize_t count = ::read(file.get(), text.data() + length, text.size() - length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      Cleanse(&text);
      return IoError("reading", path);
    }
    if (count == 0) break;
    length += static_cast<std::size_t>(count);
  }
  auto key = ParseKeyFile(std::string_view(text).substr(0, length), path);
  Cleanse(&text);
  return key;
}

absl::StatusOr<SecretBytes> MakeKeyFile(const std::string& path) {
  ASSIGN_OR_RETURN(std::string bytes, RandomBytes(kKeyBytes));
  SecretBytes key(std::move(bytes));
  std::string text = absl::BytesToHexString(base::ToAbsl(key.view()));
  text += '\n';
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.open()) {
    Cleanse(&text);
    if (errno != EEXIST) return IoError("making", path);
    return MakeError(ErrorKind::kAlreadyExists, ObjectKind::kStore, path,
                     StrCat("the key file ", path, " exists already"));
  }
  const bool written = WriteAll(file.get(), text) && ::fsync(file.get()) == 0;
  absl::Status failure = written ? SyncFolderOf(path) : IoError("writing", path);
  Cleanse(&text);
  if (!failure.ok()) {
    ::unlink(path.c_str());
    return failure;
  }
  return key;
}

absl::Status RemoveKeyFile(const std::string& path) {
  const absl::Status holds_key = ReadKeyFile(path).status();
  if (!holds_key.ok()) return absl::IsUnavailable(holds_key) ? holds_key : absl::OkStatus();
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return IoError("deleting", path);
  const std::size_t slash = path.rfind('/');
  if (slash != std::string::npos) ::rmdir(path.substr(0, slash).c_str());  // fails where others have files in it
  return absl::OkStatus();
}

}  // namespace lodestone::account
