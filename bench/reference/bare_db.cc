#include "bench/reference/bare_db.h"

#include <cstdio>
#include <cstdlib>

#include "rocksdb/cache.h"
#include "rocksdb/db.h"
#include "rocksdb/table.h"

namespace lodestone::bench {
namespace {

void Must(const rocksdb::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "bare RocksDB: %s\n", status.ToString().c_str());
  std::exit(1);
}

rocksdb::Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

struct BareDb::Rep {
  std::unique_ptr<rocksdb::DB> db;
};

BareDb::BareDb(const std::string& path, std::size_t cache_bytes) : rep_(std::make_unique<Rep>()) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(cache_bytes);
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  rocksdb::DB* db = nullptr;
  Must(rocksdb::DB::Open(options, path, &db));
  rep_->db.reset(db);
}

BareDb::~BareDb() = default;

void BareDb::Put(std::string_view key, std::string_view value, bool sync) {
  rocksdb::WriteOptions options;
  options.sync = sync;
  Must(rep_->db->Put(options, ToSlice(key), ToSlice(value)));
}

std::string BareDb::Get(std::string_view key) const {
  std::string value;
  Must(rep_->db->Get({}, ToSlice(key), &value));
  return value;
}

int64_t BareDb::Scan(bool fill_cache) const {
  rocksdb::ReadOptions options;
  options.fill_cache = fill_cache;
  int64_t bytes = 0;
  const std::unique_ptr<rocksdb::Iterator> it(rep_->db->NewIterator(options));
  for (it->SeekToFirst(); it->Valid(); it->Next()) bytes += static_cast<int64_t>(it->value().size());
  Must(it->status());
  return bytes;
}

void BareDb::Compact() { Must(rep_->db->CompactRange({}, nullptr, nullptr)); }

}  // namespace lodestone::bench
