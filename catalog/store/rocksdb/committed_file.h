// COMMITTED, the small file that remembers outside RocksDB up to which commit the store is known to be durable.
//
// RocksDB ends recovery silently at damage inside its log: the commits behind it vanish without an error. This file is
// the lower bound that tells. Two slots of 32 bytes, 512 bytes apart, are written in turn, each with its own checksum,
// so that a write that fails or tears leaves the other one. The writes are not synced: an older bound is still a bound.
// docs/format/store.md describes the bytes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/store/store.h"
#include "rocksdb/file_system.h"

namespace lodestone::store {

inline constexpr char kCommittedName[] = "COMMITTED";
inline constexpr char kCommittedTempName[] = "COMMITTED.tmp";

// What the file says.
struct CommittedState {
  // Every commit up to this one is durable.
  Version version = 0;
  // False while the store is being made for the first time: nothing was ever committed.
  bool complete = false;
  // What is wrong with one of the slots (the other one holds the answer above); empty when nothing is.
  std::string damage;
};

// Reads the file in `directory`.
//   NotFound     there is none
//   DataLoss     no slot is whole
//   Unavailable  an I/O error
absl::StatusOr<CommittedState> ReadCommitted(rocksdb::FileSystem* file_system, const std::string& directory);

// Makes the file, or replaces it, atomically and durably.
absl::Status CreateCommitted(rocksdb::FileSystem* file_system, const std::string& directory, Version version,
                             bool complete);

// The file, open for writing. Not thread-safe.
class CommittedFile {
 public:
  // REQUIRES: CreateCommitted was called for `directory`, now or earlier. `file_system` outlives the result.
  static absl::StatusOr<std::unique_ptr<CommittedFile>> Open(rocksdb::FileSystem* file_system,
                                                             const std::string& directory);
  ~CommittedFile();

  // Raises the bound, without a sync. Cost: one small write into the machine's cache.
  absl::Status Write(Version version);

 private:
  CommittedFile(std::string path, std::unique_ptr<rocksdb::FSRandomRWFile> file)
      : path_(std::move(path)), file_(std::move(file)) {}

  std::string path_;
  std::unique_ptr<rocksdb::FSRandomRWFile> file_;
  int next_slot_ = 0;
};

}  // namespace lodestone::store
