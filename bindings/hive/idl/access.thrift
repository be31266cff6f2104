// Principals, privileges and roles. Texts that may be null are `optional` here, as in objects.thrift.
namespace py hive_thrift.access
namespace cpp lodestone.hive.thrift

// ---- Principals ----
enum PrincipalType { USER = 1, ROLE = 2, GROUP = 3 }

// ---- Privileges ----
enum HiveObjectType { GLOBAL = 1, DATABASE = 2, TABLE = 3, PARTITION = 4, COLUMN = 5, DATACONNECTOR = 6 }

// What a privilege is on. Names that the kind does not need are empty.
struct HiveObjectRef {
  1: HiveObjectType objectType
  2: optional string dbName
  3: optional string objectName
  4: optional list<string> partValues
  5: optional string columnName
  6: optional string catName  // since 3.1
}

// One privilege, and who gave it.
struct PrivilegeGrantInfo {
  1: optional string privilege  // in any case; `ALL` is all of them
  2: i32 createTime  // seconds since 1970
  3: optional string grantor
  4: PrincipalType grantorType
  5: bool grantOption
}

// One grant.
struct HiveObjectPrivilege {
  1: optional HiveObjectRef hiveObject
  2: optional string principalName
  3: PrincipalType principalType
  4: optional PrivilegeGrantInfo grantInfo
  5: optional string authorizer  // `SQL`, or the name of whatever else guards the object; since 3.1
}

struct PrivilegeBag { 1: list<HiveObjectPrivilege> privileges }

// Grants on one object, by the name of the grantee.
struct PrincipalPrivilegeSet {
  1: optional map<string, list<PrivilegeGrantInfo>> userPrivileges
  2: optional map<string, list<PrivilegeGrantInfo>> groupPrivileges
  3: optional map<string, list<PrivilegeGrantInfo>> rolePrivileges
}

enum GrantRevokeType { GRANT = 1, REVOKE = 2 }

struct GrantRevokePrivilegeRequest {
  1: GrantRevokeType requestType
  2: PrivilegeBag privileges
  3: optional bool revokeGrantOption
}

struct GrantRevokePrivilegeResponse { 1: optional bool success }

// ---- Roles ----
// As create_role takes and list_roles returns it.
struct Role {
  1: optional string roleName
  2: i32 createTime  // seconds since 1970
  3: optional string ownerName
}

// That a principal is a member of a role.
struct RolePrincipalGrant {
  1: optional string roleName
  2: optional string principalName
  3: PrincipalType principalType
  4: bool grantOption
  5: i32 grantTime  // seconds since 1970
  6: optional string grantorName
  7: optional PrincipalType grantorPrincipalType
}

struct GrantRevokeRoleRequest {
  1: GrantRevokeType requestType
  2: string roleName
  3: string principalName
  4: PrincipalType principalType
  5: optional string grantor
  6: optional PrincipalType grantorType
  7: optional bool grantOption
}

struct GrantRevokeRoleResponse { 1: optional bool success }
struct GetPrincipalsInRoleRequest { 1: required string roleName }
struct GetPrincipalsInRoleResponse { 1: required list<RolePrincipalGrant> principalGrants }

struct GetRoleGrantsForPrincipalRequest {
  1: required string principal_name
  2: required PrincipalType principal_type
}

struct GetRoleGrantsForPrincipalResponse { 1: required list<RolePrincipalGrant> principalGrants }
