#include "bindings/http/dli/local_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <utility>

#include "bindings/http/dli/error.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::http::dli {
namespace {

// Owns a file descriptor.
class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  int fd() const { return fd_; }
  bool ok() const { return fd_ >= 0; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

absl::Status Refused() { return FileAccessError("the table's files are not at a local path that previews may read"); }

absl::Status Unreadable(int error) {
  // What is there but not for this process is refused in the same words as what is not permitted.
  if (error == EACCES || error == ELOOP || error == ENOTDIR || error == ENAMETOOLONG) return Refused();
  return absl::UnavailableError(absl::StrCat("a file of a preview can't be read: errno ", error));
}

// Below `folder`, without following links. ok() is false, and errno set, when it can't be opened.
File OpenBelow(int folder, const std::string& name) {
  return File(openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
}

absl::StatusOr<std::string> ReadHead(int fd, std::size_t max_bytes) {
  std::string bytes(max_bytes, '\0');
  std::size_t filled = 0;
  while (filled < max_bytes) {
    const ssize_t got = read(fd, bytes.data() + filled, max_bytes - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Unreadable(errno);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

absl::StatusOr<std::vector<std::string>> NamesIn(File folder) {
  DIR* stream = fdopendir(folder.fd());
  if (stream == nullptr) return Unreadable(errno);
  folder.Release();  // the stream's now
  const std::unique_ptr<DIR, int (*)(DIR*)> closer(stream, closedir);
  std::vector<std::string> names;
  while (const dirent* entry = readdir(stream)) {
    if (entry->d_name[0] == '_' || entry->d_name[0] == '.') continue;
    if (names.size() == LocalFiles::kMaxEntries) {
      return absl::ResourceExhaustedError(
          absl::StrCat("the table's folder has more than ", LocalFiles::kMaxEntries, " files"));
    }
    names.emplace_back(entry->d_name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool BeginsWith(const std::vector<std::string>& path, const std::vector<std::string>& root) {
  return path.size() >= root.size() && std::equal(root.begin(), root.end(), path.begin());
}

}  // namespace

std::vector<std::string> LocalPathOf(std::string_view location) {
  if (location.starts_with("file:")) {
    location.remove_prefix(5);
    // `file://host/path` names another machine; `file:///path` none.
    if (location.starts_with("//") && !location.starts_with("///")) return {};
  }
  if (!location.starts_with('/')) return {};
  std::vector<std::string> pieces;
  for (const std::string_view piece : base::Split(location, '/')) {
    if (piece.empty()) continue;
    if (piece == "." || piece == "..") return {};
    for (const char c : piece) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return {};
    }
    pieces.emplace_back(piece);
  }
  return pieces;
}

LocalFiles::LocalFiles(const std::vector<std::string>& roots) {
  for (const std::string& path : roots) {
    Root root{path, {LocalPathOf(path)}};
    // A root behind a symbolic link also goes by its real name, as engines may have noted it.
    if (char* real = realpath(path.c_str(), nullptr)) {
      root.path = real;
      root.names.push_back(LocalPathOf(real));
      std::free(real);
    }
    // The whole machine is never meant.
    std::erase_if(root.names, [](const std::vector<std::string>& names) { return names.empty(); });
    if (!root.names.empty()) roots_.push_back(std::move(root));
  }
}

absl::Status LocalFiles::Visit(
    std::string_view location, std::size_t max_bytes,
    const std::function<absl::StatusOr<bool>(std::string_view, std::string_view, bool)>& take) const {
  const std::vector<std::string> path = LocalPathOf(location);
  File at(-1);
  for (const Root& root : roots_) {
    for (const std::vector<std::string>& names : root.names) {
      if (at.ok() || !BeginsWith(path, names)) continue;
      at = File(open(root.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
      for (std::size_t i = names.size(); i < path.size() && at.ok(); ++i) at = OpenBelow(at.fd(), path[i]);
      if (!at.ok()) return errno == ENOENT ? absl::OkStatus() : Unreadable(errno);
    }
  }
  if (!at.ok()) return Refused();
  struct stat info {};
  if (fstat(at.fd(), &info) != 0) return Unreadable(errno);
  const auto visit = [&](int fd, std::string_view name) -> absl::StatusOr<bool> {
    struct stat file {};
    if (fstat(fd, &file) != 0) return Unreadable(errno);
    if (S_ISDIR(file.st_mode)) return true;
    if (!S_ISREG(file.st_mode)) return Refused();
    ASSIGN_OR_RETURN(const std::string bytes, ReadHead(fd, max_bytes));
    return take(name, bytes, bytes.size() < max_bytes);
  };
  if (!S_ISDIR(info.st_mode)) return visit(at.fd(), path.back()).status();
  ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesIn(File(dup(at.fd()))));
  for (const std::string& name : names) {
    const File file = OpenBelow(at.fd(), name);
    if (!file.ok() && errno == ENOENT) continue;  // gone meanwhile
    if (!file.ok()) return Unreadable(errno);
    ASSIGN_OR_RETURN(const bool more, visit(file.fd(), name));
    if (!more) break;
  }
  return absl::OkStatus();
}

}  // namespace lodestone::http::dli
