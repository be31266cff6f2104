// What the fuzz targets of the input formats share: an input read in whole and in small pieces must come to the same,
// in rows, bad rows and failure, and all of it must be text.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/base/strings.h"
#include "catalog/bulk/reader.h"
#include "tests/fuzz/check.h"

namespace lodestone::bulk {

using MakeReader = std::function<std::unique_ptr<RowReader>(std::unique_ptr<ByteSource>, const ReaderOptions&)>;

inline void CheckIsText(std::string_view text) { FUZZ_CHECK(base::FindInvalidUtf8(text) == std::string_view::npos); }

// All that a reader made of an input, in words.
inline std::string ReadInWords(const MakeReader& make, std::size_t key_count, std::string_view input, std::size_t chunk,
                               std::size_t step) {
  auto reader = make(BytesOf(input, step), {.chunk = chunk});
  RowBatch batch(key_count);
  std::string rows;
  for (;;) {
    batch.Clear();
    const absl::StatusOr<bool> more = reader->Next(&batch);
    if (!more.ok()) {
      // How many rows came before a failure depends on the pieces; the failure does not.
      FUZZ_CHECK(more.status().code() == absl::StatusCode::kInvalidArgument);
      CheckIsText(base::ToStd(more.status().message()));
      return base::StrCat("failure: ", base::ToStd(more.status().message()));
    }
    if (!*more) return rows;
    std::size_t next_bad = 0;
    for (std::size_t i = 0; i <= batch.size(); ++i) {
      for (; next_bad < batch.bad_rows().size() && batch.bad_rows()[next_bad].before_row <= i; ++next_bad) {
        const BadRow& bad = batch.bad_rows()[next_bad];
        CheckIsText(bad.reason);
        base::StrAppend(&rows, bad.line, "! ", bad.reason, "\n");
      }
      if (i == batch.size()) break;
      const BulkRow row = batch.row(i);
      FUZZ_CHECK(row.values.size() == key_count);
      FUZZ_CHECK(FindBadText(row).empty());
      base::StrAppend(&rows, batch.line(i), ":");
      for (const std::string_view value : row.values) base::StrAppend(&rows, " ", value.size(), " ", value);
      for (const auto& [name, value] : row.parameters) base::StrAppend(&rows, " ", name, "=", value);
      base::StrAppend(&rows, " @", row.location, " ", row.create_time, " ", row.last_access_time);
      if (row.descriptor != nullptr) base::StrAppend(&rows, " ", row.descriptor->SerializeAsString());
      rows += '\n';
    }
  }
}

inline void CheckPiecesAgree(const MakeReader& make, std::size_t key_count, std::string_view input) {
  const std::string whole = ReadInWords(make, key_count, input, input.size() + 1, 0);
  FUZZ_CHECK(ReadInWords(make, key_count, input, 1, 1) == whole);
  FUZZ_CHECK(ReadInWords(make, key_count, input, 100, 13) == whole);
}

}  // namespace lodestone::bulk
