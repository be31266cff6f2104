// Any bytes may be given as a key page: what parses is read at every row, without a step out of bounds, and in
// agreement with itself.
#include <string>
#include <string_view>
#include <vector>

#include "catalog/record/key_page.h"
#include "tests/fuzz/check.h"

using namespace lodestone::record;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  KeyPage page;
  if (!page.Parse(bytes).ok()) {
    FUZZ_CHECK(page.rows() == 0 && page.key_count() == 0);
    return 0;
  }
  FUZZ_CHECK(page.rows() > 0 && page.key_count() > 0);
  std::vector<std::string_view> values;
  std::vector<uint16_t> indexes(page.rows());
  for (std::size_t i = 0; i < page.key_count(); ++i) {
    const DictionaryColumn& column = page.column(i);
    values.clear();
    column.AppendValues(&values);
    FUZZ_CHECK(values.size() == column.size());
    column.CopyIndexes(0, page.rows(), indexes.data());
    for (std::size_t row = 0; row < page.rows(); ++row) {
      FUZZ_CHECK(indexes[row] < values.size());
      FUZZ_CHECK(values[indexes[row]] == column.row_value(row));
    }
  }
  // A page of long values times many rows has keys far larger than itself: a few are enough.
  std::string key;
  for (std::size_t row = 0; row < page.rows(); row += 1 + page.rows() / 7) {
    key.clear();
    page.AppendKey(row, &key);
    if (!page.column(0).needs_escape()) FUZZ_CHECK(key.starts_with(page.column(0).row_value(row)));
    FUZZ_CHECK(page.CompareKey(row, key) == 0);
    FUZZ_CHECK(page.CompareKey(row, key + "!") < 0);
    FUZZ_CHECK(page.LowerBound(key) <= page.rows());
  }
  return 0;
}
