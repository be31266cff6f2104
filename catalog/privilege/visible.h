// What somebody sees in lists without seeing everything there: an index of the databases, tables and functions that a
// grantee was granted something on (or in), or owns. Beside the grants and the owners, from which it follows: whoever
// changes one of these calls the function here that says so, in the same transaction.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/privileges.h"
#include "catalog/record/grant_keys.h"
#include "catalog/record/ids.h"
#include "catalog/store/store.h"

namespace lodestone::privilege {

// A table or function under its name.
struct NamedObject {
  record::CatalogId catalog;
  record::DatabaseId database;
  Securable::Kind kind = Securable::Kind::kTable;  // or kFunction
  uint64_t id = 0;
  std::string name;  // in lower case
  Grantee owner;     // an empty name, or one that no grantee can have: nobody
};
// Whether the owner sees what it owns, and may do everything with it: not an owner whose name no grantee can have, nor
// the role `public`.
bool IsSomebody(const Grantee& owner);
// The whole of it, for keys of grants.
record::GrantedOn OnObject(const NamedObject& object);

// --- Tables and functions. Cost: as many keys as there are grantees; but for the first, after reading the grants on
// the object ---

// Made new: there are no grants on it yet.
absl::Status NoteMade(store::Transaction& txn, const NamedObject& object);
// Back under its name, with the grants it has.
absl::Status NoteShown(store::Transaction& txn, const NamedObject& object);
// No longer under its name: dropped, or about to get another.
absl::Status NoteHidden(store::Transaction& txn, const NamedObject& object);
// Renamed, perhaps into another database. Its grants go along; what was granted on by virtue of something on the other
// database falls.
absl::Status NoteRenamed(store::Transaction& txn, const NamedObject& from, const NamedObject& to);
// After the record says so. What the old owner granted on by virtue of nothing else falls, where it is derived.
absl::Status NoteOwner(store::Transaction& txn, const NamedObject& object, const Grantee& new_owner);
// Gone for good; it was hidden before.
absl::Status ForgetGrants(store::Transaction& txn, const record::GrantedOn& object);

// --- In tables: grants on what is gone end ---

absl::Status NoteColumnsGone(store::Transaction& txn, const NamedObject& table, std::span<const std::string> columns);
// Whether there is any grant on a partition: the usual answer is no, and then there is nothing else to do.
absl::StatusOr<bool> HasPartitionGrants(const store::Reader& reader, const NamedObject& table);
absl::Status NotePartitionGone(store::Transaction& txn, const NamedObject& table, std::string_view partition_key);
absl::Status NoteAllPartitionsGone(store::Transaction& txn, const NamedObject& table);
absl::Status NotePartitionRenamed(store::Transaction& txn, const NamedObject& table, std::string_view from,
                                  std::string_view to);

// --- Databases and catalogs. Names, drops and undrops of databases change nothing here ---

// After the record says so, as NoteOwner.
absl::Status NoteDatabaseOwner(store::Transaction& txn, record::CatalogId catalog, record::DatabaseId database,
                               const Grantee& old_owner, const Grantee& new_owner);
// Gone for good, with all grants in it. Costs time proportional to what was granted in it.
absl::Status ForgetDatabase(store::Transaction& txn, record::CatalogId catalog, record::DatabaseId database,
                            const Grantee& owner);
absl::Status ForgetCatalog(store::Transaction& txn, record::CatalogId catalog);

// --- For grants themselves ---

// That a GrantsRecord came (1) or went (-1). Finds the name of the object it is on; of one that is dropped nothing is
// noted.
absl::Status NoteGrantRecord(store::Transaction& txn, const record::GrantedOn& on, const Grantee& grantee, int delta);

}  // namespace lodestone::privilege
