// What each operation needs: data alone. docs/semantics/privileges.md shows the same table, and a test compares both.
#include "catalog/privilege/operation.h"

namespace lodestone::privilege {

namespace {

using Kind = Securable::Kind;
using Op = Operation;
using enum Privilege;

// Only whom the object belongs to, and administrators.
constexpr PrivilegeSet kOwnerAlone{};

// Whoever works with a thing has to be able to read what it is.
constexpr PrivilegeSet kReadsDatabase{kDescribe,   kList,           kSelect,        kCreateTable,
                                      kCreateView, kCreateFunction, kAlterDatabase, kDropDatabase};
constexpr PrivilegeSet kReadsTable{kDescribe, kSelect,     kInsert,       kOverwrite,     kUpdate,
                                   kDelete,   kAlterTable, kAlterColumns, kSetProperties, kSetLocation};
constexpr PrivilegeSet kReadsFunction{kDescribe, kSelect, kUse, kAlterFunction};
constexpr PrivilegeSet kReadsPartitions{kShowPartitions, kSelect};
constexpr PrivilegeSet kReadsDefinition{kDescribe, kSelect};
constexpr PrivilegeSet kWritesStatistics{kAlterTable, kInsert, kOverwrite};

constexpr Requirement kTable[] = {
    // Catalogs: whoever looks after the store; what is shown is what one may enter.
    {Op::kCreateCatalog, Kind::kGlobal, kOwnerAlone},
    {Op::kGetCatalog, Kind::kCatalog, {kDescribe, kList}},
    {Op::kGetCatalog, Kind::kGlobal, {kDescribe, kList}},
    {Op::kListCatalogs, Kind::kGlobal, {}, true},
    {Op::kAlterCatalog, Kind::kGlobal, kOwnerAlone},
    {Op::kRenameCatalog, Kind::kGlobal, kOwnerAlone},
    {Op::kDropCatalog, Kind::kGlobal, kOwnerAlone},
    {Op::kUndropCatalog, Kind::kGlobal, kOwnerAlone},

    {Op::kCreateDatabase, Kind::kCatalog, {kCreateDatabase}},
    {Op::kGetDatabase, Kind::kDatabase, kReadsDatabase},
    {Op::kListDatabases, Kind::kCatalog, {}, true},
    {Op::kAlterDatabase, Kind::kDatabase, {kAlterDatabase}},
    {Op::kRenameDatabase, Kind::kDatabase, {kAlterDatabase, kRename}},
    {Op::kDropDatabase, Kind::kDatabase, {kDropDatabase}},
    {Op::kUndropDatabase, Kind::kDatabase, {kDropDatabase}},

    {Op::kCreateTable, Kind::kDatabase, {kCreateTable}},
    {Op::kCreateView, Kind::kDatabase, {kCreateView}},
    {Op::kGetTable, Kind::kTable, kReadsTable},
    {Op::kListTables, Kind::kDatabase, {}, true},
    {Op::kRenameTable, Kind::kTable, {kRename}},
    {Op::kDropTable, Kind::kTable, {kDropTable}},
    {Op::kDropView, Kind::kTable, {kDropView}},
    {Op::kUndropTable, Kind::kTable, {kDropTable, kDropView}},
    {Op::kAlterTableColumns, Kind::kTable, {kAlterColumns, kAlterTable}},
    {Op::kAlterTableProperties, Kind::kTable, {kSetProperties, kAlterTable}},
    {Op::kAlterTableLocation, Kind::kTable, {kSetLocation}},
    {Op::kAlterTable, Kind::kTable, {kAlterTable}},
    {Op::kChangeOwner, Kind::kDatabase, kOwnerAlone},
    {Op::kChangeOwner, Kind::kTable, kOwnerAlone},
    {Op::kChangeOwner, Kind::kFunction, kOwnerAlone},

    {Op::kCreateFunction, Kind::kDatabase, {kCreateFunction}},
    {Op::kGetFunction, Kind::kFunction, kReadsFunction},
    {Op::kListFunctions, Kind::kDatabase, {}, true},
    {Op::kAlterFunction, Kind::kFunction, {kAlterFunction}},
    {Op::kRenameFunction, Kind::kFunction, {kAlterFunction, kRename}},
    {Op::kDropFunction, Kind::kFunction, {kDropFunction}},
    {Op::kUndropFunction, Kind::kFunction, {kDropFunction}},

    {Op::kAddConstraints, Kind::kTable, {kAlterTable}},
    {Op::kListConstraints, Kind::kTable, kReadsDefinition},
    {Op::kDropConstraint, Kind::kTable, {kAlterTable}},

    {Op::kUpdateStatistics, Kind::kTable, kWritesStatistics},
    {Op::kUpdateStatistics, Kind::kPartition, kWritesStatistics},
    {Op::kGetStatistics, Kind::kTable, kReadsDefinition},
    {Op::kGetStatistics, Kind::kColumn, kReadsDefinition},
    {Op::kGetStatistics, Kind::kPartition, kReadsDefinition},
    {Op::kDeleteStatistics, Kind::kTable, kWritesStatistics},
    {Op::kDeleteStatistics, Kind::kPartition, kWritesStatistics},

    {Op::kListPartitions, Kind::kTable, kReadsPartitions},
    {Op::kGetPartition, Kind::kTable, kReadsPartitions},
    {Op::kGetPartition, Kind::kPartition, kReadsPartitions},
    {Op::kCountPartitions, Kind::kTable, kReadsPartitions},
    {Op::kExplain, Kind::kTable, kReadsPartitions},
    {Op::kAddPartitions, Kind::kTable, {kAddPartition, kInsert}},
    {Op::kReplacePartitions, Kind::kTable, {kAlterPartition, kOverwrite}},
    {Op::kReplacePartitions, Kind::kPartition, {kAlterPartition, kOverwrite}},
    {Op::kAlterPartitions, Kind::kTable, {kAlterPartition}},
    {Op::kAlterPartitions, Kind::kPartition, {kAlterPartition}},
    {Op::kRenamePartition, Kind::kTable, {kRenamePartition}},
    {Op::kRenamePartition, Kind::kPartition, {kRenamePartition}},
    {Op::kDropPartitions, Kind::kTable, {kDropPartition}},
    {Op::kDropPartitions, Kind::kPartition, {kDropPartition}},
    {Op::kTruncatePartitions, Kind::kTable, {kTruncate}},
    // Also what a folder's partitions are found and taken in with.
    {Op::kBulkLoad, Kind::kTable, {kAddPartition, kInsert, kRecoverPartition}},

    {Op::kReadEvents, Kind::kCatalog, kOwnerAlone},

    // Beside these: whoever has the grant option, for what it has it for (catalog/privilege/grants.h).
    {Op::kGrant, Kind::kGlobal, {kGrantPrivilege}},
    {Op::kGrant, Kind::kCatalog, {kGrantPrivilege}},
    {Op::kGrant, Kind::kDatabase, {kGrantPrivilege}},
    {Op::kGrant, Kind::kTable, {kGrantPrivilege}},
    {Op::kGrant, Kind::kColumn, {kGrantPrivilege}},
    {Op::kGrant, Kind::kPartition, {kGrantPrivilege}},
    {Op::kGrant, Kind::kFunction, {kGrantPrivilege}},
    {Op::kGrant, Kind::kPath, {kGrantPrivilege}},
    // Beside these: everybody what it granted itself.
    {Op::kRevoke, Kind::kGlobal, {kRevokePrivilege}},
    {Op::kRevoke, Kind::kCatalog, {kRevokePrivilege}},
    {Op::kRevoke, Kind::kDatabase, {kRevokePrivilege}},
    {Op::kRevoke, Kind::kTable, {kRevokePrivilege}},
    {Op::kRevoke, Kind::kColumn, {kRevokePrivilege}},
    {Op::kRevoke, Kind::kPartition, {kRevokePrivilege}},
    {Op::kRevoke, Kind::kFunction, {kRevokePrivilege}},
    {Op::kRevoke, Kind::kPath, {kRevokePrivilege}},
    // It needs what Grant needs as well.
    {Op::kReplaceGrants, Kind::kGlobal, {kRevokePrivilege}},
    {Op::kReplaceGrants, Kind::kCatalog, {kRevokePrivilege}},
    {Op::kReplaceGrants, Kind::kDatabase, {kRevokePrivilege}},
    {Op::kReplaceGrants, Kind::kTable, {kRevokePrivilege}},
    {Op::kReplaceGrants, Kind::kColumn, {kRevokePrivilege}},
    {Op::kReplaceGrants, Kind::kPartition, {kRevokePrivilege}},
    {Op::kReplaceGrants, Kind::kFunction, {kRevokePrivilege}},
    {Op::kReplaceGrants, Kind::kPath, {kRevokePrivilege}},
    // Of others; everybody may ask about itself.
    {Op::kListGrants, Kind::kGlobal, {kShowPrivileges}},
    {Op::kListGrants, Kind::kCatalog, {kShowPrivileges}},
    {Op::kListGrants, Kind::kDatabase, {kShowPrivileges}},
    {Op::kListGrants, Kind::kTable, {kShowPrivileges}},
    {Op::kListGrants, Kind::kColumn, {kShowPrivileges}},
    {Op::kListGrants, Kind::kPartition, {kShowPrivileges}},
    {Op::kListGrants, Kind::kFunction, {kShowPrivileges}},
    {Op::kListGrants, Kind::kPath, {kShowPrivileges}},
    {Op::kCheck, Kind::kGlobal, {kShowPrivileges}},
    {Op::kCheck, Kind::kCatalog, {kShowPrivileges}},
    {Op::kCheck, Kind::kDatabase, {kShowPrivileges}},
    {Op::kCheck, Kind::kTable, {kShowPrivileges}},
    {Op::kCheck, Kind::kColumn, {kShowPrivileges}},
    {Op::kCheck, Kind::kPartition, {kShowPrivileges}},
    {Op::kCheck, Kind::kFunction, {kShowPrivileges}},
    {Op::kCheck, Kind::kPath, {kShowPrivileges}},

    // Beside administrators: whoever has a role with admin option gives and takes it; everybody sees its own.
    {Op::kCreateRole, Kind::kCatalog, kOwnerAlone},
    {Op::kDropRole, Kind::kCatalog, kOwnerAlone},
    {Op::kGrantRole, Kind::kCatalog, kOwnerAlone},
    {Op::kRevokeRole, Kind::kCatalog, kOwnerAlone},
    {Op::kListRoles, Kind::kCatalog, kOwnerAlone},
    {Op::kAddToGroup, Kind::kCatalog, kOwnerAlone},
    {Op::kRemoveFromGroup, Kind::kCatalog, kOwnerAlone},
    {Op::kListGroups, Kind::kCatalog, kOwnerAlone},
    {Op::kSetStoreAdministrator, Kind::kGlobal, kOwnerAlone},
    // Accounts of one catalog, and those that may enter all.
    {Op::kCreateAccount, Kind::kCatalog, kOwnerAlone},
    {Op::kCreateAccount, Kind::kGlobal, kOwnerAlone},
    {Op::kEnableAccount, Kind::kCatalog, kOwnerAlone},
    {Op::kEnableAccount, Kind::kGlobal, kOwnerAlone},
    {Op::kDropAccount, Kind::kCatalog, kOwnerAlone},
    {Op::kDropAccount, Kind::kGlobal, kOwnerAlone},
    {Op::kListAccounts, Kind::kCatalog, kOwnerAlone},
    {Op::kListAccounts, Kind::kGlobal, kOwnerAlone},
    {Op::kCreateAccessKey, Kind::kCatalog, kOwnerAlone},
    {Op::kCreateAccessKey, Kind::kGlobal, kOwnerAlone},
    {Op::kActivateAccessKey, Kind::kCatalog, kOwnerAlone},
    {Op::kActivateAccessKey, Kind::kGlobal, kOwnerAlone},
    {Op::kDropAccessKey, Kind::kCatalog, kOwnerAlone},
    {Op::kDropAccessKey, Kind::kGlobal, kOwnerAlone},
    {Op::kListAccessKeys, Kind::kCatalog, kOwnerAlone},
    {Op::kListAccessKeys, Kind::kGlobal, kOwnerAlone},
    {Op::kCreateToken, Kind::kCatalog, kOwnerAlone},
    {Op::kCreateToken, Kind::kGlobal, kOwnerAlone},
    {Op::kDropToken, Kind::kCatalog, kOwnerAlone},
    {Op::kDropToken, Kind::kGlobal, kOwnerAlone},
    {Op::kListTokens, Kind::kCatalog, kOwnerAlone},
    {Op::kListTokens, Kind::kGlobal, kOwnerAlone},
};

}  // namespace

std::span<const Requirement> Requirements() { return kTable; }

}  // namespace lodestone::privilege
