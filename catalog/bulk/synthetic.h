// Partitions that nobody has: for trying things out, for tests and for benches. Deterministic, all different, and with
// the shape of real ones: days times hours times regions, statistics as parameters.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "catalog/bulk_load.h"
#include "catalog/filter/filter.h"

namespace lodestone::bulk {

// Not thread-safe.
class SyntheticRows {
 public:
  // `rows` partitions of a table with these keys. InvalidArgument: the keys' types do not have that many values
  // (booleans, say).
  static absl::StatusOr<SyntheticRows> Make(std::span<const filter::Key> keys, int64_t rows, uint64_t seed);

  // The next row, in ascending order where the keys' texts ascend; null at the end. Valid until the next call.
  const BulkRow* Next();

 private:
  SyntheticRows(std::span<const filter::Key> keys, std::vector<int64_t> distinct, int64_t rows, uint64_t seed);

  std::vector<filter::Key> keys_;
  std::vector<int64_t> distinct_;  // values per key
  std::vector<int64_t> at_;        // which of them is next, per key
  std::vector<std::string> texts_;
  std::vector<std::string_view> values_;
  std::vector<std::string> numbers_;
  std::vector<std::pair<std::string_view, std::string_view>> parameters_;
  const int64_t rows_;
  const uint64_t seed_;
  int64_t next_ = 0;
  BulkRow row_;
};

}  // namespace lodestone::bulk
