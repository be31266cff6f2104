// Looking at a store's logs before RocksDB recovers from them.
//
// RocksDB's recovery takes what it finds: where the tail of one log is lost (it was never synced) and a later log is
// there, it applies the later one and leaves a hole in the middle of the commits; where a log is damaged, it stops
// without an error and deletes what it did not read. Every record of our logs begins with the version of its commit, so
// that a look at them beforehand tells where the unbroken order ends. Recovery is then told to stop there, and nothing
// is changed when commits known to be durable are missing.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "catalog/store/rocksdb/engine.h"
#include "catalog/store/store.h"
#include "rocksdb/wal_filter.h"

namespace lodestone::store {

// The last commit that can be recovered without a hole. Changes nothing. REQUIRES: `engine` is not opened; nobody else
// has it open for writing. Cost: opening the files, and reading the logs once.
absl::StatusOr<Version> FindLastCommit(const Engine& engine);

// Makes recovery stop behind the commit `last`. Outlives the database that is opened with it.
std::unique_ptr<rocksdb::WalFilter> StopRecoveryAfter(Version last);

}  // namespace lodestone::store
