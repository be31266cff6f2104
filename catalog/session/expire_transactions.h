// What is over among locks, transactions and write ids.
#pragma once

#include "absl/status/status.h"
#include "catalog/session/context.h"

namespace lodestone::session {

// Ends locks and transactions whose lease is over, and forgets transactions and write ids that nobody needs; in steps,
// each a transaction of its own.
absl::Status ExpireTransactions(Metastore::Impl& metastore);

}  // namespace lodestone::session
