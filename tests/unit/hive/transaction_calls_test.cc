// Transactions and write ids over the wire: what Hive's clients of 3.1 rely on.
#include <map>
#include <string>
#include <vector>

#include "bindings/hive/convert/transaction.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "catalog/base/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/unit/hive/call_fixture.h"

namespace lodestone::hive {
namespace {

using testing::CallTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

template <typename Request>
Request OfTxn(int64_t id) {
  Request request;
  request.__set_txnid(id);
  return request;
}

class TransactionCallsTest : public CallTest {
 protected:
  TransactionCallsTest() { store_options.clock = &clock; }
  // Before the clock, which it asks for the time.
  void TearDown() override { metastore.reset(); }
  std::vector<int64_t> Open(int32_t count, thrift::TxnType::type type = thrift::TxnType::DEFAULT) {
    thrift::OpenTxnRequest request;
    request.__set_num_txns(count);
    request.__set_user("ana");
    request.__set_hostname("host1");
    request.__set_agentInfo("writer 7");
    request.__set_txn_type(type);
    return Get<thrift::OpenTxnsResponse>("open_txns", request).txn_ids;
  }
  std::string Commit(int64_t id) { return Fail("commit_txn", OfTxn<thrift::CommitTxnRequest>(id)); }
  std::string Abort(int64_t id) { return Fail("abort_txn", OfTxn<thrift::AbortTxnRequest>(id)); }
  thrift::AllocateTableWriteIdsRequest Allocation(const std::vector<int64_t>& ids, const std::string& db = "web") {
    thrift::AllocateTableWriteIdsRequest request;
    request.__set_dbName(db);
    request.__set_tableName("hits");
    request.__set_txnIds(ids);
    return request;
  }
  // `transaction: write id, ...`
  std::string Allocate(const thrift::AllocateTableWriteIdsRequest& request) {
    std::string text;
    for (const auto& one :
         Get<thrift::AllocateTableWriteIdsResponse>("allocate_table_write_ids", request).txnToWriteIds) {
      text += base::StrCat(text.empty() ? "" : ", ", one.txnId, ": ", one.writeId);
    }
    return text;
  }
  thrift::TableValidWriteIds Valid(const thrift::GetValidWriteIdsRequest& request) {
    const auto lists = Get<thrift::GetValidWriteIdsResponse>("get_valid_write_ids", request).tblValidWriteIds;
    EXPECT_THAT(lists, SizeIs(1));
    return lists.size() == 1 ? lists[0] : thrift::TableValidWriteIds();
  }

  ManualClock clock{1'700'000'000'000};
};

TEST_F(TransactionCallsTest, TransactionsAreOpenedListedAndEnded) {
  ASSERT_THAT(Open(3), ElementsAre(1, 2, 3));
  ASSERT_THAT(Open(1, thrift::TxnType::READ_ONLY), ElementsAre(4));
  ASSERT_EQ(Abort(2), "");
  auto open = Get<thrift::GetOpenTxnsResponse>("get_open_txns");
  EXPECT_EQ(open.txn_high_water_mark, 4);
  EXPECT_THAT(open.open_txns, ElementsAre(1, 2, 3));
  EXPECT_EQ(open.min_open_txn, 1);
  EXPECT_EQ(open.abortedBits, std::string("\2"));
  EXPECT_THAT(Get<thrift::GetOpenTxnsResponse>("get_open_txns_req", thrift::GetOpenTxnsRequest()).open_txns,
              ElementsAre(1, 2, 3, 4));
  thrift::GetOpenTxnsRequest without;
  without.__set_excludeTxnTypes({thrift::TxnType::DEFAULT, thrift::TxnType::REPL_CREATED});
  EXPECT_THAT(Get<thrift::GetOpenTxnsResponse>("get_open_txns_req", without).open_txns, ElementsAre(4));

  const auto infos = Get<thrift::GetOpenTxnsInfoResponse>("get_open_txns_info");
  EXPECT_EQ(infos.txn_high_water_mark, 4);
  ASSERT_THAT(infos.open_txns, SizeIs(4));
  EXPECT_EQ(infos.open_txns[0].id, 1);
  EXPECT_EQ(infos.open_txns[0].state, thrift::TxnState::OPEN);
  EXPECT_EQ(infos.open_txns[0].user, "ana");
  EXPECT_EQ(infos.open_txns[0].hostname, "host1");
  EXPECT_EQ(infos.open_txns[0].agentInfo, "writer 7");
  EXPECT_EQ(infos.open_txns[0].startedTime, 1'700'000'000'000);
  EXPECT_EQ(infos.open_txns[1].state, thrift::TxnState::ABORTED);

  ASSERT_EQ(Commit(1), "");
  thrift::AbortTxnsRequest rest;
  rest.__set_txn_ids({1, 3, 999});  // those that are not open are passed over
  ASSERT_EQ(Fail("abort_txns", rest), "");
  open = Get<thrift::GetOpenTxnsResponse>("get_open_txns");
  EXPECT_THAT(open.open_txns, ElementsAre(2, 3));
  EXPECT_EQ(open.abortedBits, std::string("\3"));
  EXPECT_FALSE(open.__isset.min_open_txn);
}

TEST_F(TransactionCallsTest, EndsThatCannotBeAreTheirExceptions) {
  ASSERT_THAT(Open(2), ElementsAre(1, 2));
  ASSERT_EQ(Abort(1), "");
  EXPECT_EQ(Abort(1), "");
  EXPECT_THAT(Commit(1), StartsWith("2 "));    // TxnAborted
  EXPECT_THAT(Commit(999), StartsWith("1 "));  // NoSuchTxn
  EXPECT_THAT(Abort(999), StartsWith("1 "));   // NoSuchTxn
  ASSERT_EQ(Commit(2), "");
  EXPECT_EQ(Commit(2), "");                 // sent again
  EXPECT_THAT(Abort(2), StartsWith("1 "));  // NoSuchTxn
  thrift::AddDynamicPartitions written = OfTxn<thrift::AddDynamicPartitions>(2);
  EXPECT_THAT(Fail("add_dynamic_partitions", written), StartsWith("1 "));  // NoSuchTxn
  written.__set_txnid(1);
  EXPECT_THAT(Fail("add_dynamic_partitions", written), StartsWith("2 "));  // TxnAborted
  written.__set_txnid(Open(1).at(0));
  EXPECT_EQ(Fail("add_dynamic_partitions", written), "");
  const std::map<std::string, int64_t> read = {{"web.hits", 1}};
  EXPECT_EQ(Fail("add_write_ids_to_min_history", written.txnid, read), "");
  EXPECT_THAT(Fail("add_write_ids_to_min_history", int64_t{999}, read), StartsWith("1 "));  // Meta
}

TEST_F(TransactionCallsTest, ALeaseThatIsOverAborts) {
  ASSERT_THAT(Open(2), ElementsAre(1, 2));
  clock.Advance(200'000);
  thrift::HeartbeatRequest heartbeat;
  heartbeat.__set_txnid(2);
  ASSERT_EQ(Fail("heartbeat", heartbeat), "");
  clock.Advance(200'000);
  EXPECT_THAT(Commit(1), StartsWith("2 "));  // TxnAborted
  const auto open = Get<thrift::GetOpenTxnsResponse>("get_open_txns");
  EXPECT_THAT(open.open_txns, ElementsAre(1, 2));
  EXPECT_EQ(open.abortedBits, std::string("\1"));
  EXPECT_EQ(open.min_open_txn, 2);
  EXPECT_EQ(Commit(2), "");
}

TEST_F(TransactionCallsTest, RequestsThatMakeNoSenseAreRefused) {
  thrift::OpenTxnRequest open;
  open.__set_num_txns(0);
  EXPECT_THAT(Refused("open_txns", open), HasSubstr("open_txns"));
  open.__set_num_txns(1);
  open.__set_replPolicy("web.*");
  EXPECT_THAT(Refused("open_txns", open), HasSubstr("open_txns"));
  thrift::HeartbeatTxnRangeRequest range;
  range.__set_max(200'000);
  EXPECT_THAT(Refused("heartbeat_txn_range", range), HasSubstr("heartbeat_txn_range"));
  EXPECT_THAT(Get<thrift::GetOpenTxnsInfoResponse>("get_open_txns_info").open_txns, IsEmpty());
}

TEST_F(TransactionCallsTest, AnAccountOfOneCatalogWritesToItsOwn) {
  ASSERT_THAT(Open(1), ElementsAre(1));
  ASSERT_EQ(Allocate(Allocation({1})), "1: 1");
  connection.emplace(&*service, 2);
  connection->Authenticated({.principal = {.name = "bob"}, .catalog = "sales"});
  ASSERT_THAT(Open(2), ElementsAre(2, 3));
  EXPECT_EQ(Allocate(Allocation({2, 3})), "2: 1, 3: 2");
  EXPECT_THAT(Fail("allocate_table_write_ids", Allocation({2}, "@other#web")), StartsWith("3 "));  // Meta
  connection.emplace(&*service, 3);
  connection->Claim("ana", {});
  thrift::MaxAllocatedTableWriteIdRequest max;
  max.__set_tableName("hits");
  max.__set_dbName("web");
  EXPECT_EQ(Get<thrift::MaxAllocatedTableWriteIdResponse>("get_max_allocated_table_write_id", max).maxWriteId, 1);
  max.__set_dbName("@sales#web");
  EXPECT_EQ(Get<thrift::MaxAllocatedTableWriteIdResponse>("get_max_allocated_table_write_id", max).maxWriteId, 2);
}

TEST_F(TransactionCallsTest, HeartbeatsOfARangeTellWhichAreNotOpen) {
  ASSERT_THAT(Open(3), ElementsAre(1, 2, 3));
  ASSERT_EQ(Abort(1), "");
  ASSERT_EQ(Commit(2), "");
  thrift::HeartbeatTxnRangeRequest range;
  range.__set_min(1);
  range.__set_max(4);
  const auto answer = Get<thrift::HeartbeatTxnRangeResponse>("heartbeat_txn_range", range);
  EXPECT_THAT(answer.aborted, ElementsAre(1));
  EXPECT_THAT(answer.nosuch, ElementsAre(2, 4));
}

TEST_F(TransactionCallsTest, WriteIdsStayWithTheirTransaction) {
  ASSERT_THAT(Open(3), ElementsAre(1, 2, 3));
  EXPECT_EQ(Allocate(Allocation({1, 2})), "1: 1, 2: 2");
  EXPECT_EQ(Allocate(Allocation({2, 3})), "2: 2, 3: 3");
  EXPECT_EQ(Allocate(Allocation({3}, "@sales#web")), "3: 1");
  thrift::AllocateTableWriteIdsRequest again = Allocation({2});
  again.__set_reallocate(true);
  EXPECT_EQ(Allocate(again), "2: 4");
  thrift::MaxAllocatedTableWriteIdRequest max;
  max.__set_dbName("Web");
  max.__set_tableName("HITS");
  EXPECT_EQ(Get<thrift::MaxAllocatedTableWriteIdResponse>("get_max_allocated_table_write_id", max).maxWriteId, 4);
  max.__set_tableName("none");
  EXPECT_EQ(Get<thrift::MaxAllocatedTableWriteIdResponse>("get_max_allocated_table_write_id", max).maxWriteId, 0);

  EXPECT_THAT(Fail("allocate_table_write_ids", Allocation({999})), StartsWith("1 "));  // NoSuchTxn
  ASSERT_EQ(Abort(1), "");
  EXPECT_THAT(Fail("allocate_table_write_ids", Allocation({1})), StartsWith("2 "));  // TxnAborted
  const int64_t reader = Open(1, thrift::TxnType::READ_ONLY).at(0);
  EXPECT_THAT(Fail("allocate_table_write_ids", Allocation({reader})), StartsWith("3 "));  // Meta
  thrift::AllocateTableWriteIdsRequest replicated = Allocation({2});
  replicated.__set_replPolicy("web.*");
  EXPECT_THAT(Fail("allocate_table_write_ids", replicated), StartsWith("3 "));  // Meta
}

TEST_F(TransactionCallsTest, ValidWriteIdsFollowTheReader) {
  ASSERT_THAT(Open(4), ElementsAre(1, 2, 3, 4));
  ASSERT_EQ(Allocate(Allocation({1, 2, 3, 4})), "1: 1, 2: 2, 3: 3, 4: 4");
  ASSERT_EQ(Commit(1), "");
  ASSERT_EQ(Abort(2), "");
  thrift::GetValidWriteIdsRequest request;
  request.__set_fullTableNames({"Web.hits"});
  auto now = Valid(request);
  EXPECT_EQ(now.fullTableName, "Web.hits");
  EXPECT_EQ(now.writeIdHighWaterMark, 4);
  EXPECT_THAT(now.invalidWriteIds, ElementsAre(2, 3, 4));
  EXPECT_EQ(now.abortedBits, std::string("\1"));
  EXPECT_EQ(now.minOpenWriteId, 3);
  // A list that the client took before: transaction 1 was open then.
  request.__set_validTxnList("4:1:1,3,4:2");
  EXPECT_THAT(Valid(request).invalidWriteIds, ElementsAre(1, 2, 3, 4));
  // Inside of the transaction that has write id 3: it sees its own.
  request = {};
  request.__set_fullTableNames({"web.hits"});
  request.__set_writeId(3);
  const auto own = Valid(request);
  EXPECT_EQ(own.writeIdHighWaterMark, 3);
  EXPECT_THAT(own.invalidWriteIds, ElementsAre(2));
  request.__set_fullTableNames({"web.none"});
  EXPECT_THAT(Fail("get_valid_write_ids", request), StartsWith("2 "));  // Meta
  request = {};
  request.__set_fullTableNames({"nodot"});
  EXPECT_THAT(Fail("get_valid_write_ids", request), StartsWith("2 "));  // Meta
  request.__set_fullTableNames({"web.hits"});
  request.__set_validTxnList("no list");
  EXPECT_THAT(Fail("get_valid_write_ids", request), StartsWith("2 "));  // Meta
  request.__set_fullTableNames({});
  request.__set_validTxnList("");
  EXPECT_THAT(Get<thrift::GetValidWriteIdsResponse>("get_valid_write_ids", request).tblValidWriteIds, IsEmpty());
}

TEST_F(TransactionCallsTest, NothingIsCompacted) {
  EXPECT_THAT(Get<thrift::ShowCompactResponse>("show_compact", thrift::ShowCompactRequest()).compacts, IsEmpty());
}

TEST(TransactionConvertTest, BitsAreOfTheirIdsAndEndWithTheLastOne) {
  EXPECT_EQ(ToBits({}), "");
  EXPECT_EQ(ToBits({false, false}), "");
  EXPECT_EQ(ToBits({true, false, true}), "\5");
  std::vector<bool> wide(20);
  wide[7] = wide[9] = true;
  EXPECT_EQ(ToBits(wide), "\x80\2");
}

TEST(TransactionConvertTest, ReplicationIsRefused) {
  thrift::OpenTxnRequest open;
  EXPECT_OK(ToModel(open));
  open.__set_replPolicy("web.*");
  EXPECT_TRUE(absl::IsInvalidArgument(ToModel(open).status()));
  open = {};
  open.__set_txn_type(thrift::TxnType::REPL_CREATED);
  EXPECT_TRUE(absl::IsInvalidArgument(ToModel(open).status()));
  thrift::CommitTxnRequest commit;
  commit.__set_replPolicy("web.*");
  EXPECT_TRUE(absl::IsInvalidArgument(ToModel(commit).status()));
  commit = {};
  commit.__set_keyValue({});
  EXPECT_TRUE(absl::IsInvalidArgument(ToModel(commit).status()));
  thrift::AbortTxnRequest abort;
  abort.__set_replPolicy("web.*");
  EXPECT_TRUE(absl::IsInvalidArgument(ToModel(abort).status()));
}

}  // namespace
}  // namespace lodestone::hive
