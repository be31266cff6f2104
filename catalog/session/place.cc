#include "catalog/session/place.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "catalog/base/strings.h"
#include "catalog/model/partition_name.h"
#include "catalog/partition/reader.h"
#include "catalog/record/keys.h"
#include "catalog/session/objects.h"

namespace lodestone::session {

namespace {

using privilege::OwnerOf;
using privilege::Place;
using record::v1::DroppedObject;

absl::Status SetDatabase(const store::Reader& reader, record::DatabaseId id, Place* place) {
  ASSIGN_OR_RETURN(const record::v1::DatabaseRecord record, ReadDatabase(reader, id));
  place->database = id;
  place->database_owner = OwnerOf(record.database().owner_name(), record.database().owner_type());
  return absl::OkStatus();
}

void SetTable(const record::v1::TableEntry& entry, Place* place) {
  place->object = entry.id();
  place->object_owner = OwnerOf(entry.owner(), entry.owner_type());
}

void SetFunction(const record::v1::FunctionRecord& record, Place* place) {
  place->object = static_cast<uint64_t>(record.function().id());
  place->object_owner = OwnerOf(record.function().owner_name(), record.function().owner_type());
}

// Each of the following answers whether what the securable names is there.

absl::StatusOr<bool> FindDatabaseOf(const store::Reader& reader, const Securable& on, Place* place) {
  RETURN_IF_ERROR(LookupName(ObjectKind::kDatabase, on.database).status());
  if (!place->catalog) return false;
  const std::string key = record::DatabaseNameKey(place->catalog, on.database);
  ASSIGN_OR_RETURN(const auto entry, ReadRecord<record::v1::DatabaseEntry>(reader, key));
  if (!entry) return false;
  RETURN_IF_ERROR(SetDatabase(reader, record::DatabaseId{entry->id()}, place));
  return true;
}

absl::StatusOr<bool> FindTableOf(const store::Reader& reader, const Securable& on, Place* place) {
  RETURN_IF_ERROR(LookupName(ObjectKind::kTable, on.object).status());
  ASSIGN_OR_RETURN(const bool database, FindDatabaseOf(reader, on, place));
  if (!database) return false;
  const std::string key = record::TableNameKey(place->database, on.object);
  ASSIGN_OR_RETURN(const auto entry, ReadRecord<record::v1::TableEntry>(reader, key));
  if (!entry) return false;
  SetTable(*entry, place);
  return true;
}

absl::StatusOr<bool> FindFunctionOf(const store::Reader& reader, const Securable& on, Place* place) {
  RETURN_IF_ERROR(LookupName(ObjectKind::kFunction, on.object).status());
  ASSIGN_OR_RETURN(const bool database, FindDatabaseOf(reader, on, place));
  if (!database) return false;
  const std::string key = record::FunctionKey(place->database, on.object);
  ASSIGN_OR_RETURN(const auto record, ReadRecord<record::v1::FunctionRecord>(reader, key));
  if (!record) return false;
  SetFunction(*record, place);
  return true;
}

absl::StatusOr<model::v1::Table> ReadTable(const store::Reader& reader, const Place& place) {
  const std::string key = record::TableKey(record::TableId{place.object});
  ASSIGN_OR_RETURN(auto record, ReadRecord<record::v1::TableRecord>(reader, key));
  if (!record) return MissingRecord(key);
  return std::move(*record->mutable_table());
}

absl::StatusOr<bool> FindColumnOf(const store::Reader& reader, const Securable& on, Place* place) {
  RETURN_IF_ERROR(LookupName(ObjectKind::kColumn, on.column).status());
  place->leaf = on.column;
  ASSIGN_OR_RETURN(const bool there, FindTableOf(reader, on, place));
  if (!there) return false;
  ASSIGN_OR_RETURN(const model::v1::Table table, ReadTable(reader, *place));
  const auto same = [&on](const model::v1::Column& column) { return column.name() == on.column; };
  return std::ranges::any_of(table.storage_descriptor().columns(), same) ||
         std::ranges::any_of(table.partition_keys(), same);
}

absl::StatusOr<bool> FindPartitionOf(const store::Reader& reader, const Securable& on, Place* place) {
  ASSIGN_OR_RETURN(const bool there, FindTableOf(reader, on, place));
  place->leaf = model::EncodePartitionKey(std::span<const std::string>(on.values));
  if (!there) return false;
  ASSIGN_OR_RETURN(const model::v1::Table table, ReadTable(reader, *place));
  const auto keys = static_cast<std::size_t>(table.partition_keys().size());
  if (keys == 0 || keys != on.values.size() || IsView(table.table_type())) return false;
  const record::TableId id{place->object};
  ASSIGN_OR_RETURN(auto partitions, MakePartitions({}, id, on.table(), table));
  ASSIGN_OR_RETURN(partitions.set, ReadPartitionSet(reader, id));
  return partition::PartitionExists(reader, partitions, place->leaf);
}

absl::StatusOr<bool> Fill(const store::Reader& reader, const Securable& on, Place* place) {
  switch (on.kind) {
    case Securable::Kind::kGlobal:
      return true;
    case Securable::Kind::kCatalog:
      return static_cast<bool>(place->catalog);
    case Securable::Kind::kDatabase:
      return FindDatabaseOf(reader, on, place);
    case Securable::Kind::kTable:
      return FindTableOf(reader, on, place);
    case Securable::Kind::kColumn:
      return FindColumnOf(reader, on, place);
    case Securable::Kind::kPartition:
      return FindPartitionOf(reader, on, place);
    case Securable::Kind::kFunction:
      return FindFunctionOf(reader, on, place);
    case Securable::Kind::kPath:
      place->leaf = on.path;
      return true;
  }
  return absl::InternalError("a securable without kind");
}

// The dropped object that would come back under the name.
absl::StatusOr<std::optional<DroppedObject>> FindDropped(const Metastore::Impl& metastore, const store::Reader& reader,
                                                         const Securable& on, const Place& place) {
  if (on.kind == Securable::Kind::kDatabase) {
    return PeekDropped(metastore, reader, DroppedObject::DATABASE, place.catalog.value, on.database);
  }
  if (!place.database) return std::optional<DroppedObject>();
  const bool table = on.kind == Securable::Kind::kTable;
  return PeekDropped(metastore, reader, table ? DroppedObject::TABLE : DroppedObject::FUNCTION, place.database.value,
                     on.object);
}

}  // namespace

Securable Lowered(Securable on) {
  for (std::string* name : {&on.database, &on.object, &on.column}) *name = base::AsciiLower(*name);
  return on;
}

absl::StatusOr<Place> FindPlace(const store::Reader& reader, record::CatalogId catalog, const Securable& on) {
  const Securable lowered = Lowered(on);
  Place place;
  place.kind = on.kind;
  if (on.kind != Securable::Kind::kGlobal) place.catalog = catalog;
  place.database_name = lowered.database;
  place.name = lowered.object;
  place.shown = lowered.ToString();
  ASSIGN_OR_RETURN(place.exists, Fill(reader, lowered, &place));
  return place;
}

absl::StatusOr<Place> FindDroppedPlace(const Metastore::Impl& metastore, const store::Reader& reader,
                                       record::CatalogId catalog, const Securable& on) {
  const Securable lowered = Lowered(on);
  ASSIGN_OR_RETURN(Place place, FindPlace(reader, catalog, lowered));
  if (place.exists) return place;
  ASSIGN_OR_RETURN(const auto dropped, FindDropped(metastore, reader, lowered, place));
  if (!dropped) return place;
  place.exists = true;
  switch (on.kind) {
    case Securable::Kind::kDatabase:
      RETURN_IF_ERROR(SetDatabase(reader, record::DatabaseId{dropped->id()}, &place));
      return place;
    case Securable::Kind::kTable: {
      record::v1::TableEntry entry;
      RETURN_IF_ERROR(record::DecodeRecord(dropped->entry(), place.shown, &entry));
      SetTable(entry, &place);
      return place;
    }
    default: {
      record::v1::FunctionRecord function;
      RETURN_IF_ERROR(record::DecodeRecord(dropped->entry(), place.shown, &function));
      SetFunction(function, &place);
      return place;
    }
  }
}

absl::StatusOr<record::CatalogId> FindCatalogId(const store::Reader& reader, std::string_view catalog) {
  ASSIGN_OR_RETURN(const std::string lower, LookupName(ObjectKind::kCatalog, catalog));
  ASSIGN_OR_RETURN(const auto found, ReadRecord<record::v1::CatalogRecord>(reader, record::CatalogNameKey(lower)));
  return found ? record::CatalogId{static_cast<uint64_t>(found->catalog().id())} : record::CatalogId();
}

absl::StatusOr<record::CatalogId> NeedCatalogId(const store::Reader& reader, std::string_view catalog) {
  ASSIGN_OR_RETURN(const record::CatalogId id, FindCatalogId(reader, catalog));
  if (!id) return NoSuch(ObjectKind::kCatalog, catalog);
  return id;
}

}  // namespace lodestone::session
