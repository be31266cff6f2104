// Column statistics of several places rolled into one: of partitions into those of all of them, of what was added into
// what was known. docs/semantics/objects.md has the rules.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lodestone/model/v1/statistics.pb.h"

namespace lodestone {

// Makes `into` what is known about the values of both. They come without rows in common, as those of two partitions do.
// What comes out is as right as what went in, and
//   exact          NULLs, trues, falses: the sum. NULLs are not known (-1) where one of both does not know them
//   exact          bounds: the outer ones of those that are known. A place of NULLs alone has none, NaN is not known
//   exact          the greatest length
//   a lower bound  distinct values: the greater number. Of two sets with n and m values the union has at least the
//                  greater and at most n + m; partitions mostly repeat each other's values, and Hive takes the same
//   an upper bound average length: the greater one, as how many rows there are is not known
// Sketch and histogram go, as they are opaque to the store; the time of analysis is the later one. The rest (type,
// engine) stays as it is in `into`. Merging any number, in any order, gives the same, but for that rest.
// False, and nothing is changed: they are of two columns, or their data are of two kinds. Pure; thread-safe.
bool MergeStatistics(const model::v1::ColumnStatistics& from, model::v1::ColumnStatistics* into);

struct PartitionStatistics {
  std::string partition;  // its name
  std::vector<model::v1::ColumnStatistics> columns;
};

struct RolledStatistics {
  // By name. Without columns whose data are of two kinds.
  std::vector<model::v1::ColumnStatistics> columns;
  // How many partitions have statistics of each column asked for. Fewer than there are partitions: some rows are not
  // counted in, nothing is extrapolated for them.
  int64_t complete = 0;
};
// Those of `columns`, in any case, over all `partitions`, which are of one table. Pure; thread-safe.
RolledStatistics RollUp(std::span<const PartitionStatistics> partitions, std::span<const std::string> columns);

// Hive's name for itself, and whose the statistics are that name no engine.
inline constexpr std::string_view kHiveEngine = "hive";
// There is one record per column, that of the engine which wrote last. Another one's is to whoever asks for `engine` as
// if it was not there. Empty: of whichever.
bool IsOfEngine(const model::v1::ColumnStatistics& statistics, std::string_view engine);

}  // namespace lodestone
