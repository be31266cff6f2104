// A peer: SQLite in memory, one row per partition in a clustered table (WITHOUT ROWID), prepared statements.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/workload/generator.h"

struct sqlite3;

namespace lodestone::bench {

// Not thread-safe. Every failure ends the program.
class SqliteStore {
 public:
  SqliteStore();
  ~SqliteStore();
  SqliteStore(const SqliteStore&) = delete;
  SqliteStore& operator=(const SqliteStore&) = delete;

  // One transaction, one prepared statement.
  void Load(const std::vector<Row>& rows);
  // Names in order, back to back; of one day only unless `day` is empty. Returns their bytes.
  int64_t Names(std::string_view day, std::string* out) const;
  int64_t CountOfRegion(std::string_view region) const;

 private:
  sqlite3* db_ = nullptr;
};

}  // namespace lodestone::bench
