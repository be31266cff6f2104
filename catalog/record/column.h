// The columns inside pages: how the values of up to 65,535 rows lie in bytes, readable at any row in constant time
// without decoding the rest. docs/format/pages.md describes every byte. Readers are views on the page's bytes, which
// outlive them; Parse() checks all that later reads rely on, so that damaged bytes are DataLoss and never a crash.
// Readers are thread-safe once parsed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "catalog/record/byte_reader.h"

namespace lodestone::record {

// Rows of a page at the most: indexes have two bytes.
inline constexpr std::size_t kMaxPageRows = 65'535;
// Longest text of a 64-bit number: `-9223372036854775808`.
inline constexpr std::size_t kIntegerTextBytes = 20;

// Whether `text` is exactly what a 64-bit number is written as (no `+`, no leading zeros, no `-0`), and which.
bool ParseCanonicalInteger(std::string_view text, int64_t* value);
// Writes the number's text to `buffer`, of kIntegerTextBytes, and returns it.
std::string_view FormatInteger(int64_t value, char* buffer);

// Distinct texts and one index per row.
class DictionaryColumn {
 public:
  // Takes the column from the front of `in`.
  absl::Status Parse(ByteReader* in, std::size_t rows);

  // Distinct values. There may be some that no row refers to.
  std::size_t size() const { return size_; }
  // Some value holds a byte that partition names escape (model::NeedsEscape). Key pages only.
  bool needs_escape() const { return needs_escape_; }
  // All rows have the value 0.
  bool constant() const { return index_width_ == 0; }

  // REQUIRES: i < size().
  std::string_view value(std::size_t i) const {
    if (end_width_ == 0) return std::string_view(bytes_ + i * value_size_, value_size_);
    const uint32_t begin = i == 0 ? 0 : end(i - 1);
    return std::string_view(bytes_ + begin, end(i) - begin);
  }
  // REQUIRES: row < rows.
  std::size_t index(std::size_t row) const {
    if (index_width_ == 1) return static_cast<unsigned char>(indexes_[row]);
    if (index_width_ == 0) return 0;
    uint16_t wide;
    std::memcpy(&wide, indexes_ + 2 * row, 2);
    return wide;
  }
  std::string_view row_value(std::size_t row) const { return value(index(row)); }

  // Appends all distinct values.
  void AppendValues(std::vector<std::string_view>* out) const;
  // The indexes of rows [first, first + count). T: uint16_t or uint32_t.
  template <typename T>
  void CopyIndexes(std::size_t first, std::size_t count, T* out) const;

 private:
  uint32_t end(std::size_t i) const {
    if (end_width_ == 2) {
      uint16_t narrow;
      std::memcpy(&narrow, ends_ + 2 * i, 2);
      return narrow;
    }
    uint32_t wide;
    std::memcpy(&wide, ends_ + 4 * i, 4);
    return wide;
  }

  const char* ends_ = nullptr;
  const char* bytes_ = nullptr;
  const char* indexes_ = nullptr;
  std::size_t size_ = 0;
  std::size_t value_size_ = 0;
  unsigned char end_width_ = 0;  // 0: all values have value_size_ bytes
  unsigned char index_width_ = 0;
  bool needs_escape_ = false;
};

// 64-bit numbers as differences to the smallest, in as few bytes as the largest of them needs.
class IntegerColumn {
 public:
  // Takes the column from the front of `in`.
  absl::Status Parse(ByteReader* in, std::size_t rows);

  // All rows have the same number.
  bool constant() const { return width_ == 0; }
  // REQUIRES: row < rows.
  int64_t value(std::size_t row) const {
    if (width_ == 0) return base_;
    uint64_t raw;
    std::memcpy(&raw, bytes_ + row * width_, 8);
    return static_cast<int64_t>(static_cast<uint64_t>(base_) + (raw & mask_));
  }
  // The numbers of rows [first, first + count).
  void Decode(std::size_t first, std::size_t count, int64_t* out) const;

  // For copying rows to a column of the same base and width.
  int64_t base() const { return base_; }
  std::size_t width() const { return width_; }
  bool CanHold(int64_t value) const {
    return static_cast<uint64_t>(value) - static_cast<uint64_t>(base_) <= mask_;  // a constant's mask is 0
  }
  // The differences of rows [first, first + count) as they are stored.
  std::string_view bytes(std::size_t first, std::size_t count) const {
    return std::string_view(bytes_ + first * width_, count * width_);
  }

 private:
  const char* bytes_ = nullptr;
  uint64_t mask_ = 0;
  int64_t base_ = 0;
  std::size_t width_ = 0;
};

// Texts, some of which may be absent: parameters and locations.
class TextColumn {
 public:
  // Stored: never change or reuse a number.
  enum class Encoding : unsigned char { kConstant = 0, kIntegers = 1, kDictionary = 2, kPlain = 3 };

  // `bytes` is the whole column. No bytes at all: absent in every row.
  absl::Status Parse(std::string_view bytes, std::size_t rows);

  bool absent() const { return absent_; }                             // in every row
  bool complete() const { return !absent_ && presence_ == nullptr; }  // present in every row
  bool present(std::size_t row) const {
    if (presence_ == nullptr) return !absent_;
    return (static_cast<unsigned char>(presence_[row / 8]) >> (row % 8) & 1) != 0;
  }
  // nullopt: absent. A number's text is written to `buffer`, of kIntegerTextBytes; other values are views on the page.
  std::optional<std::string_view> value(std::size_t row, char* buffer) const {
    if (!present(row)) return std::nullopt;
    if (encoding_ == Encoding::kConstant) return constant_;
    if (encoding_ == Encoding::kIntegers) return FormatInteger(integers_.value(row), buffer);
    if (encoding_ == Encoding::kDictionary) return dictionary_.row_value(row);
    return Plain(row);
  }

  // REQUIRES: !absent().
  Encoding encoding() const { return encoding_; }
  // REQUIRES: the encoding is that one. Rows where the column is absent have any value.
  std::string_view constant() const { return constant_; }
  const IntegerColumn& integers() const { return integers_; }
  const DictionaryColumn& dictionary() const { return dictionary_; }

 private:
  std::string_view Plain(std::size_t row) const;
  absl::Status ParsePlain(ByteReader* in, std::size_t rows);

  bool absent_ = true;
  const char* presence_ = nullptr;
  Encoding encoding_ = Encoding::kConstant;
  std::string_view constant_;
  IntegerColumn integers_;
  DictionaryColumn dictionary_;
  const char* ends_ = nullptr;  // kPlain
  const char* bytes_ = nullptr;
  unsigned char end_width_ = 0;
};

// Finds the number of a text among those seen. Keeps views: the bytes outlive it. Not thread-safe.
class TextIndex {
 public:
  // Forgets all, and makes room for `expected` distinct texts (more are fine).
  void Reset(std::size_t expected);
  // Begins with these, numbered in order.
  void Build(const std::vector<std::string_view>& values);
  // The number of `text` in `values`, to which it is appended when new. REQUIRES: always the same `values`.
  uint32_t FindOrAdd(std::string_view text, std::vector<std::string_view>* values);

 private:
  void Insert(uint32_t number, std::string_view text);

  std::vector<uint32_t> slots_;  // number + 1; 0: free
  std::size_t mask_ = 0;
  std::size_t limit_ = 0;
};

// --- Writing. All append to `out`. ---

// Values that no row refers to are left out; with `mark_escapes` the flag needs_escape() is set where it is due.
// REQUIRES: every index < values.size(); 1 to kMaxPageRows rows.
void AppendDictionaryColumn(std::span<const std::string_view> values, std::span<const uint32_t> indexes,
                            bool mark_escapes, std::string* out);
void AppendIntegerColumn(std::span<const int64_t> values, std::string* out);
// Rows of other columns and new values, in order. `recode` false: where all rows are of one column, whose base and
// width suit the new values too, its bytes are copied; the column may then be wider than it has to be.
struct IntegerRun {
  const IntegerColumn* column = nullptr;  // null: the next `count` of the new values
  std::size_t begin = 0;
  std::size_t count = 0;
};
void AppendIntegerColumn(std::span<const IntegerRun> runs, std::span<const int64_t> values, bool recode,
                         std::string* out);

// Text columns, each in the smallest encoding that suits. `present`: one byte per row, 0 where absent, or empty when
// all are present. REQUIRES: some row is present.
void AppendTextColumn(std::span<const std::string_view> values, std::span<const uint8_t> present, std::string* out);
void AppendTextColumn(std::span<const int64_t> values, std::span<const uint8_t> present, std::string* out);
void AppendTextColumn(std::span<const IntegerRun> runs, std::span<const int64_t> values, bool recode,
                      std::span<const uint8_t> present, std::string* out);
void AppendTextColumn(std::span<const std::string_view> values, std::span<const uint32_t> indexes,
                      std::span<const uint8_t> present, std::string* out);
void AppendConstantTextColumn(std::string_view value, std::span<const uint8_t> present, std::string* out);
// Without looking for a smaller encoding; absent rows have an empty value.
void AppendPlainTextColumn(std::span<const std::string_view> values, std::span<const uint8_t> present,
                           std::string* out);

}  // namespace lodestone::record
