// The grants as they are stored, and what follows from changing them.
//
// Idea. An entry that its grantor made as an owner or administrator stands by itself. Any other is `derived`: it stands
// as long as its grantor could make it again from the entries that stand. What stands is the least fixpoint of that, so
// that entries which only support each other fall together. A grantor draws from its roles and from the groups that the
// catalog knows, never from groups that somebody vouched for: these can't be looked up again later.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/privilege/access.h"
#include "catalog/privilege/place.h"
#include "catalog/privileges.h"
#include "catalog/record/grant_keys.h"
#include "catalog/record/ids.h"
#include "catalog/store/store.h"

namespace lodestone::privilege {

// Grants on the place exactly. REQUIRES: it exists.
struct NewGrants {
  Grantee to;
  PrivilegeSet privileges;
  bool grant_option = false;
  std::string grantor;
  // Those of the privileges that the grantor has by a grant option alone (or by kGrantPrivilege).
  PrivilegeSet derived;
  int64_t time_ms = 0;
};
absl::Status AddGrants(store::Transaction& txn, const Place& place, const NewGrants& grants);

struct OldGrants {
  Grantee from;
  PrivilegeSet privileges;
  bool grant_option_only = false;
  // Of this grantor alone; nullopt: of all.
  std::optional<std::string> grantor{};
};
// With what was granted on by virtue of them. kRestrict: FailedPrecondition (kInvalidOperation) names one of these, and
// nothing changed. Costs time proportional to the grants on the place and on what lies in it.
absl::Status RemoveGrants(store::Transaction& txn, const Place& place, const OldGrants& grants, RevokeMode mode);

// Takes away what the grantee has on exactly this object but for `privileges`, and every grant option; with what was
// granted on by virtue of that.
absl::Status KeepOnly(store::Transaction& txn, const Place& place, const Grantee& grantee, PrivilegeSet privileges);

// What of the grants on exactly this object is to stay.
struct KeptGrants {
  PrivilegeSet privileges;
  PrivilegeSet with_option;  // those of them that may stay with grant option
};
// Takes away what is not among it, of every grantee, with what was granted on by virtue of that.
absl::Status KeepOnlyThese(store::Transaction& txn, const Place& place, const std::map<Grantee, KeptGrants>& kept);

// Which of the privileges the grantee has on exactly this object, from the grantor (nullopt: from anybody).
absl::StatusOr<PrivilegeSet> GrantedOnExactly(const store::Reader& reader, const Place& place, const Grantee& grantee,
                                              std::optional<std::string_view> grantor);

// After a role was taken from somebody, or dropped: removes every derived grant of the catalog whose grantor has no
// grant option for it any more, and what follows from that. kRestrict: FailedPrecondition (kInvalidOperation) instead.
// Costs time proportional to the grants of the catalog.
absl::Status DropUnsupported(store::Transaction& txn, record::CatalogId catalog, RevokeMode mode);
// The same, of grants on the object and on what lies in it.
absl::Status DropUnsupportedBeneath(store::Transaction& txn, const record::GrantedOn& on, RevokeMode mode);
// Removes everything granted to the grantee (a role that goes), with what follows.
absl::Status DropGrantsTo(store::Transaction& txn, record::CatalogId catalog, const Grantee& grantee);

// The name of the table or function that the grant is on, or in; nullopt: it is dropped. For functions this looks
// through those of the database.
absl::StatusOr<std::optional<std::string>> LiveName(const store::Reader& reader, const record::GrantedOn& on);

}  // namespace lodestone::privilege
