// Key pages: the keys of up to 65,535 partitions of one table, sorted, column by column. What lists and filters read.
// docs/format/pages.md describes every byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "catalog/record/column.h"

namespace lodestone::record {

// The first byte of a key page. Stored.
inline constexpr unsigned char kKeyPageFormat = 1;
// Far beyond what a writer makes (a row has 256 KiB at the most); keeps what readers make of a page within 32 bits.
inline constexpr std::size_t kMaxKeyPageBytes = std::size_t{256} << 20;

// A view on a page's bytes, which outlive it. Thread-safe once parsed. One object parses many pages in turn without
// allocating anew.
class KeyPage {
 public:
  // DataLoss: not a key page, or damaged; the object is then empty. Checks all but the order of the rows, in about
  // 0.5 us for 1,000 rows.
  absl::Status Parse(std::string_view bytes);

  std::size_t rows() const { return rows_; }
  std::size_t key_count() const { return columns_.size(); }
  const DictionaryColumn& column(std::size_t i) const { return columns_[i]; }

  // Appends the encoded partition key (model::EncodePartitionKey) of a row. REQUIRES: row < rows().
  void AppendKey(std::size_t row, std::string* out) const;
  std::string Key(std::size_t row) const {
    std::string key;
    AppendKey(row, &key);
    return key;
  }
  // Below 0, 0, above 0: as the row's encoded key is less than, equal to, greater than `key`.
  int CompareKey(std::size_t row, std::string_view key) const;
  // The first row, from `first` on, whose key is not below `key`; rows() when there is none.
  std::size_t LowerBound(std::string_view key, std::size_t first = 0) const;

 private:
  std::vector<DictionaryColumn> columns_;
  std::size_t rows_ = 0;
};

// One column of a page to be: distinct values (unescaped), and one index per row.
struct KeyColumnData {
  std::span<const std::string_view> values;
  std::span<const uint32_t> indexes;
};
// Appends the page to `out`. REQUIRES: 1 to kMaxPageRows rows, in ascending key order; 1 to 255 columns.
void AppendKeyPage(std::span<const KeyColumnData> columns, std::string* out);

}  // namespace lodestone::record
