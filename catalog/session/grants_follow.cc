#include "catalog/session/grants_follow.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "catalog/partition/reader.h"
#include "catalog/privilege/grant_records.h"
#include "catalog/privilege/place.h"
#include "catalog/session/objects.h"

namespace lodestone::session {

using privilege::NamedObject;
using record::CatalogId;
using record::DatabaseId;

NamedObject NamedTable(CatalogId catalog, DatabaseId database, std::string_view name,
                       const record::v1::TableEntry& entry) {
  return {.catalog = catalog,
          .database = database,
          .kind = Securable::Kind::kTable,
          .id = entry.id(),
          .name = std::string(name),
          .owner = privilege::OwnerOf(entry.owner(), entry.owner_type())};
}

NamedObject NamedTable(const TableHandle& table) {
  return {.catalog = table.catalog,
          .database = table.database,
          .kind = Securable::Kind::kTable,
          .id = table.id.value,
          .name = table.name.table,
          .owner = privilege::OwnerOf(table.table.owner(), table.table.owner_type())};
}

NamedObject NamedFunction(CatalogId catalog, DatabaseId database, std::string_view name,
                          const model::v1::Function& function) {
  return {.catalog = catalog,
          .database = database,
          .kind = Securable::Kind::kFunction,
          .id = static_cast<uint64_t>(function.id()),
          .name = std::string(name),
          .owner = privilege::OwnerOf(function.owner_name(), function.owner_type())};
}

Grantee OwnerOf(const model::v1::Database& database) {
  return privilege::OwnerOf(database.owner_name(), database.owner_type());
}

namespace {

std::set<std::string> ColumnsOf(const model::v1::Table& table) {
  std::set<std::string> columns;
  for (const auto& column : table.storage_descriptor().columns()) columns.insert(column.name());
  for (const auto& key : table.partition_keys()) columns.insert(key.name());
  return columns;
}

absl::StatusOr<CatalogId> CatalogOf(const store::Reader& reader, DatabaseId id) {
  ASSIGN_OR_RETURN(const record::v1::DatabaseRecord database, ReadDatabase(reader, id));
  return CatalogId{database.catalog_id()};
}

absl::StatusOr<NamedObject> FindNamed(const store::Reader& reader, record::TableId id) {
  const std::string key = record::TableKey(id);
  ASSIGN_OR_RETURN(const auto table, ReadRecord<record::v1::TableRecord>(reader, key));
  if (!table) return MissingRecord(key);
  const DatabaseId database{table->database_id()};
  ASSIGN_OR_RETURN(const CatalogId catalog, CatalogOf(reader, database));
  return NamedObject{.catalog = catalog,
                     .database = database,
                     .kind = Securable::Kind::kTable,
                     .id = id.value,
                     .name = table->name(),
                     .owner = privilege::OwnerOf(table->table().owner(), table->table().owner_type())};
}

}  // namespace

absl::Status FollowAlter(store::Transaction& txn, const TableHandle& before, const model::v1::Table& after) {
  const NamedObject table = NamedTable(before);
  RETURN_IF_ERROR(privilege::NoteOwner(txn, table, privilege::OwnerOf(after.owner(), after.owner_type())));
  const std::set<std::string> had = ColumnsOf(before.table);
  const std::set<std::string> has = ColumnsOf(after);
  std::vector<std::string> gone;
  std::ranges::set_difference(had, has, std::back_inserter(gone));
  return privilege::NoteColumnsGone(txn, table, gone);
}

absl::Status EndStalePartitionGrants(store::Transaction& txn, const partition::TablePartitions& table) {
  ASSIGN_OR_RETURN(const NamedObject named, FindNamed(txn, table.table));
  std::set<std::string> granted;
  const store::KeyRange range = record::PartitionGrants(named.catalog, named.database, named.id);
  RETURN_IF_ERROR(ForEach(txn, range, [&](std::string_view key, std::string_view) -> absl::Status {
    auto parts = record::ParseGrantKey(key);
    if (!parts) return privilege::BadGrantKey(key);
    granted.insert(std::move(parts->on.leaf));
    return absl::OkStatus();
  }));
  for (const std::string& key : granted) {
    ASSIGN_OR_RETURN(const bool exists, partition::PartitionExists(txn, table, key));
    if (!exists) RETURN_IF_ERROR(privilege::NotePartitionGone(txn, named, key));
  }
  return absl::OkStatus();
}

absl::Status MovePartitionGrants(store::Transaction& txn, const partition::TablePartitions& table,
                                 std::string_view from, std::string_view to) {
  ASSIGN_OR_RETURN(const NamedObject named, FindNamed(txn, table.table));
  return privilege::NotePartitionRenamed(txn, named, from, to);
}

absl::Status ForgetTable(store::Transaction& txn, record::TableId id) {
  const std::string key = record::TableKey(id);
  ASSIGN_OR_RETURN(const auto there, txn.Get(key));
  if (!there) return absl::OkStatus();
  ASSIGN_OR_RETURN(const NamedObject named, FindNamed(txn, id));
  return privilege::ForgetGrants(txn, privilege::OnObject(named));
}

absl::Status ForgetFunction(store::Transaction& txn, DatabaseId database, uint64_t id) {
  ASSIGN_OR_RETURN(const CatalogId catalog, CatalogOf(txn, database));
  return privilege::ForgetGrants(
      txn, {.catalog = catalog, .database = database, .object = id, .kind = Securable::Kind::kFunction});
}

absl::Status ForgetDatabase(store::Transaction& txn, DatabaseId id) {
  ASSIGN_OR_RETURN(const record::v1::DatabaseRecord database, ReadDatabase(txn, id));
  return privilege::ForgetDatabase(txn, CatalogId{database.catalog_id()}, id, OwnerOf(database.database()));
}

}  // namespace lodestone::session
