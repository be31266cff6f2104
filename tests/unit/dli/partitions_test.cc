// 7.2.6, in process.
#include <string>
#include <vector>

#include "tests/unit/dli/dli_fixture.h"

namespace lodestone::http::dli {
namespace {

class Partitions : public DliTest {
 protected:
  void SetUp() override {
    DliTest::SetUp();
    ASSERT_THAT(Post("databases", R"({"database_name": "db1"})"), Succeeds());
    ASSERT_THAT(Post("databases/db1/tables", R"({"table_name": "t", "data_location": "OBS", "data_type": "orc",
                     "data_path": "obs://b/t", "columns": [{"column_name": "a", "type": "int"},
                     {"column_name": "Region", "type": "string", "is_partition_column": true},
                     {"column_name": "day", "type": "int", "is_partition_column": true}]})"),
                Succeeds());
  }
  void Add(const std::vector<std::vector<std::string>>& all) {
    std::vector<model::v1::Partition> partitions;
    for (const auto& values : all) {
      model::v1::Partition partition;
      for (const std::string& value : values) partition.add_values(value);
      partitions.push_back(std::move(partition));
    }
    ASSERT_OK(metastore_->Local().AddPartitions({"db1", "t"}, partitions));
  }
  Answer List(const std::string& query = "") { return Get("databases/db1/tables/t/partitions" + query); }
  static std::vector<std::string> Names(const Answer& answer) {
    std::vector<std::string> names;
    for (const Json& entry : answer.json["partitions"]["partition_infos"]) names.push_back(entry["partition_name"]);
    return names;
  }
};

TEST_F(Partitions, HaveTheDocumentedFieldsAndUnits) {
  model::v1::Partition partition;
  partition.add_values("eu");
  partition.add_values("5");
  for (const auto& [key, value] : {std::pair<const char*, const char*>{"numRows", "-1"},
                                   {"numFiles", "2"},
                                   {"totalSize", "2130"},
                                   {"transient_lastDdlTime", "1581409182"}}) {
    (*partition.mutable_parameters())[key] = value;
  }
  ASSERT_OK(metastore_->Local().AddPartitions({"db1", "t"}, {{partition}}));
  const Answer answer = List();
  ASSERT_THAT(answer, Succeeds());
  EXPECT_EQ(answer.json["partitions"],
            (Json{{"total_count", 1},
                  {"partition_infos", Json::array({Json{{"partition_name", "region=eu/day=5"},
                                                        {"create_time", kNow},
                                                        {"last_access_time", kNow},
                                                        {"locations", {"obs://b/t/region=eu/day=5"}},
                                                        {"last_ddl_time", 1581409182},
                                                        {"num_rows", -1},
                                                        {"num_files", 2},
                                                        {"total_size", 2130}}})}}));
}

TEST_F(Partitions, WithoutStatisticsLeaveThemOut) {
  Add({{"eu", "1"}});
  const Json entry = List().json["partitions"]["partition_infos"][0];
  for (const char* field : {"num_rows", "num_files", "total_size"}) EXPECT_FALSE(entry.contains(field)) << field;
}

TEST_F(Partitions, ComeInPages) {
  std::vector<std::vector<std::string>> all;
  for (int i = 100; i < 350; ++i) all.push_back({"eu", std::to_string(i)});
  Add(all);
  EXPECT_EQ(Names(List()).size(), 100u);  // the documented default
  EXPECT_EQ(List().json["partitions"]["total_count"], 250);
  std::vector<std::string> paged;
  for (int offset = 0; offset < 260; offset += 37) {
    for (std::string& name : Names(List("?limit=37&offset=" + std::to_string(offset))))
      paged.push_back(std::move(name));
  }
  EXPECT_EQ(paged, Names(List("?limit=1000")));
  EXPECT_EQ(paged.size(), 250u);
  EXPECT_TRUE(Names(List("?limit=0")).empty());
  EXPECT_TRUE(Names(List("?offset=250")).empty());
  EXPECT_TRUE(Names(List("?offset=9223372036854775807")).empty());
  for (const char* query : {"?limit=-1", "?limit=100001", "?offset=-1", "?limit=ten"}) {
    EXPECT_THAT(List(query), Refuses(400, "DLI.0001", "expected a whole number")) << query;
  }
}

TEST_F(Partitions, AreFilteredByOneColumnWithoutCase) {
  Add({{"EU", "1"}, {"eu", "2"}, {"us", "1"}, {"o'b\\c", "3"}, {"a=b", "4"}, {"", "5"}});
  const std::pair<const char*, std::vector<std::string>> cases[] = {
      {"?filter=region%3Deu", {"region=EU/day=1", "region=eu/day=2"}},
      {"?filter=REGION%3DEu", {"region=EU/day=1", "region=eu/day=2"}},
      {"?region=eu", {"region=EU/day=1", "region=eu/day=2"}},
      {"?filter=day%3D1", {"region=EU/day=1", "region=us/day=1"}},
      {"?day=1&region=us", {"region=us/day=1"}},
      {"?filter=day%3D1&Region=EU", {"region=EU/day=1"}},
      {"?filter=region%3Do%27b%5Cc", {"region=o%27b%5Cc/day=3"}},
      {"?filter=region%3Da%3Db", {"region=a%3Db/day=4"}},
      {"?filter=region%3D__hive_default_partition__", {"region=__HIVE_DEFAULT_PARTITION__/day=5"}},
      {"?filter=region%3Dnone", {}},
      {"?filter=day%3Dmonday", {}},
      {"?filter=region%3D", {}},
      {"?filter=region%3Deu%27%20OR%20TRUE%20--", {}},
  };
  for (const auto& [query, names] : cases) {
    const Answer answer = List(query);
    ASSERT_THAT(answer, Succeeds()) << query;
    EXPECT_EQ(Names(answer), names) << query;
    EXPECT_EQ(answer.json["partitions"]["total_count"], names.size()) << query;
  }
  EXPECT_EQ(Names(List("?filter=region%3Deu&limit=1&offset=1")), std::vector<std::string>{"region=eu/day=2"});
  EXPECT_EQ(List("?filter=").json["partitions"]["total_count"], 6);
  for (const char* query : {"?filter=region", "?filter=%3Deu", "?filter=region%3D%ff"}) {
    EXPECT_THAT(List(query), Refuses(400, "DLI.0001", "filter")) << query;
  }
  for (const char* query : {"?filter=nope%3D1", "?nope=1", "?filter=a%3D1"}) {
    EXPECT_THAT(List(query), Refuses(400, "DLI.0002", "")) << query;
  }
}

TEST_F(Partitions, OfWhatHasNoneAreRefused) {
  ASSERT_THAT(Post("databases/db1/tables", R"({"table_name": "plain", "data_location": "DLI",
                   "columns": [{"column_name": "a", "type": "int"}]})"),
              Succeeds());
  EXPECT_THAT(Get("databases/db1/tables/plain/partitions"), Refuses(400, "DLI.0007", "plain"));
  EXPECT_THAT(Get("databases/db1/tables/nope/partitions"), Refuses(400, "DLI.0002", "nope"));
}

}  // namespace
}  // namespace lodestone::http::dli
