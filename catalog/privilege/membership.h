// Roles and groups: who is a member of what.
#pragma once

#include <string_view>
#include <vector>

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
// Whether the role can be granted to; `admin` and `public` always can.
absl::StatusOr<bool> RoleExists(const store::Reader& reader, record::CatalogId catalog, std::string_view role);

}  // namespace lodestone::privilege
