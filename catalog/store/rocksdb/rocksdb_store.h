// The engine on RocksDB. The only folder that knows RocksDB.
//
// Writers run one after another: a transaction holds the store's writer lock from Begin to the moment at which its
// batch is in the log and in memory, and then waits, without the lock, for the log to be synced; one sync serves all
// commits that wait (group commit). Snapshots are published after the sync, so nobody reads what a power cut could take
// back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "catalog/store/store.h"

namespace rocksdb {
class FileSystem;
class SystemClock;
}  // namespace rocksdb

namespace lodestone::store {

struct RocksDbOptions {
  bool create_if_missing = true;
  bool error_if_exists = false;
  // Opens beside a writer in another process, read-only; CatchUp() moves it forward. Needs `follower_directory`, an own
  // folder for its log and lock files.
  bool follower = false;
  std::string follower_directory;
  // Memory for uncompressed blocks, in bytes. Default: 512 MiB.
  std::size_t block_cache_bytes = std::size_t{512} << 20;
  // Memory for writes before they go to a file, in bytes. Default: 64 MiB.
  std::size_t write_buffer_bytes = std::size_t{64} << 20;
  // How long Begin waits for other transactions before it gives up with Aborted, in milliseconds. Default: 60 s.
  int64_t begin_timeout_ms = 60'000;
  // All file access goes through it. Null: the machine's own.
  std::shared_ptr<rocksdb::FileSystem> file_system;
  // What RocksDB measures time with, and sleeps by. Null: the machine's own.
  std::shared_ptr<rocksdb::SystemClock> clock;
};

//   NotFound            no store in `path`, and create_if_missing is false
//   AlreadyExists       there is one, and error_if_exists is true
//   FailedPrecondition  another process has it open for writing
//   DataLoss            files are missing or damaged, or the log ends before the last commit known to be durable
//   Unavailable         an I/O error
absl::StatusOr<std::unique_ptr<Store>> OpenRocksDbStore(const std::string& path, const RocksDbOptions& options = {});

// Deletes the store in `path`. FailedPrecondition when it is open. No error if there is none.
absl::Status DestroyRocksDbStore(const std::string& path);

}  // namespace lodestone::store
