// An opened RocksDB database with all that it needs to stay alive.
#pragma once

#include <memory>
#include <string>

#include "catalog/store/rocksdb/error_latch.h"
#include "catalog/store/rocksdb/rocksdb_store.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"
#include "rocksdb/options.h"
#include "rocksdb/wal_filter.h"

namespace lodestone::store {

// The key under which every commit puts its version, 8 bytes little-endian. Readers of a store never see it, and
// whatever a transaction does to it is undone by its commit.
inline constexpr std::string_view kCommitKey =
    "\x01"
    "commit";

// Shared by everything that reads from the database: the last one closes it. Immutable after opening, and so
// thread-safe as RocksDB itself is.
struct Engine {
  std::string path;
  std::shared_ptr<rocksdb::FileSystem> file_system;
  std::unique_ptr<rocksdb::Env> env;                    // around file_system
  std::unique_ptr<rocksdb::WalFilter> recovery_filter;  // the options point to it
  rocksdb::Options options;
  std::unique_ptr<rocksdb::DB> db;  // closed before what stands above
};

// Files, caches and options as of `options`; no database is opened yet. `error` hears of failed writes to the log.
std::shared_ptr<Engine> NewEngine(const std::string& path, const RocksDbOptions& options,
                                  std::shared_ptr<ErrorLatch> error);

// How commits are written to the log: without a sync, which is done for several at once.
rocksdb::WriteOptions CommitWriteOptions();

}  // namespace lodestone::store
