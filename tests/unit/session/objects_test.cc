// Catalogs, databases, tables and functions: making, finding, changing, renaming.
#include "tests/unit/session/fixture.h"

namespace lodestone::testing {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using ObjectsTest = SessionTest;

TEST_F(ObjectsTest, ANewStoreHasTheCatalogHiveWithTheDatabaseDefault) {
  EXPECT_THAT(session().ListCatalogs()->items, ElementsAre("hive"));
  EXPECT_THAT(session().ListDatabases()->items, ElementsAre("default"));
  const Database database = *session().GetDatabase("default");
  EXPECT_EQ(database.description(), "Default Hive database");
  EXPECT_EQ(database.owner_name(), "public");
  EXPECT_EQ(database.owner_type(), model::v1::ROLE);
  EXPECT_EQ(database.catalog(), "hive");
  EXPECT_EQ(database.create_time(), kStart / 1000);
  EXPECT_EQ(EventCount(), 0);
  ExpectSound();
}

TEST_F(ObjectsTest, NamesAreFoundInAnyCaseAndShownInLowerCase) {
  ASSERT_OK(session().CreateDatabase(MakeDatabase("Web")));
  ASSERT_OK(session().CreateTable(MakeTable("WEB", "Hits")));
  EXPECT_EQ(session().GetDatabase("wEb")->name(), "web");
  const Table table = *session().GetTable({"weB", "hITS"});
  EXPECT_EQ(table.database(), "web");
  EXPECT_EQ(table.name(), "hits");
  EXPECT_THAT(session().CreateTable(MakeTable("web", "HITS")), HasCode(StatusCode::kAlreadyExists));
}

TEST_F(ObjectsTest, WhatIsMissingIsNamed) {
  MakeHits();
  const struct {
    absl::Status status;
    std::string text;
    ObjectKind kind;
  } cases[] = {
      {session().GetDatabase("nodb").status(), "database nodb does not exist", ObjectKind::kDatabase},
      {session().GetTable({"nodb", "t"}).status(), "database nodb does not exist", ObjectKind::kDatabase},
      {session().GetTable({"web", "t"}).status(), "table web.t does not exist", ObjectKind::kTable},
      {metastore_->Local("nocat").GetTable({"web", "hits"}).status(), "catalog nocat does not exist",
       ObjectKind::kCatalog},
      {session().CreateTable(MakeTable("nodb", "t")), "database nodb does not exist", ObjectKind::kDatabase},
      {session().DropTable({"web", "t"}), "table web.t does not exist", ObjectKind::kTable},
      {session().RenameTable({"web", "hits"}, {"nodb", "t"}), "database nodb does not exist", ObjectKind::kDatabase},
      {session().GetFunction({"web", "f"}).status(), "function web.f does not exist", ObjectKind::kFunction},
      {session().GetPartition(kHits, Names{"1", "2"}).status(), "partition web.hits/dt=1/hour=2 does not exist",
       ObjectKind::kPartition},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(c.status, FailsWith(StatusCode::kNotFound, c.text));
    ASSERT_TRUE(DomainErrorOf(c.status).has_value()) << c.text;
    EXPECT_EQ(DomainErrorOf(c.status)->object_kind, c.kind) << c.text;
  }
}

TEST_F(ObjectsTest, CreateThatMeetsAnObjectFailsOrSkips) {
  MakeHits();
  ASSERT_OK(session().CreateFunction(MakeFunction("web", "f")));
  model::v1::Catalog catalog;
  catalog.set_name("other");
  ASSERT_OK(session().CreateCatalog(catalog));
  const int64_t events = EventCount();
  const auto all = [&](const CreateOptions& options) {
    return std::vector<absl::Status>{session().CreateCatalog(catalog, options),
                                     session().CreateDatabase(MakeDatabase("web"), options),
                                     session().CreateTable(MakeTable("web", "hits"), options),
                                     session().CreateFunction(MakeFunction("web", "f"), options)};
  };
  for (const absl::Status& status : all({})) EXPECT_THAT(status, HasCode(StatusCode::kAlreadyExists));
  for (const absl::Status& status : all({.if_exists = IfExists::kSkip})) EXPECT_OK(status);
  for (const absl::Status& status : all({.if_exists = IfExists::kReplace})) {
    EXPECT_THAT(status, HasCode(StatusCode::kInvalidArgument));
  }
  EXPECT_EQ(EventCount(), events);
  EXPECT_EQ(session().GetTable(kHits)->partition_keys_size(), 2);
}

TEST_F(ObjectsTest, LocationsFollowFromTheWarehouseUnlessGiven) {
  Reopen({.warehouse = "s3://lake/wh/"});
  Database placed = MakeDatabase("placed");
  placed.set_location_uri("hdfs://nn/placed");
  model::v1::Catalog other;
  other.set_name("other");
  model::v1::Catalog own;
  own.set_name("own");
  own.set_location_uri("s3://own");
  ASSERT_OK(session().CreateDatabase(placed));
  ASSERT_OK(session().CreateDatabase(MakeDatabase("web")));
  ASSERT_OK(session().CreateCatalog(other));
  ASSERT_OK(session().CreateCatalog(own));
  ASSERT_OK(metastore_->Local("other").CreateDatabase(MakeDatabase("web")));
  ASSERT_OK(metastore_->Local("own").CreateDatabase(MakeDatabase("web")));
  const auto of = [&](std::string_view catalog, std::string_view database) {
    return metastore_->Local(catalog).GetDatabase(database)->location_uri();
  };
  EXPECT_EQ(of("hive", "default"), "s3://lake/wh/");
  EXPECT_EQ(of("hive", "placed"), "hdfs://nn/placed");
  EXPECT_EQ(of("hive", "web"), "s3://lake/wh/web.db");
  EXPECT_EQ(of("other", "web"), "s3://lake/wh/other/web.db");
  EXPECT_EQ(of("own", "default"), "s3://own");
  EXPECT_EQ(of("own", "web"), "s3://own/web.db");

  Table given = MakeTable("web", "given");
  given.mutable_storage_descriptor()->set_location("s3://elsewhere/g");
  ASSERT_OK(session().CreateTable(given));
  ASSERT_OK(session().CreateTable(MakeTable("web", "T1")));
  ASSERT_OK(session().CreateTable(MakeTable("default", "t1")));
  ASSERT_OK(session().CreateTable(MakeView("web", "v")));
  const auto location = [&](const TableName& name) {
    return session().GetTable(name)->storage_descriptor().location();
  };
  EXPECT_EQ(location({"web", "given"}), "s3://elsewhere/g");
  EXPECT_EQ(location({"web", "t1"}), "s3://lake/wh/web.db/t1");
  EXPECT_EQ(location({"default", "t1"}), "s3://lake/wh/t1");
  EXPECT_EQ(location({"web", "v"}), "");
  ExpectSound();
}

TEST_F(ObjectsTest, WithoutAWarehouseNothingHasALocation) {
  MakeHits();
  EXPECT_EQ(session().GetDatabase("web")->location_uri(), "");
  EXPECT_EQ(session().GetTable(kHits)->storage_descriptor().location(), "");
}

TEST_F(ObjectsTest, RenamesKeepIdContentAndLocation) {
  Reopen({.warehouse = "/wh"});
  MakeHits();
  Add({{"1", "00"}});
  ASSERT_OK(session().CreateDatabase(MakeDatabase("archive")));
  const Table before = *session().GetTable(kHits);
  ASSERT_OK(session().RenameTable(kHits, {"archive", "Old_Hits"}));
  ASSERT_OK(session().RenameDatabase("archive", "Cold"));
  EXPECT_THAT(session().GetTable(kHits), HasCode(StatusCode::kNotFound));
  const Table after = *session().GetTable({"cold", "old_hits"});
  EXPECT_EQ(after.id(), before.id());
  EXPECT_EQ(after.storage_descriptor().location(), "/wh/web.db/hits");
  EXPECT_THAT(*session().PartitionNameStrings({"cold", "old_hits"}), ElementsAre("dt=1/hour=00"));
  EXPECT_EQ(session().GetPartition({"cold", "old_hits"}, Names{"1", "00"})->storage_descriptor().location(),
            "/wh/web.db/hits/dt=1/hour=00");
  ExpectSound();
}

TEST_F(ObjectsTest, ARenameOntoATakenNameIsRefused) {
  MakeHits();
  ASSERT_OK(session().CreateTable(MakeView("web", "v")));
  ASSERT_OK(session().CreateFunction(MakeFunction("web", "f")));
  ASSERT_OK(session().CreateFunction(MakeFunction("web", "g")));
  EXPECT_THAT(session().RenameTable(kHits, {"web", "v"}), FailsWith(StatusCode::kAlreadyExists, "table web.v"));
  EXPECT_THAT(session().RenameDatabase("web", "default"), HasCode(StatusCode::kAlreadyExists));
  EXPECT_THAT(session().RenameFunction({"web", "f"}, {"web", "g"}), HasCode(StatusCode::kAlreadyExists));
  const int64_t events = EventCount();
  EXPECT_OK(session().RenameTable(kHits, {"WEB", "HITS"}));  // nothing to do
  EXPECT_OK(session().RenameDatabase("web", "Web"));
  EXPECT_EQ(EventCount(), events);
}

TEST_F(ObjectsTest, TheObjectsThatEveryStoreHasStay) {
  for (const absl::Status& status : {session().DropDatabase("default"), session().RenameDatabase("default", "d"),
                                     session().DropCatalog("hive"), session().RenameCatalog("hive", "h")}) {
    EXPECT_THAT(status, HasCode(StatusCode::kFailedPrecondition));
    EXPECT_EQ(DomainErrorOf(status)->kind, ErrorKind::kInvalidOperation);
  }
}

TEST_F(ObjectsTest, DropRestrictRefusesWhatHoldsSomething) {
  MakeHits();
  EXPECT_THAT(session().DropDatabase("web"),
              FailsWith(StatusCode::kFailedPrecondition, "database web is not empty: table hits exists"));
  EXPECT_EQ(DomainErrorOf(session().DropDatabase("web"))->kind, ErrorKind::kNotEmpty);
  ASSERT_OK(session().DropTable(kHits));
  ASSERT_OK(session().CreateFunction(MakeFunction("web", "f")));
  EXPECT_THAT(session().DropDatabase("web"), FailsWith(StatusCode::kFailedPrecondition, "function f exists"));
  ASSERT_OK(session().DropFunction({"web", "f"}));
  EXPECT_OK(session().DropDatabase("web"));

  model::v1::Catalog catalog;
  catalog.set_name("sales");
  ASSERT_OK(session().CreateCatalog(catalog));
  ASSERT_OK(metastore_->Local("sales").CreateTable(MakeTable("default", "t")));
  EXPECT_EQ(DomainErrorOf(session().DropCatalog("sales"))->kind, ErrorKind::kNotEmpty);
  EXPECT_OK(session().DropCatalog("sales", {.mode = DropMode::kCascade}));
  EXPECT_THAT(session().ListCatalogs()->items, ElementsAre("hive"));
}

TEST_F(ObjectsTest, DropOfAMissingObjectFailsOrSkips) {
  MakeHits();
  const DropOptions skip{.if_missing = IfMissing::kSkip};
  EXPECT_THAT(session().DropTable({"web", "no"}), HasCode(StatusCode::kNotFound));
  EXPECT_OK(session().DropTable({"web", "no"}, skip));
  EXPECT_OK(session().DropTable({"nodb", "no"}, skip));
  EXPECT_OK(session().DropDatabase("nodb", skip));
  EXPECT_OK(session().DropCatalog("nocat", skip));
  EXPECT_OK(session().DropFunction({"web", "no"}, skip));
  EXPECT_EQ(EventCount(), 2);
}

TEST_F(ObjectsTest, AlterDatabaseReplacesAllButNameIdCreateTimeAndUnsetLocation) {
  Reopen({.warehouse = "/wh"});
  Database database = MakeDatabase("web");
  (*database.mutable_parameters())["a"] = "1";
  ASSERT_OK(session().CreateDatabase(database));
  const Database before = *session().GetDatabase("web");
  Database change;
  change.set_description("new");
  change.set_owner_name("bob");
  clock_.Advance(5'000);
  ASSERT_OK(session().AlterDatabase("WEB", change));
  const Database after = *session().GetDatabase("web");
  EXPECT_EQ(after.description(), "new");
  EXPECT_EQ(after.owner_name(), "bob");
  EXPECT_TRUE(after.parameters().empty());
  EXPECT_EQ(after.location_uri(), "/wh/web.db");
  EXPECT_EQ(after.id(), before.id());
  EXPECT_EQ(after.create_time(), before.create_time());
  change.set_name("other");
  EXPECT_THAT(session().AlterDatabase("web", change),
              FailsWith(StatusCode::kInvalidArgument, "the call is about database \"web\""));
  ExpectSound();
}

TEST_F(ObjectsTest, AlterTableKeepsPartitionKeysByNumberAndType) {
  MakeHits();
  const Table table = *session().GetTable(kHits);
  Table more = table;
  *more.add_partition_keys() = MakeColumn("minute", "string");
  Table typed = table;
  typed.mutable_partition_keys(1)->set_type("int");
  for (const Table& bad : {more, typed}) {
    EXPECT_THAT(session().AlterTable(kHits, bad),
                FailsWith(StatusCode::kFailedPrecondition, "partition keys can not be changed"));
  }
  Table good = table;
  good.mutable_partition_keys(0)->set_name("day");
  good.mutable_partition_keys(0)->set_type("STRING");
  *good.mutable_storage_descriptor()->add_columns() = MakeColumn("extra", "array<int>");
  (*good.mutable_parameters())["comment"] = "page hits";
  good.set_create_time(7);
  Add({{"1", "00"}});
  ASSERT_OK(session().AlterTable(kHits, good));
  EXPECT_EQ(session().GetTable(kHits)->create_time(), kStart / 1000);
  EXPECT_EQ(session().GetTable(kHits)->storage_descriptor().columns_size(), 3);
  EXPECT_THAT(PartitionNames(), ElementsAre("day=1/hour=00"));
  EXPECT_EQ(session().ListTableSummaries("web")->items[0].comment(), "page hits");
  ExpectSound();
}

TEST_F(ObjectsTest, ModifyStartsFromWhatIsThere) {
  ASSERT_OK(session().CreateDatabase(MakeDatabase("web")));
  ASSERT_OK(session().CreateTable(MakeTable("web", "hits", {"dt"})));
  const auto comment = [](std::string_view text) {
    return [text](Table& table) {
      (*table.mutable_parameters())[std::string(text)] = "1";
      return absl::OkStatus();
    };
  };
  ASSERT_OK(session().ModifyTable({"web", "HITS"}, comment("a")));
  ASSERT_OK(session().ModifyTable({"web", "hits"}, comment("b")));
  EXPECT_THAT(session().GetTable({"web", "hits"})->parameters(), ::testing::SizeIs(2));
  const auto describe = [](Database& database) {
    database.set_description(database.name() + "!");
    return absl::OkStatus();
  };
  ASSERT_OK(session().ModifyDatabase("web", describe));
  EXPECT_EQ(session().GetDatabase("web")->description(), "web!");
  EXPECT_EQ(EventCount(), 5);

  EXPECT_THAT(session().ModifyTable({"web", "none"}, comment("a")), HasCode(StatusCode::kNotFound));
  EXPECT_THAT(session().ModifyDatabase("none", describe), HasCode(StatusCode::kNotFound));
  const auto refuse = [](Table&) { return absl::CancelledError("no"); };
  EXPECT_THAT(session().ModifyTable({"web", "hits"}, refuse), HasCode(StatusCode::kCancelled));
  EXPECT_EQ(EventCount(), 5);
}

TEST_F(ObjectsTest, AlterTableComparesParametersFirst) {
  MakeHits();
  Table table = *session().GetTable(kHits);
  (*table.mutable_parameters())["metadata_location"] = "v1";
  const ExpectedParameter absent{.key = "metadata_location", .value = std::nullopt};
  ASSERT_OK(session().AlterTable(kHits, table, std::vector{absent}));
  (*table.mutable_parameters())["metadata_location"] = "v2";
  EXPECT_THAT(session().AlterTable(kHits, table, std::vector{absent}),
              FailsWith(StatusCode::kFailedPrecondition,
                        "The parameter value for key 'metadata_location' is 'v1', expected: not set"));
  const ExpectedParameter v1{.key = "metadata_location", .value = "v1"};
  ASSERT_OK(session().AlterTable(kHits, table, std::vector{v1}));
  const absl::Status late = session().AlterTable(kHits, table, std::vector{v1});
  EXPECT_THAT(late, FailsWith(StatusCode::kFailedPrecondition, "key 'metadata_location' is 'v2', expected: 'v1'"));
  EXPECT_EQ(DomainErrorOf(late)->kind, ErrorKind::kModified);
}

TEST_F(ObjectsTest, AViewStaysAViewAndHasNoPartitions) {
  MakeHits();
  ASSERT_OK(session().CreateTable(MakeView("web", "v")));
  ASSERT_OK(session().CreateTable(MakeTable("web", "plain")));
  Table view = *session().GetTable({"web", "v"});
  view.set_table_type(model::v1::MANAGED_TABLE);
  EXPECT_THAT(session().AlterTable({"web", "v"}, view), HasCode(StatusCode::kFailedPrecondition));
  EXPECT_THAT(session().AddPartitions({"web", "v"}, std::vector{MakePartition({"1"})}),
              FailsWith(StatusCode::kFailedPrecondition, "table web.v is a view"));
  EXPECT_THAT(session().CountPartitions({"web", "plain"}),
              FailsWith(StatusCode::kFailedPrecondition, "table web.plain has no partition keys"));
  EXPECT_THAT(session().CreateTable(MakeTable("web", "v")), HasCode(StatusCode::kAlreadyExists));
}

TEST_F(ObjectsTest, ListsTakePatternLimitTypeAndPlace) {
  ASSERT_OK(session().CreateDatabase(MakeDatabase("web")));
  for (const char* name : {"hits", "hits_old", "users", "visits"}) {
    ASSERT_OK(session().CreateTable(MakeTable("web", name)));
  }
  ASSERT_OK(session().CreateTable(MakeView("web", "hits_view")));
  const struct {
    ListNamesOptions options;
    Names names;
    bool more;
  } cases[] = {
      {{}, {"hits", "hits_old", "hits_view", "users", "visits"}, false},
      {{.pattern = "HITS*"}, {"hits", "hits_old", "hits_view"}, false},
      {{.pattern = "hits|u*"}, {"hits", "users"}, false},
      {{.pattern = "*its"}, {"hits", "visits"}, false},
      {{.pattern = "none"}, {}, false},
      {{.limit = 2}, {"hits", "hits_old"}, true},
      {{.limit = 2, .after = "hits_view"}, {"users", "visits"}, false},
      {{.pattern = "hits*", .after = "USERS"}, {}, false},
      {{.after = "hits"}, {"hits_old", "hits_view", "users", "visits"}, false},
      {{.after = "zzz"}, {}, false},
      {{.table_type = model::v1::VIRTUAL_VIEW}, {"hits_view"}, false},
      {{.limit = 4, .table_type = model::v1::MANAGED_TABLE}, {"hits", "hits_old", "users", "visits"}, false},
  };
  for (const auto& c : cases) {
    const auto page = session().ListTables("web", c.options);
    ASSERT_OK(page);
    EXPECT_EQ(page->items, c.names) << c.options.pattern << " after " << c.options.after;
    EXPECT_EQ(page->more, c.more) << c.options.pattern << " after " << c.options.after;
  }
}

TEST_F(ObjectsTest, CatalogsKeepTheirObjectsApart) {
  model::v1::Catalog catalog;
  catalog.set_name("Sales");
  catalog.set_description("one");
  ASSERT_OK(session().CreateCatalog(catalog));
  Session sales = metastore_->Local("SALES");
  ASSERT_OK(sales.CreateDatabase(MakeDatabase("web")));
  ASSERT_OK(sales.CreateTable(MakeTable("web", "hits")));
  EXPECT_THAT(session().ListDatabases()->items, ElementsAre("default"));
  EXPECT_EQ(sales.GetTable(kHits)->catalog(), "sales");
  ASSERT_OK(session().RenameCatalog("sales", "Trade"));
  EXPECT_THAT(sales.GetTable(kHits), FailsWith(StatusCode::kNotFound, "catalog sales does not exist"));
  EXPECT_EQ(metastore_->Local("trade").GetTable(kHits)->catalog(), "trade");
  model::v1::Catalog change;
  change.set_description("two");
  ASSERT_OK(session().AlterCatalog("trade", change));
  EXPECT_EQ(session().GetCatalog("Trade")->description(), "two");
  EXPECT_EQ(session().GetCatalog("Trade")->name(), "trade");
  Table table = MakeTable("web", "t");
  table.set_catalog("other");
  EXPECT_THAT(session().CreateTable(table), HasCode(StatusCode::kInvalidArgument));
  ExpectSound();
}

TEST_F(ObjectsTest, FunctionsLiveInDatabases) {
  MakeHits();
  ASSERT_OK(session().CreateFunction(MakeFunction("web", "Clean")));
  Function function = *session().GetFunction({"web", "clean"});
  EXPECT_EQ(function.name(), "clean");
  EXPECT_EQ(function.create_time(), kStart / 1000);
  Function change = function;
  change.set_class_name("org.example.G");
  change.set_create_time(1);
  ASSERT_OK(session().AlterFunction({"web", "CLEAN"}, change));
  EXPECT_EQ(session().GetFunction({"web", "clean"})->class_name(), "org.example.G");
  EXPECT_EQ(session().GetFunction({"web", "clean"})->create_time(), kStart / 1000);
  ASSERT_OK(session().RenameFunction({"web", "clean"}, {"default", "tidy"}));
  EXPECT_THAT(session().ListFunctions("web")->items, IsEmpty());
  EXPECT_THAT(session().ListFunctions("default", {.pattern = "t*"})->items, ElementsAre("tidy"));
  EXPECT_EQ(session().GetFunction({"default", "tidy"})->id(), function.id());
  ExpectSound();
}

TEST_F(ObjectsTest, BadNamesAreRefusedOnCreateAndOnRename) {
  MakeHits();
  for (const std::string& bad : {std::string(), std::string("a b"), std::string("a/b"), std::string(129, 'x')}) {
    EXPECT_THAT(session().CreateDatabase(MakeDatabase(bad)), HasCode(StatusCode::kInvalidArgument)) << bad;
    EXPECT_THAT(session().CreateTable(MakeTable("web", bad)), HasCode(StatusCode::kInvalidArgument)) << bad;
    EXPECT_THAT(session().RenameTable(kHits, {"web", bad}), HasCode(StatusCode::kInvalidArgument)) << bad;
    EXPECT_THAT(session().RenameDatabase("web", bad), HasCode(StatusCode::kInvalidArgument)) << bad;
  }
}

}  // namespace
}  // namespace lodestone::testing
