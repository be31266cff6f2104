// The keys of grants and of what follows from them, beside keys.h: built and taken apart here alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/privileges.h"
#include "catalog/record/ids.h"
#include "catalog/store/store.h"

namespace lodestone::record {

// What a grant is on, by ids: renames leave it alone.
struct GrantedOn {
  CatalogId catalog{};    // none: on kGlobal
  DatabaseId database{};  // none: on what stands above databases, and paths
  uint64_t object = 0;    // a table's or function's id; 0: on something else
  Securable::Kind kind = Securable::Kind::kCatalog;
  // A column's name, a partition's key as stored, or a path.
  std::string leaf{};
  bool operator==(const GrantedOn&) const = default;
};

// catalog id, database id, object id, kind, leaf, 0x00, grantee -> GrantsRecord.
std::string GrantKey(const GrantedOn& on, const Grantee& grantee);
// On exactly this; of everybody.
store::KeyRange Grants(const GrantedOn& on);
// On this and on all that lies in it. On kGlobal: on everything in the store.
store::KeyRange GrantsBeneath(const GrantedOn& on);
// On all columns of a table.
store::KeyRange ColumnGrants(CatalogId catalog, DatabaseId database, uint64_t table);
store::KeyRange PartitionGrants(CatalogId catalog, DatabaseId database, uint64_t table);
struct GrantKeyParts {
  GrantedOn on;
  Grantee grantee;
};
// nullopt: the key is none of these.
std::optional<GrantKeyParts> ParseGrantKey(std::string_view key);

// catalog id, parent, grantee, kind, name -> VisibleEntry. Databases have the parent 0, and their id for a name, so
// that renaming one touches nothing; tables and functions have their database and name.
std::string VisibleKey(CatalogId catalog, DatabaseId parent, const Grantee& grantee, Securable::Kind kind,
                       std::string_view name);
std::string VisibleDatabaseKey(CatalogId catalog, const Grantee& grantee, DatabaseId database);
// What the grantee sees; in the order of names (of ids).
store::KeyRange Visible(CatalogId catalog, DatabaseId parent, const Grantee& grantee, Securable::Kind kind);
// What anybody sees.
store::KeyRange VisibleIn(CatalogId catalog, DatabaseId parent);
store::KeyRange VisibleIn(CatalogId catalog);
struct VisibleKeyParts {
  CatalogId catalog;
  DatabaseId parent;
  Grantee grantee;
  Securable::Kind kind;
  std::string_view name;  // a view into the key
  // Of a database.
  DatabaseId database;
};
std::optional<VisibleKeyParts> ParseVisibleKey(std::string_view key);

// Whether a path can be granted on: 1 to 1024 bytes of UTF-8 without control characters.
bool IsPathText(std::string_view path);

}  // namespace lodestone::record
