// Column statistics of tables and of single partitions: one record per column.
#include <algorithm>
#include <set>
#include <utility>

#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/model/validate.h"
#include "catalog/partition/reader.h"
#include "catalog/record/keys.h"
#include "catalog/session/call.h"
#include "catalog/session/objects.h"
#include "catalog/session/partition_rows.h"

namespace lodestone {

using model::v1::ColumnStatistics;
using model::v1::Event;
using record::v1::StatisticsRecord;

namespace session {

namespace {

// Where statistics of one table or partition lie.
struct Place {
  std::function<std::string(std::string_view column)> key;
  store::KeyRange all;
};

Place TablePlace(record::TableId id) {
  return {.key = [id](std::string_view column) { return record::TableStatisticsKey(id, column); },
          .all = record::TableParts(id, record::TablePart::kStatistics)};
}
Place PartitionPlace(record::SetId set, const std::string& partition_key) {
  return {.key = [=](std::string_view column) { return record::PartitionStatisticsKey(set, partition_key, column); },
          .all = record::PartitionStatistics(set, partition_key)};
}

absl::Status Put(store::Transaction& txn, const Place& place, const model::v1::Table& table, std::string_view shown,
                 std::span<const ColumnStatistics> statistics) {
  const auto& descriptor = table.storage_descriptor();
  const std::vector<model::v1::Column> columns(descriptor.columns().begin(), descriptor.columns().end());
  for (const ColumnStatistics& one : statistics) RETURN_IF_ERROR(model::CheckStatistics(columns, one, shown));
  for (const ColumnStatistics& one : statistics) {
    StatisticsRecord record;
    *record.mutable_statistics() = one;
    const std::string column = base::AsciiLower(one.column());
    record.mutable_statistics()->set_column(column);
    PutRecord(txn, place.key(column), record);
  }
  return absl::OkStatus();
}

std::vector<std::string> KeysOf(const Place& place, std::span<const std::string> columns) {
  std::vector<std::string> keys;
  for (const std::string& column : columns) keys.push_back(place.key(base::AsciiLower(column)));
  std::ranges::sort(keys);
  keys.erase(std::ranges::unique(keys).begin(), keys.end());
  return keys;
}

// Those of columns that the table has today: a partition's outlive a column that went.
absl::StatusOr<std::vector<ColumnStatistics>> Get(const store::Reader& reader, const Place& place,
                                                  const model::v1::Table& table, std::span<const std::string> columns) {
  std::vector<ColumnStatistics> found;
  const auto take = [&](std::string_view key, std::string_view value) -> absl::Status {
    StatisticsRecord record;
    RETURN_IF_ERROR(DecodeAt(key, value, &record));
    const bool present =
        std::ranges::any_of(table.storage_descriptor().columns(),
                            [&record](const model::v1::Column& c) { return c.name() == record.statistics().column(); });
    if (present) found.push_back(std::move(*record.mutable_statistics()));
    return absl::OkStatus();
  };
  if (columns.empty()) {
    RETURN_IF_ERROR(ForEach(reader, place.all, take));
    return found;
  }
  const std::vector<std::string> keys = KeysOf(place, columns);
  ASSIGN_OR_RETURN(const auto values, reader.MultiGet(keys));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (values[i]) RETURN_IF_ERROR(take(keys[i], *values[i]));
  }
  return found;
}

// Returns how many went.
absl::StatusOr<int64_t> Delete(store::Transaction& txn, const Place& place, std::span<const std::string> columns) {
  std::vector<std::string> keys = KeysOf(place, columns);
  if (columns.empty()) {
    RETURN_IF_ERROR(ForEach(txn, place.all, [&keys](std::string_view key, std::string_view) {
      keys.emplace_back(key);
      return absl::OkStatus();
    }));
  }
  ASSIGN_OR_RETURN(const auto values, txn.MultiGet(keys));
  int64_t deleted = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!values[i]) continue;
    txn.Delete(keys[i]);
    ++deleted;
  }
  return deleted;
}

struct PartitionsHandle {
  TableHandle table;
  partition::TablePartitions partitions;
};
absl::StatusOr<PartitionsHandle> LocatePartitions(const store::Reader& reader, std::string_view catalog,
                                                  const TableName& table) {
  ASSIGN_OR_RETURN(TableHandle found, FindTable(reader, catalog, table));
  ASSIGN_OR_RETURN(partition::TablePartitions partitions, MakePartitions(catalog, found.id, found.name, found.table));
  ASSIGN_OR_RETURN(partitions.set, ReadPartitionSet(reader, found.id));
  return PartitionsHandle{.table = std::move(found), .partitions = std::move(partitions)};
}

// A partition that exists, and where its statistics lie.
struct PartitionHandle {
  TableHandle table;
  std::string name;  // of the partition
  Place place;
};
absl::StatusOr<PartitionHandle> FindPartition(const store::Reader& reader, std::string_view catalog,
                                              const TableName& table, std::span<const std::string> values) {
  ASSIGN_OR_RETURN(PartitionsHandle in, LocatePartitions(reader, catalog, table));
  const partition::TablePartitions& partitions = in.partitions;
  ASSIGN_OR_RETURN(const std::string key, PartitionKeyOf(partitions, values));
  ASSIGN_OR_RETURN(const bool exists, partition::PartitionExists(reader, partitions, key));
  if (!exists) return NoSuchPartition(partitions, key);
  std::string name = NameOfKey(partitions.key_names, key);
  return PartitionHandle{.table = std::move(in.table),
                         .name = std::move(name),
                         .place = PartitionPlace(record::SetId{partitions.set.set_id()}, key)};
}

// For whoever has privileges on single columns alone.
void KeepColumns(const std::vector<std::string>& columns, std::vector<ColumnStatistics>* statistics) {
  std::erase_if(*statistics,
                [&](const ColumnStatistics& one) { return std::ranges::find(columns, one.column()) == columns.end(); });
}

Event MakeStatisticsEvent(Event::Kind kind, const TableHandle& table, int64_t count) {
  Event event = MakeEvent(kind, table.name.database, table.name.table, table.id.value);
  event.set_count(count);
  return event;
}

}  // namespace
}  // namespace session

using namespace session;  // NOLINT: the calls below are made of what the namespace offers

absl::Status Session::UpdateTableStatistics(const TableName& table, std::span<const ColumnStatistics> statistics) {
  const auto body = [&](store::Transaction& txn, Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const TableHandle found, FindTable(txn, impl_->catalog, table));
    if (statistics.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(Put(txn, TablePlace(found.id), found.table, found.name.ToString(), statistics));
    const auto count = static_cast<int64_t>(statistics.size());
    return AppendEvent(*impl_, txn, MakeStatisticsEvent(Event::UPDATE_TABLE_STATISTICS, found, count));
  };
  return Write(
      *impl_, Operation::kUpdateStatistics, [&] { return Securable::Table(table); }, body);
}

absl::StatusOr<std::vector<ColumnStatistics>> Session::GetTableStatistics(const TableName& table,
                                                                          std::span<const std::string> columns) const {
  const auto body = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<std::vector<ColumnStatistics>> {
    ASSIGN_OR_RETURN(const auto only, call.CheckColumns(*reader));
    ASSIGN_OR_RETURN(const TableHandle found, FindTable(*reader, impl_->catalog, table));
    ASSIGN_OR_RETURN(auto statistics, Get(*reader, TablePlace(found.id), found.table, columns));
    if (only) KeepColumns(*only, &statistics);
    return statistics;
  };
  return Read(
      *impl_, Operation::kGetStatistics, [&] { return Securable::Table(table); }, body, Ask::kInBody);
}

absl::Status Session::DeleteTableStatistics(const TableName& table, std::span<const std::string> columns) {
  const auto body = [&](store::Transaction& txn, Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const TableHandle found, FindTable(txn, impl_->catalog, table));
    ASSIGN_OR_RETURN(const int64_t deleted, Delete(txn, TablePlace(found.id), columns));
    if (deleted == 0) return absl::OkStatus();
    return AppendEvent(*impl_, txn, MakeStatisticsEvent(Event::DELETE_TABLE_STATISTICS, found, deleted));
  };
  return Write(
      *impl_, Operation::kDeleteStatistics, [&] { return Securable::Table(table); }, body);
}

absl::Status Session::UpdatePartitionStatistics(const TableName& table, std::span<const std::string> values,
                                                std::span<const ColumnStatistics> statistics) {
  const auto body = [&](store::Transaction& txn, Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const PartitionHandle found, FindPartition(txn, impl_->catalog, table, values));
    if (statistics.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(Put(txn, found.place, found.table.table, found.table.name.ToString(), statistics));
    const auto count = static_cast<int64_t>(statistics.size());
    Event event = MakeStatisticsEvent(Event::UPDATE_PARTITION_STATISTICS, found.table, count);
    event.add_partitions(found.name);
    return AppendEvent(*impl_, txn, std::move(event));
  };
  return Write(
      *impl_, Operation::kUpdateStatistics, [&] { return PartitionOf(table, values); }, body);
}

absl::StatusOr<std::vector<ColumnStatistics>> Session::GetPartitionStatistics(
    const TableName& table, std::span<const std::string> values, std::span<const std::string> columns) const {
  const auto body = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<std::vector<ColumnStatistics>> {
    ASSIGN_OR_RETURN(const auto only, call.CheckColumns(*reader));
    ASSIGN_OR_RETURN(const PartitionHandle found, FindPartition(*reader, impl_->catalog, table, values));
    ASSIGN_OR_RETURN(auto statistics, Get(*reader, found.place, found.table.table, columns));
    if (only) KeepColumns(*only, &statistics);
    return statistics;
  };
  return Read(
      *impl_, Operation::kGetStatistics, [&] { return PartitionOf(table, values); }, body, Ask::kInBody);
}

absl::StatusOr<std::vector<PartitionStatistics>> Session::GetPartitionsStatistics(
    const TableName& table, std::span<const std::string> names, std::span<const std::string> columns) const {
  const auto body = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<std::vector<PartitionStatistics>> {
    ASSIGN_OR_RETURN(const auto only, call.CheckColumnsOfPartitions(*reader, [&] { return KeysInNames(names); }));
    ASSIGN_OR_RETURN(const PartitionsHandle in, LocatePartitions(*reader, impl_->catalog, table));
    std::set<std::string> keys;
    for (const std::string& name : names) {
      ASSIGN_OR_RETURN(std::string key, PartitionKeyOfName(in.partitions, name));
      keys.insert(std::move(key));
    }
    std::vector<PartitionStatistics> all;
    for (const std::string& key : keys) {
      ASSIGN_OR_RETURN(const bool exists, partition::PartitionExists(*reader, in.partitions, key));
      if (!exists) continue;
      const Place place = PartitionPlace(record::SetId{in.partitions.set.set_id()}, key);
      ASSIGN_OR_RETURN(auto statistics, Get(*reader, place, in.table.table, columns));
      if (only) KeepColumns(*only, &statistics);
      if (statistics.empty()) continue;
      all.push_back({.partition = NameOfKey(in.partitions.key_names, key), .columns = std::move(statistics)});
    }
    return all;
  };
  return Read(
      *impl_, Operation::kGetStatistics, [&] { return Securable::Table(table); }, body, Ask::kInBody);
}

absl::Status Session::DeletePartitionStatistics(const TableName& table, std::span<const std::string> values,
                                                std::span<const std::string> columns) {
  const auto body = [&](store::Transaction& txn, Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const PartitionHandle found, FindPartition(txn, impl_->catalog, table, values));
    ASSIGN_OR_RETURN(const int64_t deleted, Delete(txn, found.place, columns));
    if (deleted == 0) return absl::OkStatus();
    Event event = MakeStatisticsEvent(Event::DELETE_PARTITION_STATISTICS, found.table, deleted);
    event.add_partitions(found.name);
    return AppendEvent(*impl_, txn, std::move(event));
  };
  return Write(
      *impl_, Operation::kDeleteStatistics, [&] { return PartitionOf(table, values); }, body);
}

}  // namespace lodestone
