// Folders of this machine beneath permitted roots. Whatever is made, moved or removed is named relative to the opened
// folder that holds it.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/warehouse.h"
#include "catalog/warehouse/deleter.h"
#include "catalog/warehouse/folder_path.h"

namespace lodestone {

namespace warehouse {

namespace {

using base::FileDescriptor;
using base::StrCat;

bool IsHidden(std::string_view name) { return name.starts_with('_') || name.starts_with('.'); }

absl::Status MeasureBelow(int folder, std::string_view location, Depth how, std::size_t depth, FolderContent* content) {
  if (depth > kMaxDepth) return NotPermitted(location, StrCat("is deeper than ", kMaxDepth, " folders"));
  ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesIn(folder, location));
  for (const std::string& name : names) {
    if (IsHidden(name)) continue;
    struct stat info {};
    if (fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno == ENOENT) continue;  // gone meanwhile
      return FolderError(location, "listed", errno);
    }
    if (S_ISREG(info.st_mode)) {
      ++content->files;
      content->bytes += info.st_size;
    }
    if (!S_ISDIR(info.st_mode) || how == Depth::kDirect) continue;
    const FileDescriptor inner = base::OpenFolderBelow(folder, name);
    if (!inner.ok() && errno == ENOENT) continue;
    if (!inner.ok()) return FolderError(location, "listed", errno);
    RETURN_IF_ERROR(MeasureBelow(inner.fd(), location, how, depth + 1, content));
  }
  return absl::OkStatus();
}

// Renames, and fails with EEXIST rather than replace anything.
int RenameBelow(int from, const std::string& name, int to, const std::string& new_name) {
  if (renameat2(from, name.c_str(), to, new_name.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  // The file system has no such rename.
  struct stat info {};
  if (fstatat(to, new_name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
  return renameat(from, name.c_str(), to, new_name.c_str()) == 0 ? 0 : errno;
}

class LocalWarehouse final : public Warehouse {
 public:
  LocalWarehouse(const std::vector<std::string>& roots, std::string trash, LeftBehind left_behind)
      : roots_(roots), trash_(std::move(trash)), deleter_(roots, std::move(left_behind)) {}

  bool Handles(std::string_view location) const override { return !location.empty() && base::IsLocal(location); }
  absl::StatusOr<std::vector<int>> MakeFolders(std::span<const std::string> locations) override;
  absl::StatusOr<int> RemoveEmptyFolders(std::string_view location, int levels) override;
  absl::Status RemoveFolder(std::string_view location, Removal removal) override;
  absl::Status ClearFolder(std::string_view location, Removal removal) override;
  absl::StatusOr<int> MoveFolder(std::string_view from, std::string_view to) override;
  absl::StatusOr<std::optional<FolderContent>> Measure(std::string_view location, Depth depth) override;
  absl::StatusOr<bool> Exists(std::string_view location) override;
  absl::StatusOr<bool> IsEmpty(std::string_view location) override;

 private:
  // A place, with the folder that it is in opened; no `name`: the parent is not there.
  struct InParent {
    Place place;
    FolderPath path;
    std::optional<std::string> name;
    int parent() const { return path.fd(place.pieces.size() - 1); }
    int root() const { return path.fd(0); }
  };
  // InvalidArgument: the place is a root. `what` is to be done with it.
  absl::StatusOr<InParent> FindInParent(std::string_view location, std::string_view what) const;
  // nullopt: nothing is there.
  absl::StatusOr<std::optional<FileDescriptor>> OpenFolder(std::string_view location) const;
  // The trash, or none when there is no use for it.
  absl::StatusOr<FileDescriptor> OpenTrash(Removal removal) const;
  absl::Status MoveToTrash(int folder, const std::string& name, int trash, const std::string& new_name,
                           std::string_view location) const;

  const base::PermittedRoots roots_;
  const std::string trash_;
  Deleter deleter_;
};

absl::StatusOr<LocalWarehouse::InParent> LocalWarehouse::FindInParent(std::string_view location,
                                                                      std::string_view what) const {
  InParent found;
  ASSIGN_OR_RETURN(found.place, FindPlace(roots_, location));
  const std::size_t depth = found.place.pieces.size();
  if (depth == 0) return NotPermitted(location, StrCat("is a root of the warehouse, which is never ", what));
  ASSIGN_OR_RETURN(const std::size_t open, found.path.Open(found.place, depth - 1));
  if (open == depth - 1) found.name = found.place.pieces.back();
  return found;
}

absl::StatusOr<std::optional<FileDescriptor>> LocalWarehouse::OpenFolder(std::string_view location) const {
  ASSIGN_OR_RETURN(const Place place, FindPlace(roots_, location));
  FolderPath path;
  const std::size_t depth = place.pieces.size();
  ASSIGN_OR_RETURN(const std::size_t open, path.Open(place, depth));
  if (open < depth) return std::optional<FileDescriptor>();
  return std::optional<FileDescriptor>(FileDescriptor(fcntl(path.fd(depth), F_DUPFD_CLOEXEC, 0)));
}

absl::StatusOr<FileDescriptor> LocalWarehouse::OpenTrash(Removal removal) const {
  if (removal == Removal::kForGood || trash_.empty()) return FileDescriptor();
  std::error_code error;
  std::filesystem::create_directories(trash_, error);
  FileDescriptor trash = base::OpenRoot(trash_);
  if (!trash.ok()) return FolderError(trash_, "opened as the trash", errno);
  return trash;
}

absl::Status LocalWarehouse::MoveToTrash(int folder, const std::string& name, int trash, const std::string& new_name,
                                         std::string_view location) const {
  if (renameat(folder, name.c_str(), trash, new_name.c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
  if (errno == EXDEV) {
    return NotPermitted(location, StrCat("is on another file system than the trash ", base::Quoted(trash_)));
  }
  if (errno == EINVAL) return NotPermitted(location, "holds the trash");
  return FolderError(location, "moved to the trash", errno);
}

absl::StatusOr<std::vector<int>> LocalWarehouse::MakeFolders(std::span<const std::string> locations) {
  std::vector<int> made(locations.size());
  std::vector<Place> places(locations.size());
  FolderPath path;
  absl::Status failed;
  std::size_t done = 0;
  for (; done < locations.size() && failed.ok(); ++done) {
    if (!Handles(locations[done])) continue;
    absl::StatusOr<Place> place = FindPlace(roots_, locations[done]);
    absl::StatusOr<int> count = place.ok() ? path.Make(*place, place->pieces.size()) : place.status();
    failed = count.status();
    if (!failed.ok()) break;
    places[done] = *std::move(place);
    made[done] = *count;
  }
  if (failed.ok()) return made;
  for (std::size_t i = done; i-- > 0;) {
    if (made[i] == 0) continue;
    const auto open = path.Open(places[i], places[i].pieces.size());
    if (open.ok() && *open == places[i].pieces.size()) (void)path.RemoveEmpty(places[i], made[i]);
  }
  return failed;
}

absl::StatusOr<int> LocalWarehouse::RemoveEmptyFolders(std::string_view location, int levels) {
  if (!Handles(location)) return 0;
  ASSIGN_OR_RETURN(const Place place, FindPlace(roots_, location));
  FolderPath path;
  ASSIGN_OR_RETURN(const std::size_t open, path.Open(place, place.pieces.size()));
  if (open < place.pieces.size()) return 0;
  return path.RemoveEmpty(place, levels);
}

absl::Status LocalWarehouse::RemoveFolder(std::string_view location, Removal removal) {
  if (!Handles(location)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const InParent found, FindInParent(location, "removed"));
  if (!found.name) return absl::OkStatus();
  struct stat info {};
  if (fstatat(found.parent(), found.name->c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    return errno == ENOENT ? absl::OkStatus() : FolderError(location, "removed", errno);
  }
  if (S_ISLNK(info.st_mode)) return NotPermitted(location, "is a symbolic link");
  ASSIGN_OR_RETURN(const FileDescriptor trash, OpenTrash(removal));
  if (!trash.ok()) return deleter_.Delete(found.parent(), *found.name, found.root(), found.place);
  return MoveToTrash(found.parent(), *found.name, trash.fd(), UniqueName(*found.name), location);
}

absl::Status LocalWarehouse::ClearFolder(std::string_view location, Removal removal) {
  if (!Handles(location)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const InParent found, FindInParent(location, "cleared"));
  ASSIGN_OR_RETURN(const auto folder, OpenFolder(location));
  if (!folder) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<std::string> names, NamesIn(folder->fd(), location));
  std::erase_if(names, IsHidden);
  if (names.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const FileDescriptor trash, OpenTrash(removal));
  FileDescriptor into;
  if (trash.ok()) {
    const std::string name = UniqueName(*found.name);
    if (mkdirat(trash.fd(), name.c_str(), 0777) != 0) return FolderError(trash_, "used as the trash", errno);
    into = base::OpenFolderBelow(trash.fd(), name);
    if (!into.ok()) return FolderError(trash_, "used as the trash", errno);
  }
  for (const std::string& name : names) {
    RETURN_IF_ERROR(into.ok() ? MoveToTrash(folder->fd(), name, into.fd(), name, location)
                              : deleter_.Delete(folder->fd(), name, found.root(), found.place));
  }
  return absl::OkStatus();
}

absl::StatusOr<int> LocalWarehouse::MoveFolder(std::string_view from, std::string_view to) {
  if (!Handles(from) && !Handles(to)) return 0;
  for (const std::string_view location : {from, to}) {
    if (!Handles(location)) return NotPermitted(location, "is not on this machine: nothing is copied");
  }
  ASSIGN_OR_RETURN(const InParent source, FindInParent(from, "moved"));
  const auto nothing = [&] {
    return MakeError(ErrorKind::kNoSuchObject, ObjectKind::kFolder, from,
                     StrCat("location ", base::Quoted(from), " does not exist"));
  };
  if (!source.name) return nothing();
  struct stat info {};
  if (fstatat(source.parent(), source.name->c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    return errno == ENOENT ? nothing() : FolderError(from, "moved", errno);
  }
  if (!S_ISDIR(info.st_mode)) return NotPermitted(from, "is not a folder");
  ASSIGN_OR_RETURN(const Place place, FindPlace(roots_, to));
  if (place.pieces.empty()) return NotPermitted(to, "is a root of the warehouse");
  FolderPath path;
  const std::size_t depth = place.pieces.size() - 1;
  ASSIGN_OR_RETURN(const int made, path.Make(place, depth));
  const int error = RenameBelow(source.parent(), *source.name, path.fd(depth), place.pieces.back());
  if (error == 0) return made;
  RETURN_IF_ERROR(path.RemoveEmpty(place, made).status());
  if (error == EEXIST || error == ENOTEMPTY) {
    return MakeError(ErrorKind::kAlreadyExists, ObjectKind::kFolder, to,
                     StrCat("location ", base::Quoted(to), " exists already"));
  }
  if (error == EXDEV) {
    return NotPermitted(to, StrCat("is on another file system than ", base::Quoted(from), ": nothing is copied"));
  }
  if (error == EINVAL) return NotPermitted(to, StrCat("lies in ", base::Quoted(from)));
  return FolderError(from, "moved", error);
}

absl::StatusOr<std::optional<FolderContent>> LocalWarehouse::Measure(std::string_view location, Depth depth) {
  if (!Handles(location)) return std::optional<FolderContent>();
  ASSIGN_OR_RETURN(const auto folder, OpenFolder(location));
  std::optional<FolderContent> content(std::in_place);
  if (folder) RETURN_IF_ERROR(MeasureBelow(folder->fd(), location, depth, 0, &*content));
  return content;
}

absl::StatusOr<bool> LocalWarehouse::Exists(std::string_view location) {
  if (!Handles(location)) return false;
  ASSIGN_OR_RETURN(const Place place, FindPlace(roots_, location));
  if (place.pieces.empty()) return true;
  ASSIGN_OR_RETURN(const InParent found, FindInParent(location, "removed"));
  if (!found.name) return false;
  struct stat info {};
  if (fstatat(found.parent(), found.name->c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0) return true;
  if (errno == ENOENT) return false;
  return FolderError(location, "looked at", errno);
}

absl::StatusOr<bool> LocalWarehouse::IsEmpty(std::string_view location) {
  if (!Handles(location)) return true;
  ASSIGN_OR_RETURN(const auto folder, OpenFolder(location));
  if (!folder) return true;
  ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesIn(folder->fd(), location));
  return names.empty();
}

// Absolute, and there.
absl::StatusOr<std::string> PrepareRoot(std::string_view location) {
  const std::vector<std::string> pieces = base::LocalPathOf(location);
  if (pieces.empty()) {
    return NotPermitted(location,
                        "can't be a root or the trash of a warehouse: it has to be an absolute path on this "
                        "machine, and not `/`");
  }
  std::string path;
  for (const std::string& piece : pieces) base::StrAppend(&path, "/", piece);
  return path;
}

}  // namespace
}  // namespace warehouse

absl::StatusOr<std::unique_ptr<Warehouse>> NewLocalWarehouse(const std::vector<std::string>& roots,
                                                             std::string_view trash, LeftBehind left_behind) {
  if (roots.empty()) {
    return MakeError(ErrorKind::kInvalidObject, ObjectKind::kFolder, "", "a local warehouse needs at least one root");
  }
  std::vector<std::string> paths;
  for (const std::string& root : roots) {
    ASSIGN_OR_RETURN(std::string path, warehouse::PrepareRoot(root));
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) return warehouse::FolderError(root, "made", error.value());
    if (!std::filesystem::is_directory(path, error)) return warehouse::NotPermitted(root, "is not a folder");
    paths.push_back(std::move(path));
  }
  std::string trash_path;
  if (!trash.empty()) {
    ASSIGN_OR_RETURN(trash_path, warehouse::PrepareRoot(trash));
  }
  return std::make_unique<warehouse::LocalWarehouse>(paths, std::move(trash_path), std::move(left_behind));
}

absl::StatusOr<int> Warehouse::MakeFolder(const std::string& location) {
  ASSIGN_OR_RETURN(const std::vector<int> made, MakeFolders({&location, 1}));
  return made[0];
}

}  // namespace lodestone
