// Column statistics with what tables and partitions say of their accuracy.
#include "catalog/warehouse/accuracy.h"
#include "gmock/gmock.h"
#include "tests/unit/warehouse/hive_fixture.h"

namespace lodestone::testing {
namespace {

using absl::StatusCode;
using model::v1::ColumnStatistics;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using warehouse::Accuracy;

constexpr std::string_view kAccurate = "COLUMN_STATS_ACCURATE";

// ---- The parameter alone ----
struct AccuracyCase {
  std::string name;
  std::string text;  // empty: absent
  std::string again;
  bool names_id;
  std::string with_c;
};

class AccuracyTest : public ::testing::TestWithParam<AccuracyCase> {};

TEST_P(AccuracyTest, IsReadLenientlyAndWrittenAsHiveDoes) {
  warehouse::Parameters parameters;
  if (!GetParam().text.empty()) parameters[std::string(kAccurate)] = GetParam().text;
  const auto stored = [&](const Accuracy& accuracy) -> std::string {
    accuracy.Store(&parameters);
    const std::string* found = warehouse::FindParameter(parameters, kAccurate);
    return found == nullptr ? "" : *found;
  };
  Accuracy accuracy(parameters);
  EXPECT_EQ(accuracy.Names("id"), GetParam().names_id);
  EXPECT_EQ(stored(accuracy), GetParam().again);
  EXPECT_EQ(accuracy.Add("c"), GetParam().text.find("\"c\"") == std::string::npos);
  EXPECT_EQ(stored(accuracy), GetParam().with_c);
  EXPECT_TRUE(accuracy.Remove("c"));
  EXPECT_FALSE(accuracy.Remove("c"));
}

INSTANTIATE_TEST_SUITE_P(
    All, AccuracyTest,
    ::testing::Values(
        AccuracyCase{"Absent", "", "", false, R"({"COLUMN_STATS":{"c":"true"}})"},
        AccuracyCase{"Basic", R"({"BASIC_STATS":"true"})", R"({"BASIC_STATS":"true"})", false,
                     R"({"BASIC_STATS":"true","COLUMN_STATS":{"c":"true"}})"},
        AccuracyCase{"BasicIsNot", R"({ "BASIC_STATS" : "false", "COLUMN_STATS": {"id":"true"} })",
                     R"({"COLUMN_STATS":{"id":"true"}})", true, R"({"COLUMN_STATS":{"c":"true","id":"true"}})"},
        AccuracyCase{"ByName", R"({"COLUMN_STATS":{"id":"true","a":"true"}})",
                     R"({"COLUMN_STATS":{"a":"true","id":"true"}})", true,
                     R"({"COLUMN_STATS":{"a":"true","c":"true","id":"true"}})"},
        AccuracyCase{"WhatIsThereStays", R"({"COLUMN_STATS":{"c":"false"}})", R"({"COLUMN_STATS":{"c":"false"}})",
                     false, R"({"COLUMN_STATS":{"c":"false"}})"},
        AccuracyCase{"OtherCaseIsAnotherColumn", R"({"COLUMN_STATS":{"ID":"true"}})",
                     R"({"COLUMN_STATS":{"ID":"true"}})", false, R"({"COLUMN_STATS":{"ID":"true","c":"true"}})"},
        AccuracyCase{"OldForm", "TRUE", R"({"BASIC_STATS":"true"})", false,
                     R"({"BASIC_STATS":"true","COLUMN_STATS":{"c":"true"}})"},
        AccuracyCase{"Nonsense", "nonsense", "", false, R"({"COLUMN_STATS":{"c":"true"}})"},
        AccuracyCase{"OfOtherForms", R"({"BASIC_STATS":7,"COLUMN_STATS":["id"]})", "", false,
                     R"({"COLUMN_STATS":{"c":"true"}})"},
        AccuracyCase{"OddNames", R"({"COLUMN_STATS":{"a\"b\\":"true"}})", R"({"COLUMN_STATS":{"a\"b\\":"true"}})",
                     false, R"({"COLUMN_STATS":{"a\"b\\":"true","c":"true"}})"}),
    [](const auto& test) { return test.param.name; });

// ---- Calls ----
class HiveStatisticsTest : public HiveSessionTest {
 protected:
  HiveStatisticsTest() {
    MakeHiveHits();
    AddHits({{"1", "1"}, {"2", "2"}});
  }

  static ColumnStatistics Id(int64_t low, int64_t high, int64_t nulls = 0) {
    ColumnStatistics statistics;
    statistics.set_column("ID");
    statistics.set_num_nulls(nulls);
    statistics.mutable_long_data()->set_low(low);
    statistics.mutable_long_data()->set_high(high);
    return statistics;
  }
  static ColumnStatistics Name(int64_t longest) {
    ColumnStatistics statistics;
    statistics.set_column("name");
    statistics.mutable_string_data()->set_max_length(longest);
    return statistics;
  }
  HiveStatistics OfTable(std::vector<ColumnStatistics> columns) const {
    return {.table = kHits, .columns = std::move(columns)};
  }
  HiveStatistics Of(const std::string& partition, std::vector<ColumnStatistics> columns) const {
    return {.table = kHits, .partition = partition, .columns = std::move(columns)};
  }
  absl::Status Update(const HiveStatistics& one, StatisticsMode mode = StatisticsMode::kReplace) {
    return hive().UpdateStatistics({&one, 1}, mode);
  }
  // `id -1..9, 3 nulls` of each.
  static Names Shown(const absl::StatusOr<std::vector<ColumnStatistics>>& found) {
    EXPECT_OK(found);
    Names shown;
    if (!found.ok()) return {"?"};
    for (const ColumnStatistics& one : *found) {
      shown.push_back(one.has_long_data() ? base::StrCat(one.column(), " ", one.long_data().low(), "..",
                                                         one.long_data().high(), ", ", one.num_nulls(), " nulls")
                                          : base::StrCat(one.column(), " ", one.string_data().max_length()));
    }
    return shown;
  }
  Names Table() { return Shown(session().GetTableStatistics(kHits)); }
  Names Partition(const Names& values) { return Shown(session().GetPartitionStatistics(kHits, values)); }
  std::string Accurate() { return ParameterOf(session().GetTable(kHits), kAccurate); }
  std::string Accurate(const Names& values) { return ParameterOf(session().GetPartition(kHits, values), kAccurate); }
};

TEST_F(HiveStatisticsTest, WhatIsUpdatedIsAccurate) {
  const int64_t before = EventCount();
  ASSERT_OK(Update(OfTable({Id(1, 5)})));
  EXPECT_EQ(Accurate(), R"({"COLUMN_STATS":{"id":"true"}})");
  EXPECT_EQ(EventCount(), before + 1);
  ASSERT_OK(Update(OfTable({Name(7), Id(2, 3)})));
  EXPECT_EQ(Accurate(), R"({"COLUMN_STATS":{"id":"true","name":"true"}})");
  EXPECT_THAT(Table(), ElementsAre("id 2..3, 0 nulls", "name 7"));
  EXPECT_EQ(session().GetTableStatistics(kHits)->front().last_analyzed(), kStart / 1000);
  ASSERT_OK(Update(Of("dt=1/hour=1", {Id(4, 4)})));
  EXPECT_EQ(Accurate({"1", "1"}), R"({"COLUMN_STATS":{"id":"true"}})");
  EXPECT_EQ(Accurate({"2", "2"}), "-");
  EXPECT_THAT(Partition({"1", "1"}), ElementsAre("id 4..4, 0 nulls"));
  ExpectSound();
}

TEST_F(HiveStatisticsTest, OtherParametersAndTheDescriptorStay) {
  const auto table = *session().GetTable(kHits);
  const auto partition = *session().GetPartition(kHits, Names{"1", "1"});
  ASSERT_OK(Update(OfTable({Id(1, 5)})));
  ASSERT_OK(Update(Of("dt=1/hour=1", {Id(1, 5)})));
  auto next_table = *session().GetTable(kHits);
  auto next_partition = *session().GetPartition(kHits, Names{"1", "1"});
  next_table.mutable_parameters()->erase(std::string(kAccurate));
  next_partition.mutable_parameters()->erase(std::string(kAccurate));
  EXPECT_EQ(next_table.DebugString(), table.DebugString());
  EXPECT_EQ(next_partition.DebugString(), partition.DebugString());
}

TEST_F(HiveStatisticsTest, SeveralAreSetOrNone) {
  const std::vector<HiveStatistics> all = {Of("dt=1/hour=1", {Id(1, 1)}), Of("dt=2/hour=2", {Id(2, 2)}),
                                           Of("dt=1/hour=1", {Name(9)}), OfTable({Id(1, 2)})};
  ASSERT_OK(hive().UpdateStatistics(all));
  EXPECT_EQ(Accurate({"1", "1"}), R"({"COLUMN_STATS":{"id":"true","name":"true"}})");
  EXPECT_EQ(Accurate({"2", "2"}), R"({"COLUMN_STATS":{"id":"true"}})");
  EXPECT_EQ(Accurate(), R"({"COLUMN_STATS":{"id":"true"}})");
  const struct {
    HiveStatistics bad;
    StatusCode code;
    std::string text;
  } kCases[] = {
      {Of("dt=9/hour=9", {Id(1, 1)}), StatusCode::kNotFound, "dt=9/hour=9"},
      {Of("dt=1", {Id(1, 1)}), StatusCode::kInvalidArgument, "dt=1"},
      {{.table = {"web", "no"}, .columns = {Id(1, 1)}}, StatusCode::kNotFound, "web.no"},
      {OfTable({Id(1, 1),
                [] {
                  ColumnStatistics other = Name(1);
                  other.set_column("nocol");
                  return other;
                }()}),
       StatusCode::kNotFound, "Column nocol doesn't exist in table hits in database web"},
      {OfTable({[] {
         ColumnStatistics wrong = Name(1);
         wrong.set_column("id");
         return wrong;
       }()}),
       StatusCode::kInvalidArgument, "do not fit"},
  };
  for (const auto& one : kCases) {
    const std::vector<HiveStatistics> some = {Of("dt=2/hour=2", {Id(-7, 7), Name(1)}), one.bad};
    EXPECT_THAT(hive().UpdateStatistics(some), FailsWith(one.code, one.text));
    EXPECT_THAT(Partition({"2", "2"}), ElementsAre("id 2..2, 0 nulls"));
    EXPECT_EQ(Accurate({"2", "2"}), R"({"COLUMN_STATS":{"id":"true"}})");
  }
  EXPECT_OK(hive().UpdateStatistics({}));
  ExpectSound();
}

TEST_F(HiveStatisticsTest, EachSeesWhatEarlierOnesOfTheCallSaidOfTheTable) {
  ASSERT_OK(hive().UpdateStatistics(
      std::vector{OfTable({Id(1, 2)}), Of("dt=1/hour=1", {Id(3, 3)}), OfTable({Name(4)}), OfTable({Id(5, 6)})}));
  EXPECT_EQ(Accurate(), R"({"COLUMN_STATS":{"id":"true","name":"true"}})");
  EXPECT_THAT(Table(), ElementsAre("id 5..6, 0 nulls", "name 4"));
  // Of added rows, one after the other.
  ASSERT_OK(hive().DeleteStatistics(kHits, {}));
  ASSERT_OK(Update(OfTable({Id(1, 2)})));
  ASSERT_OK(hive().UpdateStatistics(std::vector{OfTable({Id(0, 1)}), OfTable({Id(9, 9)})}, StatisticsMode::kMerge));
  EXPECT_THAT(Table(), ElementsAre("id 0..9, 0 nulls"));
}

TEST_F(HiveStatisticsTest, StatisticsOfAddedRowsAreMergedWhereTheRestIsKnown) {
  // Nothing says that the table had no rows before.
  ASSERT_OK(Update(OfTable({Id(1, 5, 1)}), StatisticsMode::kMerge));
  EXPECT_THAT(Table(), IsEmpty());
  EXPECT_EQ(Accurate(), "-");
  // As a new table says it.
  ASSERT_OK(session().ModifyTable(kHits, [](auto& table) {
    (*table.mutable_parameters())[std::string(kAccurate)] = R"({"BASIC_STATS":"true","COLUMN_STATS":{"id":"true"}})";
    return absl::OkStatus();
  }));
  ASSERT_OK(Update(OfTable({Id(1, 5, 1), Name(3)}), StatisticsMode::kMerge));
  EXPECT_THAT(Table(), ElementsAre("id 1..5, 1 nulls"));
  ASSERT_OK(Update(OfTable({Id(-2, 3, 2)}), StatisticsMode::kMerge));
  EXPECT_THAT(Table(), ElementsAre("id -2..5, 3 nulls"));
  EXPECT_EQ(Accurate(), R"({"BASIC_STATS":"true","COLUMN_STATS":{"id":"true"}})");
  // Partitions alike, and twice in one call.
  ASSERT_OK(Update(Of("dt=1/hour=1", {Id(1, 1, 1)})));
  const std::vector<HiveStatistics> all = {Of("dt=1/hour=1", {Id(2, 2, 1)}), Of("dt=1/hour=1", {Id(3, 3, 1)}),
                                           Of("dt=2/hour=2", {Id(3, 3, 1)})};
  ASSERT_OK(hive().UpdateStatistics(all, StatisticsMode::kMerge));
  EXPECT_THAT(Partition({"1", "1"}), ElementsAre("id 1..3, 3 nulls"));
  EXPECT_THAT(Partition({"2", "2"}), IsEmpty());
  EXPECT_THAT(Update(Of("dt=9/hour=9", {Id(2, 2)}), StatisticsMode::kMerge), HasCode(StatusCode::kNotFound));
}

TEST_F(HiveStatisticsTest, DeletedOnesAreNoLongerAccurate) {
  ASSERT_OK(Update(OfTable({Id(1, 5), Name(3)})));
  ASSERT_OK(Update(Of("dt=1/hour=1", {Id(1, 5)})));
  ASSERT_OK(hive().DeleteStatistics(kHits, {.column = "ID"}));
  EXPECT_EQ(Accurate(), R"({"COLUMN_STATS":{"name":"true"}})");
  EXPECT_THAT(hive().DeleteStatistics(kHits, {.column = "id"}), FailsWith(StatusCode::kNotFound, "\"id\""));
  EXPECT_THAT(hive().DeleteStatistics(kHits, {.column = "name", .engine = "impala"}), HasCode(StatusCode::kNotFound));
  EXPECT_OK(hive().DeleteStatistics(kHits, {.engine = "impala"}));
  EXPECT_THAT(Table(), ElementsAre("name 3"));
  ASSERT_OK(hive().DeleteStatistics(kHits, {.engine = "hive"}));
  EXPECT_THAT(Table(), IsEmpty());
  EXPECT_EQ(Accurate(), "-");
  EXPECT_OK(hive().DeleteStatistics(kHits));
  ASSERT_OK(hive().DeleteStatistics(kHits, {.partition = "dt=1/hour=1"}));
  EXPECT_THAT(Partition({"1", "1"}), IsEmpty());
  EXPECT_EQ(Accurate({"1", "1"}), "-");
  EXPECT_THAT(hive().DeleteStatistics(kHits, {.partition = "dt=9/hour=9"}), HasCode(StatusCode::kNotFound));
  EXPECT_THAT(hive().DeleteStatistics({"web", "no"}), HasCode(StatusCode::kNotFound));
}

TEST_F(HiveStatisticsTest, WhoMayUpdateMayUpdateTheParameterToo) {
  HiveSession eve = As("eve");
  const HiveStatistics of_table = OfTable({Id(1, 1)});
  const HiveStatistics of_first = Of("dt=1/hour=1", {Id(1, 1)});
  const HiveStatistics nowhere = Of("dt=9/hour=9", {Id(1, 1)});
  for (const HiveStatistics& one : {of_table, of_first, nowhere}) {
    for (const StatisticsMode mode : {StatisticsMode::kReplace, StatisticsMode::kMerge}) {
      EXPECT_THAT(eve.UpdateStatistics({&one, 1}, mode), HasCode(StatusCode::kPermissionDenied));
    }
    EXPECT_THAT(eve.DeleteStatistics(kHits, {.partition = one.partition, .column = "id"}),
                HasCode(StatusCode::kPermissionDenied));
  }
  ASSERT_OK(session().Grant(
      {.to = Grantee::User("eve"), .privileges = {Privilege::kInsert}, .on = Securable::Partition(kHits, {"1", "1"})}));
  EXPECT_OK(eve.UpdateStatistics({&of_first, 1}));
  EXPECT_EQ(Accurate({"1", "1"}), R"({"COLUMN_STATS":{"id":"true"}})");
  EXPECT_THAT(eve.UpdateStatistics({&of_table, 1}), HasCode(StatusCode::kPermissionDenied));
  EXPECT_OK(eve.DeleteStatistics(kHits, {.partition = "dt=1/hour=1"}));
  EXPECT_OK(eve.DeleteStatistics(kHits, {.partition = "dt=1/hour=1"}));
}

}  // namespace
}  // namespace lodestone::testing
