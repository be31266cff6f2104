#include "catalog/base/strings.h"

#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lodestone::base {
namespace {

using ::testing::ElementsAre;

TEST(StrCatTest, MixesEveryKindOfPiece) {
  const std::string_view view("ab\0c", 4);
  EXPECT_EQ(StrCat("x", std::string("y"), view, absl::string_view("z"), 7, int64_t{-8}, uint64_t{9}),
            std::string("xyab\0cz7-89", 11));
  EXPECT_EQ(StrCat(), "");
  std::string out = "a";
  StrAppend(&out, view.substr(0, 1), 1);
  EXPECT_EQ(out, "aa1");
}

TEST(StringMapTest, IsAskedWithViewsAndKeepsEmptyAndBinaryKeys) {
  StringMap<int> map;
  map[""] = 1;
  map[std::string("\0", 1)] = 2;
  map["dt"] = 3;
  EXPECT_EQ(map.find(std::string_view("dtx", 2))->second, 3);
  EXPECT_EQ(map.find(std::string_view())->second, 1);
  EXPECT_EQ(map.find(std::string_view("\0", 1))->second, 2);
  EXPECT_TRUE(map.find(std::string_view("d")) == map.end());
}

TEST(AsciiLowerTest, ChangesAsciiLettersAlone) {
  EXPECT_EQ(AsciiLower("AZaz09_@[`{\xC3\x84"), "azaz09_@[`{\xC3\x84");
  EXPECT_TRUE(EqualsIgnoreCase("Web_HITS", "wEB_hits"));
  EXPECT_FALSE(EqualsIgnoreCase("a", "ab"));
  EXPECT_FALSE(EqualsIgnoreCase("[", "{"));  // 32 apart, as letters are
}

TEST(SplitTest, GivesOnePieceMoreThanSeparators) {
  EXPECT_THAT(Split("", ','), ElementsAre(""));
  EXPECT_THAT(Split(",", ','), ElementsAre("", ""));
  EXPECT_THAT(Split("a,,b", ','), ElementsAre("a", "", "b"));
  EXPECT_THAT(Split("a/b", ','), ElementsAre("a/b"));
}

TEST(TrimWhitespaceTest, TrimsBothEndsOnly) {
  EXPECT_EQ(TrimWhitespace(" \t\r\n\f\va b \n"), "a b");
  EXPECT_EQ(TrimWhitespace(" \n"), "");
  EXPECT_EQ(TrimWhitespace(""), "");
}

TEST(QuotedTest, EscapesWhatWouldConfuseAndCutsLongText) {
  EXPECT_EQ(Quoted("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(Quoted(std::string_view("\0\n\x7f", 3)), R"("\x00\x0a\x7f")");
  EXPECT_EQ(Quoted("\xC3\xA4"), "\"\xC3\xA4\"");
  EXPECT_EQ(Quoted("abcdef", 3), "\"abc...\"");
  EXPECT_EQ(Quoted("abc", 3), "\"abc\"");
}

TEST(FindInvalidUtf8Test, TellsWellFormedFromMalformed) {
  constexpr auto kGood = std::string_view::npos;
  const struct {
    std::string_view text;
    std::size_t expected;
  } cases[] = {
      {"", kGood},
      {"plain", kGood},
      {std::string_view("\0", 1), kGood},
      {"\xC2\x80 \xDF\xBF", kGood},
      {"\xE0\xA0\x80 \xED\x9F\xBF \xEE\x80\x80 \xEF\xBF\xBF", kGood},
      {"\xF0\x90\x80\x80 \xF4\x8F\xBF\xBF", kGood},
      {"a\x80", 1},             // continuation without a lead
      {"\xC0\xAF", 0},          // overlong
      {"\xC1\xBF", 0},          // overlong
      {"\xE0\x9F\xBF", 0},      // overlong
      {"\xF0\x8F\xBF\xBF", 0},  // overlong
      {"ab\xED\xA0\x80", 2},    // surrogate
      {"\xF4\x90\x80\x80", 0},  // above U+10FFFF
      {"\xF5\x80\x80\x80", 0},  // no such lead
      {"\xC3", 0},              // cut off
      {"x\xE2\x82", 1},         // cut off
      {"\xF0\x9F\x98", 0},      // cut off
      {"\xE2\x28\xA1", 0},      // second byte does not continue
      {"\xF0\x9F\x28\x80", 0},  // third byte does not continue
      {"ok \xC3\xA4 \xFF", 6},
  };
  for (const auto& c : cases) EXPECT_EQ(FindInvalidUtf8(c.text), c.expected) << Quoted(c.text);
}

// A slow, obvious twin: decodes by arithmetic and checks the code point.
bool DecodesAt(std::string_view s, std::size_t* length) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  for (std::size_t n = 1; n <= 4 && n <= s.size(); ++n) {
    static constexpr unsigned char kMask[] = {0, 0x80, 0xE0, 0xF0, 0xF8};
    static constexpr unsigned char kLead[] = {0, 0x00, 0xC0, 0xE0, 0xF0};
    static constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    if ((byte(0) & kMask[n]) != kLead[n]) continue;
    uint32_t point = byte(0) & static_cast<unsigned char>(~kMask[n]);
    for (std::size_t i = 1; i < n; ++i) {
      if ((byte(i) & 0xC0) != 0x80) return false;
      point = point << 6 | (byte(i) & 0x3F);
    }
    *length = n;
    return point >= kLeast[n] && point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
  }
  return false;
}

TEST(FindInvalidUtf8Test, AgreesWithDecodingOnRandomBytes) {
  constexpr uint32_t kSeed = 20260105;
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  // Leads and continuations at their limits, so that well-formed sequences come up often.
  constexpr std::string_view kBytes = "a\x7F\x80\x8F\x90\x9F\xA0\xBF\xC1\xC2\xDF\xE0\xE1\xED\xEF\xF0\xF1\xF4\xF5\xFF";
  int malformed = 0;
  for (int round = 0; round < 200000; ++round) {
    std::string text;
    for (std::size_t n = random() % 6; n > 0; --n) text += kBytes[random() % kBytes.size()];
    std::size_t at = 0;
    std::size_t length = 0;
    while (at < text.size() && DecodesAt(std::string_view(text).substr(at), &length)) at += length;
    const std::size_t expected = at < text.size() ? at : std::string_view::npos;
    malformed += expected != std::string_view::npos;
    ASSERT_EQ(FindInvalidUtf8(text), expected) << Quoted(text);
  }
  EXPECT_GT(malformed, 1000);
  EXPECT_LT(malformed, 199000);
}

TEST(ParseInt64Test, TakesWholeDecimalNumbersInRange) {
  const struct {
    std::string_view text;
    int64_t value;
  } good[] = {{"0", 0},
              {"-0", 0},
              {"+7", 7},
              {"0012", 12},
              {"9223372036854775807", std::numeric_limits<int64_t>::max()},
              {"-9223372036854775808", std::numeric_limits<int64_t>::min()}};
  for (const auto& c : good) {
    int64_t value = -1;
    EXPECT_TRUE(ParseInt64(c.text, &value)) << c.text;
    EXPECT_EQ(value, c.value) << c.text;
  }
  for (std::string_view bad : {"", "+", "-", "+-1", "--1", " 1", "1 ", "1a", "0x1", "1.0", "9223372036854775808",
                               "-9223372036854775809", "99999999999999999999"}) {
    int64_t value = 0;
    EXPECT_FALSE(ParseInt64(bad, &value)) << bad;
  }
}

}  // namespace
}  // namespace lodestone::base
