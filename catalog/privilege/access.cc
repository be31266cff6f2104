#include "catalog/privilege/access.h"

#include <algorithm>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/privilege/grant_records.h"
#include "catalog/record/format.h"
#include "catalog/record/grant_keys.h"
#include "catalog/record/keys.h"
#include "lodestone/record/v1/grant.pb.h"

namespace lodestone::privilege {

namespace {

using base::StrCat;
using record::GrantedOn;
using Kind = Securable::Kind;

bool IsInDatabase(Kind kind) { return kind != Kind::kGlobal && kind != Kind::kCatalog && kind != Kind::kPath; }

// How a level above the place, or the place itself, is called.
std::string ShownLevel(const GrantedOn& level, const Place& place) {
  if (level.kind == place.kind) return place.shown;
  switch (level.kind) {
    case Kind::kDatabase:
      return Securable::Database(place.database_name).ToString();
    case Kind::kTable:
      return Securable::Table({.database = place.database_name, .table = place.name}).ToString();
    default:
      return Securable{.kind = level.kind}.ToString();
  }
}

std::string Joined(PrivilegeSet set, std::string_view before_last) {
  const std::vector<Privilege> all = set.ToVector();
  std::string text;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0) text += i + 1 == all.size() ? before_last : ", ";
    text += NameOf(all[i]);
  }
  return text;
}

std::string DenialOf(PrivilegeSet any_of, const Place& place) {
  const bool store = place.kind == Kind::kGlobal;
  const std::string_view administrators = store ? "administrators of the store" : "administrators";
  if (!any_of.empty()) {
    return StrCat(AnyOfText(any_of), " on ", place.shown, store ? "" : " or on what holds it", " would have sufficed");
  }
  if (!IsInDatabase(place.kind)) return StrCat("only ", administrators, " may");
  return StrCat("only the owner of ", place.shown, " or of what holds it, and administrators may");
}

}  // namespace

// --- Words ---

ObjectKind ObjectKindOf(Kind kind) {
  switch (kind) {
    case Kind::kGlobal:
      return ObjectKind::kStore;
    case Kind::kCatalog:
      return ObjectKind::kCatalog;
    case Kind::kDatabase:
      return ObjectKind::kDatabase;
    case Kind::kTable:
      return ObjectKind::kTable;
    case Kind::kColumn:
      return ObjectKind::kColumn;
    case Kind::kPartition:
      return ObjectKind::kPartition;
    case Kind::kFunction:
      return ObjectKind::kFunction;
    case Kind::kPath:
      return ObjectKind::kPath;
  }
  return ObjectKind::kStore;
}

std::string ObjectNameOf(const Place& place) {
  if (!IsInDatabase(place.kind)) return place.kind == Kind::kPath ? place.shown : std::string();
  const std::size_t blank = place.shown.find(' ');
  return blank == std::string::npos ? place.shown : place.shown.substr(blank + 1);
}

std::string AnyOfText(PrivilegeSet any_of) { return Joined(any_of, " or "); }
std::string AllOfText(PrivilegeSet all) { return Joined(all, " and "); }

absl::Status Denied(const Principal& who, Operation operation, const Place& place) {
  return MakeError(
      ErrorKind::kNoPrivilege, ObjectKindOf(place.kind), ObjectNameOf(place),
      StrCat("user ", base::Quoted(who.name), " has no privilege for ", NameOf(operation), " on ", place.shown));
}

// --- Levels ---

Grantee OwnerOf(std::string_view name, model::v1::PrincipalType type) {
  switch (type) {
    case model::v1::ROLE:
      return Grantee::Role(base::AsciiLower(name));
    case model::v1::GROUP:
      return Grantee::Group(name);
    default:
      return Grantee::User(name);
  }
}

std::vector<GrantedOn> LevelsOf(const Place& place) {
  std::vector<GrantedOn> levels = {{.kind = Kind::kGlobal}};
  if (place.kind == Kind::kGlobal || !place.catalog) return levels;
  levels.push_back({.catalog = place.catalog, .kind = Kind::kCatalog});
  if (place.kind == Kind::kPath) {
    levels.push_back({.catalog = place.catalog, .kind = Kind::kPath, .leaf = place.leaf});
    return levels;
  }
  if (!IsInDatabase(place.kind) || !place.database) return levels;
  levels.push_back({.catalog = place.catalog, .database = place.database, .kind = Kind::kDatabase});
  if (place.kind == Kind::kDatabase || place.object == 0) return levels;
  const Kind kind = place.kind == Kind::kFunction ? Kind::kFunction : Kind::kTable;
  levels.push_back({.catalog = place.catalog, .database = place.database, .object = place.object, .kind = kind});
  if (place.kind == kind) return levels;
  levels.push_back({.catalog = place.catalog,
                    .database = place.database,
                    .object = place.object,
                    .kind = place.kind,
                    .leaf = place.leaf});
  return levels;
}

// --- Who ---

absl::StatusOr<const Memberships*> Access::Members() {
  if (!members_) {
    ASSIGN_OR_RETURN(members_, FindMemberships(reader_, catalog_, who_));
  }
  return &*members_;
}

absl::StatusOr<bool> Access::IsAdministrator() {
  ASSIGN_OR_RETURN(const Memberships* members, Members());
  return members->is_administrator;
}

bool IsOwner(const Grantee& owner, const Memberships& members) {
  if (owner.name.empty() || owner == Grantee::Role(kPublicRole)) return false;
  return std::ranges::find(members.grantees, owner) != members.grantees.end();
}

absl::StatusOr<std::string> Access::FullPower(const Place& place) {
  ASSIGN_OR_RETURN(const Memberships* members, Members());
  if (members->is_store_administrator) return "an administrator of the store";
  if (place.kind == Kind::kGlobal) return "";
  if (members->is_administrator) return "a member of role admin";
  if (place.object != 0 && IsOwner(place.object_owner, *members)) {
    const Kind kind = place.kind == Kind::kFunction ? Kind::kFunction : Kind::kTable;
    return StrCat(place.object_owner.ToString(), ", who owns ", ShownLevel({.kind = kind}, place));
  }
  if (place.database && IsOwner(place.database_owner, *members)) {
    return StrCat(place.database_owner.ToString(), ", who owns ", ShownLevel({.kind = Kind::kDatabase}, place));
  }
  return "";
}

// --- What ---

absl::StatusOr<std::vector<Access::Granted>> Access::GrantsOn(const Place& place) {
  ASSIGN_OR_RETURN(const Memberships* members, Members());
  const std::vector<GrantedOn> levels = LevelsOf(place);
  std::vector<std::string> keys;
  keys.reserve(levels.size() * members->grantees.size());
  for (const GrantedOn& level : levels) {
    for (const Grantee& grantee : members->grantees) keys.push_back(record::GrantKey(level, grantee));
  }
  ASSIGN_OR_RETURN(const auto values, reader_.MultiGet(keys));
  std::vector<Granted> found;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!values[i]) continue;
    ASSIGN_OR_RETURN(auto grants, DecodeGrants(keys[i], *values[i]));
    found.push_back({.on = levels[i / members->grantees.size()],
                     .grantee = members->grantees[i % members->grantees.size()],
                     .record = std::move(grants)});
  }
  return found;
}

absl::StatusOr<const std::vector<Access::Held>*> Access::HeldOn(const Place& place) {
  const GrantedOn lowest = LevelsOf(place).back();
  if (held_at_ == lowest) return &held_;
  held_at_.reset();
  ASSIGN_OR_RETURN(const std::vector<Granted> granted, GrantsOn(place));
  held_.clear();
  for (const Granted& one : granted) {
    for (const auto& entry : one.record.entries()) {
      held_.push_back({.grantee = one.grantee,
                       .on = ShownLevel(one.on, place),
                       .privilege = static_cast<Privilege>(entry.privilege()),
                       .grant_option = entry.grant_option()});
    }
  }
  held_at_ = lowest;
  return &held_;
}

absl::StatusOr<Decision> Access::DecideAnyOf(PrivilegeSet any_of, const Place& place) {
  ASSIGN_OR_RETURN(std::string power, FullPower(place));
  if (!power.empty()) return Decision{.allowed = true, .why = StrCat("the principal acts as ", power)};
  if (!any_of.empty()) {
    ASSIGN_OR_RETURN(const std::vector<Held>* held, HeldOn(place));
    for (const Held& one : *held) {
      if (!any_of.Has(one.privilege)) continue;
      return Decision{.allowed = true,
                      .why = StrCat(NameOf(one.privilege), " on ", one.on, " was granted to ", one.grantee.ToString())};
    }
  }
  return Decision{.allowed = false, .why = DenialOf(any_of, place)};
}

absl::StatusOr<Decision> Access::Decide(Operation operation, const Place& place) {
  const Requirement& requirement = RequirementOf(operation, place.kind);
  if (!requirement.anyone) return DecideAnyOf(requirement.any_of, place);
  ASSIGN_OR_RETURN(const bool sees, Sees(place));
  if (sees) return Decision{.allowed = true, .why = "whoever sees it may, and gets what it sees"};
  return Decision{.allowed = false,
                  .why = StrCat("any privilege on ", place.shown, ", on what holds it or in it would have sufficed")};
}

absl::StatusOr<PrivilegeSet> Access::EffectiveOn(const Place& place) {
  ASSIGN_OR_RETURN(const std::string power, FullPower(place));
  if (!power.empty()) return PrivilegeSet::All();
  ASSIGN_OR_RETURN(const std::vector<Held>* held, HeldOn(place));
  PrivilegeSet all;
  for (const Held& one : *held) all |= one.privilege;
  return all;
}

absl::StatusOr<GrantAuthority> Access::AuthorityOn(const Place& place) {
  ASSIGN_OR_RETURN(const std::string power, FullPower(place));
  if (!power.empty()) return GrantAuthority{.full = true, .with_option = PrivilegeSet::All()};
  ASSIGN_OR_RETURN(const std::vector<Held>* held, HeldOn(place));
  GrantAuthority authority;
  PrivilegeSet all;
  for (const Held& one : *held) {
    all |= one.privilege;
    if (one.grant_option) authority.with_option |= one.privilege;
  }
  if (all.Has(Privilege::kGrantPrivilege)) authority.held = all;
  return authority;
}

// --- What is seen ---

absl::StatusOr<bool> Access::SeesAllIn(const Place& place) {
  ASSIGN_OR_RETURN(const std::string power, FullPower(place));
  if (!power.empty()) return true;
  ASSIGN_OR_RETURN(const std::vector<Held>* held, HeldOn(place));
  return !held->empty();
}

absl::StatusOr<bool> Access::Sees(const Place& place) {
  if (place.kind == Kind::kGlobal || place.kind == Kind::kCatalog) return true;
  ASSIGN_OR_RETURN(const bool from_above, SeesAllIn(place));
  if (from_above || !place.exists) return from_above;
  if (place.kind != Kind::kDatabase && place.kind != Kind::kTable) return false;
  ASSIGN_OR_RETURN(const Memberships* members, Members());
  std::vector<std::string> keys;
  for (const Grantee& grantee : members->grantees) {
    keys.push_back(place.kind == Kind::kDatabase
                       ? record::VisibleDatabaseKey(place.catalog, grantee, place.database)
                       : record::VisibleKey(place.catalog, place.database, grantee, Kind::kTable, place.name));
  }
  ASSIGN_OR_RETURN(const auto values, reader_.MultiGet(keys));
  return std::ranges::any_of(values, [](const auto& value) { return value.has_value(); });
}

absl::StatusOr<std::vector<std::string>> Access::ColumnsWith(PrivilegeSet any_of, const Place& table) {
  std::vector<std::string> columns;
  if (table.object == 0) return columns;
  ASSIGN_OR_RETURN(const Memberships* members, Members());
  const auto cursor = reader_.NewCursor(record::ColumnGrants(table.catalog, table.database, table.object));
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    const auto parts = record::ParseGrantKey(cursor->key());
    if (!parts) return BadGrantKey(cursor->key());
    if (std::ranges::find(members->grantees, parts->grantee) == members->grantees.end()) continue;
    ASSIGN_OR_RETURN(const auto grants, DecodeGrants(cursor->key(), cursor->value()));
    if (!PrivilegesIn(grants).HasAny(any_of)) continue;
    if (columns.empty() || columns.back() != parts->on.leaf) columns.push_back(parts->on.leaf);
  }
  RETURN_IF_ERROR(cursor->status());
  return columns;
}

}  // namespace lodestone::privilege
