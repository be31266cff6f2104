// Statistics of columns, of tables and of partitions. Ids of writes and what clients know of open ones mean nothing
// here: statistics are those that were written last.
#include <optional>
#include <string_view>
#include <utility>

#include "bindings/hive/calls.h"
#include "bindings/hive/connection.h"
#include "bindings/hive/convert/statistics.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "bindings/hive/place.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/statistics.h"

namespace lodestone::hive {
namespace {

using base::StrCat;
using Texts = std::vector<std::string>;
using Records = std::vector<model::v1::ColumnStatistics>;

// Whoever may not see a table hears that it is not there.
absl::Status Told(const absl::Status& status, const TablePlace& place) {
  if (!IsUnseen(status)) return status;
  return Throw(Thrown::kNoSuchObject, StrCat(place.ToString(), " table not found"));
}

// ---- Writing ----
// All or none, in one catalog. `engine` is whose they are that do not say it themselves.
absl::Status Set(const Connection& connection, const std::vector<thrift::ColumnStatistics>& all, StatisticsMode mode,
                 const std::string& engine = {}) {
  if (all.empty()) return absl::OkStatus();
  std::string catalog;
  std::vector<HiveStatistics> updates;
  for (const thrift::ColumnStatistics& one : all) {
    ASSIGN_OR_RETURN(StatisticsUpdate update, ToModel(one));
    if (updates.empty()) catalog = update.target.catalog;
    if (!base::EqualsIgnoreCase(update.target.catalog, catalog)) {
      return Throw(Thrown::kInvalidInput, StrCat("statistics of one catalog are expected, found those of ", catalog,
                                                 " and ", update.target.catalog));
    }
    for (model::v1::ColumnStatistics& column : update.columns) {
      if (column.engine().empty()) column.set_engine(engine);
    }
    updates.push_back({.table = std::move(update.target.table),
                       .partition = std::move(update.target.partition),
                       .columns = std::move(update.columns)});
  }
  ASSIGN_OR_RETURN(HiveSession session, connection.HiveSessionIn(catalog));
  return session.UpdateStatistics(updates, mode);
}

// Whose statistics a call takes, by its name.
enum class Level { kTable, kPartition };
absl::Status SetOne(const Connection& connection, const thrift::ColumnStatistics& statistics, Level level,
                    const std::string& engine = {}) {
  if (statistics.statsDesc.isTblLevel != (level == Level::kTable)) {
    return Throw(Thrown::kMeta, level == Level::kTable ? "statistics of a table are expected, found a partition's"
                                                       : "statistics of a partition are expected, found a table's");
  }
  return Set(connection, {statistics}, StatisticsMode::kReplace, engine);
}
template <Level kLevel>
absl::StatusOr<bool> Update(Connection& connection, const thrift::ColumnStatistics& statistics) {
  RETURN_IF_ERROR(SetOne(connection, statistics, kLevel));
  return true;
}
template <Level kLevel>
absl::StatusOr<thrift::SetPartitionsStatsResponse> UpdateReq(Connection& connection,
                                                             const thrift::SetPartitionsStatsRequest& request) {
  if (request.colStats.size() != 1) {
    return Throw(Thrown::kInvalidInput, StrCat("Only one stats object expected, found ", request.colStats.size()));
  }
  if (request.needMerge) {
    return Throw(Thrown::kInvalidInput, "Merge is not supported for non-aggregate stats");
  }
  RETURN_IF_ERROR(SetOne(connection, request.colStats.front(), kLevel, request.engine));
  thrift::SetPartitionsStatsResponse response;
  response.__set_result(true);
  return response;
}
absl::StatusOr<bool> SetAggregated(Connection& connection, const thrift::SetPartitionsStatsRequest& request) {
  const std::vector<thrift::ColumnStatistics>& all = request.colStats;
  if (all.size() > 1 && all.front().statsDesc.isTblLevel) {
    return Throw(Thrown::kMeta,
                 StrCat("Expecting only 1 ColumnStatistics for table's column stats, but find ", all.size()));
  }
  const StatisticsMode mode = request.needMerge ? StatisticsMode::kMerge : StatisticsMode::kReplace;
  RETURN_IF_ERROR(Set(connection, all, mode, request.engine));
  return true;
}

// Absent: of all columns; of every engine, as clients before 4.0 name none.
absl::StatusOr<bool> DeleteOfTable(Connection& connection, const std::string& database, const std::string& table,
                                   const std::optional<std::string>& column, const std::string& engine) {
  ASSIGN_OR_RETURN(TablePlace place, PlaceOfTable(connection, {}, database, table));
  RETURN_IF_ERROR(place.hive.DeleteStatistics(place.name, {.column = column, .engine = engine}));
  return true;
}
absl::StatusOr<bool> DeleteOfPartition(Connection& connection, const std::string& database, const std::string& table,
                                       const std::string& partition, const std::optional<std::string>& column,
                                       const std::string& engine) {
  ASSIGN_OR_RETURN(TablePlace place, PlaceOfTable(connection, {}, database, table));
  RETURN_IF_ERROR(
      place.hive.DeleteStatistics(place.name, {.partition = partition, .column = column, .engine = engine}));
  return true;
}

// ---- Reading ----
void KeepEngine(std::string_view engine, Records* records) {
  std::erase_if(*records, [&](const auto& one) { return !IsOfEngine(one, engine); });
}
absl::StatusOr<Records> OfTable(const TablePlace& place, const Texts& columns, std::string_view engine) {
  absl::StatusOr<Records> found = place.session().GetTableStatistics(place.name, columns);
  RETURN_IF_ERROR(Told(found.status(), place));
  KeepEngine(engine, &*found);
  return found;
}
absl::StatusOr<std::vector<PartitionStatistics>> OfPartitions(const TablePlace& place, const Texts& partitions,
                                                              const Texts& columns, std::string_view engine) {
  absl::StatusOr<std::vector<PartitionStatistics>> found =
      place.session().GetPartitionsStatistics(place.name, partitions, columns);
  RETURN_IF_ERROR(Told(found.status(), place));
  for (PartitionStatistics& one : *found) KeepEngine(engine, &one.columns);
  std::erase_if(*found, [](const PartitionStatistics& one) { return one.columns.empty(); });
  return found;
}

// The calls without requests are of Hive's own statistics.
absl::StatusOr<thrift::ColumnStatistics> One(const TablePlace& place, const std::optional<std::string>& partition,
                                             const std::string& column, const Records& found) {
  if (found.empty()) {
    return Throw(Thrown::kNoSuchObject, StrCat("No statistics of the column ", base::Quoted(column), " of ",
                                               place.ToString(), partition ? StrCat("/", *partition) : ""));
  }
  return ToThrift({.catalog = std::string(place.session().catalog()), .table = place.name, .partition = partition},
                  found);
}
absl::StatusOr<thrift::ColumnStatistics> GetOfTable(Connection& connection, const std::string& database,
                                                    const std::string& table, const std::string& column) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, {}, database, table));
  ASSIGN_OR_RETURN(const Records found, OfTable(place, {column}, kHiveEngine));
  return One(place, std::nullopt, column, found);
}
absl::StatusOr<thrift::ColumnStatistics> GetOfPartition(Connection& connection, const std::string& database,
                                                        const std::string& table, const std::string& partition,
                                                        const std::string& column) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, {}, database, table));
  ASSIGN_OR_RETURN(const auto found, OfPartitions(place, {partition}, {column}, kHiveEngine));
  if (found.empty()) return One(place, partition, column, {});
  return One(place, found.front().partition, column, found.front().columns);
}

// Requests name their columns: none are none, while to the library they are all.
absl::StatusOr<thrift::TableStatsResult> GetTableStatistics(Connection& connection,
                                                            const thrift::TableStatsRequest& request) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, request.catName, request.dbName, request.tblName));
  thrift::TableStatsResult result;
  if (request.colNames.empty()) return result;
  ASSIGN_OR_RETURN(const Records found, OfTable(place, request.colNames, request.engine));
  result.tableStats = ToThrift(found);
  return result;
}
absl::StatusOr<std::vector<PartitionStatistics>> Asked(const Connection& connection,
                                                       const thrift::PartitionsStatsRequest& request) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, request.catName, request.dbName, request.tblName));
  if (request.colNames.empty()) return std::vector<PartitionStatistics>();
  return OfPartitions(place, request.partNames, request.colNames, request.engine);
}
absl::StatusOr<thrift::PartitionsStatsResult> GetPartitionsStatistics(Connection& connection,
                                                                      const thrift::PartitionsStatsRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<PartitionStatistics> found, Asked(connection, request));
  thrift::PartitionsStatsResult result;
  for (const PartitionStatistics& one : found) result.partStats[one.partition] = ToThrift(one.columns);
  return result;
}
absl::StatusOr<thrift::AggrStats> GetAggregated(Connection& connection, const thrift::PartitionsStatsRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<PartitionStatistics> found, Asked(connection, request));
  const RolledStatistics rolled = RollUp(found, request.colNames);
  thrift::AggrStats result;
  result.partsFound = rolled.complete;
  result.colStats = ToThrift(rolled.columns);
  return result;
}

constexpr Throws kMissingMeta = {Thrown::kNoSuchObject, Thrown::kMeta};
constexpr Throws kWriting = {Thrown::kNoSuchObject, Thrown::kInvalidObject, Thrown::kMeta, Thrown::kInvalidInput};
constexpr Throws kReading = {Thrown::kNoSuchObject, Thrown::kMeta, Thrown::kInvalidInput, Thrown::kInvalidObject};
constexpr Throws kDeleting = {Thrown::kNoSuchObject, Thrown::kMeta, Thrown::kInvalidObject, Thrown::kInvalidInput};
constexpr ErrorRule kMissingColumn[] = {{ErrorKind::kNoSuchObject, ObjectKind::kColumn, Thrown::kMeta}};
constexpr Call kCalls[] = {
    MakeCall<&Update<Level::kTable>>("update_table_column_statistics", kWriting, kMissingColumn),
    MakeCall<&UpdateReq<Level::kTable>>("update_table_column_statistics_req", kWriting, kMissingColumn),
    MakeCall<&Update<Level::kPartition>>("update_partition_column_statistics", kWriting, kMissingColumn),
    MakeCall<&UpdateReq<Level::kPartition>>("update_partition_column_statistics_req", kWriting, kMissingColumn),
    MakeCall<&SetAggregated>("set_aggr_stats_for", kWriting, kMissingColumn),
    MakeCall<&GetOfTable>("get_table_column_statistics", kReading),
    MakeCall<&GetOfPartition>("get_partition_column_statistics", kReading),
    MakeCall<&GetTableStatistics>("get_table_statistics_req", kMissingMeta),
    MakeCall<&GetPartitionsStatistics>("get_partitions_statistics_req", kMissingMeta),
    MakeCall<&GetAggregated>("get_aggr_stats_for", kMissingMeta),
    MakeCall<&DeleteOfTable>("delete_table_column_statistics", kDeleting),
    MakeCall<&DeleteOfPartition>("delete_partition_column_statistics", kDeleting),
};

}  // namespace

std::span<const Call> StatisticsCalls() { return kCalls; }

}  // namespace lodestone::hive
