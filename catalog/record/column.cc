#include "catalog/record/column.h"

#include <algorithm>
#include <charconv>

#include "catalog/base/coding.h"
#include "catalog/base/strings.h"

namespace lodestone::record {

namespace {

constexpr unsigned char kIndexWidthMask = 0x03;
constexpr unsigned char kEscapeFlag = 0x04;
constexpr unsigned char kEndWidthShift = 3;  // two bits: 0 = one size for all, 1 = two bytes, 2 = four bytes
constexpr unsigned char kPresenceFlag = 0x80;

absl::Status Damaged(std::string_view what) { return absl::DataLossError(base::StrCat("damaged column: ", what)); }

template <typename T>
T Load(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

// Loops without a branch inside, so that the compiler makes vector code of them: they run over every page read.
template <typename T>
T Largest(const char* numbers, std::size_t count) {
  T largest = 0;
  for (std::size_t i = 0; i < count; ++i) largest = std::max(largest, Load<T>(numbers + i * sizeof(T)));
  return largest;
}
template <typename T>
bool Ascend(const char* numbers, std::size_t count) {
  T falls = 0;
  for (std::size_t i = 1; i < count; ++i) {
    falls |= Load<T>(numbers + i * sizeof(T)) < Load<T>(numbers + (i - 1) * sizeof(T));
  }
  return falls == 0;
}

// End offsets and the bytes they divide.
absl::Status TakeTexts(ByteReader* in, unsigned char end_width, std::size_t count, const char** ends,
                       const char** bytes) {
  if (!in->Take(count * end_width, ends)) return Damaged("it ends within the offsets");
  const bool ascend = end_width == 2 ? Ascend<uint16_t>(*ends, count) : Ascend<uint32_t>(*ends, count);
  if (!ascend) return Damaged("offsets fall");
  const char* last = *ends + (count - 1) * end_width;
  if (!in->Take(end_width == 2 ? Load<uint16_t>(last) : Load<uint32_t>(last), bytes)) {
    return Damaged("it ends within the values");
  }
  return absl::OkStatus();
}

template <typename T, typename Out>
void Widen(const char* from, std::size_t count, Out* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = Load<T>(from + i * sizeof(T));
}

template <typename T>
void AddBase(const char* from, std::size_t count, int64_t base, int64_t* out) {
  const auto add = static_cast<uint64_t>(base);
  for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<int64_t>(add + Load<T>(from + i * sizeof(T)));
}

}  // namespace

bool ParseCanonicalInteger(std::string_view text, int64_t* value) {
  if (text.empty() || text.size() > kIntegerTextBytes) return false;
  const bool negative = text.front() == '-';
  const std::string_view digits = text.substr(negative ? 1 : 0);
  if (digits.empty() || digits.size() > 19) return false;
  if (digits.front() == '0' && (negative || digits.size() > 1)) return false;
  uint64_t sum = 0;  // 19 digits fit
  for (const char c : digits) {
    const auto digit = static_cast<unsigned char>(c - '0');
    if (digit > 9) return false;
    sum = sum * 10 + digit;
  }
  constexpr auto kLimit = static_cast<uint64_t>(INT64_MAX);
  if (sum > kLimit + (negative ? 1 : 0)) return false;
  *value = static_cast<int64_t>(negative ? 0 - sum : sum);
  return true;
}

std::string_view FormatInteger(int64_t value, char* buffer) {
  const std::to_chars_result end = std::to_chars(buffer, buffer + kIntegerTextBytes, value);
  return std::string_view(buffer, static_cast<std::size_t>(end.ptr - buffer));
}

// --- DictionaryColumn ---

absl::Status DictionaryColumn::Parse(ByteReader* in, std::size_t rows) {
  unsigned char flags;
  uint16_t size;
  if (!in->Read(&flags) || !in->Read(&size)) return Damaged("it ends within the dictionary's head");
  index_width_ = flags & kIndexWidthMask;
  const unsigned char end_code = flags >> kEndWidthShift;
  if (index_width_ > 2 || end_code > 2) return Damaged("the dictionary's flags are unknown");
  if (size == 0) return Damaged("the dictionary is empty");
  needs_escape_ = (flags & kEscapeFlag) != 0;
  size_ = size;
  end_width_ = static_cast<unsigned char>(2 * end_code);
  if (end_width_ == 0) {
    uint32_t value_size;
    if (!in->Read(&value_size) || !in->Take(std::size_t{value_size} * size, &bytes_)) {
      return Damaged("it ends within the values");
    }
    value_size_ = value_size;
  } else if (absl::Status texts = TakeTexts(in, end_width_, size, &ends_, &bytes_); !texts.ok()) {
    return texts;
  }
  if (!in->Take(rows * index_width_, &indexes_)) return Damaged("it ends within the indexes");
  std::size_t largest = 0;
  if (index_width_ == 1) largest = Largest<uint8_t>(indexes_, rows);
  if (index_width_ == 2) largest = Largest<uint16_t>(indexes_, rows);
  if (largest >= size_) {
    return Damaged(base::StrCat("an index is ", largest, ", the dictionary has ", size_, " values"));
  }
  return absl::OkStatus();
}

void DictionaryColumn::AppendValues(std::vector<std::string_view>* out) const {
  const std::size_t before = out->size();
  out->resize(before + size_);
  std::string_view* to = out->data() + before;
  if (end_width_ == 0) {
    for (std::size_t i = 0; i < size_; ++i) to[i] = std::string_view(bytes_ + i * value_size_, value_size_);
    return;
  }
  uint32_t begin = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    const uint32_t stop = end(i);
    to[i] = std::string_view(bytes_ + begin, stop - begin);
    begin = stop;
  }
}

template <typename T>
void DictionaryColumn::CopyIndexes(std::size_t first, std::size_t count, T* out) const {
  if (index_width_ == 0) {
    std::fill_n(out, count, T{0});
  } else if (index_width_ == 1) {
    Widen<uint8_t>(indexes_ + first, count, out);
  } else {
    Widen<uint16_t>(indexes_ + 2 * first, count, out);
  }
}
template void DictionaryColumn::CopyIndexes(std::size_t, std::size_t, uint16_t*) const;
template void DictionaryColumn::CopyIndexes(std::size_t, std::size_t, uint32_t*) const;

// --- IntegerColumn ---

absl::Status IntegerColumn::Parse(ByteReader* in, std::size_t rows) {
  unsigned char width;
  if (!in->Read(&width) || !in->Read(&base_)) return Damaged("it ends within the base of its numbers");
  if (width > 8) return Damaged(base::StrCat("numbers have ", int{width}, " bytes, at most 8 are possible"));
  width_ = width;
  mask_ = 0;
  if (width == 0) return absl::OkStatus();
  // Behind the last number lie as many bytes as make it readable as a whole word.
  if (!in->Take(rows * width + (8 - width), &bytes_)) return Damaged("it ends within its numbers");
  mask_ = ~uint64_t{0} >> (64 - 8 * width);
  return absl::OkStatus();
}

void IntegerColumn::Decode(std::size_t first, std::size_t count, int64_t* out) const {
  const char* from = bytes_ + first * width_;
  switch (width_) {
    case 0:
      std::fill_n(out, count, base_);
      return;
    case 1:
      return AddBase<uint8_t>(from, count, base_, out);
    case 2:
      return AddBase<uint16_t>(from, count, base_, out);
    case 4:
      return AddBase<uint32_t>(from, count, base_, out);
    case 8:
      return AddBase<uint64_t>(from, count, base_, out);
    default:
      for (std::size_t i = 0; i < count; ++i) out[i] = value(first + i);
  }
}

// --- TextColumn ---

absl::Status TextColumn::Parse(std::string_view bytes, std::size_t rows) {
  *this = TextColumn();
  if (bytes.empty()) return absl::OkStatus();
  absent_ = false;
  ByteReader in(bytes);
  unsigned char head = 0;
  in.Read(&head);
  if ((head & kPresenceFlag) != 0 && !in.Take((rows + 7) / 8, &presence_)) {
    return Damaged("it ends within the presence bits");
  }
  const unsigned char code = head & static_cast<unsigned char>(~kPresenceFlag);
  if (code > static_cast<unsigned char>(Encoding::kPlain)) {
    return Damaged(base::StrCat("the encoding ", int{code}, " is unknown"));
  }
  encoding_ = static_cast<Encoding>(code);
  absl::Status parsed;
  if (encoding_ == Encoding::kConstant) {
    constant_ = in.rest();
    return absl::OkStatus();
  }
  if (encoding_ == Encoding::kIntegers) parsed = integers_.Parse(&in, rows);
  if (encoding_ == Encoding::kDictionary) parsed = dictionary_.Parse(&in, rows);
  if (encoding_ == Encoding::kPlain) parsed = ParsePlain(&in, rows);
  if (parsed.ok() && in.remaining() != 0) return Damaged(base::StrCat(in.remaining(), " bytes follow its end"));
  return parsed;
}

absl::Status TextColumn::ParsePlain(ByteReader* in, std::size_t rows) {
  if (!in->Read(&end_width_) || (end_width_ != 2 && end_width_ != 4)) return Damaged("its offsets have no known size");
  return TakeTexts(in, end_width_, rows, &ends_, &bytes_);
}

std::string_view TextColumn::Plain(std::size_t row) const {
  uint32_t begin = 0;
  uint32_t end;
  if (end_width_ == 2) {
    if (row > 0) begin = Load<uint16_t>(ends_ + 2 * (row - 1));
    end = Load<uint16_t>(ends_ + 2 * row);
  } else {
    if (row > 0) begin = Load<uint32_t>(ends_ + 4 * (row - 1));
    end = Load<uint32_t>(ends_ + 4 * row);
  }
  return std::string_view(bytes_ + begin, end - begin);
}

}  // namespace lodestone::record
