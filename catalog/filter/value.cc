#include "catalog/filter/value.h"

#include "catalog/filter/datum.h"

namespace lodestone::filter {

namespace {

// NULL, then what is no value of its type, then values.
int Rank(const Datum& d) {
  if (!d.null) return 2;
  return IsNullText(d.text) ? 0 : 1;
}

}  // namespace

std::strong_ordering CompareValues(const model::Type& type, std::string_view a, std::string_view b) {
  const Datum x = ReadValue(type, a);
  const Datum y = ReadValue(type, b);
  const int rank = Rank(x);
  if (rank != Rank(y)) return rank <=> Rank(y);
  if (rank == 2) {
    const auto order = Compare(FamilyOf(type), x, y);
    if (order != std::strong_ordering::equal) return order;
  }
  return a.compare(b) <=> 0;
}

bool IsValueOf(const model::Type& type, std::string_view text) {
  const Family family = FamilyOf(type);
  return family == Family::kText || family == Family::kChar || !ReadValue(type, text).null;
}

}  // namespace lodestone::filter
