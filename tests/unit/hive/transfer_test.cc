// Metadata over the wire from one store into another, and back, broken off at every call.
#include "bindings/hive/transfer/transfer.h"

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "catalog/base/strings.h"
#include "catalog/metastore.h"
#include "catalog/warehouse.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/unit/hive/transfer_content.h"
#include "tests/unit/hive/wire_in_process.h"

namespace lodestone::hive {
namespace {

using base::StrCat;
using ::lodestone::testing::FailsWith;
using testing::AddColumn;
using testing::Differences;
using testing::Dump;
using ::testing::ElementsAre;
using testing::Fill;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::NewTable;
using testing::Statistics;
using testing::TextAtServer;
using testing::WireInProcess;
using testing::WireOptions;

std::unique_ptr<Metastore> NewStore(NameRules rules = NameRules::kStrict) {
  OpenOptions options;
  options.name_rules = rules;
  options.warehouse = "s3://bucket/warehouse";
  absl::StatusOr<std::unique_ptr<Metastore>> opened = Metastore::OpenInMemory(options);
  EXPECT_OK(opened);
  return *std::move(opened);
}

// A store behind the calls of the server, and clients of it.
class ServedStore {
 public:
  explicit ServedStore(Metastore* store)
      : service_(store, {.authenticate = false, .anonymous = "metastore", .hive = {.warehouse = warehouse_.get()}}) {}
  std::unique_ptr<Client> Connect(WireOptions options = {}) const {
    return std::make_unique<Client>(std::make_unique<WireInProcess>(&service_, std::move(options)));
  }

 private:
  const std::unique_ptr<Warehouse> warehouse_ = NewNoWarehouse();
  const Service service_;
};

class TransferTest : public ::testing::Test {
 protected:
  void SetUp() override { Fill(source->Local()); }

  absl::StatusOr<TransferReport> Import(Metastore& to, WireOptions wire = {}, const TransferOptions& with = {}) {
    const std::unique_ptr<Client> client = server.Connect(std::move(wire));
    return Transfer(NewMetastoreSide(client.get(), kDefaultCatalog).get(), NewStoreSide(to.Local()).get(), with);
  }
  absl::StatusOr<TransferReport> Export(Metastore& to, WireOptions wire = {}, const TransferOptions& with = {}) {
    const ServedStore target(&to);
    const std::unique_ptr<Client> client = target.Connect(std::move(wire));
    return Transfer(NewStoreSide(source->Local().Snapshot()).get(),
                    NewMetastoreSide(client.get(), kDefaultCatalog).get(), with);
  }

  const std::unique_ptr<Metastore> source = NewStore();
  const ServedStore server{source.get()};
};

TEST_F(TransferTest, AnImportTakesEverythingOver) {
  const std::unique_ptr<Metastore> store = NewStore();
  const absl::StatusOr<TransferReport> report = Import(*store);
  ASSERT_OK(report);
  EXPECT_THAT(Differences(Dump(*store), Dump(*source)), IsEmpty());
  EXPECT_EQ(report->of(TransferKind::kDatabase).added, 2);
  EXPECT_EQ(report->of(TransferKind::kTable).added, 4);
  EXPECT_EQ(report->of(TransferKind::kPartition).added, 7);
  EXPECT_EQ(report->of(TransferKind::kStatistics).added, 5);
  EXPECT_EQ(report->of(TransferKind::kConstraint).added, 3);
  EXPECT_EQ(report->of(TransferKind::kFunction).added, 1);
  EXPECT_EQ(report->of(TransferKind::kRole).added, 4);
  EXPECT_EQ(report->of(TransferKind::kGrant).added, 4);
  EXPECT_EQ(report->left_out(), 0);
  EXPECT_THAT(*store->Verify(), IsEmpty());
}

TEST_F(TransferTest, ASecondImportFindsEverythingThere) {
  const std::unique_ptr<Metastore> store = NewStore();
  ASSERT_OK(Import(*store));
  const uint64_t version = store->Local().version();
  for (const bool update : {false, true}) {
    const absl::StatusOr<TransferReport> report = Import(*store, {}, {.update = update});
    ASSERT_OK(report);
    for (std::size_t kind = 0; kind < kTransferKinds; ++kind) {
      EXPECT_EQ(report->counts[kind].added + report->counts[kind].updated + report->counts[kind].different, 0)
          << NameOf(static_cast<TransferKind>(kind));
    }
    EXPECT_EQ(report->of(TransferKind::kPartition).there, 7);
  }
  EXPECT_EQ(store->Local().version(), version);
}

TEST_F(TransferTest, AnImportThatIsBrokenOffAnywhereGoesOn) {
  const std::vector<std::string> whole = Dump(*source);
  bool broken = true;
  int calls = 0;
  for (; broken; ++calls) {
    const std::unique_ptr<Metastore> store = NewStore();
    // Small batches, so that it also breaks between them.
    const absl::StatusOr<TransferReport> first = Import(*store, {.calls = calls}, {.batch = 2});
    broken = !first.ok();
    if (broken) {
      ASSERT_THAT(first, FailsWith(absl::StatusCode::kUnavailable, "cut off")) << calls;
      ASSERT_OK(Import(*store, {}, {.batch = 3})) << calls;
    }
    ASSERT_THAT(Differences(Dump(*store), whole), IsEmpty()) << calls;
  }
  EXPECT_GT(calls, 40);
}

TEST_F(TransferTest, AnExportThatIsBrokenOffAnywhereGoesOn) {
  const std::vector<std::string> whole = Dump(*source, &TextAtServer);
  for (const bool serve_last : {false, true}) {
    bool broken = true;
    for (int calls = 0; broken; ++calls) {
      const std::unique_ptr<Metastore> store = NewStore();
      const absl::StatusOr<TransferReport> first =
          Export(*store, {.calls = calls, .serve_last = serve_last}, {.batch = 2});
      broken = !first.ok();
      if (broken) {
        ASSERT_THAT(first, FailsWith(absl::StatusCode::kUnavailable, "cut off")) << calls;
        ASSERT_OK(Export(*store, {}, {.batch = 3})) << calls;
      }
      ASSERT_THAT(Differences(Dump(*store, &TextAtServer), whole), IsEmpty()) << calls;
    }
  }
}

TEST_F(TransferTest, ServersWithoutTheNewerCallsAreAskedByTheOlderOnes) {
  const std::set<std::string> newer = {"get_database_req",
                                       "get_table_objects_by_name_req",
                                       "get_partitions_by_names_req",
                                       "get_all_table_constraints",
                                       "create_table_req",
                                       "update_table_column_statistics_req",
                                       "set_aggr_stats_for"};
  std::unique_ptr<Metastore> store = NewStore();
  ASSERT_OK(Import(*store, {.unknown = newer}));
  EXPECT_THAT(Differences(Dump(*store), Dump(*source)), IsEmpty());
  store = NewStore();
  ASSERT_OK(Export(*store, {.unknown = newer}));
  EXPECT_THAT(Differences(Dump(*store, &TextAtServer), Dump(*source, &TextAtServer)), IsEmpty());
}

TEST_F(TransferTest, ServersWithoutTheOlderCallsAreAskedByTheNewerOnes) {
  const std::set<std::string> older = {"get_database",
                                       "get_table_objects_by_name",
                                       "get_partition_names",
                                       "get_partitions_by_names",
                                       "create_database",
                                       "create_table_with_environment_context",
                                       "update_table_column_statistics"};
  std::unique_ptr<Metastore> store = NewStore();
  ASSERT_OK(Import(*store, {.unknown = older}));
  EXPECT_THAT(Differences(Dump(*store), Dump(*source)), IsEmpty());
  store = NewStore();
  ASSERT_OK(Export(*store, {.unknown = older}));
  EXPECT_THAT(Differences(Dump(*store, &TextAtServer), Dump(*source, &TextAtServer)), IsEmpty());
}

TEST_F(TransferTest, WhatAServerHasNoCallsForIsEmpty) {
  const std::unique_ptr<Metastore> store = NewStore();
  const absl::StatusOr<TransferReport> report =
      Import(*store, {.unknown = {"get_role_names", "get_functions", "list_privileges", "get_table_statistics_req",
                                  "get_partitions_statistics_req", "get_all_table_constraints", "get_primary_keys",
                                  "get_foreign_keys", "get_unique_constraints", "get_not_null_constraints",
                                  "get_default_constraints", "get_check_constraints"}});
  ASSERT_OK(report);
  EXPECT_EQ(report->of(TransferKind::kPartition).added, 7);
  for (const TransferKind kind : {TransferKind::kStatistics, TransferKind::kConstraint, TransferKind::kFunction,
                                  TransferKind::kRole, TransferKind::kGrant}) {
    EXPECT_EQ(report->of(kind).added, 0) << NameOf(kind);
  }
}

TEST_F(TransferTest, SomeDatabasesAlone) {
  const std::unique_ptr<Metastore> store = NewStore();
  ASSERT_OK(Import(*store, {}, {.databases = {"WEB", "web"}}));
  EXPECT_THAT(store->Local().ListDatabases()->items, ElementsAre("default", "web"));
  EXPECT_THAT(Import(*store, {}, {.databases = {"web", "nowhere"}}),
              FailsWith(absl::StatusCode::kNotFound, "\"nowhere\": the source has none"));
}

TEST_F(TransferTest, WhatCanNotBeTakenOverIsLeftOutUpToALimit) {
  const std::unique_ptr<Metastore> odd = NewStore(NameRules::kHive);
  Session session = odd->Local();
  model::v1::Database database;
  database.set_name("web");
  ASSERT_OK(session.CreateDatabase(database));
  for (const char* name : {"_one", "_two", "three"}) ASSERT_OK(session.CreateTable(NewTable("web", name)));
  const ServedStore served(odd.get());
  const auto import = [&](Metastore& to, const TransferOptions& options) {
    const std::unique_ptr<Client> client = served.Connect();
    return Transfer(NewMetastoreSide(client.get(), kDefaultCatalog).get(), NewStoreSide(to.Local()).get(), options);
  };
  std::unique_ptr<Metastore> store = NewStore();
  EXPECT_THAT(import(*store, {}), FailsWith(absl::StatusCode::kInvalidArgument, "table web._one: "));
  EXPECT_THAT(import(*store, {.max_errors = 1}), FailsWith(absl::StatusCode::kInvalidArgument, "table web._two: "));
  std::vector<std::string> left_out;
  TransferOptions options{.max_errors = 2};
  options.on_left_out = [&](TransferKind kind, std::string_view object, const absl::Status& why) {
    left_out.push_back(StrCat(NameOf(kind), " ", object));
    EXPECT_FALSE(why.ok());
  };
  const absl::StatusOr<TransferReport> report = import(*store, options);
  ASSERT_OK(report);
  EXPECT_EQ(report->of(TransferKind::kTable).left_out, 2);
  EXPECT_THAT(left_out, ElementsAre("tables web._one", "tables web._two"));
  EXPECT_THAT(store->Local().ListTables("web")->items, ElementsAre("three"));
}

// A store with another table in the place of web.hits.
void MakeHits(Session session, const std::function<void(model::v1::Table&)>& change) {
  model::v1::Database web;
  web.set_name("web");
  ASSERT_OK(session.CreateDatabase(web));
  model::v1::Table hits = NewTable("web", "hits");
  change(hits);
  ASSERT_OK(session.CreateTable(hits));
}

TEST_F(TransferTest, ATableWithOtherPartitionKeysIsLeftOut) {
  const std::unique_ptr<Metastore> store = NewStore();
  MakeHits(store->Local(), [](model::v1::Table& hits) { AddColumn(hits.add_partition_keys(), "dt", "date"); });
  EXPECT_THAT(Import(*store), FailsWith(absl::StatusCode::kFailedPrecondition, "with other partition keys"));
  const absl::StatusOr<TransferReport> report = Import(*store, {}, {.max_errors = 1});
  ASSERT_OK(report);
  EXPECT_EQ(report->of(TransferKind::kTable).left_out, 1);
  EXPECT_EQ(report->of(TransferKind::kPartition).added, 0);
}

TEST_F(TransferTest, WhatIsRefusedOfSomePartitionsKeepsNoOtherBack) {
  const std::unique_ptr<Metastore> store = NewStore();
  // Statistics of the column that is not there are refused, and with them each batch that they are in.
  MakeHits(store->Local(), [](model::v1::Table& hits) {
    hits.mutable_storage_descriptor()->mutable_columns()->RemoveLast();
    AddColumn(hits.add_partition_keys(), "dt", "date");
    AddColumn(hits.add_partition_keys(), "page", "string");
  });
  const absl::StatusOr<TransferReport> report = Import(*store, {}, {.column_grants = false, .max_errors = 4});
  ASSERT_OK(report);
  EXPECT_EQ(report->of(TransferKind::kTable).different, 1);
  EXPECT_EQ(report->of(TransferKind::kPartition).added, 7);
  EXPECT_EQ(report->of(TransferKind::kPartition).left_out, 0);
  EXPECT_EQ(report->of(TransferKind::kStatistics).left_out, 4);
  EXPECT_EQ(*store->Local().CountPartitions({"web", "hits"}), 7);
}

TEST_F(TransferTest, WhatDiffersIsCountedAndAlteredOnRequest) {
  const std::unique_ptr<Metastore> store = NewStore();
  ASSERT_OK(Import(*store));
  Session session = source->Local();
  ASSERT_OK(session.ModifyDatabase("web", [](model::v1::Database& database) {
    database.set_description("another");
    return absl::OkStatus();
  }));
  ASSERT_OK(session.ModifyTable({"web", "hits"}, [](model::v1::Table& table) {
    (*table.mutable_parameters())["comment"] = "another";
    return absl::OkStatus();
  }));
  const TableName hits{"web", "hits"};
  const std::vector<std::string> names = *session.PartitionNameStrings(hits);
  std::vector<model::v1::Partition> partitions = *session.GetPartitionsByNames(hits, {names.data(), 2});
  (*partitions[1].mutable_parameters())["numRows"] = "1000";
  ASSERT_OK(session.AlterPartitions(hits, partitions));
  ASSERT_OK(session.UpdateTableStatistics({"shop", "items"}, Statistics(7)));
  const std::vector<std::string> values(partitions[0].values().begin(), partitions[0].values().end());
  ASSERT_OK(session.UpdatePartitionStatistics(hits, values, Statistics(8)));

  absl::StatusOr<TransferReport> report = Import(*store);
  ASSERT_OK(report);
  EXPECT_EQ(report->of(TransferKind::kDatabase).different, 1);
  EXPECT_EQ(report->of(TransferKind::kTable).different, 1);
  EXPECT_EQ(report->of(TransferKind::kStatistics).different, 1);
  EXPECT_NE(Dump(*store), Dump(*source));

  report = Import(*store, {}, {.update = true});
  ASSERT_OK(report);
  EXPECT_EQ(report->of(TransferKind::kDatabase).updated, 1);
  EXPECT_EQ(report->of(TransferKind::kTable).updated, 1);
  EXPECT_EQ(report->of(TransferKind::kPartition).updated, 1);
  EXPECT_EQ(report->of(TransferKind::kStatistics).updated, 2);
  EXPECT_THAT(Differences(Dump(*store), Dump(*source)), IsEmpty());

  // The other way as well.
  const std::unique_ptr<Metastore> third = NewStore();
  ASSERT_OK(Export(*third));
  ASSERT_OK(session.ModifyTable({"web", "hits"}, [](model::v1::Table& table) {
    (*table.mutable_parameters())["comment"] = "a third";
    return absl::OkStatus();
  }));
  ASSERT_OK(Export(*third, {}, {.update = true}));
  EXPECT_THAT(Differences(Dump(*third, &TextAtServer), Dump(*source, &TextAtServer)), IsEmpty());
}

TEST_F(TransferTest, DefaultTakesAllButItsOwnerWhileItIsEmpty) {
  ASSERT_OK(source->Local().ModifyDatabase("default", [](model::v1::Database& database) {
    database.set_description("ours");
    database.set_location_uri("s3://bucket/ours");
    database.set_owner_name("public");
    database.set_owner_type(model::v1::ROLE);
    return absl::OkStatus();
  }));
  const std::unique_ptr<Metastore> store = NewStore();
  const std::string owner = store->Local().GetDatabase("default")->owner_name();
  ASSERT_OK(Import(*store));
  const model::v1::Database taken = *store->Local().GetDatabase("default");
  EXPECT_EQ(taken.description(), "ours");
  EXPECT_EQ(taken.location_uri(), "s3://bucket/ours");
  EXPECT_EQ(taken.owner_name(), owner);

  const std::unique_ptr<Metastore> used = NewStore();
  ASSERT_OK(used->Local().CreateTable(NewTable("default", "mine")));
  const absl::StatusOr<TransferReport> report = Import(*used);
  ASSERT_OK(report);
  EXPECT_EQ(report->of(TransferKind::kDatabase).different, 1);
  EXPECT_NE(used->Local().GetDatabase("default")->description(), "ours");
}

TEST_F(TransferTest, AnotherCatalogOnBothSides) {
  model::v1::Catalog catalog;
  catalog.set_name("old");
  ASSERT_OK(source->Local().CreateCatalog(catalog));
  Session old = source->Local("old");
  Fill(old);
  catalog.set_name("fresh");
  const std::unique_ptr<Metastore> store = NewStore();
  ASSERT_OK(store->Local().CreateCatalog(catalog));
  const std::unique_ptr<Client> client = server.Connect();
  // Roles are named without a catalog on the wire.
  const absl::StatusOr<TransferReport> report = Transfer(NewMetastoreSide(client.get(), "old").get(),
                                                         NewStoreSide(store->Local("fresh")).get(), {.grants = false});
  ASSERT_OK(report);
  EXPECT_EQ(report->of(TransferKind::kPartition).added, 7);
  EXPECT_EQ(report->of(TransferKind::kConstraint).added, 3);
  EXPECT_THAT(store->Local("fresh").ListDatabases()->items, ElementsAre("default", "shop", "web"));
  EXPECT_THAT(store->Local().ListDatabases()->items, ElementsAre("default"));
}

TEST_F(TransferTest, PrivilegesWithoutAWordOfHiveAreLeftOutOfAnExport) {
  ASSERT_OK(source->Local().Grant({.to = Grantee::User("bob"),
                                   .privileges = {Privilege::kSelect, Privilege::kShowPartitions},
                                   .on = Securable::Table({"shop", "items"}),
                                   .grantor = "ana"}));
  const std::unique_ptr<Metastore> store = NewStore();
  EXPECT_THAT(Export(*store), FailsWith(absl::StatusCode::kInvalidArgument, "Hive has no word"));
  const absl::StatusOr<TransferReport> report = Export(*store, {}, {.max_errors = 1});
  ASSERT_OK(report);
  EXPECT_EQ(report->of(TransferKind::kGrant).left_out, 1);
  EXPECT_EQ(store->Local().ListGrants({.on = Securable::Table({"shop", "items"})})->size(), 1U);
}

TEST_F(TransferTest, ProgressNamesWhatIsBeingDone) {
  const std::unique_ptr<Metastore> store = NewStore();
  std::vector<std::string> seen;
  TransferProgress last;
  TransferOptions options;
  options.on_progress = [&](const TransferProgress& at) {
    if (seen.empty() || seen.back() != at.what) seen.emplace_back(at.what);
    last = at;
  };
  ASSERT_OK(Import(*store, {}, options));
  EXPECT_THAT(seen, ::testing::Contains("table web.hits"));
  EXPECT_EQ(last.tables, 4);
  EXPECT_EQ(last.tables_total, 4);
  EXPECT_GT(last.objects, 20);
}

}  // namespace
}  // namespace lodestone::hive
