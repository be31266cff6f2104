// The reference of most figures: a plain RocksDB with one record per partition, under the same block cache size,
// block size and compression as the library's own engine. Its keys are the partition's values joined by '/', behind
// eight bytes of table id; its values are what the caller puts there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rocksdb {
class DB;
}

namespace lodestone::bench {

// Not thread-safe. Every failure ends the program: a bench has nothing to recover.
class RowStore {
 public:
  // Makes an empty one in `path`.
  RowStore(const std::string& path, std::size_t block_cache_bytes);
  ~RowStore();

  // Hands records to `add` in key order; they become one sorted file, ingested.
  using Add = std::function<void(std::string_view key, std::string_view value)>;
  void Load(const std::function<void(const Add&)>& fill);

  // An iterator over everything that does nothing with what it reads. Returns the number of records.
  int64_t Scan() const;
  // The same, and parses each value as a model.v1.Partition into one reused message.
  int64_t ScanAndParse() const;
  // True when the key is there; the value is read and dropped.
  bool Get(std::string_view key) const;
  // One record, without waiting for the log to be synced.
  void Put(std::string_view key, std::string_view value);
  // A write batch of several records, without waiting for the log to be synced.
  void PutBatch(const std::pair<std::string, std::string>* records, std::size_t count);

 private:
  static std::string WholeKey(std::string_view key);

  std::string path_;
  std::unique_ptr<rocksdb::DB> db_;
};

}  // namespace lodestone::bench
