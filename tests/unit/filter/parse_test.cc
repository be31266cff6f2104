// What texts mean, and exactly what is said of those that can't be understood.
#include <string>
#include <vector>

#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/filter/filter.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lodestone::filter {
namespace {

using ::lodestone::testing::FailsWith;

std::vector<Key> Keys() {
  std::vector<Key> keys;
  for (const auto& [name, type] : std::vector<std::pair<std::string, std::string>>{{"dt", "string"},
                                                                                   {"hour", "int"},
                                                                                   {"day", "date"},
                                                                                   {"at", "timestamp"},
                                                                                   {"price", "decimal(10,2)"},
                                                                                   {"ratio", "double"},
                                                                                   {"flag", "boolean"},
                                                                                   {"code", "char(4)"},
                                                                                   {"raw", "binary"},
                                                                                   {"date", "string"},
                                                                                   {"2nd", "string"},
                                                                                   {"we`ird key", "string"}}) {
    keys.push_back({name, model::ParseType(type).value()});
  }
  return keys;
}

std::string Normalized(std::string_view text, FilterMode mode) {
  const auto filter = Filter::Compile(text, mode, Keys());
  return filter.ok() ? (*filter)->Describe().normalized : std::string(filter.status().message());
}

std::string MessageOf(std::string_view text, FilterMode mode = FilterMode::kSql) {
  const auto filter = Filter::Compile(text, mode, Keys());
  if (filter.ok()) return "no error";
  EXPECT_EQ(filter.status().code(), absl::StatusCode::kInvalidArgument);
  const auto domain = DomainErrorOf(filter.status());
  EXPECT_TRUE(domain.has_value() && domain->kind == ErrorKind::kInvalidFilter);
  return std::string(filter.status().message());
}

struct Case {
  const char* text;
  const char* expected;
};

TEST(FilterParseTest, SqlIsUnderstood) {
  static constexpr Case kCases[] = {
      {"", "TRUE"},
      {" \n", "TRUE"},
      {"dt = 'a'", "dt = 'a'"},
      {"DT=='a'", "dt = 'a'"},
      {"`dt` <> \"a\"", "dt != 'a'"},
      {"'a' < dt", "dt > 'a'"},
      {"5 >= hour", "hour <= 5"},
      {"dt <=> 'a'", "dt <=> 'a'"},
      {"dt <=> NULL", "dt IS NULL"},
      {"not dt <=> 'a'", "NOT dt <=> 'a'"},
      {"dt = 'a' and hour = 1 or hour = 2", "dt = 'a' AND hour = 1 OR hour = 2"},
      {"dt = 'a' and (hour = 1 or hour = 2)", "dt = 'a' AND (hour = 1 OR hour = 2)"},
      {"(dt = 'a' and (hour = 1 and (day = 2026-01-05)))", "dt = 'a' AND hour = 1 AND day = DATE '2026-01-05'"},
      {"NOT (dt = 'a' AND NOT hour < 1)", "dt != 'a' OR hour < 1"},
      {"not not dt like 'a%'", "dt LIKE 'a%'"},
      {"not (dt in ('a', 'b') or hour between 1 and 3)", "dt NOT IN ('a', 'b') AND (hour < 1 OR hour > 3)"},
      {"hour not between 1 and 3", "hour < 1 OR hour > 3"},
      {"hour in (1)", "hour = 1"},
      {"(hour) in (1, 2)", "hour IN (1, 2)"},
      {"((hour)) not in (1, 2)", "hour NOT IN (1, 2)"},
      {"(hour) = 1", "hour = 1"},
      {"((hour) = 1)", "hour = 1"},
      {"hour in (1, null)", "hour = 1"},
      {"hour not in (1, null)", "NULL"},
      {"hour = null or dt is not null", "NULL OR dt IS NOT NULL"},
      {"not dt is null", "dt IS NOT NULL"},
      {"flag and not flag", "flag = TRUE AND flag != TRUE"},
      {"flag = 'FALSE'", "flag = FALSE"},
      {"true or false and null", "TRUE OR FALSE AND NULL"},
      {"(dt, hour) in ((\"x\", 1), ('y', '2'))", "(dt, hour) IN (('x', 1), ('y', 2))"},
      {"struct(dt, hour) not in (struct('x', 1), const struct('y', 2))", "(dt, hour) NOT IN (('x', 1), ('y', 2))"},
      {"(struct(dt,hour)) IN (const struct('x',1))", "(dt, hour) IN (('x', 1))"},
      {"(dt, hour) = ('x', null)", "(dt, hour) IN (('x', NULL))"},
      {"not (dt, hour) <> ('x', 1)", "(dt, hour) IN (('x', 1))"},
      {"dt = 'it''s' or dt = \"a\"\"b\" or dt = 'it\\'s'", "dt = 'it''s' OR dt = 'a\"b' OR dt = 'it''s'"},
      {"dt = '\\n\\t\\\\\\u00e9\\ud83d\\ude00'", "dt = '\\n\\u0009\\\\é😀'"},
      {"dt like 'a\\%b_c%'", "dt LIKE 'a\\%b_c%'"},
      {"dt like '50!%!!%' escape '!'", "dt LIKE '50\\%!%'"},
      {"dt like 'a\\\\\\\\b'", "dt LIKE 'a\\\\\\\\b'"},
      {"dt = 2026-01-05", "dt = '2026-01-05'"},
      {"dt > 2026-01-05 10:00:00.5", "dt > '2026-01-05 10:00:00.5'"},
      {"day >= '2026-01-05'", "day >= DATE '2026-01-05'"},
      {"day >= timestamp '2026-01-05'", "day >= TIMESTAMP '2026-01-05 00:00:00'"},
      {"at < date \"2026-01-05\"", "at < DATE '2026-01-05'"},
      {"at = 2026-01-05 10:00:00.123456789", "at = TIMESTAMP '2026-01-05 10:00:00.123456789'"},
      {"hour = '07'", "hour = 07"},
      {"hour > - 7 and hour < +7", "hour > -7 AND hour < 7"},
      {"hour > 1.5 and price = 1e2 and ratio = .5", "hour > 1.5 AND price = 1e2 AND ratio = .5"},
      {"ratio = 'NaN'", "ratio = NaN"},
      {"date = 'x' and `date` = 'y' and 2nd = 'z'", "`date` = 'x' AND `date` = 'y' AND `2nd` = 'z'"},
      {"`we``ird key` = 'x'", "`we``ird key` = 'x'"},
      {"raw = 'x' AND code = 'x '", "raw = 'x' AND code = 'x '"},
  };
  for (const Case& c : kCases) EXPECT_EQ(Normalized(c.text, FilterMode::kSql), c.expected) << c.text;
}

TEST(FilterParseTest, HiveIsUnderstood) {
  static constexpr Case kCases[] = {
      {"", "TRUE"},
      {"dt = 'a' and hour = 1 or hour = 2", "dt = 'a' AND hour = 1 OR hour = 2"},
      {"(DT) in ('a', 'b') AND (hour) NOT IN (1, 2)", "dt IN ('a', 'b') AND hour NOT IN (1, 2)"},
      {"hour not between 1 and 3", "hour < 1 OR hour > 3"},
      {"2 > hour", "hour < 2"},
      {"dt like 'U.*'", "dt LIKE 'U%'"},
      {"dt like 'U%_'", "dt LIKE 'U%_'"},
      {"dt = 'O''Brien' or dt = 'a\\'b'", "dt = 'O''''Brien' OR dt = 'a\\\\''b'"},
      {"day = 'junk' or day = '2026-01-05'", "NULL OR day = DATE '2026-01-05'"},
      {"hour = '__HIVE_DEFAULT_PARTITION__'", "hour = '__HIVE_DEFAULT_PARTITION__'"},
      {"at = timestamp '2026-01-05 00:00:00'", "at = TIMESTAMP '2026-01-05 00:00:00'"},
      {"dt = 2026-01-05", "dt = '2026-01-05'"},
      {"`date` = 'x' and 2nd = 'y'", "`date` = 'x' AND `2nd` = 'y'"},
      {"(struct(dt, hour)) in (const struct('x', 1), const struct('y', 2))",
       "dt = 'x' AND hour = 1 OR dt = 'y' AND hour = 2"},
      {"(struct(dt, hour)) not in (const struct('x', 1))", "dt != 'x' OR hour != 1"},
      {"dt != 'a_b'", "dt != 'a_b' AND dt NOT LIKE 'a_b'"},
  };
  for (const Case& c : kCases) EXPECT_EQ(Normalized(c.text, FilterMode::kHive), c.expected) << c.text;
}

TEST(FilterParseTest, ErrorsShowThePlace) {
  static constexpr Case kCases[] = {
      {"dt = AND hour = 3",
       "line 1, column 6: expected a value, found AND\n"
       "  dt = AND hour = 3\n"
       "       ^"},
      {"dt = 'a'\n  and hour ? 3",
       "line 2, column 12: expected a key, a value or an operator, found \"?\"\n"
       "    and hour ? 3\n"
       "             ^"},
      {"dt = 'é日' and x = 1",
       "line 1, column 15: expected a partition key (dt, hour, day, at, price, ratio, flag, code, raw, date, 2nd, "
       "we`ird key), found x\n"
       "  dt = 'é日' and x = 1\n"
       "                ^"},
      {"dt = 'a",
       "line 1, column 6: expected a closing quote, found the end\n"
       "  dt = 'a\n"
       "       ^"},
      {"(dt = 'a'",
       "line 1, column 10: expected AND, OR or ), found the end\n"
       "  (dt = 'a'\n"
       "           ^"},
      {"hour = 'a'",
       "line 1, column 8: expected a number for the int key hour, found \"a\"\n"
       "  hour = 'a'\n"
       "         ^"},
      {"dt = 5",
       "line 1, column 6: expected a string for the string key dt, found 5; write '5'\n"
       "  dt = 5\n"
       "       ^"},
      {"\tdt\t=\t5",
       "line 1, column 7: expected a string for the string key dt, found 5; write '5'\n"
       "   dt = 5\n"
       "        ^"},
  };
  for (const Case& c : kCases) EXPECT_EQ(MessageOf(c.text), c.expected) << c.text;
}

TEST(FilterParseTest, ErrorsOfLongLinesShowAWindow) {
  const std::string message = MessageOf(std::string(500, ' ') + "dt = and " + std::string(500, 'x'));
  const auto lines = base::Split(message, '\n');
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0], "line 1, column 506: expected a value, found and");
  EXPECT_LT(lines[1].size(), 130u);
  EXPECT_EQ(lines[1].substr(lines[2].size() - 1, 3), "and");
}

TEST(FilterParseTest, SqlSaysWhatWasExpectedAndFound) {
  static constexpr Case kCases[] = {
      {"dt", "expected a comparison (=, <, IN, LIKE, BETWEEN, IS, ...), found the end"},
      {"dt = 'a' dt", "expected AND, OR or the end, found dt"},
      {"dt = 'a')", "expected AND, OR or the end, found )"},
      {"and", "expected a condition, found and"},
      {"dt = 'a' and", "expected a condition, found the end"},
      {"()", "expected a condition, found )"},
      {"dt not = 'a'", "expected IN, BETWEEN or LIKE, found ="},
      {"dt is 'a'", "expected NULL, found 'a'"},
      {"dt in 'a'", "expected ( behind IN, found 'a'"},
      {"dt in ()", "expected a value, found )"},
      {"dt in ('a' 'b')", "expected , or ), found 'b'"},
      {"dt between 'a' or 'b'", "expected AND, found or"},
      {"dt = hour", "expected a value, found the key hour (two keys can't be compared)"},
      {"dt = a", "expected a value, found a"},
      {"'a' = 'b'", "expected a key, found 'b'"},
      {"'a'", "expected a comparison (=, <, ...) behind the value, found the end"},
      {"dt = -'a'", "expected a number, found 'a'"},
      {"dt like 5", "expected a pattern in quotes, found 5"},
      {"hour like '5%'", "expected no LIKE on the int key hour, found '5%'"},
      {"dt like 'a\\\\'", "expected a character behind the escape at the end of the pattern"},
      {"dt like 'a' escape 'xy'", "expected one ASCII character, found \"xy\""},
      {"dt = '\\d'", "expected one of the escapes"},
      {"dt = '\\ud800'", "expected one of the escapes"},
      {"day = 2026-02-30", "expected a day as yyyy-mm-dd, found \"2026-02-30\""},
      {"day = date 'x'", "expected a day as yyyy-mm-dd, found \"x\""},
      {"at = timestamp '2026-01-05 25:00:00'", "expected a time as yyyy-mm-dd hh:mm:ss, found"},
      {"day = 'x'", "expected a date for the date key day, found \"x\""},
      {"day = 5", "expected a date for the date key day, found 5"},
      {"at = true", "expected a timestamp for the timestamp key at, found true"},
      {"flag = 1", "expected TRUE or FALSE for the boolean key flag, found 1"},
      {"price = date '2026-01-05'", "expected a number for the decimal(10,2) key price, found 2026-01-05"},
      {"hour = 1e9999999", "expected a number with an exponent of at most 6 digits"},
      {"dt = '__HIVE_DEFAULT_PARTITION__'", "this is NULL in a partition name: write IS NULL"},
      {"(dt, hour) in (('a'))", "expected 2 values, found 1"},
      {"(dt, hour) in (('a', 1, 2))", "expected 2 values, found 3"},
      {"(dt, hour) > ('a', 1)", "expected [NOT] IN or = behind a tuple, found >"},
      {"(dt, x) in (('a', 1))", "expected a partition key"},
      {"``= 'a'", "expected a name between back-quotes, found nothing"},
      {"`dt = 'a'", "expected a closing back-quote, found the end"},
      {"dt = '\xff'", "expected UTF-8, found other bytes"},
  };
  for (const Case& c : kCases) {
    EXPECT_THAT(Filter::Compile(c.text, FilterMode::kSql, Keys()),
                FailsWith(absl::StatusCode::kInvalidArgument, c.expected))
        << c.text;
  }
}

TEST(FilterParseTest, HiveRefusesInItsOwnWords) {
  static constexpr Case kCases[] = {
      {"  ", "Error parsing partition filter: line 1, column 3: expected a condition, found the end"},
      {"hour in (1)", "Error parsing partition filter: line 1, column 6: expected parentheses round the key before IN"},
      {"not hour = 1", "Error parsing partition filter: "},
      {"dt not like 'a'", "Error parsing partition filter: "},
      {"dt is null", "Error parsing partition filter: "},
      {"hour = 1.5", "Error parsing partition filter: "},
      {"date = 'x'", "Error parsing partition filter: "},
      {"at = 2026-01-05 00:00:00.5", "Error parsing partition filter: "},
      {"dt <=> 'a'", "Error parsing partition filter: Unsupported comparison operator: <=>; "},
      {"nokey = 1", "Specified key <nokey> is not a partitioning key for the table; line 1, column 1: "},
      {"hour = 'a'", "Filtering is supported only on partition keys of type string; line 1, column 1: "},
      {"dt = 5", "Filtering is supported only on partition keys of type string; "},
      {"price = 5", "Filtering is supported only on partition keys of type string; "},
      {"raw = 'x'", "Filtering is supported only on partition keys of type string; "},
      {"hour like '1%'", "Filtering is supported only on partition keys of type string; "},
      // The first condition that Hive's stricter rules refuse makes the message, also when another one is to blame.
      {"hour = 1 or nokey = 1", "Filtering is supported only on partition keys of type string; line 1, column 1: "},
      {"dt = 'a' or nokey = 1", "Specified key <nokey> is not a partitioning key for the table; line 1, column 13: "},
      {"day like '2026%' or hour = 1", "Filtering is supported only on partition keys of type string; "},
      {"(struct(dt, hour)) in (const struct('x'))", "Error parsing partition filter: "},
      {"(struct(dt, hour)) in (struct('x', 1))", "Error parsing partition filter: "},
  };
  for (const Case& c : kCases) {
    const std::string message = MessageOf(c.text, FilterMode::kHive);
    EXPECT_TRUE(message.starts_with(c.expected)) << c.text << "\n" << message;
  }
}

TEST(FilterParseTest, LimitsAreKept) {
  const std::string deepest = std::string(kMaxFilterDepth, '(') + "dt = 'a'" + std::string(kMaxFilterDepth, ')');
  EXPECT_EQ(Normalized(deepest, FilterMode::kSql), "dt = 'a'");
  EXPECT_EQ(Normalized(deepest, FilterMode::kHive), "dt = 'a'");
  EXPECT_THAT(Filter::Compile("(" + deepest + ")", FilterMode::kSql, Keys()),
              FailsWith(absl::StatusCode::kInvalidArgument, "expected at most 200 levels of parentheses"));
  EXPECT_THAT(Filter::Compile("(" + deepest + ")", FilterMode::kHive, Keys()),
              FailsWith(absl::StatusCode::kInvalidArgument, "expected at most 200 levels of parentheses"));
  EXPECT_THAT(Filter::Compile(std::string(kMaxFilterBytes + 1, ' '), FilterMode::kSql, Keys()),
              FailsWith(absl::StatusCode::kInvalidArgument, "expected a filter of at most 1048576 bytes"));
}

TEST(FilterParseTest, LongChainsAreNoNesting) {
  for (const auto& [connective, passes] : {std::pair{" and ", false}, std::pair{" or ", true}}) {
    std::string text = "dt = 'a'";
    while (text.size() + 20 < kMaxFilterBytes)
      text += std::string(connective) + (text.size() % 2 == 0 ? "dt='b'" : "hour=1");
    const auto filter = Filter::Compile(text, FilterMode::kSql, Keys());
    ASSERT_OK(filter);
    std::vector<std::string_view> row(Keys().size(), "b");
    EXPECT_EQ((*filter)->Matches(row), passes);
  }
  std::string nots;
  for (int i = 0; i < 100'000; ++i) nots += "not ";
  EXPECT_EQ(Normalized(nots + "dt = 'a'", FilterMode::kSql), "dt = 'a'");
}

TEST(FilterParseTest, ATableWithoutKeysTakesOnlyConstants) {
  EXPECT_OK(Filter::Compile("", FilterMode::kSql, {}));
  EXPECT_OK(Filter::Compile("TRUE", FilterMode::kSql, {}));
  EXPECT_THAT(Filter::Compile("dt = 'a'", FilterMode::kSql, {}),
              FailsWith(absl::StatusCode::kInvalidArgument, "expected no key, as the table has none, found dt"));
}

}  // namespace
}  // namespace lodestone::filter
