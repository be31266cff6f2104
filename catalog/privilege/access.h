// What one principal may do, as of one snapshot or inside of one transaction. Made for one call; not thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/errors.h"
#include "catalog/privilege/membership.h"
#include "catalog/privilege/operation.h"
#include "catalog/privilege/place.h"
#include "catalog/privileges.h"
#include "catalog/record/grant_keys.h"
#include "catalog/store/store.h"
#include "lodestone/record/v1/grant.pb.h"

namespace lodestone::privilege {

// What somebody may pass on.
struct GrantAuthority {
  // Administrators and owners: everything, also with grant option, and nothing falls when anything else goes.
  bool full = false;
  PrivilegeSet with_option{};  // by a grant option: also with grant option
  PrivilegeSet held{};         // by kGrantPrivilege: what it has itself, without grant option
};

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
  absl::StatusOr<GrantAuthority> AuthorityOn(const Place& place);
  // The records behind it but for ownership and administrators: on the place and above it, from the store downwards.
  struct Granted {
    record::GrantedOn on;
    Grantee grantee;
    record::v1::GrantsRecord record;
  };
  absl::StatusOr<std::vector<Granted>> GrantsOn(const Place& place);
  // Whether it may know that the place exists: any privilege on it, above it, or on something in it. Of a place that is
  // not there: on what would hold it. Catalogs are no secret to those who are in them.
  absl::StatusOr<bool> Sees(const Place& place);
  absl::StatusOr<bool> IsAdministrator();

  // As whom the principal acts. The reference lives as long as the object.
  absl::StatusOr<const Memberships*> Members();
  // Whether everything that is directly in the place is seen: there is a privilege on it or above it.
  absl::StatusOr<bool> SeesAllIn(const Place& place);

  // The columns of a table on which the principal has one of the privileges by a grant on the column itself; for
  // whoever has none of them on the whole table.
  absl::StatusOr<std::vector<std::string>> ColumnsWith(PrivilegeSet any_of, const Place& table);

 private:
  // One privilege of one grantee on the place or above it.
  struct Held {
    Grantee grantee;
    std::string on;  // in words
    Privilege privilege;
    bool grant_option;
  };
  // Remembers the last answer: a list asks twice about the same place. The pointer lives until the next call.
  absl::StatusOr<const std::vector<Held>*> HeldOn(const Place& place);
  // By which role everything is allowed, or by whose ownership; empty: by none.
  absl::StatusOr<std::string> FullPower(const Place& place);

  const store::Reader& reader_;
  const record::CatalogId catalog_;
  const Principal& who_;
  std::optional<Memberships> members_;
  std::optional<record::GrantedOn> held_at_;
  std::vector<Held> held_;
};

// PermissionDenied (kNoPrivilege) in words that are the same whether the place exists or not.
absl::Status Denied(const Principal& who, Operation operation, const Place& place);
// What an error about the place calls it: its kind, and its name without that (`web.hits`).
ObjectKind ObjectKindOf(Securable::Kind kind);
std::string ObjectNameOf(const Place& place);
// The place as grants on it are kept, and everything above it, from the store downwards. Ends early where nothing is
// there.
std::vector<record::GrantedOn> LevelsOf(const Place& place);
// `SELECT, UPDATE or DELETE`; the same with `and`.
std::string AnyOfText(PrivilegeSet any_of);
std::string AllOfText(PrivilegeSet all);
// Who owns a thing for the sake of privileges: nobody, where the name is none, and nobody in particular, where it is
// the role `public` (as with the database `default`): deny by default.
bool IsOwner(const Grantee& owner, const Memberships& members);

}  // namespace lodestone::privilege
