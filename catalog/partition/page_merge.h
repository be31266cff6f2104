// Old pages and changed rows into new pages, column by column. What is kept of an old page is copied as it lies there:
// indexes of dictionaries and differences of numbers, without looking at values; only the changed rows are looked up. A
// change of one row of a page of 1,000 so costs little more than copying the page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "catalog/partition/page_builder.h"
#include "catalog/partition/page_limits.h"
#include "catalog/partition/row.h"
#include "catalog/partition/table_partitions.h"
#include "catalog/record/key_page.h"
#include "catalog/record/value_page.h"

namespace lodestone::partition {

// An old page, with its bytes.
struct OldPage {
  std::string lowest;
  std::string key_bytes;
  std::string value_bytes;
  record::KeyPage keys;
  record::ValuePage values;

  std::size_t rows() const { return keys.rows(); }
};

// Neighbouring pages that are rewritten together. Say in ascending order which rows the result has, then encode. Not
// thread-safe.
class PageMerge {
 public:
  explicit PageMerge(const PageLimits& limits) : limits_(limits) {}

  // Valid as long as the merge.
  OldPage* AddPage(OldPage page);
  const std::deque<OldPage>& pages() const { return pages_; }

  // Rows [begin, end) of an old page.
  void Keep(const OldPage* page, std::size_t begin, std::size_t end);
  // All rows of a page before everything said so far.
  void KeepInFront(const OldPage* page);
  // A new row. Its bytes outlive the merge.
  void Take(const Row& row);

  std::size_t rows() const { return rows_; }
  // Bytes of the value page that the rows would fill, about.
  std::size_t value_bytes() const { return value_bytes_; }
  bool overflows() const { return rows_ > limits_.max_rows || value_bytes_ > limits_.max_value_bytes; }
  bool thin() const { return rows_ < limits_.max_rows / 4 && value_bytes_ < limits_.max_value_bytes / 4; }

  // Where to cut when the rows overflow.
  enum class Cut {
    kEvenly,    // both halves have room for more
    kLeftFull,  // for rows that come in key order: the pages behind which nothing more comes are full
  };
  // Appends the new pages. A page that is an old one, unchanged, has empty bytes. DataLoss: an old page is damaged.
  absl::Status Encode(Cut cut, std::vector<EncodedPage>* out);

 private:
  // Rows [begin, end) of an old page, or of the new rows.
  struct Segment {
    int page;  // its number; kNewRows
    std::size_t begin;
    std::size_t end;
    std::size_t size() const { return end - begin; }
  };
  static constexpr int kNewRows = -1;
  using Segments = std::vector<Segment>;

  // Locations or one parameter: what each old page has of it, and which new rows have it.
  struct TextSource {
    std::string_view name;
    std::vector<record::TextColumn> pages;
    std::vector<std::size_t> rows;  // numbers of new rows, ascending
    std::vector<std::string_view> values;
  };

  Segments Slice(std::size_t begin, std::size_t end) const;
  std::vector<std::size_t> Cuts(Cut cut) const;
  absl::Status PrepareColumns();
  absl::Status PrepareTexts();
  void EncodeRange(std::size_t begin, std::size_t end, EncodedPage* page) const;
  void EncodeKeys(const Segments& segments, std::size_t rows, EncodedPage* page) const;
  void EncodeIntegers(const Segments& segments, bool recode, const std::vector<record::IntegerColumn>& old,
                      int64_t (*value)(const Row&), std::string* out) const;
  std::string LowestKey(const Segment& segment) const;
  std::size_t WeightOf(const Row& row) const;

  const PageLimits limits_;
  std::deque<OldPage> pages_;
  std::vector<Row> new_rows_;
  std::vector<std::size_t> weights_;  // of the new rows
  Segments segments_;
  std::size_t rows_ = 0;
  std::size_t value_bytes_ = 0;

  // Made by Encode.
  std::vector<record::IntegerColumn> create_times_;
  std::vector<record::IntegerColumn> last_access_times_;
  std::vector<record::IntegerColumn> descriptors_;
  TextSource locations_;
  std::vector<TextSource> parameters_;  // by name
};

}  // namespace lodestone::partition
