// Catalogs, databases, functions and columns over the wire: what is answered, and which exception with which text.
#include <filesystem>
#include <optional>

#include "bindings/hive/convert/names.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "catalog/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/hive/call_fixture.h"

namespace lodestone::hive {
namespace {

using testing::CallTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Names = std::vector<std::string>;

// What a test says about a database; absent texts are not sent.
thrift::Database Database(const std::string& name, const std::optional<std::string>& catalog = std::nullopt) {
  thrift::Database database;
  database.__set_name(name);
  if (catalog) database.__set_catalogName(*catalog);
  return database;
}

thrift::CreateCatalogRequest Catalog(const std::string& name, const std::string& location) {
  thrift::CreateCatalogRequest request;
  request.catalog.__set_name(name);
  request.catalog.__set_locationUri(location);
  request.__isset.catalog = true;
  return request;
}

thrift::Table Table(const std::string& database, const std::string& name) {
  thrift::FieldSchema id;
  id.__set_name("id");
  id.__set_type("bigint");
  thrift::StorageDescriptor descriptor;
  descriptor.__set_cols({id});
  descriptor.__set_serdeInfo(thrift::SerDeInfo());
  thrift::Table table;
  table.__set_dbName(database);
  table.__set_tableName(name);
  table.__set_sd(descriptor);
  return table;
}

template <typename Request>
Request Named(const std::string& name) {
  Request request;
  request.__set_name(name);
  return request;
}

class DatabaseCallsTest : public CallTest {};

TEST_F(DatabaseCallsTest, DefaultIsThereFromTheStart) {
  const auto database = Get<thrift::Database>("get_database", std::string("default"));
  EXPECT_EQ(database.name, "default");
  EXPECT_EQ(database.catalogName, "hive");
  EXPECT_EQ(database.description, "Default Hive database");
  EXPECT_EQ(database.ownerName, "public");
  EXPECT_TRUE(database.ownerType == thrift::PrincipalType::ROLE);
  EXPECT_EQ(database.locationUri, root());
  EXPECT_THAT(Get<Names>("get_all_databases"), ElementsAre("default"));
}

TEST_F(DatabaseCallsTest, ADatabaseIsMadeReadChangedAndDropped) {
  thrift::Database web = Database("Web");
  web.__set_description("clicks");
  web.__set_parameters({{"a", "b"}});
  web.__set_createTime(17);
  ASSERT_EQ(Fail("create_database", web), "");
  EXPECT_TRUE(std::filesystem::is_directory(folder / "warehouse/web.db"));
  auto found = Get<thrift::Database>("get_database", std::string("wEb"));
  EXPECT_EQ(found.name, "web");
  EXPECT_EQ(found.description, "clicks");
  EXPECT_EQ(found.locationUri, root() + "/web.db");
  EXPECT_EQ(found.parameters.at("a"), "b");
  EXPECT_GT(found.createTime, 1'000'000'000);
  EXPECT_EQ(found.ownerName, "ana");  // as set_ugi said
  thrift::Database changed = Database("web");
  changed.__set_description("more");
  ASSERT_EQ(Fail("alter_database", std::string("web"), changed), "");
  found = Get<thrift::Database>("get_database", std::string("web"));
  EXPECT_EQ(found.description, "more");
  EXPECT_EQ(found.locationUri, root() + "/web.db");
  EXPECT_THAT(found.parameters, IsEmpty());
  ASSERT_EQ(Fail("drop_database", std::string("web"), true, false), "");
  EXPECT_FALSE(std::filesystem::exists(folder / "warehouse/web.db"));
  EXPECT_EQ(Fail("get_database", std::string("web")), "1 database hive.web");
}

TEST_F(DatabaseCallsTest, FailuresAreTheExceptionsThatClientsExpect) {
  ASSERT_EQ(Fail("create_database", Database("web")), "");
  AddTable("web", "hits");
  thrift::Database nameless;
  thrift::DropDatabaseRequest missing = Named<thrift::DropDatabaseRequest>("nodb");
  const std::string web = "web";
  const std::string nodb = "nodb";
  EXPECT_THAT(Fail("create_database", Database("WEB")), HasSubstr("1 "));             // AlreadyExists
  EXPECT_THAT(Fail("create_database", Database("no good")), HasSubstr("2 "));         // InvalidObject
  EXPECT_THAT(Fail("create_database", Database("")), HasSubstr("2 "));                // InvalidObject
  EXPECT_THAT(Fail("create_database", nameless), HasSubstr("3 "));                    // Meta
  EXPECT_THAT(Fail("create_database", Database("a", "nocatalog")), HasSubstr("2 "));  // InvalidObject
  EXPECT_EQ(Fail("get_database", nodb), "1 database hive.nodb");                      // NoSuchObject
  EXPECT_EQ(Fail("get_database", std::string("@cat#db")), "1 database cat.db");       // NoSuchObject
  EXPECT_EQ(Fail("alter_database", nodb, Database("nodb")), "2 database hive.nodb");  // NoSuchObject
  EXPECT_EQ(Fail("drop_database", nodb, true, false), "1 database hive.nodb");        // NoSuchObject
  EXPECT_EQ(Fail("drop_database", web, true, false),
            "2 Database web is not empty. One or more tables exist.");                      // InvalidOperation
  EXPECT_THAT(Fail("drop_database", std::string("default"), true, true), HasSubstr("3 "));  // Meta
  EXPECT_THAT(Fail("drop_database_req", missing), HasSubstr("1 "));
  missing.ignoreUnknownDb = true;
  EXPECT_EQ(Fail("drop_database_req", missing), "");
  EXPECT_EQ(Fail("drop_database", web, true, true), "");
  EXPECT_THAT(Get<Names>("get_all_databases"), ElementsAre("default"));
}

TEST_F(DatabaseCallsTest, ListsFollowPatternsAndCatalogs) {
  for (const char* name : {"kit_a", "kit_b", "other"}) ASSERT_EQ(Fail("create_database", Database(name)), "");
  ASSERT_EQ(Fail("create_catalog", Catalog("sales", root() + "/sales")), "");
  ASSERT_EQ(Fail("create_database", Database("kit_s", "sales")), "");
  const struct {
    const char* pattern;
    Names expected;
  } kCases[] = {
      {"*", {"default", "kit_a", "kit_b", "other"}},
      {"KIT*", {"kit_a", "kit_b"}},
      {"kit_a|other", {"kit_a", "other"}},
      {"none", {}},
      {"", {}},
      {"@hive#", {"default", "kit_a", "kit_b", "other"}},
      {"@hive#kit*", {"kit_a", "kit_b"}},
      {"@hive#!", {}},
      {"@sales#", {"default", "kit_s"}},
      {"@sales#kit*", {"kit_s"}},
      {"@nocatalog#", {}},
  };
  for (const auto& one : kCases) {
    EXPECT_EQ(Get<Names>("get_databases", std::string(one.pattern)), one.expected) << one.pattern;
  }
  EXPECT_THAT(Get<Names>("get_databases"), ElementsAre("default", "kit_a", "kit_b", "other"));
  EXPECT_EQ(Get<thrift::Database>("get_database", std::string("@sales#kit_s")).catalogName, "sales");
  thrift::GetDatabaseRequest request = Named<thrift::GetDatabaseRequest>("kit_s");
  request.__set_catalogName("sales");
  EXPECT_EQ(Get<thrift::Database>("get_database_req", request).name, "kit_s");
}

TEST_F(DatabaseCallsTest, TheRequestFormsDoTheSame) {
  thrift::CreateDatabaseRequest create;
  create.databaseName = "web";
  create.__set_description("clicks");
  ASSERT_EQ(Fail("create_database_req", create), "");
  EXPECT_THAT(Fail("create_database_req", create), HasSubstr("1 "));
  thrift::AlterDatabaseRequest alter;
  alter.oldDbName = "web";
  alter.newDb = Database("web");
  alter.newDb.__set_ownerName("bob");
  alter.newDb.__set_ownerType(thrift::PrincipalType::USER);
  ASSERT_EQ(Fail("alter_database_req", alter), "");
  const auto found = Get<thrift::Database>("get_database_req", Named<thrift::GetDatabaseRequest>("web"));
  EXPECT_EQ(found.ownerName, "bob");
  EXPECT_EQ(found.description, "clicks");
}

TEST_F(DatabaseCallsTest, CatalogsAreMadeReadChangedAndDropped) {
  ASSERT_EQ(Fail("create_catalog", Catalog("sales", root() + "/sales")), "");
  EXPECT_TRUE(std::filesystem::is_directory(folder / "warehouse/sales"));
  EXPECT_THAT(Fail("create_catalog", Catalog("sales", root() + "/sales")), HasSubstr("1 "));
  EXPECT_THAT(Get<thrift::GetCatalogsResponse>("get_catalogs").names, ElementsAre("hive", "sales"));
  const auto named = Named<thrift::GetCatalogRequest>("sales");
  EXPECT_EQ(Get<thrift::GetCatalogResponse>("get_catalog", named).catalog.locationUri, root() + "/sales");
  thrift::AlterCatalogRequest alter = Named<thrift::AlterCatalogRequest>("sales");
  alter.__set_newCat(Catalog("sales", root() + "/sales").catalog);
  alter.newCat.__set_description("of the shop");
  ASSERT_EQ(Fail("alter_catalog", alter), "");
  EXPECT_EQ(Get<thrift::GetCatalogResponse>("get_catalog", named).catalog.description, "of the shop");
  alter.newCat.name = "shop";
  EXPECT_THAT(Fail("alter_catalog", alter), HasSubstr("2 "));  // InvalidOperation
  ASSERT_EQ(Fail("create_database", Database("web", "sales")), "");
  EXPECT_THAT(Fail("drop_catalog", Named<thrift::DropCatalogRequest>("sales")), HasSubstr("2 "));
  ASSERT_EQ(Fail("drop_database", std::string("@sales#web"), true, false), "");
  EXPECT_EQ(Fail("drop_catalog", Named<thrift::DropCatalogRequest>("sales")), "");
  EXPECT_THAT(Fail("get_catalog", named), HasSubstr("1 "));                                       // NoSuchObject
  EXPECT_THAT(Fail("drop_catalog", Named<thrift::DropCatalogRequest>("hive")), HasSubstr("3 "));  // Meta
}

thrift::Function Function(const std::string& database, const std::string& name) {
  thrift::Function function;
  function.__set_dbName(database);
  function.__set_functionName(name);
  function.__set_className("org.example.F");
  function.__set_functionType(thrift::FunctionType::JAVA);
  function.__set_ownerType(thrift::PrincipalType::USER);
  function.__set_resourceUris({});
  return function;
}

TEST_F(DatabaseCallsTest, FunctionsAreMadeReadChangedAndDropped) {
  const std::string in = "default";
  ASSERT_EQ(Fail("create_function", Function("default", "Area")), "");
  ASSERT_EQ(Fail("create_function", Function("@hive#default", "volume")), "");
  EXPECT_THAT(Fail("create_function", Function("default", "area")), HasSubstr("1 "));
  EXPECT_THAT(Fail("create_function", Function("nodb", "area")), HasSubstr("4 "));
  EXPECT_EQ(Get<thrift::Function>("get_function", in, std::string("AREA")).className, "org.example.F");
  EXPECT_THAT(Get<Names>("get_functions", in, std::string("*")), ElementsAre("area", "volume"));
  EXPECT_THAT(Get<Names>("get_functions", in, std::string("a*")), ElementsAre("area"));
  EXPECT_THAT(Get<Names>("get_functions", std::string("nodb"), std::string("*")), IsEmpty());
  thrift::Function changed = Function("default", "surface");
  changed.__set_className("org.example.G");
  ASSERT_EQ(Fail("alter_function", in, std::string("area"), changed), "");
  EXPECT_EQ(Get<thrift::Function>("get_function", in, std::string("surface")).className, "org.example.G");
  EXPECT_THAT(Fail("alter_function", in, std::string("area"), changed), HasSubstr("2 "));  // Meta
  EXPECT_EQ(Get<thrift::GetAllFunctionsResponse>("get_all_functions").functions.size(), 2u);
  ASSERT_EQ(Fail("drop_function", in, std::string("surface")), "");
  EXPECT_EQ(Fail("drop_function", in, std::string("surface")), "1 Function surface does not exist");
  EXPECT_EQ(Fail("get_function", in, std::string("surface")), "2 Function default.surface does not exist");
  EXPECT_EQ(Fail("get_function", std::string("@hive#nodb"), std::string("*")),
            "2 Function @hive#nodb.* does not exist");
}

TEST_F(DatabaseCallsTest, FieldsAreColumnsAndSchemasHaveTheKeysBehind) {
  AddTable("default", "hits");
  const auto names = [](const std::vector<thrift::FieldSchema>& fields) {
    Names all;
    for (const thrift::FieldSchema& field : fields) all.push_back(base::StrCat(field.name, " ", field.type));
    return all;
  };
  using Fields = std::vector<thrift::FieldSchema>;
  const std::string in = "default";
  EXPECT_THAT(names(Get<Fields>("get_fields", in, std::string("Hits"))), ElementsAre("id bigint", "name string"));
  EXPECT_THAT(names(Get<Fields>("get_schema", in, std::string("hits"))),
              ElementsAre("id bigint", "name string", "dt string"));
  thrift::GetSchemaRequest request;
  request.dbName = "default";
  request.tblName = "hits";
  EXPECT_EQ(Get<thrift::GetSchemaResponse>("get_schema_req", request).fields.size(), 3u);
  EXPECT_EQ(Fail("get_fields", in, std::string("Nothing")), "2 hive.default.nothing table not found");
  EXPECT_EQ(Fail("get_schema", std::string("nodb"), std::string("t")), "2 hive.nodb.t table not found");
}

TEST_F(DatabaseCallsTest, ThereAreNoRecordTypes) {
  thrift::Type type;
  type.__set_name("point");
  EXPECT_THAT(Fail("create_type", type), HasSubstr("3 "));
  EXPECT_THAT(Fail("get_type", std::string("point")), HasSubstr("2 "));
  EXPECT_THAT(Fail("drop_type", std::string("point")), HasSubstr("2 "));
}

TEST_F(DatabaseCallsTest, CallsWaitTheirTurnWhereAllTogetherTakeTooMuchMemory) {
  const std::string body(1, '\0');
  Message message{.name = "getName", .body = body, .bytes = 20, .decoded_bytes = options.decoded_bytes};
  testing::CollectedAnswer answer;
  absl::StatusOr<Served> served = connection->Serve(message, {}, &answer);
  ASSERT_OK(served);
  EXPECT_EQ(served->outcome, "ok");
  ++message.decoded_bytes;
  served = connection->Serve(message, {}, &answer);
  ASSERT_OK(served);
  EXPECT_EQ(served->outcome, "busy");
}

// ---- Who acts ----
class CheckedCallsTest : public CallTest {
 protected:
  CheckedCallsTest() { options.authenticate = true; }
};

TEST_F(CheckedCallsTest, ClaimsAreWithoutEffectOnceTheClientHasProvenWhoItIs) {
  connection->Authenticated({.principal = {.name = "bob"}, .catalog = {}});
  EXPECT_THAT(Get<Names>("set_ugi", std::string("root"), Names{"staff"}), ElementsAre("staff", "root"));
  EXPECT_EQ(connection->principal().name, "bob");
  EXPECT_THAT(Fail("create_database", Database("web")), HasSubstr("3 "));  // Meta: bob may not
  // What may not be seen is told as what is not there: clients begin with such questions.
  ASSERT_OK(metastore->Local().CreateDatabase([] {
    model::v1::Database secret;
    secret.set_name("secret");
    return secret;
  }()));
  AddTable("secret", "t");
  const std::string in = "secret";
  EXPECT_EQ(Fail("get_database", in), "1 database hive.secret");
  EXPECT_EQ(Fail("get_database", std::string("global_temp")), "1 database hive.global_temp");
  EXPECT_EQ(Fail("get_function", in, std::string("f")), "2 Function secret.f does not exist");
  EXPECT_EQ(Fail("get_fields", in, std::string("t")), "2 hive.secret.t table not found");
  EXPECT_EQ(Fail("get_catalog", Named<thrift::GetCatalogRequest>("nocatalog")), "1 No catalog nocatalog");
  ASSERT_OK(metastore->Local().GrantRole(kAdminRole, Grantee::User("bob")));
  EXPECT_EQ(Fail("create_database", Database("web")), "");
  EXPECT_EQ(Get<thrift::Database>("get_database", std::string("web")).ownerName, "bob");
}

TEST_F(CheckedCallsTest, APartitionThatMayNotBeSeenIsToldAsOneThatIsNotThere) {
  AddTable("default", "hits");
  model::v1::Partition partition;
  partition.add_values("1");
  ASSERT_OK(metastore->Local().AddPartitions({"default", "hits"}, {&partition, 1}));
  connection->Authenticated({.principal = {.name = "bob"}, .catalog = {}});
  const std::string in = "default";
  for (const char* table : {"hits", "nothing"}) {
    const std::string name = table;
    thrift::GetPartitionRequest request;
    request.__set_dbName(in);
    request.__set_tblName(name);
    request.__set_partVals({"1"});
    EXPECT_EQ(Fail("get_partition", in, name, Names{"1"}), "2 partition values=[1]");
    EXPECT_EQ(Fail("get_partition_with_auth", in, name, Names{"1"}, std::string("bob"), Names{}),
              "2 partition values=[1]");
    EXPECT_EQ(Fail("get_partition_req", request), "2 partition values=[1]");
    EXPECT_EQ(Fail("get_partition_by_name", in, name, std::string("dt=1")), "2 partition values=[1]");
  }
  // Whoever sees the table hears what is missing.
  ASSERT_OK(metastore->Local().Grant(
      {.to = Grantee::User("bob"), .privileges = Privilege::kSelect, .on = Securable::Database("default")}));
  EXPECT_EQ(Get<thrift::Partition>("get_partition", in, std::string("hits"), Names{"1"}).values, Names{"1"});
  EXPECT_EQ(Fail("get_partition", in, std::string("hits"), Names{"2"}), "2 partition values=[2]");
  EXPECT_EQ(Fail("get_partition", in, std::string("nothing"), Names{"1"}), "2 hive.default.nothing table not found");
}

TEST_F(CheckedCallsTest, AnAccountOfOneCatalogIsInItWhateverHiveIsCalled) {
  ASSERT_OK(metastore->Local().CreateCatalog([] {
    model::v1::Catalog catalog;
    catalog.set_name("acme");
    return catalog;
  }()));
  ASSERT_OK(metastore->Local("acme").GrantRole(kAdminRole, Grantee::User("eve")));
  connection->Authenticated({.principal = {.name = "eve"}, .catalog = "acme"});
  ASSERT_EQ(Fail("create_database", Database("web")), "");
  ASSERT_EQ(Fail("create_database", Database("more", "hive")), "");
  ASSERT_EQ(Fail("create_database", Database("@acme#most")), "");
  EXPECT_THAT(Get<Names>("get_all_databases"), ElementsAre("default", "more", "most", "web"));
  EXPECT_EQ(Get<thrift::Database>("get_database", std::string("@hive#web")).catalogName, "acme");
  EXPECT_THAT(Fail("create_database", Database("web", "other")), HasSubstr("3 "));  // Meta: not there
  EXPECT_TRUE(metastore->Local().ListDatabases()->items == Names{"default"});
  // Tables, too: made, read, changed and renamed, with the catalog left out, called `hive`, and by its own name.
  for (const std::optional<std::string>& catalog :
       {std::optional<std::string>(), std::optional<std::string>("hive"), std::optional<std::string>("acme")}) {
    thrift::Table table = Table("web", "hits");
    if (catalog) table.__set_catName(*catalog);
    thrift::SQLPrimaryKey key;
    key.__set_column_name("id");
    key.__set_key_seq(1);
    const auto none = [](auto row) { return std::vector<decltype(row)>(); };
    ASSERT_EQ(Fail("create_table_with_constraints", table, std::vector{key}, none(thrift::SQLForeignKey()),
                   none(thrift::SQLUniqueConstraint()), none(thrift::SQLNotNullConstraint()),
                   none(thrift::SQLDefaultConstraint()), none(thrift::SQLCheckConstraint())),
              "");
    EXPECT_EQ(Get<thrift::Table>("get_table", std::string("web"), std::string("hits")).catName, "acme");
    table.__set_tableName("visits");
    ASSERT_EQ(Fail("alter_table", std::string("web"), std::string("hits"), table), "");
    EXPECT_EQ(metastore->Local("acme").ListTables("web")->items, Names{"visits"});
    EXPECT_EQ(metastore->Local("acme").ListConstraints({"web", "visits"})->size(), 1u);
    ASSERT_EQ(Fail("drop_table", std::string("web"), std::string("visits"), true), "");
  }
  thrift::Table elsewhere = Table("web", "hits");
  elsewhere.__set_catName("other");
  EXPECT_THAT(Fail("create_table", elsewhere), HasSubstr("3 "));  // Meta: refused
}

}  // namespace
}  // namespace lodestone::hive
