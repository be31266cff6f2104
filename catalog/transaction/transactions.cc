#include "catalog/transaction/transactions.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/transaction/locks.h"
#include "catalog/transaction/write_ids.h"

namespace lodestone::transaction {

namespace {

using base::StrCat;
using record::v1::TransactionNumbers;
using record::v1::TransactionRecord;

absl::Status NoSuchTransaction(int64_t id, std::string_view why) {
  return MakeError(ErrorKind::kNoSuchTransaction, ObjectKind::kTransaction, StrCat(id),
                   StrCat("no such transaction: ", id, " ", why));
}
absl::Status Aborted(int64_t id) {
  return MakeError(ErrorKind::kTransactionAborted, ObjectKind::kTransaction, StrCat(id),
                   StrCat("transaction ", id, " was aborted"));
}

// Why a transaction is not open.
absl::Status NotOpen(Work& work, int64_t id) {
  if (id <= 0 || id >= work.numbers().next_transaction()) return NoSuchTransaction(id, "was never opened");
  ASSIGN_OR_RETURN(const auto aborted, work.txn().Get(record::AbortedTransactionKey(id)));
  if (aborted) return Aborted(id);
  ASSIGN_OR_RETURN(const auto committed, work.txn().Get(record::CommittedTransactionKey(id)));
  return NoSuchTransaction(id, committed ? "was committed" : "is over");
}

// The first that is open; nullopt: none is.
absl::StatusOr<std::optional<int64_t>> FirstOpen(const store::Reader& reader, int64_t from) {
  const auto cursor = reader.NewCursor(record::OpenTransactions(from));
  cursor->SeekToFirst();
  RETURN_IF_ERROR(cursor->status());
  if (!cursor->Valid()) return std::optional<int64_t>();
  return std::optional<int64_t>(record::NumberInKey(cursor->key()));
}

// Out of the open ones; its locks go.
absl::Status End(Work& work, int64_t id) {
  work.txn().Delete(record::OpenTransactionKey(id));
  if (work.numbers().first_open() == id) {
    ASSIGN_OR_RETURN(const auto next, FirstOpen(work.txn(), id + 1));
    work.mutable_numbers().set_first_open(next.value_or(work.numbers().next_transaction()));
  }
  return DropLocksOf(work, id);
}

absl::StatusOr<int64_t> MinHistoryOf(const store::Reader& reader, const TransactionNumbers& numbers) {
  const auto cursor = reader.NewCursor(record::OpenTransactions(numbers.first_open()));
  cursor->SeekToFirst();
  RETURN_IF_ERROR(cursor->status());
  if (!cursor->Valid()) return numbers.next_transaction();
  TransactionRecord record;
  RETURN_IF_ERROR(record::DecodeRecord(cursor->value(), record::Describe(cursor->key()), &record));
  return record.min_history();
}

TransactionInfo InfoOf(int64_t id, const TransactionRecord& record, bool open) {
  return {.id = id,
          .state = open ? TransactionState::kOpen : TransactionState::kAborted,
          .type = static_cast<TransactionType>(record.type()),
          .user = record.user(),
          .host = record.host(),
          .agent = record.agent(),
          .started_ms = record.started_ms(),
          .last_heartbeat_ms = record.last_heartbeat_ms(),
          .heartbeats = record.heartbeats()};
}

// Open and aborted ones, by id.
absl::StatusOr<std::vector<TransactionInfo>> ReadUnfinished(const store::Reader& reader, const Times& times,
                                                            const TransactionNumbers& numbers) {
  std::vector<TransactionInfo> found;
  RETURN_IF_ERROR(ForEachRecord<TransactionRecord>(reader, record::OpenTransactions(numbers.first_open()),
                                                   [&](std::string_view key, const TransactionRecord& record) {
                                                     found.push_back(InfoOf(record::NumberInKey(key), record,
                                                                            IsOpen(times, record)));
                                                     return absl::OkStatus();
                                                   }));
  RETURN_IF_ERROR(ForEachRecord<TransactionRecord>(reader, record::AbortedTransactions(),
                                                   [&](std::string_view key, const TransactionRecord& record) {
                                                     found.push_back(InfoOf(record::NumberInKey(key), record, false));
                                                     return absl::OkStatus();
                                                   }));
  std::ranges::sort(found, {}, &TransactionInfo::id);
  return found;
}

void Append(const TransactionInfo& info, TransactionList* list) {
  const bool open = info.state == TransactionState::kOpen;
  list->invalid.push_back(info.id);
  list->aborted.push_back(!open);
  if (open && !list->min_open) list->min_open = info.id;
}

}  // namespace

bool IsOpen(const Times& times, const TransactionRecord& record) { return !times.IsOver(record.last_heartbeat_ms()); }

// --- From open to ended ---

absl::StatusOr<TransactionRecord> FindOpen(Work& work, int64_t id) {
  ASSIGN_OR_RETURN(auto record, ReadRecord<TransactionRecord>(work.txn(), record::OpenTransactionKey(id)));
  if (!record) return NotOpen(work, id);
  if (IsOpen(work.times(), *record)) return *std::move(record);
  RETURN_IF_ERROR(AbortFound(work, id, *std::move(record)));
  return Aborted(id);
}

void PutHeartbeat(Work& work, int64_t id, TransactionRecord record) {
  record.set_last_heartbeat_ms(std::max(work.now_ms(), record.last_heartbeat_ms()));
  record.set_heartbeats(record.heartbeats() + 1);
  PutRecord(work.txn(), record::OpenTransactionKey(id), record);
}

absl::Status AbortFound(Work& work, int64_t id, TransactionRecord record) {
  RETURN_IF_ERROR(End(work, id));
  record.set_ended_ms(work.now_ms());
  PutRecord(work.txn(), record::AbortedTransactionKey(id), record);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<int64_t>> OpenTransactions(Work& work, const OpenTransactionsRequest& request) {
  constexpr int64_t kMostAtOnce = 1'000;
  const int64_t count = std::min(request.count, kMostAtOnce);
  // A little of what has to be done now and then.
  constexpr int kForgetAtLeast = 4;
  RETURN_IF_ERROR(ForgetCommitted(work, static_cast<int>(2 * count) + kForgetAtLeast).status());
  const int64_t first = work.numbers().next_transaction();
  ASSIGN_OR_RETURN(const auto open, FirstOpen(work.txn(), work.numbers().first_open()));
  TransactionNumbers& numbers = work.mutable_numbers();
  numbers.set_first_open(open.value_or(first));
  TransactionRecord record;
  record.set_type(static_cast<int>(request.type));
  record.set_user(request.user);
  record.set_host(request.host);
  record.set_agent(request.agent);
  record.set_started_ms(work.now_ms());
  record.set_last_heartbeat_ms(work.now_ms());
  record.set_min_history(numbers.first_open());
  std::vector<int64_t> ids;
  for (int64_t id = first; id < first + count; ++id) {
    PutRecord(work.txn(), record::OpenTransactionKey(id), record);
    ids.push_back(id);
  }
  numbers.set_next_transaction(first + count);
  return ids;
}

absl::Status CommitTransaction(Work& work, int64_t id) {
  absl::StatusOr<TransactionRecord> record = FindOpen(work, id);
  if (!record.ok()) {
    const auto error = DomainErrorOf(record.status());
    if (!error || error->kind != ErrorKind::kNoSuchTransaction) return record.status();
    // Sent again, perhaps, since the answer was lost.
    ASSIGN_OR_RETURN(const auto committed, work.txn().Get(record::CommittedTransactionKey(id)));
    return committed ? absl::OkStatus() : record.status();
  }
  RETURN_IF_ERROR(End(work, id));
  record->set_ended_ms(work.now_ms());
  PutRecord(work.txn(), record::CommittedTransactionKey(id), *record);
  if (id < work.numbers().first_committed()) work.mutable_numbers().set_first_committed(id);
  return absl::OkStatus();
}

absl::Status AbortTransaction(Work& work, int64_t id) {
  absl::StatusOr<TransactionRecord> record = FindOpen(work, id);
  if (record.ok()) return AbortFound(work, id, *std::move(record));
  const auto error = DomainErrorOf(record.status());
  return error && error->kind == ErrorKind::kTransactionAborted ? absl::OkStatus() : record.status();
}

absl::Status AbortOpenOnes(Work& work, std::span<const int64_t> ids) {
  for (const int64_t id : ids) {
    const absl::Status done = AbortTransaction(work, id);
    if (!done.ok() && !DomainErrorOf(done)) return done;
  }
  return absl::OkStatus();
}

absl::Status HeartbeatTransaction(Work& work, int64_t id) {
  ASSIGN_OR_RETURN(TransactionRecord record, FindOpen(work, id));
  PutHeartbeat(work, id, std::move(record));
  return absl::OkStatus();
}

absl::StatusOr<HeartbeatResult> HeartbeatRange(Work& work, int64_t first, int64_t last) {
  HeartbeatResult result;
  if (first > last) return result;
  for (int64_t id = first;; ++id) {  // `last` may be the greatest number there is
    const absl::Status done = HeartbeatTransaction(work, id);
    const auto error = DomainErrorOf(done);
    if (!done.ok() && !error) return done;
    if (error) (error->kind == ErrorKind::kTransactionAborted ? result.aborted : result.unknown).push_back(id);
    if (id == last) return result;
  }
}

// --- Reading ---

absl::StatusOr<TransactionList> ListOpen(const store::Reader& reader, const Times& times,
                                         std::span<const TransactionType> without) {
  ASSIGN_OR_RETURN(const TransactionNumbers numbers, ReadNumbers(reader));
  ASSIGN_OR_RETURN(const auto unfinished, ReadUnfinished(reader, times, numbers));
  TransactionList list;
  list.high_water_mark = numbers.next_transaction() - 1;
  for (const TransactionInfo& info : unfinished) {
    if (std::ranges::find(without, info.type) == without.end()) Append(info, &list);
  }
  return list;
}

absl::StatusOr<TransactionList> ListValid(const store::Reader& reader, const Times& times, int64_t inside) {
  ASSIGN_OR_RETURN(const TransactionList all, ListOpen(reader, times, Transactions::kReadOnlyTypes));
  if (inside == 0) return all;
  TransactionList list;
  list.high_water_mark = std::min(inside, all.high_water_mark);
  for (std::size_t i = 0; i < all.invalid.size() && all.invalid[i] < inside; ++i) {
    list.invalid.push_back(all.invalid[i]);
    list.aborted.push_back(all.aborted[i]);
  }
  if (all.min_open) list.min_open = std::min(*all.min_open, inside);
  return list;
}

absl::StatusOr<TransactionInfos> ListInfos(const store::Reader& reader, const Times& times) {
  ASSIGN_OR_RETURN(const TransactionNumbers numbers, ReadNumbers(reader));
  TransactionInfos infos;
  infos.high_water_mark = numbers.next_transaction() - 1;
  ASSIGN_OR_RETURN(infos.transactions, ReadUnfinished(reader, times, numbers));
  return infos;
}

absl::StatusOr<int64_t> MinHistory(const store::Reader& reader) {
  ASSIGN_OR_RETURN(const TransactionNumbers numbers, ReadNumbers(reader));
  return MinHistoryOf(reader, numbers);
}

// --- Forgetting ---

absl::StatusOr<int> AbortOverdue(Work& work, int at_most) {
  std::vector<std::pair<int64_t, TransactionRecord>> overdue;
  const auto cursor = work.txn().NewCursor(record::OpenTransactions(work.numbers().first_open()));
  for (cursor->SeekToFirst(); cursor->Valid() && static_cast<int>(overdue.size()) < at_most; cursor->Next()) {
    TransactionRecord record;
    RETURN_IF_ERROR(record::DecodeRecord(cursor->value(), record::Describe(cursor->key()), &record));
    if (!IsOpen(work.times(), record)) overdue.emplace_back(record::NumberInKey(cursor->key()), std::move(record));
  }
  RETURN_IF_ERROR(cursor->status());
  for (auto& [id, record] : overdue) RETURN_IF_ERROR(AbortFound(work, id, std::move(record)));
  return static_cast<int>(overdue.size());
}

absl::StatusOr<int> ForgetCommitted(Work& work, int at_most) {
  ASSIGN_OR_RETURN(const int64_t min_history, MinHistoryOf(work.txn(), work.numbers()));
  std::vector<int64_t> ids;
  int64_t next = work.numbers().next_transaction();  // the first that stays
  const auto cursor = work.txn().NewCursor(record::CommittedTransactions(work.numbers().first_committed()));
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    const int64_t id = record::NumberInKey(cursor->key());
    TransactionRecord record;
    RETURN_IF_ERROR(record::DecodeRecord(cursor->value(), record::Describe(cursor->key()), &record));
    const bool needed = id >= min_history || !work.times().IsOver(record.ended_ms());
    if (needed || static_cast<int>(ids.size()) == at_most) {
      next = id;
      break;
    }
    ids.push_back(id);
  }
  RETURN_IF_ERROR(cursor->status());
  for (const int64_t id : ids) {
    RETURN_IF_ERROR(ForgetWriteIdsOf(work, id));
    work.txn().Delete(record::CommittedTransactionKey(id));
  }
  if (next > work.numbers().first_committed()) work.mutable_numbers().set_first_committed(next);
  return static_cast<int>(ids.size());
}

absl::StatusOr<int> ForgetAborted(Work& work, int at_most) {
  ASSIGN_OR_RETURN(const int64_t min_history, MinHistoryOf(work.txn(), work.numbers()));
  std::vector<int64_t> ids;
  const auto cursor = work.txn().NewCursor(record::AbortedTransactions());
  for (cursor->SeekToFirst(); cursor->Valid() && static_cast<int>(ids.size()) < at_most; cursor->Next()) {
    const int64_t id = record::NumberInKey(cursor->key());
    if (id >= min_history) break;
    TransactionRecord record;
    RETURN_IF_ERROR(record::DecodeRecord(cursor->value(), record::Describe(cursor->key()), &record));
    if (!work.times().IsOver(record.ended_ms())) continue;
    ASSIGN_OR_RETURN(const bool has, HasWriteIds(work, id));
    if (!has) ids.push_back(id);
  }
  RETURN_IF_ERROR(cursor->status());
  for (const int64_t id : ids) work.txn().Delete(record::AbortedTransactionKey(id));
  return static_cast<int>(ids.size());
}

}  // namespace lodestone::transaction
