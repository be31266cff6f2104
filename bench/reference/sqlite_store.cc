#include "bench/reference/sqlite_store.h"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>

namespace lodestone::bench {

namespace {

void Must(sqlite3* db, int result) {
  if (result == SQLITE_OK || result == SQLITE_DONE || result == SQLITE_ROW) return;
  std::fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(db));
  std::exit(1);
}

// A prepared statement, finalised with the object.
class Statement {
 public:
  Statement(sqlite3* db, const char* sql) : db_(db) { Must(db, sqlite3_prepare_v2(db, sql, -1, &statement_, nullptr)); }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  void Bind(int index, std::string_view text) {
    Must(db_, sqlite3_bind_text(statement_, index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC));
  }
  bool Step() {
    const int result = sqlite3_step(statement_);
    Must(db_, result);
    return result == SQLITE_ROW;
  }
  void Reset() { sqlite3_reset(statement_); }
  std::string_view Text(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }
  int64_t Number(int column) const { return sqlite3_column_int64(statement_, column); }

 private:
  sqlite3* db_;
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace

SqliteStore::SqliteStore() {
  Must(db_, sqlite3_open(":memory:", &db_));
  Must(db_, sqlite3_exec(db_,
                         "CREATE TABLE partitions (dt TEXT, hour TEXT, region TEXT, num_files TEXT, num_rows TEXT,"
                         " total_size TEXT, ddl_time TEXT, create_time INTEGER, PRIMARY KEY (dt, hour, region))"
                         " WITHOUT ROWID",
                         nullptr, nullptr, nullptr));
}

SqliteStore::~SqliteStore() { sqlite3_close(db_); }

void SqliteStore::Load(const std::vector<Row>& rows) {
  Must(db_, sqlite3_exec(db_, "BEGIN", nullptr, nullptr, nullptr));
  {
    Statement insert(db_, "INSERT INTO partitions VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    std::string create_time;
    for (const Row& row : rows) {
      for (int i = 0; i < 3; ++i) insert.Bind(1 + i, row.values[i]);
      for (int i = 0; i < 4; ++i) insert.Bind(4 + i, row.parameters[i]);
      create_time = std::to_string(row.create_time);
      insert.Bind(8, create_time);
      insert.Step();
      insert.Reset();
    }
  }
  Must(db_, sqlite3_exec(db_, "COMMIT", nullptr, nullptr, nullptr));
}

int64_t SqliteStore::Names(std::string_view day, std::string* out) const {
  out->clear();
  Statement select(db_, day.empty() ? "SELECT 'dt=' || dt || '/hour=' || hour || '/region=' || region FROM partitions"
                                      " ORDER BY dt, hour, region"
                                    : "SELECT 'dt=' || dt || '/hour=' || hour || '/region=' || region FROM partitions"
                                      " WHERE dt = ? ORDER BY dt, hour, region");
  if (!day.empty()) select.Bind(1, day);
  while (select.Step()) *out += select.Text(0);
  return static_cast<int64_t>(out->size());
}

int64_t SqliteStore::CountOfRegion(std::string_view region) const {
  Statement select(db_, "SELECT count(*) FROM partitions WHERE region = ?");
  select.Bind(1, region);
  select.Step();
  return select.Number(0);
}

}  // namespace lodestone::bench
