// What each action does, and what it answers.
#include "tests/unit/dla/fixture.h"

namespace lodestone::testing {
namespace {

using nlohmann::json;

using DlaActionsTest = DlaTest;

// Name, Code, Message of a refused action.
struct Refused {
  std::string action;
  Fields fields;
  std::string code;
  std::string message;
};

TEST_F(DlaActionsTest, DatabasesAreMadeReadListedChangedRenamedAndDropped) {
  const json made = Done("CreateDatabase", {{"Name", "Web"},
                                            {"Description", "pages"},
                                            {"LocationUri", "oss://data/xxx"},
                                            {"Parameters", R"({"key":"key001=value001"})"}});
  EXPECT_TRUE(made["Data"].is_number_integer()) << made;
  EXPECT_EQ(made["Data"], metastore_->Local().GetDatabase("web")->id());
  const json expected = {{"Name", "web"},      {"Description", "pages"}, {"LocationUri", "oss://data/xxx"},
                         {"OwnerName", "ana"}, {"TenantId", "hive"},     {"Parameters", {{"key", "key001=value001"}}}};
  EXPECT_EQ(Done("GetDatabase", {{"Name", "WEB"}})["DatabaseModel"], expected);
  EXPECT_EQ(Done("GetAllDatabases")["Data"], json({"default", "web"}));

  const json altered = Done("AlterDatabase", {{"OldDbName", "web"},
                                              {"Name", "net"},
                                              {"Description", "other"},
                                              {"LocationUri", "oss://data/yyy"},
                                              {"Parameters", R"({"a":"1","b":2})"}});
  EXPECT_TRUE(altered["Data"].is_null());
  const json after = Done("GetDatabase", {{"Name", "net"}})["DatabaseModel"];
  EXPECT_EQ(after["Description"], "other");
  EXPECT_EQ(after["LocationUri"], "oss://data/yyy");
  EXPECT_EQ(after["OwnerName"], "ana");
  EXPECT_EQ(after["Parameters"], json({{"a", "1"}, {"b", "2"}}));
  // Without Parameters they stay; with the same name there is no rename.
  Done("AlterDatabase", {{"OldDbName", "net"}, {"Name", "NET"}, {"Description", ""}, {"LocationUri", ""}});
  const json kept = Done("GetDatabase", {{"Name", "net"}})["DatabaseModel"];
  EXPECT_EQ(kept["Parameters"], json({{"a", "1"}, {"b", "2"}}));
  EXPECT_EQ(kept["LocationUri"], "oss://data/yyy");
  EXPECT_EQ(kept["Description"], "");

  const json dropped = Done("DropDatabase", {{"Name", "net"}, {"Cascade", "False"}});
  EXPECT_TRUE(dropped.contains("Data") && dropped["Data"].is_null());
  EXPECT_EQ(Done("GetAllDatabases")["Data"], json({"default"}));
}

TEST_F(DlaActionsTest, AnAlterationThatCanNotRenameChangesNothing) {
  MakeDatabase("web");
  MakeDatabase("net");
  const json answer =
      Call("AlterDatabase", {{"OldDbName", "web"}, {"Name", "net"}, {"Description", "new"}, {"LocationUri", "x"}});
  EXPECT_EQ(answer["Code"], "ALREADY_EXISTS");
  EXPECT_EQ(answer["Success"], false);
  EXPECT_TRUE(answer["Data"].is_null());
  EXPECT_EQ(Done("GetDatabase", {{"Name", "web"}})["DatabaseModel"]["Description"], "pages");
}

TEST_F(DlaActionsTest, DropDatabaseTakesTablesAlongWhenAskedTo) {
  MakeDatabase();
  MakeTable();
  const json refused = Call("DropDatabase", {{"Name", "web"}, {"Cascade", "false"}});
  EXPECT_EQ(refused["Code"], "INVALID_OPERATION");
  EXPECT_EQ(refused["Message"], "database web is not empty: table hits exists");
  Done("DropDatabase", {{"Name", "web"}, {"Cascade", "true"}});
  EXPECT_EQ(Call("GetTable", {{"DbName", "web"}, {"TableName", "hits"}})["Code"], "NO_SUCH_OBJECT");
}

TEST_F(DlaActionsTest, TablesAreMadeReadAndListed) {
  MakeDatabase();
  const json made = Done("CreateTable", {{"DbName", "web"},
                                         {"TableName", "Hits"},
                                         {"TableType", "EXTERNAL_TABLE"},
                                         {"PartitionKeys", R"([{"Name":"dt","Type":"string","Comment":"the day"}])"},
                                         {"Parameters", R"({"k":"v"})"},
                                         {"StorageDescriptor", kDescriptor}});
  EXPECT_EQ(made["Data"], metastore_->Local().GetTable({"web", "hits"})->id());
  const json table = Done("GetTable", {{"DbName", "WEB"}, {"TableName", "hits"}})["Table"];
  const json expected = json::parse(R"({
      "DbName": "web", "TableName": "hits", "Owner": "ana", "TableType": "EXTERNAL_TABLE",
      "CreateTime": 1700000000, "LastAccessTime": 0, "Parameters": {"EXTERNAL": "TRUE", "k": "v"},
      "PartitionKeys": [{"Name": "dt", "Type": "string", "Comment": "the day"}],
      "StorageDescriptor": {
        "Cols": [{"Name": "id", "Type": "bigint", "Comment": "the id"},
                 {"Name": "name", "Type": "string", "Comment": ""}],
        "InputFormat": "parquet.In", "OutputFormat": "parquet.Out", "Location": "oss://data/t",
        "Parameters": {"a": "b"},
        "SerDeInfo": {"Name": "serde", "SerializationLib": "parquet.SerDe", "Parameters": {"field.delim": "\u0001"}}},
      "ViewOriginalText": "", "ViewExpandedText": ""})");
  EXPECT_EQ(table, expected);
  MakeTable("clicks");
  EXPECT_EQ(Done("GetAllTables", {{"DbName", "web"}})["Data"], json({"clicks", "hits"}));
}

TEST_F(DlaActionsTest, BothWordsForAViewMakeOne) {
  MakeDatabase();
  for (const std::string type : {"VIEW", "VIRTUAL_VIEW"}) {
    Done("CreateTable", {{"DbName", "web"},
                         {"TableName", "v_" + type},
                         {"TableType", type},
                         {"StorageDescriptor", R"({"Cols":[{"Name":"n","Type":"bigint"}]})"},
                         {"ViewOriginalText", "select count(*) n from hits"},
                         {"ViewExpandedText", "select count(*) n from web.hits"}});
    const json view = Done("GetTable", {{"DbName", "web"}, {"TableName", "v_" + type}})["Table"];
    EXPECT_EQ(view["TableType"], "VIRTUAL_VIEW");
    EXPECT_EQ(view["ViewOriginalText"], "select count(*) n from hits");
    EXPECT_EQ(view["ViewExpandedText"], "select count(*) n from web.hits");
  }
}

TEST_F(DlaActionsTest, AlterTableChangesColumnsParametersAndBothNamesAtOnce) {
  MakeDatabase("web");
  MakeDatabase("net");
  MakeTable();
  Done("AddPartitions", {{"Partition", "[" + PartitionJson("web", "hits", R"("1")") + "]"}});
  const Fields change = {{"OldDbName", "web"},    {"OldTableName", "hits"},
                         {"NewDbName", "net"},    {"NewTableName", "visits"},
                         {"Parameters", R"({})"}, {"Col", R"([{"Name":"new_col1","Type":"int","Comment":"c"}])"}};
  EXPECT_EQ(Done("AlterTable", change)["Data"], true);
  const json table = Done("GetTable", {{"DbName", "net"}, {"TableName", "visits"}})["Table"];
  EXPECT_EQ(table["StorageDescriptor"]["Cols"], json::parse(R"([{"Name":"new_col1","Type":"int","Comment":"c"}])"));
  EXPECT_EQ(table["Parameters"], json({{"EXTERNAL", "TRUE"}}));
  EXPECT_EQ(table["Owner"], "ana");
  EXPECT_EQ(table["StorageDescriptor"]["Location"], "oss://data/t");
  EXPECT_EQ(table["PartitionKeys"].size(), 1);
  EXPECT_EQ(Done("GetPartitions", {{"DbName", "net"}, {"TableName", "visits"}})["Partitions"].size(), 1);
  EXPECT_EQ(Call("GetTable", {{"DbName", "web"}, {"TableName", "hits"}})["Code"], "NO_SUCH_OBJECT");

  // The second half fails: the first half did not happen.
  MakeTable("hits");
  Fields again = change;
  again["Col"] = R"([{"Name":"other","Type":"int"}])";
  const json refused = Call("AlterTable", again);
  EXPECT_EQ(refused["Code"], "ALREADY_EXISTS");
  EXPECT_EQ(refused["Data"], false);
  EXPECT_EQ(Done("GetTable", {{"DbName", "web"}, {"TableName", "hits"}})["Table"]["Parameters"]["k"], "v");
}

TEST_F(DlaActionsTest, PartitionsOfSeveralTablesComeAllOrNone) {
  MakeDatabase();
  MakeTable("hits");
  MakeTable("clicks");
  const auto list = [](std::string_view a, std::string_view b, std::string_view c) {
    return base::StrCat("[", PartitionJson("web", "hits", a), ",", PartitionJson("WEB", "clicks", b), ",",
                        PartitionJson("web", "HITS", c), "]");
  };
  EXPECT_EQ(Done("AddPartitions", {{"Partition", list(R"("1")", R"("1")", R"("2")")}})["Data"], 3);
  const json refused = Call("AddPartitions", {{"Partition", list(R"("3")", R"("1")", R"("4")")}});
  EXPECT_EQ(refused["Code"], "ALREADY_EXISTS");
  EXPECT_EQ(refused["Success"], false);
  EXPECT_EQ(refused["Data"], 0);
  EXPECT_EQ(Done("GetPartitions", {{"DbName", "web"}, {"TableName", "hits"}})["Partitions"].size(), 2);
  EXPECT_EQ(Done("AddPartitions", {{"Partition", "[]"}})["Data"], 0);
}

TEST_F(DlaActionsTest, APartitionIsReadUnderTheNamesOfAnswers) {
  MakeDatabase();
  MakeTable("hits", R"([{"Name":"dt","Type":"string"},{"Name":"hour","Type":"string"}])");
  Done("AddPartitions", {{"Partition", "[" + PartitionJson("web", "hits", R"("a/b","00")") + "]"}});
  const json expected = json::parse(R"({
      "DbName": "web", "TableName": "hits", "Values": ["a/b", "00"], "CreateTime": 1700000000,
      "Parameters": {"numRows": "7"},
      "StorageDescriptorModel": {
        "Cols": [{"Name": "id", "Type": "bigint", "Comment": ""}, {"Name": "name", "Type": "string", "Comment": ""}],
        "InputFormat": "parquet.In", "OutputFormat": "parquet.Out", "Location": "oss://data/t/dt=a%2Fb/hour=00",
        "Parameters": {}, "SerDeInfoModel": {"Name": "", "SerializationLib": "parquet.SerDe", "Parameters": {}}}})");
  const Fields table = {{"DbName", "web"}, {"TableName", "hits"}};
  Fields one = table;
  one["Values"] = R"(["a/b","00"])";
  EXPECT_EQ(Done("GetPartition", one)["PartitionModel"], expected);
  EXPECT_EQ(Done("GetPartitions", table)["Partitions"], json::array({expected}));
  Fields drop = table;
  drop["PartValues"] = R"(["a/b","00"])";
  EXPECT_EQ(Done("DropPartition", drop)["Data"], true);
  const json gone = Call("DropPartition", drop);
  EXPECT_EQ(gone["Message"], "No such partition with values: [a/b, 00] in table: web.hits");
  EXPECT_EQ(gone["Data"], false);
}

TEST_F(DlaActionsTest, MaxPartsCutsTheList) {
  MakeDatabase();
  MakeTable();
  std::string list;
  for (int i = 100; i < 130; ++i) {
    list += (list.empty() ? "[" : ",") + PartitionJson("web", "hits", base::StrCat("\"", i, "\""));
  }
  EXPECT_EQ(Done("AddPartitions", {{"Partition", list + "]"}})["Data"], 30);
  const struct {
    std::string max;
    std::size_t count;
  } cases[] = {{"-1", 30}, {"", 30}, {"0", 0}, {"1", 1}, {"29", 29}, {"30", 30}, {"1000", 30}};
  for (const auto& c : cases) {
    const json answer = Done("GetPartitions", {{"DbName", "web"}, {"TableName", "hits"}, {"MaxParts", c.max}});
    ASSERT_EQ(answer["Partitions"].size(), c.count) << c.max;
    for (std::size_t i = 0; i < c.count; ++i) {
      EXPECT_EQ(answer["Partitions"][i]["Values"], json({std::to_string(100 + i)}));
    }
  }
  for (const std::string bad : {"-2", "x", "1.5", "99999999999999999999"}) {
    EXPECT_EQ(Call("GetPartitions", {{"DbName", "web"}, {"TableName", "hits"}, {"MaxParts", bad}})["Code"],
              "InvalidParameter.MaxParts");
  }
}

TEST_F(DlaActionsTest, MoreThanAnAnswerOrARequestMayHoldIsRefused) {
  MakeDatabase();
  MakeTable();
  handler_ =
      http::NewDlaHandler(*metastore_, {.authenticate = false, .max_added_partitions = 2, .max_answer_bytes = 300});
  const auto list = [](int n) {
    std::string text;
    for (int i = 0; i < n; ++i) {
      text += (i == 0 ? "[" : ",") + PartitionJson("web", "hits", base::StrCat("\"", i, "\""));
    }
    return text + "]";
  };
  const json refused = Call("AddPartitions", {{"Partition", list(3)}});
  EXPECT_EQ(refused["Code"], "INVALID_OPERATION");
  EXPECT_THAT(refused["Message"].get<std::string>(),
              ::testing::StartsWith("Too many partitions, exceed max partition number"));
  Done("AddPartitions", {{"Partition", list(2)}});
  const json too_long = Call("GetPartitions", {{"DbName", "web"}, {"TableName", "hits"}});
  EXPECT_EQ(too_long["Code"], "INVALID_OPERATION");
  EXPECT_FALSE(too_long.contains("Partitions"));
}

TEST_F(DlaActionsTest, WhatTheCatalogRefusesIsSaidInTheWordsOfTheReference) {
  MakeDatabase();
  MakeTable("tbl001");
  const Fields missing_table = {{"DbName", "web"}, {"TableName", "none"}};
  const Fields missing_database = {{"DbName", "none"}, {"TableName", "t"}};
  Fields drop_partition = missing_table;
  drop_partition["PartValues"] = R"(["p002"])";
  const Fields alter = {
      {"OldDbName", "bd001"}, {"OldTableName", "t"}, {"NewDbName", "web"}, {"NewTableName", "t"}, {"Col", "[]"}};
  const Refused cases[] = {
      {"CreateDatabase",
       {{"Name", "web"}, {"Description", "d"}, {"LocationUri", "u"}},
       "ALREADY_EXISTS",
       "Database web already exists"},
      {"GetDatabase", {{"Name", "db001"}}, "NO_SUCH_OBJECT", "The database db001 does not exist"},
      {"AlterDatabase",
       {{"OldDbName", "bd001"}, {"Name", "x"}, {"Description", "d"}, {"LocationUri", "u"}},
       "NO_SUCH_OBJECT",
       "No such database: bd001"},
      {"DropDatabase", {{"Name", "bd001"}, {"Cascade", "true"}}, "NO_SUCH_OBJECT", "No such database: bd001"},
      {"CreateTable",
       {{"DbName", "web"}, {"TableName", "tbl001"}, {"TableType", "MANAGED_TABLE"}, {"StorageDescriptor", kDescriptor}},
       "ALREADY_EXISTS",
       "Table web.tbl001 already exists"},
      {"GetTable", missing_table, "NO_SUCH_OBJECT", "No such table: web.none"},
      {"GetTable", missing_database, "NO_SUCH_OBJECT", "No such database: none"},
      {"GetAllTables", {{"DbName", "db001"}}, "NO_SUCH_OBJECT", "The database db001 does not exist"},
      {"AlterTable", alter, "NO_SUCH_OBJECT", "No such database: bd001"},
      {"DropTable", missing_table, "NO_SUCH_OBJECT", "No such table: web.none"},
      {"GetPartitions", missing_table, "NO_SUCH_OBJECT", "No such table: web.none"},
      {"GetPartition",
       {{"DbName", "web"}, {"TableName", "tbl001"}, {"Values", R"(["p001"])"}},
       "NO_SUCH_OBJECT",
       "No such partition with values: [p001] in table: web.tbl001"},
      {"DropPartition", drop_partition, "NO_SUCH_OBJECT", "Table: none not exists!"},
  };
  for (const Refused& c : cases) {
    const http::Response response = Send(PostRequest(Complete(c.action, c.fields)));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.outcome, c.code);
    EXPECT_EQ(response.call, c.action);
    const json answer = json::parse(response.body);
    EXPECT_EQ(answer["Success"], false) << answer;
    EXPECT_EQ(answer["Code"], c.code) << answer;
    EXPECT_EQ(answer["Message"], c.message) << answer;
  }
}

}  // namespace
}  // namespace lodestone::testing
