#include "catalog/privilege/membership.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/record/keys.h"

namespace lodestone::privilege {

namespace {

using base::StrCat;

constexpr std::size_t kMaxNameCharacters = 128;

ObjectKind KindOf(GranteeKind kind) {
  switch (kind) {
    case GranteeKind::kUser:
      return ObjectKind::kAccount;
    case GranteeKind::kGroup:
      return ObjectKind::kGroup;
    case GranteeKind::kRole:
      return ObjectKind::kRole;
  }
  return ObjectKind::kRole;
}

// Why the name is none; empty: it is one.
std::string_view Fault(const Grantee& grantee) {
  if (grantee.name.empty()) return "it is empty";
  std::size_t characters = 0;
  for (const char c : grantee.name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) return "it has control characters";
    if ((byte & 0xC0) != 0x80) ++characters;
  }
  if (base::FindInvalidUtf8(grantee.name) != std::string_view::npos) return "it is not UTF-8";
  if (characters > kMaxNameCharacters) return "it has more than 128 characters";
  if (grantee.kind == GranteeKind::kRole && base::AsciiLower(grantee.name) != grantee.name) {
    return "roles are in lower case";
  }
  return {};
}

// Calls `visit` with each role or group that the member is in directly.
template <typename Visit>
absl::Status ForEachMembership(const store::Reader& reader, record::CatalogId catalog, const Grantee& member,
                               const Visit& visit) {
  const auto cursor = reader.NewCursor(record::MembershipsOf(catalog, member));
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    auto pair = record::ParseMembership(cursor->key());
    if (!pair) return absl::DataLossError(StrCat(record::Describe(cursor->key()), ": expected a membership"));
    visit(std::move(pair->second));
  }
  return cursor->status();
}

absl::StatusOr<bool> IsStoreAdministrator(const store::Reader& reader, const Grantee& user) {
  const Grantee admin = Grantee::Role(kAdminRole);
  ASSIGN_OR_RETURN(const auto found, reader.Get(record::MembershipKey(record::CatalogId{}, user, admin)));
  return found.has_value();
}

}  // namespace

absl::Status CheckGrantee(const Grantee& grantee) {
  const std::string_view fault = Fault(grantee);
  if (fault.empty()) return absl::OkStatus();
  const ObjectKind kind = KindOf(grantee.kind);
  return MakeError(ErrorKind::kInvalidObject, kind, grantee.name,
                   StrCat(grantee.kind == GranteeKind::kUser ? "user" : NameOf(kind), " ", base::Quoted(grantee.name),
                          ": the name can't be used: ", fault));
}

absl::StatusOr<Memberships> FindMemberships(const store::Reader& reader, record::CatalogId catalog,
                                            const Principal& who) {
  Memberships found;
  std::set<Grantee> seen;
  // Names that nobody could be granted anything by are left out: they may come from outside.
  const auto add = [&](Grantee grantee) {
    if (!Fault(grantee).empty() || !seen.insert(grantee).second) return;
    found.grantees.push_back(std::move(grantee));
  };
  const Grantee user = Grantee::User(who.name);
  add(user);
  if (!found.grantees.empty()) {
    ASSIGN_OR_RETURN(found.is_store_administrator, IsStoreAdministrator(reader, user));
  }
  for (const std::string& group : who.groups) add(Grantee::Group(group));
  add(Grantee::Role(kPublicRole));
  for (std::size_t i = 0; i < found.grantees.size(); ++i) {
    const Grantee member = found.grantees[i];
    RETURN_IF_ERROR(ForEachMembership(reader, catalog, member, add));
  }
  const bool is_embedding = who.name.empty();
  if (is_embedding) found.is_store_administrator = true;
  found.is_administrator = found.is_store_administrator || seen.contains(Grantee::Role(kAdminRole));
  return found;
}

absl::StatusOr<std::vector<Grantee>> FindWay(const store::Reader& reader, record::CatalogId catalog,
                                             const Grantee& from, const Grantee& to) {
  // Breadth first; each grantee with the one by which it was reached first.
  std::map<Grantee, Grantee> reached_by;
  std::vector<Grantee> found = {from};
  const auto way_to = [&](const Grantee& end) {
    std::vector<Grantee> way = {end};
    while (way.back() != from) way.push_back(reached_by.at(way.back()));
    std::reverse(way.begin(), way.end());
    return way;
  };
  if (from == to) return found;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const Grantee member = found[i];
    RETURN_IF_ERROR(ForEachMembership(reader, catalog, member, [&](Grantee next) {
      if (next == from || !reached_by.emplace(next, member).second) return;
      found.push_back(std::move(next));
    }));
    if (reached_by.contains(to)) return way_to(to);
  }
  return std::vector<Grantee>();
}

absl::StatusOr<bool> RoleExists(const store::Reader& reader, record::CatalogId catalog, std::string_view role) {
  if (role == kAdminRole || role == kPublicRole) return true;
  if (!Fault(Grantee::Role(role)).empty()) return false;
  ASSIGN_OR_RETURN(const auto found, reader.Get(record::RoleKey(catalog, role)));
  return found.has_value();
}

}  // namespace lodestone::privilege
