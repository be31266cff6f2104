// What is held, waits, or was given out is the same after a restart; and what a follower sees.
#include <functional>

#include "catalog/store/memory/memory_store.h"
#include "tests/support/forwarding_store.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/transaction/fixture.h"

namespace lodestone::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr auto kX = LockType::kExclusive;
constexpr auto kSR = LockType::kSharedRead;

class RestartTest : public TransactionsTest {
 protected:
  void SetUp() override { Restart(); }
  void Restart() {
    session_.reset();
    metastore_.reset();
    OpenOptions options;
    options.clock = &clock_;
    auto opened = Metastore::Open(path_, options);
    ASSERT_OK(opened);
    metastore_ = *std::move(opened);
    session_.emplace(metastore_->Trusted(Principal{.name = "ana"}));
  }

  TempFolder folder_;
  const std::string path_ = folder_ / "store";
};

TEST_F(RestartTest, LocksAndLeasesGoOn) {
  const int64_t id = Open();
  const int64_t held = Lock("web.hits", kX).lock;
  const int64_t waiting = Lock("web.hits/dt=1", kSR).lock;
  const int64_t of_transaction = Lock("web.loads", kX, id).lock;
  clock_.Advance(kLease - 1);
  Restart();
  EXPECT_EQ(StateOf(held), LockState::kAcquired);
  EXPECT_EQ(StateOf(waiting), LockState::kWaiting);
  EXPECT_EQ(StateOf(of_transaction), LockState::kAcquired);
  EXPECT_EQ(Lock("web.loads", kSR).lock, 4) << "ids go on";
  ASSERT_OK(transactions().Unlock(held));
  Restart();
  EXPECT_EQ(StateOf(waiting), LockState::kAcquired);
  EXPECT_THAT(transactions().CheckLock(held), IsNoSuchLock());
  clock_.Advance(kLease - 1);
  ASSERT_OK(transactions().Heartbeat(waiting, 0));
  clock_.Advance(1);
  Restart();
  EXPECT_THAT(LocksShown(), ElementsAre(waiting)) << "leases are over whether or not the store was open";
  EXPECT_EQ(Lock("web.loads", kX).state, LockState::kAcquired);
  ExpectSound();
}

TEST_F(RestartTest, TransactionsAndWriteIdsGoOn) {
  const WriteTable hits{.database = "web", .table = "hits"};
  MakeHits();
  ASSERT_OK(transactions().Open({.count = 3}));
  EXPECT_EQ(WriteId(hits, 2), 1);
  ASSERT_OK(transactions().Abort(1));
  ASSERT_OK(transactions().Commit(3));
  Restart();
  EXPECT_EQ(*transactions().GetOpen(),
            (TransactionList{.high_water_mark = 3, .invalid = {1, 2}, .aborted = {true, false}, .min_open = 2}));
  EXPECT_EQ(Open(), 4);
  EXPECT_EQ(WriteId(hits, 2), 1);
  EXPECT_EQ(WriteId(hits, 4), 2);
  EXPECT_OK(transactions().Commit(3)) << "sent again";
  ASSERT_OK(transactions().Commit(2));
  Restart();
  EXPECT_EQ(*transactions().GetValidWriteIds(hits),
            (WriteIdList{.high_water_mark = 2, .invalid = {2}, .aborted = {false}, .min_open = 2}));
  ExpectSound();
}

TEST_F(RestartTest, AFollowerReadsAndDoesNotWrite) {
  MakeHits();
  const int64_t id = Open();
  WriteId({.database = "web", .table = "hits"}, id);
  Lock("web.hits", kX, id);
  ASSERT_OK(metastore_->Flush());
  OpenOptions options;
  options.clock = &clock_;
  options.follower = true;
  auto follower = Metastore::Open(path_, options);
  ASSERT_OK(follower);
  Transactions reading = (*follower)->TransactionsAs();
  EXPECT_THAT(*reading.ShowLocks(), SizeIs(1));
  EXPECT_THAT(reading.GetOpen()->invalid, ElementsAre(id));
  EXPECT_THAT(reading.GetOpenInfos()->transactions, SizeIs(1));
  EXPECT_EQ(reading.GetValidWriteIds({.database = "web", .table = "hits"})->min_open, 1);
  EXPECT_EQ(*reading.MinHistory(), id);
  clock_.Advance(kLease);
  EXPECT_THAT(*reading.ShowLocks(), SizeIs(0)) << "over by the clock";
  EXPECT_THAT(reading.GetOpen()->aborted, ElementsAre(true));
  const int64_t ids[] = {id};
  const absl::Status refused[] = {reading.Lock({.components = {On("web", kSR)}}).status(),
                                  reading.CheckLock(1).status(),
                                  reading.Unlock(1),
                                  reading.Heartbeat(1, id),
                                  reading.Open({}).status(),
                                  reading.Commit(id),
                                  reading.Abort(id),
                                  reading.Abort(ids),
                                  reading.HeartbeatRange(1, 2).status(),
                                  reading.AllocateWriteIds({.database = "d", .table = "t"}, ids).status()};
  for (const absl::Status& status : refused) {
    EXPECT_THAT(status, FailsWith(absl::StatusCode::kFailedPrecondition, "follower"));
  }
}

// --- What calls ask of the engine ---

// Notes how commits are to be made, and counts what is read and written.
class NotingStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  absl::StatusOr<std::unique_ptr<store::Transaction>> Begin() override {
    auto txn = base_->Begin();
    if (!txn.ok()) return txn.status();
    return std::make_unique<Noting>(*std::move(txn), this);
  }
  store::Durability last = store::Durability::kRelaxed;
  int reads = 0;    // of single keys
  int cursors = 0;  // ranges read
  int writes = 0;

 private:
  class Noting final : public ForwardingTransaction {
   public:
    Noting(std::unique_ptr<store::Transaction> base, NotingStore* notes)
        : ForwardingTransaction(std::move(base)), notes_(notes) {}
    absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override {
      ++notes_->reads;
      return base_->Get(key);
    }
    std::unique_ptr<store::Cursor> NewCursor(const store::KeyRange& range,
                                             const store::CursorHint& hint) const override {
      ++notes_->cursors;
      return base_->NewCursor(range, hint);
    }
    void Put(std::string_view key, std::string_view value) override {
      ++notes_->writes;
      base_->Put(key, value);
    }
    void Delete(std::string_view key) override {
      ++notes_->writes;
      base_->Delete(key);
    }
    absl::StatusOr<store::Version> Commit(store::Durability durability) override {
      notes_->last = durability;
      return base_->Commit(durability);
    }
    NotingStore* const notes_;
  };
};

TEST(EngineTest, WhatFilesAreNamedAfterIsSyncedAndHeartbeatsAreNot) {
  const auto engine = store::NewMemoryStore();
  for (const SyncMode mode : {SyncMode::kSync, SyncMode::kRelaxed}) {
    auto noting = std::make_unique<NotingStore>(engine.get());
    NotingStore& notes = *noting;
    OpenOptions options;
    options.sync = mode;
    auto metastore = Metastore::OpenOn(std::move(noting), options);
    ASSERT_OK(metastore);
    Transactions calls = (*metastore)->TransactionsAs();
    const auto expect_synced = [&](bool synced, const char* what) {
      EXPECT_EQ(notes.last == store::Durability::kSync, synced) << what;
    };
    const int64_t id = calls.Open({})->front();
    expect_synced(true, "Open");
    ASSERT_OK(calls.AllocateWriteIds({.database = "d", .table = "t"}, std::span(&id, 1)));
    expect_synced(true, "AllocateWriteIds");
    ASSERT_OK(calls.Heartbeat(0, id));
    expect_synced(false, "Heartbeat");
    ASSERT_OK(calls.Commit(id));
    expect_synced(true, "Commit");
    const int64_t lock = calls.Lock({.components = {On("web", kX)}})->lock;
    expect_synced(mode == SyncMode::kSync, "Lock");
    ASSERT_OK(calls.CheckLock(lock));
    expect_synced(false, "CheckLock");
    ASSERT_OK(calls.Unlock(lock));
    expect_synced(false, "Unlock");
    ASSERT_OK(calls.Abort(calls.Open({})->front()));
    expect_synced(true, "Abort");
  }
}

TEST(EngineTest, ACallCostsTheSameHoweverManyLocksThereAre) {
  const auto engine = store::NewMemoryStore();
  auto noting = std::make_unique<NotingStore>(engine.get());
  NotingStore& notes = *noting;
  auto metastore = Metastore::OpenOn(std::move(noting));
  ASSERT_OK(metastore);
  Transactions calls = (*metastore)->TransactionsAs();
  for (int i = 0; i < 20'000; ++i) {
    // Readers of the table itself, of its database, and writers beside it.
    const std::string other = std::to_string(i);
    const LockComponent on = i % 4 == 0   ? On("web", kSR)
                             : i % 4 == 1 ? On("web.hits", kSR)
                             : i % 4 == 2 ? On("web.hits/dt=" + other, LockType::kSharedWrite)
                                          : On("web.t" + other, kX);
    const auto lock = calls.Lock({.components = {on}});
    ASSERT_OK(lock);
    ASSERT_EQ(lock->state, LockState::kAcquired);
  }
  const auto count = [&](const std::function<void()>& call) {
    notes.reads = notes.cursors = notes.writes = 0;
    call();
    return std::vector<int>{notes.reads, notes.cursors, notes.writes};
  };
  int64_t lock = 0;
  EXPECT_THAT(count([&] { lock = calls.Lock({.components = {On("web.hits/dt=new", LockType::kSharedWrite)}})->lock; }),
              ElementsAre(1, 0, 3));
  EXPECT_THAT(count([&] { EXPECT_OK(calls.CheckLock(lock)); }), ElementsAre(2, 0, 1));
  EXPECT_THAT(count([&] { EXPECT_OK(calls.Heartbeat(lock, 0)); }), ElementsAre(2, 0, 1));
  EXPECT_THAT(count([&] { EXPECT_OK(calls.Unlock(lock)); }), ElementsAre(2, 0, 3));
  EXPECT_THAT(count([&] { EXPECT_EQ(calls.Lock({.components = {On("web", kX)}})->state, LockState::kWaiting); }),
              ElementsAre(2, 0, 3))
      << "one of the many in the way is enough";
}

}  // namespace
}  // namespace lodestone::testing
