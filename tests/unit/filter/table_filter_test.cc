// Filters over tables: what Hive's metastore 4.0.1 answers, but for LIKE's `%` and text behind the end.
#include "catalog/filter/table_filter.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "catalog/base/strings.h"
#include "catalog/filter.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lodestone::filter {
namespace {

using ::lodestone::testing::FailsWith;

model::v1::Table MakeTable(const std::string& name, const std::string& owner, int64_t accessed,
                           const std::vector<std::pair<std::string, std::string>>& parameters) {
  model::v1::Table table;
  table.set_name(name);
  table.set_owner(owner);
  table.set_last_access_time(accessed);
  for (const auto& [key, value] : parameters) (*table.mutable_parameters())[key] = value;
  return table;
}

// The names of those that pass, one letter each.
absl::StatusOr<std::string> Passing(std::string_view text) {
  static const std::vector<model::v1::Table>& kTables = *new std::vector<model::v1::Table>{
      MakeTable("a", "ann", 100, {{"k", "v"}, {"n", "10"}, {"Mixed", "X"}}),
      MakeTable("b", "bob", 200, {{"k", "w"}, {"n", "9"}}),
      MakeTable("c", "ann", 300, {{"other", "v"}}),
      MakeTable("d", "", 0, {{"k", ""}}),
      MakeTable("e", "Ann", 0, {{"k", "V"}, {"n", "abc"}, {"a.b", "v"}}),
  };
  const absl::StatusOr<TableFilter> filter = TableFilter::Parse(text);
  if (!filter.ok()) return filter.status();
  std::string names;
  for (const model::v1::Table& table : kTables) {
    if (filter->Matches(table)) names += table.name();
  }
  return names;
}

struct PassingCase {
  std::string filter;  // O, A, P stand for the fields
  std::string expected;
};

std::string Spelled(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == 'O') {
      out += "hive_filter_field_owner__";
    } else if (c == 'A') {
      out += "hive_filter_field_last_access__";
    } else if (c == 'P') {
      out += "hive_filter_field_params__";
    } else {
      out += c;
    }
  }
  return out;
}

TEST(TableFilterTest, PassesWhatHivePasses) {
  const PassingCase kCases[] = {
      {"", "abcde"},
      {R"(O = "ann")", "ac"},
      {"O = 'ann'", "ac"},
      {R"(O != "ann")", "bde"},
      {R"(O <> "ann")", "bde"},
      {R"(O = "")", "d"},
      {R"(O > "b")", "b"},
      {R"("b" < O)", "b"},
      {R"("ann" = O)", "ac"},
      {R"(O like "a.*")", "ac"},
      {R"(O like "%n%")", "ace"},
      {R"(O like "ann")", "ac"},
      {R"((O) in ("ann", "bob"))", "abc"},
      {R"((O) not in ("ann", "bob"))", "de"},
      {R"(O between "a" and "b")", "ac"},
      {"A = 100", "a"},
      {"A = \"100\"", "a"},
      {"A > 100", "bc"},
      {"100 >= A", "ade"},
      {"A <= 200", "abde"},
      {"A != 100", "bcde"},
      {"A between 100 and 200", "ab"},
      {"A not between 100 and 200", "cde"},
      {"A > -1", "abcde"},
      {R"(Pk = "v")", "a"},
      {R"(Pk != "v")", "bde"},  // of those that have it
      {R"(Pk = "")", "d"},
      {R"(Pk like "v")", "a"},
      {R"(Pn = 10)", "a"},
      {R"(Pn = "10")", "a"},
      {R"(Pmixed = "X")", ""},
      {R"(PMixed = "X")", "a"},
      {R"(Pnone = "v")", ""},
      {R"(Pnone != "v")", ""},
      {R"((Pk) in ("v", "w"))", "ab"},
      {R"((Pk) not in ("v", "w"))", "de"},
      {R"(`Pk` = "v")", "a"},
      {R"(`Pa.b` = "v")", "e"},
      {R"("v" = Pk)", "a"},
      {R"(P = "v")", ""},
      {R"(Pk = "v" and O = "ann")", "a"},
      {R"(Pk = "v" or O = "bob")", "ab"},
      {R"((Pk = "v" or O = "bob") and A > 100)", "b"},
      {R"(Pk = "v" or O = "bob" and A > 200)", "a"},
      {R"(((O = "ann")))", "ac"},
  };
  for (const PassingCase& one : kCases) {
    const absl::StatusOr<std::string> found = Passing(Spelled(one.filter));
    ASSERT_OK(found) << one.filter;
    EXPECT_EQ(*found, one.expected) << one.filter;
  }
}

TEST(TableFilterTest, RefusesWhatHiveRefuses) {
  const struct {
    std::string filter;
    std::string text;
  } kCases[] = {
      {" ", "expected a field of a table"},
      {"nonsense", "hive_filter_field_owner__"},
      {"owner = \"ann\"", "found owner"},
      {"k = \"v\"", "expected hive_filter_field_owner__"},
      {"HIVE_FILTER_FIELD_OWNER__ = \"ann\"", "expected hive_filter_field_owner__"},
      {"O not like \"a%\"", "expected a comparison, LIKE or BETWEEN"},
      {"O in (\"ann\")", "expected a comparison"},
      {"not O = \"ann\"", "found not"},
      {"A like \"1%\"", "LIKE does not take"},
      {"A = \"soon\"", "expected seconds, found \"soon\""},
      {"Pk > \"v\"", "compared by =, !=, <>, LIKE and IN alone"},
      {"Pk between \"v\" and \"w\"", "compared by"},
      {"Pk <=> \"v\"", "expected a comparison"},
      {"Pk =", "expected a value"},
      {"Pa.b = \"v\"", "column 28"},
      {"(O = \"ann\"", "expected )"},
      {"(O)", "expected in"},
      {"O = \"ann\" O = \"ann\"", "expected and, or, or the end"},
      {base::StrCat(std::string(300, '('), "O = \"ann\"", std::string(300, ')')), "200 levels of parentheses"},
      {std::string(kMaxFilterBytes + 1, ' '), "at most 1048576 bytes"},
  };
  for (const auto& one : kCases) {
    EXPECT_THAT(Passing(Spelled(one.filter)).status(), FailsWith(absl::StatusCode::kInvalidArgument, one.text))
        << one.filter.substr(0, 80);
  }
}

}  // namespace
}  // namespace lodestone::filter
