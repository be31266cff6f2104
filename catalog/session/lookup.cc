// How names become ids, and what every change does.
#include <utility>

#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/event/event_log.h"
#include "catalog/model/type.h"
#include "catalog/model/validate.h"
#include "catalog/record/keys.h"
#include "catalog/session/context.h"

namespace lodestone::session {

using base::StrCat;

// --- Errors ---

absl::Status MissingRecord(std::string_view key) {
  return absl::DataLossError(StrCat(record::Describe(key), " is referred to, and is not in the store"));
}

absl::Status NoSuch(ObjectKind kind, std::string_view name) {
  return MakeError(ErrorKind::kNoSuchObject, kind, name, StrCat(NameOf(kind), " ", name, " does not exist"));
}

absl::Status Exists(ObjectKind kind, std::string_view name) {
  return MakeError(ErrorKind::kAlreadyExists, kind, name, StrCat(NameOf(kind), " ", name, " exists already"));
}

absl::Status CheckCreateOptions(const CreateOptions& options) {
  if (options.if_exists != IfExists::kReplace) return absl::OkStatus();
  return absl::InvalidArgumentError("if_exists: a create can't replace an object; alter the object that exists");
}

// --- Names ---

absl::StatusOr<std::string> LookupName(ObjectKind kind, std::string_view name) {
  RETURN_IF_ERROR(model::CheckLookupName(kind, name));
  return base::AsciiLower(name);
}

absl::Status CheckSameName(ObjectKind kind, std::string_view in_call, std::string_view in_message) {
  if (in_message.empty() || base::EqualsIgnoreCase(in_call, in_message)) return absl::OkStatus();
  return MakeError(ErrorKind::kInvalidObject, kind, in_call,
                   StrCat("the call is about ", NameOf(kind), " ", base::Quoted(in_call), ", the message about ",
                          base::Quoted(in_message)));
}

absl::StatusOr<record::v1::CatalogRecord> FindCatalog(const store::Reader& reader, std::string_view name) {
  ASSIGN_OR_RETURN(const std::string lower, LookupName(ObjectKind::kCatalog, name));
  ASSIGN_OR_RETURN(auto found, ReadRecord<record::v1::CatalogRecord>(reader, record::CatalogNameKey(lower)));
  if (!found) return NoSuch(ObjectKind::kCatalog, lower);
  found->mutable_catalog()->set_name(lower);
  return *std::move(found);
}

absl::StatusOr<DatabaseHandle> FindDatabase(const store::Reader& reader, std::string_view catalog,
                                            std::string_view name) {
  ASSIGN_OR_RETURN(std::string lower, LookupName(ObjectKind::kDatabase, name));
  ASSIGN_OR_RETURN(const auto in, FindCatalog(reader, catalog));
  const record::CatalogId catalog_id{static_cast<uint64_t>(in.catalog().id())};
  ASSIGN_OR_RETURN(const auto entry,
                   ReadRecord<record::v1::DatabaseEntry>(reader, record::DatabaseNameKey(catalog_id, lower)));
  if (!entry) return NoSuch(ObjectKind::kDatabase, lower);
  return DatabaseHandle{.catalog = catalog_id, .id = record::DatabaseId{entry->id()}, .name = std::move(lower)};
}

absl::StatusOr<record::v1::DatabaseRecord> ReadDatabase(const store::Reader& reader, record::DatabaseId id) {
  const std::string key = record::DatabaseKey(id);
  ASSIGN_OR_RETURN(auto found, ReadRecord<record::v1::DatabaseRecord>(reader, key));
  if (!found) return MissingRecord(key);
  return *std::move(found);
}

absl::StatusOr<TableLocator> LocateTable(const store::Reader& reader, std::string_view catalog, const TableName& name) {
  ASSIGN_OR_RETURN(std::string lower, LookupName(ObjectKind::kTable, name.table));
  ASSIGN_OR_RETURN(DatabaseHandle database, FindDatabase(reader, catalog, name.database));
  ASSIGN_OR_RETURN(auto entry, ReadRecord<record::v1::TableEntry>(reader, record::TableNameKey(database.id, lower)));
  TableName found{.database = database.name, .table = std::move(lower)};
  if (!entry) return NoSuch(ObjectKind::kTable, found.ToString());
  const record::TableId id{entry->id()};
  return TableLocator{.database = std::move(database), .id = id, .name = std::move(found), .entry = *std::move(entry)};
}

absl::StatusOr<TableHandle> FindTable(const store::Reader& reader, std::string_view catalog, const TableName& name) {
  ASSIGN_OR_RETURN(TableLocator located, LocateTable(reader, catalog, name));
  const std::string key = record::TableKey(located.id);
  ASSIGN_OR_RETURN(auto found, ReadRecord<record::v1::TableRecord>(reader, key));
  if (!found) return MissingRecord(key);
  TableHandle handle{.catalog = located.database.catalog,
                     .database = located.database.id,
                     .id = located.id,
                     .name = std::move(located.name),
                     .table = std::move(*found->mutable_table())};
  handle.table.set_catalog(base::AsciiLower(catalog));
  handle.table.set_database(handle.name.database);
  handle.table.set_name(handle.name.table);
  handle.table.set_id(static_cast<int64_t>(handle.id.value));
  return handle;
}

// --- Partitioned tables ---

absl::Status CheckPartitioned(const TableName& name, const model::v1::Table& table) {
  std::string_view why;
  if (IsView(table.table_type())) {
    why = " is a view: it has no partitions";
  } else if (table.partition_keys().empty()) {
    why = " has no partition keys";
  } else {
    return absl::OkStatus();
  }
  return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kTable, name.ToString(),
                   StrCat("table ", name.ToString(), why));
}

absl::StatusOr<partition::TablePartitions> MakePartitions(std::string_view catalog, record::TableId id,
                                                          const TableName& name, const model::v1::Table& table) {
  RETURN_IF_ERROR(CheckPartitioned(name, table));
  partition::TablePartitions made;
  made.catalog = base::AsciiLower(catalog);
  made.name = name;
  made.table = id;
  made.descriptor = table.storage_descriptor();
  for (const model::v1::Column& key : table.partition_keys()) {
    ASSIGN_OR_RETURN(model::Type type, model::ParseType(key.type()));
    made.keys.push_back({.name = key.name(), .type = std::move(type)});
    made.key_names.push_back(key.name());
  }
  return made;
}

absl::StatusOr<record::v1::PartitionSet> ReadPartitionSet(const store::Reader& reader, record::TableId id) {
  const std::string key = record::PartitionSetKey(id);
  ASSIGN_OR_RETURN(const auto set, ReadRecord<record::v1::PartitionSet>(reader, key));
  if (!set) return MissingRecord(key);
  return *set;
}

absl::StatusOr<partition::TablePartitions> FindPartitions(const store::Reader& reader, std::string_view catalog,
                                                          const TableName& name) {
  ASSIGN_OR_RETURN(const TableHandle handle, FindTable(reader, catalog, name));
  ASSIGN_OR_RETURN(auto made, MakePartitions(catalog, handle.id, handle.name, handle.table));
  ASSIGN_OR_RETURN(made.set, ReadPartitionSet(reader, handle.id));
  return made;
}

// --- Changes ---

absl::StatusOr<uint64_t> NextId(store::Transaction& txn) {
  const std::string key = record::ObjectSequenceKey();
  ASSIGN_OR_RETURN(auto sequence, ReadRecord<record::v1::Sequence>(txn, key));
  if (!sequence) return MissingRecord(key);
  const uint64_t id = sequence->next();
  sequence->set_next(id + 1);
  PutRecord(txn, key, *sequence);
  return id;
}

absl::Status TouchDefinitions(store::Transaction& txn) {
  const std::string key = record::ObjectSequenceKey();
  ASSIGN_OR_RETURN(auto sequence, ReadRecord<record::v1::Sequence>(txn, key));
  if (!sequence) return MissingRecord(key);
  sequence->set_definitions_version(txn.commit_version());
  PutRecord(txn, key, *sequence);
  return absl::OkStatus();
}

model::v1::Event MakeEvent(model::v1::Event::Kind kind, std::string_view database, std::string_view object,
                           uint64_t object_id) {
  model::v1::Event event;
  event.set_kind(kind);
  event.set_database(std::string(database));
  event.set_object(std::string(object));
  event.set_object_id(static_cast<int64_t>(object_id));
  return event;
}

absl::Status AppendEvent(const Session::Impl& session, store::Transaction& txn, model::v1::Event event) {
  // As many as one change may add twice over, so that a backlog shrinks, and few enough to cost little.
  constexpr int64_t kExpiredPerChange = 4;
  if (!session.events) return absl::OkStatus();
  const Metastore::Impl& metastore = *session.metastore;
  const int64_t now = metastore.NowMillis();
  event.set_time_ms(now);
  event.set_who(session.principal.name);
  if (event.catalog().empty()) event.set_catalog(session.catalog);
  RETURN_IF_ERROR(event::Append(&txn, std::move(event)));
  const int64_t retention = metastore.options().event_retention_ms;
  if (retention <= 0) return absl::OkStatus();
  return event::Expire(&txn, now - retention, kExpiredPerChange).status();
}

std::string JoinLocation(std::string_view base, std::string_view name) {
  while (base.size() > 1 && base.ends_with('/') && !base.ends_with("://")) base.remove_suffix(1);
  return base.ends_with('/') ? StrCat(base, name) : StrCat(base, "/", name);
}

}  // namespace lodestone::session
