// Value pages: all of up to 65,535 partitions that is not their keys, column by column, so that a list decodes what it
// was asked for and nothing else. The rows are those of the key page with the same lowest key. docs/format/pages.md
// describes every byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "catalog/record/column.h"

namespace lodestone::record {

// The first byte of a value page. Stored.
inline constexpr unsigned char kValuePageFormat = 1;

// A view on a page's bytes, which outlive it. Thread-safe once parsed. Parse looks at the directory of columns alone;
// each column is checked when it is asked for.
class ValuePage {
 public:
  // DataLoss: not a value page, or its directory is damaged; the object is then empty.
  absl::Status Parse(std::string_view bytes);

  std::size_t rows() const { return rows_; }

  // One each; DataLoss when the column is damaged.
  absl::Status ReadCreateTimes(IntegerColumn* out) const { return ReadIntegers(0, out); }
  absl::Status ReadLastAccessTimes(IntegerColumn* out) const { return ReadIntegers(1, out); }
  absl::Status ReadDescriptors(IntegerColumn* out) const { return ReadIntegers(2, out); }
  // Where it is absent the location is the one derived of the descriptor and the partition's name.
  absl::Status ReadLocations(TextColumn* out) const;

  // Parameters, by name, ascending. REQUIRES: i < parameter_count().
  std::size_t parameter_count() const { return parameter_count_; }
  std::string_view parameter_name(std::size_t i) const;
  absl::Status ReadParameter(std::size_t i, TextColumn* out) const;
  // The number of the parameter; nullopt when no row has it.
  std::optional<std::size_t> FindParameter(std::string_view name) const;

 private:
  absl::Status ReadIntegers(std::size_t column, IntegerColumn* out) const;
  std::string_view Column(std::size_t column) const;

  std::size_t rows_ = 0;
  std::size_t parameter_count_ = 0;
  const char* column_ends_ = nullptr;
  const char* name_ends_ = nullptr;
  const char* names_ = nullptr;
  const char* columns_ = nullptr;
};

// Puts a page together. Write each column to body() and say that it is ended, in the order below. Not thread-safe.
class ValuePageWriter {
 public:
  explicit ValuePageWriter(std::size_t rows) : rows_(rows) {}

  std::string* body() { return &body_; }
  // Create times, last access times, descriptors (AppendIntegerColumn); locations (AppendTextColumn, or nothing).
  void EndColumn() { ends_.push_back(static_cast<uint32_t>(body_.size())); }
  // Then each parameter, by name, ascending; columns without a present value are left out.
  void EndParameter(std::string_view name);
  // Appends the page to `out`.
  void Finish(std::string* out) const;

 private:
  std::size_t rows_;
  std::string body_;
  std::vector<uint32_t> ends_;
  std::string names_;
  std::vector<uint32_t> name_ends_;
};

}  // namespace lodestone::record
