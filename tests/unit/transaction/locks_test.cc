// Locks: the queue, leases, and what lists show.
#include <functional>
#include <limits>

#include "catalog/audit.h"
#include "tests/unit/transaction/fixture.h"

namespace lodestone::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using LocksTest = TransactionsTest;

constexpr auto kSR = LockType::kSharedRead;
constexpr auto kSW = LockType::kSharedWrite;
constexpr auto kX = LockType::kExclusive;

// --- The queue ---

TEST_F(LocksTest, IdsAreConsecutiveAndNeverUsedAgain) {
  EXPECT_EQ(Lock("web.hits", kX).lock, 1);
  ASSERT_OK(transactions().Unlock(1));
  EXPECT_EQ(Lock("web.hits", kX).lock, 2);
  EXPECT_EQ(Lock("web.hits", kX).lock, 3);
}

TEST_F(LocksTest, FirstComeFirstServed) {
  const int64_t first = Lock("web.hits", kSR).lock;
  const int64_t writer = Lock("web.hits", kX).lock;
  const int64_t reader = Lock("web.hits", kSR).lock;
  EXPECT_EQ(StateOf(writer), LockState::kWaiting);
  EXPECT_EQ(StateOf(reader), LockState::kWaiting) << "behind the writer, though beside the first";
  ASSERT_OK(transactions().Unlock(first));
  EXPECT_EQ(StateOf(reader), LockState::kWaiting);
  EXPECT_EQ(StateOf(writer), LockState::kAcquired);
  EXPECT_EQ(StateOf(reader), LockState::kWaiting);
  ASSERT_OK(transactions().Unlock(writer));
  EXPECT_EQ(StateOf(reader), LockState::kAcquired);
}

TEST_F(LocksTest, WhoLeavesTheQueueLetsOthersPass) {
  Lock("web.hits", kSR);
  const int64_t writer = Lock("web.hits", kX).lock;
  const int64_t reader = Lock("web.hits", kSR).lock;
  ASSERT_OK(transactions().Unlock(writer));
  EXPECT_EQ(StateOf(reader), LockState::kAcquired);
  EXPECT_THAT(transactions().CheckLock(writer), IsNoSuchLock());
}

TEST_F(LocksTest, AllComponentsOrNone) {
  Lock("web.loads", kX);
  auto both = transactions().Lock({.components = {On("web.hits", kX), On("web.loads", kX)}});
  ASSERT_OK(both);
  EXPECT_EQ(both->state, LockState::kWaiting);
  EXPECT_EQ(Lock("web.hits", kSR).state, LockState::kWaiting) << "behind a lock that waits for something else";
  ASSERT_OK(transactions().Unlock(1));
  EXPECT_EQ(StateOf(both->lock), LockState::kAcquired);
}

TEST_F(LocksTest, ComponentsOfOneLockAreNotInEachOthersWay) {
  auto lock = transactions().Lock({.components = {On("web", kX), On("web.hits", kX), On("web.hits", kX)}});
  ASSERT_OK(lock);
  EXPECT_EQ(lock->state, LockState::kAcquired);
  EXPECT_THAT(LocksShown(), ElementsAre(1, 1, 1));
  ASSERT_OK(transactions().Unlock(lock->lock));
  EXPECT_EQ(Lock("web.hits", kX).state, LockState::kAcquired);
}

TEST_F(LocksTest, RequestsAreChecked) {
  const std::string nul("a\0b", 3);
  const struct {
    std::string what;
    std::vector<LockComponent> components;
    std::string message;
  } cases[] = {
      {"none", {}, "expected 1 to 100000 components, found 0"},
      {"too many", std::vector<LockComponent>(100'001, On("web", kSR)), "found 100001"},
      {"no database", {On("", kX)}, "name of a database \"\": expected one"},
      {"a database's name", {On(nul, kX)}, "name of a database"},
      {"a table's name", {On("web.a\tb", kX)}, "name of a table"},
      {"a long name", {On("web." + std::string(1025, 'a'), kX)}, "expected up to 1024 bytes, found 1025"},
      {"not UTF-8", {On("web.\xFF", kX)}, "expected UTF-8"},
      {"a partition's name", {On("web.hits/dt=\n", kX)}, "name of a partition"},
      {"a partition of nothing", {{.type = kX, .database = "web", .partition = "dt=1"}}, "names no table"},
      {"a type", {On("web", static_cast<LockType>(5))}, "there is no type 5"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const auto lock = transactions().Lock({.components = c.components});
    EXPECT_THAT(lock, HasKind(ErrorKind::kInvalidObject, absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(lock, FailsWith(absl::StatusCode::kInvalidArgument, c.message));
  }
  EXPECT_THAT(LocksShown(), IsEmpty());
  EXPECT_EQ(Lock("web", kX).lock, 1) << "what is refused takes no id";
}

TEST_F(LocksTest, UnknownLocks) {
  for (const int64_t lock : {int64_t{-1}, int64_t{0}, int64_t{7}, std::numeric_limits<int64_t>::max()}) {
    EXPECT_THAT(transactions().CheckLock(lock), IsNoSuchLock());
    EXPECT_THAT(transactions().Unlock(lock), IsNoSuchLock());
    if (lock != 0) {
      EXPECT_THAT(transactions().Heartbeat(lock, 0), IsNoSuchLock());
    }
  }
  EXPECT_OK(transactions().Heartbeat(0, 0));
}

// --- Not waiting ---

TEST_F(LocksTest, WhoDoesNotWantToWaitGetsAnAnswerAtOnce) {
  const int64_t id = Open();
  Lock("web.hits", kX);
  const auto ask = [&](LockType type, NoWait no_wait, int64_t transaction) {
    auto result =
        transactions().Lock({.components = {On("web.hits", type)}, .transaction = transaction, .no_wait = no_wait});
    EXPECT_OK(result);
    return result.value_or(LockResult{});
  };
  const LockResult refused = ask(kSR, NoWait::kReads, id);
  EXPECT_EQ(refused.state, LockState::kNotAcquired);
  EXPECT_EQ(refused.message, "could not lock web.hits at once: exclusive lock 1 on web.hits is in the way");
  EXPECT_THAT(transactions().CheckLock(refused.lock), IsNoSuchLock());
  EXPECT_EQ(ask(kSR, NoWait::kAlways, id).state, LockState::kNotAcquired);
  EXPECT_EQ(ask(kX, NoWait::kAlways, id).state, LockState::kNotAcquired);
  EXPECT_THAT(LocksShown(), ElementsAre(1));
  EXPECT_EQ(ask(kX, NoWait::kReads, id).state, LockState::kWaiting) << "it reads not";
  EXPECT_EQ(ask(kSR, NoWait::kReads, 0).state, LockState::kWaiting) << "it is of no transaction";
  EXPECT_EQ(ask(kSR, NoWait::kNever, id).state, LockState::kWaiting);
  ExpectSound();
}

// --- Of transactions ---

TEST_F(LocksTest, LocksOfATransactionEndWithIt) {
  for (const bool commits : {true, false}) {
    SCOPED_TRACE(commits);
    Reopen({});
    const int64_t id = Open();
    const int64_t held = Lock("web.hits", kX, id).lock;
    Lock("web.loads", kX, id);
    const int64_t waiting = Lock("web.hits", kX).lock;
    EXPECT_THAT(transactions().Unlock(held), IsHeldByTransaction());
    ASSERT_OK(commits ? transactions().Commit(id) : transactions().Abort(id));
    EXPECT_THAT(LocksShown(), ElementsAre(waiting));
    EXPECT_EQ(StateOf(waiting), LockState::kAcquired);
    EXPECT_THAT(transactions().Unlock(held), IsNoSuchLock());
    EXPECT_THAT(transactions().CheckLock(held), IsNoSuchLock());
    ExpectSound();
  }
}

TEST_F(LocksTest, ATransactionIsNotInItsOwnWay) {
  const int64_t id = Open();
  EXPECT_EQ(Lock("web.hits", kSR, id).state, LockState::kAcquired);
  EXPECT_EQ(Lock("web.hits", kX, id).state, LockState::kAcquired);
  EXPECT_EQ(Lock("web.hits", kSR, Open()).state, LockState::kWaiting);
}

TEST_F(LocksTest, ALockThatWaitsForATransactionCanBeGivenUp) {
  Lock("web.hits", kX);
  const int64_t waiting = Lock("web.hits", kX, Open()).lock;
  EXPECT_OK(transactions().Unlock(waiting));
  EXPECT_THAT(transactions().CheckLock(waiting), IsNoSuchLock());
}

TEST_F(LocksTest, OnlyOpenTransactionsLock) {
  const int64_t committed = Open();
  ASSERT_OK(transactions().Commit(committed));
  const int64_t aborted = Open();
  ASSERT_OK(transactions().Abort(aborted));
  const auto lock = [&](int64_t id) { return transactions().Lock({.components = {On("web", kX)}, .transaction = id}); };
  EXPECT_THAT(lock(committed), IsNoSuchTransaction());
  EXPECT_THAT(lock(aborted), IsAborted());
  EXPECT_THAT(lock(77), IsNoSuchTransaction());
  EXPECT_THAT(lock(-1), IsNoSuchTransaction());
  EXPECT_THAT(LocksShown(), IsEmpty());
}

// --- Leases ---

TEST_F(LocksTest, ALockLastsALeaseAfterItsLastHeartbeat) {
  const int64_t lock = Lock("web.hits", kX).lock;
  for (int i = 0; i < 3; ++i) {
    clock_.Advance(kLease - 1);
    ASSERT_OK(transactions().Heartbeat(lock, 0));
  }
  const int64_t waiting = Lock("web.hits", kX).lock;
  clock_.Advance(kLease - 1);
  EXPECT_EQ(StateOf(waiting), LockState::kWaiting) << "and that was a heartbeat of the one that waits";
  clock_.Advance(1);
  EXPECT_THAT(LocksShown(), ElementsAre(waiting)) << "a list shows none that is over, removed or not";
  EXPECT_EQ(StateOf(waiting), LockState::kAcquired);
  EXPECT_THAT(transactions().Heartbeat(lock, 0), IsNoSuchLock());
  EXPECT_THAT(transactions().Unlock(lock), IsNoSuchLock());
  ExpectSound();
}

TEST_F(LocksTest, EveryLookFindsALockOver) {
  const struct {
    std::string look;
    std::function<void(int64_t lock)> run;
  } cases[] = {
      {"check", [&](int64_t lock) { EXPECT_THAT(transactions().CheckLock(lock), IsNoSuchLock()); }},
      {"unlock", [&](int64_t lock) { EXPECT_THAT(transactions().Unlock(lock), IsNoSuchLock()); }},
      {"heartbeat", [&](int64_t lock) { EXPECT_THAT(transactions().Heartbeat(lock, 0), IsNoSuchLock()); }},
      {"lock", [&](int64_t) { EXPECT_EQ(Lock("web.hits", kX).state, LockState::kAcquired); }},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.look);
    Reopen({});
    const int64_t lock = Lock("web.hits", kX).lock;
    clock_.Advance(kLease);
    c.run(lock);
    EXPECT_EQ(*metastore_->impl()->store().Snapshot()->Get(record::LockKey(lock)), std::nullopt);
    ExpectSound();
  }
}

TEST_F(LocksTest, TheLeaseIsAnOption) {
  OpenOptions options;
  options.lease_ms = 1;
  Reopen(options);
  const int64_t lock = Lock("web.hits", kX).lock;
  clock_.Advance(1);
  EXPECT_THAT(transactions().CheckLock(lock), IsNoSuchLock());
  options.lease_ms = 0;
  EXPECT_THAT(Metastore::OpenInMemory(options), FailsWith(absl::StatusCode::kInvalidArgument, "lease_ms"));
}

TEST_F(LocksTest, ALockOfATransactionLastsAsLongAsThat) {
  const int64_t id = Open();
  const int64_t lock = Lock("web.hits", kX, id).lock;
  for (int i = 0; i < 3; ++i) {
    clock_.Advance(kLease - 1);
    ASSERT_OK(transactions().Heartbeat(0, id));
  }
  EXPECT_EQ(StateOf(lock), LockState::kAcquired);
  clock_.Advance(kLease - 1);
  EXPECT_EQ(StateOf(lock), LockState::kAcquired) << "looking extended the transaction's lease";
  clock_.Advance(kLease);
  EXPECT_THAT(LocksShown(), IsEmpty());
  EXPECT_EQ(Lock("web.hits", kX).state, LockState::kAcquired);
  EXPECT_THAT(transactions().CheckLock(lock), IsNoSuchLock());
  EXPECT_THAT(transactions().Commit(id), IsAborted()) << "found over on the way of another, and aborted";
  ExpectSound();
}

TEST_F(LocksTest, AHeartbeatOfBothExtendsBothOrNeither) {
  const int64_t id = Open();
  const int64_t lock = Lock("web.hits", kX).lock;
  clock_.Advance(kLease - 1);
  ASSERT_OK(transactions().Heartbeat(lock, id));
  clock_.Advance(kLease - 1);
  EXPECT_THAT(transactions().Heartbeat(lock, 99), IsNoSuchTransaction());
  EXPECT_THAT(transactions().Heartbeat(99, id), IsNoSuchLock());
  clock_.Advance(1);
  EXPECT_THAT(transactions().Heartbeat(lock, 0), IsNoSuchLock());
  EXPECT_THAT(transactions().Heartbeat(0, id), IsAborted());
}

TEST_F(LocksTest, MaintainRemovesWhatIsOver) {
  for (int i = 0; i < 2500; ++i) Lock("web.t" + std::to_string(i), kX);
  Open();
  Lock("web.hits", kX, 1);
  clock_.Advance(kLease);
  const int64_t fresh = Lock("shop.items", kX).lock;
  ASSERT_OK(metastore_->Maintain());
  EXPECT_THAT(LocksShown(), ElementsAre(fresh));
  const auto cursor = metastore_->impl()->store().Snapshot()->NewCursor(record::Locks());
  cursor->SeekToFirst();
  ASSERT_TRUE(cursor->Valid());
  EXPECT_EQ(record::NumberInKey(cursor->key()), fresh);
  EXPECT_THAT(transactions().Commit(1), IsAborted());
  ExpectSound();
}

TEST_F(LocksTest, AClockThatGoesBackEndsNothingEarlier) {
  const int64_t lock = Lock("web.hits", kX).lock;
  clock_.Advance(-10 * kLease);
  ASSERT_OK(transactions().Heartbeat(lock, 0));
  clock_.Advance(10 * kLease + kLease - 1);
  EXPECT_EQ(StateOf(lock), LockState::kAcquired);
}

// --- Lists ---

TEST_F(LocksTest, AListShowsEveryField) {
  const int64_t id = Open();
  LockComponent part = On("Web.Hits/DT=A", kX);
  part.catalog = "Hive";
  part.operation = LockOperation::kUpdate;
  part.is_transactional = true;
  part.is_dynamic_partition_write = true;
  ASSERT_OK(transactions().Lock(
      {.components = {On("web", kSR), part}, .transaction = id, .user = "bo", .host = "h2", .agent = "a7"}));
  clock_.Advance(5);
  const int64_t waiting = Lock("web.hits", kSW).lock;
  clock_.Advance(5);
  EXPECT_EQ(StateOf(waiting), LockState::kWaiting);
  auto infos = transactions().ShowLocks();
  ASSERT_OK(infos);
  ASSERT_THAT(*infos, SizeIs(3));
  const LockInfo& second = (*infos)[1];
  EXPECT_EQ(second.lock, 1);
  EXPECT_EQ(second.component, 2);
  LockComponent stored = part;
  stored.catalog = "hive";
  stored.database = "web";
  stored.table = "hits";
  stored.partition = "dt=A";
  EXPECT_EQ(second.on, stored);
  EXPECT_EQ(second.state, LockState::kAcquired);
  EXPECT_EQ(second.transaction, id);
  EXPECT_EQ(second.acquired_ms, kStart);
  EXPECT_EQ(second.user, "bo");
  EXPECT_EQ(second.host, "h2");
  EXPECT_EQ(second.agent, "a7");
  EXPECT_EQ(second.blocked_by_lock, 0);
  const LockInfo& third = (*infos)[2];
  EXPECT_EQ(third.lock, waiting);
  EXPECT_EQ(third.state, LockState::kWaiting);
  EXPECT_EQ(third.acquired_ms, std::nullopt);
  EXPECT_EQ(third.last_heartbeat_ms, kStart + 10);
  EXPECT_EQ(third.heartbeats, 1);
  EXPECT_EQ(third.blocked_by_lock, 1);
  EXPECT_EQ(third.blocked_by_component, 2);
}

TEST_F(LocksTest, ListsAreFiltered) {
  const int64_t id = Open();
  Lock("web", kSR);                // 1
  Lock("web.hits", kSR);           // 2
  Lock("web.hits/dt=1", kSR, id);  // 3
  Lock("shop.hits", kSR, id);      // 4
  EXPECT_THAT(LocksShown(), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(LocksShown({.catalog = "HIVE"}), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(LocksShown({.catalog = "other"}), IsEmpty());
  EXPECT_THAT(LocksShown({.database = "Web"}), ElementsAre(1, 2, 3));
  EXPECT_THAT(LocksShown({.database = "web", .table = "HITS"}), ElementsAre(2, 3));
  EXPECT_THAT(LocksShown({.database = "web", .table = "hits", .partition = "DT=1"}), ElementsAre(3));
  EXPECT_THAT(LocksShown({.transaction = id}), ElementsAre(3, 4));
  EXPECT_THAT(LocksShown({.table = "hits"}), ElementsAre(2, 3, 4));
}

// --- Audit ---

class Sink final : public AuditSink {
 public:
  void Write(const AuditRecord& record) override { lines.push_back(ToJson(record)); }
  std::vector<std::string> lines;
};

TEST_F(LocksTest, TheAuditHasChangesButNoHeartbeats) {
  Sink sink;
  OpenOptions options;
  options.audit = &sink;
  Reopen(options);
  Lock("web.hits", kX);
  ASSERT_OK(transactions().Heartbeat(1, 0));
  StateOf(1);
  LocksShown();
  ASSERT_OK(transactions().Unlock(1));
  EXPECT_THAT(transactions().Unlock(1), IsNoSuchLock());
  const int64_t nobody[] = {7};
  ASSERT_OK(transactions().Abort(nobody));
  ASSERT_THAT(sink.lines, SizeIs(4));
  EXPECT_THAT(sink.lines[0],
              HasSubstr(R"("principal":"ana","action":"Lock","object":"lock 1 on web.hits","outcome":"done")"));
  EXPECT_THAT(sink.lines[1], HasSubstr(R"("action":"Unlock","object":"lock 1","outcome":"done")"));
  EXPECT_THAT(sink.lines[1], HasSubstr(R"("version":)"));
  EXPECT_THAT(sink.lines[2], HasSubstr(R"("outcome":"refused")"));
  EXPECT_THAT(sink.lines[3], HasSubstr(R"("action":"AbortTransactions","object":"transaction 7","outcome":"done"})"))
      << "nothing was changed";
}

}  // namespace
}  // namespace lodestone::testing
