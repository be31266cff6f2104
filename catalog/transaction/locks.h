// Locks: a queue, first come, first served.
//
// Idea. Locks are numbered as they come. Whether a lock is acquired depends on the earlier ones alone, held or waiting
// alike: it is, as soon as none is in its way. Earlier ones only ever go, so an acquired lock needs no protection, and
// a waiting one needs nobody to wake it: it is looked at when its client asks. One whose lease is over is removed by
// whoever finds it in the way.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/store/store.h"
#include "catalog/transaction/work.h"
#include "catalog/transactions.h"

namespace lodestone::transaction {

// The components as they are stored: names lowered and checked. kInvalidObject.
absl::StatusOr<record::v1::LockComponents> CheckComponents(const LockRequest& request);

// REQUIRES: `components` are those of the request, checked.
absl::StatusOr<LockResult> Lock(Work& work, const LockRequest& request, record::v1::LockComponents components);
absl::StatusOr<LockResult> CheckLock(Work& work, int64_t lock);
absl::Status Unlock(Work& work, int64_t lock);
// Of a lock, a transaction, or both; 0: none.
absl::Status Heartbeat(Work& work, int64_t lock, int64_t transaction);
// When the transaction ends.
absl::Status DropLocksOf(Work& work, int64_t transaction);
// Removes locks whose lease is over, up to `at_most`; answers how many. Those of transactions go with these.
absl::StatusOr<int> DropOverdue(Work& work, int at_most);

absl::StatusOr<std::vector<LockInfo>> ShowLocks(const store::Reader& reader, const Times& times,
                                                const LockFilter& filter);

}  // namespace lodestone::transaction
