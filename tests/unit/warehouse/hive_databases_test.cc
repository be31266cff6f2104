// Catalogs and databases with their folders.
#include "tests/unit/warehouse/hive_fixture.h"

namespace lodestone::testing {
namespace {

using absl::StatusCode;

class HiveDatabasesTest : public HiveSessionTest {};

TEST_F(HiveDatabasesTest, MakesTheFolderAtTheDefaultOrGivenPlace) {
  Database given = MakeDatabase("given");
  given.set_location_uri("file:" + root_ + "/deep/down/given");
  given.set_create_time(5);
  ASSERT_OK(hive().CreateDatabase(MakeDatabase("Web")));
  ASSERT_OK(hive().CreateDatabase(given));
  EXPECT_TRUE(There("web.db"));
  EXPECT_TRUE(There("deep/down/given"));
  EXPECT_EQ(session().GetDatabase("web")->location_uri(), "file:" + root_ + "/web.db");
  // The server's time, whatever the client says.
  EXPECT_EQ(session().GetDatabase("given")->create_time(), kStart / 1000);
  EXPECT_THAT(hive().CreateDatabase(given), HasCode(StatusCode::kAlreadyExists));
  EXPECT_OK(hive().CreateDatabase(given, {.if_exists = IfExists::kSkip}));
}

TEST_F(HiveDatabasesTest, RefusesPlacesOutsideOfTheRootsAndLeavesOthersAlone) {
  Database outside = MakeDatabase("outside");
  outside.set_location_uri(top_ + "/outside");
  EXPECT_THAT(hive().CreateDatabase(outside), FailsWith(StatusCode::kInvalidArgument, "permitted root"));
  EXPECT_FALSE(session().GetDatabase("outside").ok());
  Database bucket = MakeDatabase("bucket");
  bucket.set_location_uri("s3://bucket/db");
  ASSERT_OK(hive().CreateDatabase(bucket));
  ASSERT_OK(hive().CreateTable(MakeTable("bucket", "t")));
  EXPECT_EQ(LocationOf({"bucket", "t"}), "s3://bucket/db/t");
  ASSERT_OK(hive().DropDatabase("bucket", {.mode = DropMode::kCascade}));
  EXPECT_TRUE(left_behind_.empty());
}

TEST_F(HiveDatabasesTest, AlterKeepsWhatIsNotSaidAndMovesNothing) {
  Database database = MakeDatabase("web");
  database.set_description("first");
  (*database.mutable_parameters())["a"] = "b";
  ASSERT_OK(hive().CreateDatabase(database));
  Database other = MakeDatabase("another_name");
  other.set_location_uri("file:" + root_ + "/moved");
  ASSERT_OK(hive().AlterDatabase("web", other));
  const auto now = session().GetDatabase("web");
  ASSERT_OK(now);
  EXPECT_EQ(now->description(), "first");
  EXPECT_EQ(now->location_uri(), "file:" + root_ + "/moved");
  EXPECT_TRUE(now->parameters().empty());
  EXPECT_TRUE(There("web.db"));
  EXPECT_FALSE(There("moved"));
}

TEST_F(HiveDatabasesTest, DropSaysWhatItHoldsInHivesWords) {
  MakeHiveHits();
  ASSERT_OK(hive().CreateDatabase(MakeDatabase("f")));
  ASSERT_OK(session().CreateFunction(MakeFunction("f", "g")));
  EXPECT_THAT(hive().DropDatabase("WEB"),
              FailsWith(StatusCode::kFailedPrecondition, "Database web is not empty. One or more tables exist."));
  EXPECT_THAT(hive().DropDatabase("f"),
              FailsWith(StatusCode::kFailedPrecondition, "Database f is not empty. One or more functions exist."));
  EXPECT_EQ(DomainErrorOf(hive().DropDatabase("f"))->kind, ErrorKind::kNotEmpty);
  EXPECT_THAT(hive().DropDatabase("missing"), HasCode(StatusCode::kNotFound));
  EXPECT_OK(hive().DropDatabase("missing", {.if_missing = IfMissing::kSkip}));
  EXPECT_TRUE(There("web.db/hits"));
}

TEST_F(HiveDatabasesTest, DropTakesTheFolderAndCascadeAllData) {
  const struct {
    HiveDropOptions drop;
    bool there;
    int in_trash;  // the table's folder, then the database's
  } cases[] = {
      {{.delete_data = true, .mode = DropMode::kCascade}, false, 2},
      {{.delete_data = true, .purge = true, .mode = DropMode::kCascade}, false, 0},
      {{.delete_data = false, .mode = DropMode::kCascade}, true, 0},
  };
  for (const auto& c : cases) {
    std::filesystem::remove_all(trash_);
    MakeHiveHits();
    Fill("web.db/hits/dt=1/f");
    ASSERT_OK(hive().DropDatabase("web", c.drop));
    EXPECT_EQ(There("web.db"), c.there);
    EXPECT_EQ(InTrash(), c.in_trash);
  }
  ASSERT_OK(hive().CreateDatabase(MakeDatabase("empty")));
  ASSERT_OK(hive().DropDatabase("empty"));
  EXPECT_FALSE(There("empty.db"));
}

TEST_F(HiveDatabasesTest, CascadeSparesDataOfExternalTablesAndOtherDatabases) {
  MakeHiveHits();
  Table external = MakeTable("web", "ext");
  external.set_table_type(model::v1::EXTERNAL_TABLE);
  ASSERT_OK(hive().CreateTable(external));
  Fill("web.db/ext/f");
  Fill("web.db/hits/f");
  ASSERT_OK(hive().DropDatabase("web", {.mode = DropMode::kCascade}));
  EXPECT_TRUE(There("web.db/ext/f"));
  EXPECT_FALSE(There("web.db/hits"));

  Database around = MakeDatabase("around");
  around.set_location_uri("file:" + root_ + "/around");
  Database inside = MakeDatabase("inside");
  inside.set_location_uri(root_ + "/around/inside");
  ASSERT_OK(hive().CreateDatabase(around));
  ASSERT_OK(hive().CreateDatabase(inside));
  ASSERT_OK(hive().DropDatabase("around", {.mode = DropMode::kCascade}));
  EXPECT_TRUE(There("around/inside"));
  ASSERT_OK(hive().DropDatabase("inside"));
  EXPECT_FALSE(There("around/inside"));
}

TEST_F(HiveDatabasesTest, ManagedTablesGoToTheManagedLocation) {
  Database database = MakeDatabase("two");
  database.set_managed_location_uri("file:" + root_ + "/managed/two");
  ASSERT_OK(hive().CreateDatabase(database));
  EXPECT_TRUE(There("managed/two"));
  EXPECT_TRUE(There("two.db"));
  ASSERT_OK(hive().CreateTable(MakeTable("two", "M")));
  Table external = MakeTable("two", "e");
  external.set_table_type(model::v1::EXTERNAL_TABLE);
  ASSERT_OK(hive().CreateTable(external));
  EXPECT_EQ(LocationOf({"two", "m"}), "file:" + root_ + "/managed/two/m");
  EXPECT_EQ(LocationOf({"two", "e"}), "file:" + root_ + "/two.db/e");
}

TEST_F(HiveDatabasesTest, CatalogsHaveAFolderAndADefaultDatabase) {
  model::v1::Catalog catalog;
  catalog.set_name("Lab");
  catalog.set_location_uri("file:" + root_ + "/lab");
  ASSERT_OK(hive().CreateCatalog(catalog));
  EXPECT_TRUE(There("lab"));
  EXPECT_THAT(hive().CreateCatalog(catalog), HasCode(StatusCode::kAlreadyExists));
  HiveSession lab(metastore_->Trusted({.name = "ana"}, "lab"), options_);
  ASSERT_OK(lab.CreateDatabase(MakeDatabase("x")));
  ASSERT_OK(lab.CreateTable(MakeTable("x", "t")));
  ASSERT_OK(lab.CreateTable(MakeTable("default", "t")));
  EXPECT_TRUE(There("lab/x.db/t"));
  EXPECT_TRUE(There("lab/t"));
  EXPECT_THAT(hive().DropCatalog("lab"), HasCode(StatusCode::kFailedPrecondition));
  ASSERT_OK(hive().DropCatalog("lab", {.mode = DropMode::kCascade}));
  EXPECT_FALSE(There("lab"));
  EXPECT_TRUE(left_behind_.empty());
}

}  // namespace
}  // namespace lodestone::testing
