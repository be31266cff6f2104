// Each rule about locks, transactions and write ids is broken once, and found.
#include <functional>

#include "tests/unit/session/violations.h"
#include "tests/unit/transaction/fixture.h"

namespace lodestone::testing {
namespace {

using record::WriteSpace;
using record::v1::AllocatedWriteId;
using record::v1::LockComponents;
using record::v1::LockRecord;
using record::v1::TransactionNumbers;
using record::v1::TransactionRecord;
using record::v1::WriteIdRecord;
using record::v1::WriteIdState;

class VerifyTransactionsTest : public TransactionsTest {
 protected:
  // Lock 1 is acquired, 2 waits for it; transactions 1, 2, 3, 4 are open, aborted, committed, open; 1 has write id 1
  // of `web.hits`, 2 has the 2nd, 4 has the 1st of a table that is not there.
  void SetUp() override {
    MakeHits();
    ASSERT_OK(transactions().Open({.count = 3}));
    WriteId({.database = "web", .table = "hits"}, 1);
    WriteId({.database = "web", .table = "hits"}, 2);
    Lock("web.hits", LockType::kExclusive);
    Lock("web.hits", LockType::kExclusive, 1);
    ASSERT_OK(transactions().Abort(2));
    ASSERT_OK(transactions().Commit(3));
    Open();
    WriteId({.database = "web", .table = "next"}, 4);
    const auto table = session().GetTable(kHits);
    ASSERT_OK(table);
    hits_ = {.table = record::TableId{static_cast<uint64_t>(table->id())}};
    ExpectSound();
  }
  std::string FindingsOf(const std::function<void(store::Transaction&)>& seed) {
    store::Store& store = metastore_->impl()->store();
    const auto before = store.Snapshot();
    std::string all;
    FindAfter(*metastore_, seed, &all);
    auto back = store.Begin();
    EXPECT_OK(back);
    (*back)->DeleteRange({});
    const auto cursor = before->NewCursor({});
    for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) (*back)->Put(cursor->key(), cursor->value());
    EXPECT_OK((*back)->Commit(store::Durability::kSync));
    return all;
  }
  template <typename Message>
  static std::function<void(store::Transaction&)> Changing(const std::string& key,
                                                           std::function<void(Message*)> change) {
    return [=](store::Transaction& txn) { Change<Message>(txn, key, change); };
  }

  WriteSpace hits_;
  const WriteSpace next_{.table = {}, .catalog = "hive", .database = "web", .name = "next"};
};

TEST_F(VerifyTransactionsTest, EveryRuleIsChecked) {
  const std::string damaged = "\x01\xFF";
  const auto put = [](const std::string& key, std::string value) {
    return [=](store::Transaction& txn) { txn.Put(key, value); };
  };
  const auto gone = [](const std::string& key) { return [=](store::Transaction& txn) { txn.Delete(key); }; };
  const auto numbers = [](std::function<void(TransactionNumbers*)> change) {
    return Changing<TransactionNumbers>(record::TransactionNumbersKey(), std::move(change));
  };
  const auto lock = [](std::function<void(LockRecord*)> change) {
    return Changing<LockRecord>(record::LockKey(2), std::move(change));
  };
  const auto component = [](std::function<void(LockComponents::Component*)> change) {
    return Changing<LockComponents>(record::LockComponentsKey(1),
                                    [=](LockComponents* all) { change(all->mutable_components(0)); });
  };
  const auto open = [](int64_t id, std::function<void(TransactionRecord*)> change) {
    return Changing<TransactionRecord>(record::OpenTransactionKey(id), std::move(change));
  };
  const std::string allocated = record::AllocatedWriteIdKey(1, hits_);
  const Violation cases[] = {
      {"the numbers", put(record::TransactionNumbersKey(), damaged), "numbers of locks and transactions"},
      {"the next lock", numbers([](auto* n) { n->set_next_lock(2); }), "lock 2: the next lock is 2"},
      {"the next transaction", numbers([](auto* n) { n->set_next_transaction(4); }),
       "open transaction 4: the next transaction is 4"},
      {"the first open one", numbers([](auto* n) { n->set_first_open(2); }),
       "open transaction 1: the first open one is said to be 2"},
      {"the first committed one", numbers([](auto* n) { n->set_first_committed(4); }),
       "committed transaction 3: the first committed one is said to be 4"},
      {"a lock's record", put(record::LockKey(1), damaged), "lock 1"},
      {"a lock's components", gone(record::LockComponentsKey(1)), "lock 1: its components are not there"},
      {"components' record", put(record::LockComponentsKey(1), damaged), "components of lock 1"},
      {"components' lock", gone(record::LockKey(1)), "components of lock 1: there is no such lock"},
      {"a lock's transaction", lock([](auto* l) { l->set_transaction(3); }), "its transaction 3 is not open"},
      {"acquired or waiting", lock([](auto* l) { l->set_acquired(true); }), "it is acquired, and waits for another"},
      {"waits for earlier ones", lock([](auto* l) { l->set_blocked_by_lock(2); }), "it waits for a later one, 2"},
      {"some components",
       Changing<LockComponents>(record::LockComponentsKey(1), [](auto* all) { all->clear_components(); }),
       "components of lock 1: there are none"},
      {"a component's type", component([](auto* c) { c->set_type(5); }), "there is no type 5"},
      {"a component's case", component([](auto* c) { c->set_table("Hits"); }), "it has upper case: \"Hits\""},
      {"a component's names", component([](auto* c) { c->clear_database(); }), "a name is missing in it"},
      {"a partition's table", component([](auto* c) {
         c->clear_table();
         c->set_partition("dt=1");
       }),
       "a name is missing in it"},
      {"a transaction's record", put(record::OpenTransactionKey(1), damaged), "open transaction 1"},
      {"one state", put(record::CommittedTransactionKey(2), "\x01"), "aborted transaction 2: it is in another state"},
      {"what it saw open", open(4, [](auto* t) { t->set_min_history(5); }), "is said to be 5"},
      {"in order", open(1, [](auto* t) { t->set_min_history(0); }), "is said to be 0"},
      {"never less",
       [&](store::Transaction& txn) {
         open(1, [](auto* t) { t->set_min_history(1); })(txn);
         open(4, [](auto* t) { t->set_min_history(0); })(txn);
       },
       "the one before it was, 1 was the least"},
      {"an allocated one's record", put(allocated, damaged), "write id of transaction 1 in table"},
      {"an allocated one's transaction", gone(record::OpenTransactionKey(4)),
       "write id of transaction 4 in table \"next\" of database \"web\" in catalog \"hive\", which is not there,: the "
       "transaction is not there"},
      {"an allocated one's write id", Changing<AllocatedWriteId>(allocated, [](auto* a) { a->set_write_id(2); }),
       "write id 2 is not its"},
      {"an unborn one's write id", gone(record::WriteIdKey(next_, 1)), "write id 1 is not its"},
      {"a write id's record", put(record::WriteIdKey(hits_, 1), damaged), "write id 1: 1 bytes are no message"},
      {"a write id's transaction", gone(record::AbortedTransactionKey(2)), "there is no transaction 2"},
      {"the other side", gone(allocated), "transaction 1 does not know of it"},
      {"a table's state", gone(record::WriteIdStateKey(hits_)), "its table says nothing of write ids"},
      {"a table's state's record", put(record::WriteIdStateKey(hits_), damaged), "write ids: 1 bytes are no message"},
      {"the next write id", Changing<WriteIdState>(record::WriteIdStateKey(hits_), [](auto* s) { s->set_next(2); }),
       "write id 2: expected one from 1 on and below 2"},
      {"the first write id", Changing<WriteIdState>(record::WriteIdStateKey(hits_), [](auto* s) { s->set_first(2); }),
       "write id 1: expected one from 2 on and below 3"},
      {"an unborn state", gone(record::WriteIdStateKey(next_)), "its table says nothing of write ids"},
      {"an unborn state's record", put(record::WriteIdStateKey(next_), damaged), "which is not there, write ids"},
      {"a table of a write id", put(record::WriteIdKey({.table = {999}}, 1), "\x01"), "no name leads to its table"},
      {"a key of a lock", put(record::LockKey(0), "\x01"), "the key follows no rule of the layout"},
      {"a key of an unborn table",
       put(record::WriteIdStateKey({.catalog = "hive", .database = "W", .name = "n"}), "\x01"),
       "the key follows no rule of the layout"},
      {"a key of an allocated one", put(record::AllocatedWriteIdKey(0, hits_), "\x01"),
       "the key follows no rule of the layout"},
  };
  for (const Violation& c : cases) {
    SCOPED_TRACE(c.rule);
    EXPECT_THAT(FindingsOf(c.seed), ::testing::HasSubstr(c.finding));
  }
  ExpectSound();
}

}  // namespace
}  // namespace lodestone::testing
