// Any bytes may be given as a value page: every column either says that it is damaged or is read at every row.
#include <optional>
#include <string_view>
#include <vector>

#include "catalog/record/value_page.h"
#include "tests/fuzz/check.h"

using namespace lodestone::record;

namespace {

void Read(const IntegerColumn& column, std::size_t rows) {
  std::vector<int64_t> values(rows);
  column.Decode(0, rows, values.data());
  for (std::size_t row = 0; row < rows; ++row) FUZZ_CHECK(column.value(row) == values[row]);
}

void Read(const TextColumn& column, std::size_t rows, std::string_view page) {
  char buffer[kIntegerTextBytes];
  std::size_t present = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    const std::optional<std::string_view> value = column.value(row, buffer);
    FUZZ_CHECK(value.has_value() == column.present(row));
    if (!value) continue;
    ++present;
    if (column.encoding() == TextColumn::Encoding::kIntegers) {
      int64_t number;
      FUZZ_CHECK(ParseCanonicalInteger(*value, &number) && number == column.integers().value(row));
    } else {
      FUZZ_CHECK(value->data() >= page.data() && value->data() + value->size() <= page.data() + page.size());
    }
  }
  FUZZ_CHECK(!column.complete() || present == rows);
  FUZZ_CHECK(!column.absent() || present == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ValuePage page;
  if (!page.Parse(bytes).ok()) return 0;
  IntegerColumn numbers;
  if (page.ReadCreateTimes(&numbers).ok()) Read(numbers, page.rows());
  if (page.ReadLastAccessTimes(&numbers).ok()) Read(numbers, page.rows());
  if (page.ReadDescriptors(&numbers).ok()) Read(numbers, page.rows());
  TextColumn texts;
  if (page.ReadLocations(&texts).ok()) Read(texts, page.rows(), bytes);
  // Many empty columns of many rows cost more than their bytes: look at some.
  const std::size_t step = 1 + page.parameter_count() / 64;
  for (std::size_t i = 0; i < page.parameter_count(); i += step) {
    if (page.ReadParameter(i, &texts).ok()) Read(texts, page.rows(), bytes);
    const std::optional<std::size_t> found = page.FindParameter(page.parameter_name(i));
    if (found) FUZZ_CHECK(page.parameter_name(*found) == page.parameter_name(i));
  }
  return 0;
}
