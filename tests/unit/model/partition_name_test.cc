#include "catalog/model/partition_name.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <random>

#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/names.h"
#include "tests/support/matchers.h"

namespace lodestone::model {
namespace {

using testing::FailsWith;
using Strings = std::vector<std::string>;

// The rule as Hive's documentation of partition names has it, byte by byte: slow and obvious.
std::string SlowEscape(const std::string& text) {
  if (text.empty()) return "__HIVE_DEFAULT_PARTITION__";
  std::string out;
  for (const char c : text) {
    const int byte = static_cast<unsigned char>(c);
    if (byte < 32 || byte == 127 || std::string("\"#%'*/:=?\\{[]^").find(c) != std::string::npos) {
      char hex[8];
      std::snprintf(hex, sizeof hex, "%%%02X", byte);
      out += hex;
    } else {
      out += c;
    }
  }
  return out;
}

std::string SlowUnescape(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string digits = text.substr(i + 1, 2);
    if (text[i] == '%' && digits.size() == 2 && isxdigit(static_cast<unsigned char>(digits[0])) &&
        isxdigit(static_cast<unsigned char>(digits[1]))) {
      out += static_cast<char>(std::stoi(digits, nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

TEST(EscapeTest, EscapesExactlyTheFrozenSet) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(1, static_cast<char>(byte));
    EXPECT_EQ(EscapePathName(text), SlowEscape(text)) << byte;
    EXPECT_EQ(NeedsEscape(text[0]), SlowEscape(text) != text) << byte;
    EXPECT_EQ(NeedsEscape(text), NeedsEscape(text[0])) << byte;
  }
  EXPECT_EQ(EscapePathName(" }<>|&,+~!$().-;@_`"), " }<>|&,+~!$().-;@_`");
  EXPECT_EQ(EscapePathName("a/b:c%d=\x1f"), "a%2Fb%3Ac%25d%3D%1F");
  EXPECT_EQ(EscapePathName("\xC3\xA4"), "\xC3\xA4");
  EXPECT_EQ(EscapePathName(""), kNullPartitionValue);
  EXPECT_FALSE(NeedsEscape(""));
  std::string out = "x=";
  AppendEscapedPathName("1/2", &out);
  EXPECT_EQ(out, "x=1%2F2");
}

TEST(EscapeTest, UnescapingIsLenient) {
  const struct {
    const char* text;
    const char* value;
  } cases[] = {
      {"", ""},           {"plain", "plain"}, {"%2F", "/"},   {"%2f", "/"},     {"%", "%"},
      {"%4", "%4"},       {"%4G", "%4G"},     {"%%41", "%A"}, {"a%20b", "a b"}, {"%2525", "%25"},
      {"%zz%41", "%zzA"}, {"x%41", "xA"},     {"%41%", "A%"},
  };
  for (const auto& c : cases) EXPECT_EQ(UnescapePathName(c.text), c.value) << c.text;
}

TEST(EscapeTest, AgreesWithTheTwinAndComesBackOnRandomBytes) {
  const unsigned seed = 20260105;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 20000; ++round) {
    std::string text(random() % 40, '\0');
    for (char& c : text) c = static_cast<char>(random() % 4 == 0 ? random() : 'a' + random() % 26);
    ASSERT_EQ(EscapePathName(text), SlowEscape(text));
    ASSERT_EQ(UnescapePathName(text), SlowUnescape(text));
    ASSERT_EQ(UnescapePathName(EscapePathName(text)), text.empty() ? std::string(kNullPartitionValue) : text);
  }
}

TEST(PartitionKeyTest, IsTheEscapedValuesJoinedBySlash) {
  EXPECT_EQ(EncodePartitionKey(Strings{"2026-01-05", "13"}), "2026-01-05/13");
  EXPECT_EQ(EncodePartitionKey(Strings{"a/b", ""}), "a%2Fb/__HIVE_DEFAULT_PARTITION__");
  EXPECT_EQ(EncodePartitionKey(Strings{}), "");
  const std::vector<std::string_view> views = {"x", "y=z"};
  EXPECT_EQ(EncodePartitionKey(views), "x/y%3Dz");
}

TEST(PartitionKeyTest, ComesApartAgain) {
  const auto values = DecodePartitionKey("a%2Fb/__HIVE_DEFAULT_PARTITION__/1", 3);
  ASSERT_OK(values);
  EXPECT_EQ(*values, (Strings{"a/b", std::string(kNullPartitionValue), "1"}));
  const auto none = DecodePartitionKey("", 0);
  ASSERT_OK(none);
  EXPECT_TRUE(none->empty());
  EXPECT_THAT(DecodePartitionKey("a/b", 3),
              FailsWith(absl::StatusCode::kDataLoss, "partition key \"a/b\" has 2 values, expected 3"));
  EXPECT_THAT(DecodePartitionKey("a/b", 1), FailsWith(absl::StatusCode::kDataLoss, "has 2 values, expected 1"));
  EXPECT_THAT(DecodePartitionKey("a", 0), FailsWith(absl::StatusCode::kDataLoss, "has 1 values, expected 0"));
}

int Sign(int n) { return (n > 0) - (n < 0); }

TEST(PartitionKeyTest, SortsAsTheNamesDoOnAllSmallValues) {
  // One letter from each stretch around '/' and '=', which are what could upset the order; with the empty value.
  const std::string alphabet = " -/0=a\x01\xC3";
  Strings values = {""};
  for (const char a : alphabet) {
    values.emplace_back(1, a);
    for (const char b : alphabet) values.push_back({a, b});
  }
  const Strings keys = {"k", "dt"};
  std::vector<std::pair<std::string, std::string>> rows;  // key, name
  for (const std::string& a : values) {
    for (const std::string& b : values) {
      const Strings row = {a, b};
      rows.emplace_back(EncodePartitionKey(row), MakePartitionName(keys, row));
    }
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  for (std::size_t i = 1; i < rows.size(); ++i) {
    ASSERT_LE(rows[i - 1].first, rows[i].first) << rows[i - 1].second << " and " << rows[i].second;
    ASSERT_EQ(rows[i - 1].first == rows[i].first, rows[i - 1].second == rows[i].second) << rows[i].second;
  }
}

TEST(PartitionKeyTest, SortsAsTheNamesDoOnRandomValues) {
  const unsigned seed = 7;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const Strings pieces = {"", "a", "A", "/", "=", "%", "%2F", " ", "-", "0", "00", "~", "\x7f", "\xC3\xA4", "b/c"};
  auto value = [&] {
    std::string text;
    for (unsigned n = random() % 4; n > 0; --n) text += pieces[random() % pieces.size()];
    return text;
  };
  for (int round = 0; round < 50000; ++round) {
    Strings keys;
    Strings a;
    Strings b;
    const unsigned count = 1 + random() % 3;
    for (unsigned i = 0; i < count; ++i) {
      keys.push_back("key" + std::to_string(i));
      a.push_back(value());
      b.push_back(random() % 3 == 0 ? value() : a.back());
    }
    const int by_key = EncodePartitionKey(a).compare(EncodePartitionKey(b));
    const int by_name = MakePartitionName(keys, a).compare(MakePartitionName(keys, b));
    ASSERT_EQ(Sign(by_key), Sign(by_name)) << MakePartitionName(keys, a) << " and " << MakePartitionName(keys, b);
  }
}

TEST(PartitionNameTest, IsKeysAndValuesEscapedWithKeysInLowerCase) {
  EXPECT_EQ(MakePartitionName(Strings{"DT", "hour"}, Strings{"2026-01-05", "13"}), "dt=2026-01-05/hour=13");
  EXPECT_EQ(MakePartitionName(Strings{"a:b"}, Strings{"C/D"}), "a%3Ab=C%2FD");
  EXPECT_EQ(MakePartitionName(Strings{"dt"}, Strings{""}), "dt=__HIVE_DEFAULT_PARTITION__");
}

TEST(PartitionNameTest, ParsesToPairs) {
  const auto pairs = ParsePartitionName("DT=2026-01-05/city=a%2fB/x=1=2");
  ASSERT_OK(pairs);
  EXPECT_EQ(*pairs,
            (std::vector<std::pair<std::string, std::string>>{{"dt", "2026-01-05"}, {"city", "a/B"}, {"x", "1=2"}}));
}

TEST(PartitionNameTest, SaysWhichPieceIsWrong) {
  const struct {
    const char* name;
    const char* message;
  } cases[] = {
      {"", "partition name \"\" is empty; expected `key=value`, joined by `/`"},
      {"dt", "partition name \"dt\" has the piece \"dt\" in place 1, which has no `=`; expected `key=value`"},
      {"dt=1/", "has the piece \"\" in place 2, which is empty"},
      {"dt=1//h=2", "has the piece \"\" in place 2, which is empty"},
      {"dt=1/=2", "has the piece \"=2\" in place 2, which has no key"},
      {"dt=", "has the piece \"dt=\" in place 1, which has no value; NULL is written __HIVE_DEFAULT_PARTITION__"},
  };
  for (const auto& c : cases) {
    const auto parsed = ParsePartitionName(c.name);
    EXPECT_THAT(parsed, FailsWith(absl::StatusCode::kInvalidArgument, c.message)) << c.name;
    EXPECT_EQ(DomainErrorOf(parsed.status()), (DomainError{ErrorKind::kInvalidObject, ObjectKind::kPartition, c.name}));
  }
}

TEST(PartitionNameTest, GivesTheValuesOfATablesKeys) {
  const Strings keys = {"dt", "hour"};
  const auto values = PartitionValuesFromName("dt=2026-01-05/HOUR=0%35", keys);
  ASSERT_OK(values);
  EXPECT_EQ(*values, (Strings{"2026-01-05", "05"}));
  EXPECT_THAT(PartitionValuesFromName("dt=1", keys),
              FailsWith(absl::StatusCode::kInvalidArgument, "partition name \"dt=1\" has 1 keys, the table has 2"));
  EXPECT_THAT(
      PartitionValuesFromName("hour=1/dt=2", keys),
      FailsWith(absl::StatusCode::kInvalidArgument, "has the key \"hour\" in place 1, the table has \"dt\" there"));
  const auto by_public_call = lodestone::ParsePartitionName("dt=1/hour=2", keys);
  ASSERT_OK(by_public_call);
  EXPECT_EQ(*by_public_call, (Strings{"1", "2"}));
}

}  // namespace
}  // namespace lodestone::model
