// Any text is a filter over tables or a clear failure. What two filters in parentheses say, they say together: both
// under AND, either under OR.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/base/strings.h"
#include "catalog/filter/table_filter.h"
#include "tests/fuzz/check.h"

using lodestone::filter::TableFilter;
using lodestone::model::v1::Table;

namespace {

std::vector<Table> MakeTables() {
  std::vector<Table> tables(3);
  tables[0].set_owner("ann");
  tables[0].set_last_access_time(100);
  (*tables[0].mutable_parameters())["k"] = "v";
  tables[1].set_last_access_time(-1);
  (*tables[1].mutable_parameters())["k"] = "";
  (*tables[1].mutable_parameters())["a.b"] = "10";
  tables[2].set_owner("a%\\_");
  return tables;
}

std::vector<bool> Passing(const TableFilter& filter) {
  static const std::vector<Table>& kTables = *new std::vector<Table>(MakeTables());
  std::vector<bool> passing;
  for (const Table& table : kTables) passing.push_back(filter.Matches(table));
  return passing;
}

// Where all three can be understood.
void CheckTogether(std::string_view left, std::string_view right, const char* word, bool both) {
  const auto one = TableFilter::Parse(left);
  const auto other = TableFilter::Parse(right);
  const auto together = TableFilter::Parse(lodestone::base::StrCat("(", left, ")", word, "(", right, ")"));
  if (!one.ok() || !other.ok() || !together.ok() || left.empty() || right.empty()) return;
  const std::vector<bool> a = Passing(*one);
  const std::vector<bool> b = Passing(*other);
  const std::vector<bool> c = Passing(*together);
  for (std::size_t i = 0; i < a.size(); ++i) FUZZ_CHECK(c[i] == (both ? a[i] && b[i] : a[i] || b[i]));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto filter = TableFilter::Parse(text);
  if (!filter.ok()) {
    FUZZ_CHECK(filter.status().code() == absl::StatusCode::kInvalidArgument && !filter.status().message().empty());
  } else {
    FUZZ_CHECK(Passing(*filter) == Passing(*TableFilter::Parse(text)));
  }
  const std::size_t line = text.find('\n');
  if (line == text.npos) return 0;
  CheckTogether(text.substr(0, line), text.substr(line + 1), "and", true);
  CheckTogether(text.substr(0, line), text.substr(line + 1), "or", false);
  return 0;
}
