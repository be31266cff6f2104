// A plain RocksDB with default options but for the cache: what the store's own costs are measured against.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace lodestone::bench {

// Ends the process when anything fails. Thread-safe.
class BareDb {
 public:
  BareDb(const std::string& path, std::size_t cache_bytes);
  ~BareDb();

  void Put(std::string_view key, std::string_view value, bool sync);
  std::string Get(std::string_view key) const;
  // Reads all values in order; returns their bytes.
  int64_t Scan(bool fill_cache) const;
  void Compact();

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

}  // namespace lodestone::bench
