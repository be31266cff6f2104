// The fixture of the suite that every engine must pass: each test runs once per engine, on an empty store.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "catalog/store/memory/memory_store.h"
#include "catalog/store/rocksdb/rocksdb_store.h"
#include "catalog/store/store.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lodestone::store {

struct EngineCase {
  std::string name;
  // Opens an empty store; `folder` is empty and may be used.
  std::unique_ptr<Store> (*open)(const std::string& folder);
};

inline std::unique_ptr<Store> OpenMemory(const std::string&) { return NewMemoryStore(); }
inline std::unique_ptr<Store> OpenRocksDb(const std::string& folder) {
  RocksDbOptions options;
  options.block_cache_bytes = std::size_t{8} << 20;
  auto store = OpenRocksDbStore(folder, options);
  EXPECT_OK(store);
  return store.ok() ? *std::move(store) : nullptr;
}
// Memtables of 64 KiB: what the tests write soon lies in files of several levels.
inline std::unique_ptr<Store> OpenRocksDbSmall(const std::string& folder) {
  RocksDbOptions options;
  options.block_cache_bytes = std::size_t{1} << 20;
  options.write_buffer_bytes = std::size_t{64} << 10;
  auto store = OpenRocksDbStore(folder, options);
  EXPECT_OK(store);
  return store.ok() ? *std::move(store) : nullptr;
}

inline std::vector<EngineCase> AllEngines() {
  return {{"memory", &OpenMemory}, {"rocksdb", &OpenRocksDb}, {"rocksdb_small", &OpenRocksDbSmall}};
}

using Rows = std::vector<std::pair<std::string, std::string>>;

class EngineTest : public ::testing::TestWithParam<EngineCase> {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "lodestone_suite_XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    store_ = GetParam().open(folder_);
    ASSERT_NE(store_, nullptr);
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::unique_ptr<Transaction> Begin() {
    auto transaction = store_->Begin();
    EXPECT_OK(transaction);
    return *std::move(transaction);
  }
  Version Commit(Transaction* transaction, Durability durability = Durability::kRelaxed) {
    auto version = transaction->Commit(durability);
    EXPECT_OK(version);
    return version.ok() ? *version : 0;
  }
  // One transaction that puts these rows.
  Version PutAll(const Rows& rows) {
    auto transaction = Begin();
    for (const auto& [key, value] : rows) transaction->Put(key, value);
    return Commit(transaction.get());
  }

  static std::string GetOr(const Reader& reader, std::string_view key, const std::string& missing = "(none)") {
    auto value = reader.Get(key);
    EXPECT_OK(value);
    return value.ok() ? value->value_or(missing) : "(error)";
  }
  static Rows Forward(const Reader& reader, const KeyRange& range, const CursorHint& hint = {}) {
    Rows rows;
    auto cursor = reader.NewCursor(range, hint);
    EXPECT_FALSE(cursor->Valid());
    for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) rows.emplace_back(cursor->key(), cursor->value());
    EXPECT_OK(cursor->status());
    return rows;
  }
  static Rows Backward(const Reader& reader, const KeyRange& range) {
    Rows rows;
    auto cursor = reader.NewCursor(range);
    for (cursor->SeekToLast(); cursor->Valid(); cursor->Prev()) rows.emplace_back(cursor->key(), cursor->value());
    EXPECT_OK(cursor->status());
    return rows;
  }

  std::string folder_;
  std::unique_ptr<Store> store_;
};

inline std::string EngineName(const ::testing::TestParamInfo<EngineCase>& info) { return info.param.name; }

}  // namespace lodestone::store
