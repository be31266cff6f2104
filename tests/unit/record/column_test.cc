#include "catalog/record/column.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lodestone::record {
namespace {

using ::lodestone::testing::FailsWith;
using ::testing::ElementsAre;
using Texts = std::vector<std::optional<std::string>>;

std::string Hex(const std::string& bytes) {
  return absl::BytesToHexString(absl::string_view(bytes.data(), bytes.size()));
}

std::string Encode(const Texts& texts) {
  std::vector<std::string_view> values;
  std::vector<uint8_t> present;
  bool complete = true;
  for (const auto& text : texts) {
    values.push_back(text ? std::string_view(*text) : std::string_view());
    present.push_back(text ? 1 : 0);
    complete &= text.has_value();
  }
  std::string out;
  AppendTextColumn(values, complete ? std::span<const uint8_t>() : present, &out);
  return out;
}

Texts Decode(const TextColumn& column, std::size_t rows) {
  Texts texts;
  char buffer[kIntegerTextBytes];
  for (std::size_t row = 0; row < rows; ++row) {
    const auto value = column.value(row, buffer);
    texts.push_back(value ? std::optional<std::string>(*value) : std::nullopt);
  }
  return texts;
}

TEST(CanonicalInteger, IsExactlyWhatANumberIsWrittenAs) {
  const struct {
    std::string text;
    std::optional<int64_t> value;
  } cases[] = {
      {"0", 0},
      {"7", 7},
      {"-1", -1},
      {"9223372036854775807", std::numeric_limits<int64_t>::max()},
      {"-9223372036854775808", std::numeric_limits<int64_t>::min()},
      {"9223372036854775808", std::nullopt},
      {"-9223372036854775809", std::nullopt},
      {"99999999999999999999", std::nullopt},
      {"", std::nullopt},
      {"-", std::nullopt},
      {"-0", std::nullopt},
      {"00", std::nullopt},
      {"01", std::nullopt},
      {"-01", std::nullopt},
      {"+1", std::nullopt},
      {" 1", std::nullopt},
      {"1 ", std::nullopt},
      {"1.0", std::nullopt},
      {"1e3", std::nullopt},
      {"0x1", std::nullopt},
      {std::string("1\0", 2), std::nullopt},
  };
  for (const auto& c : cases) {
    int64_t value = 0;
    EXPECT_EQ(ParseCanonicalInteger(c.text, &value), c.value.has_value()) << c.text;
    if (!c.value) continue;
    EXPECT_EQ(value, *c.value) << c.text;
    char buffer[kIntegerTextBytes];
    EXPECT_EQ(FormatInteger(value, buffer), c.text);
  }
}

TEST(TextColumn, KeepsTheBytesOfItsEncodings) {
  const struct {
    std::string name;
    Texts texts;
    std::string bytes;
  } cases[] = {
      {"constant",
       {"ab", "ab", "ab"},
       "00"
       "6162"},
      {"constant number",
       {"5", "5"},
       "00"
       "35"},
      {"constant, absent in the first row",
       {std::nullopt, "x", "x"},
       "80"
       "06"
       "78"},
      {"constant, empty text", {"", ""}, "00"},
      {"numbers in one byte",
       {"10", "12"},
       "01"
       "01"
       "0a00000000000000"
       "0002"
       "00000000000000"},
      {"numbers in two bytes",
       {"-1", "256"},
       "01"
       "02"
       "ffffffffffffffff"
       "0000"
       "0101"
       "000000000000"},
      {"numbers, absent rows take the first's",
       {"7", std::nullopt, "9"},
       "81"
       "05"
       "01"
       "0700000000000000"
       "000002"
       "00000000000000"},
      {"dictionary of one size",
       {"ab", "cd", "ab", "cd", "ab", "ab"},
       "02"
       "01"
       "0200"
       "02000000"
       "61626364"
       "000100010000"},
      {"dictionary of several sizes",
       {"alpha", "be", "alpha", "be", "alpha"},
       "02"
       "09"
       "0200"
       "0500"
       "0700"
       "616c7068616265"
       "0001000100"},
      {"plain",
       {"a", "bcd", "01"},
       "03"
       "02"
       "0100"
       "0400"
       "0600"
       "616263643031"},
      {"plain with an absent row",
       {"a", std::nullopt, "bc"},
       "83"
       "05"
       "02"
       "0100"
       "0100"
       "0300"
       "616263"},
  };
  for (const auto& c : cases) {
    const std::string bytes = Encode(c.texts);
    EXPECT_EQ(Hex(bytes), c.bytes) << c.name;
    TextColumn column;
    ASSERT_OK(column.Parse(bytes, c.texts.size())) << c.name;
    EXPECT_EQ(Decode(column, c.texts.size()), c.texts) << c.name;
  }
}

TEST(TextColumn, WithoutBytesIsAbsentInEveryRow) {
  TextColumn column;
  ASSERT_OK(column.Parse("", 3));
  EXPECT_TRUE(column.absent());
  EXPECT_FALSE(column.complete());
  EXPECT_EQ(Decode(column, 3), Texts(3));
}

TEST(IntegerColumn, ReadsEveryWidth) {
  for (int bits = 0; bits < 64; ++bits) {
    const int64_t base = -3;
    std::vector<int64_t> values(9, base);
    values[4] = static_cast<int64_t>(static_cast<uint64_t>(base) + (uint64_t{1} << bits));
    if (values[4] < base) continue;  // wrapped around: covered by the test of the extremes
    std::string bytes;
    AppendIntegerColumn(values, &bytes);
    ByteReader in(bytes);
    IntegerColumn column;
    ASSERT_OK(column.Parse(&in, values.size()));
    EXPECT_EQ(in.remaining(), 0u);
    std::vector<int64_t> all(values.size());
    column.Decode(0, all.size(), all.data());
    EXPECT_EQ(all, values) << bits;
    std::vector<int64_t> some(3);
    column.Decode(3, 3, some.data());
    EXPECT_THAT(some, ElementsAre(base, values[4], base)) << bits;
    EXPECT_EQ(column.value(4), values[4]) << bits;
  }
}

TEST(IntegerColumn, HoldsTheExtremesTogether) {
  const std::vector<int64_t> values = {std::numeric_limits<int64_t>::max(), 0, std::numeric_limits<int64_t>::min()};
  std::string bytes;
  AppendIntegerColumn(values, &bytes);
  ByteReader in(bytes);
  IntegerColumn column;
  ASSERT_OK(column.Parse(&in, 3));
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(column.value(i), values[i]);
}

// A column and the bytes that it is a view of.
struct StoredIntegers {
  explicit StoredIntegers(const std::vector<int64_t>& values) {
    AppendIntegerColumn(values, &bytes);
    ByteReader in(bytes);
    EXPECT_OK(column.Parse(&in, values.size()));
  }
  StoredIntegers(const StoredIntegers&) = delete;
  StoredIntegers& operator=(const StoredIntegers&) = delete;

  std::string bytes;
  IntegerColumn column;
};

TEST(IntegerColumn, TakesOverTheBytesOfAnotherWhereNewValuesSuit) {
  const StoredIntegers wide({100, 400, 300});
  const StoredIntegers constant({7, 7, 7});
  const struct {
    std::string what;
    const IntegerColumn* column;
    int64_t fresh;
    bool recode;
    int64_t base;
    std::size_t width;
  } cases[] = {
      {"suits", &wide.column, 301, false, 100, 2},
      {"as far off as the width permits", &wide.column, 100 + 65535, false, 100, 2},
      {"too far off", &wide.column, 300 + 65536, false, 300, 3},
      {"below the base", &wide.column, 99, false, 99, 2},
      {"written anew", &wide.column, 301, true, 300, 1},
      {"the constant", &constant.column, 7, false, 7, 0},
      {"another than the constant", &constant.column, 8, false, 7, 1},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    // The last two rows of the old column around the new value.
    const IntegerRun runs[] = {{c.column, 2, 1}, {nullptr, 0, 1}, {c.column, 1, 1}};
    std::string bytes;
    AppendIntegerColumn(runs, std::span(&c.fresh, 1), c.recode, &bytes);
    ByteReader in(bytes);
    IntegerColumn column;
    ASSERT_OK(column.Parse(&in, 3));
    EXPECT_EQ(in.remaining(), 0u);
    EXPECT_EQ(column.value(0), c.column->value(2));
    EXPECT_EQ(column.value(1), c.fresh);
    EXPECT_EQ(column.value(2), c.column->value(1));
    EXPECT_EQ(column.base(), c.base);
    EXPECT_EQ(column.width(), c.width);
  }
}

TEST(IntegerColumn, JoinsRowsOfSeveralColumns) {
  const StoredIntegers first({100, 400, 300});
  const StoredIntegers second({5, 6});
  const IntegerRun runs[] = {{&first.column, 1, 2}, {&second.column, 0, 2}};
  std::string bytes;
  AppendIntegerColumn(runs, {}, false, &bytes);
  const StoredIntegers expected({400, 300, 5, 6});
  EXPECT_EQ(Hex(bytes), Hex(expected.bytes));
}

TEST(DictionaryColumn, LeavesOutWhatNoRowRefersTo) {
  const std::vector<std::string_view> values = {"unused", "a", "also unused", "b"};
  const std::vector<uint32_t> indexes = {3, 1, 3};
  std::string bytes;
  AppendDictionaryColumn(values, indexes, true, &bytes);
  ByteReader in(bytes);
  DictionaryColumn column;
  ASSERT_OK(column.Parse(&in, 3));
  std::vector<std::string_view> kept;
  column.AppendValues(&kept);
  EXPECT_THAT(kept, ElementsAre("a", "b"));
  EXPECT_EQ(column.row_value(0), "b");
  EXPECT_EQ(column.row_value(1), "a");
  EXPECT_FALSE(column.needs_escape());
}

TEST(DictionaryColumn, SaysWhetherAValueNeedsEscaping) {
  const std::vector<std::string_view> values = {"a", "b:c"};
  const std::vector<uint32_t> both = {0, 1};
  const std::vector<uint32_t> first = {0, 0};
  for (const auto& [indexes, expected] : {std::pair(&both, true), std::pair(&first, false)}) {
    std::string bytes;
    AppendDictionaryColumn(values, *indexes, true, &bytes);
    ByteReader in(bytes);
    DictionaryColumn column;
    ASSERT_OK(column.Parse(&in, 2));
    EXPECT_EQ(column.needs_escape(), expected);
  }
}

TEST(DictionaryColumn, ReadsIndexesAndOffsetsOfEveryWidth) {
  for (const std::size_t count : {1u, 2u, 256u, 257u, 3000u, 20000u}) {
    for (const bool one_size : {true, false}) {
      std::vector<std::string> texts;
      for (std::size_t i = 0; i < count; ++i) {
        texts.push_back(std::to_string(100000 + i) + (one_size ? "" : std::string(i % 5, 'x')));
      }
      const std::vector<std::string_view> values(texts.begin(), texts.end());
      std::vector<uint32_t> indexes;
      for (std::size_t i = 0; i < count; ++i) indexes.push_back(static_cast<uint32_t>((i * 7) % count));
      std::string bytes;
      AppendDictionaryColumn(values, indexes, false, &bytes);
      ByteReader in(bytes);
      DictionaryColumn column;
      ASSERT_OK(column.Parse(&in, count));
      std::vector<uint16_t> narrow(count);
      std::vector<uint32_t> wide(count);
      column.CopyIndexes(0, count, narrow.data());
      column.CopyIndexes(0, count, wide.data());
      for (std::size_t i = 0; i < count; ++i) {
        ASSERT_EQ(column.row_value(i), texts[indexes[i]]);
        ASSERT_EQ(column.value(narrow[i]), texts[indexes[i]]);
        ASSERT_EQ(narrow[i], wide[i]);
      }
    }
  }
}

TEST(TextColumn, ReadsBackWhateverWasWritten) {
  const unsigned seed = 20260105;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (int round = 0; round < 2000; ++round) {
    const int rows = 1 + pick(round % 10 == 0 ? 700 : 40);
    const int kind = pick(5);
    const int distinct = 1 + pick(rows);
    Texts texts(static_cast<std::size_t>(rows));
    for (auto& text : texts) {
      if (pick(4) == 0 && kind % 2 == 0) continue;
      const int n = pick(distinct);
      if (kind <= 1) text = std::to_string(int64_t{n} << pick(40));
      if (kind == 2) text = "value" + std::string(static_cast<std::size_t>(n % 13), 'v') + std::to_string(n);
      if (kind == 3) text = pick(9) == 0 ? "x" : std::to_string(n);
      if (kind == 4) text = std::string(static_cast<std::size_t>(n % 300), static_cast<char>(n));
    }
    if (std::count(texts.begin(), texts.end(), std::nullopt) == rows) texts[0] = "some";
    const std::string bytes = Encode(texts);
    TextColumn column;
    ASSERT_OK(column.Parse(bytes, texts.size()));
    ASSERT_EQ(Decode(column, texts.size()), texts) << round;
    // Every cut is noticed, but for the end of a constant, which is its value.
    for (std::size_t size = 1; size < bytes.size(); size += 1 + bytes.size() / 50) {
      const absl::Status cut = column.Parse(std::string_view(bytes).substr(0, size), texts.size());
      if (cut.ok()) {
        ASSERT_EQ(column.encoding(), TextColumn::Encoding::kConstant);
      }
    }
  }
}

TEST(TextColumn, RefusesDamage) {
  const struct {
    std::string name;
    std::string bytes;
    std::string finding;
  } cases[] = {
      {"unknown encoding", std::string("\x04", 1), "encoding 4 is unknown"},
      {"presence cut off", std::string("\x80", 1), "presence bits"},
      {"number of nine bytes", std::string("\x01\x09\0\0\0\0\0\0\0\0", 10), "at most 8"},
      {"numbers cut off", std::string("\x01\x01\0\0\0\0\0\0\0\0\x01", 11), "within its numbers"},
      {"empty dictionary", std::string("\x02\x00\x00\x00", 4), "empty"},
      {"dictionary flags", std::string("\x02\x03\x01\x00", 4), "flags are unknown"},
      {"index beyond the dictionary",
       std::string("\x02\x01\x01\x00\x01\x00\x00\x00"
                   "a"
                   "\x00\x01",
                   11),
       "an index is 1, the dictionary has 1 values"},
      {"falling offsets",
       std::string("\x03\x02\x05\x00\x01\x00"
                   "aaaaa",
                   11),
       "offsets fall"},
      {"values cut off",
       std::string("\x03\x02\x01\x00\x05\x00"
                   "aaa",
                   9),
       "within the values"},
      {"more bytes",
       std::string("\x03\x02\x01\x00\x01\x00"
                   "ab",
                   8),
       "1 bytes follow"},
      {"width of offsets", std::string("\x03\x03", 2), "no known size"},
  };
  for (const auto& c : cases) {
    TextColumn column;
    EXPECT_THAT(column.Parse(c.bytes, 2), FailsWith(absl::StatusCode::kDataLoss, c.finding)) << c.name;
  }
}

}  // namespace
}  // namespace lodestone::record
