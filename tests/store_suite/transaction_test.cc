// What transactions promise.
#include <atomic>
#include <thread>

#include "absl/strings/numbers.h"
#include "tests/store_suite/engine_fixture.h"

namespace lodestone::store {
namespace {

using TransactionTest = EngineTest;
INSTANTIATE_TEST_SUITE_P(Engines, TransactionTest, ::testing::ValuesIn(AllEngines()), EngineName);

TEST_P(TransactionTest, ReadsItsOwnWrites) {
  PutAll({{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}});
  auto t = Begin();
  t->Put("b", "own");
  t->Put("bb", "new");
  t->Delete("c");
  EXPECT_EQ(GetOr(*t, "a"), "1");
  EXPECT_EQ(GetOr(*t, "b"), "own");
  EXPECT_EQ(GetOr(*t, "c"), "(none)");
  const std::vector<std::string> keys = {"d", "c", "bb", "x"};
  auto values = t->MultiGet(keys);
  ASSERT_OK(values);
  EXPECT_EQ(*values, (std::vector<std::optional<std::string>>{"4", std::nullopt, "new", std::nullopt}));
  const Rows expected = {{"a", "1"}, {"b", "own"}, {"bb", "new"}, {"d", "4"}};
  EXPECT_EQ(Forward(*t, {}), expected);
  EXPECT_EQ(Backward(*t, {}), Rows(expected.rbegin(), expected.rend()));
  // Nobody else sees them before the commit.
  EXPECT_EQ(GetOr(*store_->Snapshot(), "b"), "2");
  Commit(t.get());
  EXPECT_EQ(Forward(*store_->Snapshot(), {}), expected);
}

TEST_P(TransactionTest, DeletedRangesHideWhatWasAndNotWhatComes) {
  PutAll({{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}, {"e", "5"}});
  auto t = Begin();
  t->Put("bb", "gone again");
  t->DeleteRange({"b", "d"});
  t->Put("c", "back");
  t->DeleteRange({"e", "e"});  // holds nothing
  t->DeleteRange({"z", "a"});  // nor does this
  const Rows expected = {{"a", "1"}, {"c", "back"}, {"d", "4"}, {"e", "5"}};
  EXPECT_EQ(Forward(*t, {}), expected);
  EXPECT_EQ(Backward(*t, {}), Rows(expected.rbegin(), expected.rend()));
  EXPECT_EQ(GetOr(*t, "b"), "(none)");
  auto cursor = t->NewCursor({});
  cursor->Seek("b");
  ASSERT_TRUE(cursor->Valid());
  EXPECT_EQ(cursor->key(), "c");
  cursor->SeekForPrev("bzz");
  ASSERT_TRUE(cursor->Valid());
  EXPECT_EQ(cursor->key(), "a");
  Commit(t.get());
  EXPECT_EQ(Forward(*store_->Snapshot(), {}), expected);
}

TEST_P(TransactionTest, RangesWithoutAnEndAndAllOfThem) {
  PutAll({{"a", "1"}, {"m", "2"}, {"z", "3"}});
  auto t = Begin();
  t->DeleteRange({"m", ""});
  t->Put("zz", "4");
  EXPECT_EQ(Forward(*t, {}), (Rows{{"a", "1"}, {"zz", "4"}}));
  EXPECT_EQ(Backward(*t, {}), (Rows{{"zz", "4"}, {"a", "1"}}));
  Commit(t.get());
  EXPECT_EQ(Forward(*store_->Snapshot(), {}), (Rows{{"a", "1"}, {"zz", "4"}}));
  t = Begin();
  t->DeleteRange({"", ""});
  EXPECT_EQ(Forward(*t, {}), Rows{});
  EXPECT_EQ(Backward(*t, {}), Rows{});
  EXPECT_EQ(Commit(t.get()), 3u);
  EXPECT_EQ(Forward(*store_->Snapshot(), {}), Rows{});
  EXPECT_EQ(PutAll({{"b", "5"}}), 4u);  // the engine's own counter survived
  EXPECT_EQ(Forward(*store_->Snapshot(), {}), (Rows{{"b", "5"}}));
}

TEST_P(TransactionTest, WritingUnderACursorNeverBreaksIt) {
  Rows rows;
  for (int i = 100; i < 200; ++i) rows.emplace_back("k" + std::to_string(i), "v");
  PutAll(rows);
  auto t = Begin();
  t->Put("k150x", "own");
  auto cursor = t->NewCursor(PrefixRange("k"));
  int seen = 0;
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next(), ++seen) {
    const std::string key(cursor->key());
    EXPECT_FALSE(cursor->value().empty());
    if (seen % 3 == 0) t->Delete(key);
    if (seen % 3 == 1) t->Put(key, "again");
    if (seen % 3 == 2) t->DeleteRange({key, key + "\x01"});
  }
  EXPECT_OK(cursor->status());
  EXPECT_EQ(seen, 101);
  EXPECT_EQ(Forward(*t, {}).size(), 34u);
}

TEST_P(TransactionTest, VersionsAreDenseAndReturned) {
  for (Version v = 1; v <= 20; ++v) {
    auto t = Begin();
    EXPECT_EQ(t->version(), v - 1);
    EXPECT_EQ(t->commit_version(), v);
    t->Put("k", std::to_string(v));
    EXPECT_EQ(Commit(t.get(), v % 2 ? Durability::kSync : Durability::kRelaxed), v);
    EXPECT_EQ(store_->Snapshot()->version(), v);
    EXPECT_EQ(GetOr(*store_->Snapshot(), "k"), std::to_string(v));
  }
}

TEST_P(TransactionTest, NothingWrittenIsNoCommit) {
  PutAll({{"a", "1"}});
  auto t = Begin();
  EXPECT_EQ(GetOr(*t, "a"), "1");
  EXPECT_EQ(Commit(t.get(), Durability::kSync), 1u);
  EXPECT_EQ(store_->Snapshot()->version(), 1u);
  EXPECT_EQ(PutAll({{"a", "2"}}), 2u);
}

TEST_P(TransactionTest, DroppedDoesNothing) {
  PutAll({{"a", "1"}});
  {
    auto t = Begin();
    t->Put("a", "2");
    t->DeleteRange({"", ""});
  }
  EXPECT_EQ(Forward(*store_->Snapshot(), {}), (Rows{{"a", "1"}}));
  EXPECT_EQ(PutAll({{"b", "2"}}), 2u);
}

TEST_P(TransactionTest, CommittingTwiceIsRefused) {
  auto t = Begin();
  t->Put("a", "1");
  Commit(t.get());
  EXPECT_THAT(t->Commit(Durability::kSync), testing::FailsWith(absl::StatusCode::kFailedPrecondition, "committed"));
}

TEST_P(TransactionTest, SecondOneInTheSameThreadIsRefusedAtOnce) {
  auto t = Begin();
  EXPECT_THAT(store_->Begin(), testing::FailsWith(absl::StatusCode::kFailedPrecondition, "this thread"));
  t.reset();
  EXPECT_OK(store_->Begin());
}

TEST_P(TransactionTest, MayEndInAnotherThread) {
  auto t = Begin();
  t->Put("a", "1");
  std::thread([&] { Commit(t.get(), Durability::kSync); }).join();
  EXPECT_EQ(PutAll({{"b", "2"}}), 2u);
}

TEST_P(TransactionTest, ConcurrentIncrementsLoseNothing) {
  constexpr int kThreads = 8, kEach = 50;
  std::vector<std::atomic<bool>> given(kThreads * kEach + 1);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < kEach; ++n) {
        auto t = store_->Begin();
        ASSERT_OK(t);
        int64_t value = 0;
        ASSERT_TRUE(absl::SimpleAtoi(GetOr(**t, "counter", "0"), &value));
        (*t)->Put("counter", std::to_string(value + 1));
        auto version = (*t)->Commit(n % 2 == i % 2 ? Durability::kSync : Durability::kRelaxed);
        ASSERT_OK(version);
        ASSERT_GE(*version, 1u);
        ASSERT_LT(*version, given.size());
        EXPECT_FALSE(given[*version].exchange(true)) << *version << " was given twice";
        EXPECT_EQ(static_cast<Version>(value + 1), *version);
        // Whoever got an answer sees the commit from then on.
        EXPECT_GE(store_->Snapshot()->version(), *version);
      }
    });
  }
  // Readers see each version with exactly its content.
  std::atomic<bool> done = false;
  std::thread reader([&] {
    Version last = 0;
    while (!done) {
      auto snapshot = store_->Snapshot();
      EXPECT_GE(snapshot->version(), last);
      last = snapshot->version();
      EXPECT_EQ(GetOr(*snapshot, "counter", "0"), std::to_string(last));
    }
  });
  for (std::thread& thread : threads) thread.join();
  done = true;
  reader.join();
  EXPECT_EQ(GetOr(*store_->Snapshot(), "counter"), std::to_string(kThreads * kEach));
}

}  // namespace
}  // namespace lodestone::store
