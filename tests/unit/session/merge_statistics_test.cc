// Rolling column statistics up.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "catalog/statistics.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/support/soak.h"

namespace lodestone {
namespace {

using Statistics = model::v1::ColumnStatistics;

Statistics Read(const std::string& text) {
  Statistics statistics;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &statistics)) << text;
  return statistics;
}

struct MergeCase {
  std::string name;
  std::string a;
  std::string b;
  std::string expected;
};

class MergeTest : public ::testing::TestWithParam<MergeCase> {};

TEST_P(MergeTest, GivesTheSameInBothOrders) {
  const Statistics a = Read("column: 'c' " + GetParam().a);
  const Statistics b = Read("column: 'c' " + GetParam().b);
  const std::string expected = Read("column: 'c' " + GetParam().expected).DebugString();
  Statistics forward = a;
  EXPECT_TRUE(MergeStatistics(b, &forward));
  EXPECT_EQ(forward.DebugString(), expected);
  Statistics backward = b;
  EXPECT_TRUE(MergeStatistics(a, &backward));
  EXPECT_EQ(backward.DebugString(), expected);
}

INSTANTIATE_TEST_SUITE_P(
    All, MergeTest,
    ::testing::Values(
        MergeCase{"Integers", "long_data {low: 3 high: 9} num_nulls: 2 num_distinct: 5",
                  "long_data {low: -1 high: 4} num_nulls: 3 num_distinct: 7",
                  "long_data {low: -1 high: 9} num_nulls: 5 num_distinct: 7"},
        MergeCase{"OneWithoutBounds", "long_data {} num_nulls: 8 num_distinct: 0",
                  "long_data {low: 1 high: 4} num_distinct: 2",
                  "long_data {low: 1 high: 4} num_nulls: 8 num_distinct: 2"},
        MergeCase{"NullsThatAreNotKnown", "long_data {} num_nulls: -1", "long_data {} num_nulls: 4",
                  "long_data {} num_nulls: -1"},
        MergeCase{"NumbersOfDistinctValuesThatAreNotKnown", "string_data {} num_distinct: -1", "string_data {}",
                  "string_data {} num_distinct: -1"},
        MergeCase{"SumsBeyondTheRange", "boolean_data {num_trues: 9223372036854775807 num_falses: 1}",
                  "boolean_data {num_trues: 1 num_falses: 2}",
                  "boolean_data {num_trues: 9223372036854775807 num_falses: 3}"},
        MergeCase{"Reals", "double_data {low: 0.5 high: 2.5}", "double_data {low: -inf high: 1}",
                  "double_data {low: -inf high: 2.5}"},
        MergeCase{"RealsWithNan", "double_data {low: nan high: nan}", "double_data {low: 1 high: 2}",
                  "double_data {low: 1 high: 2}"},
        MergeCase{"Decimals", "decimal_data {low: '-2.5' high: '10'}", "decimal_data {low: '-2.50001' high: '9.99'}",
                  "decimal_data {low: '-2.50001' high: '10'}"},
        MergeCase{"DecimalsWithoutBounds", "decimal_data {high: '1'}", "decimal_data {low: '0'}",
                  "decimal_data {low: '0' high: '1'}"},
        MergeCase{"Texts", "string_data {max_length: 9 average_length: 2.5}",
                  "string_data {max_length: 4 average_length: 3}", "string_data {max_length: 9 average_length: 3}"},
        MergeCase{"Binaries", "binary_data {max_length: 1 average_length: 1}", "binary_data {max_length: 2}",
                  "binary_data {max_length: 2 average_length: 1}"},
        MergeCase{"Dates", "date_data {low: 10 high: 20}", "date_data {low: 11 high: 21}",
                  "date_data {low: 10 high: 21}"},
        MergeCase{"Timestamps", "timestamp_data {low: -5} last_analyzed: 3",
                  "timestamp_data {high: 5} last_analyzed: 4", "timestamp_data {low: -5 high: 5} last_analyzed: 4"},
        MergeCase{"SketchesAreDropped", "long_data {} bit_vector: 'x' histogram: 'y'", "long_data {} bit_vector: 'x'",
                  "long_data {}"},
        MergeCase{"WithoutData", "num_nulls: 1", "num_nulls: 2", "num_nulls: 3"}),
    [](const auto& test) { return test.param.name; });

TEST(MergeStatisticsTest, OtherColumnsAndKindsAreLeftAlone) {
  Statistics into = Read("column: 'c' long_data {low: 1} num_nulls: 1 bit_vector: 'x'");
  const std::string before = into.DebugString();
  EXPECT_FALSE(MergeStatistics(Read("column: 'd' long_data {low: 0}"), &into));
  EXPECT_FALSE(MergeStatistics(Read("column: 'c' string_data {max_length: 3}"), &into));
  EXPECT_FALSE(MergeStatistics(Read("column: 'c'"), &into));
  EXPECT_EQ(into.DebugString(), before);
  EXPECT_TRUE(MergeStatistics(Read("column: 'C' long_data {low: 0}"), &into));  // names in any case
  EXPECT_EQ(into.long_data().low(), 0);
}

TEST(MergeStatisticsTest, TheOrderOfManyDoesNotMatter) {
  const uint64_t seed = testing::SeedOr(71);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 50; ++round) {
    std::vector<Statistics> all(2 + random() % 6);
    for (Statistics& one : all) {
      one.set_column("c");
      if (random() % 3 > 0) one.mutable_long_data()->set_low(static_cast<int64_t>(random() % 100));
      if (random() % 3 > 0) one.mutable_long_data()->set_high(static_cast<int64_t>(random() % 100));
      one.mutable_long_data();
      one.set_num_nulls(static_cast<int64_t>(random() % 10) - 1);
      if (random() % 2 > 0) one.set_num_distinct(static_cast<int64_t>(random() % 50));
    }
    const auto merged = [&] {
      Statistics into = all.front();
      for (std::size_t i = 1; i < all.size(); ++i) EXPECT_TRUE(MergeStatistics(all[i], &into));
      return into.DebugString();
    };
    const std::string first = merged();
    std::shuffle(all.begin(), all.end(), random);
    EXPECT_EQ(merged(), first) << "seed " << seed << ", round " << round;
  }
}

struct RollUpCase {
  std::string name;
  std::vector<std::vector<std::string>> partitions;  // the statistics of each
  std::vector<std::string> columns;
  std::vector<std::string> expected;
  int64_t complete;
};

class RollUpTest : public ::testing::TestWithParam<RollUpCase> {};

TEST_P(RollUpTest, HasTheColumnsAskedForAndCountsWhoHasAllOfThem) {
  std::vector<PartitionStatistics> partitions;
  for (const std::vector<std::string>& columns : GetParam().partitions) {
    PartitionStatistics& partition = partitions.emplace_back();
    for (const std::string& column : columns) partition.columns.push_back(Read(column));
  }
  const RolledStatistics rolled = RollUp(partitions, GetParam().columns);
  EXPECT_EQ(rolled.complete, GetParam().complete);
  ASSERT_EQ(rolled.columns.size(), GetParam().expected.size());
  for (std::size_t i = 0; i < rolled.columns.size(); ++i) {
    EXPECT_EQ(rolled.columns[i].DebugString(), Read(GetParam().expected[i]).DebugString());
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, RollUpTest,
    ::testing::Values(
        RollUpCase{"Nothing", {}, {"c"}, {}, 0},
        RollUpCase{"NothingAskedFor", {{"column: 'c' num_nulls: 1"}}, {}, {}, 0},
        RollUpCase{"OneAsItIs", {{"column: 'c' bit_vector: 'x'"}}, {"c"}, {"column: 'c' bit_vector: 'x'"}, 1},
        RollUpCase{"NamesInAnyCaseAndTwice", {{"column: 'c'"}}, {"C", "c"}, {"column: 'c'"}, 1},
        RollUpCase{"SomeHaveNotAll",
                   {{"column: 'c' num_nulls: 1", "column: 'd' num_nulls: 5"}, {"column: 'c' num_nulls: 2"}},
                   {"d", "c"},
                   {"column: 'c' num_nulls: 3", "column: 'd' num_nulls: 5"},
                   1},
        RollUpCase{"OtherColumnsDoNotCount",
                   {{"column: 'c' num_nulls: 1", "column: 'd' num_nulls: 5"}, {"column: 'd'"}},
                   {"c"},
                   {"column: 'c' num_nulls: 1"},
                   1},
        RollUpCase{"OfTwoKinds",
                   {{"column: 'c' long_data {}", "column: 'd'"}, {"column: 'c' string_data {}", "column: 'd'"}},
                   {"c", "d"},
                   {"column: 'd'"},
                   2}),
    [](const auto& test) { return test.param.name; });

TEST(StatisticsEngineTest, ARecordWithoutOneIsHives) {
  const Statistics unnamed = Read("column: 'c'");
  const Statistics impala = Read("column: 'c' engine: 'impala'");
  const struct {
    std::string engine;
    bool of_unnamed;
    bool of_impala;
  } kCases[] = {{"", true, true}, {"hive", true, false}, {"impala", false, true}, {"HIVE", false, false}};
  for (const auto& one : kCases) {
    EXPECT_EQ(IsOfEngine(unnamed, one.engine), one.of_unnamed) << one.engine;
    EXPECT_EQ(IsOfEngine(impala, one.engine), one.of_impala) << one.engine;
  }
}

// ---- Against rows ----
// The slow, obvious twin: what is true of the rows themselves.
using Rows = std::vector<std::optional<int64_t>>;

Statistics OfIntegers(const Rows& rows) {
  Statistics statistics;
  statistics.set_column("c");
  statistics.mutable_long_data();
  std::set<int64_t> values;
  for (const std::optional<int64_t>& row : rows) {
    if (row) values.insert(*row);
  }
  statistics.set_num_nulls(std::ranges::count(rows, Rows::value_type()));
  statistics.set_num_distinct(static_cast<int64_t>(values.size()));
  if (!values.empty()) {
    statistics.mutable_long_data()->set_low(*values.begin());
    statistics.mutable_long_data()->set_high(*values.rbegin());
  }
  return statistics;
}

// Each number as a text of that many characters.
Statistics OfTexts(const Rows& rows) {
  Statistics statistics = OfIntegers(rows);
  int64_t longest = 0;
  int64_t sum = 0;
  int64_t count = 0;
  for (const std::optional<int64_t>& row : rows) {
    longest = std::max(longest, row.value_or(0));
    sum += row.value_or(0);
    count += row.has_value() ? 1 : 0;
  }
  statistics.mutable_string_data()->set_max_length(longest);
  statistics.mutable_string_data()->set_average_length(
      count == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(count));
  return statistics;
}

// Odd ones are true.
Statistics OfBooleans(const Rows& rows) {
  Statistics statistics;
  statistics.set_column("c");
  statistics.set_num_nulls(std::ranges::count(rows, Rows::value_type()));
  const auto is_true = [](const std::optional<int64_t>& row) { return row && *row % 2 != 0; };
  const auto is_false = [](const std::optional<int64_t>& row) { return row && *row % 2 == 0; };
  statistics.mutable_boolean_data()->set_num_trues(std::ranges::count_if(rows, is_true));
  statistics.mutable_boolean_data()->set_num_falses(std::ranges::count_if(rows, is_false));
  return statistics;
}

Statistics Merged(const std::vector<Rows>& places, Statistics (*of)(const Rows&)) {
  Statistics into = of(places.front());
  for (std::size_t i = 1; i < places.size(); ++i) EXPECT_TRUE(MergeStatistics(of(places[i]), &into));
  return into;
}

TEST(MergeStatisticsTest, WhatIsExactAndWhatIsABoundHoldsOfTheRows) {
  const uint64_t seed = testing::SeedOr(72);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed << ", round " << round);
    std::vector<Rows> places(1 + random() % 5);
    Rows all;
    int64_t sum_of_distinct = 0;
    for (Rows& rows : places) {
      for (uint64_t n = random() % 12; n > 0; --n) {
        rows.push_back(random() % 4 == 0 ? std::nullopt : std::optional<int64_t>(random() % 20));
      }
      all.insert(all.end(), rows.begin(), rows.end());
      sum_of_distinct += OfIntegers(rows).num_distinct();
    }
    const Statistics integers = Merged(places, OfIntegers);
    const Statistics truth = OfIntegers(all);
    EXPECT_EQ(integers.num_nulls(), truth.num_nulls());
    EXPECT_EQ(integers.long_data().DebugString(), truth.long_data().DebugString());
    EXPECT_LE(integers.num_distinct(), truth.num_distinct());
    EXPECT_LE(truth.num_distinct(), sum_of_distinct);
    EXPECT_EQ(Merged(places, OfBooleans).DebugString(), OfBooleans(all).DebugString());
    const Statistics texts = Merged(places, OfTexts);
    EXPECT_EQ(texts.string_data().max_length(), OfTexts(all).string_data().max_length());
    EXPECT_GE(texts.string_data().average_length() + 1e-9, OfTexts(all).string_data().average_length());
  }
}

}  // namespace
}  // namespace lodestone
