// Any bytes are CSV, and JSON rows or a clear failure; the beginning of a file shows a beginning of its rows.
#include <string_view>
#include <vector>

#include "bindings/http/dli/preview_reader.h"
#include "tests/fuzz/check.h"

using lodestone::http::dli::CsvDialect;
using lodestone::http::dli::PreviewRow;
using lodestone::http::dli::ReadCsvRows;
using lodestone::http::dli::ReadJsonRows;

namespace {

void CheckRows(const std::vector<PreviewRow>& some, const std::vector<PreviewRow>& all) {
  FUZZ_CHECK(some.size() <= all.size());
  for (std::size_t i = 0; i < some.size(); ++i) FUZZ_CHECK(some[i] == all[i]);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const CsvDialect dialects[] = {
      {},
      {.delimiter = "||", .quote = '\'', .escape = '\'', .header = true},
      {.delimiter = "\x01", .quote = std::nullopt, .escape = std::nullopt, .null = "\\N"},
  };
  for (const CsvDialect& dialect : dialects) {
    std::vector<PreviewRow> all;
    ReadCsvRows(bytes, true, dialect, 3, 10, &all);
    for (const PreviewRow& row : all) FUZZ_CHECK(row.size() == 3);
    std::vector<PreviewRow> some;
    ReadCsvRows(bytes.substr(0, size / 2), false, dialect, 3, 10, &some);
    CheckRows(some, all);
  }
  std::vector<PreviewRow> rows;
  const absl::Status status = ReadJsonRows(bytes, true, {"a", "b"}, 10, &rows);
  FUZZ_CHECK(status.ok() || absl::IsInvalidArgument(status));
  FUZZ_CHECK(rows.size() <= 10);
  for (const PreviewRow& row : rows) FUZZ_CHECK(row.size() == 2);
  return 0;
}
