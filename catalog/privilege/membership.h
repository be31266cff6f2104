// Roles and groups: who is a member of what.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/privileges.h"
#include "catalog/record/ids.h"
#include "catalog/store/store.h"

namespace lodestone::privilege {

// As whom a principal acts in a catalog: itself, its groups, and every role that any of these has, through however many
// other roles; always with the role `public`. `is_administrator`: `admin` is among them, or the principal is an
// administrator of the store.
struct Memberships {
  std::vector<Grantee> grantees;  // the principal itself first
  bool is_administrator = false;
  bool is_store_administrator = false;
};
// Costs one short scan per role and group.
absl::StatusOr<Memberships> FindMemberships(const store::Reader& reader, record::CatalogId catalog,
                                            const Principal& who);
// InvalidArgument: a name that no user, group or role can have: 1 to 128 characters of UTF-8, no control characters,
// roles in lower case.
absl::Status CheckGrantee(const Grantee& grantee);

// What `from` is a member of, through however many others, on the shortest way to `to`: both ends included. Empty:
// there is no way.
absl::StatusOr<std::vector<Grantee>> FindWay(const store::Reader& reader, record::CatalogId catalog,
                                             const Grantee& from, const Grantee& to);

// Whether the role can be granted to; `admin` and `public` always can.
absl::StatusOr<bool> RoleExists(const store::Reader& reader, record::CatalogId catalog, std::string_view role);

}  // namespace lodestone::privilege
