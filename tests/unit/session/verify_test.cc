// Each rule of the layout is broken once, and found.
#include "catalog/base/coding.h"
#include "catalog/session/context.h"
#include "tests/unit/session/fixture.h"
#include "tests/unit/session/violations.h"

namespace lodestone::testing {
namespace {

using record::v1::DroppedObject;

class VerifyTest : public SessionTest {
 protected:
  // A store that has something of each kind.
  void Fill() {
    MakeHits();
    Add({{"1", "00"}, {"2", "00"}});
    ASSERT_OK(session().CreateTable(MakeTable("web", "users")));
    model::v1::Constraint pk;
    pk.set_kind(model::v1::Constraint::PRIMARY_KEY);
    pk.set_name("pk");
    pk.add_columns("id");
    ASSERT_OK(session().AddConstraints({"web", "users"}, std::vector{pk}));
    model::v1::Constraint fk = pk;
    fk.set_kind(model::v1::Constraint::FOREIGN_KEY);
    fk.set_name("fk");
    fk.set_parent_table("users");
    fk.add_parent_columns("id");
    ASSERT_OK(session().AddConstraints(kHits, std::vector{fk}));
    model::v1::ColumnStatistics statistics;
    statistics.set_column("id");
    ASSERT_OK(session().UpdateTableStatistics(kHits, std::vector{statistics}));
    ASSERT_OK(session().UpdatePartitionStatistics(kHits, Names{"1", "00"}, std::vector{statistics}));
    ASSERT_OK(session().CreateFunction(MakeFunction("web", "f")));
    ASSERT_OK(session().CreateTable(MakeTable("web", "gone", {"dt"})));
    ASSERT_OK(session().DropTable({"web", "gone"}));
    // An id that was given to something that is gone for good.
    ASSERT_OK(session().CreateDatabase(MakeDatabase("aside")));
    nobody_ = static_cast<uint64_t>(session().GetDatabase("aside")->id());
    ASSERT_OK(session().DropDatabase("aside", {.purge = Purge::kYes}));
    hits_ = record::TableId{static_cast<uint64_t>(session().GetTable(kHits)->id())};
    users_ = record::TableId{static_cast<uint64_t>(session().GetTable({"web", "users"})->id())};
    web_ = record::DatabaseId{static_cast<uint64_t>(session().GetDatabase("web")->id())};
    hive_ = record::CatalogId{static_cast<uint64_t>(session().GetCatalog("hive")->id())};
    set_ = record::SetId{session::ReadPartitionSet(*Snapshot(), hits_)->set_id()};
    nobody_text_ = std::to_string(nobody_);
    dropped_key_ = DroppedKey();
    database_key_ = record::DatabaseNameKey(hive_, "web");
    table_key_ = record::TableNameKey(web_, "hits");
    fk_key_ = record::ConstraintKey(hits_, "fk");
  }
  std::shared_ptr<const store::Reader> Snapshot() { return metastore_->impl()->store().Snapshot(); }

  void ExpectFound(std::initializer_list<Violation> violations);

  template <typename Message>
  Message Read(const std::string& key) {
    auto found = session::ReadRecord<Message>(*Snapshot(), key);
    EXPECT_OK(found);
    EXPECT_TRUE(found.ok() && found->has_value()) << record::Describe(key);
    return found.ok() && found->has_value() ? **found : Message();
  }
  // The key of the only dropped object.
  std::string DroppedKey() {
    const auto cursor = Snapshot()->NewCursor(record::DroppedObjects());
    cursor->SeekToFirst();
    return std::string(cursor->key());
  }

  record::TableId hits_, users_;
  record::DatabaseId web_;
  record::CatalogId hive_;
  record::SetId set_;
  uint64_t nobody_ = 0;      // an id that nothing has
  std::string nobody_text_;  // the same in decimal
  std::string dropped_key_, database_key_, table_key_, fk_key_;
};

TEST_F(VerifyTest, ASoundStoreHasNoFindings) {
  Fill();
  ExpectSound();
}

// Seeds each violation into a sound store of its own, and looks for what verify says of it.
void VerifyTest::ExpectFound(std::initializer_list<Violation> violations) {
  for (const Violation& violation : violations) {
    SCOPED_TRACE(violation.rule);
    Reopen({});
    Fill();
    std::string all;
    ASSERT_NO_FATAL_FAILURE(FindAfter(*metastore_, violation.seed, &all));
    EXPECT_NE(all.find(violation.finding), std::string::npos) << "expected: " << violation.finding << "\nfound:\n"
                                                              << all;
  }
}

TEST_F(VerifyTest, EachBrokenRuleOfTheStoreCatalogsAndDatabasesIsFound) {
  using Txn = store::Transaction;
  Fill();
  ExpectFound({
      {"well-formed keys", [&](Txn& t) { t.Put("\x99what", "x"); }, "follows no rule"},
      {"a header", [&](Txn& t) { t.Delete(record::HeaderKey()); }, "it has no header"},
      {"the format",
       [&](Txn& t) {
         Change<record::v1::StoreHeader>(t, record::HeaderKey(), [&](auto* h) { h->set_format_version(0); });
       },
       "expected format 3, found 0"},
      {"records decode", [&](Txn& t) { t.Put(record::TableKey(users_), "\x01\xff\xff"); }, "table"},
      {"a sequence", [&](Txn& t) { t.Delete(record::ObjectSequenceKey()); }, "no sequence of ids"},
      {"the sequence is greater than every id",
       [&](Txn& t) { Change<record::v1::Sequence>(t, record::ObjectSequenceKey(), [&](auto* s) { s->set_next(4); }); },
       "the next id is 4"},
      {"a catalog has an id",
       [&](Txn& t) {
         Change<record::v1::CatalogRecord>(t, record::CatalogNameKey("hive"),
                                           [&](auto* c) { c->mutable_catalog()->set_id(0); });
       },
       "its id is 0"},
      {"ids of catalogs are unique",
       [&](Txn& t) { t.Put(record::CatalogNameKey("twin"), **t.Get(record::CatalogNameKey("hive"))); },
       "is also that of catalog \"hive\""},
      {"a database's catalog exists",
       [&](Txn& t) { t.Put(record::DatabaseNameKey({nobody_}, "lost"), **t.Get(database_key_)); },
       "there is no catalog with the id " + nobody_text_},
      {"a database has one name",
       [&](Txn& t) { t.Put(record::DatabaseNameKey(hive_, "twin"), **t.Get(database_key_)); }, "and so does \"twin\""},
      {"a database's name leads to a record", [&](Txn& t) { t.Delete(record::DatabaseKey(web_)); },
       "the name of database \"web\" leads to the id"},
      {"a database's record has a name",
       [&](Txn& t) { t.Put(record::DatabaseKey({nobody_}), **t.Get(record::DatabaseKey(web_))); },
       "no name leads to it"},
      {"a database's record says its catalog",
       [&](Txn& t) {
         Change<record::v1::DatabaseRecord>(t, record::DatabaseKey(web_), [&](auto* d) { d->set_catalog_id(nobody_); });
       },
       "it says that it is of catalog " + nobody_text_},
      {"a database's record says its name",
       [&](Txn& t) {
         Change<record::v1::DatabaseRecord>(t, record::DatabaseKey(web_), [&](auto* d) { d->set_name("net"); });
       },
       "it says that it is \"net\""},
  });
}

TEST_F(VerifyTest, EachBrokenRuleOfTablesAndTheirPartitionsIsFound) {
  using Txn = store::Transaction;
  Fill();
  ExpectFound({
      {"a table's database exists",
       [&](Txn& t) { t.Put(record::TableNameKey({nobody_}, "lost"), **t.Get(table_key_)); },
       "there is no database with the id " + nobody_text_},
      {"a table has one name", [&](Txn& t) { t.Put(record::TableNameKey(web_, "twin"), **t.Get(table_key_)); },
       "and so does \"hits\""},
      {"a table's name leads to a record", [&](Txn& t) { t.Delete(record::TableKey(users_)); },
       "the name of table \"users\" leads to the id"},
      {"a table's parts have a name",
       [&](Txn& t) { t.Put(record::TableKey({nobody_}), **t.Get(record::TableKey(users_))); },
       "no name leads to its table"},
      {"a table's record says its database",
       [&](Txn& t) {
         Change<record::v1::TableRecord>(t, record::TableKey(users_), [&](auto* r) { r->set_database_id(nobody_); });
       },
       "it says that it is of database " + nobody_text_},
      {"a table's record says its name",
       [&](Txn& t) {
         Change<record::v1::TableRecord>(t, record::TableKey(users_), [&](auto* r) { r->set_name("x"); });
       },
       "it says that it is \"x\""},
      {"a table's entry repeats its record",
       [&](Txn& t) { Change<record::v1::TableEntry>(t, table_key_, [&](auto* e) { e->set_owner("eve"); }); },
       "the entry under its name says something else"},
      {"types of partition keys can be read",
       [&](Txn& t) {
         Change<record::v1::TableRecord>(t, record::TableKey(hits_), [&](auto* r) {
           r->mutable_table()->mutable_partition_keys(0)->set_type("?");
         });
       },
       "the type of partition key \"dt\" can't be read"},
      {"a partitioned table has a set", [&](Txn& t) { t.Delete(record::PartitionSetKey(hits_)); },
       "it has partition keys, and no partition set"},
      {"another table has none",
       [&](Txn& t) {
         record::v1::PartitionSet set;
         set.set_set_id(nobody_);
         session::PutRecord(t, record::PartitionSetKey(users_), set);
       },
       "it has a partition set, and no partition keys"},
      {"a set belongs to one table",
       [&](Txn& t) { t.Put(record::PartitionSetKey(users_), **t.Get(record::PartitionSetKey(hits_))); },
       "is also that of table"},
      {"a set has an id",
       [&](Txn& t) {
         Change<record::v1::PartitionSet>(t, record::PartitionSetKey(hits_), [&](auto* s) { s->set_set_id(0); });
       },
       "the id of its set is 0"},
      {"partitions belong to a set", [&](Txn& t) { t.Put(record::KeyPageKey({nobody_}, "a"), "x"); },
       "no table refers to its partition set"},
      {"a set knows its number of partitions",
       [&](Txn& t) {
         Change<record::v1::PartitionSet>(t, record::PartitionSetKey(hits_), [&](auto* s) { s->set_partitions(7); });
       },
       "partitions of table web.hits"},
      {"pages decode", [&](Txn& t) { t.Put(record::KeyPageKey(set_, "3/00"), "junk"); },
       "partitions of table web.hits"},
  });
}

TEST_F(VerifyTest, EachBrokenRuleOfDescriptorsAndStatisticsIsFound) {
  using Txn = store::Transaction;
  Fill();
  ExpectFound({
      {"descriptors are in the index",
       [&](Txn& t) {
         record::v1::SharedDescriptor descriptor;
         session::PutRecord(t, record::DescriptorKey(hits_, 0xFFFFFF), descriptor);
       },
       "the index by content does not have it"},
      {"descriptors are below the next number",
       [&](Txn& t) {
         record::v1::SharedDescriptor descriptor;
         session::PutRecord(t, record::DescriptorKey(hits_, 0xFFFFFF), descriptor);
       },
       "the next number of a descriptor is"},
      {"the index leads to descriptors",
       [&](Txn& t) { t.Put(record::DescriptorHashKey(hits_, 12345), std::string("\0\0\1\0", 4)); },
       "there is no descriptor 256"},
      {"the index has each descriptor once",
       [&](Txn& t) {
         std::string number;
         const auto cursor = t.NewCursor(record::TableParts(hits_, record::TablePart::kDescriptorHash));
         cursor->SeekToFirst();
         t.Put(record::DescriptorHashKey(hits_, 12345), cursor->value());
       },
       "is in the index twice"},
      {"the index holds numbers", [&](Txn& t) { t.Put(record::DescriptorHashKey(hits_, 12345), "abc"); },
       "expected numbers of 4 bytes each, found 3 bytes"},
      {"statistics name their column",
       [&](Txn& t) {
         t.Put(record::TableStatisticsKey(hits_, "name"), **t.Get(record::TableStatisticsKey(hits_, "id")));
       },
       "it says that it is about column \"id\""},
      {"statistics are of a column",
       [&](Txn& t) {
         t.Put(record::TableStatisticsKey(hits_, "none"), **t.Get(record::TableStatisticsKey(hits_, "id")));
       },
       "the table has no such column"},
      {"a partition's statistics name their column",
       [&](Txn& t) {
         t.Put(record::PartitionStatisticsKey(set_, "1/00", "name"),
               **t.Get(record::PartitionStatisticsKey(set_, "1/00", "id")));
       },
       "it says that it is about column \"id\""},
      {"a partition's statistics are of a partition",
       [&](Txn& t) {
         t.Put(record::PartitionStatisticsKey(set_, "7/00", "id"),
               **t.Get(record::PartitionStatisticsKey(set_, "1/00", "id")));
       },
       "partitions of table web.hits"},
  });
}

TEST_F(VerifyTest, EachBrokenRuleOfConstraintsAndFunctionsIsFound) {
  using Txn = store::Transaction;
  Fill();
  ExpectFound({
      {"a constraint says its name",
       [&](Txn& t) { t.Put(record::ConstraintKey(users_, "twin"), **t.Get(record::ConstraintKey(users_, "pk"))); },
       "it says that its name is \"pk\""},
      {"a constraint names columns that exist",
       [&](Txn& t) {
         Change<record::v1::ConstraintRecord>(t, record::ConstraintKey(users_, "pk"),
                                              [&](auto* c) { c->mutable_constraint()->set_columns(0, "none"); });
       },
       "the table has no column \"none\""},
      {"a foreign key points somewhere",
       [&](Txn& t) { Change<record::v1::ConstraintRecord>(t, fk_key_, [&](auto* c) { c->clear_parent_table_id(); }); },
       "a foreign key that points nowhere"},
      {"another constraint does not",
       [&](Txn& t) {
         Change<record::v1::ConstraintRecord>(t, record::ConstraintKey(users_, "pk"),
                                              [&](auto* c) { c->set_parent_table_id(nobody_); });
       },
       "it points at a table, and is no foreign key"},
      {"a foreign key has a reference", [&](Txn& t) { t.Delete(record::ReferenceKey(users_, hits_)); },
       "no reference record leads from the parent to it"},
      {"a reference has a foreign key", [&](Txn& t) { t.Put(record::ReferenceKey(hits_, users_), ""); },
       "the child has no such foreign key"},
      {"a foreign key's key exists", [&](Txn& t) { t.Delete(record::ConstraintKey(users_, "pk")); },
       "which is not there"},
      {"a function's database exists",
       [&](Txn& t) { t.Put(record::FunctionKey({nobody_}, "f"), **t.Get(record::FunctionKey(web_, "f"))); },
       "there is no database with the id " + nobody_text_},
      {"a function has an id",
       [&](Txn& t) {
         Change<record::v1::FunctionRecord>(t, record::FunctionKey(web_, "f"),
                                            [&](auto* f) { f->mutable_function()->set_id(0); });
       },
       "its id is 0"},
  });
}

TEST_F(VerifyTest, EachBrokenRuleOfEventsDroppedObjectsAndLoadsIsFound) {
  using Txn = store::Transaction;
  Fill();
  ExpectFound({
      {"events are dense", [&](Txn& t) { t.Delete(record::EventKey(3)); }, "the log says that it has the events 1 to"},
      {"events are within bounds", [&](Txn& t) { t.Put(record::EventKey(99), **t.Get(record::EventKey(3))); },
       "it is beyond the bounds of the log"},
      {"an event says its id",
       [&](Txn& t) {
         Change<record::v1::EventRecord>(t, record::EventKey(3), [&](auto* e) { e->mutable_event()->set_id(4); });
       },
       "it says that its id is 4"},
      {"events follow their versions",
       [&](Txn& t) {
         Change<record::v1::EventRecord>(t, record::EventKey(3),
                                         [&](auto* e) { e->mutable_event()->set_version(9999); });
       },
       "its version 9999 is not between"},
      {"a dropped object's key says what it is",
       [&](Txn& t) { Change<DroppedObject>(t, dropped_key_, [&](auto* d) { d->set_name("other"); }); },
       "the record in it is about"},
      {"a dropped object's parent exists",
       [&](Txn& t) {
         auto dropped = *session::ReadRecord<DroppedObject>(t, dropped_key_);
         dropped->set_parent_id(nobody_);
         t.Delete(dropped_key_);
         session::PutRecord(
             t, record::DroppedKey(dropped->kind(), nobody_, dropped->name(), dropped->dropped_ms(), dropped->id()),
             *dropped);
       },
       "there is no database with the id " + nobody_text_},
      {"a dropped object's entry has its id",
       [&](Txn& t) { Change<DroppedObject>(t, dropped_key_, [&](auto* d) { d->set_entry(**t.Get(table_key_)); }); },
       "the entry kept in it has the id"},
      {"a dropped object's entry decodes",
       [&](Txn& t) { Change<DroppedObject>(t, dropped_key_, [&](auto* d) { d->set_entry("junk"); }); }, "dropped"},
      {"a load says its set",
       [&](Txn& t) {
         record::v1::PendingLoad load;
         load.set_set_id(5);
         session::PutRecord(t, record::PendingLoadKey({nobody_}), load);
       },
       "the record in it is about set 5"},
      {"a load's set is not yet in use",
       [&](Txn& t) {
         record::v1::PendingLoad load;
         load.set_set_id(set_.value);
         session::PutRecord(t, record::PendingLoadKey(set_), load);
       },
       "a table refers to its set already"},
  });
}

}  // namespace
}  // namespace lodestone::testing
