#include "catalog/store/rocksdb/folder.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/store/rocksdb/rocks_status.h"

namespace lodestone::store {
namespace {

// Never destroyed: stores may be closed by static destructors.
const rocksdb::IOOptions& kIo = *new rocksdb::IOOptions;

absl::StatusOr<std::vector<std::string>> Children(rocksdb::FileSystem* file_system, const std::string& path) {
  std::vector<std::string> names;
  RETURN_IF_ERROR(FromRocks(file_system->GetChildren(path, kIo, &names, nullptr), base::StrCat("listing ", path)));
  std::erase_if(names, [](const std::string& name) { return name == "." || name == ".."; });
  std::sort(names.begin(), names.end());
  return names;
}

bool Has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

absl::StatusOr<FolderState> InspectFolder(rocksdb::FileSystem* file_system, const std::string& path) {
  const rocksdb::IOStatus exists = file_system->FileExists(path, kIo, nullptr);
  if (exists.IsNotFound()) return FolderState{};
  RETURN_IF_ERROR(FromRocks(exists, base::StrCat("looking for ", path)));
  bool is_directory = false;
  RETURN_IF_ERROR(
      FromRocks(file_system->IsDirectory(path, kIo, &is_directory, nullptr), base::StrCat("looking at ", path)));
  if (!is_directory) return absl::FailedPreconditionError(base::StrCat(path, " is a file, not the folder of a store"));
  ASSIGN_OR_RETURN(const std::vector<std::string> names, Children(file_system, path));

  const bool has_current = Has(names, "CURRENT");
  if (!Has(names, kCommittedName)) {
    // COMMITTED is the first file to be made and appears complete: without it there never was a store, or it was lost.
    if (has_current) {
      return absl::DataLossError(base::StrCat(path, "/", kCommittedName,
                                              " is missing: it tells up to which commit the store must be whole. (Or "
                                              "this is a RocksDB database of another program.)"));
    }
    for (const std::string& name : names) {
      if (name != kCommittedTempName && name != kWriterLockName) {
        return absl::FailedPreconditionError(
            base::StrCat(path, " holds no store but other files, such as ", base::Quoted(name)));
      }
    }
    return FolderState{.kind = FolderKind::kEmpty, .committed = {}};
  }
  ASSIGN_OR_RETURN(CommittedState committed, ReadCommitted(file_system, path));
  if (!has_current && committed.complete) {
    return absl::DataLossError(base::StrCat(path, "/CURRENT is missing: it names the newest manifest"));
  }
  return FolderState{.kind = has_current ? FolderKind::kStore : FolderKind::kHalfMade,
                     .committed = std::move(committed)};
}

absl::Status CheckPlainFiles(const std::string& path) {
  // What cannot be looked at here fails when it is opened, and is reported then.
  std::error_code failure;
  std::filesystem::directory_iterator entry(path, failure);
  for (; !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure)) {
    std::error_code ignored;
    const std::filesystem::file_status status = entry->status(ignored);
    if (std::filesystem::is_fifo(status) || std::filesystem::is_socket(status) ||
        std::filesystem::is_character_file(status) || std::filesystem::is_block_file(status)) {
      return absl::FailedPreconditionError(
          base::StrCat(entry->path().string(), " is neither a file nor a folder, but a pipe, socket or device"));
    }
  }
  return absl::OkStatus();
}

absl::Status SyncFolder(rocksdb::FileSystem* file_system, const std::string& path) {
  std::unique_ptr<rocksdb::FSDirectory> folder;
  RETURN_IF_ERROR(FromRocks(file_system->NewDirectory(path, kIo, &folder, nullptr), base::StrCat("opening ", path)));
  return FromRocks(folder->Fsync(kIo, nullptr), base::StrCat("syncing ", path));
}

absl::Status MakeFolder(rocksdb::FileSystem* file_system, const std::string& path) {
  std::size_t end = path.find_last_not_of('/');
  if (end == std::string::npos) return absl::OkStatus();  // the root
  const std::string folder = path.substr(0, end + 1);
  if (file_system->FileExists(folder, kIo, nullptr).ok()) return absl::OkStatus();
  const std::size_t slash = folder.find_last_of('/');
  const std::string parent = slash == std::string::npos ? "." : slash == 0 ? "/" : folder.substr(0, slash);
  RETURN_IF_ERROR(MakeFolder(file_system, parent));
  RETURN_IF_ERROR(
      FromRocks(file_system->CreateDirIfMissing(folder, kIo, nullptr), base::StrCat("making the folder ", folder)));
  return SyncFolder(file_system, parent);
}

absl::Status RemoveFolder(rocksdb::FileSystem* file_system, const std::string& path) {
  if (file_system->FileExists(path, kIo, nullptr).IsNotFound()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> names, Children(file_system, path));
  for (const std::string& name : names) {
    const std::string file = base::StrCat(path, "/", name);
    RETURN_IF_ERROR(FromRocks(file_system->DeleteFile(file, kIo, nullptr), base::StrCat("deleting ", file)));
  }
  return FromRocks(file_system->DeleteDir(path, kIo, nullptr), base::StrCat("deleting ", path));
}

absl::StatusOr<std::unique_ptr<WriterLock>> WriterLock::Take(std::shared_ptr<rocksdb::FileSystem> file_system,
                                                             const std::string& path) {
  const std::string file = base::StrCat(path, "/", kWriterLockName);
  rocksdb::FileLock* lock = nullptr;
  const rocksdb::IOStatus status = file_system->LockFile(file, kIo, &lock, nullptr);
  if (!status.ok()) {
    // RocksDB has no code of its own for a lock that is held; its two wordings are the only mark.
    const std::string text = status.ToString();
    if (text.find("lock hold by current process") != std::string::npos) {
      return absl::FailedPreconditionError(base::StrCat(path, " is open for writing already, in this process"));
    }
    if (text.find("While lock file") != std::string::npos) {
      return absl::FailedPreconditionError(base::StrCat(path, " is open for writing in another process"));
    }
    return FromRocks(status, base::StrCat("locking ", file));
  }
  return std::unique_ptr<WriterLock>(new WriterLock(std::move(file_system), lock));
}

WriterLock::~WriterLock() {
  // An unlock that fails leaves the lock to the end of the process; nobody is there to be told.
  file_system_->UnlockFile(lock_, kIo, nullptr).PermitUncheckedError();
}

}  // namespace lodestone::store
