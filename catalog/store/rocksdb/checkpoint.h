// Consistent copies of an opened store.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/store/rocksdb/engine.h"
#include "catalog/store/store.h"
#include "rocksdb/metadata.h"

namespace lodestone::store {

// Keeps the files that exist from being deleted while the object lives.
class KeepFiles {
 public:
  explicit KeepFiles(rocksdb::DB* db) : db_(db), status_(db->DisableFileDeletions()) {}
  ~KeepFiles() {
    if (status_.ok()) db_->EnableFileDeletions(/*force=*/false).PermitUncheckedError();
  }
  KeepFiles(const KeepFiles&) = delete;
  KeepFiles& operator=(const KeepFiles&) = delete;
  // Whether they are kept.
  const rocksdb::Status& status() const { return status_; }

 private:
  rocksdb::DB* db_;
  rocksdb::Status status_;
};

// The files that make up the store right now, all commits in table files. REQUIRES: nobody writes meanwhile; a
// KeepFiles lives as long as the answer is used. Cost: a flush of what is in memory.
absl::StatusOr<std::vector<rocksdb::LiveFileStorageInfo>> FlushAndListFiles(Engine* engine);

// AlreadyExists when there is anything called `directory`.
absl::Status CheckNotThere(rocksdb::FileSystem* files, const std::string& directory);
// Where a checkpoint is made before it gets its name.
std::string PartialName(const std::string& directory);
// The last step: PartialName(directory) holds all files but COMMITTED, and gets that, and its name.
absl::Status FinishCheckpoint(rocksdb::FileSystem* files, Version version, const std::string& directory);

// Makes `directory` a store of these files, whose newest commit is `version`: made under another name and renamed when
// whole. Table files are linked where the file system can. `directory` must not exist.
absl::Status WriteCheckpoint(Engine* engine, const std::vector<rocksdb::LiveFileStorageInfo>& files, Version version,
                             const std::string& directory);

}  // namespace lodestone::store
