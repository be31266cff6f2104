// Partition filters: the condition that a list, count, drop or roll-up takes as text. docs/semantics/filters.md has the
// grammar. Text that can't be understood is an error (ErrorKind::kInvalidFilter) whose message says where (line with a
// caret), what was expected and what was found; it never means "everything". The empty text means everything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lodestone {

enum class FilterMode {
  // Hive's grammar, and beyond it: NOT anywhere, IS [NOT] NULL, escapes in strings, decimals, floats, booleans, LIKE
  // with
  // ESCAPE, tuples of any width; SQL's three-valued logic, so a NULL key passes no comparison.
  kSql,
  // The grammar and comparisons of Hive's own metastore (4.0.1), for clients of its protocol.
  kHive,
};

// What Explain answers: how a filter is run, and what that cost.
struct FilterPlan {
  std::string normalized;               // the filter as understood
  std::vector<std::string> key_ranges;  // per leading key: the values that are sought; empty: all
  std::string residual;  // evaluated per distinct value of a page; empty when there is nothing to evaluate
  int64_t seeks = 0;
  int64_t pages_total = 0;  // of the table
  int64_t pages_read = 0;
  int64_t pages_skipped = 0;  // total less read
  int64_t rows_examined = 0;
  int64_t rows_matched = 0;
};

// Filters longer than this, or nested deeper, are refused.
inline constexpr std::size_t kMaxFilterBytes = std::size_t{1} << 20;
inline constexpr int kMaxFilterDepth = 200;

}  // namespace lodestone
