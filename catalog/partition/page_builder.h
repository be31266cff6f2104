// Rows into the bytes of pages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/base/arena.h"
#include "catalog/base/strings.h"
#include "catalog/partition/page_limits.h"
#include "catalog/partition/row.h"
#include "catalog/record/column.h"

namespace lodestone::partition {

// A key page and its value page, ready to be stored under `lowest`.
struct EncodedPage {
  std::string lowest;
  std::string key_page;
  std::string value_page;
  std::size_t rows = 0;
};

// Whether the page holds more than it should and can be split.
inline bool IsTooLarge(const EncodedPage& page, const PageLimits& limits) {
  return page.rows > 1 && (page.rows > limits.max_rows || page.key_page.size() > limits.max_key_bytes * 3 / 2 ||
                           page.value_page.size() > limits.max_value_bytes * 3 / 2);
}

// Encodes rows [begin, end) with `encode(begin, end, EncodedPage*)`, in halves as long as pages come out too large:
// what a page will need is estimated before, and known only then.
template <typename Encode>
void EncodeInHalves(std::size_t begin, std::size_t end, const PageLimits& limits, const Encode& encode,
                    std::vector<EncodedPage>* out) {
  EncodedPage page;
  encode(begin, end, &page);
  if (!IsTooLarge(page, limits)) {
    out->push_back(std::move(page));
    return;
  }
  const std::size_t middle = begin + (end - begin) / 2;
  EncodeInHalves(begin, middle, limits, encode, out);
  EncodeInHalves(middle, end, limits, encode, out);
}

// Collects ascending rows, column by column, and copies what it keeps. Memory: a few pages. Not thread-safe.
class PageBuilder {
 public:
  PageBuilder(std::size_t key_count, const PageLimits& limits);

  std::size_t rows() const { return rows_; }
  // Whether the page should take this row as well; always true when it is empty.
  bool Fits(const Row& row) const;
  void Add(const Row& row);
  // Appends the page (rarely several: where the estimate was too low) and begins anew. REQUIRES: rows() > 0.
  void Encode(std::vector<EncodedPage>* out);

 private:
  struct KeyColumnRows {
    std::vector<std::string_view> values;
    std::vector<uint32_t> indexes;
    record::TextIndex index;
  };
  struct TextRows {
    std::string name;
    std::vector<std::string_view> values;  // may end before rows_: then absent
    std::vector<uint8_t> present;
    std::string_view last;
  };

  void AddKey(std::string_view value, KeyColumnRows* column);
  void AddText(std::string_view value, TextRows* column);
  std::size_t ColumnOf(std::string_view name);
  void EncodeRange(std::size_t begin, std::size_t end, EncodedPage* page) const;
  void Clear();

  const PageLimits limits_;
  base::Arena arena_;
  std::size_t rows_ = 0;
  std::size_t key_bytes_ = 0;  // estimates
  std::size_t value_bytes_ = 0;
  std::vector<KeyColumnRows> keys_;
  std::vector<int64_t> create_times_;
  std::vector<int64_t> last_access_times_;
  std::vector<int64_t> descriptors_;
  TextRows location_;
  std::vector<std::unique_ptr<TextRows>> parameters_;
  base::StringMap<std::size_t> parameter_numbers_;
  std::vector<std::size_t> by_name_;        // numbers of parameters_, ordered by name
  std::vector<std::size_t> last_sequence_;  // the columns of the last row's parameters: mostly those of the next one
};

}  // namespace lodestone::partition
