#include "catalog/account/nonces.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "catalog/metastore.h"
#include "catalog/store/memory/memory_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/forwarding_store.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace lodestone::account {
namespace {

using absl::StatusCode;
using testing::FailsWith;
using testing::HasCode;

constexpr int64_t kNow = 1'700'000'000'000;
constexpr int64_t kMinute = 60'000;

class NoncesTest : public ::testing::Test {
 protected:
  absl::Status Use(Nonces& nonces, std::string_view nonce, int64_t expires_ms, int64_t now_ms = kNow) {
    return nonces.Use(*store_, nonce, expires_ms, now_ms);
  }
  int Stored() {
    int count = 0;
    const auto snapshot = store_->Snapshot();
    const auto cursor = snapshot->NewCursor(record::Nonces());
    for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) ++count;
    EXPECT_OK(cursor->status());
    return count;
  }

  std::unique_ptr<store::Store> store_ = store::NewMemoryStore();
};

TEST_F(NoncesTest, ANonceIsUsedOnceWhateverTheTimeSaid) {
  Nonces nonces;
  EXPECT_OK(Use(nonces, "a", kNow + kMinute));
  const auto used = FailsWith(StatusCode::kAlreadyExists, "the nonce was used before");
  EXPECT_THAT(Use(nonces, "a", kNow + kMinute), used);
  EXPECT_THAT(Use(nonces, "a", kNow + 2 * kMinute), used);
  EXPECT_THAT(Use(nonces, "a", kNow + 1), used);
  EXPECT_OK(Use(nonces, "b", kNow + kMinute));
  EXPECT_OK(Use(nonces, "", kNow + kMinute));
  EXPECT_OK(Use(nonces, std::string("a\0", 2), kNow + kMinute));
  EXPECT_OK(Use(nonces, std::string(100'000, 'a'), kNow + kMinute));
}

TEST_F(NoncesTest, ARestartForgetsNone) {
  {
    Nonces before;
    EXPECT_OK(Use(before, "a", kNow + kMinute));
    EXPECT_OK(Use(before, "b", kNow + 10 * kMinute));
  }
  Nonces after;
  EXPECT_THAT(Use(after, "a", kNow + kMinute), HasCode(StatusCode::kAlreadyExists));
  EXPECT_THAT(Use(after, "b", kNow + kMinute), HasCode(StatusCode::kAlreadyExists));
  EXPECT_OK(Use(after, "c", kNow + kMinute));
}

TEST_F(NoncesTest, TheEndHasToBeAheadAndNotTooFar) {
  Nonces nonces;
  const int64_t day = 24 * 60 * kMinute;
  const struct {
    int64_t expires_ms;
    bool ok;
  } cases[] = {{kNow, false},           {kNow - 1, false},  {kNow + 1, true}, {kNow + day, true},
               {kNow + day + 1, false}, {INT64_MAX, false}, {-1, false}};
  int i = 0;
  for (const auto& c : cases) {
    EXPECT_THAT(Use(nonces, std::to_string(i++), c.expires_ms),
                HasCode(c.ok ? StatusCode::kOk : StatusCode::kInvalidArgument))
        << c.expires_ms;
  }
}

TEST_F(NoncesTest, ThoseWhoseTimeIsOverGoAlsoFromTheStore) {
  Nonces nonces;
  for (int i = 0; i < 100; ++i) EXPECT_OK(Use(nonces, std::to_string(i), kNow + kMinute));
  EXPECT_OK(Use(nonces, "long", kNow + 10 * kMinute));
  EXPECT_EQ(Stored(), 101);
  // Up to the last millisecond they are remembered.
  EXPECT_THAT(Use(nonces, "7", kNow + 3 * kMinute, kNow + kMinute - 1), HasCode(StatusCode::kAlreadyExists));
  EXPECT_OK(Use(nonces, "next", kNow + 10 * kMinute, kNow + 2 * kMinute + 1));
  EXPECT_EQ(Stored(), 2);
  EXPECT_OK(Use(nonces, "7", kNow + 10 * kMinute, kNow + 2 * kMinute + 1));
  EXPECT_THAT(Use(nonces, "long", kNow + 10 * kMinute, kNow + 2 * kMinute + 1), HasCode(StatusCode::kAlreadyExists));
  ASSERT_OK(nonces.Expire(*store_, kNow + 20 * kMinute));
  EXPECT_EQ(Stored(), 0);
}

TEST_F(NoncesTest, ExpireTakesWhatAnEarlierProcessLeft) {
  {
    Nonces before;
    EXPECT_OK(Use(before, "a", kNow + kMinute));
  }
  Nonces after;
  ASSERT_OK(after.Expire(*store_, kNow));
  EXPECT_EQ(Stored(), 1);
  ASSERT_OK(after.Expire(*store_, kNow + 2 * kMinute + 1));
  EXPECT_EQ(Stored(), 0);
}

TEST_F(NoncesTest, AClockThatGoesBackwardsLetsNoneInAgain) {
  Nonces nonces;
  EXPECT_OK(Use(nonces, "a", kNow + kMinute));
  EXPECT_OK(Use(nonces, "b", kNow + 10 * kMinute, kNow + 3 * kMinute));
  EXPECT_THAT(Use(nonces, "a", kNow + kMinute, kNow), HasCode(StatusCode::kInvalidArgument));
}

TEST_F(NoncesTest, TheirNumberIsBounded) {
  Nonces nonces({.max_nonces = 10});
  for (int i = 0; i < 10; ++i) EXPECT_OK(Use(nonces, std::to_string(i), kNow + kMinute));
  EXPECT_THAT(Use(nonces, "more", kNow + kMinute), HasCode(StatusCode::kResourceExhausted));
  EXPECT_THAT(Use(nonces, "1", kNow + kMinute), HasCode(StatusCode::kAlreadyExists));
  EXPECT_OK(Use(nonces, "more", kNow + 10 * kMinute, kNow + 2 * kMinute + 1));
}

// Refuses to begin as long as it is told to.
class BrokenStore final : public testing::ForwardingStore {
 public:
  explicit BrokenStore(store::Store* base) : ForwardingStore(base) {}
  absl::StatusOr<std::unique_ptr<store::Transaction>> Begin() override {
    if (broken) return absl::UnavailableError("injected");
    return ForwardingStore::Begin();
  }
  bool broken = false;
};

TEST_F(NoncesTest, ANonceThatCouldNotBeStoredIsNotUsed) {
  BrokenStore store(store_.get());
  Nonces nonces;
  store.broken = true;
  EXPECT_THAT(nonces.Use(store, "a", kNow + kMinute, kNow), FailsWith(StatusCode::kUnavailable, "injected"));
  store.broken = false;
  EXPECT_OK(Use(nonces, "a", kNow + kMinute));
  EXPECT_THAT(Use(nonces, "a", kNow + kMinute), HasCode(StatusCode::kAlreadyExists));
}

TEST_F(NoncesTest, OfManyThreadsOneGetsIn) {
  constexpr int kThreads = 8;
  constexpr int kNonces = 500;
  Nonces nonces;
  std::atomic<int> accepted = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kNonces; ++i) {
        const absl::Status used = Use(nonces, std::to_string(i), kNow + kMinute);
        accepted.fetch_add(used.ok() ? 1 : 0);
        EXPECT_THAT(used, ::testing::AnyOf(testing::IsOk(), HasCode(StatusCode::kAlreadyExists)));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(accepted.load(), kNonces);
  EXPECT_EQ(Stored(), kNonces);
}

TEST_F(NoncesTest, ThroughAMetastoreOnDiskOverARestart) {
  testing::TempFolder folder;
  const std::string path = folder / "store";
  OpenOptions options;
  ManualClock clock(kNow);
  options.clock = &clock;
  for (const bool first : {true, false}) {
    auto metastore = Metastore::Open(path, options);
    ASSERT_OK(metastore);
    EXPECT_THAT((*metastore)->UseNonce("n", kNow + kMinute),
                HasCode(first ? StatusCode::kOk : StatusCode::kAlreadyExists));
  }
  clock.Advance(2 * kMinute);
  auto metastore = Metastore::Open(path, options);
  ASSERT_OK(metastore);
  ASSERT_OK((*metastore)->Maintain());
  EXPECT_OK((*metastore)->UseNonce("n", kNow + 3 * kMinute));
  // Followers only read.
  options.follower = true;
  auto follower = Metastore::Open(path, options);
  ASSERT_OK(follower);
  EXPECT_THAT((*follower)->UseNonce("x", kNow + 3 * kMinute), HasCode(StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace lodestone::account
