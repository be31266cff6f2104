// A partition filter, ready to run: parsed, typed against the partition keys of a table, planned. Immutable and
// thread-safe after Compile. Knows nothing of pages: it says which partition keys may pass (NextCandidate), and
// evaluates rows given as dictionary and index.
//
// Idea. A filter over a page of 1,000 rows looks at each distinct value once and at each row with one table look-up. To
// get there the parser pushes NOT down to the comparisons (De Morgan holds in three-valued logic), so that only "is
// this certainly true" is left to ask; maximal subtrees over one key become a yes or no per distinct value; what
// remains is an AND/OR tree over such answers. Beside it stands, per key, a cover: intervals of escaped text that hold
// all values that may pass. NextCandidate walks the covers like a skip scan in a multi-column index.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "catalog/filter.h"
#include "catalog/model/type.h"
#include "catalog/partition_batch.h"

namespace lodestone::filter {

// A partition key that filters may name.
struct Key {
  std::string name;  // lower case
  model::Type type;
};

class Filter {
 public:
  // InvalidArgument (kInvalidFilter): the text can't be understood, names an unknown key, or compares what can't be
  // compared; the message has line, column and caret. The empty text passes everything. In kHive mode a blank text is
  // an error, as Hive answers.
  static absl::StatusOr<std::shared_ptr<const Filter>> Compile(std::string_view text, FilterMode mode,
                                                               std::span<const Key> keys);
  // Hive's `_ps` calls: leading values, where an empty one matches any. REQUIRES: not more values than keys.
  static std::shared_ptr<const Filter> FromPartialValues(std::span<const std::string> values,
                                                         std::span<const Key> keys);
  // Both pass. Over the same keys.
  static std::shared_ptr<const Filter> And(std::shared_ptr<const Filter> a, std::shared_ptr<const Filter> b);

  virtual ~Filter() = default;

  // Passes every partition without being asked.
  virtual bool always_true() const = 0;

  // The smallest partition key >= `key` (encoded, see model/partition_name.h) that may pass; nullopt: none. May answer
  // with the encoding of no partition at all: the reader goes to the first one at or behind it and asks again.
  virtual std::optional<std::string> NextCandidate(std::string_view key) const = 0;
  // Downwards: every partition that may pass and is below `key` is below the answer as well; the answer is `key` itself
  // when nothing better is known; nullopt: none is left. An empty `key`: from the end.
  virtual std::optional<std::string> PreviousCandidateBound(std::string_view key) const = 0;

  // Appends the numbers of the passing rows, ascending, of `rows` rows described by one column per key.
  virtual void Evaluate(std::span<const KeyColumn> columns, std::size_t rows, std::vector<uint16_t>* passing) const = 0;
  // How many rows pass; faster than Evaluate.
  virtual std::size_t Count(std::span<const KeyColumn> columns, std::size_t rows) const = 0;
  // One row, given by its unescaped values.
  virtual bool Matches(std::span<const std::string_view> values) const = 0;

  // The static half of FilterPlan: normalized, key_ranges, residual.
  virtual FilterPlan Describe() const = 0;
};

}  // namespace lodestone::filter
