// The first rows of text files: CSV with the dialects of Hive and Spark, and JSON, one object a line. Pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace lodestone::http::dli {

// One text per column; nullopt is NULL.
using PreviewRow = std::vector<std::optional<std::string>>;

struct CsvDialect {
  std::string delimiter = ",";        // one or more bytes; not empty
  std::optional<char> quote = '"';    // nullopt: quotes are data
  std::optional<char> escape = '\\';  // takes the next byte as it stands; the same as `quote`: doubled quotes alone
  bool header = false;                // the first record is none
  std::string null = "";              // the text of NULL where it is not in quotes
};

// Appends up to `limit` rows of `columns` texts each; a record with fewer has NULLs at its end, one with more loses
// them. `whole` is false when the bytes are the beginning of a longer file: a record that is cut off then is left out.
// Inside of quotes line ends are data, a doubled quote is one; `\r\n` ends a line like `\n`; empty lines are no
// records. Bytes that are no UTF-8 stay as they are. Any bytes are CSV.
void ReadCsvRows(std::string_view bytes, bool whole, const CsvDialect& dialect, std::size_t columns, std::size_t limit,
                 std::vector<PreviewRow>* rows);

// The same for JSON: fields are found by the columns' names (in lower case) without case. Texts come unescaped,
// everything else as it stands in the file. InvalidArgument: a line that is no JSON object.
absl::Status ReadJsonRows(std::string_view bytes, bool whole, const std::vector<std::string>& columns,
                          std::size_t limit, std::vector<PreviewRow>* rows);

}  // namespace lodestone::http::dli
