// Locks and heartbeats over the wire, as clients that commit under a lock use them.
#include <string>
#include <vector>

#include "bindings/hive/idl/hive_metastore_types.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/unit/hive/call_fixture.h"

namespace lodestone::hive {
namespace {

using testing::CallTest;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

thrift::LockRequest Exclusive(const std::string& database, const std::string& table = "") {
  thrift::LockComponent component;
  component.__set_type(thrift::LockType::EXCLUSIVE);
  component.__set_level(table.empty() ? thrift::LockLevel::DB : thrift::LockLevel::TABLE);
  component.__set_dbname(database);
  if (!table.empty()) component.__set_tablename(table);
  thrift::LockRequest request;
  request.__set_component({component});
  request.__set_user("ana");
  request.__set_hostname("host1");
  request.__set_agentInfo("writer 7");
  return request;
}

template <typename Request>
Request OfLock(int64_t lock) {
  Request request;
  request.__set_lockid(lock);
  return request;
}

class LockCallsTest : public CallTest {
 protected:
  thrift::LockResponse Lock(const thrift::LockRequest& request) { return Get<thrift::LockResponse>("lock", request); }
  thrift::LockResponse Check(int64_t lock) {
    return Get<thrift::LockResponse>("check_lock", OfLock<thrift::CheckLockRequest>(lock));
  }
  std::string Unlock(int64_t lock) { return Fail("unlock", OfLock<thrift::UnlockRequest>(lock)); }
  std::vector<thrift::ShowLocksResponseElement> Show(const thrift::ShowLocksRequest& request = {}) {
    return Get<thrift::ShowLocksResponse>("show_locks", request).locks;
  }
  int64_t Open() {
    const auto opened = metastore->TransactionsAs().Open({});
    EXPECT_OK(opened);
    return opened.ok() ? opened->at(0) : 0;
  }
};

TEST_F(LockCallsTest, TheSecondWaitsUntilTheFirstIsUnlocked) {
  const auto first = Lock(Exclusive("Web", "Hits"));
  EXPECT_EQ(first.state, thrift::LockState::ACQUIRED);
  const auto second = Lock(Exclusive("web", "hits"));
  EXPECT_EQ(second.state, thrift::LockState::WAITING);
  EXPECT_NE(second.lockid, first.lockid);
  EXPECT_EQ(Check(second.lockid).state, thrift::LockState::WAITING);
  EXPECT_EQ(Lock(Exclusive("web", "other")).state, thrift::LockState::ACQUIRED);
  ASSERT_EQ(Unlock(first.lockid), "");
  EXPECT_EQ(Check(second.lockid).state, thrift::LockState::ACQUIRED);
  ASSERT_EQ(Unlock(second.lockid), "");
  EXPECT_EQ(Lock(Exclusive("web", "hits")).state, thrift::LockState::ACQUIRED);
}

TEST_F(LockCallsTest, TheKindsExcludeEachOther) {
  using T = thrift::LockType;
  const struct {
    T::type held, asked;
    bool together;
  } kCases[] = {
      {T::SHARED_READ, T::SHARED_READ, true},   {T::SHARED_READ, T::SHARED_WRITE, true},
      {T::SHARED_READ, T::EXCL_WRITE, true},    {T::SHARED_READ, T::EXCLUSIVE, false},
      {T::SHARED_WRITE, T::SHARED_WRITE, true}, {T::SHARED_WRITE, T::EXCL_WRITE, false},
      {T::EXCL_WRITE, T::EXCL_WRITE, false},    {T::EXCLUSIVE, T::SHARED_READ, false},
  };
  int table = 0;
  for (const auto& [held, asked, together] : kCases) {
    thrift::LockRequest request = Exclusive("web", "t" + std::to_string(++table));
    request.component[0].__set_type(held);
    ASSERT_EQ(Lock(request).state, thrift::LockState::ACQUIRED);
    request.component[0].__set_type(asked);
    EXPECT_EQ(Lock(request).state, together ? thrift::LockState::ACQUIRED : thrift::LockState::WAITING)
        << held << " and then " << asked;
    thrift::ShowLocksRequest on;
    on.__set_dbname("web");
    on.__set_tablename(request.component[0].tablename);
    const auto shown = Show(on);
    ASSERT_THAT(shown, SizeIs(2));
    EXPECT_EQ(shown[0].type, held);
    EXPECT_EQ(shown[1].type, asked);
  }
}

TEST_F(LockCallsTest, UnknownLocksAndTransactionsAreTheirExceptions) {
  EXPECT_THAT(Unlock(999), StartsWith("1 "));                                                // NoSuchLock
  EXPECT_THAT(Fail("check_lock", OfLock<thrift::CheckLockRequest>(999)), StartsWith("3 "));  // NoSuchLock
  EXPECT_THAT(Fail("heartbeat", OfLock<thrift::HeartbeatRequest>(999)), StartsWith("1 "));   // NoSuchLock
  thrift::HeartbeatRequest beat;
  beat.__set_txnid(999);
  EXPECT_THAT(Fail("heartbeat", beat), StartsWith("2 "));  // NoSuchTxn
  thrift::LockRequest of_none = Exclusive("web");
  of_none.__set_txnid(999);
  EXPECT_THAT(Fail("lock", of_none), StartsWith("1 "));  // NoSuchTxn
  const int64_t txn = Open();
  ASSERT_OK(metastore->TransactionsAs().Abort(txn));
  of_none.__set_txnid(txn);
  EXPECT_THAT(Fail("lock", of_none), StartsWith("2 "));  // TxnAborted
  beat.__set_txnid(txn);
  EXPECT_THAT(Fail("heartbeat", beat), StartsWith("3 "));  // TxnAborted
}

TEST_F(LockCallsTest, ALockOfATransactionIsHeldToItsEnd) {
  thrift::LockRequest request = Exclusive("web", "hits");
  request.__set_txnid(Open());
  const auto lock = Lock(request);
  ASSERT_EQ(lock.state, thrift::LockState::ACQUIRED);
  EXPECT_THAT(Unlock(lock.lockid), StartsWith("2 "));  // TxnOpen
  thrift::HeartbeatRequest beat = OfLock<thrift::HeartbeatRequest>(lock.lockid);
  beat.__set_txnid(request.txnid);
  EXPECT_EQ(Fail("heartbeat", beat), "");
  ASSERT_OK(metastore->TransactionsAs().Commit(request.txnid));
  EXPECT_EQ(Lock(Exclusive("web", "hits")).state, thrift::LockState::ACQUIRED);
}

TEST_F(LockCallsTest, WhoIsNotToWaitHearsWhatIsInTheWay) {
  ASSERT_EQ(Lock(Exclusive("web", "hits")).state, thrift::LockState::ACQUIRED);
  const struct {
    bool no_wait_for_reads, no_wait;
    thrift::LockType::type type;
    thrift::LockState::type expected;
  } kCases[] = {
      {false, false, thrift::LockType::SHARED_READ, thrift::LockState::WAITING},
      {true, false, thrift::LockType::SHARED_READ, thrift::LockState::NOT_ACQUIRED},
      {true, false, thrift::LockType::EXCLUSIVE, thrift::LockState::WAITING},
      {false, true, thrift::LockType::EXCLUSIVE, thrift::LockState::NOT_ACQUIRED},
  };
  for (const auto& [reads, always, type, expected] : kCases) {
    thrift::LockRequest request = Exclusive("web", "hits");
    request.component[0].__set_type(type);
    request.__set_txnid(Open());
    request.__set_zeroWaitReadEnabled(reads);
    request.__set_exclusiveCTAS(always);
    const auto lock = Lock(request);
    EXPECT_EQ(lock.state, expected) << reads << always << type;
    EXPECT_EQ(lock.errorMessage.empty(), expected == thrift::LockState::WAITING);
    ASSERT_OK(metastore->TransactionsAs().Abort(request.txnid));
  }
}

TEST_F(LockCallsTest, LocksAreShownWithWhoHoldsThemAndWhoIsInTheWay) {
  thrift::LockRequest request = Exclusive("web", "hits");
  request.component[0].__set_partitionname("dt=2026-01-05");
  const auto held = Lock(request);
  const auto waiting = Lock(Exclusive("web", "hits"));
  ASSERT_EQ(waiting.state, thrift::LockState::WAITING);
  const auto shown = Show();
  ASSERT_THAT(shown, SizeIs(2));
  EXPECT_EQ(shown[0].lockid, held.lockid);
  EXPECT_EQ(shown[0].dbname, "web");
  EXPECT_EQ(shown[0].tablename, "hits");
  EXPECT_EQ(shown[0].partname, "dt=2026-01-05");
  EXPECT_EQ(shown[0].state, thrift::LockState::ACQUIRED);
  EXPECT_EQ(shown[0].type, thrift::LockType::EXCLUSIVE);
  EXPECT_GT(shown[0].lastheartbeat, 1'000'000'000'000);
  EXPECT_TRUE(shown[0].__isset.acquiredat);
  EXPECT_FALSE(shown[0].__isset.txnid);
  EXPECT_FALSE(shown[0].__isset.blockedByExtId);
  EXPECT_EQ(shown[0].user, "ana");
  EXPECT_EQ(shown[0].hostname, "host1");
  EXPECT_EQ(shown[0].agentInfo, "writer 7");
  EXPECT_EQ(shown[0].lockIdInternal, 1);
  EXPECT_EQ(shown[1].state, thrift::LockState::WAITING);
  EXPECT_FALSE(shown[1].__isset.partname);
  EXPECT_FALSE(shown[1].__isset.acquiredat);
  EXPECT_EQ(shown[1].blockedByExtId, held.lockid);
  EXPECT_EQ(shown[1].blockedByIntId, 1);
  thrift::ShowLocksRequest elsewhere;
  elsewhere.__set_dbname("web");
  elsewhere.__set_tablename("other");
  EXPECT_THAT(Show(elsewhere), IsEmpty());
}

TEST_F(LockCallsTest, CatalogsDoNotGetInEachOthersWay) {
  ASSERT_EQ(Lock(Exclusive("web", "hits")).state, thrift::LockState::ACQUIRED);
  EXPECT_EQ(Lock(Exclusive("@hive#web", "hits")).state, thrift::LockState::WAITING);
  const auto other = Lock(Exclusive("@sales#web", "hits"));
  EXPECT_EQ(other.state, thrift::LockState::ACQUIRED);
  for (const char* name : {"@sales#", "@sales#web"}) {
    thrift::ShowLocksRequest in_sales;
    in_sales.__set_dbname(name);
    const auto shown = Show(in_sales);
    ASSERT_THAT(shown, SizeIs(1)) << name;
    EXPECT_EQ(shown[0].lockid, other.lockid);
    EXPECT_EQ(shown[0].dbname, "web");
  }
  EXPECT_THAT(Show(), SizeIs(2));
}

TEST_F(LockCallsTest, AnAccountOfOneCatalogIsInThat) {
  connection->Authenticated({.principal = {.name = "eve"}, .catalog = "sales"});
  const auto lock = Lock(Exclusive("web", "hits"));
  ASSERT_EQ(lock.state, thrift::LockState::ACQUIRED);
  const auto locks = metastore->TransactionsAs().ShowLocks();
  ASSERT_OK(locks);
  ASSERT_THAT(*locks, SizeIs(1));
  EXPECT_EQ(locks->at(0).on.catalog, "sales");
  EXPECT_THAT(Show(), SizeIs(1));
}

}  // namespace
}  // namespace lodestone::hive
