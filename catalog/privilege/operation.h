// The calls of a session, as what privileges and the audit speak of: one for each public call that reads or changes
// something, and one for each part of AlterTable that can be allowed alone.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "catalog/privileges.h"

namespace lodestone::privilege {

enum class Operation : uint8_t {
  kCreateCatalog,
  kGetCatalog,
  kListCatalogs,
  kAlterCatalog,
  kRenameCatalog,
  kDropCatalog,
  kUndropCatalog,
  kCreateDatabase,
  kGetDatabase,
  kListDatabases,
  kAlterDatabase,
  kRenameDatabase,
  kDropDatabase,
  kUndropDatabase,
  kCreateTable,
  kCreateView,
  kGetTable,
  kListTables,
  kRenameTable,
  kDropTable,
  kDropView,
  kUndropTable,
  // AlterTable needs what it changes; the last is everything else, and an alter that changes nothing.
  kAlterTableColumns,
  kAlterTableProperties,
  kAlterTableLocation,
  kAlterTable,
  // Of databases and tables: the owner alone, and administrators.
  kChangeOwner,
  kCreateFunction,
  kGetFunction,
  kListFunctions,
  kAlterFunction,
  kRenameFunction,
  kDropFunction,
  kUndropFunction,
  kAddConstraints,
  kListConstraints,
  kDropConstraint,
  kUpdateStatistics,
  kGetStatistics,
  kDeleteStatistics,
  kListPartitions,
  kGetPartition,
  kCountPartitions,
  kExplain,
  kAddPartitions,
  kReplacePartitions,
  kAlterPartitions,
  kRenamePartition,
  kDropPartitions,
  kTruncatePartitions,
  kBulkLoad,
  kReadEvents,
  kGrant,
  kRevoke,
  kReplaceGrants,
  kListGrants,
  kCheck,
  kCreateRole,
  kDropRole,
  kGrantRole,
  kRevokeRole,
  kListRoles,
  kAddToGroup,
  kRemoveFromGroup,
  kListGroups,
  kSetStoreAdministrator,
  // Of one catalog, or of the store.
  kCreateAccount,
  kEnableAccount,
  kDropAccount,
  kListAccounts,
  kCreateAccessKey,
  kActivateAccessKey,
  kDropAccessKey,
  kListAccessKeys,
  kCreateToken,
  kDropToken,
  kListTokens,
};
inline constexpr int kOperationCount = static_cast<int>(Operation::kListTokens) + 1;
// `GetTable`, ...: for the audit.
std::string_view NameOf(Operation operation);

// What an operation needs on an object of one kind: any one of the privileges. None: ownership or the role `admin`
// alone. Inheritance, ownership and roles apply as everywhere.
struct Requirement {
  Operation operation;
  Securable::Kind kind;
  PrivilegeSet any_of;
  // Whoever sees the object may (anybody, of a catalog and of the store): what is shown is cut down to what the
  // principal sees.
  bool anyone = false;
};
// The one table. Every operation is in it, for each kind of object that it is about.
std::span<const Requirement> Requirements();
// REQUIRES: the table has it. Checked by a test over all operations, and fatal otherwise: never a silent yes.
const Requirement& RequirementOf(Operation operation, Securable::Kind kind);

}  // namespace lodestone::privilege
