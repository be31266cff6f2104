// One text column of merged pages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/record/column.h"

namespace lodestone::partition {

// A run of rows of the result: rows [begin, end) of an old column, or one new value.
struct TextRun {
  const record::TextColumn* column = nullptr;  // null: new values
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Finds out how the values can be taken over with the least work, and writes the column. `runs` cover `rows` rows; the
// new values are `values`, one per row of the runs without a column, with data() == nullptr where absent. Writes
// nothing and returns false when the column is absent in every row. A column that is written value by value (kPlain)
// stays so unless `reconsider` says to look for something smaller.
bool AppendMergedText(std::span<const TextRun> runs, std::span<const std::string_view> values, std::size_t rows,
                      bool reconsider, std::string* out);

}  // namespace lodestone::partition
