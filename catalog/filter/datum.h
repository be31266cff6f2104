// A partition value read under the type of its key, in a form that compares in a few instructions. No allocation: what
// is kept of the text is a view.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "catalog/model/type.h"

namespace lodestone::filter {

// How values of a type compare.
enum class Family {
  kWhole,    // boolean, integers, date, timestamp: (whole, fraction)
  kDecimal,  // exact, of any length
  kReal,     // float, double; NaN equals itself and is above all
  kText,     // string, varchar, binary: bytes
  kChar,     // bytes, trailing blanks cut off
};
Family FamilyOf(const model::Type& type);

// A decimal number as written: +-0.d1d2d3... times ten to the `exponent`.
struct Decimal {
  int sign = 0;               // -1, 0, 1
  int32_t exponent = 0;       // of the first digit that is not 0
  std::string_view mantissa;  // from that digit on; may contain one '.'
};
// Optional sign, digits with at most one point, optional exponent of at most six digits; nullopt for anything else.
std::optional<Decimal> ReadDecimal(std::string_view text);
std::strong_ordering Compare(const Decimal& a, const Decimal& b);

struct Datum {
  bool null = true;       // NULL, or no value of the type: both pass no comparison
  int32_t fraction = 0;   // nanoseconds of a timestamp; 1: literal between `whole` and the next integer
  int64_t whole = 0;      // the integer, 0 or 1, or seconds since 1970
  double real = 0;        //
  Decimal decimal;        //
  std::string_view text;  // the value as stored; of char without trailing blanks
};

// The NULL of partition names, and the empty text, which is the same to Hive.
bool IsNullText(std::string_view text);

// A stored value. What is none of the type reads as NULL, as query engines read it.
//   integers   optional sign and digits, within the range of the type
//   boolean    true, false in any case
//   decimal    see ReadDecimal; float, double: also inf, infinity, nan
//   date       yyyy-mm-dd, a day of the calendar
//   timestamp  yyyy-mm-dd, optionally with hh:mm:ss and up to nine digits of a fraction
Datum ReadValue(const model::Type& type, std::string_view text);

// REQUIRES: both of this family, neither NULL.
std::strong_ordering Compare(Family family, const Datum& a, const Datum& b);
bool Equal(Family family, const Datum& a, const Datum& b);

// Seconds since 1970 of midnight; nullopt when the text is not exactly yyyy-mm-dd of the calendar.
std::optional<int64_t> ReadDate(std::string_view text);
// Fills whole and fraction. With a time after one blank, or without.
bool ReadTimestamp(std::string_view text, Datum* out);

// The greatest integer not above a decimal; fraction tells whether something remains. Beyond 64 bits: the nearest bound
// with fraction 1 (above all) or -1 (below all).
void FloorToWhole(const Decimal& decimal, Datum* out);

}  // namespace lodestone::filter
