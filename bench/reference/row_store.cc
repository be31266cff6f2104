#include "bench/reference/row_store.h"

#include <cstdio>
#include <cstdlib>

#include "catalog/base/coding.h"
#include "lodestone/model/v1/partition.pb.h"
#include "rocksdb/cache.h"
#include "rocksdb/db.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/options.h"
#include "rocksdb/sst_file_writer.h"
#include "rocksdb/table.h"

namespace lodestone::bench {

namespace {

constexpr uint64_t kTableId = 1;

void Must(const rocksdb::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "reference store: %s\n", status.ToString().c_str());
  std::exit(1);
}

rocksdb::Slice ToSlice(std::string_view s) { return {s.data(), s.size()}; }

// Compression as in catalog/store/rocksdb. Blocks and filters as suit small records best: smaller blocks and bloom
// filters for Get, yet large enough for a fast scan.
rocksdb::Options MakeOptions(std::size_t block_cache_bytes) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(block_cache_bytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.block_size = std::size_t{16} << 10;
  table.format_version = 5;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace

RowStore::RowStore(const std::string& path, std::size_t block_cache_bytes) : path_(path) {
  rocksdb::DB* db = nullptr;
  Must(rocksdb::DB::Open(MakeOptions(block_cache_bytes), path, &db));
  db_.reset(db);
}

RowStore::~RowStore() = default;

std::string RowStore::WholeKey(std::string_view key) {
  std::string whole;
  base::AppendBigEndian64(&whole, kTableId);
  whole += key;
  return whole;
}

void RowStore::Load(const std::function<void(const Add&)>& fill) {
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), db_->GetOptions());
  const std::string file = path_ + "/load.sst.tmp";
  Must(writer.Open(file));
  fill([&](std::string_view key, std::string_view value) { Must(writer.Put(WholeKey(key), ToSlice(value))); });
  Must(writer.Finish());
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  Must(db_->IngestExternalFile({file}, options));
}

int64_t RowStore::Scan() const {
  std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(rocksdb::ReadOptions()));
  int64_t records = 0;
  for (it->SeekToFirst(); it->Valid(); it->Next()) ++records;
  Must(it->status());
  return records;
}

int64_t RowStore::ScanAndParse() const {
  std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(rocksdb::ReadOptions()));
  int64_t records = 0;
  model::v1::Partition partition;
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    const rocksdb::Slice value = it->value();
    if (!partition.ParseFromArray(value.data(), static_cast<int>(value.size()))) std::abort();
    ++records;
  }
  Must(it->status());
  return records;
}

bool RowStore::Get(std::string_view key) const {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), db_->DefaultColumnFamily(), WholeKey(key), &value);
  if (!status.IsNotFound()) Must(status);
  return status.ok();
}

void RowStore::Put(std::string_view key, std::string_view value) {
  Must(db_->Put(rocksdb::WriteOptions(), WholeKey(key), ToSlice(value)));
}

void RowStore::PutBatch(const std::pair<std::string, std::string>* records, std::size_t count) {
  rocksdb::WriteBatch batch;
  for (std::size_t i = 0; i < count; ++i) Must(batch.Put(WholeKey(records[i].first), records[i].second));
  Must(db_->Write(rocksdb::WriteOptions(), &batch));
}

}  // namespace lodestone::bench
