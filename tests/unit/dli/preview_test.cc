// 7.2.5, in process: which rows of which files, and what is said where there are none.
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/temp_folder.h"
#include "tests/unit/dli/dli_fixture.h"

namespace lodestone::http::dli {
namespace {

class PreviewTest : public DliTest {
 protected:
  void SetUp() override {
    DliTest::SetUp();
    root_ = std::filesystem::canonical(folder_.path()).string();
    options_.permitted_roots = {root_};
    MakeHandler();
    ASSERT_THAT(Post("databases", R"({"database_name": "db1"})"), Succeeds());
  }
  void Write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = std::filesystem::path(root_) / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  void Create(const std::string& name, const std::string& type, const std::string& path, const std::string& more = "",
              bool partitioned = false) {
    const std::string key = R"(, {"column_name": "dt", "type": "string", "is_partition_column": true})";
    ASSERT_THAT(
        Post("databases/db1/tables",
             R"({"table_name": ")" + name + R"(", "data_location": "OBS", "data_type": ")" + type +
                 R"(", "data_path": ")" + path + R"(", )" + more +
                 R"("columns": [{"column_name": "id", "type": "int"}, {"column_name": "name", "type": "string"})" +
                 (partitioned ? key : "") + "]}"),
        Succeeds());
  }
  Answer Preview(const std::string& name, const std::string& query = "") {
    return Get("databases/db1/tables/" + name + "/preview" + query);
  }

  testing::TempFolder folder_;
  std::string root_;
};

TEST_F(PreviewTest, ShowsCsvInItsDialect) {
  Write("csv/1.csv", "id;name\n1;'J;o'\n2;\n");
  Create("t", "csv", "file:" + root_ + "/csv", R"("with_column_header": true, "delimiter": ";", "quote_char": "'",)");
  const Answer answer = Preview("t");
  ASSERT_THAT(answer, Succeeds());
  EXPECT_EQ(answer.json["schema"], Json::parse(R"([{"id": "int"}, {"name": "string"}])"));
  EXPECT_EQ(answer.json["rows"], Json::parse(R"([["1", "J;o"], ["2", null]])"));
}

TEST_F(PreviewTest, ShowsTheFirstTenRowsOverFiles) {
  for (int file = 0; file < 4; ++file) {
    std::string text;
    for (int row = 0; row < 3; ++row) text += "{\"id\": " + std::to_string(file * 3 + row) + ", \"Name\": \"x\"}\n";
    Write("json/part-" + std::to_string(file), text);
  }
  Create("t", "json", "file://" + root_ + "/json");
  const Answer answer = Preview("t", "?mode=sync");
  ASSERT_THAT(answer, Succeeds());
  ASSERT_EQ(answer.json["rows"].size(), 10u);
  EXPECT_EQ(answer.json["rows"][9], Json::parse(R"(["9", "x"])"));
}

TEST_F(PreviewTest, PutsTheKeysOfPartitionsBehindTheirRows) {
  Write("p/dt=2026-01-05/a", "1,x\n");
  Write("elsewhere/b", "2,y\n");
  Create("t", "csv", "file:" + root_ + "/p", "", /*partitioned=*/true);
  std::vector<model::v1::Partition> partitions(3);
  partitions[0].add_values("2026-01-05");
  partitions[1].add_values("2026-01-06");
  partitions[1].mutable_storage_descriptor()->set_location(root_ + "/elsewhere");
  partitions[2].add_values("2026-01-07");  // its folder is not there
  ASSERT_OK(metastore_->Local().AddPartitions({"db1", "t"}, partitions));
  const Answer answer = Preview("t");
  ASSERT_THAT(answer, Succeeds());
  EXPECT_EQ(answer.json["schema"].size(), 3u);
  EXPECT_EQ(answer.json["rows"], Json::parse(R"([["1", "x", "2026-01-05"], ["2", "y", "2026-01-06"]])"));
}

TEST_F(PreviewTest, OfNothingIsEmpty) {
  Create("t", "csv", "file:" + root_ + "/missing");
  const Answer answer = Preview("t");
  ASSERT_THAT(answer, Succeeds());
  EXPECT_EQ(answer.json["rows"], Json::array());
}

TEST_F(PreviewTest, CanBeAskedForAsynchronously) {
  Write("csv/1.csv", "1,a\n");
  Create("t", "csv", "file:" + root_ + "/csv");
  const Answer asked = Preview("t", "?mode=ASYNC");
  ASSERT_THAT(asked, Succeeds());
  EXPECT_EQ(asked.json["job_mode"], "async");
  EXPECT_FALSE(asked.json.contains("rows"));
  const std::string id = asked.json["job_id"];
  const Answer status = Get("jobs/" + id + "/status");
  ASSERT_THAT(status, Succeeds());
  EXPECT_EQ(status.json["job_type"], "QUERY");
  EXPECT_EQ(status.json["database_name"], "db1");
  EXPECT_EQ(status.json["table_name"], "t");
  EXPECT_EQ(status.json["result_count"], 1);
  EXPECT_EQ(status.json["input_size"], 4);
  EXPECT_EQ(Json::parse(status.json["detail"].get<std::string>())[0]["fields"][1]["name"], "name");
  const Answer rows = Get("jobs/" + id + "/preview");
  ASSERT_THAT(rows, Succeeds());
  EXPECT_EQ(rows.json["rows"], Json::parse(R"([["1", "a"]])"));
  EXPECT_EQ(rows.json["row_count"], 1);
}

TEST_F(PreviewTest, WhatCantBeReadIsToldWithItsCode) {
  Create("parquet", "parquet", "file:" + root_ + "/x");
  Create("orc", "orc", "file:" + root_ + "/x");
  Create("avro", "avro", "file:" + root_ + "/x");
  for (const char* name : {"parquet", "orc", "avro"}) {
    EXPECT_THAT(Preview(name), Refuses(400, "DLI.0007", std::string("previews of ") + name)) << name;
  }
  Write("gz/a.csv.gz", "\x1f\x8b");
  Create("gz", "csv", "file:" + root_ + "/gz");
  EXPECT_THAT(Preview("gz"), Refuses(400, "DLI.0007", "compressed"));
  Write("broken/a", "{\"id\": 1}\nnonsense\n");
  Create("broken", "json", "file:" + root_ + "/broken");
  EXPECT_THAT(Preview("broken"), Refuses(400, "DLI.0001", "line 2"));
  Write("long/a", std::string(2 << 20, 'x'));
  Create("long", "csv", "file:" + root_ + "/long");
  EXPECT_THAT(Preview("long"), Refuses(400, "DLI.0009", "longer than"));
  Create("obs", "csv", "obs://bucket/path");
  EXPECT_THAT(Preview("obs"), Refuses(400, "DLI.0011", "local path"));
  Create("outside", "csv", "file:/etc");
  EXPECT_THAT(Preview("outside"), Refuses(400, "DLI.0011", "local path"));
  ASSERT_THAT(
      Post("databases/db1/tables", R"({"table_name": "v", "data_location": "VIEW", "select_statement": "select 1"})"),
      Succeeds());
  EXPECT_THAT(Preview("v"), Refuses(400, "DLI.0007", "views"));
  EXPECT_THAT(Preview("nope"), Refuses(400, "DLI.0002", "nope"));
  EXPECT_THAT(Preview("obs", "?mode=LATER"), Refuses(400, "DLI.0001", "mode: expected one of SYNC, ASYNC"));
}

}  // namespace
}  // namespace lodestone::http::dli
