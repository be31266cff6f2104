// Column statistics, between Hive's structs and the catalog's records. See database.h for what holds for all
// conversions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "catalog/names.h"
#include "lodestone/model/v1/statistics.pb.h"

namespace lodestone::hive {

// Whose statistics.
struct StatisticsTarget {
  std::string catalog;
  TableName table;
  std::optional<std::string> partition;  // its name; of the table where there is none
};

struct StatisticsUpdate {
  StatisticsTarget target;
  std::vector<model::v1::ColumnStatistics> columns;
};

// InvalidArgument: no kind of data is set, a decimal bound is too large, a partition's has no name. Times of analysis
// and the engine, which Hive says once, stand in each column's record.
absl::StatusOr<StatisticsUpdate> ToModel(const thrift::ColumnStatistics& statistics);
absl::StatusOr<model::v1::ColumnStatistics> ToModel(const thrift::ColumnStatisticsObj& column);

// Bounds, sketches and histograms that are not known are left out; the number of distinct values is 0 then, as Hive
// requires one. A decimal bound that is no number is left out. A record without data, of a column that has none, comes
// out as that of a string without values.
thrift::ColumnStatisticsObj ToThrift(const model::v1::ColumnStatistics& column);
std::vector<thrift::ColumnStatisticsObj> ToThrift(std::span<const model::v1::ColumnStatistics> columns);
// With the description; the time of analysis is the latest one, the engine that of the first column, `hive` where it
// says none.
thrift::ColumnStatistics ToThrift(const StatisticsTarget& target, std::span<const model::v1::ColumnStatistics> columns);

}  // namespace lodestone::hive
