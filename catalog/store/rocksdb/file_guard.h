// Stands between RocksDB and its files, for what must be known before RocksDB acts on an error.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "catalog/store/rocksdb/error_latch.h"
#include "rocksdb/file_system.h"

namespace lodestone::store {

// `target`, but for four cases:
//   - A write to the log that fails goes to ErrorLatch::SetByLog first.
//   - Once a write to the manifest, or its sync, has failed, `error` is set, and no table or log file is deleted any
//     more: nobody knows whether the manifest names it, and RocksDB (7.8, ingesting) deletes files that it may name.
//     What is not named goes when the store is opened again.
//   - After each sync of the manifest, SYNCED notes how many of its bytes are; a failure there is one of the sync.
//   - Reads of table files that fail are counted, thread by thread.
std::shared_ptr<rocksdb::FileSystem> GuardFiles(const std::shared_ptr<rocksdb::FileSystem>& target,
                                                std::shared_ptr<ErrorLatch> error);

// How many reads of table files have failed in this thread so far, and how the last one did. RocksDB (7.8) may forget
// such a failure: an iterator that skips a range deletion seeks again, and a second skip takes the state of the first
// one back, and with it the error. Rows would be missing from a scan that ends well, so cursors look here as well.
uint64_t FailedReadsOfThread();
absl::Status LastFailedReadOfThread();

}  // namespace lodestone::store
