// Damage in any file is found while the store is open, or when it is opened.
#include <random>
#include <set>

#include "tests/unit/store/rocksdb_fixture.h"

namespace lodestone::store {
namespace {

class VerifyFilesTest : public RocksDbFixture {
 protected:
  // A store with files of several levels, a log with content, and a file that was ingested.
  void Fill() {
    Open();
    hold_ = store_->Snapshot();  // with it, RocksDB has no reason to rewrite files in the background
    for (int round = 0; round < 3; ++round) {
      for (int i = 0; i < 30; ++i) PutOne("key" + std::to_string(i * 7 + round), Durability::kRelaxed);
      if (round == 2) break;
      ASSERT_OK(store_->Compact({}));
    }
    auto run = store_->NewSortedRun();
    ASSERT_OK(run);
    for (int i = 100; i < 200; ++i) ASSERT_OK((*run)->Add("x" + std::to_string(i), std::string(500, 'v')));
    ASSERT_OK((*run)->Finish());
    std::vector<std::unique_ptr<SortedRun>> runs;
    runs.push_back(*std::move(run));
    ASSERT_OK(store_->IngestRuns(std::move(runs)));
    PutOne("last");
  }
  void TearDown() override { hold_.reset(); }
  std::vector<std::string> Verify() {
    std::vector<std::string> damage;
    EXPECT_OK(store_->VerifyFiles([&](const std::string& finding) { damage.push_back(finding); }));
    return damage;
  }

  std::shared_ptr<const Reader> hold_;
};

TEST_F(VerifyFilesTest, WholeStoresPass) {
  Open();
  EXPECT_TRUE(Verify().empty());
  Close();
  Fill();
  EXPECT_TRUE(Verify().empty());
}

// Flips a bit, or zeroes a block, in each file under the open store in turn.
TEST_F(VerifyFilesTest, DamageIsFoundByFileName) {
  Fill();
  const unsigned seed = 11;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::set<std::string> kinds;
  for (const auto& entry : std::filesystem::directory_iterator(path_)) {
    const std::string name = entry.path().filename();
    const bool checked = name.ends_with(".sst") || name.ends_with(".log") || name.starts_with("MANIFEST") ||
                         name == "CURRENT" || name == "COMMITTED";
    // The rest holds nothing that is ever read back: a log for people, lock files, an id, a copy of the options.
    if (!checked) continue;
    const std::string whole = ReadFile(entry.path());
    for (int i = 0; i < 40; ++i) {
      std::string bytes = whole;
      if (i % 8 == 7) {
        const std::size_t at = random() % bytes.size() / 4096 * 4096;
        for (std::size_t b = at; b < std::min(at + 4096, bytes.size()); ++b) bytes[b] = '\0';
      } else {
        bytes[random() % bytes.size()] ^= static_cast<char>(1 << random() % 8);
      }
      if (bytes == whole) continue;
      WriteFile(entry.path(), bytes);
      const std::vector<std::string> damage = Verify();
      ASSERT_EQ(damage.size(), 1u) << name << " attempt " << i;
      EXPECT_NE(damage[0].find(name), std::string::npos) << damage[0];
    }
    WriteFile(entry.path(), whole);
    kinds.insert(entry.path().extension().string());
  }
  EXPECT_GE(kinds.size(), 3u);
  EXPECT_TRUE(Verify().empty());
}

TEST_F(VerifyFilesTest, SeveralAreAllReported) {
  Fill();
  std::size_t damaged = 0;
  for (const auto& entry : std::filesystem::directory_iterator(path_)) {
    if (entry.path().extension() != ".sst") continue;
    std::string bytes = ReadFile(entry.path());
    bytes[bytes.size() / 2] ^= 1;
    WriteFile(entry.path(), bytes);
    ++damaged;
  }
  EXPECT_GE(damaged, 2u);
  EXPECT_EQ(Verify().size(), damaged);
}

}  // namespace
}  // namespace lodestone::store
