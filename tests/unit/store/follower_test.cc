// Reading beside a writer.
#include <cstdlib>
#include <thread>

#include "tests/support/child_process.h"
#include "tests/unit/store/rocksdb_fixture.h"

namespace lodestone::store {
namespace {

class FollowerTest : public RocksDbFixture {
 protected:
  absl::StatusOr<std::unique_ptr<Store>> OpenFollower() {
    RocksDbOptions options = options_;
    options.follower = true;
    options.follower_directory = folder_ / "follower";
    return OpenRocksDbStore(path_, options);
  }
};

TEST_F(FollowerTest, SeesTheStateOfItsLastCatchUp) {
  Open();
  PutOne("a");
  auto follower = OpenFollower();
  ASSERT_OK(follower);
  EXPECT_EQ(All(*(*follower)->Snapshot()), All(*store_->Snapshot()));
  PutOne("b");
  EXPECT_EQ((*follower)->Snapshot()->version(), 1u);
  ASSERT_OK((*follower)->CatchUp());
  EXPECT_EQ((*follower)->Snapshot()->version(), 2u);
  EXPECT_EQ(All(*(*follower)->Snapshot()), All(*store_->Snapshot()));
}

TEST_F(FollowerTest, ReadersAreNotMovedByCatchUp) {
  Open();
  PutOne("a");
  auto follower = OpenFollower();
  ASSERT_OK(follower);
  auto before = (*follower)->Snapshot();
  auto cursor = before->NewCursor({});
  cursor->SeekToFirst();
  for (int i = 0; i < 4; ++i) {
    PutOne("b" + std::to_string(i));
    ASSERT_OK((*follower)->CatchUp());
    EXPECT_EQ((*follower)->Snapshot()->version(), static_cast<Version>(i + 2));
  }
  // Files that the old reader needs are deleted by the writer meanwhile.
  ASSERT_OK(store_->Compact({}));
  ASSERT_OK((*follower)->CatchUp());
  EXPECT_EQ(before->version(), 1u);
  EXPECT_EQ(All(*before).size(), 1u);
  cursor->Next();
  EXPECT_FALSE(cursor->Valid());
  EXPECT_EQ(All(*(*follower)->Snapshot()), All(*store_->Snapshot()));
}

TEST_F(FollowerTest, ItsCheckpointIsAStoreOfTheStateItShows) {
  Open();
  for (int i = 0; i < 3; ++i) PutOne("a" + std::to_string(i));
  auto follower = OpenFollower();
  ASSERT_OK(follower);
  const auto before = All(*store_->Snapshot());
  PutOne("later");
  const std::string copy = folder_ / "copy";
  ASSERT_OK((*follower)->Checkpoint(copy));
  EXPECT_THAT((*follower)->Checkpoint(copy), FailsWith(absl::StatusCode::kAlreadyExists, copy));
  auto copied = OpenRocksDbStore(copy, options_);
  ASSERT_OK(copied);
  EXPECT_EQ((*copied)->Snapshot()->version(), 3u);
  EXPECT_EQ(All(*(*copied)->Snapshot()), before);
  EXPECT_OK((*copied)->VerifyFiles([](const std::string& damage) { ADD_FAILURE() << damage; }));
  auto t = (*copied)->Begin();
  ASSERT_OK(t);
  EXPECT_EQ((*t)->commit_version(), 4u);
}

TEST_F(FollowerTest, ItsCheckpointOfAnEmptyStoreIsEmpty) {
  Open();
  auto follower = OpenFollower();
  ASSERT_OK(follower);
  ASSERT_OK((*follower)->Checkpoint(folder_ / "copy"));
  auto copied = OpenRocksDbStore(folder_ / "copy", options_);
  ASSERT_OK(copied);
  EXPECT_EQ((*copied)->Snapshot()->version(), 0u);
}

TEST_F(FollowerTest, IsReadOnly) {
  EXPECT_THAT(OpenFollower(), FailsWith(absl::StatusCode::kNotFound, "no store"));
  Open();
  auto follower = OpenFollower();
  ASSERT_OK(follower);
  EXPECT_THAT((*follower)->Begin(), FailsWith(absl::StatusCode::kFailedPrecondition, "read-only"));
  EXPECT_THAT((*follower)->NewSortedRun(), FailsWith(absl::StatusCode::kFailedPrecondition, "read-only"));
  EXPECT_TRUE((*follower)->Stats().read_only);
  RocksDbOptions options;
  options.follower = true;
  EXPECT_THAT(OpenRocksDbStore(path_, options), FailsWith(absl::StatusCode::kInvalidArgument, "follower_directory"));
}

constexpr int kCommits = 400;

TEST_F(FollowerTest, DISABLED_ChildWrites) {
  options_.write_buffer_bytes = std::size_t{64} << 10;  // files come and go
  auto store = OpenRocksDbStore(std::getenv("LODESTONE_STORE"), options_);
  ASSERT_OK(store);
  for (int i = 0; i < kCommits; ++i) {
    auto t = (*store)->Begin();
    ASSERT_OK(t);
    const std::string value = std::to_string((*t)->commit_version()) + std::string(1000, 'x');
    (*t)->Put("first", value);
    (*t)->Put("second", value);
    if (i % 50 == 49) (*t)->DeleteRange({"third", "thirdz"});
    (*t)->Put("third" + std::to_string(i), value);
    ASSERT_OK((*t)->Commit(i % 10 == 0 ? Durability::kSync : Durability::kRelaxed));
  }
}

// Each commit writes two keys with the version; a reader that sees them differ saw half of a commit.
TEST_F(FollowerTest, NeverSeesHalfOfACommitOfAnotherProcess) {
  testing::ChildProcess child("FollowerTest.DISABLED_ChildWrites", {{"LODESTONE_STORE", path_}});
  absl::StatusOr<std::unique_ptr<Store>> follower = absl::UnknownError("not opened");
  for (int i = 0; i < 1000 && !follower.ok(); ++i) {
    follower = OpenFollower();  // until the child has made the store
    if (!follower.ok()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  ASSERT_OK(follower);
  Version last = 0;
  bool ended = false;
  while (true) {
    ASSERT_OK((*follower)->CatchUp());
    auto snapshot = (*follower)->Snapshot();
    EXPECT_GE(snapshot->version(), last);
    last = snapshot->version();
    auto first = snapshot->Get("first"), second = snapshot->Get("second");
    ASSERT_OK(first);
    ASSERT_OK(second);
    ASSERT_EQ(*first, *second);
    if (last > 0) {
      EXPECT_TRUE((*first)->starts_with(std::to_string(last) + "x"));
    }
    if (ended) break;
    ended = child.HasEnded();  // once more, for the rest
  }
  EXPECT_EQ(child.Wait(), 0);
  EXPECT_EQ(last, static_cast<Version>(kCommits));
}

}  // namespace
}  // namespace lodestone::store
