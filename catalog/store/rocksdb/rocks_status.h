// RocksDB's statuses, and its slices, in our terms.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "rocksdb/slice.h"
#include "rocksdb/status.h"

namespace lodestone::store {

// `what` says what was being done, to which file or store; it opens the message. Codes:
//   Corruption, or a file that should be there and is not   DataLoss
//   IOError (also: no space left, said in words)            Unavailable
//   Busy, lock held, shutting down                          FailedPrecondition
//   Aborted, TryAgain, TimedOut                             Aborted
//   NotFound, InvalidArgument                               the same
//   anything else                                           Internal
absl::Status FromRocks(const rocksdb::Status& status, std::string_view what);

// As FromRocks, for the opening of the database `path`. Its options are ours and always the same, so that whatever
// RocksDB says against them, or finds missing, is DataLoss; only a disk that fails or a lock that is held is not.
absl::Status OpenError(const rocksdb::Status& status, std::string_view path);

inline rocksdb::Slice ToSlice(std::string_view s) { return rocksdb::Slice(s.data(), s.size()); }
inline std::string_view ToView(const rocksdb::Slice& s) { return std::string_view(s.data(), s.size()); }

}  // namespace lodestone::store
