// Calls on tables over the wire.
#include <optional>
#include <string>
#include <vector>

#include "bindings/hive/idl/hive_metastore_types.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/unit/hive/call_fixture.h"

namespace lodestone::hive {
namespace {

using testing::Absent;
using ::testing::AllOf;
using testing::CallTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;
using Texts = std::vector<std::string>;

class TableNamesByFilterTest : public CallTest {
 protected:
  void SetUp() override {
    CallTest::SetUp();
    for (const std::string name : {"a", "b", "c"}) {
      AddTable("default", name);
      ASSERT_OK(metastore->Local().ModifyTable({"default", name}, [&](model::v1::Table& table) {
        (*table.mutable_parameters())["presto_view"] = name == "b" ? "false" : "true";
        return absl::OkStatus();
      }));
    }
  }
  template <typename... Max>
  Texts Names(const std::string& database, const std::string& filter, Max... max) {
    return Get<Texts>("get_table_names_by_filter", database, filter, max...);
  }
};

TEST_F(TableNamesByFilterTest, ListsNamesUpToAMaximum) {
  const std::string views = "hive_filter_field_params__presto_view = \"true\"";
  EXPECT_THAT(Names("Default", views, int16_t{-1}), ElementsAre("a", "c"));
  EXPECT_THAT(Names("@hive#default", views), ElementsAre("a", "c"));
  EXPECT_THAT(Names("default", "hive_filter_field_params__presto_view LIKE \"true\"", int16_t{1}), ElementsAre("a"));
  EXPECT_THAT(Names("default", "", int16_t{0}), IsEmpty());
  EXPECT_THAT(Names("nowhere", views), IsEmpty());
  EXPECT_THAT(Names("@nowhere#default", views), IsEmpty());
  EXPECT_THAT(Fail("get_table_names_by_filter", std::string("default"), std::string("k = \"v\"")),
              AllOf(StartsWith("1 "), HasSubstr("hive_filter_field_owner__")));
}

TEST_F(CallTest, TablesAreListedWithTheAccessThatClientsHave) {
  for (const std::string name : {"a", "b", "ab"}) AddTable("default", name);
  const auto listed = [&](const std::string& pattern, int32_t fields, std::optional<int32_t> limit = {},
                          const std::string& database = "Default") {
    thrift::GetTablesExtRequest request;
    request.catalog = "hive";
    request.database = database;
    request.tableNamePattern = pattern;
    request.requestedFields = fields;
    if (limit) request.__set_limit(*limit);
    Texts texts;
    for (const auto& info : Get<std::vector<thrift::ExtendedTableInfo>>("get_tables_ext", request)) {
      texts.push_back(info.tblName + (info.__isset.accessType ? " " + std::to_string(info.accessType) : ""));
    }
    return texts;
  };
  EXPECT_THAT(listed("*", 1), ElementsAre("a 8", "ab 8", "b 8"));
  EXPECT_THAT(listed("A*", 2), ElementsAre("a", "ab"));
  EXPECT_THAT(listed("*", 3, 2), ElementsAre("a 8", "ab 8"));
  EXPECT_THAT(listed("*", 0, 0), IsEmpty());
  EXPECT_THAT(listed("*", 0, -1), ElementsAre("a", "ab", "b"));
  EXPECT_THAT(listed("", 0), IsEmpty());
  EXPECT_THAT(listed("*", 0, {}, "nowhere"), IsEmpty());
}

TEST_F(CallTest, NothingIsTranslatedBeforeATableIsMade) {
  thrift::CreateTableRequest request;
  request.table.__set_dbName("nowhere");
  request.table.__set_tableName("T");
  request.table.__set_parameters({{"k", "v"}});
  auto expected = request.table;
  expected.__set_catName("hive");
  EXPECT_EQ(Bytes(Get<thrift::Table>("translate_table_dryrun", request)), Bytes(expected));
  EXPECT_THAT(Get<Texts>("get_all_tables", std::string("default")), IsEmpty());
}

// ---- Partitions with a choice of fields ----
class PartitionsWithSpecsTest : public CallTest {
 protected:
  void SetUp() override {
    CallTest::SetUp();
    AddTable("default", "hits");
    std::vector<model::v1::Partition> partitions(3);
    for (std::size_t i = 0; i < 3; ++i) partitions[i].add_values(std::string(1, static_cast<char>('a' + i)));
    (*partitions[0].mutable_parameters())["Kind"] = "x";
    (*partitions[0].mutable_parameters())["k_1"] = "v";
    partitions[2].mutable_storage_descriptor()->set_location("file:/far/c");
    ASSERT_OK(metastore->Local().AddPartitions({"default", "hits"}, partitions));
    request.dbName = "default";
    request.tblName = "hits";
  }
  std::vector<thrift::PartitionSpec> Specs() {
    return Get<thrift::GetPartitionsResponse>("get_partitions_with_specs", request).partitionSpec;
  }
  // The values of all that match.
  Texts Values() {
    Texts values;
    for (const thrift::PartitionSpec& spec : Specs()) {
      for (const auto& one : spec.sharedSDPartitionSpec.partitions) values.push_back(one.values.at(0));
      for (const auto& one : spec.partitionList.partitions) values.push_back(one.values.at(0));
    }
    return values;
  }
  void Filter(thrift::PartitionFilterMode::type mode, const Texts& filters) {
    request.filterSpec.__set_filterMode(mode);
    request.filterSpec.__set_filters(filters);
  }
  void Fields(const Texts& fields) { request.projectionSpec.fieldList = fields; }

  using Mode = thrift::PartitionFilterMode;
  thrift::GetPartitionsRequest request;
};

TEST_F(PartitionsWithSpecsTest, WithoutAChoiceTheyAreTheCompactForm) {
  EXPECT_EQ(Bytes(Specs()), Bytes(Get<std::vector<thrift::PartitionSpec>>(
                                "get_partitions_pspec", std::string("default"), std::string("hits"), int32_t{-1})));
  ASSERT_EQ(Specs().size(), 2u);
  EXPECT_EQ(Specs()[1].partitionList.partitions.at(0).sd.location, "file:/far/c");
}

TEST_F(PartitionsWithSpecsTest, OnlyTheChosenFieldsAreThere) {
  Fields({"values", "sd.cols.name", "values"});
  const auto named = Specs();
  ASSERT_EQ(named.size(), 1u);  // no location: they all share what is left of their descriptors
  EXPECT_FALSE(named[0].__isset.rootPath);
  const auto& shared = named[0].sharedSDPartitionSpec;
  ASSERT_EQ(shared.partitions.size(), 3u);
  EXPECT_EQ(shared.sd.cols.at(1).name, "name");
  EXPECT_FALSE(shared.sd.cols.at(1).__isset.type || shared.sd.__isset.location || shared.sd.__isset.serdeInfo);
  EXPECT_FALSE(shared.partitions[0].__isset.parameters || shared.partitions[0].__isset.relativePath);
  EXPECT_EQ(shared.partitions[0].createTime, 0);
  Fields({"sd.location"});
  const auto located = Specs();
  ASSERT_EQ(located.size(), 2u);
  EXPECT_EQ(located[0].sharedSDPartitionSpec.partitions.at(1).relativePath, "/dt=b");
  EXPECT_FALSE(located[0].sharedSDPartitionSpec.partitions.at(1).__isset.values);
  EXPECT_EQ(located[1].partitionList.partitions.at(0).sd.location, "file:/far/c");
  Fields({"values", "sd.nothing", "Values"});
  EXPECT_THAT(Fail("get_partitions_with_specs", request), AllOf(StartsWith("1 "), HasSubstr("sd.nothing, Values")));
}

TEST_F(PartitionsWithSpecsTest, ParametersAreChosenByPatterns) {
  Fields({"parameters"});
  const struct {
    std::string include;
    std::string exclude;
    Texts keys;
  } kCases[] = {{"", "", {"Kind", "k_1"}}, {"k%", "", {"k_1"}},      {"K%", "", {"Kind"}},   {"", "K%", {"k_1"}},
                {"___", "", {"k_1"}},      {"%n%", "%x%", {"Kind"}}, {"%", "%", {}},         {"%_1", "", {"k_1"}},
                {"Kind", "", {"Kind"}},    {"Kin", "", {}},          {"%i%d", "", {"Kind"}}, {"_", "", {}}};
  for (const auto& one : kCases) {
    request.projectionSpec.includeParamKeyPattern = one.include;
    request.projectionSpec.excludeParamKeyPattern = one.exclude;
    Texts keys;
    const auto specs = Specs();
    for (const auto& [key, value] : specs.at(0).sharedSDPartitionSpec.partitions.at(0).parameters) {
      if (key == "Kind" || key == "k_1") keys.push_back(key);
    }
    EXPECT_EQ(keys, one.keys) << one.include << " but " << one.exclude;
  }
}

TEST_F(PartitionsWithSpecsTest, TheyAreFoundByNamesValuesAndExpressions) {
  const struct {
    Mode::type mode;
    Texts filters;
    Texts expected;
  } kCases[] = {{Mode::BY_NAMES, {"dt=c", "dt=no", "dt=a"}, {"a", "c"}},
                {Mode::BY_NAMES, {}, {}},
                {Mode::BY_VALUES, {"b"}, {"b"}},
                {Mode::BY_VALUES, {""}, {"a", "b", "c"}},
                {Mode::BY_EXPR, {"dt > \"a\""}, {"b", "c"}},
                {Mode::BY_EXPR, {"dt = \"a\" or dt = \"b\"", "dt != \"a\""}, {"b"}}};
  for (const Texts& fields : {Texts{}, Texts{"values"}}) {
    Fields(fields);
    for (const auto& one : kCases) {
      Filter(one.mode, one.filters);
      EXPECT_EQ(Values(), one.expected) << one.mode << " " << ::testing::PrintToString(one.filters);
    }
  }
}

TEST_F(PartitionsWithSpecsTest, WhatCannotBeDoneIsSaid) {
  Filter(Mode::BY_EXPR, {"nonsense"});
  EXPECT_THAT(Fail("get_partitions_with_specs", request), StartsWith("1 "));
  Filter(Mode::BY_EXPR, {});
  EXPECT_THAT(Fail("get_partitions_with_specs", request), AllOf(StartsWith("1 "), HasSubstr("expected some")));
  Filter(static_cast<Mode::type>(2), {"x = \"a\""});
  EXPECT_THAT(Fail("get_partitions_with_specs", request), HasSubstr("Specified key <x> is not a partitioning key"));
  Filter(Mode::BY_VALUES, {"a", "b"});
  EXPECT_THAT(Fail("get_partitions_with_specs", request), StartsWith("1 "));
  request.filterSpec = {};
  request.filterSpec.__set_filterMode(Mode::BY_NAMES);
  EXPECT_THAT(Fail("get_partitions_with_specs", request), HasSubstr("without filters"));
  request.filterSpec = {};
  Fields({""});
  EXPECT_THAT(Fail("get_partitions_with_specs", request), HasSubstr("Invalid partition fields"));
  Fields({});
  request.tblName = "nothing";
  EXPECT_THAT(Fail("get_partitions_with_specs", request), AllOf(StartsWith("1 "), HasSubstr("nothing")));
}

using TableListsTest = CallTest;

// Flink lists views with no pattern at all.
TEST_F(TableListsTest, AnAbsentPatternIsAllAndAnEmptyOneNone) {
  for (const char* name : {"a", "b"}) AddTable("default", name);
  const std::string database = "default";
  const std::string managed = "MANAGED_TABLE";
  const std::string none;
  EXPECT_THAT(Get<Texts>("get_tables", database, Absent{}), ElementsAre("a", "b"));
  EXPECT_THAT(Get<Texts>("get_tables", database, none), IsEmpty());
  EXPECT_THAT(Get<Texts>("get_tables_by_type", database, Absent{}, managed), ElementsAre("a", "b"));
  EXPECT_THAT(Get<Texts>("get_tables_by_type", database, none, managed), IsEmpty());
  EXPECT_THAT(Get<Texts>("get_tables_by_type", database, Absent{}, std::string("VIRTUAL_VIEW")), IsEmpty());
  using Metas = std::vector<thrift::TableMeta>;
  EXPECT_THAT(Get<Metas>("get_table_meta", database, Absent{}, Texts{}), SizeIs(2));
  EXPECT_THAT(Get<Metas>("get_table_meta", Absent{}, std::string("b"), Texts{}), SizeIs(1));
  EXPECT_THAT(Get<Metas>("get_table_meta", database, none, Texts{}), IsEmpty());
  EXPECT_THAT(Get<Metas>("get_table_meta", none, std::string("*"), Texts{}), IsEmpty());
}

}  // namespace
}  // namespace lodestone::hive
