// Copies made while the store is written to.
#include <atomic>
#include <thread>

#include "tests/unit/store/rocksdb_fixture.h"

namespace lodestone::store {
namespace {

using CheckpointTest = RocksDbFixture;

// Commit v puts the key of v: a prefix of the commits is exactly the keys up to some version.
TEST_F(CheckpointTest, WhileWritingIsAPrefixOfTheCommits) {
  options_.write_buffer_bytes = std::size_t{64} << 10;
  Open();
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 1; !done; ++i) {
      auto t = store_->Begin();
      ASSERT_OK(t);
      (*t)->Put(std::to_string((*t)->commit_version()), std::string(static_cast<std::size_t>(i * 37 % 2000), 'v'));
      ASSERT_OK((*t)->Commit(i % 3 ? Durability::kRelaxed : Durability::kSync));
    }
  });
  for (int i = 0; i < 10; ++i) {
    const std::string directory = folder_ / ("copies/" + std::to_string(i));
    const Version before = store_->Snapshot()->version();
    ASSERT_OK(store_->Checkpoint(directory));
    auto copy = OpenRocksDbStore(directory);
    ASSERT_OK(copy);
    auto snapshot = (*copy)->Snapshot();
    EXPECT_GE(snapshot->version(), before);
    auto rows = All(*snapshot);
    EXPECT_EQ(rows.size(), snapshot->version());
    for (Version v = 1; v <= snapshot->version(); ++v) EXPECT_TRUE(rows.contains(std::to_string(v)));
    EXPECT_OK((*copy)->VerifyFiles([](const std::string& damage) { ADD_FAILURE() << damage; }));
    auto t = (*copy)->Begin();  // a store like any other
    ASSERT_OK(t);
    (*t)->Put("own", "");
    auto version = (*t)->Commit(Durability::kSync);
    ASSERT_OK(version);
    EXPECT_EQ(*version, snapshot->version() + 1);
  }
  done = true;
  writer.join();
}

TEST_F(CheckpointTest, FolderMustNotExist) {
  Open();
  PutOne("a");
  std::filesystem::create_directory(folder_ / "there");
  EXPECT_THAT(store_->Checkpoint(folder_ / "there"), FailsWith(absl::StatusCode::kAlreadyExists, "there"));
  // What a broken-off one left behind is no hindrance.
  std::filesystem::create_directory(folder_ / "copy.partial");
  WriteFile(folder_ / "copy.partial/000001.sst", "half");
  ASSERT_OK(store_->Checkpoint(folder_ / "copy"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "copy.partial"));
  auto copy = OpenRocksDbStore(folder_ / "copy");
  ASSERT_OK(copy);
  EXPECT_EQ(All(*(*copy)->Snapshot()), All(*store_->Snapshot()));
}

}  // namespace
}  // namespace lodestone::store
