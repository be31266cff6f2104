#include "catalog/session/partition_places.h"

#include <algorithm>
#include <utility>

#include "catalog/base/local_path.h"
#include "catalog/base/strings.h"
#include "catalog/partition/descriptors.h"
#include "catalog/partition/editor.h"
#include "catalog/partition/page_writer.h"
#include "catalog/session/objects.h"

namespace lodestone::session {

namespace {

using partition::TablePartitions;
using record::v1::SharedDescriptor;

absl::StatusOr<bool> AnyBaseOutside(const store::Reader& reader, const TablePartitions& table,
                                    std::string_view folder) {
  bool outside = false;
  RETURN_IF_ERROR(ForEach(reader, record::TableParts(table.table, record::TablePart::kDescriptor),
                          [&](std::string_view key, std::string_view value) -> absl::Status {
                            SharedDescriptor descriptor;
                            RETURN_IF_ERROR(DecodeAt(key, value, &descriptor));
                            const std::string& base = descriptor.base_location();
                            outside |= !base.empty() && !base::PathWithin(folder, base).has_value();
                            return absl::OkStatus();
                          }));
  return outside;
}

// Owns what the views of a row show.
struct OwnedRow {
  explicit OwnedRow(const partition::Row& row)
      : key(row.key),
        values(row.values.begin(), row.values.end()),
        create_time(row.create_time),
        last_access_time(row.last_access_time),
        descriptor(row.descriptor),
        location(row.location.value_or("")),
        parameters(row.parameters.begin(), row.parameters.end()) {}

  std::string key;
  std::vector<std::string> values;
  int64_t create_time;
  int64_t last_access_time;
  uint32_t descriptor;
  std::string location;
  std::vector<std::pair<std::string, std::string>> parameters;
};

// Rows with locations of their own in folder `from`, with these in `to`.
absl::StatusOr<std::vector<OwnedRow>> RowsToMove(store::Transaction& txn, const TablePartitions& table,
                                                 std::string_view from, std::string_view to) {
  std::vector<OwnedRow> rows;
  const std::shared_ptr<const store::Reader> reader(std::shared_ptr<const void>(), &txn);
  const auto source = partition::NewRowSource(reader, table);
  while (source->Next()) {
    if (!source->row().location) continue;
    const auto rest = base::PathWithin(from, *source->row().location);
    if (!rest) continue;
    rows.emplace_back(source->row());
    rows.back().location = base::JoinPath(to, *rest);
  }
  RETURN_IF_ERROR(source->status());
  return rows;
}

absl::Status MoveOwnLocations(store::Transaction& txn, TablePartitions* table, std::string_view from,
                              std::string_view to) {
  ASSIGN_OR_RETURN(const std::vector<OwnedRow> rows, RowsToMove(txn, *table, from, to));
  if (rows.empty()) return absl::OkStatus();
  std::vector<std::vector<std::string_view>> values(rows.size());
  std::vector<std::vector<partition::Parameter>> parameters(rows.size());
  std::vector<partition::Edit> edits(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    values[i].assign(rows[i].values.begin(), rows[i].values.end());
    parameters[i].assign(rows[i].parameters.begin(), rows[i].parameters.end());
    edits[i].kind = partition::EditKind::kReplace;
    edits[i].row = {.key = rows[i].key,
                    .values = values[i],
                    .create_time = rows[i].create_time,
                    .last_access_time = rows[i].last_access_time,
                    .descriptor = rows[i].descriptor,
                    .location = rows[i].location,
                    .parameters = parameters[i]};
  }
  return partition::ApplyEdits(&txn, table, edits, {}).status();
}

// The names of columns that are not in both tables' lists with one type.
std::vector<std::string> StaleColumns(const model::v1::Table& before, const model::v1::Table& after) {
  std::vector<std::string> stale;
  for (const model::v1::Column& column : before.storage_descriptor().columns()) {
    const bool same = std::ranges::any_of(after.storage_descriptor().columns(), [&](const model::v1::Column& other) {
      return other.name() == column.name() && base::EqualsIgnoreCase(other.type(), column.type());
    });
    if (!same) stale.push_back(column.name());
  }
  return stale;
}

absl::Status DropPartitionStatistics(store::Transaction& txn, const TablePartitions& table,
                                     const std::vector<std::string>& columns) {
  if (columns.empty()) return absl::OkStatus();
  std::vector<std::string> gone;
  const auto range = record::PartitionParts(record::SetId{table.set.set_id()}, record::PartitionPart::kStatistics);
  RETURN_IF_ERROR(ForEach(txn, range, [&](std::string_view key, std::string_view) {
    const std::string_view column = key.substr(key.rfind('\0') + 1);
    if (std::ranges::find(columns, column) != columns.end()) gone.emplace_back(key);
    return absl::OkStatus();
  }));
  for (const std::string& key : gone) txn.Delete(key);
  return absl::OkStatus();
}

}  // namespace

absl::Status ForEachPartitionOutside(Session& session, const TableName& table, std::string_view folder,
                                     absl::FunctionRef<absl::Status(std::string_view location)> visit) {
  const auto& impl = *session.impl();
  const auto reader = impl.Reader();
  ASSIGN_OR_RETURN(const TableHandle found, FindTable(*reader, impl.catalog, table));
  if (IsView(found.table.table_type()) || found.table.partition_keys().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const TablePartitions partitions, FindPartitions(*reader, impl.catalog, table));
  if (partition::AllDerived(partitions.set)) {
    ASSIGN_OR_RETURN(const bool outside, AnyBaseOutside(*reader, partitions, folder));
    if (!outside) return absl::OkStatus();
  }
  auto cursor = session.ListPartitions(table, {.projection = {.location = true}});
  while (cursor.Next()) {
    const StringColumn* const locations = cursor.batch().locations();
    for (std::size_t row = 0; row < cursor.batch().size(); ++row) {
      const auto location = locations->value(row);
      if (location && !base::PathWithin(folder, *location)) RETURN_IF_ERROR(visit(*location));
    }
  }
  return cursor.status();
}

absl::Status MovePartitionPlaces(const Session& session, const TableName& table, std::string_view from,
                                 std::string_view to) {
  const auto& impl = *session.impl();
  return impl
      .Write([&](store::Transaction& txn) -> absl::Status {
        ASSIGN_OR_RETURN(const TableHandle found, FindTable(txn, impl.catalog, table));
        if (found.table.partition_keys().empty()) return absl::OkStatus();
        ASSIGN_OR_RETURN(TablePartitions partitions, FindPartitions(txn, impl.catalog, table));
        if (!partition::AllDerived(partitions.set)) {
          RETURN_IF_ERROR(MoveOwnLocations(txn, &partitions, from, to));
        }
        return partition::RewriteDescriptors(&txn, found.id, [&](SharedDescriptor* descriptor) {
          const auto rest = base::PathWithin(from, descriptor->base_location());
          if (rest) descriptor->set_base_location(base::JoinPath(to, *rest));
          return rest.has_value();
        });
      })
      .status();
}

absl::Status ReplacePartitionColumns(const Session& session, const TableName& table, const model::v1::Table& before) {
  const auto& impl = *session.impl();
  return impl
      .Write([&](store::Transaction& txn) -> absl::Status {
        ASSIGN_OR_RETURN(const TableHandle found, FindTable(txn, impl.catalog, table));
        if (found.table.partition_keys().empty()) return absl::OkStatus();
        ASSIGN_OR_RETURN(const TablePartitions partitions, FindPartitions(txn, impl.catalog, table));
        RETURN_IF_ERROR(DropPartitionStatistics(txn, partitions, StaleColumns(before, found.table)));
        return partition::RewriteDescriptors(&txn, found.id, [&](SharedDescriptor* descriptor) {
          *descriptor->mutable_storage_descriptor()->mutable_columns() = found.table.storage_descriptor().columns();
          return true;
        });
      })
      .status();
}

}  // namespace lodestone::session
