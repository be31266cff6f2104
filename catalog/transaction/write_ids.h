// Write ids: numbers of the writes to one table.
//
// Idea. A table has a record for each write id whose transaction is remembered; where there is none below the next
// number, the write was committed long ago, and everyone sees it. What a reader sees follows from these records and
// from its list of transactions. They stand with the table, under its id: a rename touches none, an undrop finds them,
// and when the table is gone for good they are.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/record/transaction_keys.h"
#include "catalog/store/store.h"
#include "catalog/transaction/work.h"
#include "catalog/transactions.h"

namespace lodestone::transaction {

absl::StatusOr<std::vector<TransactionWriteId>> AllocateWriteIds(Work& work, const record::WriteSpace& space,
                                                                 std::span<const int64_t> transactions,
                                                                 Reallocate reallocate);
absl::StatusOr<WriteIdList> ListWriteIds(const store::Reader& reader, const record::WriteSpace& space,
                                         const TransactionList& as_of);
// 0: none was given out.
absl::StatusOr<int64_t> MaxWriteId(const store::Reader& reader, const record::WriteSpace& space);
// nullopt: not given out, or long over.
absl::StatusOr<std::optional<int64_t>> OwnerOfWriteId(const store::Reader& reader, const record::WriteSpace& space,
                                                      int64_t write_id);

// When nobody needs to tell the writes of a committed transaction from others any more.
absl::Status ForgetWriteIdsOf(Work& work, int64_t transaction);
// Whether a table has write ids of it. What it has of tables that are gone is forgotten on the way.
absl::StatusOr<bool> HasWriteIds(Work& work, int64_t transaction);

// A table comes into being: what was given out under its name is its own from now on. Costs one read where there is
// nothing.
absl::Status AdoptWriteIds(store::Transaction& txn, const record::WriteSpace& unborn, record::TableId table);
// Forgets up to `at_most` names of tables that never came, all of whose writes were aborted. Answers how many.
absl::StatusOr<int> ForgetUnborn(Work& work, int at_most);

}  // namespace lodestone::transaction
