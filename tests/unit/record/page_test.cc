#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "catalog/model/partition_name.h"
#include "catalog/record/key_page.h"
#include "catalog/record/value_page.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lodestone::record {
namespace {

using ::lodestone::testing::FailsWith;

std::string Hex(const std::string& bytes) {
  return absl::BytesToHexString(absl::string_view(bytes.data(), bytes.size()));
}

// A page of rows given by their values.
std::string KeyPageOf(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::vector<std::string_view>> values(rows[0].size());
  std::vector<std::vector<uint32_t>> indexes(rows[0].size());
  std::vector<KeyColumnData> columns;
  for (std::size_t c = 0; c < values.size(); ++c) {
    TextIndex index;
    index.Reset(rows.size());
    for (const auto& row : rows) indexes[c].push_back(index.FindOrAdd(row[c], &values[c]));
  }
  for (std::size_t c = 0; c < values.size(); ++c) columns.push_back({values[c], indexes[c]});
  std::string page;
  AppendKeyPage(columns, &page);
  return page;
}

std::string SmallValuePage() {
  ValuePageWriter writer(2);
  for (const std::vector<int64_t>& column : {std::vector<int64_t>{100, 101}, {0, 0}, {1, 1}}) {
    AppendIntegerColumn(column, writer.body());
    writer.EndColumn();
  }
  writer.EndColumn();
  const std::vector<std::string_view> rows = {"10", "11"};
  AppendTextColumn(rows, {}, writer.body());
  writer.EndParameter("numRows");
  std::string page;
  writer.Finish(&page);
  return page;
}

TEST(KeyPage, KeepsItsBytes) {
  const std::string page = KeyPageOf({{"2026-01-05", "00"}, {"2026-01-05", "01"}, {"2026-01-05", "a:b"}});
  EXPECT_EQ(Hex(page),
            "01"
            "02"
            "0300"  // format, keys, rows
            "00"
            "0100"
            "0a000000"
            "323032362d30312d3035"  // one value for all rows
            "0d"
            "0300"
            "0200"
            "0400"
            "0700"
            "30303031613a62"
            "000102");  // three values, one needs escaping
}

TEST(ValuePage, KeepsItsBytes) {
  EXPECT_EQ(Hex(SmallValuePage()),
            "01"
            "00"
            "0200"
            "0100"  // format, reserved, rows, parameters
            "12000000"
            "1b000000"
            "24000000"
            "24000000"
            "37000000"  // ends of the columns
            "07000000"
            "6e756d526f7773"  // ends of the names, names
            "01"
            "6400000000000000"
            "0001"
            "00000000000000"  // create times
            "00"
            "0000000000000000"  // last access times
            "00"
            "0100000000000000"  // descriptors
            "01"
            "01"
            "0a00000000000000"
            "0001"
            "00000000000000");  // numRows; no locations
}

TEST(KeyPage, FindsRowsInTheOrderOfTheirEncodedKeys) {
  const unsigned seed = 7;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const std::vector<std::string> pool = {"a",   "a-b",        "a b", "a/b", "a%2Fb",
                                         "b",   "2026-01-05", "01",  "1",   "__HIVE_DEFAULT_PARTITION__",
                                         "z:z", "\xC3\xA4",   "a.b", "a0"};
  for (int round = 0; round < 300; ++round) {
    const std::size_t key_count = 1 + random() % 3;
    std::vector<std::pair<std::string, std::vector<std::string>>> rows;
    std::set<std::string> keys;
    for (int i = 0; i < 30; ++i) {
      std::vector<std::string> values;
      for (std::size_t k = 0; k < key_count; ++k) values.push_back(pool[random() % pool.size()]);
      std::string key = model::EncodePartitionKey(std::span<const std::string>(values));
      if (keys.insert(key).second) rows.emplace_back(std::move(key), std::move(values));
    }
    std::sort(rows.begin(), rows.end());
    std::vector<std::vector<std::string>> sorted;
    for (const auto& row : rows) sorted.push_back(row.second);
    const std::string bytes = KeyPageOf(sorted);
    KeyPage page;
    ASSERT_OK(page.Parse(bytes));
    ASSERT_EQ(page.rows(), rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ASSERT_EQ(page.Key(i), rows[i].first);
      ASSERT_EQ(page.CompareKey(i, rows[i].first), 0);
      ASSERT_EQ(page.LowerBound(rows[i].first), i);
      ASSERT_EQ(page.LowerBound(rows[i].first + '\0'), i + 1);
      for (const std::string& probe :
           {rows[i].first.substr(0, rows[i].first.size() / 2), rows[i].first + "/", rows[i].first + "!"}) {
        const int order = page.CompareKey(i, probe);
        ASSERT_EQ(order < 0, rows[i].first < probe) << probe;
        ASSERT_EQ(order > 0, rows[i].first > probe) << probe;
      }
    }
    ASSERT_EQ(page.LowerBound(""), 0u);
  }
}

TEST(KeyPage, NoticesEveryCut) {
  const std::string page = KeyPageOf({{"2026-01-05", "00"}, {"2026-01-05", "01"}, {"2026-01-05", "a:b"}});
  KeyPage parsed;
  for (std::size_t size = 0; size < page.size(); ++size) {
    EXPECT_EQ(parsed.Parse(std::string_view(page).substr(0, size)).code(), absl::StatusCode::kDataLoss) << size;
    EXPECT_EQ(parsed.rows(), 0u);
  }
  EXPECT_THAT(parsed.Parse(page + "x"), FailsWith(absl::StatusCode::kDataLoss, "1 bytes follow"));
  std::string newer = page;
  newer[0] = 2;
  EXPECT_THAT(parsed.Parse(newer), FailsWith(absl::StatusCode::kDataLoss, "must be 1, found 2"));
}

TEST(KeyPage, SurvivesEveryChangedByte) {
  const std::string page = KeyPageOf({{"2026-01-05", "00"}, {"2026-01-05", "01"}, {"2026-01-05", "a:b"}});
  KeyPage parsed;
  for (std::size_t at = 0; at < page.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string damaged = page;
      damaged[at] = static_cast<char>(value);
      if (!parsed.Parse(damaged).ok()) continue;
      std::size_t bytes = 0;
      for (std::size_t row = 0; row < parsed.rows(); ++row) bytes += parsed.Key(row).size();
      EXPECT_LE(bytes, parsed.rows() * 3 * (page.size() + 1) * parsed.key_count());
      EXPECT_LE(parsed.LowerBound("2026-01-05/01"), parsed.rows());
    }
  }
}

TEST(ValuePage, ReadsItsColumnsByName) {
  const std::string bytes = SmallValuePage();
  ValuePage page;
  ASSERT_OK(page.Parse(bytes));
  IntegerColumn times;
  ASSERT_OK(page.ReadCreateTimes(&times));
  EXPECT_EQ(times.value(1), 101);
  EXPECT_EQ(page.FindParameter("numRows"), 0u);
  EXPECT_EQ(page.FindParameter("numRow"), std::nullopt);
  EXPECT_EQ(page.FindParameter("totalSize"), std::nullopt);
  TextColumn rows;
  ASSERT_OK(page.ReadParameter(0, &rows));
  char buffer[kIntegerTextBytes];
  EXPECT_EQ(rows.value(1, buffer), "11");
  TextColumn locations;
  ASSERT_OK(page.ReadLocations(&locations));
  EXPECT_TRUE(locations.absent());
}

TEST(ValuePage, SurvivesCutsAndChangedBytes) {
  const std::string page = SmallValuePage();
  const auto read = [](const std::string& bytes) {
    ValuePage parsed;
    if (!parsed.Parse(bytes).ok()) return false;
    IntegerColumn times;
    if (parsed.ReadCreateTimes(&times).ok()) times.value(parsed.rows() - 1);
    for (std::size_t i = 0; i < parsed.parameter_count(); ++i) {
      TextColumn text;
      char buffer[kIntegerTextBytes];
      if (parsed.ReadParameter(i, &text).ok()) text.value(parsed.rows() - 1, buffer);
    }
    return true;
  };
  ASSERT_TRUE(read(page));
  for (std::size_t size = 0; size < page.size(); ++size) EXPECT_FALSE(read(page.substr(0, size))) << size;
  EXPECT_FALSE(read(page + "x"));
  for (std::size_t at = 0; at < page.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string damaged = page;
      damaged[at] = static_cast<char>(value);
      read(damaged);
    }
  }
}

}  // namespace
}  // namespace lodestone::record
