#include "catalog/privilege/operation.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace lodestone::privilege {

namespace {

using Named = std::pair<Operation, std::string_view>;

// In the order of the enumeration, so that an operation's number is its place.
constexpr auto kNames = std::to_array<Named>({
    {Operation::kCreateCatalog, "CreateCatalog"},
    {Operation::kGetCatalog, "GetCatalog"},
    {Operation::kListCatalogs, "ListCatalogs"},
    {Operation::kAlterCatalog, "AlterCatalog"},
    {Operation::kRenameCatalog, "RenameCatalog"},
    {Operation::kDropCatalog, "DropCatalog"},
    {Operation::kUndropCatalog, "UndropCatalog"},
    {Operation::kCreateDatabase, "CreateDatabase"},
    {Operation::kGetDatabase, "GetDatabase"},
    {Operation::kListDatabases, "ListDatabases"},
    {Operation::kAlterDatabase, "AlterDatabase"},
    {Operation::kRenameDatabase, "RenameDatabase"},
    {Operation::kDropDatabase, "DropDatabase"},
    {Operation::kUndropDatabase, "UndropDatabase"},
    {Operation::kCreateTable, "CreateTable"},
    {Operation::kCreateView, "CreateView"},
    {Operation::kGetTable, "GetTable"},
    {Operation::kListTables, "ListTables"},
    {Operation::kRenameTable, "RenameTable"},
    {Operation::kDropTable, "DropTable"},
    {Operation::kDropView, "DropView"},
    {Operation::kUndropTable, "UndropTable"},
    {Operation::kAlterTableColumns, "AlterTableColumns"},
    {Operation::kAlterTableProperties, "AlterTableProperties"},
    {Operation::kAlterTableLocation, "AlterTableLocation"},
    {Operation::kAlterTable, "AlterTable"},
    {Operation::kChangeOwner, "ChangeOwner"},
    {Operation::kCreateFunction, "CreateFunction"},
    {Operation::kGetFunction, "GetFunction"},
    {Operation::kListFunctions, "ListFunctions"},
    {Operation::kAlterFunction, "AlterFunction"},
    {Operation::kRenameFunction, "RenameFunction"},
    {Operation::kDropFunction, "DropFunction"},
    {Operation::kUndropFunction, "UndropFunction"},
    {Operation::kAddConstraints, "AddConstraints"},
    {Operation::kListConstraints, "ListConstraints"},
    {Operation::kDropConstraint, "DropConstraint"},
    {Operation::kUpdateStatistics, "UpdateStatistics"},
    {Operation::kGetStatistics, "GetStatistics"},
    {Operation::kDeleteStatistics, "DeleteStatistics"},
    {Operation::kListPartitions, "ListPartitions"},
    {Operation::kGetPartition, "GetPartition"},
    {Operation::kCountPartitions, "CountPartitions"},
    {Operation::kExplain, "Explain"},
    {Operation::kAddPartitions, "AddPartitions"},
    {Operation::kReplacePartitions, "ReplacePartitions"},
    {Operation::kAlterPartitions, "AlterPartitions"},
    {Operation::kRenamePartition, "RenamePartition"},
    {Operation::kDropPartitions, "DropPartitions"},
    {Operation::kTruncatePartitions, "TruncatePartitions"},
    {Operation::kBulkLoad, "BulkLoad"},
    {Operation::kReadEvents, "ReadEvents"},
    {Operation::kGrant, "Grant"},
    {Operation::kRevoke, "Revoke"},
    {Operation::kReplaceGrants, "ReplaceGrants"},
    {Operation::kListGrants, "ListGrants"},
    {Operation::kCheck, "Check"},
    {Operation::kCreateRole, "CreateRole"},
    {Operation::kDropRole, "DropRole"},
    {Operation::kGrantRole, "GrantRole"},
    {Operation::kRevokeRole, "RevokeRole"},
    {Operation::kListRoles, "ListRoles"},
    {Operation::kAddToGroup, "AddToGroup"},
    {Operation::kRemoveFromGroup, "RemoveFromGroup"},
    {Operation::kListGroups, "ListGroups"},
    {Operation::kSetStoreAdministrator, "SetStoreAdministrator"},
    {Operation::kCreateAccount, "CreateAccount"},
    {Operation::kEnableAccount, "EnableAccount"},
    {Operation::kDropAccount, "DropAccount"},
    {Operation::kListAccounts, "ListAccounts"},
    {Operation::kCreateAccessKey, "CreateAccessKey"},
    {Operation::kActivateAccessKey, "ActivateAccessKey"},
    {Operation::kDropAccessKey, "DropAccessKey"},
    {Operation::kListAccessKeys, "ListAccessKeys"},
    {Operation::kCreateToken, "CreateToken"},
    {Operation::kDropToken, "DropToken"},
    {Operation::kListTokens, "ListTokens"},
});
static_assert(kNames.size() == kOperationCount);
static_assert([] {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (static_cast<std::size_t>(kNames[i].first) != i) return false;
  }
  return true;
}());

}  // namespace

std::string_view NameOf(Operation operation) { return kNames[static_cast<std::size_t>(operation)].second; }

const Requirement& RequirementOf(Operation operation, Securable::Kind kind) {
  const std::span<const Requirement> all = Requirements();
  const auto found = std::ranges::find_if(all, [&](const Requirement& requirement) {
    return requirement.operation == operation && requirement.kind == kind;
  });
  // A hole in the table is a defect of the library; going on would mean to guess what somebody may do.
  if (found == all.end()) std::abort();
  return *found;
}

}  // namespace lodestone::privilege
