// Answers over all passing partitions that need no rows: counts, distinct values, bounds and sums. Everything is done
// per distinct value of a page where it can be.
#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/filter/value.h"
#include "catalog/names.h"
#include "catalog/partition/name_renderer.h"
#include "catalog/partition/page_cursor.h"
#include "catalog/partition/page_walk.h"
#include "catalog/partition/reader.h"

namespace lodestone::partition {

namespace {

// How many of `rows` refer to each value of the column's dictionary.
void CountValues(const KeyColumn& column, std::span<const uint16_t> rows, std::vector<uint32_t>* counts) {
  counts->assign(column.dictionary.size(), 0);
  for (const uint16_t row : rows) ++(*counts)[column.indexes[row]];
}

// Bounds of one key over all pages.
struct Bounds {
  std::optional<std::string> min;
  std::optional<std::string> max;
  int64_t nulls = 0;

  void Take(const model::Type& type, const KeyColumn& column, std::span<const uint32_t> counts) {
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] == 0) continue;
      const std::string_view value = column.dictionary[i];
      if (value == kNullPartitionValue) {
        nulls += counts[i];
        continue;
      }
      if (!min || filter::CompareValues(type, value, *min) < 0) min = std::string(value);
      if (!max || filter::CompareValues(type, value, *max) > 0) max = std::string(value);
    }
  }
};

// The sum of one parameter over all pages. Hive writes -1 where it does not know: that is no number of anything.
struct Sum {
  std::string_view name;
  int64_t total = 0;
  int64_t without = 0;

  void Add(int64_t value) {
    if (value < 0) {
      ++without;
    } else if (__builtin_add_overflow(total, value, &total)) {
      total = INT64_MAX;
    }
  }
  absl::Status Take(const record::ValuePage& page, std::span<const uint16_t> rows) {
    const std::optional<std::size_t> number = page.FindParameter(name);
    if (!number) {
      without += static_cast<int64_t>(rows.size());
      return absl::OkStatus();
    }
    record::TextColumn column;
    RETURN_IF_ERROR(page.ReadParameter(*number, &column));
    char buffer[record::kIntegerTextBytes];
    for (const uint16_t row : rows) {
      if (!column.present(row)) {
        ++without;
      } else if (column.encoding() == record::TextColumn::Encoding::kIntegers) {
        Add(column.integers().value(row));
      } else {
        int64_t value = -1;
        if (!base::ParseInt64(*column.value(row, buffer), &value)) value = -1;
        Add(value);
      }
    }
    return absl::OkStatus();
  }
};

}  // namespace

absl::StatusOr<int64_t> CountPartitions(const store::Reader& reader, const TablePartitions& table,
                                        const filter::Filter* filter, FilterPlan* plan) {
  if (filter == nullptr || filter->always_true()) {
    if (plan != nullptr) {
      if (filter != nullptr) *plan = filter->Describe();
      plan->pages_total = table.set.pages();
      plan->pages_skipped = table.set.pages();
      plan->rows_matched = table.set.partitions();
    }
    return table.set.partitions();
  }
  PageWalk walk(reader, table, filter, {});
  int64_t count = 0;
  while (walk.Next()) count += static_cast<int64_t>(walk.Count());
  RETURN_IF_ERROR(walk.status());
  if (plan != nullptr) *plan = walk.plan();
  return count;
}

absl::StatusOr<std::vector<std::string>> DistinctValues(const store::Reader& reader, const TablePartitions& table,
                                                        const filter::Filter* filter, std::size_t key_index) {
  PageWalk walk(reader, table, filter, {});
  base::StringSet seen;
  std::vector<uint16_t> rows;
  std::vector<uint32_t> counts;
  while (walk.Next()) {
    rows.clear();
    walk.Evaluate(&rows);
    const KeyColumn& column = walk.pages().columns()[key_index];
    CountValues(column, rows, &counts);
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] > 0 && !seen.contains(column.dictionary[i])) seen.emplace(column.dictionary[i]);
    }
  }
  RETURN_IF_ERROR(walk.status());
  std::vector<std::string> values(seen.begin(), seen.end());
  const model::Type& type = table.keys[key_index].type;
  std::sort(values.begin(), values.end(),
            [&type](const std::string& a, const std::string& b) { return filter::CompareValues(type, a, b) < 0; });
  return values;
}

absl::StatusOr<model::v1::PartitionSummary> Summarize(const store::Reader& reader, const TablePartitions& table,
                                                      const filter::Filter* filter) {
  PageWalk walk(reader, table, filter, {});
  ValuePageCursor values(reader, table, Order::kAscending);
  std::vector<Bounds> bounds(table.keys.size());
  Sum num_rows{.name = "numRows"};
  Sum total_size{.name = "totalSize"};
  Sum num_files{.name = "numFiles"};
  int64_t partitions = 0;
  std::vector<uint16_t> rows;
  std::vector<uint32_t> counts;
  while (walk.Next()) {
    rows.clear();
    walk.Evaluate(&rows);
    if (rows.empty()) continue;
    partitions += static_cast<int64_t>(rows.size());
    for (std::size_t i = 0; i < bounds.size(); ++i) {
      const KeyColumn& column = walk.pages().columns()[i];
      CountValues(column, rows, &counts);
      bounds[i].Take(table.keys[i].type, column, counts);
    }
    RETURN_IF_ERROR(values.Read(walk.pages().lowest(), walk.page().rows()));
    for (Sum* sum : {&num_rows, &total_size, &num_files}) {
      if (const absl::Status taken = sum->Take(values.page(), rows); !taken.ok()) {
        return DamagedPage(table, "value page", walk.pages().lowest(), taken);
      }
    }
  }
  RETURN_IF_ERROR(walk.status());
  model::v1::PartitionSummary summary;
  summary.set_partitions(partitions);
  summary.set_num_rows(num_rows.total);
  summary.set_total_size(total_size.total);
  summary.set_num_files(num_files.total);
  summary.set_without_num_rows(num_rows.without);
  summary.set_without_total_size(total_size.without);
  summary.set_without_num_files(num_files.without);
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    auto* key = summary.add_keys();
    key->set_key(table.key_names[i]);
    if (bounds[i].min) key->set_min(*bounds[i].min);
    if (bounds[i].max) key->set_max(*bounds[i].max);
    key->set_nulls(bounds[i].nulls);
  }
  return summary;
}

absl::Status ForEachKey(const store::Reader& reader, const TablePartitions& table, const filter::Filter* filter,
                        const std::function<absl::Status(std::string_view)>& visit) {
  PageWalk walk(reader, table, filter, {});
  std::vector<uint16_t> rows;
  std::string key;
  while (walk.Next()) {
    rows.clear();
    walk.Evaluate(&rows);
    for (const uint16_t row : rows) {
      key.clear();
      walk.page().AppendKey(row, &key);
      RETURN_IF_ERROR(visit(key));
    }
  }
  return walk.status();
}

}  // namespace lodestone::partition
