#include "catalog/record/key_page.h"

#include <algorithm>

#include "catalog/base/coding.h"
#include "catalog/base/strings.h"
#include "catalog/model/partition_name.h"

namespace lodestone::record {

namespace {

// The first `size` bytes of both, then the rest decides.
int ComparePrefix(std::string_view piece, std::string_view rest) {
  return std::char_traits<char>::compare(piece.data(), rest.data(), std::min(piece.size(), rest.size()));
}

}  // namespace

absl::Status KeyPage::Parse(std::string_view bytes) {
  rows_ = 0;
  columns_.clear();
  if (bytes.size() > kMaxKeyPageBytes) {
    return absl::DataLossError(base::StrCat("a key page may have ", kMaxKeyPageBytes, " bytes, found ", bytes.size()));
  }
  ByteReader in(bytes);
  unsigned char format;
  unsigned char key_count;
  uint16_t rows;
  if (!in.Read(&format) || !in.Read(&key_count) || !in.Read(&rows)) {
    return absl::DataLossError("a key page must begin with its head of 4 bytes");
  }
  if (format != kKeyPageFormat) {
    return absl::DataLossError(
        base::StrCat("the format of a key page must be ", int{kKeyPageFormat}, ", found ", int{format}));
  }
  if (key_count == 0 || rows == 0) return absl::DataLossError("a key page without keys or rows");
  columns_.resize(key_count);
  for (std::size_t i = 0; i < key_count; ++i) {
    absl::Status parsed = columns_[i].Parse(&in, rows);
    if (parsed.ok()) continue;
    columns_.clear();
    return absl::DataLossError(base::StrCat("key column ", i, ": ", parsed.message()));
  }
  if (in.remaining() != 0) {
    columns_.clear();
    return absl::DataLossError(base::StrCat(in.remaining(), " bytes follow the end of a key page"));
  }
  rows_ = rows;
  return absl::OkStatus();
}

void KeyPage::AppendKey(std::size_t row, std::string* out) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0) out->push_back('/');
    const std::string_view value = columns_[i].row_value(row);
    if (columns_[i].needs_escape()) {
      model::AppendEscapedPathName(value, out);
    } else {
      out->append(value);
    }
  }
}

int KeyPage::CompareKey(std::size_t row, std::string_view key) const {
  std::string escaped;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0) {
      if (key.empty()) return 1;
      if (const int order = ComparePrefix("/", key); order != 0) return order;
      key.remove_prefix(1);
    }
    std::string_view piece = columns_[i].row_value(row);
    // A damaged page may hold an empty value, which AppendKey writes as NULL.
    if (columns_[i].needs_escape() && (piece.empty() || model::NeedsEscape(piece))) {
      escaped.clear();
      model::AppendEscapedPathName(piece, &escaped);
      piece = escaped;
    }
    if (const int order = ComparePrefix(piece, key); order != 0) return order;
    if (piece.size() > key.size()) return 1;
    key.remove_prefix(piece.size());
  }
  return key.empty() ? 0 : -1;
}

std::size_t KeyPage::LowerBound(std::string_view key, std::size_t first) const {
  std::size_t low = first;
  std::size_t high = rows_;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (CompareKey(middle, key) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

void AppendKeyPage(std::span<const KeyColumnData> columns, std::string* out) {
  out->push_back(static_cast<char>(kKeyPageFormat));
  out->push_back(static_cast<char>(columns.size()));
  base::AppendLittleEndian(out, static_cast<uint16_t>(columns[0].indexes.size()));
  for (const KeyColumnData& column : columns) AppendDictionaryColumn(column.values, column.indexes, true, out);
}

}  // namespace lodestone::record
