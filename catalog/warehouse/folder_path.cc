#include "catalog/warehouse/folder_path.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "catalog/base/clock.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"

namespace lodestone::warehouse {

using base::StrCat;

absl::Status NotPermitted(std::string_view location, std::string_view why) {
  return MakeError(ErrorKind::kInvalidObject, ObjectKind::kFolder, location,
                   StrCat("location ", base::Quoted(location), " ", why));
}

absl::Status FolderError(std::string_view location, std::string_view what, int error) {
  switch (error) {
    case ELOOP:
    case ENOTDIR:
    case EEXIST:
      return NotPermitted(location, "is not a folder, or leads over a file or symbolic link");
    case ENAMETOOLONG:
      return NotPermitted(location, "has a name that is too long for the file system");
    case EACCES:
    case EPERM:
    case EROFS:
      return NotPermitted(location, StrCat("can't be ", what, ": the server may not (", std::strerror(error), ")"));
    default:
      return absl::UnavailableError(absl::StrCat("location ", base::Quoted(location), " can't be ", base::ToAbsl(what),
                                                 ": ", std::strerror(error)));
  }
}

std::string UniqueName(std::string_view name) {
  static std::atomic<uint64_t> next = 0;
  return StrCat(Clock::System()->NowMillis(), ".", getpid(), ".", next.fetch_add(1), "-", name.substr(0, 128));
}

absl::StatusOr<Place> FindPlace(const base::PermittedRoots& roots, std::string_view location) {
  std::vector<std::string> path = base::LocalPathOf(location);
  if (path.empty()) {
    return NotPermitted(location, "is no absolute path without `.`, `..` and control characters");
  }
  const auto match = roots.Find(path);
  if (!match) return NotPermitted(location, "is not beneath a permitted root of the warehouse");
  path.erase(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(match->pieces));
  if (!path.empty() && path[0] == kDeletedFolder) return NotPermitted(location, "is where removed folders are deleted");
  if (path.size() > kMaxDepth) return NotPermitted(location, StrCat("is deeper than ", kMaxDepth, " folders"));
  return Place{.location = std::string(location), .root = match->root, .pieces = std::move(path)};
}

absl::Status FolderPath::OpenCommon(const Place& place, std::size_t depth) {
  if (root_ != place.root) {
    open_.clear();
    pieces_.clear();
    root_ = nullptr;
    base::FileDescriptor root = base::OpenRoot(*place.root);
    if (!root.ok()) return FolderError(*place.root, "opened", errno);
    open_.push_back(std::move(root));
    root_ = place.root;
  }
  const std::size_t most = std::min({depth, pieces_.size(), place.pieces.size()});
  std::size_t common = 0;
  while (common < most && pieces_[common] == place.pieces[common]) ++common;
  Cut(common);
  return absl::OkStatus();
}

void FolderPath::Cut(std::size_t depth) {
  if (pieces_.size() <= depth) return;
  pieces_.resize(depth);
  open_.resize(depth + 1);
}

absl::StatusOr<std::size_t> FolderPath::Open(const Place& place, std::size_t depth) {
  RETURN_IF_ERROR(OpenCommon(place, depth));
  while (pieces_.size() < depth) {
    const std::string& name = place.pieces[pieces_.size()];
    base::FileDescriptor next = base::OpenFolderBelow(open_.back().fd(), name);
    if (!next.ok() && errno == ENOENT) break;
    if (!next.ok()) return FolderError(place.location, "opened", errno);
    open_.push_back(std::move(next));
    pieces_.push_back(name);
  }
  return pieces_.size();
}

absl::StatusOr<int> FolderPath::Make(const Place& place, std::size_t depth) {
  int made = 0;
  while (true) {
    absl::StatusOr<std::size_t> open = Open(place, depth);
    if (open.ok() && *open == depth) return made;
    if (open.ok()) {
      const std::string& name = place.pieces[*open];
      if (mkdirat(open_.back().fd(), name.c_str(), 0777) == 0) {
        ++made;
        continue;
      }
      if (errno == EEXIST) continue;  // somebody else made it meanwhile
      open = FolderError(place.location, "made", errno);
    }
    // The last one made may not be open yet; it is empty in any case.
    if (made > 0 && pieces_.size() < depth) {
      const std::string& name = place.pieces[pieces_.size()];
      if (unlinkat(open_.back().fd(), name.c_str(), AT_REMOVEDIR) == 0) --made;
    }
    RETURN_IF_ERROR(RemoveEmpty(place, made).status());
    return open.status();
  }
}

absl::StatusOr<int> FolderPath::RemoveEmpty(const Place& place, int levels) {
  int removed = 0;
  for (; removed < levels && !pieces_.empty(); ++removed) {
    const std::string name = pieces_.back();
    Cut(pieces_.size() - 1);
    if (unlinkat(open_.back().fd(), name.c_str(), AT_REMOVEDIR) == 0) continue;
    if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOENT) break;
    return FolderError(place.location, "removed", errno);
  }
  return removed;
}

absl::StatusOr<std::vector<std::string>> NamesIn(int fd, std::string_view location) {
  const int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (own < 0) return FolderError(location, "listed", errno);
  DIR* stream = fdopendir(own);
  if (stream == nullptr) {
    const int error = errno;
    close(own);
    return FolderError(location, "listed", error);
  }
  const std::unique_ptr<DIR, int (*)(DIR*)> closer(stream, closedir);
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = readdir(stream)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
    errno = 0;
  }
  if (errno != 0) return FolderError(location, "listed", errno);
  return names;
}

}  // namespace lodestone::warehouse
