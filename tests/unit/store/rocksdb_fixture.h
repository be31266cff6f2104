// A store on RocksDB in a folder of its own, for tests that look at its files.
#pragma once

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "catalog/store/rocksdb/rocksdb_store.h"
#include "catalog/store/store.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace lodestone::store {

using testing::FailsWith;
using testing::ReadFile;
using testing::WriteFile;

// A copy of a store's folder as it is now, as a crash of the process would leave it.
class Copy {
 public:
  explicit Copy(const std::string& from) {
    std::filesystem::copy(from, path(), std::filesystem::copy_options::recursive);
  }
  std::string path() const { return folder_ / "copy"; }

 private:
  testing::TempFolder folder_;
};

inline std::string NewestLog(const std::string& folder) {
  std::string newest;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".log") newest = std::max(newest, entry.path().string());
  }
  EXPECT_NE(newest, "") << folder;
  return newest;
}

class RocksDbFixture : public ::testing::Test {
 protected:
  RocksDbFixture() : path_(folder_ / "store") { options_.block_cache_bytes = std::size_t{4} << 20; }

  void Open() {
    auto store = OpenRocksDbStore(path_, options_);
    ASSERT_OK(store);
    store_ = *std::move(store);
  }
  void Close() { store_.reset(); }

  // A commit of its own that puts `key`.
  Version PutOne(const std::string& key, Durability durability = Durability::kSync) {
    auto t = store_->Begin();
    EXPECT_OK(t);
    if (!t.ok()) return 0;
    (*t)->Put(key, "value of " + key);
    auto version = (*t)->Commit(durability);
    EXPECT_OK(version);
    return version.ok() ? *version : 0;
  }

  static std::map<std::string, std::string> All(const Reader& reader) {
    std::map<std::string, std::string> rows;
    auto cursor = reader.NewCursor({});
    for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
      rows.emplace(std::string(cursor->key()), std::string(cursor->value()));
    }
    EXPECT_OK(cursor->status());
    return rows;
  }

  testing::TempFolder folder_;
  const std::string path_;
  RocksDbOptions options_;
  std::unique_ptr<Store> store_;
};

}  // namespace lodestone::store
