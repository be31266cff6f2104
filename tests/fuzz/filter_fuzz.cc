// Any text is a filter or a clear failure; a filter's page, row and scan answers agree with each other, and what it
// says it understood means the same again.
#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "catalog/base/strings.h"
#include "catalog/filter/filter.h"
#include "catalog/model/partition_name.h"
#include "tests/fuzz/check.h"

using lodestone::FilterMode;
using lodestone::KeyColumn;
using lodestone::filter::Filter;
using lodestone::filter::Key;

namespace {

struct Table {
  std::vector<Key> keys;
  std::vector<std::vector<std::string_view>> dictionaries;
  std::vector<std::vector<uint16_t>> indexes;
  std::vector<KeyColumn> columns;
  std::vector<std::vector<std::string_view>> rows;
  std::vector<std::string> sorted;  // encoded
};

Table MakeTable() {
  Table table;
  const std::vector<std::tuple<const char*, const char*, std::vector<std::string_view>>> keys = {
      {"dt", "string", {"2026-01-05", "a b", "a/b", "a", "é", "__HIVE_DEFAULT_PARTITION__"}},
      {"hour", "int", {"1", "01", "-1", "10", "x", "__HIVE_DEFAULT_PARTITION__"}},
      {"day", "date", {"2026-01-05", "2025-12-31", "2026-02-30"}},
      {"at", "timestamp", {"2026-01-05 00:00:00", "2026-01-05", "2026-01-05 00:00:00.5"}},
      {"price", "decimal(10,2)", {"1.5", "1.50", "-2"}},
      {"ratio", "double", {"1.5", "NaN"}},
      {"flag", "boolean", {"true", "false"}},
      {"code", "char(4)", {"a", "a ", "a!"}},
  };
  for (const auto& [name, type, values] : keys) {
    table.keys.push_back({name, lodestone::model::ParseType(type).value()});
    table.dictionaries.push_back(values);
  }
  constexpr std::size_t kRows = 60;
  table.indexes.resize(table.keys.size());
  for (std::size_t r = 0; r < kRows; ++r) {
    std::size_t mixed = r * 2'654'435'761u;
    table.rows.emplace_back();
    for (std::size_t k = 0; k < table.keys.size(); ++k) {
      const std::size_t index = mixed % table.dictionaries[k].size();
      mixed /= table.dictionaries[k].size();
      table.indexes[k].push_back(static_cast<uint16_t>(index));
      table.rows.back().push_back(table.dictionaries[k][index]);
    }
    table.sorted.push_back(lodestone::model::EncodePartitionKey(table.rows.back()));
  }
  for (std::size_t k = 0; k < table.keys.size(); ++k) {
    table.columns.push_back({table.keys[k].name, table.dictionaries[k], table.indexes[k]});
  }
  return table;
}

// Every passing row is met by a scan that goes where the filter says.
void CheckScan(const Filter& filter, const Table& table, const std::vector<uint16_t>& passing) {
  for (const uint16_t r : passing) {
    const std::string& key = table.sorted[r];
    const auto next = filter.NextCandidate(key);
    FUZZ_CHECK(next.has_value() && *next == key);
    const auto first = filter.NextCandidate("");
    FUZZ_CHECK(first.has_value() && *first <= key);
    const auto bound = filter.PreviousCandidateBound(key + '\0');
    FUZZ_CHECK(bound.has_value() && *bound > key);
    const auto last = filter.PreviousCandidateBound("");
    FUZZ_CHECK(last.has_value() && (last->empty() || *last > key));
  }
}

void Check(std::string_view text, FilterMode mode) {
  static const Table* const table = new Table(MakeTable());
  const auto filter = Filter::Compile(text, mode, table->keys);
  if (!filter.ok()) {
    FUZZ_CHECK(filter.status().code() == absl::StatusCode::kInvalidArgument);
    FUZZ_CHECK(lodestone::base::FindInvalidUtf8(lodestone::base::ToStd(filter.status().message())) ==
               std::string_view::npos);
    FUZZ_CHECK(filter.status().message().size() < 2'000 + 2 * text.size());
    return;
  }
  const std::size_t rows = table->rows.size();
  std::vector<uint16_t> passing;
  (*filter)->Evaluate(table->columns, rows, &passing);
  FUZZ_CHECK((*filter)->Count(table->columns, rows) == passing.size());
  for (std::size_t r = 0; r < rows; ++r) {
    FUZZ_CHECK((*filter)->Matches(table->rows[r]) ==
               std::binary_search(passing.begin(), passing.end(), static_cast<uint16_t>(r)));
  }
  CheckScan(**filter, *table, passing);
  const std::string normalized = (*filter)->Describe().normalized;
  FUZZ_CHECK(lodestone::base::FindInvalidUtf8(normalized) == std::string_view::npos);
  if (mode != FilterMode::kSql || normalized.size() > lodestone::kMaxFilterBytes) return;
  const auto again = Filter::Compile(normalized, mode, table->keys);
  FUZZ_CHECK(again.ok());
  FUZZ_CHECK((*again)->Describe().normalized == normalized);
  std::vector<uint16_t> passing_again;
  (*again)->Evaluate(table->columns, rows, &passing_again);
  FUZZ_CHECK(passing_again == passing);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Check(text, FilterMode::kSql);
  Check(text, FilterMode::kHive);
  return 0;
}
