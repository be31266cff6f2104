// Dropping objects so that it can be undone, and ending them.
//
// A drop moves the value that stood under the name to a DroppedObject; everything below the object's id stays where it
// is, and is out of reach as nothing leads there any more. Undoing moves the value back.
#include <algorithm>
#include <utility>

#include "catalog/account/accounts.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/record/keys.h"
#include "catalog/session/grants_follow.h"
#include "catalog/session/objects.h"

namespace lodestone::session {

namespace {

using base::StrCat;
using record::v1::DroppedObject;

absl::Status PurgeById(store::Transaction& txn, DroppedObject::Kind kind, uint64_t parent, uint64_t id) {
  switch (kind) {
    case DroppedObject::CATALOG:
      return PurgeCatalog(txn, record::CatalogId{id});
    case DroppedObject::DATABASE:
      return PurgeDatabase(txn, record::DatabaseId{id});
    case DroppedObject::TABLE:
      return PurgeTable(txn, record::TableId{id});
    case DroppedObject::FUNCTION:  // all else went with the name
      return ForgetFunction(txn, record::DatabaseId{parent}, id);
    default:
      return absl::OkStatus();
  }
}

// Ends a few dropped tables and functions that are beyond retention, next to the one just dropped: enough for those who
// drop and make again, and little work. Maintain() does the rest.
absl::Status PurgeNeighbours(const Metastore::Impl& metastore, store::Transaction& txn, const std::string& at) {
  constexpr int kLooks = 8;
  constexpr int kPurges = 2;
  const store::KeyRange all = record::DroppedObjects();
  std::vector<std::pair<std::string, DroppedObject>> expired;
  const auto cursor = txn.NewCursor(all);
  cursor->SeekForPrev(at);
  for (int i = 0; i < kLooks && cursor->Valid() && expired.size() < kPurges; ++i, cursor->Prev()) {
    DroppedObject dropped;
    RETURN_IF_ERROR(DecodeAt(cursor->key(), cursor->value(), &dropped));
    const bool small = dropped.kind() == DroppedObject::TABLE || dropped.kind() == DroppedObject::FUNCTION;
    if (!small || !metastore.IsExpired(dropped.dropped_ms())) continue;
    expired.emplace_back(cursor->key(), std::move(dropped));
  }
  RETURN_IF_ERROR(cursor->status());
  for (const auto& [key, dropped] : expired) RETURN_IF_ERROR(PurgeDropped(txn, key, dropped));
  return absl::OkStatus();
}

// The latest under the name, with its key.
absl::StatusOr<std::optional<std::pair<std::string, DroppedObject>>> FindLatest(const store::Reader& reader,
                                                                                DroppedObject::Kind kind,
                                                                                uint64_t parent,
                                                                                std::string_view name) {
  std::optional<std::pair<std::string, DroppedObject>> latest;
  const auto cursor = reader.NewCursor(record::DroppedObjects(kind, parent, name));
  cursor->SeekToLast();
  RETURN_IF_ERROR(cursor->status());
  if (!cursor->Valid()) return latest;
  latest.emplace(std::string(cursor->key()), DroppedObject());
  RETURN_IF_ERROR(DecodeAt(cursor->key(), cursor->value(), &latest->second));
  return latest;
}

// The tables and functions that were dropped from a database.
absl::Status PurgeDroppedUnder(store::Transaction& txn, DroppedObject::Kind kind, uint64_t parent) {
  std::vector<std::pair<std::string, DroppedObject>> found;
  RETURN_IF_ERROR(ForEach(txn, DroppedUnder(kind, parent), [&](std::string_view key, std::string_view value) {
    found.emplace_back(key, DroppedObject());
    return DecodeAt(key, value, &found.back().second);
  }));
  for (const auto& [key, dropped] : found) RETURN_IF_ERROR(PurgeDropped(txn, key, dropped));
  return absl::OkStatus();
}

}  // namespace

store::KeyRange DroppedUnder(DroppedObject::Kind kind, uint64_t parent) {
  return {.lower = record::DroppedKey(kind, parent, "", 0, 0), .upper = record::DroppedKey(kind, parent + 1, "", 0, 0)};
}

absl::Status KeepOrPurge(const Metastore::Impl& metastore, store::Transaction& txn, const Dropped& dropped,
                         Purge purge) {
  if (purge == Purge::kYes || metastore.options().undrop_retention_ms == 0) {
    return PurgeById(txn, dropped.kind, dropped.parent, dropped.id);
  }
  ASSIGN_OR_RETURN(const auto latest, FindLatest(txn, dropped.kind, dropped.parent, dropped.name));
  // Later drops have later times, also within one millisecond and after a clock went backwards.
  const int64_t now = metastore.NowMillis();
  const int64_t when = latest ? std::max(now, latest->second.dropped_ms() + 1) : now;
  DroppedObject kept;
  kept.set_kind(dropped.kind);
  kept.set_parent_id(dropped.parent);
  kept.set_name(dropped.name);
  kept.set_id(dropped.id);
  kept.set_dropped_ms(when);
  kept.set_entry(dropped.entry);
  const std::string key = record::DroppedKey(dropped.kind, dropped.parent, dropped.name, when, dropped.id);
  PutRecord(txn, key, kept);
  return PurgeNeighbours(metastore, txn, key);
}

absl::StatusOr<DroppedObject> TakeDropped(const Metastore::Impl& metastore, store::Transaction& txn,
                                          DroppedObject::Kind kind, uint64_t parent, std::string_view name,
                                          ObjectKind object, std::string_view shown) {
  ASSIGN_OR_RETURN(auto latest, FindLatest(txn, kind, parent, name));
  if (!latest) {
    return MakeError(ErrorKind::kNoSuchObject, object, shown,
                     StrCat("no dropped ", NameOf(object), " ", shown, " is there to bring back"));
  }
  if (metastore.IsExpired(latest->second.dropped_ms())) {
    return MakeError(ErrorKind::kNoSuchObject, object, shown,
                     StrCat(NameOf(object), " ", shown, " was dropped more than ",
                            metastore.options().undrop_retention_ms, " ms ago and can't be brought back"));
  }
  txn.Delete(latest->first);
  return std::move(latest->second);
}

absl::StatusOr<std::optional<DroppedObject>> PeekDropped(const Metastore::Impl& metastore, const store::Reader& reader,
                                                         DroppedObject::Kind kind, uint64_t parent,
                                                         std::string_view name) {
  ASSIGN_OR_RETURN(auto latest, FindLatest(reader, kind, parent, name));
  if (!latest || metastore.IsExpired(latest->second.dropped_ms())) return std::optional<DroppedObject>();
  return std::optional<DroppedObject>(std::move(latest->second));
}

absl::Status PurgeDropped(store::Transaction& txn, std::string_view key, const DroppedObject& dropped) {
  txn.Delete(key);
  return PurgeById(txn, dropped.kind(), dropped.parent_id(), dropped.id());
}

absl::Status PurgeTable(store::Transaction& txn, record::TableId id) {
  RETURN_IF_ERROR(DropForeignKeysTo(txn, id));
  RETURN_IF_ERROR(DropReferencesFrom(txn, id));
  RETURN_IF_ERROR(ForgetTable(txn, id));
  ASSIGN_OR_RETURN(const auto set, ReadRecord<record::v1::PartitionSet>(txn, record::PartitionSetKey(id)));
  if (set) {
    const store::KeyRange partitions = record::PartitionParts(record::SetId{set->set_id()});
    ASSIGN_OR_RETURN(const bool any, HasAny(txn, partitions));
    if (any) txn.DeleteRange(partitions);
  }
  return DeleteAll(txn, record::TableParts(id));
}

absl::Status PurgeDatabase(store::Transaction& txn, record::DatabaseId id) {
  std::vector<record::TableId> tables;
  RETURN_IF_ERROR(ForEach(txn, record::TableNames(id), [&](std::string_view key, std::string_view value) {
    record::v1::TableEntry entry;
    RETURN_IF_ERROR(DecodeAt(key, value, &entry));
    tables.push_back(record::TableId{entry.id()});
    return absl::OkStatus();
  }));
  for (const record::TableId table : tables) RETURN_IF_ERROR(PurgeTable(txn, table));
  RETURN_IF_ERROR(DeleteAll(txn, record::TableNames(id)));
  RETURN_IF_ERROR(DeleteAll(txn, record::Functions(id)));
  RETURN_IF_ERROR(PurgeDroppedUnder(txn, DroppedObject::TABLE, id.value));
  RETURN_IF_ERROR(PurgeDroppedUnder(txn, DroppedObject::FUNCTION, id.value));
  RETURN_IF_ERROR(ForgetDatabase(txn, id));
  txn.Delete(record::DatabaseKey(id));
  return absl::OkStatus();
}

absl::Status PurgeCatalog(store::Transaction& txn, record::CatalogId id) {
  std::vector<record::DatabaseId> databases;
  RETURN_IF_ERROR(ForEach(txn, record::DatabaseNames(id), [&](std::string_view key, std::string_view value) {
    record::v1::DatabaseEntry entry;
    RETURN_IF_ERROR(DecodeAt(key, value, &entry));
    databases.push_back(record::DatabaseId{entry.id()});
    return absl::OkStatus();
  }));
  for (const record::DatabaseId database : databases) RETURN_IF_ERROR(PurgeDatabase(txn, database));
  RETURN_IF_ERROR(DeleteAll(txn, record::DatabaseNames(id)));
  for (const store::KeyRange& range : {record::Roles(id), record::AllMemberships(id), record::AllMembers(id)}) {
    RETURN_IF_ERROR(DeleteAll(txn, range));
  }
  RETURN_IF_ERROR(account::DropAccountsOf(txn, id));
  RETURN_IF_ERROR(privilege::ForgetCatalog(txn, id));
  return PurgeDroppedUnder(txn, DroppedObject::DATABASE, id.value);
}

}  // namespace lodestone::session
