// A securable whose names were resolved in one snapshot.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "catalog/privileges.h"
#include "catalog/record/ids.h"
#include "lodestone/model/v1/database.pb.h"

namespace lodestone::privilege {

struct Place {
  Securable::Kind kind = Securable::Kind::kCatalog;
  record::CatalogId catalog;    // none for kGlobal
  record::DatabaseId database;  // none: above databases
  uint64_t object = 0;          // a table's or function's id
  // Of the database, and of the table or function in it: as asked for, in lower case.
  std::string database_name;
  std::string name;
  // The column's name, the partition's key as stored, or the path.
  std::string leaf;
  // Whom they belong to; an empty name: nobody.
  Grantee database_owner;
  Grantee object_owner;
  // False: what was named is not there, nor perhaps what would hold it; the ids are those of what is there on the way.
  bool exists = true;
  // How messages call it.
  std::string shown;
};

// The owner that a database, table or function says it has; a role's name in lower case.
Grantee OwnerOf(std::string_view name, model::v1::PrincipalType type);

}  // namespace lodestone::privilege
