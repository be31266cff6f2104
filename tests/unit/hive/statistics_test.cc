#include "bindings/hive/convert/statistics.h"

#include <limits>
#include <optional>
#include <random>
#include <set>
#include <string>

#include "bindings/hive/convert/decimal.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/support/soak.h"
#include "tests/unit/hive/convert_support.h"

namespace lodestone::hive {
namespace {

using ::lodestone::testing::FailsWith;
using ::lodestone::testing::SeedOr;
using ::lodestone::testing::Soaked;
using testing::Difference;
using testing::OverTheWire;
using ::testing::SizeIs;

using Record = model::v1::ColumnStatistics;
constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;

// ---- Decimals ----

thrift::Decimal Decimal(std::string unscaled, int16_t scale) {
  thrift::Decimal decimal;
  decimal.__set_unscaled(unscaled);
  decimal.__set_scale(scale);
  return decimal;
}

TEST(DecimalTest, WritesWhatBytesAndScaleSay) {
  struct {
    std::string unscaled;
    int16_t scale;
    std::string text;
  } const cases[] = {
      {std::string("\0", 1), 0, "0"},
      {std::string("\0", 1), 2, "0.00"},
      {std::string("\0", 1), -3, "0"},
      {"\x01", 0, "1"},
      {"\xff", 0, "-1"},
      {"\x7f", 0, "127"},
      {"\x80", 0, "-128"},
      {std::string("\0\x80", 2), 0, "128"},
      {"\x7b", 2, "1.23"},
      {"\x7b", 3, "0.123"},
      {"\x7b", 5, "0.00123"},
      {"\x85", 1, "-12.3"},
      {"\x05", -3, "5000"},
      {"\x04\xe2", 3, "1.250"},
      {std::string("\x01\0", 2), 0, "256"},
      // 10^38 - 1, Hive's largest, and its opposite.
      {"\x4b\x3b\x4c\xa8\x5a\x86\xc4\x7a\x09\x8a\x22\x3f\xff\xff\xff\xff", 0, std::string(38, '9')},
      {std::string("\xb4\xc4\xb3\x57\xa5\x79\x3b\x85\xf6\x75\xdd\xc0\0\0\0\x01", 16), 38, "-0." + std::string(38, '9')},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(ToText(Decimal(c.unscaled, c.scale)).value(), c.text);
    if (c.scale < 0) continue;
    const std::optional<thrift::Decimal> back = ParseDecimal(c.text);
    ASSERT_TRUE(back.has_value()) << c.text;
    EXPECT_EQ(back->unscaled, c.unscaled) << c.text;
    EXPECT_EQ(back->scale, c.scale) << c.text;
  }
}

TEST(DecimalTest, ReadsTheFormsThatTheLibraryKeeps) {
  struct {
    std::string_view text, same_as;
  } const cases[] = {{"+1.5", "1.5"},  {"007", "7"},     {"-0", "0"},       {"1e3", "1000"},
                     {"1.5E2", "150"}, {"15e-1", "1.5"}, {"1E-3", "0.001"}, {"-2.50e+1", "-25.0"}};
  for (const auto& c : cases) {
    ASSERT_TRUE(ParseDecimal(c.text).has_value()) << c.text;
    EXPECT_EQ(ToText(*ParseDecimal(c.text)).value(), c.same_as) << c.text;
  }
  for (const std::string_view text : {"", "-", ".5", "1.", "1e", "e1", "1x", "0x10", "1e9999", "1e101", "NaN", " 1"}) {
    EXPECT_FALSE(ParseDecimal(text).has_value()) << text;
  }
  EXPECT_TRUE(ParseDecimal(std::string(96, '9')).has_value());
  EXPECT_FALSE(ParseDecimal(std::string(97, '9')).has_value());
}

TEST(DecimalTest, RefusesWhatNoColumnHas) {
  EXPECT_THAT(ToText(Decimal("", 0)), FailsWith(kInvalid, "found 0 bytes"));
  EXPECT_THAT(ToText(Decimal(std::string(41, 'x'), 0)), FailsWith(kInvalid, "found 41 bytes"));
  EXPECT_THAT(ToText(Decimal("x", 101)), FailsWith(kInvalid, "the scale 101"));
  EXPECT_THAT(ToText(Decimal("x", std::numeric_limits<int16_t>::min())), FailsWith(kInvalid, "the scale -32768"));
}

TEST(DecimalTest, AgreesWithPlainArithmetic) {
  const uint64_t seed = SeedOr(20260105);
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < Soaked(3000); ++i) {
    const auto number = static_cast<int64_t>(random()) >> random() % 64;
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(number >> shift));
    ASSERT_EQ(ToText(Decimal(bytes, 0)).value(), std::to_string(number));
    ASSERT_EQ(ToText(*ParseDecimal(std::to_string(number))).value(), std::to_string(number));
  }
}

// ---- Records ----

TEST(StatisticsTest, EveryKindOfDataComesBackAsItWas) {
  const uint64_t seed = SeedOr(20260105);
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  std::set<Record::DataCase> kinds;
  for (int i = 0; i < Soaked(1000); ++i) {
    Record record;
    testing::Fill(&record, random, {"ColumnStatistics.last_analyzed", "ColumnStatistics.engine"});
    for (std::string* bound :
         {record.mutable_decimal_data()->mutable_low(), record.mutable_decimal_data()->mutable_high()}) {
      *bound = random() % 3 == 0 ? "" : std::to_string(static_cast<int64_t>(random())) + ".50";
    }
    // Fill chose a kind, which the line above replaced: choose again.
    switch (random() % 8) {
      case 0:
        testing::Fill(record.mutable_boolean_data(), random);
        break;
      case 1:
        testing::Fill(record.mutable_long_data(), random);
        break;
      case 2:
        testing::Fill(record.mutable_double_data(), random);
        break;
      case 3:
        testing::Fill(record.mutable_string_data(), random);
        break;
      case 4:
        testing::Fill(record.mutable_binary_data(), random);
        break;
      case 5:
        testing::Fill(record.mutable_date_data(), random);
        break;
      case 6:
        testing::Fill(record.mutable_timestamp_data(), random);
        break;
      default:
        break;
    }
    // What the kind's struct has no field for, and what it has in any case.
    const bool counts = !record.has_boolean_data() && !record.has_binary_data();
    if (counts) {
      record.set_num_distinct(record.num_distinct());
    } else {
      record.clear_num_distinct();
    }
    if (!counts || record.has_string_data()) record.clear_histogram();
    kinds.insert(record.data_case());
    const absl::StatusOr<Record> back = ToModel(OverTheWire(ToThrift(record)));
    ASSERT_OK(back);
    ASSERT_EQ(Difference(record, *back), "") << record.DebugString();
  }
  EXPECT_THAT(kinds, SizeIs(8));
}

TEST(StatisticsTest, LeavesOutWhatIsNotKnown) {
  Record record;
  record.set_column("n");
  record.set_column_type("bigint");
  record.mutable_long_data();
  const thrift::LongColumnStatsData sent = OverTheWire(ToThrift(record)).statsData.longStats;
  EXPECT_FALSE(sent.__isset.lowValue);
  EXPECT_FALSE(sent.__isset.highValue);
  EXPECT_FALSE(sent.__isset.bitVectors);
  EXPECT_FALSE(sent.__isset.histogram);
  EXPECT_EQ(sent.numDVs, 0);

  record.mutable_decimal_data()->set_low("no number");
  record.mutable_decimal_data()->set_high("1.5");
  const thrift::DecimalColumnStatsData decimal = OverTheWire(ToThrift(record)).statsData.decimalStats;
  EXPECT_FALSE(decimal.__isset.lowValue);
  EXPECT_TRUE(decimal.__isset.highValue);

  record.clear_data();
  EXPECT_TRUE(OverTheWire(ToThrift(record)).statsData.__isset.stringStats);
}

TEST(StatisticsTest, DescriptionGoesIntoEachColumnAndBack) {
  Record columns[2];
  columns[0].set_column("a");
  columns[0].mutable_long_data()->set_low(1);
  columns[0].set_last_analyzed(5);
  columns[0].set_engine("impala");
  columns[1].set_column("b");
  columns[1].mutable_string_data();
  columns[1].set_last_analyzed(9);
  columns[1].set_engine("impala");
  const StatisticsTarget target{"sales", {"web", "hits"}, "dt=1"};
  const thrift::ColumnStatistics sent = OverTheWire(ToThrift(target, columns));
  EXPECT_FALSE(sent.statsDesc.isTblLevel);
  EXPECT_EQ(sent.statsDesc.catName, "sales");
  EXPECT_EQ(sent.statsDesc.lastAnalyzed, 9);
  EXPECT_EQ(sent.engine, "impala");
  const StatisticsUpdate back = ToModel(sent).value();
  EXPECT_EQ(back.target.catalog, "sales");
  EXPECT_EQ(back.target.table, target.table);
  EXPECT_EQ(back.target.partition, "dt=1");
  ASSERT_THAT(back.columns, SizeIs(2));
  EXPECT_EQ(back.columns[0].last_analyzed(), 9);
  EXPECT_EQ(back.columns[0].engine(), "impala");
  EXPECT_EQ(back.columns[1].column(), "b");

  const thrift::ColumnStatistics empty = OverTheWire(ToThrift({"hive", {"web", "hits"}, {}}, {}));
  EXPECT_TRUE(empty.statsDesc.isTblLevel);
  EXPECT_FALSE(empty.statsDesc.__isset.partName);
  EXPECT_EQ(empty.engine, "hive");
  EXPECT_EQ(ToModel(empty)->target.partition, std::nullopt);
}

TEST(StatisticsTest, RefusesWhatSaysNothing) {
  thrift::ColumnStatisticsObj column;
  column.__set_colName("n");
  EXPECT_THAT(ToModel(column), FailsWith(kInvalid, "column \"n\": no kind of statistics is set"));
  thrift::DecimalColumnStatsData decimal;
  decimal.__set_lowValue(Decimal("x", 1000));
  column.statsData.__set_decimalStats(decimal);
  EXPECT_THAT(ToModel(column), FailsWith(kInvalid, "column \"n\": a decimal number"));
  thrift::ColumnStatistics statistics;
  statistics.statsDesc.__set_isTblLevel(false);
  EXPECT_THAT(ToModel(statistics), FailsWith(kInvalid, "the name of the partition that the statistics are of is null"));
}

}  // namespace
}  // namespace lodestone::hive
