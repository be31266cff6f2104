// 7.2.1 to 7.2.4, in process.
#include <algorithm>
#include <string>
#include <vector>

#include "tests/unit/dli/dli_fixture.h"

namespace lodestone::http::dli {
namespace {

class Tables : public DliTest {
 protected:
  void SetUp() override {
    DliTest::SetUp();
    ASSERT_THAT(Post("databases", R"({"database_name": "db1"})"), Succeeds());
  }
  Answer Create(const std::string& body) { return Post("databases/db1/tables", body); }
  Answer Show(const std::string& name) { return Get("databases/db1/tables/" + name); }
};

constexpr char kCsv[] = R"js({
  "table_name": "Tb1", "data_location": "OBS", "description": "comment", "data_type": "CSV",
  "data_path": "obs://obs/path1",
  "columns": [{"column_name": "Column1", "type": "STRING", "description": "one", "is_partition_column": true},
              {"column_name": "column2", "type": "decimal(10, 2)", "is_partition_column": false}],
  "with_column_header": true, "delimiter": ";", "quote_char": "'", "escape_char": "^",
  "date_format": "yyyy/MM/dd", "timestamp_format": "yyyy"})js";
constexpr char kManaged[] = R"({"table_name": "$own", "data_location": "dli",
                                "columns": [{"column_name": "id", "type": "int"}]})";
constexpr char kView[] = R"({"table_name": "v", "data_location": "VIEW", "select_statement": "select * from db1.tb1",
                             "columns": [{"column_name": "a", "type": "string", "is_partition_column": true},
                                         {"column_name": "b", "type": "string"}]})";

TEST_F(Tables, OfFilesKeepEverything) {
  ASSERT_THAT(Create(kCsv), Succeeds());
  const Answer shown = Show("TB1");
  ASSERT_THAT(shown, Succeeds());
  const Json columns = Json::parse(R"js([
    {"column_name": "column2", "type": "decimal(10, 2)", "description": "", "is_partition_column": false},
    {"column_name": "column1", "type": "STRING", "description": "one", "is_partition_column": true}])js");
  EXPECT_EQ(shown.json["column_count"], 2);
  EXPECT_EQ(shown.json["columns"], columns);
  EXPECT_EQ(shown.json["table_type"], "EXTERNAL");
  EXPECT_EQ(shown.json["data_type"], "csv");
  EXPECT_EQ(shown.json["data_location"], "obs://obs/path1");
  EXPECT_EQ(shown.json["table_comment"], "comment");
  const Json properties = Json::parse(R"([
    {"key": "dateformat", "value": "yyyy/MM/dd"}, {"key": "delimiter", "value": ";"}, {"key": "escape", "value": "^"},
    {"key": "header", "value": "true"}, {"key": "quote", "value": "'"}, {"key": "timestampformat", "value": "yyyy"}])");
  EXPECT_EQ(shown.json["storage_properties"], properties);
  EXPECT_NE(shown.json["create_table_sql"].get<std::string>().find("USING `csv`"), std::string::npos);
  // What Hive and Spark find.
  const auto table = metastore_->Local().GetTable({"db1", "tb1"});
  ASSERT_OK(table);
  EXPECT_EQ(table->storage_descriptor().serde_info().serialization_lib(), "org.apache.hadoop.hive.serde2.OpenCSVSerde");
  EXPECT_EQ(table->storage_descriptor().serde_info().parameters().at("separatorChar"), ";");
  EXPECT_EQ(table->parameters().at("skip.header.line.count"), "1");
  EXPECT_EQ(table->parameters().at("spark.sql.sources.provider"), "csv");
  EXPECT_EQ(table->owner(), "ana");
}

TEST_F(Tables, CanHaveEachFormat) {
  for (const std::string type : {"Parquet", "orc", "CSV", "Json", "AVRO"}) {
    ASSERT_THAT(Create(R"({"table_name": "t_)" + type + R"(", "data_location": "OBS", "data_path": "obs://b/p",
                "data_type": ")" +
                       type + R"(", "columns": [{"column_name": "a", "type": "int"}]})"),
                Succeeds());
    const Answer shown = Show("t_" + type);
    std::string lower = type;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return std::tolower(c); });
    EXPECT_EQ(shown.json["data_type"], lower);
    EXPECT_EQ(shown.json["storage_properties"].size(), type == "CSV" ? 6u : type == "Json" ? 2u : 0u) << type;
  }
}

TEST_F(Tables, OfTheServiceItselfAreManaged) {
  ASSERT_THAT(Create(kManaged), Succeeds());
  const Answer shown = Show("%24own");
  ASSERT_THAT(shown, Succeeds());
  EXPECT_EQ(shown.json["table_type"], "MANAGED");
  for (const char* absent : {"data_type", "data_location", "storage_properties"})
    EXPECT_FALSE(shown.json.contains(absent));
  EXPECT_EQ(shown.json["create_table_sql"], "CREATE TABLE `db1`.`$own` (`id` INT)\nUSING `parquet`");
}

TEST_F(Tables, ViewsKeepTheirTextAndFlags) {
  ASSERT_THAT(Create(kView), Succeeds());
  const Answer shown = Show("v");
  ASSERT_THAT(shown, Succeeds());
  EXPECT_EQ(shown.json["table_type"], "VIEW");
  EXPECT_EQ(shown.json["columns"][0]["is_partition_column"], true);
  EXPECT_EQ(shown.json["columns"][1]["is_partition_column"], false);
  EXPECT_EQ(shown.json["create_table_sql"], "CREATE VIEW `db1`.`v` (`a`, `b`) AS\nselect * from db1.tb1");
  ASSERT_THAT(Create(R"({"table_name": "w", "data_location": "VIEW", "select_statement": "select 1"})"), Succeeds());
  EXPECT_EQ(Show("w").json["column_count"], 0);
}

TEST_F(Tables, RequestsThatBreakARuleSayWhich) {
  const std::string columns = R"("columns": [{"column_name": "a", "type": "int"}])";
  const std::pair<std::string, const char*> cases[] = {
      {"{}", "table_name: expected a text"},
      {R"({"table_name": "t"})", "data_location: expected a text"},
      {R"({"table_name": "t", "data_location": "S3", )" + columns + "}", "data_location: expected OBS, DLI or VIEW"},
      {R"({"table_name": "t", "data_location": "DLI"})", "columns: expected a list"},
      {R"({"table_name": "t", "data_location": "DLI", "columns": []})", "columns: expected at least one"},
      {R"({"table_name": "t", "data_location": "DLI", "columns": [{"type": "int"}]})", "columns[0].column_name"},
      {R"({"table_name": "t", "data_location": "DLI", "columns": [{"column_name": "a", "type": "int"}, {"column_name": "b"}]})",
       "columns[1].type: expected a text, found nothing"},
      {R"({"table_name": "t", "data_location": "DLI", "columns": [{"column_name": "a", "type": "nope"}]})", "type"},
      {R"({"table_name": "t", "data_location": "DLI", "columns": [{"column_name": "a", "type": "int", "is_partition_column": "yes"}]})",
       "columns[0].is_partition_column: expected true or false"},
      {R"({"table_name": "t", "data_location": "DLI", "columns": [{"column_name": "a", "type": "int", "is_partition_column": true}]})",
       "at least one that is not a partition column"},
      {R"({"table_name": "t", "data_location": "OBS", )" + columns + "}", "data_type: expected a text"},
      {R"({"table_name": "t", "data_location": "OBS", "data_type": "csv", )" + columns + "}",
       "data_path: expected a text"},
      {R"({"table_name": "t", "data_location": "OBS", "data_type": "xls", "data_path": "obs://b/p", )" + columns + "}",
       "data_type: expected parquet"},
      {R"({"table_name": "t", "data_location": "OBS", "data_type": "textfile", "data_path": "obs://b/p", )" + columns +
           "}",
       "data_type: expected parquet"},
      {R"({"table_name": "t", "data_location": "OBS", "data_type": "csv", "data_path": "s3://b/p", )" + columns + "}",
       "data_path: expected a path obs://"},
      {R"({"table_name": "t", "data_location": "OBS", "data_type": "csv", "data_path": "file:/tmp/x", )" + columns +
           "}",
       "data_path: expected a path obs://"},
      {R"({"table_name": "t", "data_location": "OBS", "data_type": "csv", "data_path": "obs://b/p", "delimiter": 1, )" +
           columns + "}",
       "delimiter: expected a text"},
      {R"({"table_name": "t", "data_location": "VIEW"})", "select_statement: expected a text"},
      {R"({"table_name": "t", "data_location": "VIEW", "select_statement": " "})", "select_statement"},
      {R"({"table_name": "_t", "data_location": "DLI", )" + columns + "}", "_t"},
      {R"({"table_name": "12", "data_location": "DLI", )" + columns + "}", "12"},
      {R"({"table_name": "", "data_location": "DLI", )" + columns + "}", ""},
  };
  for (const auto& [body, text] : cases) EXPECT_THAT(Create(body), Refuses(400, "DLI.0001", text)) << body;
  EXPECT_EQ(Get("databases/db1/tables").json["table_count"], 0);
  EXPECT_THAT(Post("databases/nope/tables", kManaged), Refuses(400, "DLI.0002", "nope"));
  ASSERT_THAT(Create(kManaged), Succeeds());
  EXPECT_THAT(Create(kManaged), Refuses(400, "DLI.0006", "$own"));
  EXPECT_THAT(Show("nope"), Refuses(400, "DLI.0002", "nope"));
  EXPECT_THAT(Get("databases/nope/tables/t"), Refuses(400, "DLI.0002", "nope"));
}

TEST_F(Tables, AreListedWithAndWithoutDetail) {
  ASSERT_THAT(Create(kCsv), Succeeds());
  ASSERT_THAT(Create(kManaged), Succeeds());
  ASSERT_THAT(Create(kView), Succeeds());
  const Answer plain = Get("databases/db1/tables");
  ASSERT_THAT(plain, Succeeds());
  EXPECT_EQ(plain.json["table_count"], 3);
  EXPECT_EQ(plain.json["tables"], Json::parse(R"([
    {"data_location": "DLI", "table_name": "$own", "table_type": "MANAGED"},
    {"data_location": "OBS", "table_name": "tb1", "table_type": "EXTERNAL"},
    {"data_location": "VIEW", "table_name": "v", "table_type": "VIEW"}])"));
  const Answer detail = Get("databases/db1/tables?with-detail=true");
  EXPECT_EQ(detail.json["tables"][0], (Json{{"data_location", "DLI"},
                                            {"table_name", "$own"},
                                            {"table_type", "MANAGED"},
                                            {"create_time", kNow},
                                            {"last_access_time", kNow},
                                            {"owner", "ana"},
                                            {"table_size", 0}}));
  EXPECT_EQ(detail.json["tables"][1], (Json{{"data_location", "OBS"},
                                            {"table_name", "tb1"},
                                            {"table_type", "EXTERNAL"},
                                            {"create_time", kNow},
                                            {"last_access_time", kNow},
                                            {"owner", "ana"},
                                            {"table_size", 0},
                                            {"data_type", "csv"},
                                            {"location", "obs://obs/path1"},
                                            {"partition_columns", {"column1"}}}));
  const Answer quick = Get("databases/db1/tables?with-detail=true&without-tablemeta=true");
  EXPECT_EQ(quick.json["tables"][1], (Json{{"data_location", "OBS"},
                                           {"table_name", "tb1"},
                                           {"table_type", "EXTERNAL"},
                                           {"create_time", kNow},
                                           {"last_access_time", kNow},
                                           {"owner", "ana"}}));
}

TEST_F(Tables, SizesComeFromTheTableOrItsPartitions) {
  ASSERT_THAT(Create(kCsv), Succeeds());
  Session session = metastore_->Local();
  std::vector<model::v1::Partition> partitions(2);
  for (std::size_t i = 0; i < 2; ++i) {
    partitions[i].add_values(std::to_string(i));
    (*partitions[i].mutable_parameters())["totalSize"] = "100";
  }
  ASSERT_OK(session.AddPartitions({"db1", "tb1"}, partitions));
  EXPECT_EQ(Get("databases/db1/tables?with-detail=true").json["tables"][0]["table_size"], 200);
  ASSERT_OK(session.ModifyTable({"db1", "tb1"}, [](model::v1::Table& table) {
    (*table.mutable_parameters())["totalSize"] = "7";
    return absl::OkStatus();
  }));
  EXPECT_EQ(Get("databases/db1/tables?with-detail=true").json["tables"][0]["table_size"], 7);
}

TEST_F(Tables, ListsHavePagesAndFilters) {
  for (int i = 0; i < 5; ++i) {
    ASSERT_THAT(
        Create(R"({"table_name": "t)" + std::to_string(i) + R"(", "data_location": ")" + (i < 3 ? "DLI" : "OBS") +
               R"(", "data_type": "orc", "data_path": "obs://b/p", "columns": [{"column_name": "a", "type": "int"}]})"),
        Succeeds());
  }
  ASSERT_THAT(Create(kView), Succeeds());
  ASSERT_OK(metastore_->Local().ModifyTable({"db1", "t4"}, [](model::v1::Table& table) {
    (*table.mutable_parameters())["spark.sql.sources.provider"] = "jdbc";
    return absl::OkStatus();
  }));
  struct Case {
    const char* query;
    int count;
    std::vector<std::string> names;
  };
  const Case cases[] = {
      {"page-size=2", 6, {"t0", "t1"}},
      {"page-size=2&current-page=3", 6, {"t4", "v"}},
      {"page-size=2&current-page=4", 6, {}},
      {"current-page=1", 6, {"t0", "t1", "t2", "t3", "t4", "v"}},
      {"keyword=T", 5, {"t0", "t1", "t2", "t3", "t4"}},
      {"keyword=3", 1, {"t3"}},
      {"keyword=%2A", 0, {}},
      {"table-type=MANAGED_TABLE", 3, {"t0", "t1", "t2"}},
      {"table-type=EXTERNAL_TABLE", 2, {"t3", "t4"}},
      {"table-type=VIRTUAL_VIEW", 1, {"v"}},
      {"table-type=EXTERNAL_TABLE&page-size=1&current-page=2", 2, {"t4"}},
      {"datasource-type=DLI", 3, {"t0", "t1", "t2"}},
      {"datasource-type=OBS", 1, {"t3"}},
      {"datasource-type=jdbc", 1, {"t4"}},
      {"datasource-type=Redis", 0, {}},
  };
  for (const Case& test : cases) {
    const Answer answer = Get(std::string("databases/db1/tables?") + test.query);
    ASSERT_THAT(answer, Succeeds());
    EXPECT_EQ(answer.json["table_count"], test.count) << test.query;
    std::vector<std::string> names;
    for (const Json& table : answer.json["tables"]) names.push_back(table["table_name"]);
    EXPECT_EQ(names, test.names) << test.query;
  }
  for (const char* query : {"page-size=0", "page-size=101", "current-page=0", "current-page=x", "table-type=VIEW",
                            "datasource-type=nope", "with-detail=1"}) {
    EXPECT_THAT(Get(std::string("databases/db1/tables?") + query), Refuses(400, "DLI.0001", "expected")) << query;
  }
  EXPECT_THAT(Get("databases/nope/tables"), Refuses(400, "DLI.0002", "nope"));
}

TEST_F(Tables, AndViewsAreDropped) {
  ASSERT_THAT(Create(kCsv), Succeeds());
  ASSERT_THAT(Create(kView), Succeeds());
  const Answer dropped = Delete("databases/db1/tables/TB1");
  ASSERT_THAT(dropped, Succeeds());
  EXPECT_EQ(dropped.json["job_mode"], "sync");
  EXPECT_THAT(Delete("databases/db1/tables/tb1"), Refuses(400, "DLI.0002", "tb1"));
  const Answer asynchronous = Delete("databases/db1/tables/v?async=true");
  ASSERT_THAT(asynchronous, Succeeds());
  const Answer status = Get("jobs/" + asynchronous.json["job_id"].get<std::string>() + "/status");
  EXPECT_EQ(status.json["status"], "FINISHED");
  EXPECT_EQ(status.json["statement"], "DROP TABLE `db1`.`v`");
  EXPECT_EQ(Get("databases/db1/tables").json["table_count"], 0);
}

}  // namespace
}  // namespace lodestone::http::dli
