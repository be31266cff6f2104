// Whether a store is sound.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "catalog/metastore.h"

namespace lodestone::session {

// Checks the engine's files, and then every record of one snapshot against the rules of the layout. A failure means
// that the check itself could not be made.
absl::StatusOr<std::vector<VerifyFinding>> VerifyStore(Metastore::Impl& metastore);

}  // namespace lodestone::session
