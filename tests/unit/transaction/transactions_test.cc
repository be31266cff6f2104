// Transactions: ids, states, leases, lists, and what is forgotten when.
#include <limits>

#include "tests/unit/transaction/fixture.h"

namespace lodestone::testing {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

class TransactionStatesTest : public TransactionsTest {
 protected:
  bool IsStored(const std::string& key) {
    auto value = metastore_->impl()->store().Snapshot()->Get(key);
    EXPECT_OK(value);
    return value.ok() && value->has_value();
  }
  TransactionList OpenOnes() {
    auto list = transactions().GetOpen();
    EXPECT_OK(list);
    return list.value_or(TransactionList{});
  }
};

// --- Ids and states ---

TEST_F(TransactionStatesTest, IdsAreConsecutiveOverAllCalls) {
  EXPECT_THAT(*transactions().Open({.count = 3}), ElementsAre(1, 2, 3));
  EXPECT_EQ(Open(), 4);
  ASSERT_OK(transactions().Abort(4));
  EXPECT_THAT(*transactions().Open({.count = 2}), ElementsAre(5, 6));
  EXPECT_THAT(*transactions().Open({.count = 5'000}), SizeIs(1'000));
  EXPECT_EQ(Open(), 1'007);
  for (const int64_t count : {int64_t{0}, int64_t{-1}}) {
    EXPECT_THAT(transactions().Open({.count = count}),
                HasKind(ErrorKind::kInvalidObject, StatusCode::kInvalidArgument));
  }
}

TEST_F(TransactionStatesTest, EveryCallInEveryState) {
  enum State { kNever, kOpen, kCommitted, kAborted, kOverdue };
  enum Answer { kOk, kNoSuch, kIsAborted };
  const struct {
    State state;
    Answer commit, abort, heartbeat, lock;
  } cases[] = {
      {kNever, kNoSuch, kNoSuch, kNoSuch, kNoSuch},        {kOpen, kOk, kOk, kOk, kOk},
      {kCommitted, kOk, kNoSuch, kNoSuch, kNoSuch},        {kAborted, kIsAborted, kOk, kIsAborted, kIsAborted},
      {kOverdue, kIsAborted, kOk, kIsAborted, kIsAborted},
  };
  for (const auto& c : cases) {
    for (int call = 0; call < 4; ++call) {
      SCOPED_TRACE(::testing::Message() << "state " << c.state << " call " << call);
      Reopen({});
      int64_t id = 5;
      if (c.state != kNever) id = Open();
      if (c.state == kCommitted) {
        ASSERT_OK(transactions().Commit(id));
      }
      if (c.state == kAborted) {
        ASSERT_OK(transactions().Abort(id));
      }
      if (c.state == kOverdue) clock_.Advance(kLease);
      const Answer expected[] = {c.commit, c.abort, c.heartbeat, c.lock};
      absl::Status found;
      if (call == 0) found = transactions().Commit(id);
      if (call == 1) found = transactions().Abort(id);
      if (call == 2) found = transactions().Heartbeat(0, id);
      if (call == 3) {
        found = transactions().Lock({.components = {On("web", LockType::kExclusive)}, .transaction = id}).status();
      }
      if (expected[call] == kOk) {
        EXPECT_OK(found);
      }
      if (expected[call] == kNoSuch) {
        EXPECT_THAT(found, IsNoSuchTransaction());
      }
      if (expected[call] == kIsAborted) {
        EXPECT_THAT(found, IsAborted());
      }
      EXPECT_EQ(IsStored(record::AbortedTransactionKey(id)),
                c.state == kAborted || c.state == kOverdue || (c.state == kOpen && call == 1));
      ExpectSound();
    }
  }
}

TEST_F(TransactionStatesTest, IdsThatNoTransactionCanHave) {
  for (const int64_t id : {int64_t{0}, int64_t{-1}, std::numeric_limits<int64_t>::min(), kMax}) {
    SCOPED_TRACE(id);
    EXPECT_THAT(transactions().Commit(id), IsNoSuchTransaction());
    EXPECT_THAT(transactions().Abort(id), IsNoSuchTransaction());
  }
}

TEST_F(TransactionStatesTest, ManyAreAbortedAtOnceAndTheOthersPassedOver) {
  ASSERT_OK(transactions().Open({.count = 4}));
  ASSERT_OK(transactions().Commit(2));
  ASSERT_OK(transactions().Abort(3));
  const int64_t ids[] = {1, 2, 3, 77, -5};
  EXPECT_OK(transactions().Abort(ids));
  const TransactionList list = OpenOnes();
  EXPECT_THAT(list.invalid, ElementsAre(1, 3, 4));
  EXPECT_THAT(list.aborted, ElementsAre(true, true, false));
  EXPECT_OK(transactions().Abort(std::span<const int64_t>()));
}

TEST_F(TransactionStatesTest, ARangeOfHeartbeatsSaysWhichCameToNothing) {
  ASSERT_OK(transactions().Open({.count = 5}));
  ASSERT_OK(transactions().Commit(2));
  ASSERT_OK(transactions().Abort(4));
  clock_.Advance(kLease - 1);
  ASSERT_OK(transactions().Heartbeat(0, 5));
  const auto result = transactions().HeartbeatRange(0, 7);
  ASSERT_OK(result);
  EXPECT_THAT(result->aborted, ElementsAre(4));
  EXPECT_THAT(result->unknown, ElementsAre(0, 2, 6, 7));
  clock_.Advance(kLease - 1);
  EXPECT_THAT(transactions().HeartbeatRange(1, 5)->aborted, ElementsAre(4)) << "the others live on";
  clock_.Advance(kLease);
  EXPECT_THAT(transactions().HeartbeatRange(1, 5)->aborted, ElementsAre(1, 3, 4, 5));
  EXPECT_THAT(transactions().HeartbeatRange(5, 4)->aborted, IsEmpty());
  EXPECT_OK(transactions().HeartbeatRange(1, 100'000));
  for (const auto& [first, last] : {std::pair<int64_t, int64_t>{1, 100'001}, {-kMax, kMax}, {0, kMax}}) {
    EXPECT_THAT(transactions().HeartbeatRange(first, last), FailsWith(StatusCode::kInvalidArgument, "up to 100000"));
  }
  EXPECT_THAT(transactions().HeartbeatRange(kMax - 1, kMax)->unknown, ElementsAre(kMax - 1, kMax));
}

// --- Lists ---

TEST_F(TransactionStatesTest, ListsOfOpenOnes) {
  EXPECT_EQ(OpenOnes(), TransactionList());
  ASSERT_OK(transactions().Open({.count = 3}));
  Open(TransactionType::kReadOnly);
  Open(TransactionType::kCompaction);
  ASSERT_OK(transactions().Abort(1));
  ASSERT_OK(transactions().Commit(3));
  const TransactionList expected{
      .high_water_mark = 5, .invalid = {1, 2, 5}, .aborted = {true, false, false}, .min_open = 2};
  EXPECT_EQ(OpenOnes(), expected);
  EXPECT_THAT(transactions().GetOpen({})->invalid, ElementsAre(1, 2, 4, 5));
  const TransactionType without[] = {TransactionType::kCompaction, TransactionType::kDefault};
  EXPECT_THAT(transactions().GetOpen(without)->invalid, ElementsAre(4));
  clock_.Advance(kLease);
  EXPECT_EQ(OpenOnes(), (TransactionList{.high_water_mark = 5, .invalid = {1, 2, 5}, .aborted = {true, true, true}}))
      << "a lease that is over is over, whether or not anybody noted it";
}

TEST_F(TransactionStatesTest, AReaderInsideOfATransactionSeesUpToItself) {
  ASSERT_OK(transactions().Open({.count = 5}));
  ASSERT_OK(transactions().Abort(2));
  ASSERT_OK(transactions().Commit(1));
  EXPECT_EQ(*transactions().GetValid(), *transactions().GetOpen());
  EXPECT_EQ(*transactions().GetValid(4),
            (TransactionList{.high_water_mark = 4, .invalid = {2, 3}, .aborted = {true, false}, .min_open = 3}));
  EXPECT_EQ(*transactions().GetValid(3),
            (TransactionList{.high_water_mark = 3, .invalid = {2}, .aborted = {true}, .min_open = 3}));
  const TransactionList list = *transactions().GetValid(4);
  for (const auto& [id, valid] : {std::pair{1, true}, {2, false}, {3, false}, {4, true}, {5, false}}) {
    EXPECT_EQ(list.IsValid(id), valid) << id;
  }
}

TEST_F(TransactionStatesTest, InfosShowEveryField) {
  ASSERT_OK(transactions().Open(
      {.user = "bo", .host = "h2", .agent = "a7", .type = TransactionType::kMaterializedViewRebuild}));
  Open(TransactionType::kReadOnly);
  ASSERT_OK(transactions().Abort(2));
  clock_.Advance(7);
  ASSERT_OK(transactions().Heartbeat(0, 1));
  const auto infos = transactions().GetOpenInfos();
  ASSERT_OK(infos);
  EXPECT_EQ(infos->high_water_mark, 2);
  ASSERT_THAT(infos->transactions, SizeIs(2));
  const TransactionInfo& first = infos->transactions[0];
  EXPECT_EQ(first.id, 1);
  EXPECT_EQ(first.state, TransactionState::kOpen);
  EXPECT_EQ(first.type, TransactionType::kMaterializedViewRebuild);
  EXPECT_EQ(first.user, "bo");
  EXPECT_EQ(first.host, "h2");
  EXPECT_EQ(first.agent, "a7");
  EXPECT_EQ(first.started_ms, kStart);
  EXPECT_EQ(first.last_heartbeat_ms, kStart + 7);
  EXPECT_EQ(first.heartbeats, 1);
  EXPECT_EQ(infos->transactions[1].state, TransactionState::kAborted);
  EXPECT_EQ(infos->transactions[1].type, TransactionType::kReadOnly);
}

TEST_F(TransactionStatesTest, MinHistoryIsTheLeastThatAnOpenOneMayHaveSeenOpen) {
  EXPECT_EQ(*transactions().MinHistory(), 1);
  ASSERT_OK(transactions().Open({.count = 2}));  // both saw 1
  EXPECT_EQ(*transactions().MinHistory(), 1);
  ASSERT_OK(transactions().Commit(1));
  EXPECT_EQ(*transactions().MinHistory(), 1) << "2 may have a list with 1 in it";
  Open();  // 3 saw 2
  ASSERT_OK(transactions().Commit(2));
  EXPECT_EQ(*transactions().MinHistory(), 2);
  Open();  // 4 saw 3
  ASSERT_OK(transactions().Abort(3));
  EXPECT_EQ(*transactions().MinHistory(), 3);
  ASSERT_OK(transactions().Commit(4));
  EXPECT_EQ(*transactions().MinHistory(), 5);
}

// --- Forgetting ---

TEST_F(TransactionStatesTest, ACommitCanBeSentAgainForALease) {
  const int64_t id = Open();
  ASSERT_OK(transactions().Commit(id));
  clock_.Advance(kLease - 1);
  Open();
  ASSERT_OK(transactions().Commit(id));
  clock_.Advance(1);
  Open();
  EXPECT_THAT(transactions().Commit(id), IsNoSuchTransaction());
  EXPECT_FALSE(IsStored(record::CommittedTransactionKey(id)));
  ExpectSound();
}

TEST_F(TransactionStatesTest, ACommittedOneIsRememberedWhileAnEarlierListMayHaveItOpen) {
  ASSERT_OK(transactions().Open({.count = 2}));
  ASSERT_OK(transactions().Commit(1));
  for (int i = 0; i < 5; ++i) {
    clock_.Advance(kLease / 2);
    ASSERT_OK(transactions().Heartbeat(0, 2));
    ASSERT_OK(metastore_->Maintain());
    EXPECT_TRUE(IsStored(record::CommittedTransactionKey(1)));
  }
  ASSERT_OK(transactions().Commit(2));
  ASSERT_OK(metastore_->Maintain());
  EXPECT_FALSE(IsStored(record::CommittedTransactionKey(1)));
  EXPECT_TRUE(IsStored(record::CommittedTransactionKey(2))) << "not for a lease yet";
  ExpectSound();
}

TEST_F(TransactionStatesTest, CommitsOutOfOrderAreForgottenAsWell) {
  ASSERT_OK(transactions().Open({.count = 6}));
  for (const int64_t id : {5, 3, 1, 6, 2, 4}) {
    ASSERT_OK(transactions().Commit(id));
    ASSERT_OK(metastore_->Maintain());
  }
  clock_.Advance(kLease);
  ASSERT_OK(metastore_->Maintain());
  for (int64_t id = 1; id <= 6; ++id) EXPECT_FALSE(IsStored(record::CommittedTransactionKey(id))) << id;
  ExpectSound();
}

TEST_F(TransactionStatesTest, AnAbortedOneIsForgottenWhenNoTableHasWritesOfIt) {
  const WriteTable hits{.database = "web", .table = "hits"};
  MakeHits();
  const int64_t wrote = Open();
  const int64_t idle = Open();
  EXPECT_EQ(WriteId(hits, wrote), 1);
  ASSERT_OK(transactions().Abort(wrote));
  ASSERT_OK(transactions().Abort(idle));
  ASSERT_OK(metastore_->Maintain());
  EXPECT_THAT(OpenOnes().invalid, ElementsAre(wrote, idle)) << "for a lease";
  clock_.Advance(kLease);
  ASSERT_OK(metastore_->Maintain());
  EXPECT_THAT(OpenOnes().invalid, ElementsAre(wrote));
  EXPECT_THAT(transactions().Commit(wrote), IsAborted());
  EXPECT_THAT(transactions().Commit(idle), IsNoSuchTransaction());
  ASSERT_OK(session().DropTable(kHits, {.purge = Purge::kYes}));
  ExpectSound();
  ASSERT_OK(metastore_->Maintain());
  EXPECT_THAT(OpenOnes().invalid, IsEmpty());
  EXPECT_EQ(OpenOnes().high_water_mark, 2);
  ExpectSound();
}

TEST_F(TransactionStatesTest, MaintainAbortsThoseThatAreOverdueHoweverMany) {
  ASSERT_OK(transactions().Open({.count = 1'000}));
  ASSERT_OK(transactions().Open({.count = 1'000}));
  clock_.Advance(kLease);
  const int64_t fresh = Open();
  ASSERT_OK(metastore_->Maintain());
  EXPECT_EQ(*transactions().MinHistory(), 1) << "the last one was opened when all were in the list of open ones";
  ASSERT_OK(transactions().Commit(fresh));
  ASSERT_OK(metastore_->Maintain());
  EXPECT_THAT(OpenOnes().invalid, SizeIs(2'000));
  clock_.Advance(kLease);
  ASSERT_OK(metastore_->Maintain());
  EXPECT_EQ(OpenOnes(), (TransactionList{.high_water_mark = fresh}));
  ExpectSound();
}

}  // namespace
}  // namespace lodestone::testing
