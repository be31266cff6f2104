// Calls that say little: what a server tells of itself, and further forms of calls on tables.
#include <map>
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
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;
using Texts = std::vector<std::string>;
using Fields = std::vector<thrift::FieldSchema>;

const std::string kDatabase = "default";
const std::string kTable = "hits";

TEST_F(CallTest, AServerTellsOfItself) {
  EXPECT_EQ(Get<std::string>("getName"), "metastore");
  EXPECT_EQ(Get<std::string>("getVersion"), "3.1.3");
  EXPECT_GT(Get<int64_t>("aliveSince"), 1'700'000'000);
  EXPECT_EQ(Get<thrift::fb_status::type>("getStatus"), thrift::fb_status::ALIVE);
  EXPECT_EQ(Get<std::string>("getStatusDetails"), "");
  using Counters = std::map<std::string, int64_t>;
  EXPECT_THAT(Get<Counters>("getCounters"), IsEmpty());
  EXPECT_EQ(Get<int64_t>("getCounter", std::string("calls")), 0);
  EXPECT_EQ(Fail("setOption", std::string("k"), std::string("v")), "");
  EXPECT_EQ(Get<std::string>("getOption", std::string("k")), "");
  using Options = std::map<std::string, std::string>;
  EXPECT_THAT(Get<Options>("getOptions"), IsEmpty());
  EXPECT_EQ(Get<std::string>("getCpuProfile", int32_t{1}), "");
  EXPECT_EQ(Fail("flushCache"), "");
}

TEST_F(CallTest, TokensAndTypesAreNotThere) {
  const std::string text = "x";
  EXPECT_THAT(Fail("get_delegation_token", text, text), StartsWith("1 "));
  EXPECT_THAT(Fail("renew_delegation_token", text), StartsWith("1 "));
  EXPECT_THAT(Fail("cancel_delegation_token", text), StartsWith("1 "));
  using Types = std::map<std::string, thrift::Type>;
  EXPECT_THAT(Get<Types>("get_type_all", text), IsEmpty());
}

TEST_F(CallTest, NamesOfPartitionsAreTakenApartAndLookedAtWithoutATable) {
  EXPECT_THAT(Get<Texts>("partition_name_to_vals", std::string("dt=a%2Fb/h=1")), ElementsAre("a/b", "1"));
  EXPECT_TRUE(Get<bool>("partition_name_has_valid_characters", Texts{"a", "b c"}, false));
  EXPECT_EQ(Fail("partition_name_has_valid_characters", Texts{"a"}, true), "");
}

TEST_F(CallTest, EachWayOfAskingForColumnsHasThem) {
  AddTable(kDatabase, kTable);
  const thrift::EnvironmentContext context;
  const std::string columns = Bytes(Get<Fields>("get_fields", kDatabase, kTable));
  const Fields all = Get<Fields>("get_schema", kDatabase, kTable);
  EXPECT_THAT(all, SizeIs(3));
  EXPECT_EQ(Bytes(Get<Fields>("get_fields_with_environment_context", kDatabase, kTable, context)), columns);
  EXPECT_EQ(Bytes(Get<Fields>("get_schema_with_environment_context", kDatabase, kTable, context)), Bytes(all));
  thrift::GetFieldsRequest fields;
  fields.__set_dbName(kDatabase);
  fields.__set_tblName(kTable);
  EXPECT_EQ(Bytes(Get<thrift::GetFieldsResponse>("get_fields_req", fields).fields), columns);
  thrift::GetSchemaRequest schema;
  schema.__set_dbName(kDatabase);
  schema.__set_tblName(kTable);
  EXPECT_EQ(Bytes(Get<thrift::GetSchemaResponse>("get_schema_req", schema).fields), Bytes(all));
}

TEST_F(CallTest, EachWayOfDroppingATableTakesItsFolder) {
  const auto make = [&] {
    AddTable(kDatabase, kTable);
    thrift::Table table = Get<thrift::Table>("get_table", kDatabase, kTable);
    EXPECT_EQ(Fail("drop_table", kDatabase, kTable, true), "");
    EXPECT_EQ(Fail("create_table", table), "");
    return Get<thrift::Table>("get_table", kDatabase, kTable).sd.location;
  };
  const auto gone = [&](const std::string& location) {
    EXPECT_THAT(Get<Texts>("get_all_tables", kDatabase), IsEmpty());
    EXPECT_FALSE(*warehouse->Exists(location));
  };
  std::string location = make();
  ASSERT_TRUE(*warehouse->Exists(location));
  EXPECT_EQ(Fail("drop_table_with_environment_context", kDatabase, kTable, true, thrift::EnvironmentContext()), "");
  gone(location);
  location = make();
  thrift::DropTableRequest request;
  request.__set_dbName(kDatabase);
  request.__set_tableName(kTable);
  request.__set_deleteData(true);
  EXPECT_EQ(Fail("drop_table_req", request), "");
  gone(location);
  EXPECT_THAT(Fail("drop_table_req", request), StartsWith("1 "));  // NoSuchObject
}

TEST_F(CallTest, EachWayOfAlteringATableChangesIt) {
  AddTable(kDatabase, kTable);
  const auto changed = [&](const std::string& to) {
    thrift::Table table = Get<thrift::Table>("get_table", kDatabase, kTable);
    table.parameters["k"] = to;
    return table;
  };
  const auto alter = [&](const char* call, const auto&... arguments) {
    EXPECT_EQ(Fail(call, arguments...), "") << call;
    return Get<thrift::Table>("get_table", kDatabase, kTable).parameters["k"];
  };
  const thrift::EnvironmentContext context;
  EXPECT_EQ(alter("alter_table", kDatabase, kTable, changed("a")), "a");
  EXPECT_EQ(alter("alter_table_with_environment_context", kDatabase, kTable, changed("b"), context), "b");
  EXPECT_EQ(alter("alter_table_with_cascade", kDatabase, kTable, changed("c"), true), "c");
  thrift::AlterTableRequest request;
  request.__set_dbName(kDatabase);
  request.__set_tableName(kTable);
  request.__set_table(changed("d"));
  EXPECT_EQ(alter("alter_table_req", request), "d");
}

TEST_F(CallTest, MaterializedViewsForRewritingAreThoseThatAreEnabled) {
  AddTable(kDatabase, kTable);
  EXPECT_THAT(Get<Texts>("get_materialized_views_for_rewriting", kDatabase), IsEmpty());
  model::v1::Table view;
  view.set_database(kDatabase);
  view.set_name("summary");
  view.set_table_type(model::v1::MATERIALIZED_VIEW);
  view.set_view_original_text("select 1");
  view.set_view_expanded_text("select 1");
  view.set_rewrite_enabled(true);
  ASSERT_OK(metastore->Local().CreateTable(view));
  EXPECT_THAT(Get<Texts>("get_materialized_views_for_rewriting", kDatabase), ElementsAre("summary"));
}

}  // namespace
}  // namespace lodestone::hive
