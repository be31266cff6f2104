#include "catalog/bulk/synthetic.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"

namespace lodestone::bulk {
namespace {

using model::TypeKind;

constexpr int64_t kHours = 24;
constexpr int64_t kRegions = 20;
constexpr int64_t kBegin = 1'577'836'800;  // 2020-01-01

// How many values the type has, as far as anybody wants them.
int64_t ValuesOf(const model::Type& type) {
  switch (type.kind) {
    case TypeKind::kBoolean:
      return 2;
    case TypeKind::kTinyint:
      return 100;
    case TypeKind::kSmallint:
      return 30'000;
    case TypeKind::kDate:
      return 2'000'000;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLocalTz:
      return 40'000'000;
    default:
      return 1'000'000'000;
  }
}

bool IsCalledDay(std::string_view name) { return name == "dt" || name == "ds" || name == "day" || name == "date"; }

std::string DayText(int64_t i) {
  const absl::CivilDay day = absl::CivilDay(2020, 1, 1) + i;
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

// Value number `i` of a key with `distinct` values.
std::string ValueText(const filter::Key& key, int64_t i, int64_t distinct) {
  switch (key.type.kind) {
    case TypeKind::kBoolean:
      return i == 0 ? "false" : "true";
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
      return std::to_string(i);
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kDecimal:
      return absl::StrFormat("%d.5", i);
    case TypeKind::kDate:
      return DayText(i);
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLocalTz:
      return absl::StrFormat("%s %02d:00:00", DayText(i / kHours), i % kHours);
    default:
      break;
  }
  if (IsCalledDay(key.name)) return DayText(i);
  if (key.name == "hour" || key.name == "hr") return absl::StrFormat("%02d", i);
  if (distinct <= kRegions) {
    static constexpr std::string_view kPlaces[] = {"af-south", "ap-east", "ca-north", "eu-west", "us-east"};
    return absl::StrFormat("%s-%d", base::ToAbsl(kPlaces[i * 5 / kRegions]), i % (kRegions / 5) + 1);
  }
  return absl::StrFormat("%s-%07d", key.name, i);
}

uint64_t Mix(uint64_t x) {
  x += 0x9E3779B97F4A7C15;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

// Enough for `rows` in all, but not more than `rows`.
int64_t Product(const std::vector<int64_t>& counts, int64_t rows) {
  int64_t product = 1;
  for (const int64_t count : counts) product = count > rows / product ? rows : product * count;
  return product;
}

}  // namespace

absl::StatusOr<SyntheticRows> SyntheticRows::Make(std::span<const filter::Key> keys, int64_t rows, uint64_t seed) {
  if (rows < 0) {
    return MakeError(ErrorKind::kInvalidObject, ObjectKind::kInput, "",
                     base::StrCat("can't make ", rows, " partitions"));
  }
  const int64_t wanted = std::max<int64_t>(rows, 1);
  // Behind the first key, which takes what is left: hours, regions, and pairs in between.
  std::vector<int64_t> distinct(keys.size(), 2);
  if (keys.size() >= 2) distinct[keys.size() - 1] = keys.size() == 2 ? kHours : kRegions;
  if (keys.size() >= 3) distinct[keys.size() - 2] = kHours;
  distinct[0] = 1;
  for (std::size_t i = 0; i < keys.size(); ++i) distinct[i] = std::min(distinct[i], ValuesOf(keys[i].type));
  for (std::size_t i = 0; i < keys.size() && Product(distinct, wanted) < wanted; ++i) {
    const int64_t others = std::exchange(distinct[i], 1) > 0 ? Product(distinct, wanted) : 1;
    distinct[i] = std::min((wanted + others - 1) / others, ValuesOf(keys[i].type));
  }
  if (Product(distinct, wanted) < wanted) {
    return MakeError(ErrorKind::kInvalidObject, ObjectKind::kInput, "",
                     base::StrCat("the partition keys do not have enough values for ", rows, " partitions"));
  }
  return SyntheticRows(keys, std::move(distinct), rows, seed);
}

SyntheticRows::SyntheticRows(std::span<const filter::Key> keys, std::vector<int64_t> distinct, int64_t rows,
                             uint64_t seed)
    : keys_(keys.begin(), keys.end()),
      distinct_(std::move(distinct)),
      at_(keys.size(), 0),
      texts_(keys.size()),
      values_(keys.size()),
      numbers_(4),
      parameters_(4),
      rows_(rows),
      seed_(seed) {}

const BulkRow* SyntheticRows::Next() {
  if (next_ == rows_) return nullptr;
  // The last key turns fastest; texts are made anew only where a key moved on.
  bool moved = true;
  for (std::size_t i = keys_.size(); i-- > 0;) {
    if (next_ > 0 && moved) {
      at_[i] = at_[i] + 1 == distinct_[i] ? 0 : at_[i] + 1;
      texts_[i] = ValueText(keys_[i], at_[i], distinct_[i]);
      moved = at_[i] == 0;
    } else if (next_ == 0) {
      texts_[i] = ValueText(keys_[i], 0, distinct_[i]);
    }
    values_[i] = texts_[i];
  }
  const uint64_t random = Mix(seed_ ^ Mix(static_cast<uint64_t>(next_)));
  const auto files = static_cast<int64_t>(1 + random % 8);
  const auto rows = static_cast<int64_t>(1'000 + (random >> 8) % 10'000'000);
  const int64_t time = kBegin + next_;
  numbers_[0] = std::to_string(files);
  numbers_[1] = std::to_string(rows);
  numbers_[2] = std::to_string(rows * static_cast<int64_t>(20 + (random >> 40) % 80));
  numbers_[3] = std::to_string(time);
  static constexpr std::string_view kNames[] = {"numFiles", "numRows", "totalSize", "transient_lastDdlTime"};
  for (std::size_t i = 0; i < 4; ++i) parameters_[i] = {kNames[i], numbers_[i]};
  row_.values = values_;
  row_.parameters = parameters_;
  row_.create_time = time;
  ++next_;
  return &row_;
}

}  // namespace lodestone::bulk
