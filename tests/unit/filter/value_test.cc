// The order of values, and which texts are values at all.
#include "catalog/filter/value.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace lodestone::filter {
namespace {

TEST(ValueTest, ValuesAreOrderedByTheirType) {
  const std::string null = "__HIVE_DEFAULT_PARTITION__";
  // Each list ascends strictly: NULL, what is no value, values; equal ones by their bytes.
  const std::vector<std::pair<std::string, std::vector<std::string>>> lists = {
      {"int", {null, "1.0", "99999999999", "x", "-10", "-9", "-0", "0", "00", "01", "1", "2", "10"}},
      {"bigint", {null, "-9223372036854775808", "-1", "9223372036854775807"}},
      {"string", {null, "", "1", "10", "2", "A", "a", "a ", "é"}},
      {"char(4)", {null, "a", "a ", "ab"}},
      {"decimal(10,2)", {null, "x", "-2", "-1.5", "0", "1.49", "1.5", "1.50", "1e2", "1000"}},
      {"double", {null, "x", "-inf", "-1", "-0.0", "0", "1e-3", "2", "inf", "nan"}},
      {"boolean", {null, "0", "yes", "FALSE", "false", "TRUE", "true"}},
      {"date", {null, "2026-02-29", "x", "0001-01-01", "1969-12-31", "1970-01-01", "2024-02-29", "2026-01-01"}},
      {"timestamp",
       {null, "x", "2026-01-01", "2026-01-01 00:00:00", "2026-01-01 00:00:00.000000001", "2026-01-01 00:00:00.5",
        "2026-01-01 00:00:01"}},
  };
  for (const auto& [name, values] : lists) {
    const model::Type type = model::ParseType(name).value();
    for (std::size_t i = 0; i < values.size(); ++i) {
      for (std::size_t j = 0; j < values.size(); ++j) {
        if (name == "string" && (i == 0 || j == 0) && i != j && (values[i].empty() || values[j].empty())) {
          continue;  // '' is NULL, too
        }
        EXPECT_EQ(CompareValues(type, values[i], values[j]), i <=> j)
            << name << ": " << values[i] << " and " << values[j];
      }
    }
  }
}

TEST(ValueTest, TextsAreValuesOfTheirTypeOrNot) {
  struct Case {
    const char* type;
    std::vector<const char*> values;
    std::vector<const char*> others;
  };
  const std::vector<Case> cases = {
      {"tinyint", {"-128", "127", "+1", "007"}, {"128", "-129", "", "1.", "0x1", "1 "}},
      {"smallint", {"-32768", "32767"}, {"32768"}},
      {"int", {"-2147483648", "2147483647"}, {"2147483648"}},
      {"bigint", {"-9223372036854775808", "9223372036854775807"}, {"9223372036854775808", "-", "18446744073709551617"}},
      {"decimal(4,2)", {"1", "-.5", "5.", "1e+3", "123456.789"}, {"", ".", "-", "1e", "e1", "1e1234567", "1.2.3"}},
      {"float", {"1", ".5", "1e30", "NaN", "+inf", "-Infinity", "1e999"}, {"1f", "0x1p3", "+-1", "1,0"}},
      {"boolean", {"true", "False"}, {"t", "1", ""}},
      {"date",
       {"0000-01-01", "2000-02-29", "9999-12-31"},
       {"1900-02-29", "2026-00-01", "2026-13-01", "2026-01-32", "26-01-01"}},
      {"timestamp",
       {"2026-01-01", "2026-01-01 23:59:59.999999999"},
       {"2026-01-01 23:59:60", "2026-01-01 1:00:00", "2026-01-01 00:00:00.", "2026-01-01T00:00:00",
        "2026-01-01 00:00"}},
      {"string", {"", "anything"}, {}},
      {"binary", {"", "anything"}, {}},
  };
  for (const Case& c : cases) {
    const model::Type type = model::ParseType(c.type).value();
    for (const char* text : c.values) EXPECT_TRUE(IsValueOf(type, text)) << c.type << ": " << text;
    for (const char* text : c.others) EXPECT_FALSE(IsValueOf(type, text)) << c.type << ": " << text;
  }
}

}  // namespace
}  // namespace lodestone::filter
