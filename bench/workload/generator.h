// The partitions that every bench works on, made from their number: dt (string, a day), hour (int, 24), region (string,
// 20), so 480 a day; four parameters with the spread of real ones. Nothing is kept, so ten million cost no memory.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "catalog/catalog.h"

namespace lodestone::bench {

inline constexpr int64_t kPartitionsPerDay = 480;
inline constexpr std::array<std::string_view, 4> kParameterNames = {"numFiles", "numRows", "totalSize",
                                                                    "transient_lastDdlTime"};

// One partition. Reuse it from row to row.
struct Row {
  std::array<std::string, 3> values;      // dt, hour, region
  std::array<std::string, 4> parameters;  // as kParameterNames
  int64_t create_time = 0;
  int64_t day = -1;  // that values[0] is the text of, in days since 1970

  // dt=.../hour=.../region=...
  std::string Name() const;
  // dt/hour/region: sorts as the names do.
  std::string Key() const;
  model::v1::Partition ToPartition() const;
};

// Partition number `i` of `partitions`, in name order; the last day is the same whatever their number.
class Workload {
 public:
  explicit Workload(int64_t partitions) : partitions_(partitions) {}
  int64_t partitions() const { return partitions_; }
  void Fill(int64_t i, Row* row) const;
  // A day in the middle.
  std::string SomeDay() const;

 private:
  int64_t partitions_;
};

// The table that holds them: 3 keys, 12 columns, Parquet.
model::v1::Table MakeTable(const TableName& name);

// Creates the table (and its database) and loads all partitions of the workload.
absl::Status CreateAndLoad(Session session, const TableName& name, const Workload& workload);

}  // namespace lodestone::bench
