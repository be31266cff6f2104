#include "bindings/hive/convert/decimal.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {

namespace {

constexpr std::size_t kMaxBytes = 40;
constexpr int64_t kMaxScale = 100;
// What 40 bytes hold, 2^319: as many digits as always fit.
constexpr std::size_t kMaxDigits = 96;

// A whole number without sign, its bytes from the highest to the lowest.
using Magnitude = std::vector<uint8_t>;

// Two's complement: the number of the other sign.
void Negate(Magnitude* bytes) {
  int carry = 1;
  for (auto byte = bytes->rbegin(); byte != bytes->rend(); ++byte) {
    const int sum = (~*byte & 0xff) + carry;
    *byte = static_cast<uint8_t>(sum);
    carry = sum >> 8;
  }
}

// Divides by ten in place and returns the rest.
int DivideByTen(Magnitude* bytes) {
  int rest = 0;
  for (uint8_t& byte : *bytes) {
    const int value = rest << 8 | byte;
    byte = static_cast<uint8_t>(value / 10);
    rest = value % 10;
  }
  return rest;
}

void TimesTenPlus(int digit, Magnitude* bytes) {
  int carry = digit;
  for (auto byte = bytes->rbegin(); byte != bytes->rend(); ++byte) {
    const int value = *byte * 10 + carry;
    *byte = static_cast<uint8_t>(value);
    carry = value >> 8;
  }
}

// Without leading zeros; `0` for nothing.
std::string Digits(Magnitude bytes) {
  std::string digits;
  while (std::any_of(bytes.begin(), bytes.end(), [](uint8_t byte) { return byte != 0; })) {
    digits.push_back(static_cast<char>('0' + DivideByTen(&bytes)));
  }
  if (digits.empty()) digits = "0";
  std::reverse(digits.begin(), digits.end());
  return digits;
}

// The shortest two's complement of a number of these decimal digits.
std::string Unscaled(bool negative, std::string_view digits) {
  Magnitude bytes(kMaxBytes, 0);
  for (const char digit : digits) TimesTenPlus(digit - '0', &bytes);
  if (negative) Negate(&bytes);
  // A leading byte goes when it is nothing but the sign, and the next one still says the sign.
  auto first = bytes.begin();
  while (first + 1 != bytes.end()) {
    const uint8_t sign = (first[1] & 0x80) != 0 ? 0xff : 0x00;
    if (*first != sign) break;
    ++first;
  }
  return std::string(first, bytes.end());
}

struct Pieces {
  bool negative = false;
  std::string digits;  // with those behind the point
  int64_t scale = 0;
};

// Takes a run of digits off the front of `text`.
std::string_view TakeDigits(std::string_view* text) {
  const std::size_t end = std::min(text->find_first_not_of("0123456789"), text->size());
  const std::string_view digits = text->substr(0, end);
  text->remove_prefix(end);
  return digits;
}

std::optional<Pieces> TakeApart(std::string_view text) {
  Pieces pieces;
  if (text.starts_with('-') || text.starts_with('+')) {
    pieces.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  const std::string_view whole = TakeDigits(&text);
  if (whole.empty()) return std::nullopt;
  pieces.digits = whole;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const std::string_view fraction = TakeDigits(&text);
    if (fraction.empty()) return std::nullopt;
    pieces.digits += fraction;
    pieces.scale = static_cast<int64_t>(fraction.size());
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    int64_t exponent = 0;
    if (!base::ParseInt64(text.substr(1), &exponent) || exponent < -1000 || exponent > 1000) return std::nullopt;
    pieces.scale -= exponent;
    text = {};
  }
  if (!text.empty()) return std::nullopt;
  pieces.digits.erase(0, std::min(pieces.digits.find_first_not_of('0'), pieces.digits.size()));
  return pieces;
}

}  // namespace

absl::StatusOr<std::string> ToText(const thrift::Decimal& decimal) {
  if (decimal.unscaled.empty() || decimal.unscaled.size() > kMaxBytes || decimal.scale > kMaxScale ||
      decimal.scale < -kMaxScale) {
    return absl::InvalidArgumentError(base::StrCat("a decimal number: expected 1 to ", kMaxBytes,
                                                   " bytes and a scale within ", kMaxScale, ", found ",
                                                   decimal.unscaled.size(), " bytes and the scale ", decimal.scale));
  }
  Magnitude bytes(decimal.unscaled.begin(), decimal.unscaled.end());
  const bool negative = (bytes[0] & 0x80) != 0;
  if (negative) Negate(&bytes);
  std::string digits = Digits(std::move(bytes));
  if (decimal.scale < 0 && digits != "0") digits.append(static_cast<std::size_t>(-decimal.scale), '0');
  if (decimal.scale > 0) {
    const auto scale = static_cast<std::size_t>(decimal.scale);
    if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
    digits.insert(digits.size() - scale, 1, '.');
  }
  return negative ? base::StrCat("-", digits) : digits;
}

std::optional<thrift::Decimal> ParseDecimal(std::string_view text) {
  const std::optional<Pieces> pieces = TakeApart(text);
  if (!pieces || pieces->digits.size() > kMaxDigits || pieces->scale > kMaxScale || pieces->scale < -kMaxScale) {
    return std::nullopt;
  }
  thrift::Decimal decimal;
  decimal.__set_unscaled(Unscaled(pieces->negative, pieces->digits));
  decimal.__set_scale(static_cast<int16_t>(pieces->scale));
  return decimal;
}

}  // namespace lodestone::hive
