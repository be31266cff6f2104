#include "catalog/privilege/visible.h"

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "catalog/base/status_macros.h"
#include "catalog/privilege/grant_records.h"
#include "catalog/privilege/grants.h"
#include "catalog/privilege/membership.h"
#include "catalog/record/format.h"
#include "catalog/record/keys.h"
#include "lodestone/record/v1/grant.pb.h"
#include "lodestone/record/v1/record.pb.h"

namespace lodestone::privilege {

namespace {

using record::CatalogId;
using record::DatabaseId;
using record::GrantedOn;
using record::v1::VisibleEntry;
using Kind = Securable::Kind;

// How an entry changes.
struct Change {
  int64_t grants = 0;
  int64_t within = 0;
  std::optional<bool> owned{};
};

// Returns 1 when the entry came by this, -1 when it went, 0 when it stays or is still none.
absl::StatusOr<int> ChangeEntry(store::Transaction& txn, const std::string& key, uint64_t id, const Change& change) {
  ASSIGN_OR_RETURN(const auto value, txn.Get(key));
  VisibleEntry entry;
  if (value) RETURN_IF_ERROR(record::DecodeRecord(*value, record::Describe(key), &entry));
  entry.set_id(id);
  entry.set_grants(entry.grants() + change.grants);
  entry.set_within(entry.within() + change.within);
  if (change.owned) entry.set_owned(*change.owned);
  if (entry.grants() <= 0 && entry.within() <= 0 && !entry.owned()) {
    if (value) txn.Delete(key);
    return value ? -1 : 0;
  }
  txn.Put(key, record::EncodeRecord(entry));
  return value ? 0 : 1;
}

absl::Status ChangeDatabase(store::Transaction& txn, CatalogId catalog, DatabaseId database, const Grantee& grantee,
                            const Change& change) {
  const std::string key = record::VisibleDatabaseKey(catalog, grantee, database);
  return ChangeEntry(txn, key, database.value, change).status();
}

absl::Status ChangeObject(store::Transaction& txn, const NamedObject& object, const Grantee& grantee,
                          const Change& change) {
  const std::string key = record::VisibleKey(object.catalog, object.database, grantee, object.kind, object.name);
  ASSIGN_OR_RETURN(const int came, ChangeEntry(txn, key, object.id, change));
  if (came == 0) return absl::OkStatus();
  return ChangeDatabase(txn, object.catalog, object.database, grantee, {.within = came});
}

// How many records each grantee has in the range.
absl::StatusOr<std::map<Grantee, int64_t>> CountGrants(const store::Reader& reader, const store::KeyRange& range) {
  std::map<Grantee, int64_t> counts;
  const auto cursor = reader.NewCursor(range);
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    auto parts = record::ParseGrantKey(cursor->key());
    if (!parts) return BadGrantKey(cursor->key());
    ++counts[std::move(parts->grantee)];
  }
  RETURN_IF_ERROR(cursor->status());
  return counts;
}

// The keys of a range, to be changed after they were read.
absl::StatusOr<std::vector<std::pair<std::string, std::string>>> ReadAll(const store::Reader& reader,
                                                                         const store::KeyRange& range) {
  std::vector<std::pair<std::string, std::string>> all;
  const auto cursor = reader.NewCursor(range);
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) all.emplace_back(cursor->key(), cursor->value());
  RETURN_IF_ERROR(cursor->status());
  return all;
}

absl::Status DeleteKeys(store::Transaction& txn, const store::KeyRange& range) {
  constexpr std::size_t kFew = 32;  // a deleted range costs all later reads near it
  ASSIGN_OR_RETURN(const auto all, ReadAll(txn, range));
  if (all.size() > kFew) {
    txn.DeleteRange(range);
  } else {
    for (const auto& [key, value] : all) txn.Delete(key);
  }
  return absl::OkStatus();
}

// Ends grants in a table that goes on.
absl::Status EndGrants(store::Transaction& txn, const NamedObject& table, const store::KeyRange& range) {
  ASSIGN_OR_RETURN(const auto counts, CountGrants(txn, range));
  if (counts.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(DeleteKeys(txn, range));
  for (const auto& [grantee, count] : counts) {
    RETURN_IF_ERROR(ChangeObject(txn, table, grantee, {.grants = -count}));
  }
  return absl::OkStatus();
}

GrantedOn OnPartition(const NamedObject& table, std::string_view partition_key) {
  GrantedOn on = OnObject(table);
  on.kind = Kind::kPartition;
  on.leaf = partition_key;
  return on;
}

// The same grants with other keys.
absl::Status MoveGrants(store::Transaction& txn, const store::KeyRange& range,
                        const std::function<void(GrantedOn*)>& change) {
  ASSIGN_OR_RETURN(const auto all, ReadAll(txn, range));
  for (const auto& [key, value] : all) {
    auto parts = record::ParseGrantKey(key);
    if (!parts) return BadGrantKey(key);
    change(&parts->on);
    txn.Delete(key);
    txn.Put(record::GrantKey(parts->on, parts->grantee), value);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> NameOfTable(const store::Reader& reader, const GrantedOn& on) {
  const std::string key = record::TableKey(record::TableId{on.object});
  ASSIGN_OR_RETURN(const auto value, reader.Get(key));
  if (!value) return std::optional<std::string>();
  record::v1::TableRecord found;
  RETURN_IF_ERROR(record::DecodeRecord(*value, record::Describe(key), &found));
  const std::string name_key = record::TableNameKey(on.database, found.name());
  ASSIGN_OR_RETURN(const auto under_name, reader.Get(name_key));
  if (!under_name) return std::optional<std::string>();
  record::v1::TableEntry entry;
  RETURN_IF_ERROR(record::DecodeRecord(*under_name, record::Describe(name_key), &entry));
  return entry.id() == on.object ? std::optional(found.name()) : std::nullopt;
}

}  // namespace

bool IsSomebody(const Grantee& owner) {
  return !owner.name.empty() && owner != Grantee::Role(kPublicRole) && CheckGrantee(owner).ok();
}

GrantedOn OnObject(const NamedObject& object) {
  return {.catalog = object.catalog, .database = object.database, .object = object.id, .kind = object.kind};
}

absl::StatusOr<std::optional<std::string>> LiveName(const store::Reader& reader, const GrantedOn& on) {
  if (on.kind != Kind::kFunction) return NameOfTable(reader, on);
  // Functions have no record under their id: they are few, and are looked through.
  const auto cursor = reader.NewCursor(record::Functions(on.database));
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    record::v1::FunctionRecord found;
    RETURN_IF_ERROR(record::DecodeRecord(cursor->value(), record::Describe(cursor->key()), &found));
    if (static_cast<uint64_t>(found.function().id()) != on.object) continue;
    return std::optional(std::string(record::NameUnderParent(cursor->key())));
  }
  RETURN_IF_ERROR(cursor->status());
  return std::optional<std::string>();
}

// --- Tables and functions ---

absl::Status NoteMade(store::Transaction& txn, const NamedObject& object) {
  if (!IsSomebody(object.owner)) return absl::OkStatus();
  return ChangeObject(txn, object, object.owner, {.owned = true});
}

absl::Status NoteShown(store::Transaction& txn, const NamedObject& object) {
  ASSIGN_OR_RETURN(const auto counts, CountGrants(txn, record::GrantsBeneath(OnObject(object))));
  for (const auto& [grantee, count] : counts) {
    RETURN_IF_ERROR(ChangeObject(txn, object, grantee, {.grants = count}));
  }
  return NoteMade(txn, object);
}

absl::Status NoteHidden(store::Transaction& txn, const NamedObject& object) {
  ASSIGN_OR_RETURN(const auto counts, CountGrants(txn, record::GrantsBeneath(OnObject(object))));
  for (const auto& [grantee, count] : counts) {
    RETURN_IF_ERROR(ChangeObject(txn, object, grantee, {.grants = -count}));
  }
  if (!IsSomebody(object.owner)) return absl::OkStatus();
  return ChangeObject(txn, object, object.owner, {.owned = false});
}

absl::Status NoteRenamed(store::Transaction& txn, const NamedObject& from, const NamedObject& to) {
  RETURN_IF_ERROR(NoteHidden(txn, from));
  if (from.database == to.database) return NoteShown(txn, to);
  RETURN_IF_ERROR(
      MoveGrants(txn, record::GrantsBeneath(OnObject(from)), [&to](GrantedOn* on) { on->database = to.database; }));
  RETURN_IF_ERROR(NoteShown(txn, to));
  return DropUnsupportedBeneath(txn, OnObject(to), RevokeMode::kCascade);
}

absl::Status NoteOwner(store::Transaction& txn, const NamedObject& object, const Grantee& new_owner) {
  if (object.owner == new_owner) return absl::OkStatus();
  if (IsSomebody(new_owner)) RETURN_IF_ERROR(ChangeObject(txn, object, new_owner, {.owned = true}));
  if (!IsSomebody(object.owner)) return absl::OkStatus();
  RETURN_IF_ERROR(ChangeObject(txn, object, object.owner, {.owned = false}));
  return DropUnsupportedBeneath(txn, OnObject(object), RevokeMode::kCascade);
}

absl::Status ForgetGrants(store::Transaction& txn, const GrantedOn& object) {
  return DeleteKeys(txn, record::GrantsBeneath(object));
}

// --- In tables ---

absl::Status NoteColumnsGone(store::Transaction& txn, const NamedObject& table, std::span<const std::string> columns) {
  for (const std::string& column : columns) {
    GrantedOn on = OnObject(table);
    on.kind = Kind::kColumn;
    on.leaf = column;
    RETURN_IF_ERROR(EndGrants(txn, table, record::Grants(on)));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> HasPartitionGrants(const store::Reader& reader, const NamedObject& table) {
  const auto cursor = reader.NewCursor(record::PartitionGrants(table.catalog, table.database, table.id));
  cursor->SeekToFirst();
  RETURN_IF_ERROR(cursor->status());
  return cursor->Valid();
}

absl::Status NotePartitionGone(store::Transaction& txn, const NamedObject& table, std::string_view partition_key) {
  return EndGrants(txn, table, record::Grants(OnPartition(table, partition_key)));
}

absl::Status NoteAllPartitionsGone(store::Transaction& txn, const NamedObject& table) {
  return EndGrants(txn, table, record::PartitionGrants(table.catalog, table.database, table.id));
}

absl::Status NotePartitionRenamed(store::Transaction& txn, const NamedObject& table, std::string_view from,
                                  std::string_view to) {
  return MoveGrants(txn, record::Grants(OnPartition(table, from)), [to](GrantedOn* on) { on->leaf = to; });
}

// --- Databases and catalogs ---

absl::Status NoteDatabaseOwner(store::Transaction& txn, CatalogId catalog, DatabaseId database,
                               const Grantee& old_owner, const Grantee& new_owner) {
  if (old_owner == new_owner) return absl::OkStatus();
  if (IsSomebody(new_owner)) {
    RETURN_IF_ERROR(ChangeDatabase(txn, catalog, database, new_owner, {.owned = true}));
  }
  if (!IsSomebody(old_owner)) return absl::OkStatus();
  RETURN_IF_ERROR(ChangeDatabase(txn, catalog, database, old_owner, {.owned = false}));
  const GrantedOn on{.catalog = catalog, .database = database, .kind = Kind::kDatabase};
  return DropUnsupportedBeneath(txn, on, RevokeMode::kCascade);
}

absl::Status ForgetDatabase(store::Transaction& txn, CatalogId catalog, DatabaseId database, const Grantee& owner) {
  std::set<Grantee> grantees;
  if (IsSomebody(owner)) grantees.insert(owner);
  const GrantedOn on{.catalog = catalog, .database = database, .kind = Kind::kDatabase};
  ASSIGN_OR_RETURN(const auto grants, CountGrants(txn, record::Grants(on)));
  for (const auto& [grantee, count] : grants) grantees.insert(grantee);
  const store::KeyRange visible = record::VisibleIn(catalog, database);
  ASSIGN_OR_RETURN(const auto entries, ReadAll(txn, visible));
  for (const auto& [key, value] : entries) {
    auto parts = record::ParseVisibleKey(key);
    if (parts) grantees.insert(std::move(parts->grantee));
    txn.Delete(key);
  }
  for (const Grantee& grantee : grantees) txn.Delete(record::VisibleDatabaseKey(catalog, grantee, database));
  return ForgetGrants(txn, on);
}

absl::Status ForgetCatalog(store::Transaction& txn, CatalogId catalog) {
  RETURN_IF_ERROR(DeleteKeys(txn, record::VisibleIn(catalog)));
  return ForgetGrants(txn, {.catalog = catalog, .kind = Kind::kCatalog});
}

// --- Grants ---

absl::Status NoteGrantRecord(store::Transaction& txn, const GrantedOn& on, const Grantee& grantee, int delta) {
  if (!on.database) return absl::OkStatus();
  if (on.kind == Kind::kDatabase) return ChangeDatabase(txn, on.catalog, on.database, grantee, {.grants = delta});
  ASSIGN_OR_RETURN(auto name, LiveName(txn, on));
  if (!name) return absl::OkStatus();
  const NamedObject object{.catalog = on.catalog,
                           .database = on.database,
                           .kind = on.kind == Kind::kFunction ? Kind::kFunction : Kind::kTable,
                           .id = on.object,
                           .name = *std::move(name),
                           .owner = {}};
  return ChangeObject(txn, object, grantee, {.grants = delta});
}

}  // namespace lodestone::privilege
