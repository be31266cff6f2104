// Privileges and roles, between Hive's structs and the library's grants. See database.h for what holds for all
// conversions. Words of privileges are mapped by the library's tables (Vocabulary::kHive).
//
// What Hive calls GLOBAL is the session's catalog: it is what a catalog's administrators can grant. Grants on all of
// the store are listed as GLOBAL, too; those on functions and on what the catalog has no record of are not listed.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "catalog/privileges.h"

namespace lodestone::hive {

struct ObjectArgument {
  std::string catalog;
  Securable on;
};

// InvalidArgument: no kind of object that there is, a column of a partition, which has no privileges of its own here,
// or a name that the kind needs is missing.
absl::StatusOr<ObjectArgument> ToModel(const thrift::HiveObjectRef& object);
// nullopt: Hive has no such kind of object.
std::optional<thrift::HiveObjectRef> ToThrift(std::string_view catalog, const Securable& on);

// Null and unknown kinds: InvalidArgument.
absl::StatusOr<Grantee> ToGrantee(const std::string& name, const thrift::PrincipalType::type& type);
thrift::PrincipalType::type ToThrift(GranteeKind kind);

// The user on whose behalf something is granted (GrantSpec::grantor); empty where it is no user, or not said.
std::string ToGrantor(const std::string& name, const thrift::PrincipalType::type& type);

// One privilege of a bag; several in one text, between commas, are one grant. The time is the server's to say.
struct GrantArgument {
  std::string catalog;
  GrantSpec grant;
};
absl::StatusOr<GrantArgument> ToModel(const thrift::HiveObjectPrivilege& privilege);
// What create_table brings along for its owner.
absl::StatusOr<std::vector<GrantSpec>> ToModel(const thrift::PrincipalPrivilegeSet& privileges, const Securable& on);

// Rows as list_privileges answers: what one grantor gave one grantee on one object, with or without grant option, in
// the fewest words. In the order of the entries.
std::vector<thrift::HiveObjectPrivilege> ToThrift(std::string_view catalog, std::span<const GrantEntry> entries);
// Of one object: by kind and name of the grantee. All three maps are set.
thrift::PrincipalPrivilegeSet ToPrivilegeSet(std::span<const GrantEntry> entries);
// What a user has on the object, as Hive answers: he, his groups and `public` are there, also with nothing; groups are
// absent where he has none.
thrift::PrincipalPrivilegeSet ToPrivilegeSetOf(std::string_view user, std::span<const std::string> groups,
                                               std::span<const GrantEntry> entries);

thrift::RolePrincipalGrant ToThrift(const RoleGrant& grant);
// As list_roles answers: the role, and since when and from whom the member has it; those that are always there are
// their own.
thrift::Role ToRole(const RoleGrant& grant);

}  // namespace lodestone::hive
