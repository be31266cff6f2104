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

using File = base::FileDescriptor;
using base::OpenBelow;

absl::Status Refused() { return FileAccessError("the table's files are not at a local path that previews may read"); }

absl::Status Unreadable(int error) {
  // What is there but not for this process is refused in the same words as what is not permitted.
  if (error == EACCES || error == ELOOP || error == ENOTDIR || error == ENAMETOOLONG) return Refused();
  return absl::UnavailableError(absl::StrCat("a file of a preview can't be read: errno ", error));
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

}  // namespace

absl::Status LocalFiles::Visit(
    std::string_view location, std::size_t max_bytes,
    const std::function<absl::StatusOr<bool>(std::string_view, std::string_view, bool)>& take) const {
  const std::vector<std::string> path = base::LocalPathOf(location);
  const auto match = roots_.Find(path);
  if (!match) return Refused();
  File at = base::OpenRoot(*match->root);
  for (std::size_t i = match->pieces; i < path.size() && at.ok(); ++i) at = OpenBelow(at.fd(), path[i]);
  if (!at.ok()) return errno == ENOENT ? absl::OkStatus() : Unreadable(errno);
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
