// Column statistics over the wire.
#include <map>
#include <tuple>

#include "bindings/hive/idl/hive_metastore_types.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/unit/hive/call_fixture.h"

namespace lodestone::hive {
namespace {

using ::testing::AllOf;
using testing::CallTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::StartsWith;
using Objects = std::vector<thrift::ColumnStatisticsObj>;
using Texts = std::vector<std::string>;

class StatisticsCallsTest : public CallTest {
 protected:
  void SetUp() override {
    CallTest::SetUp();
    AddTable("default", "hits");
    for (const char* value : {"a", "b", "c/d"}) {
      model::v1::Partition partition;
      partition.add_values(value);
      ASSERT_OK(metastore->Local().AddPartitions({"default", "hits"}, {&partition, 1}));
    }
  }

  static thrift::ColumnStatisticsObj Id(int64_t low, int64_t high, int64_t nulls = 0, int64_t distinct = 1) {
    thrift::LongColumnStatsData data;
    data.__set_lowValue(low);
    data.__set_highValue(high);
    data.__set_numNulls(nulls);
    data.__set_numDVs(distinct);
    thrift::ColumnStatisticsObj column;
    column.colName = "id";
    column.colType = "bigint";
    column.statsData.__set_longStats(data);
    return column;
  }
  static thrift::ColumnStatisticsObj Name(int64_t longest, const std::string& column_name = "name") {
    thrift::StringColumnStatsData data;
    data.__set_maxColLen(longest);
    data.__set_avgColLen(2.5);
    thrift::ColumnStatisticsObj column;
    column.colName = column_name;
    column.colType = "string";
    column.statsData.__set_stringStats(data);
    return column;
  }
  static thrift::ColumnStatistics OfTable(const Objects& columns, const std::string& table = "hits") {
    thrift::ColumnStatistics statistics;
    statistics.statsDesc.isTblLevel = true;
    statistics.statsDesc.dbName = "Default";
    statistics.statsDesc.tableName = table;
    statistics.statsObj = columns;
    return statistics;
  }
  static thrift::ColumnStatistics Of(const std::string& partition, const Objects& columns) {
    thrift::ColumnStatistics statistics = OfTable(columns);
    statistics.statsDesc.isTblLevel = false;
    statistics.statsDesc.__set_partName(partition);
    return statistics;
  }
  static thrift::SetPartitionsStatsRequest SetOf(const std::vector<thrift::ColumnStatistics>& all, bool merge = false) {
    thrift::SetPartitionsStatsRequest request;
    request.colStats = all;
    if (merge) request.__set_needMerge(true);
    return request;
  }
  static thrift::TableStatsRequest Ask(const Texts& columns, const std::string& table = "hits") {
    thrift::TableStatsRequest request;
    request.dbName = "default";
    request.tblName = table;
    request.colNames = columns;
    return request;
  }
  static thrift::PartitionsStatsRequest AskOf(const Texts& partitions, const Texts& columns,
                                              const std::string& table = "hits") {
    thrift::PartitionsStatsRequest request;
    request.dbName = "default";
    request.tblName = table;
    request.partNames = partitions;
    request.colNames = columns;
    return request;
  }
  // `id 1..5, 2 nulls, 3 distinct`, `name 7`.
  static Texts Shown(const Objects& columns) {
    Texts shown;
    for (const thrift::ColumnStatisticsObj& one : columns) {
      const thrift::LongColumnStatsData& data = one.statsData.longStats;
      shown.push_back(one.statsData.__isset.longStats
                          ? base::StrCat(one.colName, " ", data.lowValue, "..", data.highValue, ", ", data.numNulls,
                                         " nulls, ", data.numDVs, " distinct")
                          : base::StrCat(one.colName, " ", one.statsData.stringStats.maxColLen));
    }
    return shown;
  }
  Texts TableHas(const Texts& columns = {"id", "name"}) {
    return Shown(Get<thrift::TableStatsResult>("get_table_statistics_req", Ask(columns)).tableStats);
  }
  std::map<std::string, Texts> PartitionsHave(const Texts& partitions, const Texts& columns = {"id", "name"}) {
    const auto found = Get<thrift::PartitionsStatsResult>("get_partitions_statistics_req", AskOf(partitions, columns));
    std::map<std::string, Texts> shown;
    for (const auto& [name, objects] : found.partStats) shown[name] = Shown(objects);
    return shown;
  }
  std::string Accurate() {
    return Get<thrift::Table>("get_table", std::string("default"), std::string("hits"))
        .parameters["COLUMN_STATS_ACCURATE"];
  }
  template <typename... Args>
  std::string FailWith(std::string_view call, const Args&... args) {
    return Fail(call, std::string(args)...);
  }
};

TEST_F(StatisticsCallsTest, OfATableAreUpdatedReadAndDeleted) {
  ASSERT_TRUE(Get<bool>("update_table_column_statistics", OfTable({Id(1, 5, 2, 3)})));
  EXPECT_EQ(Accurate(), R"({"COLUMN_STATS":{"id":"true"}})");
  ASSERT_TRUE(Get<thrift::SetPartitionsStatsResponse>("update_table_column_statistics_req", SetOf({OfTable({Name(7)})}))
                  .result);
  EXPECT_THAT(TableHas(), ElementsAre("id 1..5, 2 nulls, 3 distinct", "name 7"));
  EXPECT_THAT(TableHas({"ID", "nocol"}), SizeIs(1));
  EXPECT_THAT(TableHas({}), IsEmpty());
  const auto one = Get<thrift::ColumnStatistics>("get_table_column_statistics", std::string("@hive#Default"),
                                                 std::string("Hits"), std::string("ID"));
  EXPECT_TRUE(one.statsDesc.isTblLevel);
  EXPECT_EQ(one.statsDesc.catName, "hive");
  EXPECT_EQ(one.statsDesc.dbName, "default");
  EXPECT_EQ(one.statsDesc.tableName, "hits");
  EXPECT_GT(one.statsDesc.lastAnalyzed, 1'000'000'000);
  EXPECT_EQ(one.engine, "hive");
  EXPECT_THAT(Shown(one.statsObj), ElementsAre("id 1..5, 2 nulls, 3 distinct"));
  const std::string remove = "delete_table_column_statistics";
  const std::string column = "id";
  ASSERT_TRUE(Get<bool>(remove, std::string("default"), std::string("hits"), column));
  EXPECT_THAT(TableHas(), ElementsAre("name 7"));
  EXPECT_EQ(Accurate(), R"({"COLUMN_STATS":{"name":"true"}})");
  EXPECT_THAT(FailWith(remove, "default", "hits", "id"), StartsWith("1 "));
  EXPECT_THAT(FailWith(remove, "default", "hits", ""), StartsWith("1 "));
  // No column is named at all.
  ASSERT_TRUE(Get<bool>(remove, std::string("default"), std::string("hits")));
  EXPECT_THAT(TableHas(), IsEmpty());
}

TEST_F(StatisticsCallsTest, OfPartitionsAreUpdatedReadAndDeleted) {
  ASSERT_TRUE(Get<bool>("update_partition_column_statistics", Of("dt=a", {Id(1, 5), Name(7)})));
  ASSERT_TRUE(Get<thrift::SetPartitionsStatsResponse>("update_partition_column_statistics_req",
                                                      SetOf({Of("dt=c%2Fd", {Id(2, 2)})}))
                  .result);
  const Texts all = {"dt=a", "dt=b", "dt=c%2Fd", "dt=a", "dt=nothing"};
  EXPECT_THAT(PartitionsHave(all),
              ElementsAre(Pair("dt=a", SizeIs(2)), Pair("dt=c%2Fd", ElementsAre("id 2..2, 0 nulls, 1 distinct"))));
  EXPECT_THAT(PartitionsHave(all, {"name"}), ElementsAre(Pair("dt=a", ElementsAre("name 7"))));
  EXPECT_THAT(PartitionsHave(all, {}), IsEmpty());
  EXPECT_THAT(PartitionsHave({}), IsEmpty());
  EXPECT_THAT(TableHas(), IsEmpty());
  const std::string get = "get_partition_column_statistics";
  const auto one = Get<thrift::ColumnStatistics>(get, std::string("default"), std::string("hits"), std::string("DT=a"),
                                                 std::string("id"));
  EXPECT_FALSE(one.statsDesc.isTblLevel);
  EXPECT_EQ(one.statsDesc.partName, "dt=a");
  EXPECT_THAT(Shown(one.statsObj), ElementsAre("id 1..5, 0 nulls, 1 distinct"));
  const auto partition =
      Get<thrift::Partition>("get_partition_by_name", std::string("default"), std::string("hits"), std::string("dt=a"));
  EXPECT_EQ(partition.parameters.at("COLUMN_STATS_ACCURATE"), R"({"COLUMN_STATS":{"id":"true","name":"true"}})");
  const std::string remove = "delete_partition_column_statistics";
  ASSERT_TRUE(Get<bool>(remove, std::string("default"), std::string("hits"), std::string("dt=a"), std::string("id"),
                        std::string("hive")));
  EXPECT_THAT(PartitionsHave(all), ElementsAre(Pair("dt=a", ElementsAre("name 7")), Pair("dt=c%2Fd", SizeIs(1))));
  EXPECT_THAT(FailWith(remove, "default", "hits", "dt=a", "id", "hive"), StartsWith("1 "));
  EXPECT_THAT(FailWith(remove, "default", "hits", "dt=x", "id", "hive"), AllOf(StartsWith("1 "), HasSubstr("[x]")));
}

TEST_F(StatisticsCallsTest, WhatIsMissingHasItsException) {
  EXPECT_THAT(Fail("update_table_column_statistics", OfTable({Id(1, 1)}, "no")),
              AllOf(StartsWith("1 "), HasSubstr("hive.default.no table not found")));
  EXPECT_EQ(Fail("update_table_column_statistics", OfTable({Name(1, "nocol")})),
            "3 Column nocol doesn't exist in table hits in database default");
  EXPECT_EQ(Fail("update_partition_column_statistics", Of("dt=a", {Name(1, "nocol")})),
            "3 Column nocol doesn't exist in table hits in database default");
  EXPECT_THAT(Fail("update_table_column_statistics", OfTable({Name(1, "id")})), StartsWith("2 "));  // of other data
  EXPECT_THAT(Fail("update_partition_column_statistics", Of("dt=x", {Id(1, 1)})), StartsWith("1 "));
  EXPECT_THAT(Fail("update_partition_column_statistics", Of("nonsense", {Id(1, 1)})), StartsWith("2 "));
  EXPECT_THAT(FailWith("get_table_column_statistics", "default", "hits", "id"), StartsWith("1 No statistics"));
  EXPECT_THAT(FailWith("get_table_column_statistics", "default", "no", "id"),
              StartsWith("1 hive.default.no table not found"));
  EXPECT_THAT(FailWith("get_partition_column_statistics", "default", "hits", "dt=b", "id"),
              StartsWith("1 No statistics"));
  EXPECT_THAT(FailWith("get_partition_column_statistics", "default", "hits", "nonsense", "id"), StartsWith("4 "));
  EXPECT_THAT(Fail("get_table_statistics_req", Ask({"id"}, "no")), StartsWith("1 hive.default.no table not found"));
  EXPECT_THAT(Fail("get_partitions_statistics_req", AskOf({"dt=a"}, {"id"}, "no")), StartsWith("1 "));
  EXPECT_THAT(Fail("get_aggr_stats_for", AskOf({"dt=a"}, {"id"}, "no")), StartsWith("1 "));
  EXPECT_THAT(FailWith("delete_table_column_statistics", "default", "no", "id"), StartsWith("1 "));
  EXPECT_EQ(Accurate(), "");
}

TEST_F(StatisticsCallsTest, CallsOfOneObjectTakeOne) {
  const auto two = SetOf({OfTable({Id(1, 1)}), OfTable({Name(1)})});
  EXPECT_THAT(Fail("update_table_column_statistics_req", two), StartsWith("4 Only one stats object expected"));
  EXPECT_THAT(Fail("update_table_column_statistics_req", SetOf({})), StartsWith("4 Only one stats object expected"));
  EXPECT_THAT(Fail("update_table_column_statistics_req", SetOf({OfTable({Id(1, 1)})}, true)),
              StartsWith("4 Merge is not supported"));
  EXPECT_THAT(Fail("set_aggr_stats_for", two), StartsWith("3 Expecting only 1 ColumnStatistics"));
  EXPECT_THAT(Fail("update_table_column_statistics", Of("dt=a", {Id(1, 1)})), StartsWith("3 "));
  EXPECT_THAT(Fail("update_partition_column_statistics", OfTable({Id(1, 1)})), StartsWith("3 "));
  EXPECT_THAT(Fail("update_table_column_statistics", OfTable({thrift::ColumnStatisticsObj()})), StartsWith("3 "));
  EXPECT_THAT(TableHas(), IsEmpty());
}

TEST_F(StatisticsCallsTest, SetForPartitionsIsAllOrNothing) {
  ASSERT_TRUE(Get<bool>("set_aggr_stats_for", SetOf({Of("dt=a", {Id(1, 5, 1, 4)}), Of("dt=b", {Id(3, 9, 1, 3)})})));
  EXPECT_THAT(PartitionsHave({"dt=a", "dt=b"}), SizeIs(2));
  EXPECT_THAT(Fail("set_aggr_stats_for", SetOf({Of("dt=a", {Id(0, 0)}), Of("dt=x", {Id(0, 0)})})), StartsWith("1 "));
  EXPECT_THAT(PartitionsHave({"dt=a"}), ElementsAre(Pair("dt=a", ElementsAre("id 1..5, 1 nulls, 4 distinct"))));
  EXPECT_TRUE(Get<bool>("set_aggr_stats_for", SetOf({})));
  thrift::ColumnStatistics elsewhere = Of("dt=b", {Id(0, 0)});
  elsewhere.statsDesc.__set_catName("other");
  EXPECT_THAT(Fail("set_aggr_stats_for", SetOf({Of("dt=a", {Id(0, 0)}), elsewhere})), StartsWith("4 "));
}

TEST_F(StatisticsCallsTest, SetMergesWhereTheRestIsKnown) {
  ASSERT_TRUE(Get<bool>("set_aggr_stats_for", SetOf({Of("dt=a", {Id(1, 5, 1, 4)})})));
  ASSERT_TRUE(
      Get<bool>("set_aggr_stats_for", SetOf({Of("dt=a", {Id(-1, 2, 2, 3), Name(9)}), Of("dt=b", {Id(0, 0)})}, true)));
  EXPECT_THAT(PartitionsHave({"dt=a", "dt=b"}),
              ElementsAre(Pair("dt=a", ElementsAre("id -1..5, 3 nulls, 4 distinct"))));
}

TEST_F(StatisticsCallsTest, AggregatesSayHowManyPartitionsTheyAreOf) {
  ASSERT_TRUE(Get<bool>("set_aggr_stats_for", SetOf({Of("dt=a", {Id(1, 5, 1, 4), Name(7)}),
                                                     Of("dt=b", {Id(3, 9, 1, 3)}), Of("dt=c%2Fd", {Name(8)})})));
  const Texts all = {"dt=a", "dt=b", "dt=c%2Fd", "dt=nothing"};
  const struct {
    Texts partitions;
    Texts columns;
    Texts expected;
    int64_t found;
  } kCases[] = {
      {{"dt=a"}, {"id"}, {"id 1..5, 1 nulls, 4 distinct"}, 1},
      {{"dt=a", "dt=b", "dt=a"}, {"ID"}, {"id 1..9, 2 nulls, 4 distinct"}, 2},
      {all, {"name", "id"}, {"id 1..9, 2 nulls, 4 distinct", "name 8"}, 1},
      {all, {"name"}, {"name 8"}, 2},
      {all, {"name", "nocol"}, {"name 8"}, 0},
      {all, {}, {}, 0},
      {{}, {"id"}, {}, 0},
  };
  for (const auto& one : kCases) {
    const auto found = Get<thrift::AggrStats>("get_aggr_stats_for", AskOf(one.partitions, one.columns));
    EXPECT_EQ(Shown(found.colStats), one.expected);
    EXPECT_EQ(found.partsFound, one.found);
  }
}

TEST_F(StatisticsCallsTest, AnEngineIsAnsweredWithItsOwn) {
  thrift::ColumnStatistics impala = OfTable({Id(1, 1)});
  impala.__set_engine("impala");
  ASSERT_TRUE(Get<bool>("update_table_column_statistics", impala));
  auto by_request = SetOf({Of("dt=a", {Id(2, 2)})});
  by_request.__set_engine("impala");
  ASSERT_TRUE(Get<bool>("set_aggr_stats_for", by_request));
  EXPECT_THAT(TableHas(), IsEmpty());
  EXPECT_THAT(FailWith("get_table_column_statistics", "default", "hits", "id"), StartsWith("1 "));
  EXPECT_THAT(PartitionsHave({"dt=a"}), IsEmpty());
  auto ask = Ask({"id"});
  ask.__set_engine("impala");
  EXPECT_THAT(Get<thrift::TableStatsResult>("get_table_statistics_req", ask).tableStats, SizeIs(1));
  auto ask_of = AskOf({"dt=a"}, {"id"});
  ask_of.__set_engine("impala");
  EXPECT_EQ(Get<thrift::AggrStats>("get_aggr_stats_for", ask_of).partsFound, 1);
  EXPECT_THAT(FailWith("delete_table_column_statistics", "default", "hits", "id", "hive"), StartsWith("1 "));
  EXPECT_TRUE(Get<bool>("delete_table_column_statistics", std::string("default"), std::string("hits"),
                        std::string("id"), std::string("impala")));
}

TEST_F(StatisticsCallsTest, AnotherCatalogIsReachedInBothWays) {
  model::v1::Catalog catalog;
  catalog.set_name("sales");
  ASSERT_OK(metastore->Local().CreateCatalog(catalog));
  model::v1::Table table = *metastore->Local().GetTable({"default", "hits"});
  table.set_catalog("sales");
  ASSERT_OK(metastore->Local("sales").CreateTable(table));
  thrift::ColumnStatistics there = OfTable({Id(1, 1)});
  there.statsDesc.__set_catName("sales");
  ASSERT_TRUE(Get<bool>("update_table_column_statistics", there));
  there = OfTable({Name(4)});
  there.statsDesc.dbName = "@sales#default";
  ASSERT_TRUE(Get<bool>("update_table_column_statistics", there));
  EXPECT_THAT(TableHas(), IsEmpty());
  auto ask = Ask({"id", "name"});
  ask.__set_catName("sales");
  EXPECT_THAT(Get<thrift::TableStatsResult>("get_table_statistics_req", ask).tableStats, SizeIs(2));
  EXPECT_TRUE(Get<bool>("delete_table_column_statistics", std::string("@sales#default"), std::string("hits"),
                        std::string("id")));
  EXPECT_THAT(Get<thrift::TableStatsResult>("get_table_statistics_req", ask).tableStats, SizeIs(1));
}

// ---- Who acts ----
class CheckedStatisticsCallsTest : public StatisticsCallsTest {
 protected:
  CheckedStatisticsCallsTest() { options.authenticate = true; }
};

TEST_F(CheckedStatisticsCallsTest, WhoMayNotSeeATableHearsWhatIsSaidWhenItIsNotThere) {
  connection->Authenticated({.principal = {.name = "bob"}, .catalog = {}});
  EXPECT_EQ(Fail("get_table_statistics_req", Ask({"id"})), "1 hive.default.hits table not found");
  EXPECT_EQ(Fail("get_partitions_statistics_req", AskOf({"dt=a"}, {"id"})), "1 hive.default.hits table not found");
  EXPECT_EQ(Fail("get_aggr_stats_for", AskOf({"dt=a"}, {"id"})), "1 hive.default.hits table not found");
  EXPECT_EQ(FailWith("get_table_column_statistics", "default", "hits", "id"), "1 hive.default.hits table not found");
  // What changes something is refused: that is Meta.
  EXPECT_THAT(Fail("update_table_column_statistics", OfTable({Id(1, 1)})), StartsWith("3 "));
  EXPECT_THAT(Fail("update_table_column_statistics", OfTable({Name(1, "nocol")})), StartsWith("3 "));
  EXPECT_THAT(Fail("set_aggr_stats_for", SetOf({Of("dt=x", {Id(1, 1)})}, true)), StartsWith("3 "));
  EXPECT_THAT(FailWith("delete_table_column_statistics", "default", "hits", "id"), StartsWith("2 "));
  ASSERT_OK(metastore->Local().Grant(
      {.to = Grantee::User("bob"), .privileges = {Privilege::kInsert}, .on = Securable::Table({"default", "hits"})}));
  EXPECT_EQ(Fail("update_table_column_statistics", OfTable({Id(1, 1)})), "");
  ASSERT_OK(metastore->Local().Grant({.to = Grantee::User("bob"),
                                      .privileges = {Privilege::kSelect},
                                      .on = Securable::Column({"default", "hits"}, "id")}));
  EXPECT_THAT(TableHas(), ElementsAre("id 1..1, 0 nulls, 1 distinct"));
}

}  // namespace
}  // namespace lodestone::hive
