// Granting, revoking, and asking who may what.
#include "catalog/privilege/grants.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/privilege/access.h"
#include "catalog/privilege/membership.h"
#include "catalog/privilege/paths.h"
#include "catalog/record/grant_keys.h"
#include "catalog/session/call.h"
#include "catalog/session/grant_names.h"
#include "catalog/session/place.h"

namespace lodestone {

namespace session {

namespace {

using base::StrCat;
using privilege::Access;
using privilege::GrantAuthority;
using privilege::Place;
using Kind = Securable::Kind;

Grantee LoweredRole(Grantee grantee) {
  if (grantee.kind == GranteeKind::kRole) grantee.name = base::AsciiLower(grantee.name);
  return grantee;
}

// What can be said without looking at the store.
absl::Status CheckAsked(const Securable& on) {
  return on.kind == Kind::kPath ? privilege::CheckPath(on.path) : absl::OkStatus();
}
absl::Status CheckChange(const Grantee& grantee, const Securable& on) {
  RETURN_IF_ERROR(privilege::CheckGrantee(grantee));
  return CheckAsked(on);
}
absl::Status CheckSome(PrivilegeSet privileges, const Securable& on) {
  if (!privileges.empty()) return absl::OkStatus();
  return MakeError(ErrorKind::kInvalidObject, ObjectKind::kPrivilege, {},
                   StrCat("expected a privilege on ", on.ToString(), ", found none"));
}
absl::Status CheckGrant(const GrantSpec& grant, const Grantee& to) {
  RETURN_IF_ERROR(CheckChange(to, grant.on));
  if (!grant.grantor.empty()) RETURN_IF_ERROR(privilege::CheckGrantee(Grantee::User(grant.grantor)));
  return CheckSome(grant.privileges, grant.on);
}

// Unlike Call::PlaceOf it knows whether a partition is there.
absl::StatusOr<Place> PlaceToGrantOn(const store::Reader& reader, Call& call, const Securable& on) {
  ASSIGN_OR_RETURN(const record::CatalogId catalog, call.CatalogOf(reader));
  return FindPlace(reader, catalog, on);
}

absl::Status NoSuchPlace(const Place& place) {
  return MakeError(ErrorKind::kNoSuchObject, privilege::ObjectKindOf(place.kind), privilege::ObjectNameOf(place),
                   StrCat(place.shown, " does not exist"));
}

// A place that is not there is no secret to those who would see it.
absl::Status CheckThere(const store::Reader& reader, const Place& place, Call& call) {
  if (place.exists) return absl::OkStatus();
  if (call.checked()) {
    ASSIGN_OR_RETURN(Access * access, call.AccessOf(reader));
    ASSIGN_OR_RETURN(const bool sees, access->Sees(place));
    if (!sees)
      return call.Deny(StrCat("any privilege on what would hold ", place.shown, " would show that it is not there"));
  }
  return NoSuchPlace(place);
}

absl::Status CheckRole(const store::Reader& reader, const Place& place, const Grantee& to) {
  if (to.kind != GranteeKind::kRole) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool exists, privilege::RoleExists(reader, place.catalog, to.name));
  if (exists) return absl::OkStatus();
  return MakeError(
      ErrorKind::kNoSuchObject, ObjectKind::kRole, to.name,
      StrCat("role ", to.name, " does not exist", place.catalog ? "" : " in the store: roles are of a catalog"));
}

// Groups that somebody vouched for count for what stands by itself, and not for what would have to be looked up again.
absl::StatusOr<GrantAuthority> AuthorityOn(const store::Reader& reader, const Place& place, Call& call) {
  if (!call.checked()) return GrantAuthority{.full = true, .with_option = PrivilegeSet::All()};
  ASSIGN_OR_RETURN(Access * access, call.AccessOf(reader));
  ASSIGN_OR_RETURN(const GrantAuthority authority, access->AuthorityOn(place));
  const Principal& who = call.session().principal;
  if (authority.full || who.groups.empty()) return authority;
  const Principal known{.name = who.name};
  ASSIGN_OR_RETURN(const record::CatalogId catalog, call.CatalogOf(reader));
  return Access(reader, catalog, known).AuthorityOn(place);
}

PrivilegeSet MayGrant(const GrantAuthority& authority, bool grant_option) {
  if (authority.full) return PrivilegeSet::All();
  return grant_option ? authority.with_option : authority.with_option | authority.held;
}

absl::Status CheckMayGrant(const GrantAuthority& authority, PrivilegeSet privileges, bool grant_option,
                           const Place& place, Call& call) {
  const PrivilegeSet lacking = privileges.Without(MayGrant(authority, grant_option));
  if (lacking.empty()) return absl::OkStatus();
  std::string why = StrCat("ownership, or the grant option for ", privilege::AllOfText(lacking), " on ", place.shown,
                           " or on what holds it would have sufficed");
  if (!grant_option) why += StrCat("; or ", NameOf(Privilege::kGrantPrivilege), " there together with what is granted");
  return call.Deny(why);
}

// Whether the principal may take away what anybody granted.
absl::StatusOr<bool> MayRevokeAll(const store::Reader& reader, const Place& place, Call& call) {
  if (!call.checked()) return true;
  ASSIGN_OR_RETURN(Access * access, call.AccessOf(reader));
  ASSIGN_OR_RETURN(const Decision decision, access->Decide(privilege::Operation::kRevoke, place));
  return decision.allowed;
}

absl::Status GrantIn(store::Transaction& txn, const GrantSpec& grant, Call& call) {
  ASSIGN_OR_RETURN(const Place place, PlaceToGrantOn(txn, call, grant.on));
  RETURN_IF_ERROR(CheckThere(txn, place, call));
  ASSIGN_OR_RETURN(const GrantAuthority authority, AuthorityOn(txn, place, call));
  RETURN_IF_ERROR(CheckMayGrant(authority, grant.privileges, grant.grant_option, place, call));
  RETURN_IF_ERROR(CheckRole(txn, place, grant.to));
  ASSIGN_OR_RETURN(std::string grantor, GrantorOfNew(txn, call, grant.grantor));
  call.Allow(StrCat(privilege::AllOfText(grant.privileges), " to ", grant.to.ToString(),
                    grant.grant_option ? " with grant option" : ""));
  return privilege::AddGrants(txn, place,
                              {.to = grant.to,
                               .privileges = grant.privileges,
                               .grant_option = grant.grant_option,
                               .grantor = std::move(grantor),
                               .derived = authority.full ? PrivilegeSet() : grant.privileges,
                               .time_ms = call.session().metastore->NowMillis()});
}

absl::Status RevokeIn(store::Transaction& txn, const RevokeSpec& revoke, RevokeMode mode, Call& call) {
  ASSIGN_OR_RETURN(const Place place, PlaceToGrantOn(txn, call, revoke.on));
  RETURN_IF_ERROR(CheckThere(txn, place, call));
  privilege::OldGrants old{
      .from = revoke.from, .privileges = revoke.privileges, .grant_option_only = revoke.grant_option_only};
  ASSIGN_OR_RETURN(const bool all, MayRevokeAll(txn, place, call));
  if (!all) {
    const std::string& name = call.session().principal.name;
    old.grantor = name;
    ASSIGN_OR_RETURN(const PrivilegeSet own, privilege::GrantedOnExactly(txn, place, revoke.from, name));
    ASSIGN_OR_RETURN(const GrantAuthority authority, AuthorityOn(txn, place, call));
    const PrivilegeSet lacking = revoke.privileges.Without(own | MayGrant(authority, false));
    if (!lacking.empty()) {
      return call.Deny(StrCat("ownership or ", NameOf(Privilege::kRevokePrivilege), " on ", place.shown,
                              " or on what holds it would have sufficed, or to have granted it"));
    }
  }
  call.Allow(StrCat(revoke.grant_option_only ? "grant option for " : "", privilege::AllOfText(revoke.privileges),
                    " from ", revoke.from.ToString()));
  return privilege::RemoveGrants(txn, place, old, mode);
}

// Where the principal may take away what anybody granted, and what it may grant there.
struct Replaced {
  Place place;
  GrantAuthority authority;
};
absl::StatusOr<Replaced> OpenToReplace(const store::Reader& reader, const Securable& on, Call& call) {
  ASSIGN_OR_RETURN(Place place, PlaceToGrantOn(reader, call, on));
  RETURN_IF_ERROR(CheckThere(reader, place, call));
  ASSIGN_OR_RETURN(const bool all, MayRevokeAll(reader, place, call));
  if (!all) {
    return call.Deny(StrCat("ownership or ", NameOf(Privilege::kRevokePrivilege), " on ", place.shown,
                            " or on what holds it would have sufficed"));
  }
  ASSIGN_OR_RETURN(GrantAuthority authority, AuthorityOn(reader, place, call));
  return Replaced{.place = std::move(place), .authority = std::move(authority)};
}

absl::Status ReplaceIn(store::Transaction& txn, const Grantee& to, const Securable& on, PrivilegeSet privileges,
                       Call& call) {
  ASSIGN_OR_RETURN(const auto opened, OpenToReplace(txn, on, call));
  const auto& [place, authority] = opened;
  RETURN_IF_ERROR(CheckMayGrant(authority, privileges, false, place, call));
  RETURN_IF_ERROR(CheckRole(txn, place, to));
  call.Allow(StrCat(privileges.empty() ? "nothing" : privilege::AllOfText(privileges), " instead of all else to ",
                    to.ToString()));
  const Session::Impl& session = call.session();
  // What is there already stays as it is, so that what was granted on by virtue of it stays.
  ASSIGN_OR_RETURN(const PrivilegeSet there, privilege::GrantedOnExactly(txn, place, to, std::nullopt));
  const PrivilegeSet missing = privileges.Without(there);
  if (!missing.empty()) {
    RETURN_IF_ERROR(privilege::AddGrants(txn, place,
                                         {.to = to,
                                          .privileges = missing,
                                          .grantor = session.principal.name,
                                          .derived = authority.full ? PrivilegeSet() : missing,
                                          .time_ms = session.metastore->NowMillis()}));
  }
  return privilege::KeepOnly(txn, place, to, privileges);
}

absl::Status ReplaceAllIn(store::Transaction& txn, const Securable& on, std::span<const GrantSpec> grants, Call& call) {
  ASSIGN_OR_RETURN(const auto opened, OpenToReplace(txn, on, call));
  const auto& [place, authority] = opened;
  std::map<Grantee, privilege::KeptGrants> kept;
  std::vector<privilege::NewGrants> added;
  for (const GrantSpec& grant : grants) {
    const Grantee to = LoweredRole(grant.to);
    RETURN_IF_ERROR(CheckMayGrant(authority, grant.privileges, grant.grant_option, place, call));
    RETURN_IF_ERROR(CheckRole(txn, place, to));
    privilege::KeptGrants& keeps = kept[to];
    keeps.privileges |= grant.privileges;
    if (grant.grant_option) keeps.with_option |= grant.privileges;
    // What is there already keeps its grantor; a grant option that is missing is granted as a whole.
    ASSIGN_OR_RETURN(const PrivilegeSet there, privilege::GrantedOnExactly(txn, place, to, std::nullopt));
    const PrivilegeSet missing = grant.grant_option ? grant.privileges : grant.privileges.Without(there);
    if (missing.empty()) continue;
    ASSIGN_OR_RETURN(std::string grantor, GrantorOfNew(txn, call, grant.grantor));
    added.push_back({.to = to,
                     .privileges = missing,
                     .grant_option = grant.grant_option,
                     .grantor = std::move(grantor),
                     .derived = authority.full ? PrivilegeSet() : missing,
                     .time_ms = call.session().metastore->NowMillis()});
  }
  call.Allow(StrCat(grants.size(), " grants instead of all else"));
  for (const privilege::NewGrants& one : added) RETURN_IF_ERROR(privilege::AddGrants(txn, place, one));
  return privilege::KeepOnlyThese(txn, place, kept);
}

// Whether `who` is the session's principal, with no groups but those that were vouched for.
bool IsSelf(const Session::Impl& session, const Principal& who) {
  const std::vector<std::string>& groups = session.principal.groups;
  return who.name == session.principal.name && std::ranges::all_of(who.groups, [&](const std::string& group) {
           return std::ranges::find(groups, group) != groups.end();
         });
}

// What a question about somebody begins with. nullopt: the place is not there, and the answer is the same as of one
// that is out of reach.
absl::StatusOr<std::optional<Place>> PlaceToAskAbout(const store::Reader& reader, const Principal& who,
                                                     const Securable& on, Call& call) {
  ASSIGN_OR_RETURN(Place place, PlaceToGrantOn(reader, call, on));
  if (!IsSelf(call.session(), who)) {
    RETURN_IF_ERROR(call.CheckPlace(reader, privilege::Operation::kCheck, place));
    RETURN_IF_ERROR(CheckThere(reader, place, call));
    return std::optional(std::move(place));
  }
  if (place.exists) return std::optional(std::move(place));
  ASSIGN_OR_RETURN(const bool sees, call.Sees(reader, on));
  if (sees) return NoSuchPlace(place);
  return std::optional<Place>();
}

}  // namespace

absl::StatusOr<std::string> GrantorOfNew(const store::Reader& reader, Call& call, std::string_view asked) {
  const std::string& principal = call.session().principal.name;
  if (asked.empty() || asked == principal) return principal;
  if (!call.checked()) return std::string(asked);
  ASSIGN_OR_RETURN(Access * access, call.AccessOf(reader));
  ASSIGN_OR_RETURN(const bool may, access->IsAdministrator());
  return may ? std::string(asked) : principal;
}

}  // namespace session

using namespace session;  // NOLINT: the calls below are made of what the namespace offers

absl::Status Session::Grant(const GrantSpec& grant) {
  GrantSpec lowered = grant;
  lowered.to = LoweredRole(grant.to);
  return Write(
      *impl_, Operation::kGrant, [&] { return Target(grant.on); }, [&] { return CheckGrant(grant, lowered.to); },
      [&](store::Transaction& txn, Call& call) { return GrantIn(txn, lowered, call); }, Ask::kInBody);
}

absl::Status Session::Revoke(const RevokeSpec& revoke, RevokeMode mode) {
  RevokeSpec lowered = revoke;
  lowered.from = LoweredRole(revoke.from);
  return Write(
      *impl_, Operation::kRevoke, [&] { return Target(revoke.on); },
      [&]() -> absl::Status {
        RETURN_IF_ERROR(CheckChange(lowered.from, revoke.on));
        return CheckSome(revoke.privileges, revoke.on);
      },
      [&](store::Transaction& txn, Call& call) { return RevokeIn(txn, lowered, mode, call); }, Ask::kInBody);
}

absl::Status Session::ReplaceGrants(const Grantee& to, const Securable& on, PrivilegeSet privileges) {
  const Grantee lowered = LoweredRole(to);
  return Write(
      *impl_, Operation::kReplaceGrants, [&] { return Target(on); }, [&] { return CheckChange(lowered, on); },
      [&](store::Transaction& txn, Call& call) { return ReplaceIn(txn, lowered, on, privileges, call); }, Ask::kInBody);
}

absl::Status Session::ReplaceAllGrants(const Securable& on, std::span<const GrantSpec> grants) {
  const auto prepare = [&]() -> absl::Status {
    RETURN_IF_ERROR(CheckAsked(on));
    for (const GrantSpec& grant : grants) {
      RETURN_IF_ERROR(CheckGrant(grant, LoweredRole(grant.to)));
      if (Lowered(grant.on) == Lowered(on)) continue;
      return MakeError(ErrorKind::kInvalidObject, ObjectKind::kPrivilege, {},
                       StrCat("expected a grant on ", on.ToString(), ", found one on ", grant.on.ToString()));
    }
    return absl::OkStatus();
  };
  return Write(
      *impl_, Operation::kReplaceGrants, [&] { return Target(on); }, prepare,
      [&](store::Transaction& txn, Call& call) { return ReplaceAllIn(txn, on, grants, call); }, Ask::kInBody);
}

absl::StatusOr<PrivilegeSet> Session::EffectivePrivileges(const Principal& who, const Securable& on) const {
  const auto body = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<PrivilegeSet> {
    RETURN_IF_ERROR(CheckAsked(on));
    ASSIGN_OR_RETURN(const std::optional<Place> place, PlaceToAskAbout(*reader, who, on, call));
    if (!place) return PrivilegeSet();
    ASSIGN_OR_RETURN(const record::CatalogId catalog, FindCatalogId(*reader, impl_->catalog));
    return Access(*reader, catalog, who).EffectiveOn(*place);
  };
  return Read(
      *impl_, Operation::kCheck, [&] { return Target(on); }, body, Ask::kInBody);
}

absl::StatusOr<std::vector<GrantEntry>> Session::EffectiveGrants(const Principal& who, const Securable& on) const {
  const auto body = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<std::vector<GrantEntry>> {
    RETURN_IF_ERROR(CheckAsked(on));
    std::vector<GrantEntry> entries;
    ASSIGN_OR_RETURN(const std::optional<Place> place, PlaceToAskAbout(*reader, who, on, call));
    if (!place) return entries;
    ASSIGN_OR_RETURN(const record::CatalogId catalog, FindCatalogId(*reader, impl_->catalog));
    ASSIGN_OR_RETURN(const auto granted, Access(*reader, catalog, who).GrantsOn(*place));
    GrantNames names(*reader);
    for (const auto& one : granted) {
      ASSIGN_OR_RETURN(const std::optional<Securable> named, names.Find(one.on));
      if (named) AppendEntries(one.grantee, *named, one.record, &entries);
    }
    return entries;
  };
  return Read(
      *impl_, Operation::kCheck, [&] { return Target(on); }, body, Ask::kInBody);
}

absl::StatusOr<Decision> Session::Check(const Principal& who, PrivilegeSet any_of, const Securable& on) const {
  const auto body = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<Decision> {
    RETURN_IF_ERROR(CheckSome(any_of, on));
    RETURN_IF_ERROR(CheckAsked(on));
    ASSIGN_OR_RETURN(std::optional<Place> place, PlaceToAskAbout(*reader, who, on, call));
    if (!place) {
      ASSIGN_OR_RETURN(place, PlaceToGrantOn(*reader, call, on));
    }
    ASSIGN_OR_RETURN(const record::CatalogId catalog, FindCatalogId(*reader, impl_->catalog));
    return Access(*reader, catalog, who).DecideAnyOf(any_of, *place);
  };
  return Read(
      *impl_, Operation::kCheck, [&] { return Target(on); }, body, Ask::kInBody);
}

}  // namespace lodestone
