// Columns into bytes: the other half of column.h.
#include <algorithm>
#include <limits>

#include "catalog/base/coding.h"
#include "catalog/model/partition_name.h"
#include "catalog/record/column.h"

namespace lodestone::record {

namespace {

constexpr unsigned char kEscapeFlag = 0x04;
constexpr unsigned char kEndWidthShift = 3;
constexpr unsigned char kPresenceFlag = 0x80;
constexpr std::size_t kMaxNarrowEnd = 0xFFFF;

std::size_t BytesFor(uint64_t largest) {
  std::size_t width = 0;
  for (; largest != 0; largest >>= 8) ++width;
  return width;
}

// Eight bytes at a time are plenty for texts of partition keys; the length tells apart what zeros would not.
uint64_t HashText(std::string_view text) {
  constexpr uint64_t kFactor = 0x9E3779B97F4A7C15;
  uint64_t hash = text.size() * kFactor;
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 8; at += 8, left -= 8) {
    uint64_t word;
    std::memcpy(&word, at, 8);
    hash = (hash ^ word) * kFactor;
    hash ^= hash >> 29;
  }
  uint64_t tail = 0;
  for (std::size_t i = 0; i < left; ++i) tail |= uint64_t{static_cast<unsigned char>(at[i])} << (8 * i);
  hash = (hash ^ tail) * kFactor;
  return hash ^ (hash >> 32);
}

template <typename T>
void AppendEnds(std::span<const std::string_view> values, std::string* out) {
  const std::size_t at = out->size();
  out->resize(at + values.size() * sizeof(T));
  char* to = out->data() + at;
  T end = 0;
  for (const std::string_view value : values) {
    end = static_cast<T>(end + value.size());
    std::memcpy(to, &end, sizeof end);
    to += sizeof end;
  }
}

void AppendBytes(std::span<const std::string_view> values, std::size_t total, std::string* out) {
  out->reserve(out->size() + total);
  for (const std::string_view value : values) out->append(value);
}

template <typename T>
void AppendIndexes(std::span<const uint32_t> indexes, const std::vector<uint32_t>& renumbered, std::string* out) {
  const std::size_t at = out->size();
  out->resize(at + indexes.size() * sizeof(T));
  char* to = out->data() + at;
  for (const uint32_t index : indexes) {
    const T narrow = static_cast<T>(renumbered[index]);
    std::memcpy(to, &narrow, sizeof narrow);
    to += sizeof narrow;
  }
}

template <typename T>
void AppendDifferences(std::span<const int64_t> values, int64_t base, std::size_t width, std::string* out) {
  const std::size_t at = out->size();
  const std::size_t bytes = values.size() * width + (8 - width);
  out->resize(at + bytes + 8);  // whole words are written, so beyond the end as well
  char* to = out->data() + at;
  for (const int64_t value : values) {
    const T difference = static_cast<T>(static_cast<uint64_t>(value) - static_cast<uint64_t>(base));
    std::memcpy(to, &difference, sizeof difference);
    to += width;
  }
  std::memset(out->data() + at + values.size() * width, 0, 8 - width);
  out->resize(at + bytes);
}

// The head of a text column: its encoding and, when some rows are absent, one bit per row.
void AppendTextHead(TextColumn::Encoding encoding, std::span<const uint8_t> present, std::string* out) {
  const bool complete = std::find(present.begin(), present.end(), 0) == present.end();
  out->push_back(static_cast<char>(static_cast<unsigned char>(encoding) | (complete ? 0 : kPresenceFlag)));
  if (complete) return;
  const std::size_t at = out->size();
  out->resize(at + (present.size() + 7) / 8);
  for (std::size_t row = 0; row < present.size(); ++row) {
    if (present[row] != 0) (*out)[at + row / 8] = static_cast<char>((*out)[at + row / 8] | (1 << (row % 8)));
  }
}

bool IsPresent(std::span<const uint8_t> present, std::size_t row) { return present.empty() || present[row] != 0; }

// The values that rows refer to, renumbered.
struct UsedValues {
  std::vector<std::string_view> values;
  std::vector<uint32_t> renumbered;  // old number -> new number
};
UsedValues KeepUsed(std::span<const std::string_view> values, std::span<const uint32_t> indexes) {
  UsedValues used;
  used.renumbered.assign(values.size(), 0);
  for (const uint32_t index : indexes) used.renumbered[index] = 1;
  used.values.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (used.renumbered[i] == 0) continue;
    used.renumbered[i] = static_cast<uint32_t>(used.values.size());
    used.values.push_back(values[i]);
  }
  return used;
}

void AppendUsed(const UsedValues& used, std::span<const uint32_t> indexes, bool mark_escapes, std::string* out) {
  const std::size_t count = used.values.size();
  std::size_t total = 0;
  bool same_size = true;
  bool needs_escape = false;
  for (const std::string_view value : used.values) {
    total += value.size();
    same_size &= value.size() == used.values[0].size();
    if (mark_escapes && !needs_escape) needs_escape = model::NeedsEscape(value);
  }
  const unsigned char index_width = count == 1 ? 0 : count <= 256 ? 1 : 2;
  const unsigned char end_code = same_size ? 0 : total <= kMaxNarrowEnd ? 1 : 2;
  out->push_back(static_cast<char>(index_width | (needs_escape ? kEscapeFlag : 0) | (end_code << kEndWidthShift)));
  base::AppendLittleEndian(out, static_cast<uint16_t>(count));
  if (end_code == 0) base::AppendLittleEndian(out, static_cast<uint32_t>(used.values[0].size()));
  if (end_code == 1) AppendEnds<uint16_t>(used.values, out);
  if (end_code == 2) AppendEnds<uint32_t>(used.values, out);
  AppendBytes(used.values, total, out);
  if (index_width == 1) AppendIndexes<uint8_t>(indexes, used.renumbered, out);
  if (index_width == 2) AppendIndexes<uint16_t>(indexes, used.renumbered, out);
}

// Numbers, when all that is present is numbers.
bool AsIntegers(std::span<const std::string_view> values, std::span<const uint8_t> present,
                std::vector<int64_t>* numbers) {
  numbers->assign(values.size(), 0);
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (IsPresent(present, row) && !ParseCanonicalInteger(values[row], &(*numbers)[row])) return false;
  }
  return true;
}

}  // namespace

void TextIndex::Reset(std::size_t expected) {
  std::size_t size = 64;
  while (size < 2 * expected) size *= 2;
  slots_.assign(size, 0);
  mask_ = size - 1;
  limit_ = size / 2;
}

void TextIndex::Insert(uint32_t number, std::string_view text) {
  std::size_t slot = HashText(text) & mask_;
  while (slots_[slot] != 0) slot = (slot + 1) & mask_;
  slots_[slot] = number + 1;
}

void TextIndex::Build(const std::vector<std::string_view>& values) {
  Reset(2 * values.size());
  for (std::size_t i = 0; i < values.size(); ++i) Insert(static_cast<uint32_t>(i), values[i]);
}

uint32_t TextIndex::FindOrAdd(std::string_view text, std::vector<std::string_view>* values) {
  for (std::size_t slot = HashText(text) & mask_;; slot = (slot + 1) & mask_) {
    if (slots_[slot] == 0) {
      const auto number = static_cast<uint32_t>(values->size());
      slots_[slot] = number + 1;
      values->push_back(text);
      if (values->size() > limit_) Build(*values);
      return number;
    }
    if ((*values)[slots_[slot] - 1] == text) return slots_[slot] - 1;
  }
}

void AppendDictionaryColumn(std::span<const std::string_view> values, std::span<const uint32_t> indexes,
                            bool mark_escapes, std::string* out) {
  AppendUsed(KeepUsed(values, indexes), indexes, mark_escapes, out);
}

void AppendIntegerColumn(std::span<const int64_t> values, std::string* out) {
  int64_t smallest = values[0];
  int64_t largest = values[0];
  for (const int64_t value : values) {
    smallest = std::min(smallest, value);
    largest = std::max(largest, value);
  }
  const std::size_t width = BytesFor(static_cast<uint64_t>(largest) - static_cast<uint64_t>(smallest));
  out->push_back(static_cast<char>(width));
  base::AppendLittleEndian(out, smallest);
  if (width > 0) AppendDifferences<uint64_t>(values, smallest, width, out);
}

void AppendIntegerColumn(std::span<const IntegerRun> runs, std::span<const int64_t> values, bool recode,
                         std::string* out) {
  const IntegerColumn* only = nullptr;
  std::size_t rows = 0;
  for (const IntegerRun& run : runs) {
    rows += run.count;
    if (run.column == nullptr) continue;
    if (only == nullptr) only = run.column;
    recode = recode || run.column != only;
  }
  recode = recode || only == nullptr ||
           !std::all_of(values.begin(), values.end(), [only](int64_t value) { return only->CanHold(value); });
  const int64_t* next = values.data();
  if (recode) {
    std::vector<int64_t> all(rows);
    int64_t* at = all.data();
    for (const IntegerRun& run : runs) {
      if (run.column != nullptr) {
        run.column->Decode(run.begin, run.count, at);
      } else {
        std::copy_n(next, run.count, at);
        next += run.count;
      }
      at += run.count;
    }
    return AppendIntegerColumn(all, out);
  }
  const std::size_t width = only->width();
  out->push_back(static_cast<char>(width));
  base::AppendLittleEndian(out, only->base());
  if (width == 0) return;
  out->reserve(out->size() + rows * width + 8);
  for (const IntegerRun& run : runs) {
    if (run.column != nullptr) {
      out->append(run.column->bytes(run.begin, run.count));
      continue;
    }
    for (std::size_t i = 0; i < run.count; ++i) {
      const uint64_t difference = static_cast<uint64_t>(*next++) - static_cast<uint64_t>(only->base());
      out->append(reinterpret_cast<const char*>(&difference), width);
    }
  }
  out->append(8 - width, '\0');
}

void AppendTextColumn(std::span<const int64_t> values, std::span<const uint8_t> present, std::string* out) {
  AppendTextHead(TextColumn::Encoding::kIntegers, present, out);
  if (present.empty()) return AppendIntegerColumn(values, out);
  // A row without a number must not widen the others.
  std::vector<int64_t> filled(values.begin(), values.end());
  const std::size_t first = static_cast<std::size_t>(
      std::find_if(present.begin(), present.end(), [](uint8_t p) { return p != 0; }) - present.begin());
  for (std::size_t row = 0; row < filled.size(); ++row) {
    if (present[row] == 0) filled[row] = values[first];
  }
  AppendIntegerColumn(filled, out);
}

void AppendTextColumn(std::span<const IntegerRun> runs, std::span<const int64_t> values, bool recode,
                      std::span<const uint8_t> present, std::string* out) {
  AppendTextHead(TextColumn::Encoding::kIntegers, present, out);
  AppendIntegerColumn(runs, values, recode, out);
}

void AppendConstantTextColumn(std::string_view value, std::span<const uint8_t> present, std::string* out) {
  AppendTextHead(TextColumn::Encoding::kConstant, present, out);
  out->append(value);
}

void AppendPlainTextColumn(std::span<const std::string_view> values, std::span<const uint8_t> present,
                           std::string* out) {
  AppendTextHead(TextColumn::Encoding::kPlain, present, out);
  std::size_t total = 0;
  for (const std::string_view value : values) total += value.size();
  const char end_width = total <= kMaxNarrowEnd ? 2 : 4;
  out->push_back(end_width);
  if (end_width == 2) {
    AppendEnds<uint16_t>(values, out);
  } else {
    AppendEnds<uint32_t>(values, out);
  }
  AppendBytes(values, total, out);
}

void AppendTextColumn(std::span<const std::string_view> values, std::span<const uint32_t> indexes,
                      std::span<const uint8_t> present, std::string* out) {
  // An absent row refers to what some present row refers to, so that it keeps nothing alive.
  std::vector<uint32_t> filled(indexes.begin(), indexes.end());
  if (!present.empty()) {
    std::size_t first = 0;
    while (present[first] == 0) ++first;
    for (std::size_t row = 0; row < filled.size(); ++row) {
      if (present[row] == 0) filled[row] = indexes[first];
    }
  }
  const UsedValues used = KeepUsed(values, filled);
  if (used.values.size() == 1) return AppendConstantTextColumn(used.values[0], present, out);
  std::size_t distinct_bytes = 0;
  for (const std::string_view value : used.values) distinct_bytes += value.size() + 2;
  std::size_t plain_bytes = 0;
  for (std::size_t row = 0; row < filled.size(); ++row) {
    plain_bytes += 2 + (IsPresent(present, row) ? values[filled[row]].size() : 0);
  }
  const std::size_t index_bytes = filled.size() * (used.values.size() <= 256 ? 1 : 2);
  if (distinct_bytes + index_bytes < plain_bytes && used.values.size() <= kMaxPageRows) {
    AppendTextHead(TextColumn::Encoding::kDictionary, present, out);
    return AppendUsed(used, filled, false, out);
  }
  std::vector<std::string_view> rows(filled.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (IsPresent(present, row)) rows[row] = values[filled[row]];
  }
  AppendPlainTextColumn(rows, present, out);
}

void AppendTextColumn(std::span<const std::string_view> values, std::span<const uint8_t> present, std::string* out) {
  std::size_t first = 0;
  while (!IsPresent(present, first)) ++first;
  bool constant = true;
  for (std::size_t row = first + 1; row < values.size() && constant; ++row) {
    constant = !IsPresent(present, row) || values[row] == values[first];
  }
  if (constant) return AppendConstantTextColumn(values[first], present, out);
  std::vector<int64_t> numbers;
  if (AsIntegers(values, present, &numbers)) {
    return AppendTextColumn(std::span<const int64_t>(numbers), present, out);
  }
  std::vector<std::string_view> distinct;
  std::vector<uint32_t> indexes(values.size(), 0);
  TextIndex index;
  index.Reset(values.size());
  std::string_view previous = values[first];
  uint32_t previous_number = index.FindOrAdd(previous, &distinct);
  for (std::size_t row = first; row < values.size(); ++row) {
    if (!IsPresent(present, row)) continue;
    if (values[row] != previous) {
      previous = values[row];
      previous_number = index.FindOrAdd(previous, &distinct);
    }
    indexes[row] = previous_number;
  }
  AppendTextColumn(distinct, indexes, present, out);
}

}  // namespace lodestone::record
