// From the format of an older version of the library to this one's.
#pragma once

#include "absl/status/status.h"
#include "catalog/session/context.h"

namespace lodestone::session {

// In one transaction, so that a store has one format or the other. FailedPrecondition: a follower can't.
absl::Status UpgradeStore(Metastore::Impl& metastore, record::v1::StoreHeader header);

}  // namespace lodestone::session
