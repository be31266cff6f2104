// What one principal may do, as of one snapshot or inside of one transaction. Made for one call; not thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/privilege/membership.h"
#include "catalog/privilege/operation.h"
#include "catalog/privilege/place.h"
#include "catalog/privileges.h"
#include "catalog/store/store.h"

namespace lodestone::privilege {

class Access {
 public:
  // `reader` and `who` outlive the object. Reads nothing yet.
  Access(const store::Reader& reader, record::CatalogId catalog, const Principal& who)
      : reader_(reader), catalog_(catalog), who_(who) {}

  // As the table of requirements has it. Costs one MultiGet of a key per grantee and level.
  absl::StatusOr<Decision> Decide(Operation operation, const Place& place);
  // The same for any privileges.
  absl::StatusOr<Decision> DecideAnyOf(PrivilegeSet any_of, const Place& place);
  // Everything that the principal has on the place, by every way.
  absl::StatusOr<PrivilegeSet> EffectiveOn(const Place& place);
  // Whether it may know that the place exists: any privilege on it, above it, or on something in it.
  absl::StatusOr<bool> Sees(const Place& place);
  absl::StatusOr<bool> IsAdministrator();

  // The columns of a table on which the principal has one of the privileges by a grant on the column itself; for
  // whoever has none of them on the whole table.
  absl::StatusOr<std::vector<std::string>> ColumnsWith(PrivilegeSet any_of, const Place& table);

 private:
  absl::StatusOr<const Memberships*> Members();

  const store::Reader& reader_;
  const record::CatalogId catalog_;
  const Principal& who_;
  std::optional<Memberships> members_;
};

// PermissionDenied (kNoPrivilege) in words that are the same whether the place exists or not.
absl::Status Denied(const Principal& who, Operation operation, const Place& place);

}  // namespace lodestone::privilege
