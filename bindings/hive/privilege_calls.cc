// Roles and grants. Who may give what to whom is the catalog's to decide, and so is on whose behalf (GrantSpec).
#include <algorithm>
#include <initializer_list>
#include <map>
#include <optional>
#include <utility>

#include "bindings/hive/calls.h"
#include "bindings/hive/connection.h"
#include "bindings/hive/convert/fields.h"
#include "bindings/hive/convert/names.h"
#include "bindings/hive/convert/privileges.h"
#include "bindings/hive/exceptions.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

using base::StrCat;
using Texts = std::vector<std::string>;
using PrincipalType = thrift::PrincipalType::type;

// Whether one of these is what is not there.
bool IsMissing(const absl::Status& status, std::initializer_list<ObjectKind> kinds) {
  const std::optional<DomainError> error = DomainErrorOf(status);
  return error && error->kind == ErrorKind::kNoSuchObject && std::ranges::count(kinds, error->object_kind) > 0;
}

// Calls on roles name no catalog: they mean the account's own.
absl::StatusOr<Session> OfRoles(const Connection& connection) { return connection.SessionIn({}); }

absl::StatusOr<bool> IsGrant(const thrift::GrantRevokeType::type& type) {
  switch (const int32_t number = NumberOf(type)) {
    case thrift::GrantRevokeType::GRANT:
      return true;
    case thrift::GrantRevokeType::REVOKE:
      return false;
    default:
      return absl::InvalidArgumentError(StrCat("a change of grants: expected GRANT (1) or REVOKE (2), found ", number));
  }
}

// ---- Roles ----
absl::StatusOr<bool> CreateRole(Connection& connection, const thrift::Role& role) {
  ASSIGN_OR_RETURN(Session session, OfRoles(connection));
  RETURN_IF_ERROR(session.CreateRole(role.roleName));
  return true;
}
absl::StatusOr<bool> DropRole(Connection& connection, const std::string& role) {
  ASSIGN_OR_RETURN(Session session, OfRoles(connection));
  const absl::Status dropped = session.DropRole(role);
  if (!IsMissing(dropped, {ObjectKind::kRole})) RETURN_IF_ERROR(dropped);
  return true;
}
absl::StatusOr<Texts> GetRoleNames(Connection& connection) {
  ASSIGN_OR_RETURN(const Session session, OfRoles(connection));
  return session.ListRoles();
}

absl::Status Give(const Connection& connection, const std::string& role, const std::string& name,
                  const PrincipalType& type, bool admin_option, const std::string& grantor) {
  ASSIGN_OR_RETURN(const Grantee member, ToGrantee(name, type));
  ASSIGN_OR_RETURN(Session session, OfRoles(connection));
  return session.GrantRole(role, member, admin_option, grantor);
}
// Nothing is taken from who is no member; only a role that there is not is a failure.
absl::Status Take(const Connection& connection, const std::string& role, const std::string& name,
                  const PrincipalType& type, bool admin_option_only) {
  ASSIGN_OR_RETURN(const Grantee member, ToGrantee(name, type));
  ASSIGN_OR_RETURN(Session session, OfRoles(connection));
  absl::Status taken = session.RevokeRole(role, member, admin_option_only);
  if (IsMissing(taken, {ObjectKind::kRole}) && session.ListMembers(role).ok()) return absl::OkStatus();
  return taken;
}
absl::StatusOr<bool> GrantRole(Connection& connection, const std::string& role, const std::string& name,
                               PrincipalType type, const std::string& grantor, PrincipalType grantor_type,
                               bool admin_option) {
  RETURN_IF_ERROR(Give(connection, role, name, type, admin_option, ToGrantor(grantor, grantor_type)));
  return true;
}
absl::StatusOr<bool> RevokeRole(Connection& connection, const std::string& role, const std::string& name,
                                PrincipalType type) {
  RETURN_IF_ERROR(Take(connection, role, name, type, false));
  return true;
}
absl::StatusOr<thrift::GrantRevokeRoleResponse> GrantRevokeRole(Connection& connection,
                                                                const thrift::GrantRevokeRoleRequest& request) {
  ASSIGN_OR_RETURN(const bool grants, IsGrant(request.requestType));
  const bool option = request.grantOption;
  RETURN_IF_ERROR(grants ? Give(connection, request.roleName, request.principalName, request.principalType, option,
                                ToGrantor(request.grantor, request.grantorType))
                         : Take(connection, request.roleName, request.principalName, request.principalType, option));
  thrift::GrantRevokeRoleResponse response;
  response.__set_success(true);
  return response;
}

// Direct memberships, and for users `public`, which nobody gave them. Who is not there has none.
absl::StatusOr<std::vector<RoleGrant>> RolesOf(const Connection& connection, const std::string& name,
                                               const PrincipalType& type) {
  ASSIGN_OR_RETURN(const Grantee member, ToGrantee(name, type));
  ASSIGN_OR_RETURN(const Session session, OfRoles(connection));
  absl::StatusOr<std::vector<RoleGrant>> found = session.ListRolesOf(member);
  if (IsMissing(found.status(), {ObjectKind::kRole})) return std::vector<RoleGrant>();
  RETURN_IF_ERROR(found.status());
  if (member.kind != GranteeKind::kUser) return found;
  RoleGrant& everybody = found->emplace_back();
  everybody.role = kPublicRole;
  everybody.member = member;
  return found;
}
absl::StatusOr<std::vector<thrift::Role>> ListRoles(Connection& connection, const std::string& name,
                                                    PrincipalType type) {
  ASSIGN_OR_RETURN(const std::vector<RoleGrant> found, RolesOf(connection, name, type));
  std::vector<thrift::Role> roles;
  for (const RoleGrant& grant : found) roles.push_back(ToRole(grant));
  return roles;
}
absl::StatusOr<thrift::GetRoleGrantsForPrincipalResponse> GetRoleGrantsForPrincipal(
    Connection& connection, const thrift::GetRoleGrantsForPrincipalRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<RoleGrant> found,
                   RolesOf(connection, request.principal_name, request.principal_type));
  thrift::GetRoleGrantsForPrincipalResponse response;
  for (const RoleGrant& grant : found) response.principalGrants.push_back(ToThrift(grant));
  return response;
}
absl::StatusOr<thrift::GetPrincipalsInRoleResponse> GetPrincipalsInRole(
    Connection& connection, const thrift::GetPrincipalsInRoleRequest& request) {
  ASSIGN_OR_RETURN(const Session session, OfRoles(connection));
  const absl::StatusOr<std::vector<RoleGrant>> found = session.ListMembers(request.roleName);
  thrift::GetPrincipalsInRoleResponse response;
  if (IsMissing(found.status(), {ObjectKind::kRole})) return response;
  RETURN_IF_ERROR(found.status());
  for (const RoleGrant& grant : *found) response.principalGrants.push_back(ToThrift(grant));
  return response;
}

// ---- Changing grants ----
// A bag is one transaction, and so of one catalog.
struct Bag {
  Session session;
  std::vector<GrantSpec> grants;
};
absl::StatusOr<Bag> Open(const Connection& connection, const thrift::PrivilegeBag& privileges) {
  std::optional<std::string> catalog;
  std::vector<GrantSpec> grants;
  for (const thrift::HiveObjectPrivilege& privilege : privileges.privileges) {
    ASSIGN_OR_RETURN(GrantArgument argument, ToModel(privilege));
    ASSIGN_OR_RETURN(std::string named, connection.CatalogOf(argument.catalog));
    if (catalog && *catalog != named) {
      return Throw(Thrown::kMeta,
                   StrCat("privileges of one call are in one catalog, found ", *catalog, " and ", named));
    }
    catalog = std::move(named);
    grants.push_back(std::move(argument.grant));
  }
  ASSIGN_OR_RETURN(Session session, connection.SessionIn(catalog.value_or(std::string())));
  return Bag{std::move(session), std::move(grants)};
}

// What lies in a database need not be there: a grant on it is without effect then, as in Hive.
absl::Status UnlessMissing(const absl::Status& status) {
  const bool missing = IsMissing(status, {ObjectKind::kTable, ObjectKind::kColumn, ObjectKind::kPartition});
  return missing ? absl::OkStatus() : status;
}

absl::Status Grant(const Connection& connection, const thrift::PrivilegeBag& privileges) {
  ASSIGN_OR_RETURN(Bag bag, Open(connection, privileges));
  const auto all = [&](Session& inside) -> absl::Status {
    for (const GrantSpec& grant : bag.grants) RETURN_IF_ERROR(UnlessMissing(inside.Grant(grant)));
    return absl::OkStatus();
  };
  return bag.session.Transact(all).status();
}
absl::Status Revoke(const Connection& connection, const thrift::PrivilegeBag& privileges, bool grant_option_only) {
  ASSIGN_OR_RETURN(Bag bag, Open(connection, privileges));
  const auto all = [&](Session& inside) -> absl::Status {
    for (const GrantSpec& grant : bag.grants) {
      RETURN_IF_ERROR(inside.Revoke(
          {.from = grant.to, .privileges = grant.privileges, .on = grant.on, .grant_option_only = grant_option_only}));
    }
    return absl::OkStatus();
  };
  return bag.session.Transact(all).status();
}
absl::StatusOr<bool> GrantPrivileges(Connection& connection, const thrift::PrivilegeBag& privileges) {
  RETURN_IF_ERROR(Grant(connection, privileges));
  return true;
}
absl::StatusOr<bool> RevokePrivileges(Connection& connection, const thrift::PrivilegeBag& privileges) {
  RETURN_IF_ERROR(Revoke(connection, privileges, false));
  return true;
}
absl::StatusOr<thrift::GrantRevokePrivilegeResponse> GrantRevokePrivileges(
    Connection& connection, const thrift::GrantRevokePrivilegeRequest& request) {
  ASSIGN_OR_RETURN(const bool grants, IsGrant(request.requestType));
  RETURN_IF_ERROR(grants ? Grant(connection, request.privileges)
                         : Revoke(connection, request.privileges, request.revokeGrantOption));
  thrift::GrantRevokePrivilegeResponse response;
  response.__set_success(true);
  return response;
}

// ---- Replacing grants ----
// Of every column of the table that has grants or is to have some.
absl::Status RefreshColumns(Session& inside, const Securable& table, const std::vector<GrantSpec>& grants) {
  std::map<std::string, std::vector<GrantSpec>> columns;
  ASSIGN_OR_RETURN(const std::vector<GrantEntry> there, inside.ListGrants({.on = table, .beneath = true}));
  for (const GrantEntry& entry : there) {
    if (entry.on.kind == Securable::Kind::kColumn) columns[entry.on.column];
  }
  for (const GrantSpec& grant : grants) columns[base::AsciiLower(grant.on.column)].push_back(grant);
  for (const auto& [column, wanted] : columns) {
    RETURN_IF_ERROR(UnlessMissing(inside.ReplaceAllGrants(Securable::Column(table.table(), column), wanted)));
  }
  return absl::OkStatus();
}
// Of whatever authorizer: the catalog knows only one. A column without a name is all columns of the table.
absl::StatusOr<thrift::GrantRevokePrivilegeResponse> RefreshPrivileges(
    Connection& connection, const thrift::HiveObjectRef& object, const std::string& /*authorizer*/,
    const thrift::GrantRevokePrivilegeRequest& request) {
  thrift::HiveObjectRef named = object;
  const bool columns = NumberOf(object.objectType) == thrift::HiveObjectType::COLUMN && object.columnName.empty();
  if (columns) named.__set_objectType(thrift::HiveObjectType::TABLE);
  ASSIGN_OR_RETURN(const ObjectArgument argument, ToModel(named));
  ASSIGN_OR_RETURN(const std::string catalog, connection.CatalogOf(argument.catalog));
  ASSIGN_OR_RETURN(const Bag bag, Open(connection, request.privileges));
  if (!bag.grants.empty() && bag.session.catalog() != catalog) {
    return Throw(Thrown::kMeta,
                 StrCat("privileges to refresh in the catalog ", catalog, ": found some in ", bag.session.catalog()));
  }
  ASSIGN_OR_RETURN(Session session, connection.SessionIn(catalog));
  const auto all = [&](Session& inside) {
    return UnlessMissing(columns ? RefreshColumns(inside, argument.on, bag.grants)
                                 : inside.ReplaceAllGrants(argument.on, bag.grants));
  };
  RETURN_IF_ERROR(session.Transact(all).status());
  thrift::GrantRevokePrivilegeResponse response;
  response.__set_success(true);
  return response;
}

// ---- Reading grants ----
// Without the name of a principal: of all. Without a kind of object: on everything; of a kind, without names: on every
// one of it. What is not there has none.
absl::StatusOr<std::vector<thrift::HiveObjectPrivilege>> ListPrivileges(Connection& connection, const std::string& name,
                                                                        PrincipalType type,
                                                                        const thrift::HiveObjectRef& object) {
  GrantFilter filter;
  if (!name.empty()) {
    ASSIGN_OR_RETURN(filter.grantee, ToGrantee(name, type));
  }
  ASSIGN_OR_RETURN(const DatabaseArgument database, ParseDatabase(object.catName, object.dbName));
  if (!database.name().empty()) {
    ASSIGN_OR_RETURN(ObjectArgument argument, ToModel(object));
    filter.on = std::move(argument.on);
  }
  ASSIGN_OR_RETURN(const Session session, connection.SessionIn(database.catalog));
  const absl::StatusOr<std::vector<GrantEntry>> entries = session.ListGrants(filter);
  if (absl::IsNotFound(entries.status())) return std::vector<thrift::HiveObjectPrivilege>();
  RETURN_IF_ERROR(entries.status());
  std::vector<thrift::HiveObjectPrivilege> rows = ToThrift(session.catalog(), *entries);
  // 0 stands for null.
  if (const int32_t kind = NumberOf(object.objectType); kind != 0) {
    std::erase_if(rows, [&](const auto& row) { return NumberOf(row.hiveObject.objectType) != kind; });
  }
  return rows;
}

// In the words of the object, wherever above it they were granted. Hive's authorization expects the one user that it
// asked about, also where that has nothing.
absl::StatusOr<thrift::PrincipalPrivilegeSet> GetPrivilegeSet(Connection& connection,
                                                              const thrift::HiveObjectRef& object,
                                                              const std::string& user, const Texts& groups) {
  ASSIGN_OR_RETURN(const ObjectArgument argument, ToModel(object));
  ASSIGN_OR_RETURN(const Session session, connection.SessionIn(argument.catalog));
  absl::StatusOr<std::vector<GrantEntry>> found =
      session.EffectiveGrants({.name = user, .groups = groups}, argument.on);
  if (absl::IsNotFound(found.status())) found.emplace();
  RETURN_IF_ERROR(found.status());
  for (GrantEntry& entry : *found) entry.on = argument.on;
  std::ranges::stable_sort(*found, {}, &GrantEntry::grantee);
  return ToPrivilegeSetOf(user, groups, *found);
}

constexpr Throws kMeta = {Thrown::kMeta};
constexpr Call kCalls[] = {
    MakeCall<&CreateRole>("create_role", kMeta),
    MakeCall<&DropRole>("drop_role", kMeta),
    MakeCall<&GetRoleNames>("get_role_names", kMeta),
    MakeCall<&GrantRole>("grant_role", kMeta),
    MakeCall<&RevokeRole>("revoke_role", kMeta),
    MakeCall<&GrantRevokeRole>("grant_revoke_role", kMeta),
    MakeCall<&ListRoles>("list_roles", kMeta),
    MakeCall<&GetPrincipalsInRole>("get_principals_in_role", kMeta),
    MakeCall<&GetRoleGrantsForPrincipal>("get_role_grants_for_principal", kMeta),
    MakeCall<&GetPrivilegeSet>("get_privilege_set", kMeta),
    MakeCall<&ListPrivileges>("list_privileges", kMeta),
    MakeCall<&GrantPrivileges>("grant_privileges", kMeta),
    MakeCall<&RevokePrivileges>("revoke_privileges", kMeta),
    MakeCall<&GrantRevokePrivileges>("grant_revoke_privileges", kMeta),
    MakeCall<&RefreshPrivileges>("refresh_privileges", kMeta),
};

}  // namespace

std::span<const Call> PrivilegeCalls() { return kCalls; }

}  // namespace lodestone::hive
