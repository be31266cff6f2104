// Rows out of pages, one after another.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "catalog/partition/row.h"
#include "catalog/record/key_page.h"
#include "catalog/record/value_page.h"

namespace lodestone::partition {

// Reads any row of a pair of pages as a Row. Not thread-safe.
class PageRows {
 public:
  // The pages outlive their use here. DataLoss: a column is damaged.
  absl::Status SetPage(const record::KeyPage* keys, const record::ValuePage* values);
  // Valid until the next call.
  const Row& Get(std::size_t index);

 private:
  struct Column {
    std::string_view name;
    record::TextColumn text;
  };

  const record::KeyPage* keys_ = nullptr;
  record::IntegerColumn create_times_;
  record::IntegerColumn last_access_times_;
  record::IntegerColumn descriptors_;
  record::TextColumn locations_;
  std::vector<Column> columns_;

  Row row_;
  std::string key_;
  std::vector<std::string_view> values_;
  std::vector<Parameter> parameters_;
  std::vector<char> number_texts_;  // kIntegerTextBytes per column
  char location_text_[record::kIntegerTextBytes];
};

}  // namespace lodestone::partition
