// Transactions: from being opened to being forgotten.
//
// Idea. What stands for a transaction moves from one range of keys to another: open, aborted, committed. Lists read the
// first two. A committed one is remembered for a lease, so that a commit that is sent again finds it, and for as long
// as an open transaction was opened before it ended: until then readers tell its writes apart by its id. An aborted one
// is remembered for as long as a table has write ids of it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/store/store.h"
#include "catalog/transaction/work.h"
#include "catalog/transactions.h"

namespace lodestone::transaction {

// REQUIRES: request.count > 0.
absl::StatusOr<std::vector<int64_t>> OpenTransactions(Work& work, const OpenTransactionsRequest& request);
absl::Status CommitTransaction(Work& work, int64_t id);
absl::Status AbortTransaction(Work& work, int64_t id);
absl::Status AbortOpenOnes(Work& work, std::span<const int64_t> ids);
absl::Status HeartbeatTransaction(Work& work, int64_t id);
absl::StatusOr<HeartbeatResult> HeartbeatRange(Work& work, int64_t first, int64_t last);

// An open one. kNoSuchTransaction; kTransactionAborted, also when its lease has just ended: it is aborted on the way.
absl::StatusOr<record::v1::TransactionRecord> FindOpen(Work& work, int64_t id);
// Extends its lease.
void PutHeartbeat(Work& work, int64_t id, record::v1::TransactionRecord record);
// Aborts one that is open, with its locks.
absl::Status AbortFound(Work& work, int64_t id, record::v1::TransactionRecord record);

// --- Reading ---

// Whether one that stands among the open ones is open: its lease may be over.
bool IsOpen(const Times& times, const record::v1::TransactionRecord& record);
absl::StatusOr<TransactionList> ListOpen(const store::Reader& reader, const Times& times,
                                         std::span<const TransactionType> without);
// For a reader inside of `inside`; 0: of none.
absl::StatusOr<TransactionList> ListValid(const store::Reader& reader, const Times& times, int64_t inside);
absl::StatusOr<TransactionInfos> ListInfos(const store::Reader& reader, const Times& times);
absl::StatusOr<int64_t> MinHistory(const store::Reader& reader);

// --- Forgetting. Each answers how much it did, up to `at_most` ---

// Aborts those whose lease is over.
absl::StatusOr<int> AbortOverdue(Work& work, int at_most);
// Forgets committed ones that nobody needs any more, and their write ids.
absl::StatusOr<int> ForgetCommitted(Work& work, int at_most);
// Forgets aborted ones without write ids.
absl::StatusOr<int> ForgetAborted(Work& work, int at_most);

}  // namespace lodestone::transaction
