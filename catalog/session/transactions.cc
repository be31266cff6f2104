// Locks, transactions and write ids: each call one transaction of the store around what catalog/transaction does.
#include "catalog/transactions.h"

#include <algorithm>
#include <utility>

#include "catalog/audit.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/session/context.h"
#include "catalog/session/expire_transactions.h"
#include "catalog/transaction/locks.h"
#include "catalog/transaction/names.h"
#include "catalog/transaction/transactions.h"
#include "catalog/transaction/write_ids.h"

namespace lodestone {

namespace {

using base::StrCat;
using record::WriteSpace;
using store::Durability;
using transaction::Times;
using transaction::Work;

Times TimesOf(const Metastore::Impl& metastore) {
  return {.now_ms = metastore.NowMillis(), .lease_ms = metastore.options().lease_ms};
}

// Runs `body`, which answers with an absl::StatusOr, in a transaction of its own. What is an answer, good or bad, is
// committed along with what was found to be over; a failure of the store is not.
template <typename Body>
auto Run(Metastore::Impl& metastore, Durability durability, const Body& body, store::Version* version = nullptr)
    -> decltype(body(std::declval<Work&>())) {
  RETURN_IF_ERROR(session::CheckWritable(metastore));
  decltype(body(std::declval<Work&>())) answer = absl::InternalError("the call did not run");
  store::Version mine = 0;
  const absl::StatusOr<store::Version> done = session::RetryAborted([&]() -> absl::StatusOr<store::Version> {
    ASSIGN_OR_RETURN(const auto txn, metastore.store().Begin());
    {
      const absl::MutexLock lock(&metastore.locks().mutex());
      Work work(*txn, metastore.locks(), TimesOf(metastore));
      RETURN_IF_ERROR(work.Begin());
      answer = body(work);
      if (!answer.ok() && !DomainErrorOf(answer.status())) return answer.status();
      work.Finish();
    }
    mine = txn->commit_version();
    return txn->Commit(durability);
  });
  if (!done.ok()) return done.status();
  // Where nothing was written there is no commit.
  if (version != nullptr && *done == mine) *version = *done;
  return answer;
}

// For bodies without a result.
struct Nothing {};
absl::StatusOr<Nothing> Answer(const absl::Status& status) {
  if (!status.ok()) return status;
  return Nothing{};
}

// Where the write ids of a table stand, by its names as of `reader`.
absl::StatusOr<WriteSpace> SpaceOf(const store::Reader& reader, const WriteTable& table) {
  WriteSpace unborn;
  ASSIGN_OR_RETURN(unborn.catalog, transaction::CheckName(ObjectKind::kCatalog, table.catalog));
  ASSIGN_OR_RETURN(unborn.database, transaction::CheckName(ObjectKind::kDatabase, table.database));
  ASSIGN_OR_RETURN(unborn.name, transaction::CheckName(ObjectKind::kTable, table.table));
  const auto found = session::LocateTable(reader, unborn.catalog, {.database = unborn.database, .table = unborn.name});
  if (found.ok()) return WriteSpace{.table = found->id};
  if (!DomainErrorOf(found.status())) return found.status();
  return unborn;  // none of the name is there, or none can be
}

std::string Shown(const LockComponent& on) {
  return StrCat(on.database, on.table.empty() ? "" : ".", on.table, on.partition.empty() ? "" : "/", on.partition);
}

std::string Shown(const LockRequest& request) {
  if (request.components.empty()) return "nothing";
  const std::size_t more = request.components.size() - 1;
  return StrCat(Shown(request.components.front()), more == 0 ? "" : StrCat(" and ", more, " more"));
}

}  // namespace

class Transactions::Impl {
 public:
  Impl(std::shared_ptr<Metastore::Impl> of, std::string who) : metastore(std::move(of)), principal(std::move(who)) {}

  // The record of a change for the audit.
  void Audit(std::string_view action, std::string object, const absl::Status& result, store::Version version) const {
    AuditSink* const sink = metastore->options().audit;
    if (sink == nullptr) return;
    sink->Write({.time_ms = metastore->NowMillis(),
                 .principal = principal,
                 .action = std::string(action),
                 .object = std::move(object),
                 .outcome = result.ok() ? AuditRecord::Outcome::kDone : AuditRecord::Outcome::kRefused,
                 .why = std::string(base::ToStd(result.message())),
                 .version = result.ok() ? version : 0});
  }

  const std::shared_ptr<Metastore::Impl> metastore;
  const std::string principal;
};

Transactions Metastore::TransactionsAs(const Principal& who) {
  return Transactions(std::make_shared<Transactions::Impl>(impl_, who.name));
}

// --- Locks ---

absl::StatusOr<LockResult> Transactions::Lock(const LockRequest& request) {
  store::Version version = 0;
  // Synced so that an id is never given out twice: who unlocks must not unlock another's.
  const auto result = Run(
      *impl_->metastore, impl_->metastore->durability(),
      [&](Work& work) -> absl::StatusOr<LockResult> {
        ASSIGN_OR_RETURN(auto components, transaction::CheckComponents(request));
        return transaction::Lock(work, request, std::move(components));
      },
      &version);
  impl_->Audit("Lock", result.ok() ? StrCat("lock ", result->lock, " on ", Shown(request)) : Shown(request),
               result.status(), version);
  return result;
}

// What the calls below leave unsynced is not lost on whom it matters to: a lock that was acquired is, as its place in
// the queue says so; one that was let go lasts until its lease is over.

absl::StatusOr<LockResult> Transactions::CheckLock(int64_t lock) {
  return Run(*impl_->metastore, Durability::kRelaxed, [&](Work& work) { return transaction::CheckLock(work, lock); });
}

absl::Status Transactions::Unlock(int64_t lock) {
  store::Version version = 0;
  const absl::Status result = Run(
                                  *impl_->metastore, Durability::kRelaxed,
                                  [&](Work& work) { return Answer(transaction::Unlock(work, lock)); }, &version)
                                  .status();
  impl_->Audit("Unlock", StrCat("lock ", lock), result, version);
  return result;
}

absl::Status Transactions::Heartbeat(int64_t lock, int64_t transaction) {
  return Run(*impl_->metastore, Durability::kRelaxed,
             [&](Work& work) { return Answer(transaction::Heartbeat(work, lock, transaction)); })
      .status();
}

absl::StatusOr<std::vector<LockInfo>> Transactions::ShowLocks(const LockFilter& filter) const {
  return transaction::ShowLocks(*impl_->metastore->store().Snapshot(), TimesOf(*impl_->metastore), filter);
}

// --- Transactions ---

absl::StatusOr<std::vector<int64_t>> Transactions::Open(const OpenTransactionsRequest& request) {
  if (request.count < 1) {
    return MakeError(ErrorKind::kInvalidObject, ObjectKind::kTransaction, "",
                     StrCat("transactions to open: expected 1 or more, found ", request.count));
  }
  store::Version version = 0;
  const auto result = Run(
      *impl_->metastore, Durability::kSync, [&](Work& work) { return transaction::OpenTransactions(work, request); },
      &version);
  impl_->Audit("OpenTransactions",
               result.ok() ? StrCat("transactions ", result->front(), " to ", result->back()) : std::string(),
               result.status(), version);
  return result;
}

absl::Status Transactions::Commit(int64_t transaction) {
  store::Version version = 0;
  const absl::Status result =
      Run(
          *impl_->metastore, Durability::kSync,
          [&](Work& work) { return Answer(transaction::CommitTransaction(work, transaction)); }, &version)
          .status();
  impl_->Audit("CommitTransaction", StrCat("transaction ", transaction), result, version);
  return result;
}

absl::Status Transactions::Abort(int64_t transaction) {
  store::Version version = 0;
  const absl::Status result =
      Run(
          *impl_->metastore, Durability::kSync,
          [&](Work& work) { return Answer(transaction::AbortTransaction(work, transaction)); }, &version)
          .status();
  impl_->Audit("AbortTransaction", StrCat("transaction ", transaction), result, version);
  return result;
}

absl::Status Transactions::Abort(std::span<const int64_t> transactions) {
  if (transactions.empty()) return absl::OkStatus();
  store::Version version = 0;
  const absl::Status result =
      Run(
          *impl_->metastore, Durability::kSync,
          [&](Work& work) { return Answer(transaction::AbortOpenOnes(work, transactions)); }, &version)
          .status();
  const std::size_t more = transactions.size() - 1;
  impl_->Audit("AbortTransactions",
               StrCat("transaction ", transactions.front(), more == 0 ? "" : StrCat(" and ", more, " more")), result,
               version);
  return result;
}

absl::StatusOr<HeartbeatResult> Transactions::HeartbeatRange(int64_t first, int64_t last) {
  constexpr int64_t kMost = 100'000;
  // Neither the difference nor the sum of any two numbers need fit.
  if (first <= last && static_cast<uint64_t>(last) - static_cast<uint64_t>(first) >= kMost) {
    return MakeError(ErrorKind::kInvalidObject, ObjectKind::kTransaction, "",
                     StrCat("heartbeat of the transactions from ", first, " to ", last, ": expected up to ", kMost));
  }
  return Run(*impl_->metastore, Durability::kRelaxed,
             [&](Work& work) { return transaction::HeartbeatRange(work, first, last); });
}

absl::StatusOr<TransactionList> Transactions::GetOpen(std::span<const TransactionType> without) const {
  return transaction::ListOpen(*impl_->metastore->store().Snapshot(), TimesOf(*impl_->metastore), without);
}

absl::StatusOr<TransactionInfos> Transactions::GetOpenInfos() const {
  return transaction::ListInfos(*impl_->metastore->store().Snapshot(), TimesOf(*impl_->metastore));
}

absl::StatusOr<TransactionList> Transactions::GetValid(int64_t transaction) const {
  return transaction::ListValid(*impl_->metastore->store().Snapshot(), TimesOf(*impl_->metastore), transaction);
}

absl::StatusOr<int64_t> Transactions::MinHistory() const {
  return transaction::MinHistory(*impl_->metastore->store().Snapshot());
}

// --- Write ids ---

absl::StatusOr<std::vector<TransactionWriteId>> Transactions::AllocateWriteIds(const WriteTable& table,
                                                                               std::span<const int64_t> transactions,
                                                                               Reallocate reallocate) {
  store::Version version = 0;
  const auto result = Run(
      *impl_->metastore, Durability::kSync,
      [&](Work& work) -> absl::StatusOr<std::vector<TransactionWriteId>> {
        ASSIGN_OR_RETURN(const WriteSpace space, SpaceOf(work.txn(), table));
        return transaction::AllocateWriteIds(work, space, transactions, reallocate);
      },
      &version);
  impl_->Audit("AllocateWriteIds", table.ToString(), result.status(), version);
  return result;
}

absl::StatusOr<WriteIdList> Transactions::GetValidWriteIds(const WriteTable& table,
                                                           const std::optional<TransactionList>& as_of) const {
  const auto snapshot = impl_->metastore->store().Snapshot();
  ASSIGN_OR_RETURN(const WriteSpace space, SpaceOf(*snapshot, table));
  if (as_of) return transaction::ListWriteIds(*snapshot, space, *as_of);
  ASSIGN_OR_RETURN(const TransactionList now, transaction::ListValid(*snapshot, TimesOf(*impl_->metastore), 0));
  return transaction::ListWriteIds(*snapshot, space, now);
}

absl::StatusOr<int64_t> Transactions::MaxWriteId(const WriteTable& table) const {
  const auto snapshot = impl_->metastore->store().Snapshot();
  ASSIGN_OR_RETURN(const WriteSpace space, SpaceOf(*snapshot, table));
  return transaction::MaxWriteId(*snapshot, space);
}

absl::StatusOr<int64_t> Transactions::TransactionOfWriteId(const WriteTable& table, int64_t write_id) const {
  const auto snapshot = impl_->metastore->store().Snapshot();
  ASSIGN_OR_RETURN(const WriteSpace space, SpaceOf(*snapshot, table));
  ASSIGN_OR_RETURN(const auto owner, transaction::OwnerOfWriteId(*snapshot, space, write_id));
  if (owner) return *owner;
  return MakeError(ErrorKind::kNoSuchObject, ObjectKind::kTable, table.ToString(),
                   StrCat("write id ", write_id, " of table ", table.ToString(),
                          " was not given out, or its transaction is long over"));
}

// --- What is over ---

namespace session {

absl::Status ExpireTransactions(Metastore::Impl& metastore) {
  constexpr int kAtOnce = 1'000;
  using Step = absl::StatusOr<int> (*)(Work&, int);
  // In this order: what one ends, the next may forget.
  constexpr Step kSteps[] = {transaction::DropOverdue, transaction::AbortOverdue, transaction::ForgetUnborn,
                             transaction::ForgetCommitted, transaction::ForgetAborted};
  for (const Step step : kSteps) {
    for (int done = kAtOnce; done == kAtOnce;) {
      ASSIGN_OR_RETURN(done, Run(metastore, Durability::kRelaxed, [&](Work& work) { return step(work, kAtOnce); }));
    }
  }
  return absl::OkStatus();
}

}  // namespace session
}  // namespace lodestone
