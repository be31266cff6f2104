// Rows on their way from a reader of an input format to whoever takes them: the input bytes of one chunk, and views on
// them. Filled by the reading thread while the rows of the batch before are being taken; reused, so that no row costs
// an allocation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/bulk_load.h"
#include "lodestone/model/v1/table.pb.h"

namespace lodestone::bulk {

using Parameter = std::pair<std::string_view, std::string_view>;

// A row that could not be read, and where among the rows of its batch it stood.
struct BadRow {
  std::size_t before_row = 0;
  int64_t line = 0;
  std::string file;  // empty: the input itself
  std::string reason;
};

// Not thread-safe. Views in it live until Clear.
class RowBatch {
 public:
  // `key_count` values per row.
  explicit RowBatch(std::size_t key_count) : key_count_(key_count) {}
  RowBatch(const RowBatch&) = delete;
  RowBatch& operator=(const RowBatch&) = delete;

  void Clear();

  // ---- For readers ----
  // Room for `size` bytes of input, and kPadding readable bytes behind. What was there before is lost.
  char* Buffer(std::size_t size);
  // The same, keeping the first `keep` bytes.
  char* GrowBuffer(std::size_t size, std::size_t keep);
  std::size_t buffer_capacity() const { return capacity_; }
  char* buffer() { return buffer_.get(); }

  // Between BeginRow and EndRow (or DropRow) values and parameters are added; EndRow takes the rest.
  void BeginRow() {}
  void AddValue(std::string_view value) { values_.push_back(value); }
  void AddParameter(std::string_view name, std::string_view value) { parameters_.emplace_back(name, value); }
  std::size_t open_values() const { return values_.size() - rows_.size() * key_count_; }
  // REQUIRES: open_values() == key_count.
  void EndRow(std::string_view location, int64_t create_time, int64_t last_access_time,
              std::shared_ptr<const model::v1::StorageDescriptor> descriptor, int64_t line);
  // Forgets what was added since the last EndRow.
  void DropRow();
  // The row at hand can't be used.
  void RejectRow(int64_t line, std::string reason, std::string file = {});
  // Bytes of its own for a text that is not in the input as it should be.
  std::string_view Keep(std::string text);
  void set_bytes(int64_t bytes) { bytes_ = bytes; }

  // Rows that `reason` finds fault with become bad ones.
  template <typename Fn>
  void RejectIf(Fn&& reason);

  // ---- For those who take the rows ----
  std::size_t size() const { return rows_.size(); }
  BulkRow row(std::size_t i) const;
  int64_t line(std::size_t i) const { return rows_[i].line; }
  const std::vector<BadRow>& bad_rows() const { return bad_; }
  // Of the input, that this batch stands for.
  int64_t bytes() const { return bytes_; }

  // Readable behind the end of the buffer, as simdjson asks for.
  static constexpr std::size_t kPadding = 64;

 private:
  struct Entry {
    std::size_t parameters_end;
    std::string_view location;
    int64_t create_time;
    int64_t last_access_time;
    const model::v1::StorageDescriptor* descriptor;
    int64_t line;
  };

  const std::size_t key_count_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::vector<std::string_view> values_;  // key_count_ per row
  std::vector<Parameter> parameters_;
  std::vector<Entry> rows_;
  std::vector<BadRow> bad_;
  std::deque<std::string> kept_;
  std::vector<std::shared_ptr<const model::v1::StorageDescriptor>> descriptors_;
  int64_t bytes_ = 0;
};

template <typename Fn>
void RowBatch::RejectIf(Fn&& reason) {
  std::vector<std::string_view> values;
  std::vector<Parameter> parameters;
  std::vector<Entry> rows;
  std::vector<BadRow> bad;
  std::size_t next_bad = 0;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    for (; next_bad < bad_.size() && bad_[next_bad].before_row <= i; ++next_bad) {
      bad.push_back(std::move(bad_[next_bad]));
      bad.back().before_row = rows.size();
    }
    const BulkRow view = row(i);
    if (std::string why = reason(view); !why.empty()) {
      bad.push_back({rows.size(), rows_[i].line, {}, std::move(why)});
      continue;
    }
    values.insert(values.end(), view.values.begin(), view.values.end());
    parameters.insert(parameters.end(), view.parameters.begin(), view.parameters.end());
    rows.push_back(rows_[i]);
    rows.back().parameters_end = parameters.size();
  }
  for (; next_bad < bad_.size(); ++next_bad) {
    bad.push_back(std::move(bad_[next_bad]));
    bad.back().before_row = rows.size();
  }
  values_ = std::move(values);
  parameters_ = std::move(parameters);
  rows_ = std::move(rows);
  bad_ = std::move(bad);
}

}  // namespace lodestone::bulk
