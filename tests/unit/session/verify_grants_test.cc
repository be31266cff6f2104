// Each rule of grants, and of the index of what is visible, is broken once, and found.
#include "catalog/record/grant_keys.h"
#include "catalog/session/context.h"
#include "lodestone/record/v1/grant.pb.h"
#include "tests/unit/session/fixture.h"
#include "tests/unit/session/violations.h"

namespace lodestone::testing {
namespace {

using enum Privilege;
using record::GrantedOn;
using record::v1::GrantsRecord;
using record::v1::VisibleEntry;
using Kind = Securable::Kind;

class VerifyGrantsTest : public SessionTest {
 protected:
  void Fill() {
    MakeHits();
    Add({{"1", "00"}});
    ASSERT_OK(session().CreateFunction(MakeFunction("web", "f")));
    for (const Securable& on :
         {Securable::Global(), Securable::Catalog(), Securable::Database("web"), Securable::Table(kHits),
          Securable::Column(kHits, "id"), Securable::Partition(kHits, {"1", "00"}), Securable::Function({"web", "f"}),
          Securable::Path("queues.q")}) {
      ASSERT_OK(metastore_->Local().Grant({.to = Grantee::User("bob"), .privileges = {kSelect, kInsert}, .on = on}));
    }
    hits_ = static_cast<uint64_t>(metastore_->Local().GetTable(kHits)->id());
    web_ = record::DatabaseId{static_cast<uint64_t>(metastore_->Local().GetDatabase("web")->id())};
    hive_ = record::CatalogId{static_cast<uint64_t>(metastore_->Local().GetCatalog("hive")->id())};
    on_hits_ = {.catalog = hive_, .database = web_, .object = hits_, .kind = Kind::kTable};
    key_ = record::GrantKey(on_hits_, kBob);
    seen_ = record::VisibleKey(hive_, web_, kBob, Kind::kTable, "hits");
  }
  // A grant like that on the table, on something else.
  void PutOn(store::Transaction& t, const std::function<void(GrantedOn*)>& change) {
    GrantedOn on = on_hits_;
    change(&on);
    t.Put(record::GrantKey(on, kBob), **t.Get(key_));
  }

  const Grantee kBob = Grantee::User("bob");
  uint64_t hits_ = 0;
  record::DatabaseId web_;
  record::CatalogId hive_;
  GrantedOn on_hits_;
  std::string key_, seen_;
};

TEST_F(VerifyGrantsTest, EachBrokenRuleIsFound) {
  using Txn = store::Transaction;
  const Violation violations[] = {
      {"nothing is broken", [](Txn&) {}, ""},
      {"records decode", [&](Txn& t) { t.Put(key_, "\x01\xff\xff"); }, "are no message of type"},
      {"a record has entries", [&](Txn& t) { session::PutRecord(t, key_, GrantsRecord()); }, "it has no entry"},
      {"privileges exist",
       [&](Txn& t) { Change<GrantsRecord>(t, key_, [](auto* r) { r->mutable_entries(1)->set_privilege(46); }); },
       "there is no privilege 46"},
      {"entries are in order",
       [&](Txn& t) { Change<GrantsRecord>(t, key_, [](auto* r) { r->mutable_entries()->SwapElements(0, 1); }); },
       "not in order"},
      {"each entry is there once",
       [&](Txn& t) { Change<GrantsRecord>(t, key_, [](auto* r) { *r->add_entries() = r->entries(1); }); },
       "or one is there twice, at number 2"},
      {"derived entries have a grantor",
       [&](Txn& t) { Change<GrantsRecord>(t, key_, [](auto* r) { r->mutable_entries(0)->set_derived(true); }); },
       "can't be derived"},
      {"the catalog exists", [&](Txn& t) { PutOn(t, [](GrantedOn* on) { on->catalog.value = 999; }); },
       "there is no catalog with the id 999"},
      {"the database exists", [&](Txn& t) { PutOn(t, [](GrantedOn* on) { on->database.value = 999; }); },
       "the catalog has no database with the id 999"},
      {"the table exists", [&](Txn& t) { PutOn(t, [](GrantedOn* on) { on->object = 999; }); },
       "the database has no table with the id 999"},
      {"the function exists", [&](Txn& t) { PutOn(t, [](GrantedOn* on) { on->kind = Kind::kFunction; }); },
       "the database has no function with the id"},
      {"the column exists",
       [&](Txn& t) {
         PutOn(t, [](GrantedOn* on) {
           on->kind = Kind::kColumn;
           on->leaf = "none";
         });
       },
       "the table has no such column"},
      {"the partition exists",
       [&](Txn& t) {
         PutOn(t, [](GrantedOn* on) {
           on->kind = Kind::kPartition;
           on->leaf = "7/00";
         });
       },
       "the table has no such partition"},
      {"what is granted is visible", [&](Txn& t) { t.Delete(seen_); },
       "table \"hits\" in database 3 of catalog 1, visible to user \"bob\": it is not there"},
      {"the database of what is granted is visible",
       [&](Txn& t) { t.Delete(record::VisibleDatabaseKey(hive_, kBob, web_)); }, "visible to user \"bob\": it is not"},
      {"what is visible was granted",
       [&](Txn& t) {
         t.Put(record::VisibleKey(hive_, web_, Grantee::User("eve"), Kind::kTable, "hits"), **t.Get(seen_));
       },
       "neither a grant nor an owner is behind it"},
      {"grants are counted", [&](Txn& t) { Change<VisibleEntry>(t, seen_, [](auto* e) { e->set_grants(2); }); },
       "found id: 4 grants: 2"},
      {"owners are noted",
       [&](Txn& t) {
         Change<VisibleEntry>(t, record::VisibleKey(hive_, web_, Grantee::User("ana"), Kind::kTable, "hits"),
                              [](auto* e) { e->set_owned(false); });
       },
       "owned: true"},
  };
  for (const auto& violation : violations) {
    SCOPED_TRACE(violation.rule);
    Reopen({});
    Fill();
    std::string all;
    ASSERT_NO_FATAL_FAILURE(FindAfter(*metastore_, violation.seed, &all));
    if (violation.finding.empty()) {
      EXPECT_EQ(all, "");
    } else {
      EXPECT_NE(all.find(violation.finding), std::string::npos) << "expected: " << violation.finding << "\nfound:\n"
                                                                << all;
    }
  }
}

}  // namespace
}  // namespace lodestone::testing
