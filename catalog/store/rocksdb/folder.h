// The folder of a store: what is in it before it is opened, who may write to it.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/store/rocksdb/committed_file.h"
#include "rocksdb/file_system.h"

namespace lodestone::store {

// The file whose lock makes a process the writer.
inline constexpr char kWriterLockName[] = "WRITER";
// The subfolder of sorted runs that are not ingested yet.
inline constexpr char kRunsName[] = "runs";

enum class FolderKind {
  kNone,      // there is no such folder
  kEmpty,     // nothing in it that matters
  kHalfMade,  // the making of a store was broken off before anything could be committed
  kStore,
};

struct FolderState {
  FolderKind kind = FolderKind::kNone;
  CommittedState committed;  // of kHalfMade and kStore
};

// Looks without changing anything.
//   FailedPrecondition  holds other files, and no store
//   DataLoss            a store whose COMMITTED or CURRENT is missing or damaged
absl::StatusOr<FolderState> InspectFolder(rocksdb::FileSystem* file_system, const std::string& path);

// Pipes and devices in place of files would keep their reader waiting for ever, or never end. Follows links; changes
// nothing. Of the machine's own file system alone. Cost: a look at each name.
//   FailedPrecondition  there is one; the message names it
absl::Status CheckPlainFiles(const std::string& path);

// Makes `path` and the folders above it that are missing, durably.
absl::Status MakeFolder(rocksdb::FileSystem* file_system, const std::string& path);

// Syncs the names in the folder `path`.
absl::Status SyncFolder(rocksdb::FileSystem* file_system, const std::string& path);

// Removes a folder with all files in it, one level deep. No error if there is none.
absl::Status RemoveFolder(rocksdb::FileSystem* file_system, const std::string& path);

// The right to write to a store, held until destruction. The machine takes it back when the process ends.
class WriterLock {
 public:
  // FailedPrecondition: somebody else holds it.
  static absl::StatusOr<std::unique_ptr<WriterLock>> Take(std::shared_ptr<rocksdb::FileSystem> file_system,
                                                          const std::string& path);
  ~WriterLock();

 private:
  WriterLock(std::shared_ptr<rocksdb::FileSystem> file_system, rocksdb::FileLock* lock)
      : file_system_(std::move(file_system)), lock_(lock) {}

  const std::shared_ptr<rocksdb::FileSystem> file_system_;  // the lock is the last thing to let go of it
  rocksdb::FileLock* lock_;
};

}  // namespace lodestone::store
