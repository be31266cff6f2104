// Looking after a store.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/metastore.h"

namespace lodestone::session {

// Deletes the pages of bulk loads that were broken off. To be called before any load can be under way.
absl::Status DropBrokenLoads(Metastore::Impl& metastore);
// Ends dropped objects and events that are beyond retention. One transaction per object or thousand events, so that
// other writers come in between.
absl::Status Maintain(Metastore::Impl& metastore);
absl::StatusOr<MetastoreStats> CountObjects(Metastore::Impl& metastore);

}  // namespace lodestone::session
