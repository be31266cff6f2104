#include "catalog/store/rocksdb/engine.h"

#include <utility>

#include "catalog/store/rocksdb/file_guard.h"
#include "rocksdb/cache.h"
#include "rocksdb/file_checksum.h"
#include "rocksdb/system_clock.h"
#include "rocksdb/table.h"

namespace lodestone::store {
namespace {

rocksdb::BlockBasedTableOptions TableOptions(const RocksDbOptions& options) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  // Values are pages of tens of kilobytes: a block holds one, or a few hundred small records.
  table.block_size = std::size_t{32} << 10;
  table.format_version = 5;
  table.index_type = rocksdb::BlockBasedTableOptions::kBinarySearch;
  // Index blocks are small beside pages; kept in memory, they never compete with data for the cache.
  table.cache_index_and_filter_blocks = false;
  // No bloom filter: pages are found by seeks, which filters do not help.
  return table;
}

// An environment with another clock.
class ClockedEnv final : public rocksdb::EnvWrapper {
 public:
  ClockedEnv(std::unique_ptr<rocksdb::Env> base, std::shared_ptr<rocksdb::SystemClock> clock)
      : EnvWrapper(std::move(base)) {
    file_system_ = target()->GetFileSystem();
    system_clock_ = std::move(clock);
  }
};

void SetReliability(rocksdb::Options* o) {
  o->wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  o->track_and_verify_wals_in_manifest = true;
  o->verify_sst_unique_id_in_manifest = true;
  o->paranoid_checks = true;
  // Recovery leaves the logs alone; they go with the flush after what was recovered has been looked at.
  o->avoid_flush_during_recovery = true;
  // What it reads only serves to guess when to compact, and an error there would go unheard.
  o->skip_stats_update_on_db_open = true;
  o->file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  // Whatever failed in the background stops writing until somebody has looked and opened the store again; RocksDB's
  // own retries would go on after a failed sync as if the disk's state were known.
  o->max_bgerror_resume_count = 0;
}

void SetQuiet(rocksdb::Options* o) {
  o->info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  o->keep_log_file_num = 2;
  o->max_log_file_size = std::size_t{4} << 20;
  o->stats_dump_period_sec = 0;
  o->stats_persist_period_sec = 0;
  // Not the machine's name in every table file: stores are copied, and handed on.
  o->db_host_id = "";
}

}  // namespace

std::shared_ptr<Engine> NewEngine(const std::string& path, const RocksDbOptions& options,
                                  std::shared_ptr<ErrorLatch> error) {
  auto engine = std::make_shared<Engine>();
  engine->path = path;
  engine->file_system = options.file_system != nullptr ? options.file_system : rocksdb::FileSystem::Default();
  rocksdb::Options& o = engine->options;
  engine->env = rocksdb::NewCompositeEnv(GuardFiles(engine->file_system, std::move(error)));
  if (options.clock != nullptr) engine->env = std::make_unique<ClockedEnv>(std::move(engine->env), options.clock);
  o.env = engine->env.get();
  SetReliability(&o);
  SetQuiet(&o);
  o.write_buffer_size = options.write_buffer_bytes;
  o.max_open_files = -1;  // all stay open: no open at a read, and a follower keeps what the writer deletes
  o.max_background_jobs = 4;
  o.level_compaction_dynamic_level_bytes = true;
  // Upper levels are rewritten soon: fast to write. The last level holds nearly all, and is seldom rewritten.
  o.compression = rocksdb::kLZ4Compression;
  o.bottommost_compression = rocksdb::kZSTD;
  o.bottommost_compression_opts.enabled = true;
  o.bottommost_compression_opts.level = 3;
  o.table_factory.reset(rocksdb::NewBlockBasedTableFactory(TableOptions(options)));
  return engine;
}

rocksdb::WriteOptions CommitWriteOptions() {
  rocksdb::WriteOptions options;
  options.sync = false;
  options.protection_bytes_per_key = 8;
  return options;
}

}  // namespace lodestone::store
