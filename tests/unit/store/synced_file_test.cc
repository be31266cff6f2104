// What is behind the synced part of the manifest does not count, and what is in it does.
#include "catalog/store/rocksdb/synced_file.h"

#include <functional>

#include "tests/unit/store/rocksdb_fixture.h"

namespace lodestone::store {
namespace {

class SyncedFileTest : public RocksDbFixture {
 protected:
  void Fill() {
    Open();
    for (int i = 0; i < 5; ++i) PutOne("key" + std::to_string(i));
    ASSERT_OK(store_->Flush());
    rows_ = All(*store_->Snapshot());
    Close();
    std::string current = ReadFile(path_ + "/CURRENT");
    current.pop_back();
    manifest_ = path_ + "/" + current;
  }
  // Opens, and holds what is there against what was.
  absl::Status OpenAgain() {
    auto store = OpenRocksDbStore(path_);
    if (store.ok()) {
      EXPECT_EQ(All(*(*store)->Snapshot()), rows_);
    }
    return store.status();
  }
  std::map<std::string, std::string> rows_;
  std::string manifest_;
};

TEST_F(SyncedFileTest, WhatAPowerCutLeftBehindTheSyncedBytesIsCutOff) {
  const std::string record = "\x12\x34\x56\x78\x20\x00\x01";  // the header of one of 32 bytes
  for (const std::string& torn : {std::string(700, '\0'), std::string("x"), record, record + std::string(32, '\0'),
                                  record + std::string(600, 'r'), std::string(40'000, '\xff')}) {
    SCOPED_TRACE(torn.size());
    std::filesystem::remove_all(path_);
    Fill();
    WriteFile(manifest_, ReadFile(manifest_) + torn);
    EXPECT_OK(OpenAgain());
    EXPECT_OK(OpenAgain());
  }
}

TEST_F(SyncedFileTest, DamageInTheSyncedBytesIsDataLoss) {
  Fill();
  const std::string whole = ReadFile(manifest_);
  for (const std::size_t back : {std::size_t{1}, std::size_t{20}, whole.size() / 2}) {
    std::string bytes = whole;
    bytes[bytes.size() - back] ^= 4;
    WriteFile(manifest_, bytes);
    EXPECT_THAT(OpenAgain(), FailsWith(absl::StatusCode::kDataLoss, "MANIFEST-")) << back;
    WriteFile(manifest_, whole.substr(0, whole.size() - back));
    EXPECT_THAT(OpenAgain(), FailsWith(absl::StatusCode::kDataLoss, "as SYNCED says")) << back;
  }
  WriteFile(manifest_, whole);
  EXPECT_OK(OpenAgain());
}

TEST_F(SyncedFileTest, NothingRestsOnTheFileItself) {
  const std::vector<std::pair<const char*, std::function<void(const std::string&)>>> cases = {
      {"missing", [](const std::string& path) { std::filesystem::remove(path); }},
      {"empty", [](const std::string& path) { WriteFile(path, ""); }},
      {"zeroed", [](const std::string& path) { WriteFile(path, std::string(32, '\0')); }},
      {"too long", [](const std::string& path) { WriteFile(path, ReadFile(path) + "more"); }},
      {"flipped",
       [](const std::string& path) {
         std::string bytes = ReadFile(path);
         bytes[16] ^= 1;
         WriteFile(path, bytes);
       }},
      {"of an older manifest",
       [](const std::string& path) {
         const std::string folder = path.substr(0, path.rfind('/'));
         EXPECT_OK(WriteSynced(rocksdb::FileSystem::Default().get(), folder, 1, 10));
       }},
  };
  for (const auto& [name, spoil] : cases) {
    SCOPED_TRACE(name);
    std::filesystem::remove_all(path_);
    Fill();
    spoil(path_ + "/" + kSyncedName);
    EXPECT_OK(OpenAgain());
    // It is of use again from then on.
    const std::string current = ReadFile(path_ + "/CURRENT");
    manifest_ = path_ + "/" + current.substr(0, current.size() - 1);
    WriteFile(manifest_, ReadFile(manifest_) + "torn off");
    EXPECT_OK(OpenAgain());
  }
}

}  // namespace
}  // namespace lodestone::store
