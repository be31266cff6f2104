// Grants, and the index of what is visible that follows from them and from owners.
#include <algorithm>
#include <utility>

#include "catalog/base/strings.h"
#include "catalog/partition/reader.h"
#include "catalog/privilege/place.h"
#include "catalog/session/grants_follow.h"
#include "catalog/session/objects.h"
#include "catalog/session/verify_state.h"

namespace lodestone::session {

using base::StrCat;
using privilege::IsSomebody;
using record::CatalogId;
using record::DatabaseId;
using record::GrantedOn;
using record::v1::GrantsRecord;
using record::v1::VisibleEntry;
using Kind = Securable::Kind;

namespace {

bool TableHasColumn(const model::v1::Table& table, std::string_view name) {
  const auto same = [name](const model::v1::Column& column) { return column.name() == name; };
  return std::ranges::any_of(table.storage_descriptor().columns(), same) ||
         std::ranges::any_of(table.partition_keys(), same);
}

// Why the entries of a record are not as they should be; empty: they are.
std::string FaultIn(const GrantsRecord& record) {
  if (record.entries().empty()) return "it has no entry";
  for (int i = 0; i < record.entries().size(); ++i) {
    const GrantsRecord::Entry& entry = record.entries(i);
    if (entry.privilege() >= static_cast<uint32_t>(kPrivilegeCount)) {
      return StrCat("there is no privilege ", entry.privilege());
    }
    if (entry.derived() && entry.grantor().empty()) return "an entry of the embedding program can't be derived";
    if (i == 0) continue;
    const GrantsRecord::Entry& before = record.entries(i - 1);
    const auto order =
        std::pair(before.privilege(), before.grantor()) <=> std::pair(entry.privilege(), entry.grantor());
    if (order >= 0) return StrCat("its entries are not in order, or one is there twice, at number ", i);
  }
  return {};
}

}  // namespace

absl::StatusOr<std::string> Verifier::WhyNotGrantable(const GrantedOn& on) {
  if (on.kind == Kind::kGlobal) return "";
  if (!catalogs_.contains(on.catalog.value)) return StrCat("there is no catalog with the id ", on.catalog.value);
  if (!on.database) return "";
  const auto database = databases_.find(on.database.value);
  if (database == databases_.end() || database->second.parent != on.catalog.value) {
    return StrCat("the catalog has no database with the id ", on.database.value);
  }
  if (on.object == 0) return "";
  const auto& objects = on.kind == Kind::kFunction ? functions_ : tables_;
  const auto object = objects.find(on.object);
  if (object == objects.end() || object->second.parent != on.database.value) {
    return StrCat("the database has no ", on.kind == Kind::kFunction ? "function" : "table", " with the id ",
                  on.object);
  }
  if (on.leaf.empty()) return "";
  const record::TableId id{on.object};
  ASSIGN_OR_RETURN(const auto record, ReadRecord<record::v1::TableRecord>(reader_, record::TableKey(id)));
  if (!record) return "";  // reported with the table
  if (on.kind == Kind::kColumn) return TableHasColumn(record->table(), on.leaf) ? "" : "the table has no such column";
  auto table = MakePartitions({}, id, {}, record->table());
  if (!table.ok()) return "the table has no partitions";
  ASSIGN_OR_RETURN(table->set, ReadPartitionSet(reader_, id));
  ASSIGN_OR_RETURN(const bool exists, partition::PartitionExists(reader_, *table, on.leaf));
  return exists ? "" : "the table has no such partition";
}

absl::Status Verifier::CheckGrants(std::string_view key, std::string_view value) {
  GrantsRecord record;
  if (!Decode(key, value, &record)) return absl::OkStatus();
  const auto parts = record::ParseGrantKey(key);  // the key is well-formed
  const GrantedOn& on = parts->on;
  if (const std::string fault = FaultIn(record); !fault.empty()) Report(key, fault);
  ASSIGN_OR_RETURN(const std::string why_not, WhyNotGrantable(on));
  if (!why_not.empty()) {
    Report(key, why_not);
    return absl::OkStatus();
  }
  if (on.kind == Kind::kDatabase) {
    VisibleEntry& entry = visible_[record::VisibleDatabaseKey(on.catalog, parts->grantee, on.database)];
    entry.set_id(on.database.value);
    entry.set_grants(entry.grants() + 1);
  } else if (on.object != 0) {
    const Kind kind = on.kind == Kind::kFunction ? Kind::kFunction : Kind::kTable;
    const Named& object = (kind == Kind::kFunction ? functions_ : tables_).at(on.object);
    if (!object.dropped) ExpectSeen(on.database, kind, object.name, on.object, parts->grantee, false);
  }
  return absl::OkStatus();
}

void Verifier::ExpectSeen(DatabaseId database, Kind kind, std::string_view name, uint64_t id, const Grantee& grantee,
                          bool owned) {
  const auto in = databases_.find(database.value);
  if (in == databases_.end()) return;  // reported with the object
  const CatalogId catalog{in->second.parent};
  const auto [at, added] = visible_.try_emplace(record::VisibleKey(catalog, database, grantee, kind, name));
  VisibleEntry& entry = at->second;
  entry.set_id(id);
  if (owned) {
    entry.set_owned(true);
  } else {
    entry.set_grants(entry.grants() + 1);
  }
  if (!added) return;
  VisibleEntry& above = visible_[record::VisibleDatabaseKey(catalog, grantee, database)];
  above.set_id(database.value);
  above.set_within(above.within() + 1);
}

void Verifier::ExpectOwnedDatabase(CatalogId catalog, DatabaseId id, const record::v1::DatabaseRecord& record) {
  const Grantee owner = OwnerOf(record.database());
  if (!IsSomebody(owner)) return;
  VisibleEntry& entry = visible_[record::VisibleDatabaseKey(catalog, owner, id)];
  entry.set_id(id.value);
  entry.set_owned(true);
}

void Verifier::ExpectOwnedTable(DatabaseId database, std::string_view name, const record::v1::TableEntry& entry) {
  const Grantee owner = privilege::OwnerOf(entry.owner(), entry.owner_type());
  if (IsSomebody(owner)) ExpectSeen(database, Kind::kTable, name, entry.id(), owner, true);
}

void Verifier::ExpectOwnedFunction(DatabaseId database, std::string_view name, const model::v1::Function& function) {
  const Grantee owner = privilege::OwnerOf(function.owner_name(), function.owner_type());
  const auto id = static_cast<uint64_t>(function.id());
  if (IsSomebody(owner)) ExpectSeen(database, Kind::kFunction, name, id, owner, true);
}

void Verifier::CheckVisible(std::string_view key, std::string_view value) {
  VisibleEntry entry;
  const auto expected = visible_.find(std::string(key));
  if (expected == visible_.end()) return Report(key, "neither a grant nor an owner is behind it");
  if (Decode(key, value, &entry) && entry.SerializeAsString() != expected->second.SerializeAsString()) {
    Report(key, StrCat("expected ", expected->second.ShortDebugString(), ", found ", entry.ShortDebugString()));
  }
  visible_.erase(expected);
}

void Verifier::FinishVisible() {
  for (const auto& [key, entry] : visible_) Report(key, "it is not there, though a grant or an owner stands behind it");
}

}  // namespace lodestone::session
