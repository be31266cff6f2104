#include "catalog/warehouse/deleter.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "catalog/base/local_path.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::warehouse {

namespace {

using base::FileDescriptor;

absl::Status DeleteBelow(int folder, const std::string& name, std::string_view location, std::size_t depth = 0) {
  if (depth > kMaxDepth) return NotPermitted(location, base::StrCat("is deeper than ", kMaxDepth, " folders"));
  if (unlinkat(folder, name.c_str(), 0) == 0 || errno == ENOENT) return absl::OkStatus();
  if (errno != EISDIR && errno != EPERM) return FolderError(location, "removed", errno);
  if (unlinkat(folder, name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) return absl::OkStatus();
  {
    const FileDescriptor own = base::OpenFolderBelow(folder, name);
    if (!own.ok() && errno == ENOENT) return absl::OkStatus();
    if (!own.ok()) return FolderError(location, "removed", errno);
    ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesIn(own.fd(), location));
    for (const std::string& inner : names) RETURN_IF_ERROR(DeleteBelow(own.fd(), inner, location, depth + 1));
  }
  if (unlinkat(folder, name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) return absl::OkStatus();
  return FolderError(location, "removed", errno);
}

// Renames into the hidden folder of the root, which is made where it is missing.
bool MoveAside(int folder, const std::string& name, int root) {
  const std::string new_name = UniqueName(name);
  // Another process may find the hidden folder empty, and remove it between the two.
  for (int attempt = 0; attempt < 3; ++attempt) {
    if (mkdirat(root, kDeletedFolder, 0700) != 0 && errno != EEXIST) return false;
    const FileDescriptor aside = base::OpenFolderBelow(root, kDeletedFolder);
    if (!aside.ok() && errno != ENOENT) return false;
    if (aside.ok() && renameat(folder, name.c_str(), aside.fd(), new_name.c_str()) == 0) return true;
    if (errno != ENOENT) return false;
  }
  return false;
}

}  // namespace

Deleter::Deleter(const std::vector<std::string>& roots, LeftBehind left_behind) : left_behind_(std::move(left_behind)) {
  for (const std::string& root : roots) {
    const FileDescriptor opened = base::OpenRoot(root);
    if (opened.ok() && faccessat(opened.fd(), kDeletedFolder, F_OK, AT_SYMLINK_NOFOLLOW) == 0) Wake(root);
  }
}

Deleter::~Deleter() {
  std::thread thread;
  {
    absl::MutexLock lock(&mutex_);
    ends_ = true;
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
}

absl::Status Deleter::Delete(int folder, const std::string& name, int root, const Place& place) {
  if (unlinkat(folder, name.c_str(), 0) == 0 || errno == ENOENT) return absl::OkStatus();
  if (unlinkat(folder, name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) return absl::OkStatus();
  if (!MoveAside(folder, name, root)) return DeleteBelow(folder, name, place.location);
  Wake(*place.root);
  return absl::OkStatus();
}

void Deleter::Wake(const std::string& root) {
  absl::MutexLock lock(&mutex_);
  waiting_.insert(root);
  if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
}

void Deleter::Run() {
  while (true) {
    std::string root;
    {
      absl::MutexLock lock(&mutex_);
      const auto called = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return ends_ || !waiting_.empty(); };
      mutex_.Await(absl::Condition(&called));
      if (waiting_.empty()) return;
      root = std::move(waiting_.extract(waiting_.begin()).value());
    }
    DeleteAll(root);
  }
}

void Deleter::DeleteAll(const std::string& root) {
  const FileDescriptor opened = base::OpenRoot(root);
  if (!opened.ok()) return;
  const FileDescriptor aside = base::OpenFolderBelow(opened.fd(), kDeletedFolder);
  if (!aside.ok()) return;
  const std::string place = base::JoinPath(root, kDeletedFolder);
  const auto names = NamesIn(aside.fd(), place);
  for (const std::string& name : names.ok() ? *names : std::vector<std::string>()) {
    const std::string location = base::JoinPath(place, name);
    const absl::Status deleted = DeleteBelow(aside.fd(), name, location);
    if (!deleted.ok() && told_.insert(location).second && left_behind_) left_behind_(location, deleted);
  }
  unlinkat(opened.fd(), kDeletedFolder, AT_REMOVEDIR);  // unless something is in it
}

}  // namespace lodestone::warehouse
