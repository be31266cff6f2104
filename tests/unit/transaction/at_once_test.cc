// Many threads at once: an exclusive lock has one holder, ids are given out once each.
#include <array>
#include <atomic>
#include <set>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "tests/support/soak.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/transaction/fixture.h"

namespace lodestone::testing {
namespace {

constexpr int kThreads = 6;

// On both engines.
class AtOnceTest : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    OpenOptions options;
    options.sync = SyncMode::kRelaxed;
    auto opened = GetParam() ? Metastore::Open(folder_ / "store", options) : Metastore::OpenInMemory(options);
    ASSERT_OK(opened);
    metastore_ = *std::move(opened);
  }
  void ExpectSound() {
    auto findings = metastore_->Verify();
    ASSERT_OK(findings);
    for (const VerifyFinding& finding : *findings) ADD_FAILURE() << finding.where << ": " << finding.what;
  }
  static void InThreads(const std::function<void(int)>& work) {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) threads.emplace_back([&work, t] { work(t); });
  }

  TempFolder folder_;
  std::unique_ptr<Metastore> metastore_;
};

TEST_P(AtOnceTest, AnExclusiveLockHasOneHolder) {
  constexpr int kTables = 2;
  const int rounds = Soaked(60);
  std::array<std::atomic<int>, kTables> holders{};
  std::atomic<int> times_held = 0;
  InThreads([&](int t) {
    Transactions calls = metastore_->TransactionsAs();
    for (int round = 0; round < rounds; ++round) {
      const int table = (t + round) % kTables;
      // Sometimes of a transaction; sometimes the whole database, and so every table.
      const bool all = (t + round) % 7 == 0;
      const int64_t id = round % 3 == 0 ? calls.Open({})->front() : 0;
      const LockComponent on = On(all ? std::string("web") : "web.t" + std::to_string(table), LockType::kExclusive);
      auto lock = calls.Lock({.components = {on}, .transaction = id});
      ASSERT_OK(lock);
      while (lock.ok() && lock->state == LockState::kWaiting) {
        std::this_thread::yield();
        lock = calls.CheckLock(lock->lock);
      }
      ASSERT_OK(lock);
      for (int other = 0; other < kTables; ++other) {
        if (!all && other != table) continue;
        EXPECT_EQ(++holders[static_cast<std::size_t>(other)], 1);
      }
      ++times_held;
      for (int other = 0; other < kTables; ++other) {
        if (all || other == table) --holders[static_cast<std::size_t>(other)];
      }
      ASSERT_OK(id == 0 ? calls.Unlock(lock->lock) : calls.Commit(id));
    }
  });
  EXPECT_EQ(times_held, kThreads * rounds);
  EXPECT_TRUE(metastore_->TransactionsAs().ShowLocks()->empty());
  ExpectSound();
}

TEST_P(AtOnceTest, IdsAreGivenOutOnceEach) {
  const WriteTable table{.database = "web", .table = "hits"};
  const int rounds = Soaked(60);
  absl::Mutex mutex;
  std::multiset<int64_t> ids;
  std::multiset<int64_t> write_ids;
  InThreads([&](int t) {
    Transactions calls = metastore_->TransactionsAs();
    for (int round = 0; round < rounds; ++round) {
      const auto opened = calls.Open({.count = 1 + t % 2});
      ASSERT_OK(opened);
      const auto given = calls.AllocateWriteIds(table, *opened);
      ASSERT_OK(given);
      for (const int64_t id : *opened) ASSERT_OK(round % 2 == 0 ? calls.Commit(id) : calls.Abort(id));
      const auto list = calls.GetValidWriteIds(table);
      ASSERT_OK(list);
      for (const TransactionWriteId& one : *given) {
        EXPECT_EQ(std::ranges::find(list->invalid, one.write_id) == list->invalid.end(), round % 2 == 0);
      }
      const absl::MutexLock lock(&mutex);
      ids.insert(opened->begin(), opened->end());
      for (const TransactionWriteId& one : *given) write_ids.insert(one.write_id);
    }
  });
  for (const auto* all : {&ids, &write_ids}) {
    int64_t expected = 0;
    for (const int64_t id : *all) EXPECT_EQ(id, ++expected);
    EXPECT_EQ(expected, rounds * kThreads * 3 / 2);
  }
  ExpectSound();
}

INSTANTIATE_TEST_SUITE_P(Engines, AtOnceTest, ::testing::Bool(),
                         [](const auto& engine) { return engine.param ? "RocksDb" : "Memory"; });

}  // namespace
}  // namespace lodestone::testing
