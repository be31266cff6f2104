// The rule by which statistics are rolled up.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "catalog/base/strings.h"
#include "catalog/filter/datum.h"
#include "catalog/statistics.h"

namespace lodestone {

namespace {

using Statistics = model::v1::ColumnStatistics;

// Counts come from outside and may be anything; a sum stays a number. Negative ones stand for what is not known.
int64_t Sum(int64_t a, int64_t b) {
  if (a < 0 || b < 0) return -1;
  int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<int64_t>::max() : sum;
}

bool IsKnown(int64_t) { return true; }
bool IsKnown(double bound) { return !std::isnan(bound); }

// Of integers, reals, dates and timestamps.
template <typename Bounds>
void Widen(const Bounds& from, Bounds* into) {
  if (from.has_low() && IsKnown(from.low()) &&
      (!into->has_low() || !IsKnown(into->low()) || from.low() < into->low())) {
    into->set_low(from.low());
  }
  if (from.has_high() && IsKnown(from.high()) &&
      (!into->has_high() || !IsKnown(into->high()) || from.high() > into->high())) {
    into->set_high(from.high());
  }
}

// Whether `a` stands before `b`; what is no number stands before nothing.
bool IsLess(const std::string& a, const std::string& b) {
  const std::optional<filter::Decimal> left = filter::ReadDecimal(a);
  const std::optional<filter::Decimal> right = filter::ReadDecimal(b);
  return left && right && filter::Compare(*left, *right) < 0;
}
void Widen(const Statistics::Decimal& from, Statistics::Decimal* into) {
  if (into->low().empty() || IsLess(from.low(), into->low())) into->set_low(from.low());
  if (into->high().empty() || IsLess(into->high(), from.high())) into->set_high(from.high());
}

// Of texts and binaries.
template <typename Lengths>
void Lengthen(const Lengths& from, Lengths* into) {
  into->set_max_length(std::max(into->max_length(), from.max_length()));
  if (!(into->average_length() >= from.average_length())) into->set_average_length(from.average_length());
}

void MergeData(const Statistics& from, Statistics* into) {
  switch (from.data_case()) {
    case Statistics::kBooleanData:
      into->mutable_boolean_data()->set_num_trues(
          Sum(into->boolean_data().num_trues(), from.boolean_data().num_trues()));
      into->mutable_boolean_data()->set_num_falses(
          Sum(into->boolean_data().num_falses(), from.boolean_data().num_falses()));
      return;
    case Statistics::kLongData:
      return Widen(from.long_data(), into->mutable_long_data());
    case Statistics::kDoubleData:
      return Widen(from.double_data(), into->mutable_double_data());
    case Statistics::kDecimalData:
      return Widen(from.decimal_data(), into->mutable_decimal_data());
    case Statistics::kStringData:
      return Lengthen(from.string_data(), into->mutable_string_data());
    case Statistics::kBinaryData:
      return Lengthen(from.binary_data(), into->mutable_binary_data());
    case Statistics::kDateData:
      return Widen(from.date_data(), into->mutable_date_data());
    case Statistics::kTimestampData:
      return Widen(from.timestamp_data(), into->mutable_timestamp_data());
    case Statistics::DATA_NOT_SET:
      return;
  }
}

}  // namespace

bool MergeStatistics(const Statistics& from, Statistics* into) {
  if (!base::EqualsIgnoreCase(from.column(), into->column()) || from.data_case() != into->data_case()) return false;
  MergeData(from, into);
  into->set_num_nulls(Sum(into->num_nulls(), from.num_nulls()));
  if (from.has_num_distinct() && (!into->has_num_distinct() || from.num_distinct() > into->num_distinct())) {
    into->set_num_distinct(from.num_distinct());
  }
  into->clear_bit_vector();
  into->clear_histogram();
  into->set_last_analyzed(std::max(into->last_analyzed(), from.last_analyzed()));
  return true;
}

RolledStatistics RollUp(std::span<const PartitionStatistics> partitions, std::span<const std::string> columns) {
  struct Rolled {
    Statistics statistics;
    bool of_one_kind = true;
  };
  std::map<std::string, std::optional<Rolled>> by_column;
  for (const std::string& column : columns) by_column.emplace(base::AsciiLower(column), std::nullopt);
  RolledStatistics result;
  for (const PartitionStatistics& partition : partitions) {
    std::size_t found = 0;
    for (const Statistics& one : partition.columns) {
      const auto at = by_column.find(base::AsciiLower(one.column()));
      if (at == by_column.end()) continue;
      ++found;
      if (!at->second) {
        at->second.emplace(Rolled{one});
      } else if (!MergeStatistics(one, &at->second->statistics)) {
        at->second->of_one_kind = false;
      }
    }
    result.complete += !by_column.empty() && found == by_column.size() ? 1 : 0;
  }
  for (auto& [column, rolled] : by_column) {
    if (rolled && rolled->of_one_kind) result.columns.push_back(std::move(rolled->statistics));
  }
  return result;
}

bool IsOfEngine(const Statistics& statistics, std::string_view engine) {
  if (engine.empty()) return true;
  return engine == (statistics.engine().empty() ? kHiveEngine : std::string_view(statistics.engine()));
}

}  // namespace lodestone
