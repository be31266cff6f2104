// The grants as they are stored, and what follows from changing them.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/privilege/access.h"
#include "catalog/privileges.h"
#include "catalog/record/ids.h"
#include "catalog/store/store.h"

namespace lodestone::privilege {

// After a role was taken from somebody, or dropped: removes every derived grant of the catalog whose grantor has no
// grant option for it any more, and what follows from that. kRestrict: FailedPrecondition (kInvalidOperation) instead.
absl::Status DropUnsupported(store::Transaction& txn, record::CatalogId catalog, RevokeMode mode);
// Removes everything granted to the grantee (a role that goes), with what follows.
absl::Status DropGrantsTo(store::Transaction& txn, record::CatalogId catalog, const Grantee& grantee);

}  // namespace lodestone::privilege
