#include "catalog/warehouse/table_data.h"

#include "catalog/base/local_path.h"
#include "catalog/base/status_macros.h"
#include "catalog/session/partition_places.h"
#include "catalog/warehouse/defaults.h"

namespace lodestone::warehouse {

namespace {

// Whether a table whose data stays has some of it in the folder.
absl::StatusOr<bool> KeepsDataIn(Session& quiet, const model::v1::Table& table, std::string_view folder) {
  const std::string& location = table.storage_descriptor().location();
  if (base::PathWithin(folder, location) || base::PathWithin(location, folder)) return true;
  bool inside = false;
  RETURN_IF_ERROR(
      session::ForEachPartitionOutside(quiet, {table.database(), table.name()}, location, [&](std::string_view place) {
        inside |= base::PathWithin(folder, place).has_value();
        return absl::OkStatus();
      }));
  return inside;
}

// Whether another database of the catalog lies in the folder, or around it.
absl::StatusOr<bool> HoldsAnotherDatabase(Session& quiet, const model::v1::Database& database,
                                          std::string_view folder) {
  ASSIGN_OR_RETURN(const Page<std::string> names, quiet.ListDatabases());
  for (const std::string& name : names.items) {
    if (name == database.name()) continue;
    ASSIGN_OR_RETURN(const model::v1::Database other, quiet.GetDatabase(name));
    for (const std::string& place : {other.location_uri(), other.managed_location_uri()}) {
      if (!place.empty() && base::PathWithin(folder, place)) return true;
    }
  }
  return false;
}

}  // namespace

absl::Status RemoveTableData(HiveCall& call, Session& quiet, const model::v1::Table& table,
                             const HiveDropOptions& drop) {
  if (!drop.delete_data || !OwnsData(table)) return absl::OkStatus();
  const bool purge = drop.purge || SkipsTrash(table);
  const std::string& location = table.storage_descriptor().location();
  RETURN_IF_ERROR(
      session::ForEachPartitionOutside(quiet, {table.database(), table.name()}, location, [&](std::string_view place) {
        call.RemoveLater(place, purge);
        return absl::OkStatus();
      }));
  if (!location.empty()) call.RemoveLater(location, purge);
  return absl::OkStatus();
}

absl::Status RemoveDatabaseData(HiveCall& call, Session& quiet, const model::v1::Database& database,
                                const HiveDropOptions& drop) {
  if (!drop.delete_data) return absl::OkStatus();
  std::vector<std::string> folders;
  for (const std::string& folder : {database.location_uri(), database.managed_location_uri()}) {
    if (!folder.empty()) folders.push_back(folder);
  }
  std::vector<bool> keeps(folders.size());
  // Without cascade there is none, or the drop fails.
  Page<std::string> tables;
  if (drop.mode == DropMode::kCascade) {
    ASSIGN_OR_RETURN(tables, quiet.ListTables(database.name()));
  }
  for (const std::string& name : tables.items) {
    ASSIGN_OR_RETURN(const model::v1::Table table, quiet.GetTable({database.name(), name}));
    RETURN_IF_ERROR(RemoveTableData(call, quiet, table, drop));
    if (IsView(table) || OwnsData(table)) continue;
    for (std::size_t i = 0; i < folders.size(); ++i) {
      if (keeps[i]) continue;
      ASSIGN_OR_RETURN(keeps[i], KeepsDataIn(quiet, table, folders[i]));
    }
  }
  for (std::size_t i = 0; i < folders.size(); ++i) {
    ASSIGN_OR_RETURN(const bool shared, HoldsAnotherDatabase(quiet, database, folders[i]));
    if (keeps[i] || shared) {
      call.RemoveEmptyLater(folders[i], 1);
    } else {
      call.RemoveLater(folders[i], drop.purge);
    }
  }
  return absl::OkStatus();
}

}  // namespace lodestone::warehouse
