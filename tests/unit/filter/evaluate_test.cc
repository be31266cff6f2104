// Filters over rows, pages and whole scans. The breadth is in tests/model/filter_twin_test.cc; here is what it can't
// show: exact plans, sizes, and words of the contract.
#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "catalog/filter/filter.h"
#include "catalog/model/partition_name.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lodestone::filter {
namespace {

constexpr const char* kNull = "__HIVE_DEFAULT_PARTITION__";

std::vector<Key> Keys(std::initializer_list<std::pair<const char*, const char*>> list) {
  std::vector<Key> keys;
  for (const auto& [name, type] : list) keys.push_back({name, model::ParseType(type).value()});
  return keys;
}

std::shared_ptr<const Filter> Compiled(std::string_view text, std::span<const Key> keys,
                                       FilterMode mode = FilterMode::kSql) {
  auto filter = Filter::Compile(text, mode, keys);
  EXPECT_OK(filter);
  return filter.ok() ? *filter : nullptr;
}

bool Matches(std::string_view text, const char* type, std::string_view value, FilterMode mode = FilterMode::kSql) {
  const auto keys = Keys({{"k", type}});
  const std::vector<std::string_view> row = {value};
  return Compiled(text, keys, mode)->Matches(row);
}

TEST(FilterEvaluateTest, ValuesCompareByTheirType) {
  struct Case {
    const char* type;
    const char* filter;
    std::vector<const char*> pass;
    std::vector<const char*> fail;
  };
  const std::vector<Case> cases = {
      {"int", "k = 1", {"1", "01", "+1", "0000000000000000000000001"}, {"10", "1.0", " 1", "x", kNull, ""}},
      {"int", "k < 10", {"9", "-11", "-2147483648"}, {"10", "x", "-2147483649", kNull}},
      {"bigint", "k >= 9223372036854775807", {"9223372036854775807"}, {"9223372036854775808", "1"}},
      {"bigint", "k > -1e30", {"-9223372036854775808", "0"}, {"-9223372036854775809"}},
      {"tinyint", "k > 100", {"127"}, {"128", "100"}},
      {"int", "k > 1.5", {"2"}, {"1"}},
      {"int", "k = 1.5 or k in (2.5, 3.0)", {"3"}, {"1", "2"}},
      {"int", "k != 1", {"2", "-1"}, {"01", "x", kNull}},
      {"int", "k is null", {kNull, "x", "", "99999999999"}, {"1"}},
      {"string", "k is null", {kNull, ""}, {"x"}},
      {"string", "k = '1'", {"1"}, {"01", "+1"}},
      {"string", "k < 'b'", {"a", "A", "az"}, {"b", "ba", kNull}},
      {"string", "k > ''", {"a", " "}, {kNull}},
      {"char(4)", "k = 'a'", {"a", "a   "}, {"a b", " a"}},
      {"char(4)", "k like 'a'", {"a", "a "}, {"ab"}},
      {"char(4)", "k in ('a ', 'b')", {"a", "b  "}, {"c"}},
      {"varchar(4)", "k = 'a'", {"a"}, {"a "}},
      {"binary", "k > 'é'", {"日"}, {"a"}},
      {"decimal(38,2)", "k = 1.5", {"1.5", "1.50", "01.500", "15e-1"}, {"1.51", "x", "1.5.0"}},
      {"decimal(38,2)",
       "k > 12345678901234567890123456789012345678.01",
       {"12345678901234567890123456789012345678.02"},
       {"12345678901234567890123456789012345678.01", "-1"}},
      {"double", "k = 0", {"0", "-0.0", "0e9", "1e-999"}, {"0.1", "NaN", ""}},
      {"double", "k > 1e300", {"inf", "NaN", "1e999"}, {"-Infinity", "1"}},
      {"float", "k = 0.1", {"0.1", "0.10", "1e-1"}, {"0.2"}},
      {"boolean", "k", {"true", "TRUE"}, {"false", "1", kNull}},
      {"boolean", "k < true", {"False"}, {"true"}},
      {"date", "k = 2026-01-05", {"2026-01-05"}, {"2026-1-5", "2026-01-05 00:00:00", "20260105"}},
      {"date", "k > timestamp '2026-01-05 01:00:00'", {"2026-01-06"}, {"2026-01-05", "2026-02-30"}},
      {"date", "k like '2026-01-%'", {"2026-01-05"}, {"2026-02-05", "2026-01-xx"}},
      {"timestamp", "k = 2026-01-05", {"2026-01-05", "2026-01-05 00:00:00", "2026-01-05 00:00:00.000"}, {"x"}},
      {"timestamp", "k > '2026-01-05 10:00:00.1'", {"2026-01-05 10:00:00.100000001"}, {"2026-01-05 10:00:00.10"}},
  };
  for (const Case& c : cases) {
    for (const char* value : c.pass) EXPECT_TRUE(Matches(c.filter, c.type, value)) << c.filter << " over " << value;
    for (const char* value : c.fail) EXPECT_FALSE(Matches(c.filter, c.type, value)) << c.filter << " over " << value;
  }
}

TEST(FilterEvaluateTest, LikeIsAnchoredAndCountsCharacters) {
  for (const auto& [pattern, value, matches] : std::vector<std::tuple<std::string, std::string, bool>>{
           {"a%", "abc", true},
           {"a%", "ba", false},
           {"%a", "ba", true},
           {"_", "é", true},
           {"__", "é", false},
           {"日_", "日本", true},
           {"%", "x", true},
           {"a\\%", "a%", true},
           {"a\\%", "ab", false},
           {"A%", "abc", false},
           {"%ab%ba%", "aba", false},
           {"%ab%ba%", "abba", true},
           {"a%b%c", "axbxbxc", true},
           {"a_c", "a\nc", true},
           {"", "x", false},
       }) {
    EXPECT_EQ(Matches("k like '" + pattern + "'", "string", value), matches) << pattern << " over " << value;
  }
  // Quadratic at worst, not exponential.
  std::string hostile;
  for (int i = 0; i < 500; ++i) hostile += "%a";
  EXPECT_FALSE(Matches("k like '" + hostile + "b'", "string", std::string(4'000, 'a')));
}

TEST(FilterEvaluateTest, HiveKeepsNullAnOrdinaryTextOnStringKeysOnly) {
  EXPECT_TRUE(Matches("k != 'a'", "string", kNull, FilterMode::kHive));
  EXPECT_FALSE(Matches("k != 'a'", "string", kNull, FilterMode::kSql));
  EXPECT_FALSE(Matches("k != 1", "int", kNull, FilterMode::kHive));
  EXPECT_TRUE(Matches("k = '__HIVE_DEFAULT_PARTITION__'", "int", kNull, FilterMode::kHive));
  EXPECT_FALSE(Matches("k = 'junk'", "date", "2026-01-05", FilterMode::kHive));
  EXPECT_FALSE(Matches("k != 'junk'", "date", "2026-01-05", FilterMode::kHive));
  EXPECT_TRUE(Matches("k = 1", "int", "01", FilterMode::kHive));
  // Hive asks the name to be NOT LIKE the literal.
  EXPECT_FALSE(Matches("k != 'a_b'", "string", "a b", FilterMode::kHive));
  EXPECT_TRUE(Matches("k != 'a_b'", "string", "a/b", FilterMode::kHive));
  EXPECT_TRUE(Matches("k != 'a_b'", "string", "a b", FilterMode::kSql));
}

TEST(FilterEvaluateTest, LargePagesCountAsTheyEvaluate) {
  const auto keys = Keys({{"a", "int"}, {"b", "string"}});
  std::vector<std::string> numbers;
  std::vector<std::string_view> dictionary_a;
  for (int i = 0; i < 65'536; ++i) numbers.push_back(std::to_string(i));
  dictionary_a.assign(numbers.begin(), numbers.end());
  const std::vector<std::string_view> dictionary_b = {"x", "y", "z"};
  std::vector<uint16_t> a(65'536);
  std::vector<uint16_t> b(65'536);
  for (std::size_t r = 0; r < a.size(); ++r) {
    a[r] = static_cast<uint16_t>(r * 7'919);
    b[r] = static_cast<uint16_t>(r % 3);
  }
  const std::vector<KeyColumn> columns = {{"a", dictionary_a, a}, {"b", dictionary_b, b}};
  for (const char* text :
       {"a >= 0", "a < 0", "a = 65535", "a != 65535", "a < 1000 or a > 65000", "b = 'y'", "b != 'y'", "b in ('x', 'z')",
        "a between 10 and 60000 and b = 'x'", "a = 5 or b = 'z'", "(a, b) in ((7919, 'y'), (3, 'x'))",
        "(a, b) not in ((7919, 'y'), (3, 'x'))", "true", "a < 100 and (b = 'x' or a > 50 and (b = 'y' or a = 99))"}) {
    const auto filter = Compiled(text, keys);
    std::vector<uint16_t> expected;
    for (std::size_t r = 0; r < a.size(); ++r) {
      const std::vector<std::string_view> row = {dictionary_a[a[r]], dictionary_b[b[r]]};
      if (filter->Matches(row)) expected.push_back(static_cast<uint16_t>(r));
    }
    for (const std::size_t rows : {std::size_t{0}, std::size_t{1}, std::size_t{1'000}, a.size()}) {
      const auto end = std::lower_bound(expected.begin(), expected.end(), rows);
      std::vector<uint16_t> want = {9};
      want.insert(want.end(), expected.begin(), end);
      std::vector<uint16_t> passing = {9};
      filter->Evaluate(columns, rows, &passing);
      EXPECT_EQ(passing, want) << text << " over " << rows;
      EXPECT_EQ(filter->Count(columns, rows), want.size() - 1) << text << " over " << rows;
    }
  }
}

TEST(FilterEvaluateTest, ThreadsShareAFilter) {
  const auto keys = Keys({{"a", "string"}, {"b", "string"}});
  const auto filter = Compiled("a in ('1','2') and b != '0' or b = '3'", keys);
  const std::vector<std::string_view> dictionary = {"0", "1", "2", "3"};
  std::vector<uint16_t> a(1'000);
  std::vector<uint16_t> b(1'000);
  for (std::size_t r = 0; r < a.size(); ++r) {
    a[r] = static_cast<uint16_t>(r % 4);
    b[r] = static_cast<uint16_t>(r / 4 % 4);
  }
  const std::vector<KeyColumn> columns = {{"a", dictionary, a}, {"b", dictionary, b}};
  const std::size_t expected = filter->Count(columns, a.size());
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (int& errors : wrong) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) errors += filter->Count(columns, a.size()) != expected;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST(FilterEvaluateTest, PartialValuesAreTextAndMayBeShort) {
  const auto keys = Keys({{"a", "int"}, {"b", "string"}});
  const auto passes = [&](const std::vector<std::string>& values, std::vector<std::string_view> row) {
    return Filter::FromPartialValues(values, keys)->Matches(row);
  };
  EXPECT_TRUE(passes({}, {"1", "x"}));
  EXPECT_TRUE(passes({"", ""}, {"1", "x"}));
  EXPECT_TRUE(passes({"1"}, {"1", "x"}));
  EXPECT_FALSE(passes({"1"}, {"01", "x"}));
  EXPECT_TRUE(passes({"", "x"}, {"1", "x"}));
  EXPECT_FALSE(passes({"", "x"}, {"1", "y"}));
  EXPECT_TRUE(passes({kNull}, {kNull, "y"}));
  EXPECT_TRUE(Filter::FromPartialValues({}, keys)->always_true());
}

TEST(FilterEvaluateTest, AndMeansBoth) {
  const auto keys = Keys({{"a", "int"}, {"b", "string"}});
  const auto both = Filter::And(Compiled("a = 1 or a = 2", keys), Compiled("b = 'x'", keys));
  EXPECT_EQ(both->Describe().normalized, "(a = 1 OR a = 2) AND b = 'x'");
  EXPECT_TRUE(Filter::And(Compiled("", keys), Compiled("true", keys))->always_true());
  const auto one = Compiled("a = 1", keys);
  EXPECT_EQ(Filter::And(Compiled("", keys), one), one);
  EXPECT_EQ(Filter::And(one, Compiled("", keys)), one);
}

TEST(FilterPlanTest, DescribesRangesAndWhatIsLeft) {
  const auto keys = Keys({{"dt", "string"}, {"hour", "int"}, {"day", "date"}, {"region", "string"}});
  struct Case {
    const char* filter;
    std::vector<std::string> ranges;
    const char* residual;
  };
  const std::vector<Case> cases = {
      {"", {}, ""},
      {"dt = 'a'", {"dt: 'a'"}, ""},
      {"dt in ('b', 'a') and region = 'eu'", {"dt: 'a', 'b'", "", "", "region: 'eu'"}, ""},
      {"region like 'eu%'", {"", "", "", "region: ['eu', 'ev')"}, ""},
      {"region like 'e_'", {"", "", "", "region: ['e', 'f')"}, "region LIKE 'e_'"},
      {"day between 2026-01-05 and 2026-01-07",
       {"", "", "day: ['2026-01-05', '2026-01-08')"},
       "day >= DATE '2026-01-05' AND day <= DATE '2026-01-07'"},
      {"day = 2026-01-05 or day = 2026-01-07", {"", "", "day: '2026-01-05', '2026-01-07'"}, ""},
      {"dt = 'a' or hour = 1", {}, "dt = 'a' OR hour = 1"},
      {"dt = 'a' and hour = 1 or dt = 'b'", {"dt: 'a', 'b'"}, "dt = 'a' AND hour = 1 OR dt = 'b'"},
      {"dt = 'a' and dt = 'b'", {"dt: none"}, ""},
      {"region is null", {"", "", "", "region: '__HIVE_DEFAULT_PARTITION__'"}, ""},
      {"dt != 'a'", {}, "dt != 'a'"},
      {"(dt, region) in (('a', 'x'), ('b', 'y'))",
       {"dt: 'a', 'b'", "", "", "region: 'x', 'y'"},
       "(dt, region) IN (('a', 'x'), ('b', 'y'))"},
      {"dt in ('a','b','c','d','e','f','g','h','i','j')",
       {"dt: 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', and 2 more"},
       ""},
  };
  for (const Case& c : cases) {
    const FilterPlan plan = Compiled(c.filter, keys)->Describe();
    EXPECT_EQ(plan.key_ranges, c.ranges) << c.filter;
    EXPECT_EQ(plan.residual, c.residual) << c.filter;
  }
}

// The keys at which a scan of these partitions stops, as it is told by NextCandidate.
int StopsOf(const Filter& filter, const std::vector<std::string>& sorted) {
  int stops = 0;
  std::string at;
  while (true) {
    const auto candidate = filter.NextCandidate(at);
    if (!candidate) return stops;
    const auto it = std::lower_bound(sorted.begin(), sorted.end(), *candidate);
    if (it == sorted.end()) return stops;
    ++stops;
    at = *it == at ? at + '\0' : *it;
    if (const auto again = filter.NextCandidate(at); again && *again == at) at += '\0';
  }
}

TEST(FilterPlanTest, ScansSkipWhatCanNotPass) {
  const auto keys = Keys({{"dt", "string"}, {"hour", "int"}, {"region", "string"}});
  std::vector<std::string> sorted;
  for (int day = 10; day < 40; ++day) {
    for (int hour = 0; hour < 24; ++hour) {
      for (int region = 0; region < 20; ++region) {
        sorted.push_back(model::EncodePartitionKey(std::vector<std::string>{
            "2026-01-" + std::to_string(day), std::to_string(hour), "r" + std::to_string(region)}));
      }
    }
  }
  std::sort(sorted.begin(), sorted.end());
  struct Case {
    const char* filter;
    int matches;
    int most_stops;
  };
  for (const Case& c : {Case{"dt = '2026-01-20'", 480, 490}, Case{"hour = 5", 600, 30 * 27},
                        Case{"dt = '2026-01-20' and hour = 5", 20, 25}, Case{"region = 'r7'", 720, 2 * 720 + 2},
                        Case{"dt like '%5' and region = 'r7'", 72, 180}, Case{"dt > '2026-01-38'", 480, 500},
                        Case{"dt < '2026-01-11'", 480, 490}, Case{"hour between 3 and 4", 1200, 30 * 70},
                        Case{"dt = 'x'", 0, 0}, Case{"false", 0, 0}}) {
    const auto filter = Compiled(c.filter, keys);
    int matches = 0;
    for (const std::string& key : sorted) {
      const auto values = model::DecodePartitionKey(key, 3).value();
      const std::vector<std::string_view> row(values.begin(), values.end());
      matches += filter->Matches(row) ? 1 : 0;
    }
    EXPECT_EQ(matches, c.matches) << c.filter;
    EXPECT_LE(StopsOf(*filter, sorted), c.most_stops) << c.filter;
  }
}

TEST(FilterPlanTest, BoundsAreAsTightAsThePointsAllow) {
  const auto keys = Keys({{"dt", "string"}, {"region", "string"}});
  const auto filter = Compiled("dt in ('a', 'c') and region = 'x'", keys);
  EXPECT_EQ(filter->NextCandidate(""), "a/x");
  EXPECT_EQ(filter->NextCandidate("a/x"), "a/x");
  EXPECT_EQ(filter->NextCandidate("a/y"), "c/x");
  EXPECT_EQ(filter->NextCandidate("b"), "c/x");
  EXPECT_EQ(filter->NextCandidate("c/y"), std::nullopt);
  EXPECT_EQ(filter->PreviousCandidateBound(""), std::string("c/x\0", 4));
  EXPECT_EQ(filter->PreviousCandidateBound("c/x"), std::string("a/x\0", 4));
  EXPECT_EQ(filter->PreviousCandidateBound("a/x"), std::nullopt);
  const auto all = Compiled("", keys);
  EXPECT_EQ(all->NextCandidate("q"), "q");
  EXPECT_EQ(all->PreviousCandidateBound("q"), "q");
  EXPECT_EQ(all->PreviousCandidateBound(""), "");
  EXPECT_EQ(Compiled("null", keys)->PreviousCandidateBound(""), std::nullopt);
}

TEST(FilterPlanTest, HostileFiltersStayCheap) {
  const auto keys = Keys({{"a", "string"}, {"b", "int"}});
  std::vector<std::string> texts(3);
  while (texts[0].size() + 100 < kMaxFilterBytes) {
    texts[0] += (texts[0].empty() ? "a > '" : " or a > '") +
                std::string(60, static_cast<char>('a' + texts[0].size() % 20)) + "'";
  }
  texts[1] = "a in ('0'";
  for (int i = 0; texts[1].size() * 2 + 100 < kMaxFilterBytes; ++i) texts[1] += ",'" + std::to_string(i) + "'";
  texts[1] += ")";
  while (texts[1].size() + 100 < kMaxFilterBytes) texts[1] += " and a < 'b'";
  texts[2] = "b in (0";
  for (int i = 0; texts[2].size() + 100 < kMaxFilterBytes; ++i) texts[2] += "," + std::to_string(i);
  texts[2] += ")";
  for (const std::string& text : texts) {
    const auto filter = Compiled(text, keys);
    ASSERT_NE(filter, nullptr);
    EXPECT_TRUE(filter->NextCandidate("").has_value());
    EXPECT_LT(filter->Describe().key_ranges.size(), 3u);
  }
}

}  // namespace
}  // namespace lodestone::filter
