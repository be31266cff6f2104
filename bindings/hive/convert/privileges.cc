#include "bindings/hive/convert/privileges.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "bindings/hive/convert/fields.h"
#include "bindings/hive/convert/names.h"
#include "catalog/base/status_macros.h"

namespace lodestone::hive {

namespace {

// Who guards the object, as Hive's SQL standard authorization writes it.
constexpr const char* kAuthorizer = "SQL";
constexpr int64_t kMillisPerSecond = 1000;

absl::Status MissingName(std::string_view what) {
  return absl::InvalidArgumentError(base::StrCat("an object of privileges: expected ", what, ", found none"));
}

absl::StatusOr<Securable> ReadInTable(const thrift::HiveObjectRef& object, const std::string& database) {
  const TableName table{database, object.objectName};
  switch (NumberOf(object.objectType)) {
    case thrift::HiveObjectType::PARTITION:
      if (object.partValues.empty()) return MissingName("the values of a partition");
      return Securable::Partition(table, object.partValues);
    case thrift::HiveObjectType::COLUMN:
      if (object.columnName.empty()) return MissingName("the name of a column");
      if (object.partValues.empty()) return Securable::Column(table, object.columnName);
      return absl::InvalidArgumentError(base::StrCat("column ", base::Quoted(object.columnName),
                                                     ": expected one of the table, found one of a partition, which has "
                                                     "no privileges of its own"));
    default:
      return Securable::Table(table);
  }
}

// What belongs into one row: all but the privilege.
bool IsSameRow(const GrantEntry& a, const GrantEntry& b) {
  return a.grantee == b.grantee && a.on == b.on && a.grantor == b.grantor && a.grant_option == b.grant_option;
}

// The first entry of a row, and the privileges of all of it.
struct Row {
  const GrantEntry* entry;
  PrivilegeSet privileges;
};

std::vector<Row> RowsOf(std::span<const GrantEntry> entries) {
  std::vector<Row> rows;
  // Entries come in the order of objects and grantees, so that what belongs together is near.
  std::size_t begin = 0;
  for (const GrantEntry& entry : entries) {
    while (begin < rows.size() && !(rows[begin].entry->on == entry.on && rows[begin].entry->grantee == entry.grantee)) {
      ++begin;
    }
    const auto row = std::find_if(rows.begin() + static_cast<std::ptrdiff_t>(begin), rows.end(),
                                  [&](const Row& known) { return IsSameRow(*known.entry, entry); });
    if (row == rows.end()) {
      rows.push_back({&entry, entry.privilege});
    } else {
      row->privileges |= entry.privilege;
    }
  }
  return rows;
}

thrift::PrivilegeGrantInfo ToInfo(const GrantEntry& entry, std::string word) {
  thrift::PrivilegeGrantInfo info;
  info.__set_privilege(std::move(word));
  info.__set_createTime(ToI32(entry.time_ms / kMillisPerSecond));
  info.__set_grantor(entry.grantor);
  info.__set_grantorType(thrift::PrincipalType::USER);
  info.__set_grantOption(entry.grant_option);
  return info;
}

using GrantMap = std::map<std::string, std::vector<thrift::PrivilegeGrantInfo>>;

absl::Status ReadGrants(const GrantMap& grants, GranteeKind kind, const Securable& on, std::vector<GrantSpec>* out) {
  for (const auto& [name, infos] : grants) {
    for (const thrift::PrivilegeGrantInfo& info : infos) {
      GrantSpec grant{.to = {kind, name},
                      .privileges = {},
                      .on = on,
                      .grant_option = info.grantOption,
                      .grantor = ToGrantor(info.grantor, info.grantorType)};
      for (const std::string_view word : base::Split(info.privilege, ',')) {
        ASSIGN_OR_RETURN(const PrivilegeSet set, ParsePrivilege(Vocabulary::kHive, on, base::TrimWhitespace(word)));
        grant.privileges |= set;
      }
      out->push_back(std::move(grant));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ObjectArgument> ToModel(const thrift::HiveObjectRef& object) {
  ASSIGN_OR_RETURN(const DatabaseArgument database, ParseDatabase(object.catName, object.dbName));
  ObjectArgument out{database.catalog, Securable::Catalog()};
  switch (const int32_t type = NumberOf(object.objectType)) {
    case thrift::HiveObjectType::GLOBAL:
      return out;
    case thrift::HiveObjectType::DATABASE:
      if (database.name().empty()) return MissingName("the name of a database");
      out.on = Securable::Database(database.name());
      return out;
    case thrift::HiveObjectType::TABLE:
    case thrift::HiveObjectType::PARTITION:
    case thrift::HiveObjectType::COLUMN: {
      if (database.name().empty()) return MissingName("the name of a database");
      if (object.objectName.empty()) return MissingName("the name of a table");
      ASSIGN_OR_RETURN(out.on, ReadInTable(object, database.name()));
      return out;
    }
    default:
      return absl::InvalidArgumentError(
          base::StrCat("an object of privileges: expected a kind from GLOBAL (1) to COLUMN (5), found ", type));
  }
}

std::optional<thrift::HiveObjectRef> ToThrift(std::string_view catalog, const Securable& on) {
  thrift::HiveObjectRef out;
  out.__set_catName(std::string(catalog));
  const auto in_table = [&](thrift::HiveObjectType::type type) {
    out.__set_objectType(type);
    out.__set_dbName(on.database);
    out.__set_objectName(on.object);
  };
  switch (on.kind) {
    case Securable::Kind::kGlobal:
    case Securable::Kind::kCatalog:
      out.__set_objectType(thrift::HiveObjectType::GLOBAL);
      return out;
    case Securable::Kind::kDatabase:
      out.__set_objectType(thrift::HiveObjectType::DATABASE);
      out.__set_dbName(on.database);
      return out;
    case Securable::Kind::kTable:
      in_table(thrift::HiveObjectType::TABLE);
      return out;
    case Securable::Kind::kColumn:
      in_table(thrift::HiveObjectType::COLUMN);
      out.__set_columnName(on.column);
      return out;
    case Securable::Kind::kPartition:
      in_table(thrift::HiveObjectType::PARTITION);
      out.__set_partValues(on.values);
      return out;
    case Securable::Kind::kFunction:
    case Securable::Kind::kPath:
      return std::nullopt;
  }
  return std::nullopt;
}

absl::StatusOr<Grantee> ToGrantee(const std::string& name, const thrift::PrincipalType::type& type) {
  if (name.empty()) return absl::InvalidArgumentError("a principal: expected a name, found none");
  switch (const int32_t number = NumberOf(type)) {
    case thrift::PrincipalType::USER:
      return Grantee::User(name);
    case thrift::PrincipalType::ROLE:
      return Grantee::Role(name);
    case thrift::PrincipalType::GROUP:
      return Grantee::Group(name);
    default:
      return absl::InvalidArgumentError(base::StrCat("principal ", base::Quoted(name),
                                                     ": expected a kind from USER (1) to GROUP (3), found ", number));
  }
}

thrift::PrincipalType::type ToThrift(GranteeKind kind) {
  switch (kind) {
    case GranteeKind::kGroup:
      return thrift::PrincipalType::GROUP;
    case GranteeKind::kRole:
      return thrift::PrincipalType::ROLE;
    case GranteeKind::kUser:
      break;
  }
  return thrift::PrincipalType::USER;
}

std::string ToGrantor(const std::string& name, const thrift::PrincipalType::type& type) {
  return NumberOf(type) == thrift::PrincipalType::USER ? name : std::string();
}

absl::StatusOr<GrantArgument> ToModel(const thrift::HiveObjectPrivilege& privilege) {
  if (!privilege.__isset.hiveObject) return NullError("the object of a privilege");
  if (!privilege.__isset.grantInfo) return NullError("the privilege to grant");
  ASSIGN_OR_RETURN(ObjectArgument object, ToModel(privilege.hiveObject));
  ASSIGN_OR_RETURN(Grantee grantee, ToGrantee(privilege.principalName, privilege.principalType));
  std::vector<GrantSpec> grants;
  RETURN_IF_ERROR(ReadGrants({{grantee.name, {privilege.grantInfo}}}, grantee.kind, object.on, &grants));
  return GrantArgument{std::move(object.catalog), std::move(grants.front())};
}

absl::StatusOr<std::vector<GrantSpec>> ToModel(const thrift::PrincipalPrivilegeSet& privileges, const Securable& on) {
  std::vector<GrantSpec> out;
  RETURN_IF_ERROR(ReadGrants(privileges.userPrivileges, GranteeKind::kUser, on, &out));
  RETURN_IF_ERROR(ReadGrants(privileges.groupPrivileges, GranteeKind::kGroup, on, &out));
  RETURN_IF_ERROR(ReadGrants(privileges.rolePrivileges, GranteeKind::kRole, on, &out));
  return out;
}

std::vector<thrift::HiveObjectPrivilege> ToThrift(std::string_view catalog, std::span<const GrantEntry> entries) {
  std::vector<thrift::HiveObjectPrivilege> out;
  for (const Row& row : RowsOf(entries)) {
    const std::optional<thrift::HiveObjectRef> object = ToThrift(catalog, row.entry->on);
    if (!object) continue;
    for (std::string& word : PrivilegeWords(Vocabulary::kHive, row.entry->on, row.privileges)) {
      thrift::HiveObjectPrivilege& to = out.emplace_back();
      to.__set_hiveObject(*object);
      to.__set_principalName(row.entry->grantee.name);
      to.__set_principalType(ToThrift(row.entry->grantee.kind));
      to.__set_grantInfo(ToInfo(*row.entry, std::move(word)));
      to.__set_authorizer(kAuthorizer);
    }
  }
  return out;
}

thrift::PrincipalPrivilegeSet ToPrivilegeSet(std::span<const GrantEntry> entries) {
  GrantMap users;
  GrantMap groups;
  GrantMap roles;
  for (const Row& row : RowsOf(entries)) {
    const GranteeKind kind = row.entry->grantee.kind;
    GrantMap& grants = kind == GranteeKind::kUser ? users : kind == GranteeKind::kGroup ? groups : roles;
    for (std::string& word : PrivilegeWords(Vocabulary::kHive, row.entry->on, row.privileges)) {
      grants[row.entry->grantee.name].push_back(ToInfo(*row.entry, std::move(word)));
    }
  }
  thrift::PrincipalPrivilegeSet out;
  out.__set_userPrivileges(users);
  out.__set_groupPrivileges(groups);
  out.__set_rolePrivileges(roles);
  return out;
}

thrift::PrincipalPrivilegeSet ToPrivilegeSetOf(std::string_view user, std::span<const std::string> groups,
                                               std::span<const GrantEntry> entries) {
  thrift::PrincipalPrivilegeSet set = ToPrivilegeSet(entries);
  set.userPrivileges[std::string(user)];
  set.rolePrivileges[std::string(kPublicRole)];
  for (const std::string& group : groups) set.groupPrivileges[group];
  set.__isset.groupPrivileges = !set.groupPrivileges.empty();
  return set;
}

thrift::RolePrincipalGrant ToThrift(const RoleGrant& grant) {
  thrift::RolePrincipalGrant out;
  out.__set_roleName(grant.role);
  out.__set_principalName(grant.member.name);
  out.__set_principalType(ToThrift(grant.member.kind));
  out.__set_grantOption(grant.admin_option);
  out.__set_grantTime(ToI32(grant.time_ms / kMillisPerSecond));
  // Nobody in particular made everybody a member of `public`.
  if (!grant.grantor.empty()) {
    out.__set_grantorName(grant.grantor);
    out.__set_grantorPrincipalType(thrift::PrincipalType::USER);
  }
  return out;
}

thrift::Role ToRole(const RoleGrant& grant) {
  thrift::Role out;
  out.__set_roleName(grant.role);
  out.__set_createTime(ToI32(grant.time_ms / kMillisPerSecond));
  const bool always_there = grant.role == kAdminRole || grant.role == kPublicRole;
  out.__set_ownerName(always_there ? grant.role : grant.grantor);
  return out;
}

}  // namespace lodestone::hive
