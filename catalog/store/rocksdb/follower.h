// Reading beside a writer in another process.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "catalog/store/rocksdb/rocksdb_store.h"
#include "catalog/store/store.h"

namespace lodestone::store {

// Opens the store in `path` as a follower. RocksDB's secondary has no snapshots: moving it on changes what all its
// readers see. So a database is moved on only while nobody reads from it; otherwise CatchUp opens another one beside
// it, and the old one goes with its last reader. Readers never see a change, and CatchUp never waits for them.
// What it sees is what the writer has put into the log, which may be a few milliseconds ahead of the writer's sync.
absl::StatusOr<std::unique_ptr<Store>> OpenFollower(const std::string& path, const RocksDbOptions& options);

}  // namespace lodestone::store
