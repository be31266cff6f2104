// Roles and groups: who is made a member of what, and what follows when that ends.
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/privilege/grants.h"
#include "catalog/privilege/membership.h"
#include "catalog/record/keys.h"
#include "catalog/session/call.h"
#include "catalog/session/context.h"
#include "catalog/session/objects.h"
#include "catalog/session/place.h"
#include "lodestone/record/v1/principal.pb.h"

namespace lodestone {

using namespace session;  // NOLINT: the calls below are made of what the namespace offers

namespace {

using base::StrCat;
using record::CatalogId;
using record::v1::MembershipRecord;
using record::v1::RoleRecord;

bool IsBuiltIn(std::string_view role) { return role == kAdminRole || role == kPublicRole; }

// With its name as it is stored.
Grantee Lowered(Grantee grantee) {
  if (grantee.kind == GranteeKind::kRole) grantee.name = base::AsciiLower(grantee.name);
  return grantee;
}
Grantee RoleNamed(std::string_view role) { return Lowered(Grantee::Role(role)); }

absl::Status CheckBoth(const Grantee& a, const Grantee& b) {
  RETURN_IF_ERROR(privilege::CheckGrantee(a));
  return privilege::CheckGrantee(b);
}

Target About(const Grantee& grantee) { return Target(Securable::Catalog(), grantee.ToString()); }
Target About(const Grantee& member, const Grantee& of) {
  return Target(Securable::Catalog(), StrCat(of.ToString(), " of ", member.ToString()));
}

absl::Status NeedRole(const store::Reader& reader, CatalogId catalog, const Grantee& role) {
  ASSIGN_OR_RETURN(const bool exists, privilege::RoleExists(reader, catalog, role.name));
  return exists ? absl::OkStatus() : NoSuch(ObjectKind::kRole, role.name);
}

absl::Status NoMember(const Grantee& member, const Grantee& of) {
  return MakeError(ErrorKind::kNoSuchObject, of.kind == GranteeKind::kRole ? ObjectKind::kRole : ObjectKind::kGroup,
                   of.name, StrCat(member.ToString(), " is not a member of ", of.ToString()));
}

void PutMembership(store::Transaction& txn, CatalogId catalog, const Grantee& member, const Grantee& of,
                   const MembershipRecord& record) {
  PutRecord(txn, record::MembershipKey(catalog, member, of), record);
  PutRecord(txn, record::MemberKey(catalog, of, member), record);
}
void DeleteMembership(store::Transaction& txn, CatalogId catalog, const Grantee& member, const Grantee& of) {
  txn.Delete(record::MembershipKey(catalog, member, of));
  txn.Delete(record::MemberKey(catalog, of, member));
}
MembershipRecord NewMembership(const Session::Impl& session, std::string_view grantor, bool admin_option) {
  MembershipRecord record;
  record.set_admin_option(admin_option);
  record.set_grantor(std::string(grantor));
  record.set_time_ms(session.metastore->NowMillis());
  return record;
}

// Calls `visit` with the two grantees of each membership in the range, as they stand in the keys, and its record.
template <typename Visit>
absl::Status ForEachMembership(const store::Reader& reader, const store::KeyRange& range, const Visit& visit) {
  return ForEach(reader, range, [&](std::string_view key, std::string_view value) -> absl::Status {
    const auto pair = record::ParseMembership(key);
    if (!pair) return absl::DataLossError(StrCat(record::Describe(key), ": expected a membership"));
    MembershipRecord record;
    RETURN_IF_ERROR(DecodeAt(key, value, &record));
    visit(pair->first, pair->second, record);
    return absl::OkStatus();
  });
}

// What the principal of a session that is checked is a member of. REQUIRES: call.checked().
absl::StatusOr<const privilege::Memberships*> MembersOfCaller(const store::Reader& reader, Call& call) {
  ASSIGN_OR_RETURN(privilege::Access * access, call.AccessOf(reader));
  return access->Members();
}
bool Includes(const privilege::Memberships& members, const Grantee& grantee) {
  return std::find(members.grantees.begin(), members.grantees.end(), grantee) != members.grantees.end();
}

// By which of its grantees the caller has the role with admin option; nullopt: by none.
absl::StatusOr<std::optional<Grantee>> FindAdminOption(const store::Reader& reader, Call& call, const Grantee& role) {
  std::optional<Grantee> by;
  ASSIGN_OR_RETURN(const CatalogId id, call.CatalogOf(reader));
  if (!id) return by;
  ASSIGN_OR_RETURN(const auto* members, MembersOfCaller(reader, call));
  std::vector<std::string> keys;
  for (const Grantee& grantee : members->grantees) keys.push_back(record::MembershipKey(id, grantee, role));
  ASSIGN_OR_RETURN(const auto values, reader.MultiGet(keys));
  for (std::size_t i = 0; i < keys.size() && !by; ++i) {
    if (!values[i]) continue;
    MembershipRecord record;
    RETURN_IF_ERROR(DecodeAt(keys[i], *values[i], &record));
    if (record.admin_option()) by = members->grantees[i];
  }
  return by;
}
// Administrators may, and whoever has the role with admin option.
absl::Status CheckAdminOption(const store::Reader& reader, Call& call, Operation operation, const Grantee& role) {
  if (!call.checked()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto by, FindAdminOption(reader, call, role));
  if (!by) return call.Check(reader, operation, Securable::Catalog());
  call.Allow(StrCat("admin option on ", role.ToString(), ", by ", by->ToString()));
  return absl::OkStatus();
}
// Administrators may, and whoever asks about itself.
absl::Status CheckOwn(const store::Reader& reader, Call& call, Operation operation, const Grantee& grantee) {
  if (!call.checked()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto* members, MembersOfCaller(reader, call));
  if (!Includes(*members, grantee)) return call.Check(reader, operation, Securable::Catalog());
  call.Allow("about itself");
  return absl::OkStatus();
}
// The names of one kind that the caller is a member of, in order; nullopt: it may see all.
absl::StatusOr<std::optional<std::vector<std::string>>> OwnNames(const store::Reader& reader, Call& call,
                                                                 Operation operation, GranteeKind kind) {
  using Names = std::optional<std::vector<std::string>>;
  ASSIGN_OR_RETURN(const bool all, call.May(reader, operation, Securable::Catalog()));
  if (all) {
    call.Allow("an administrator sees all");
    return Names();
  }
  call.Allow("shows its own alone");
  ASSIGN_OR_RETURN(const auto* members, MembersOfCaller(reader, call));
  std::set<std::string> names;
  for (const Grantee& grantee : members->grantees) {
    if (grantee.kind == kind) names.insert(grantee.name);
  }
  return Names(std::in_place, names.begin(), names.end());
}

// InvalidArgument, with the way, when making `member` a member of `role` would close a circle.
absl::Status CheckNoCircle(const store::Reader& reader, CatalogId catalog, const Grantee& role, const Grantee& member) {
  if (member.kind != GranteeKind::kRole) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto way, privilege::FindWay(reader, catalog, role, member));
  if (way.empty()) return absl::OkStatus();
  std::string shown = member.ToString();
  for (const Grantee& step : way) base::StrAppend(&shown, " in ", step.ToString());
  return MakeError(
      ErrorKind::kInvalidObject, ObjectKind::kRole, role.name,
      StrCat(role.ToString(), " can't be granted to ", member.ToString(), ": it would be a member of itself: ", shown));
}

RoleGrant ToRoleGrant(const Grantee& role, const Grantee& member, const MembershipRecord& record) {
  return RoleGrant{.role = role.name,
                   .member = member,
                   .admin_option = record.admin_option(),
                   .grantor = record.grantor(),
                   .time_ms = record.time_ms()};
}

}  // namespace

// --- Roles ---

absl::Status Session::CreateRole(std::string_view role) {
  const Grantee made = RoleNamed(role);
  const auto prepare = [&]() -> absl::Status {
    RETURN_IF_ERROR(privilege::CheckGrantee(made));
    // Hive's SET ROLE has other uses for these words.
    if (made.name != "all" && made.name != "none" && made.name != "default") return absl::OkStatus();
    return MakeError(ErrorKind::kInvalidObject, ObjectKind::kRole, made.name,
                     StrCat("role ", made.name, ": the name can't be used: it is reserved"));
  };
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const CatalogId catalog, NeedCatalogId(txn, impl_->catalog));
    ASSIGN_OR_RETURN(const bool exists, privilege::RoleExists(txn, catalog, made.name));
    if (exists) return Exists(ObjectKind::kRole, made.name);
    RoleRecord record;
    record.set_creator(impl_->principal.name);
    record.set_create_time_ms(impl_->metastore->NowMillis());
    PutRecord(txn, record::RoleKey(catalog, made.name), record);
    return absl::OkStatus();
  };
  return Write(
      *impl_, Operation::kCreateRole, [&] { return About(made); }, prepare, body);
}

absl::Status Session::DropRole(std::string_view role) {
  const Grantee gone = RoleNamed(role);
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const CatalogId catalog, NeedCatalogId(txn, impl_->catalog));
    RETURN_IF_ERROR(NeedRole(txn, catalog, gone));
    if (IsBuiltIn(gone.name)) {
      return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kRole, gone.name,
                       StrCat("role ", gone.name, " can't be dropped: every catalog has it"));
    }
    std::vector<std::pair<Grantee, Grantee>> memberships;  // member, role
    RETURN_IF_ERROR(ForEachMembership(
        txn, record::MembersOf(catalog, gone),
        [&](const Grantee& of, const Grantee& member, const auto&) { memberships.emplace_back(member, of); }));
    RETURN_IF_ERROR(ForEachMembership(
        txn, record::MembershipsOf(catalog, gone),
        [&](const Grantee& member, const Grantee& of, const auto&) { memberships.emplace_back(member, of); }));
    for (const auto& [member, of] : memberships) DeleteMembership(txn, catalog, member, of);
    txn.Delete(record::RoleKey(catalog, gone.name));
    RETURN_IF_ERROR(privilege::DropGrantsTo(txn, catalog, gone));
    return privilege::DropUnsupported(txn, catalog, RevokeMode::kCascade);
  };
  return Write(
      *impl_, Operation::kDropRole, [&] { return About(gone); }, [&] { return privilege::CheckGrantee(gone); }, body);
}

absl::StatusOr<std::vector<std::string>> Session::ListRoles() const {
  const auto body = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<std::vector<std::string>> {
    ASSIGN_OR_RETURN(auto own, OwnNames(*reader, call, Operation::kListRoles, GranteeKind::kRole));
    if (own) return *std::move(own);
    ASSIGN_OR_RETURN(const CatalogId catalog, NeedCatalogId(*reader, impl_->catalog));
    std::vector<std::string> roles = {std::string(kAdminRole), std::string(kPublicRole)};
    RETURN_IF_ERROR(ForEach(*reader, record::Roles(catalog), [&](std::string_view key, std::string_view) {
      roles.emplace_back(record::NameUnderParent(key));
      return absl::OkStatus();
    }));
    std::sort(roles.begin(), roles.end());
    return roles;
  };
  return Read(
      *impl_, Operation::kListRoles, [] { return Target(Securable::Catalog()); }, body, Ask::kInBody);
}

absl::Status Session::GrantRole(std::string_view role, const Grantee& member, bool admin_option,
                                std::string_view grantor) {
  const Grantee given = RoleNamed(role);
  const Grantee to = Lowered(member);
  const auto prepare = [&]() -> absl::Status {
    if (!grantor.empty()) RETURN_IF_ERROR(privilege::CheckGrantee(Grantee::User(grantor)));
    return CheckBoth(given, to);
  };
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    RETURN_IF_ERROR(CheckAdminOption(txn, call, Operation::kGrantRole, given));
    ASSIGN_OR_RETURN(const CatalogId catalog, NeedCatalogId(txn, impl_->catalog));
    RETURN_IF_ERROR(NeedRole(txn, catalog, given));
    if (to.kind == GranteeKind::kRole) RETURN_IF_ERROR(NeedRole(txn, catalog, to));
    if (given.name == kPublicRole) {
      return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kRole, given.name,
                       "role public can't be granted: everybody is a member");
    }
    RETURN_IF_ERROR(CheckNoCircle(txn, catalog, given, to));
    const std::string key = record::MembershipKey(catalog, to, given);
    ASSIGN_OR_RETURN(auto there, ReadRecord<MembershipRecord>(txn, key));
    if (there && (there->admin_option() || !admin_option)) return absl::OkStatus();
    if (!there) {
      ASSIGN_OR_RETURN(const std::string by, GrantorOfNew(txn, call, grantor));
      there = NewMembership(*impl_, by, admin_option);
    }
    there->set_admin_option(admin_option);
    PutMembership(txn, catalog, to, given, *there);
    return absl::OkStatus();
  };
  return Write(
      *impl_, Operation::kGrantRole, [&] { return About(to, given); }, prepare, body, Ask::kInBody);
}

absl::Status Session::RevokeRole(std::string_view role, const Grantee& member, bool admin_option_only) {
  const Grantee taken = RoleNamed(role);
  const Grantee from = Lowered(member);
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    RETURN_IF_ERROR(CheckAdminOption(txn, call, Operation::kRevokeRole, taken));
    ASSIGN_OR_RETURN(const CatalogId catalog, NeedCatalogId(txn, impl_->catalog));
    RETURN_IF_ERROR(NeedRole(txn, catalog, taken));
    if (taken.name == kPublicRole) {
      return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kRole, taken.name,
                       "role public can't be taken away: everybody is a member");
    }
    const std::string key = record::MembershipKey(catalog, from, taken);
    ASSIGN_OR_RETURN(auto there, ReadRecord<MembershipRecord>(txn, key));
    if (!there) return NoMember(from, taken);
    if (admin_option_only) {
      there->set_admin_option(false);
      PutMembership(txn, catalog, from, taken, *there);
      return absl::OkStatus();
    }
    DeleteMembership(txn, catalog, from, taken);
    return privilege::DropUnsupported(txn, catalog, RevokeMode::kCascade);
  };
  return Write(
      *impl_, Operation::kRevokeRole, [&] { return About(from, taken); }, [&] { return CheckBoth(taken, from); }, body,
      Ask::kInBody);
}

absl::StatusOr<std::vector<RoleGrant>> Session::ListRolesOf(const Grantee& member) const {
  const Grantee asked = Lowered(member);
  const auto body = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<std::vector<RoleGrant>> {
    RETURN_IF_ERROR(privilege::CheckGrantee(asked));
    RETURN_IF_ERROR(CheckOwn(*reader, call, Operation::kListRoles, asked));
    ASSIGN_OR_RETURN(const CatalogId catalog, NeedCatalogId(*reader, impl_->catalog));
    if (asked.kind == GranteeKind::kRole) RETURN_IF_ERROR(NeedRole(*reader, catalog, asked));
    std::vector<RoleGrant> roles;
    const auto add = [&](const Grantee& who, const Grantee& of, const MembershipRecord& record) {
      if (of.kind == GranteeKind::kRole) roles.push_back(ToRoleGrant(of, who, record));
    };
    RETURN_IF_ERROR(ForEachMembership(*reader, record::MembershipsOf(catalog, asked), add));
    return roles;
  };
  return Read(
      *impl_, Operation::kListRoles, [&] { return About(asked); }, body, Ask::kInBody);
}

absl::StatusOr<std::vector<RoleGrant>> Session::ListMembers(std::string_view role) const {
  const Grantee asked = RoleNamed(role);
  const auto body = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<std::vector<RoleGrant>> {
    RETURN_IF_ERROR(privilege::CheckGrantee(asked));
    RETURN_IF_ERROR(CheckAdminOption(*reader, call, Operation::kListRoles, asked));
    ASSIGN_OR_RETURN(const CatalogId catalog, NeedCatalogId(*reader, impl_->catalog));
    RETURN_IF_ERROR(NeedRole(*reader, catalog, asked));
    std::vector<RoleGrant> members;
    const auto add = [&](const Grantee& of, const Grantee& who, const MembershipRecord& record) {
      members.push_back(ToRoleGrant(of, who, record));
    };
    RETURN_IF_ERROR(ForEachMembership(*reader, record::MembersOf(catalog, asked), add));
    return members;
  };
  return Read(
      *impl_, Operation::kListRoles, [&] { return About(asked); }, body, Ask::kInBody);
}

// --- Groups: there as long as they have a member ---

absl::Status Session::AddToGroup(std::string_view group, std::string_view user) {
  const Grantee of = Grantee::Group(group);
  const Grantee member = Grantee::User(user);
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const CatalogId catalog, NeedCatalogId(txn, impl_->catalog));
    ASSIGN_OR_RETURN(const auto there, txn.Get(record::MembershipKey(catalog, member, of)));
    if (!there) PutMembership(txn, catalog, member, of, NewMembership(*impl_, impl_->principal.name, false));
    return absl::OkStatus();
  };
  return Write(
      *impl_, Operation::kAddToGroup, [&] { return About(member, of); }, [&] { return CheckBoth(of, member); }, body);
}

absl::Status Session::RemoveFromGroup(std::string_view group, std::string_view user) {
  const Grantee of = Grantee::Group(group);
  const Grantee member = Grantee::User(user);
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const CatalogId catalog, NeedCatalogId(txn, impl_->catalog));
    ASSIGN_OR_RETURN(const auto there, txn.Get(record::MembershipKey(catalog, member, of)));
    if (!there) return NoMember(member, of);
    DeleteMembership(txn, catalog, member, of);
    return privilege::DropUnsupported(txn, catalog, RevokeMode::kCascade);
  };
  return Write(
      *impl_, Operation::kRemoveFromGroup, [&] { return About(member, of); }, [&] { return CheckBoth(of, member); },
      body);
}

absl::StatusOr<std::vector<std::string>> Session::ListGroups() const {
  const auto body = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<std::vector<std::string>> {
    ASSIGN_OR_RETURN(auto own, OwnNames(*reader, call, Operation::kListGroups, GranteeKind::kGroup));
    if (own) return *std::move(own);
    ASSIGN_OR_RETURN(const CatalogId catalog, NeedCatalogId(*reader, impl_->catalog));
    std::vector<std::string> groups;
    const auto cursor = reader->NewCursor(record::MembersOfGroups(catalog));
    cursor->SeekToFirst();
    while (cursor->Valid()) {
      const auto pair = record::ParseMembership(cursor->key());
      if (!pair) return absl::DataLossError(StrCat(record::Describe(cursor->key()), ": expected a membership"));
      groups.push_back(pair->first.name);
      // Past the other members.
      cursor->Seek(record::MembersOf(catalog, pair->first).upper);
    }
    RETURN_IF_ERROR(cursor->status());
    return groups;
  };
  return Read(
      *impl_, Operation::kListGroups, [] { return Target(Securable::Catalog()); }, body, Ask::kInBody);
}

absl::StatusOr<std::vector<std::string>> Session::ListGroupMembers(std::string_view group) const {
  const Grantee of = Grantee::Group(group);
  const auto body = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<std::vector<std::string>> {
    RETURN_IF_ERROR(privilege::CheckGrantee(of));
    ASSIGN_OR_RETURN(const CatalogId catalog, NeedCatalogId(*reader, impl_->catalog));
    std::vector<std::string> members;
    const auto add = [&](const Grantee&, const Grantee& who, const auto&) { members.push_back(who.name); };
    RETURN_IF_ERROR(ForEachMembership(*reader, record::MembersOf(catalog, of), add));
    return members;
  };
  return Read(
      *impl_, Operation::kListGroups, [&] { return About(of); }, body);
}

// --- Administrators ---

absl::StatusOr<bool> Session::IsAdministrator(const Principal& who) const {
  const Grantee asked = Grantee::User(who.name);
  const auto body = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<bool> {
    RETURN_IF_ERROR(CheckOwn(*reader, call, Operation::kListRoles, asked));
    ASSIGN_OR_RETURN(const CatalogId catalog, NeedCatalogId(*reader, impl_->catalog));
    ASSIGN_OR_RETURN(const auto members, privilege::FindMemberships(*reader, catalog, who));
    return members.is_administrator;
  };
  return Read(
      *impl_, Operation::kListRoles, [&] { return About(asked); }, body, Ask::kInBody);
}

absl::Status Session::SetStoreAdministrator(std::string_view user, bool is_administrator) {
  const Grantee who = Grantee::User(user);
  const Grantee admin = Grantee::Role(kAdminRole);
  const CatalogId of_store;
  const auto where = [&] { return Target(Securable::Global(), About(who, admin).shown); };
  const auto body = [&](store::Transaction& txn, Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const auto there, txn.Get(record::MembershipKey(of_store, who, admin)));
    if (is_administrator && !there)
      PutMembership(txn, of_store, who, admin, NewMembership(*impl_, impl_->principal.name, false));
    if (!is_administrator) DeleteMembership(txn, of_store, who, admin);
    return absl::OkStatus();
  };
  return Write(
      *impl_, Operation::kSetStoreAdministrator, where, [&] { return privilege::CheckGrantee(who); }, body);
}

}  // namespace lodestone
