#include "catalog/filter/datum.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "catalog/base/strings.h"
#include "catalog/names.h"

namespace lodestone::filter {

namespace {

using model::TypeKind;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// REQUIRES: `count` characters at `p`. -1 when one is no digit.
int ReadDigits(const char* p, int count) {
  int value = 0;
  for (int i = 0; i < count; ++i) {
    if (!IsDigit(p[i])) return -1;
    value = value * 10 + (p[i] - '0');
  }
  return value;
}

bool IsLeap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

// Days since 1970-01-01 in the proleptic Gregorian calendar: years are counted from March, so that the leap day comes
// last, in eras of 400 years.
int64_t DaysSinceEpoch(int year, int month, int day) {
  const int y = month <= 2 ? year - 1 : year;
  const int64_t era = (y >= 0 ? y : y - 399) / 400;
  const int year_of_era = static_cast<int>(y - era * 400);
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

bool ReadWhole(std::string_view text, int64_t* out) {
  std::size_t i = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  if (i == text.size()) return false;
  const bool negative = text[0] == '-';
  uint64_t magnitude = 0;
  for (; i < text.size(); ++i) {
    const unsigned digit = static_cast<unsigned char>(text[i]) - unsigned{'0'};
    if (digit > 9 || magnitude > (std::numeric_limits<uint64_t>::max() - 9) / 10) return false;
    magnitude = magnitude * 10 + digit;
  }
  constexpr auto kMax = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  if (magnitude > kMax + (negative ? 1 : 0)) return false;
  *out = static_cast<int64_t>(negative ? 0 - magnitude : magnitude);
  return true;
}

bool ReadIntegral(TypeKind kind, std::string_view text, int64_t* out) {
  if (!ReadWhole(text, out)) return false;
  switch (kind) {
    case TypeKind::kTinyint:
      return *out == static_cast<int8_t>(*out);
    case TypeKind::kSmallint:
      return *out == static_cast<int16_t>(*out);
    case TypeKind::kInt:
      return *out == static_cast<int32_t>(*out);
    default:
      return true;
  }
}

bool ReadBoolean(std::string_view text, int64_t* out) {
  *out = base::EqualsIgnoreCase(text, "true") ? 1 : 0;
  return *out == 1 || base::EqualsIgnoreCase(text, "false");
}

template <typename T>
bool ReadReal(std::string_view text, double* out) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) return false;
  if (error == std::errc::result_out_of_range) {
    const auto decimal = ReadDecimal(text);
    if (!decimal) return false;
    const double magnitude = decimal->exponent > 0 ? std::numeric_limits<double>::infinity() : 0;
    *out = decimal->sign < 0 ? -magnitude : magnitude;
    return true;
  }
  *out = value;
  return true;
}

std::string_view CutTrailingBlanks(std::string_view text) {
  const std::size_t last = text.find_last_not_of(' ');
  return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

std::strong_ordering CompareReal(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) <=> std::isnan(b);
  if (a < b) return std::strong_ordering::less;
  return a > b ? std::strong_ordering::greater : std::strong_ordering::equal;
}

// The next digit of a mantissa, 0 behind its end.
int NextDigit(std::string_view mantissa, std::size_t* at) {
  if (*at < mantissa.size() && mantissa[*at] == '.') ++*at;
  return *at < mantissa.size() ? mantissa[(*at)++] - '0' : 0;
}

std::strong_ordering CompareMagnitudes(const Decimal& a, const Decimal& b) {
  if (a.exponent != b.exponent) return a.exponent <=> b.exponent;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.mantissa.size() || j < b.mantissa.size()) {
    const int x = NextDigit(a.mantissa, &i);
    const int y = NextDigit(b.mantissa, &j);
    if (x != y) return x <=> y;
  }
  return std::strong_ordering::equal;
}

}  // namespace

Family FamilyOf(const model::Type& type) {
  switch (type.kind) {
    case TypeKind::kBoolean:
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLocalTz:
      return Family::kWhole;
    case TypeKind::kDecimal:
      return Family::kDecimal;
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      return Family::kReal;
    case TypeKind::kChar:
      return Family::kChar;
    default:
      return Family::kText;
  }
}

std::optional<Decimal> ReadDecimal(std::string_view text) {
  Decimal result;
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  int64_t exponent = 0;
  if (const std::size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view tail = text.substr(e + 1);
    const bool down = !tail.empty() && tail[0] == '-';
    if (!tail.empty() && (tail[0] == '-' || tail[0] == '+')) tail.remove_prefix(1);
    if (tail.empty() || tail.size() > 6) return std::nullopt;
    exponent = ReadDigits(tail.data(), static_cast<int>(tail.size()));
    if (exponent < 0) return std::nullopt;
    if (down) exponent = -exponent;
    text = text.substr(0, e);
  }
  std::size_t point = std::string_view::npos;
  std::size_t first = std::string_view::npos;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '.' && point == std::string_view::npos) {
      point = i;
    } else if (!IsDigit(text[i])) {
      return std::nullopt;
    } else if (text[i] != '0' && first == std::string_view::npos) {
      first = i;
    }
  }
  if (text.size() == (point == std::string_view::npos ? 0 : 1)) return std::nullopt;
  if (first == std::string_view::npos) return result;
  const auto whole = static_cast<int64_t>(point == std::string_view::npos ? text.size() : point);
  const auto at = static_cast<int64_t>(first);
  result.sign = negative ? -1 : 1;
  result.exponent = static_cast<int32_t>(exponent + (at < whole ? whole - at : whole - at + 1));
  result.mantissa = text.substr(first);
  return result;
}

std::strong_ordering Compare(const Decimal& a, const Decimal& b) {
  if (a.sign != b.sign) return a.sign <=> b.sign;
  return a.sign < 0 ? CompareMagnitudes(b, a) : CompareMagnitudes(a, b);
}

void FloorToWhole(const Decimal& decimal, Datum* out) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  out->null = false;
  out->whole = 0;
  out->fraction = 0;
  if (decimal.sign == 0) return;
  const bool negative = decimal.sign < 0;
  unsigned __int128 magnitude = 0;
  std::size_t at = 0;
  bool rest = false;
  if (decimal.exponent <= 19) {
    for (int i = 0; i < decimal.exponent; ++i) {
      magnitude = magnitude * 10 + static_cast<unsigned>(NextDigit(decimal.mantissa, &at));
    }
    while (at < decimal.mantissa.size()) rest = NextDigit(decimal.mantissa, &at) != 0 || rest;
  }
  if (negative && rest) ++magnitude;
  constexpr auto kBound = static_cast<unsigned __int128>(kMax);
  if (decimal.exponent > 19 || magnitude > kBound + (negative ? 1 : 0)) {
    out->whole = negative ? kMin : kMax;
    out->fraction = negative ? -1 : 1;
    return;
  }
  const auto bits = static_cast<uint64_t>(magnitude);
  out->whole = static_cast<int64_t>(negative ? 0 - bits : bits);
  out->fraction = rest ? 1 : 0;
}

bool IsNullText(std::string_view text) { return text.empty() || text == kNullPartitionValue; }

std::optional<int64_t> ReadDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = ReadDigits(text.data(), 4);
  const int month = ReadDigits(text.data() + 5, 2);
  const int day = ReadDigits(text.data() + 8, 2);
  if (year < 0 || month < 1 || month > 12 || day < 1) return std::nullopt;
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (day > kDays[month - 1] + (month == 2 && IsLeap(year) ? 1 : 0)) return std::nullopt;
  return DaysSinceEpoch(year, month, day) * 86'400;
}

bool ReadTimestamp(std::string_view text, Datum* out) {
  const auto day = ReadDate(text.substr(0, 10));
  if (!day) return false;
  out->whole = *day;
  out->fraction = 0;
  if (text.size() == 10) return true;
  if (text.size() < 19 || text[10] != ' ' || text[13] != ':' || text[16] != ':') return false;
  const int hour = ReadDigits(text.data() + 11, 2);
  const int minute = ReadDigits(text.data() + 14, 2);
  const int second = ReadDigits(text.data() + 17, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false;
  out->whole += hour * 3600 + minute * 60 + second;
  if (text.size() == 19) return true;
  const std::string_view digits = text.substr(20);
  if (text[19] != '.' || digits.empty() || digits.size() > 9) return false;
  int nanos = ReadDigits(digits.data(), static_cast<int>(digits.size()));
  if (nanos < 0) return false;
  for (std::size_t i = digits.size(); i < 9; ++i) nanos *= 10;
  out->fraction = nanos;
  return true;
}

Datum ReadValue(const model::Type& type, std::string_view text) {
  Datum d;
  d.text = text;
  if (IsNullText(text)) return d;
  switch (type.kind) {
    case TypeKind::kBoolean:
      d.null = !ReadBoolean(text, &d.whole);
      break;
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
      d.null = !ReadIntegral(type.kind, text, &d.whole);
      break;
    case TypeKind::kDate: {
      const auto day = ReadDate(text);
      d.null = !day;
      d.whole = day.value_or(0);
      break;
    }
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLocalTz:
      d.null = !ReadTimestamp(text, &d);
      break;
    case TypeKind::kDecimal: {
      const auto decimal = ReadDecimal(text);
      d.null = !decimal;
      d.decimal = decimal.value_or(Decimal());
      break;
    }
    case TypeKind::kFloat:
      d.null = !ReadReal<float>(text, &d.real);
      break;
    case TypeKind::kDouble:
      d.null = !ReadReal<double>(text, &d.real);
      break;
    case TypeKind::kChar:
      d.null = false;
      d.text = CutTrailingBlanks(text);
      break;
    default:
      d.null = false;
  }
  return d;
}

std::strong_ordering Compare(Family family, const Datum& a, const Datum& b) {
  switch (family) {
    case Family::kWhole:
      return a.whole != b.whole ? a.whole <=> b.whole : a.fraction <=> b.fraction;
    case Family::kDecimal:
      return Compare(a.decimal, b.decimal);
    case Family::kReal:
      return CompareReal(a.real, b.real);
    case Family::kText:
    case Family::kChar:
      return a.text.compare(b.text) <=> 0;
  }
  return std::strong_ordering::equal;
}

bool Equal(Family family, const Datum& a, const Datum& b) {
  // Bytes are compared only where the lengths are equal.
  if (family == Family::kText || family == Family::kChar) return a.text == b.text;
  return Compare(family, a, b) == std::strong_ordering::equal;
}

}  // namespace lodestone::filter
