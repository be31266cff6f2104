// How privileges, grantees and objects are called in messages and in the audit.
#include <array>

#include "catalog/base/strings.h"
#include "catalog/model/partition_name.h"
#include "catalog/privileges.h"

namespace lodestone {

namespace {

using base::StrCat;

// By number.
constexpr auto kPrivilegeNames = std::to_array<std::string_view>({
    "SELECT",
    "INSERT",
    "OVERWRITE",
    "UPDATE",
    "DELETE",
    "DESCRIBE",
    "LIST",
    "SHOW PARTITIONS",
    "CREATE DATABASE",
    "CREATE TABLE",
    "CREATE VIEW",
    "CREATE FUNCTION",
    "ALTER DATABASE",
    "ALTER TABLE",
    "ALTER COLUMNS",
    "SET PROPERTIES",
    "SET LOCATION",
    "ALTER FUNCTION",
    "RENAME",
    "ADD PARTITION",
    "ALTER PARTITION",
    "RENAME PARTITION",
    "DROP PARTITION",
    "RECOVER PARTITION",
    "TRUNCATE",
    "DROP DATABASE",
    "DROP TABLE",
    "DROP VIEW",
    "DROP FUNCTION",
    "INDEX",
    "LOCK",
    "GRANT PRIVILEGE",
    "REVOKE PRIVILEGE",
    "SHOW PRIVILEGES",
    "SUBMIT JOB",
    "CANCEL JOB",
    "DROP QUEUE",
    "RESTART QUEUE",
    "SCALE QUEUE",
    "GET",
    "USE",
    "MODIFY",
    "REMOVE",
    "START",
    "STOP",
    "EXPORT",
});
static_assert(kPrivilegeNames.size() == kPrivilegeCount);

}  // namespace

std::string_view NameOf(Privilege privilege) {
  const auto number = static_cast<std::size_t>(privilege);
  return number < kPrivilegeNames.size() ? kPrivilegeNames[number] : "unknown privilege";
}

std::vector<Privilege> PrivilegeSet::ToVector() const {
  std::vector<Privilege> all;
  for (int number = 0; number < kPrivilegeCount; ++number) {
    if (Has(static_cast<Privilege>(number))) all.push_back(static_cast<Privilege>(number));
  }
  return all;
}

std::string Grantee::ToString() const {
  switch (kind) {
    case GranteeKind::kUser:
      return StrCat("user ", name);
    case GranteeKind::kGroup:
      return StrCat("group ", name);
    case GranteeKind::kRole:
      return StrCat("role ", name);
  }
  return name;
}

std::string Securable::ToString() const {
  switch (kind) {
    case Kind::kGlobal:
      return "the store";
    case Kind::kCatalog:
      return "the catalog";
    case Kind::kDatabase:
      return StrCat("database ", database);
    case Kind::kTable:
      return StrCat("table ", database, ".", object);
    case Kind::kColumn:
      return StrCat("column ", database, ".", object, ".", column);
    case Kind::kPartition:
      // The names of the keys are the table's to tell, and who may not see the table is not to learn them.
      return StrCat("partition ", database, ".", object, "/", model::EncodePartitionKey(values));
    case Kind::kFunction:
      return StrCat("function ", database, ".", object);
    case Kind::kPath:
      return path;
  }
  return "unknown object";
}

}  // namespace lodestone
