#include "catalog/transaction/write_ids.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/transaction/transactions.h"

namespace lodestone::transaction {

namespace {

using base::StrCat;
using record::WriteSpace;
using record::v1::AllocatedWriteId;
using record::v1::TransactionRecord;
using record::v1::WriteIdRecord;
using record::v1::WriteIdState;

absl::StatusOr<WriteIdState> ReadWriteIdState(const store::Reader& reader, const WriteSpace& space) {
  ASSIGN_OR_RETURN(const auto found, ReadRecord<WriteIdState>(reader, record::WriteIdStateKey(space)));
  if (found) return *found;
  WriteIdState state;
  state.set_next(1);
  state.set_first(1);
  return state;
}

// Takes one away. When it was the lowest, the next one is looked for.
absl::Status Remove(store::Transaction& txn, const WriteSpace& space, int64_t write_id, WriteIdState* state) {
  txn.Delete(record::WriteIdKey(space, write_id));
  if (state->first() != write_id) return absl::OkStatus();
  const auto cursor = txn.NewCursor(record::WriteIds(space, write_id + 1));
  cursor->SeekToFirst();
  RETURN_IF_ERROR(cursor->status());
  state->set_first(cursor->Valid() ? record::WriteIdInKey(cursor->key()) : state->next());
  return absl::OkStatus();
}

// The open ones among which write ids are given out: ascending, each once.
absl::StatusOr<std::vector<int64_t>> CheckWriters(Work& work, std::span<const int64_t> transactions) {
  std::vector<int64_t> ids(transactions.begin(), transactions.end());
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  for (const int64_t id : ids) {
    ASSIGN_OR_RETURN(const TransactionRecord record, FindOpen(work, id));
    if (record.type() == static_cast<int>(TransactionType::kReadOnly)) {
      return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kTransaction, StrCat(id),
                       StrCat("transaction ", id, " is read-only and gets no write ids"));
    }
  }
  return ids;
}

void PutWriteId(store::Transaction& txn, const WriteSpace& space, int64_t transaction, int64_t write_id) {
  WriteIdRecord record;
  record.set_transaction(transaction);
  PutRecord(txn, record::WriteIdKey(space, write_id), record);
  AllocatedWriteId allocated;
  allocated.set_write_id(write_id);
  PutRecord(txn, record::AllocatedWriteIdKey(transaction, space), allocated);
}

}  // namespace

absl::StatusOr<std::vector<TransactionWriteId>> AllocateWriteIds(Work& work, const WriteSpace& space,
                                                                 std::span<const int64_t> transactions,
                                                                 Reallocate reallocate) {
  ASSIGN_OR_RETURN(const std::vector<int64_t> ids, CheckWriters(work, transactions));
  store::Transaction& txn = work.txn();
  ASSIGN_OR_RETURN(WriteIdState state, ReadWriteIdState(txn, space));
  std::vector<TransactionWriteId> given;
  bool changed = false;
  for (const int64_t id : ids) {
    ASSIGN_OR_RETURN(const auto present, ReadRecord<AllocatedWriteId>(txn, record::AllocatedWriteIdKey(id, space)));
    if (present && reallocate == Reallocate::kNo) {
      given.push_back({.transaction = id, .write_id = present->write_id()});
      continue;
    }
    if (present) RETURN_IF_ERROR(Remove(txn, space, present->write_id(), &state));
    const int64_t write_id = state.next();
    PutWriteId(txn, space, id, write_id);
    state.set_next(write_id + 1);
    changed = true;
    given.push_back({.transaction = id, .write_id = write_id});
  }
  if (changed) PutRecord(txn, record::WriteIdStateKey(space), state);
  return given;
}

absl::StatusOr<WriteIdList> ListWriteIds(const store::Reader& reader, const WriteSpace& space,
                                         const TransactionList& as_of) {
  ASSIGN_OR_RETURN(const WriteIdState state, ReadWriteIdState(reader, space));
  WriteIdList list;
  std::vector<TransactionWriteId> invalid;
  int64_t before = 0;
  // A number without a record is one that everyone sees.
  const auto see_gap = [&](int64_t end) {
    if (end - before > 1) list.high_water_mark = end - 1;
  };
  RETURN_IF_ERROR(ForEachRecord<WriteIdRecord>(
      reader, record::WriteIds(space, state.first()), [&](std::string_view key, const WriteIdRecord& record) {
        const int64_t write_id = record::WriteIdInKey(key);
        see_gap(write_id);
        before = write_id;
        if (record.transaction() <= as_of.high_water_mark) list.high_water_mark = write_id;
        if (!as_of.IsValid(record.transaction())) {
          invalid.push_back({.transaction = record.transaction(), .write_id = write_id});
        }
        return absl::OkStatus();
      }));
  see_gap(state.next());
  for (const TransactionWriteId& one : invalid) {
    if (one.write_id > list.high_water_mark) break;
    const bool aborted = as_of.IsAborted(one.transaction);
    list.invalid.push_back(one.write_id);
    list.aborted.push_back(aborted);
    if (!aborted && !list.min_open) list.min_open = one.write_id;
  }
  return list;
}

absl::StatusOr<int64_t> MaxWriteId(const store::Reader& reader, const WriteSpace& space) {
  ASSIGN_OR_RETURN(const WriteIdState state, ReadWriteIdState(reader, space));
  return state.next() - 1;
}

absl::StatusOr<std::optional<int64_t>> OwnerOfWriteId(const store::Reader& reader, const WriteSpace& space,
                                                      int64_t write_id) {
  ASSIGN_OR_RETURN(const auto record, ReadRecord<WriteIdRecord>(reader, record::WriteIdKey(space, write_id)));
  if (!record) return std::optional<int64_t>();
  return std::optional<int64_t>(record->transaction());
}

absl::Status ForgetWriteIdsOf(Work& work, int64_t transaction) {
  store::Transaction& txn = work.txn();
  std::vector<std::pair<WriteSpace, int64_t>> all;
  RETURN_IF_ERROR(ForEachRecord<AllocatedWriteId>(txn, record::AllocatedWriteIds(transaction),
                                                  [&](std::string_view key, const AllocatedWriteId& record) {
                                                    if (const auto parts = record::ParseAllocated(key))
                                                      all.emplace_back(parts->space, record.write_id());
                                                    return absl::OkStatus();
                                                  }));
  for (const auto& [space, write_id] : all) {
    txn.Delete(record::AllocatedWriteIdKey(transaction, space));
    const std::string key = record::WriteIdStateKey(space);
    ASSIGN_OR_RETURN(auto state, ReadRecord<WriteIdState>(txn, key));
    if (!state) continue;  // the table is gone
    const int64_t first = state->first();
    RETURN_IF_ERROR(Remove(txn, space, write_id, &*state));
    if (state->first() != first) PutRecord(txn, key, *state);
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> HasWriteIds(Work& work, int64_t transaction) {
  bool has = false;
  std::vector<std::string> gone;
  RETURN_IF_ERROR(ForEachRecord<AllocatedWriteId>(
      work.txn(), record::AllocatedWriteIds(transaction),
      [&](std::string_view key, const AllocatedWriteId& record) -> absl::Status {
        const auto parts = record::ParseAllocated(key);
        if (!parts) return absl::OkStatus();  // verify tells
        ASSIGN_OR_RETURN(const auto found, work.txn().Get(record::WriteIdKey(parts->space, record.write_id())));
        has = has || found;
        if (!found) gone.emplace_back(key);
        return absl::OkStatus();
      }));
  for (const std::string& key : gone) work.txn().Delete(key);
  return has;
}

absl::Status AdoptWriteIds(store::Transaction& txn, const WriteSpace& unborn, record::TableId table) {
  const std::string key = record::WriteIdStateKey(unborn);
  ASSIGN_OR_RETURN(const auto state, ReadRecord<WriteIdState>(txn, key));
  if (!state) return absl::OkStatus();
  const WriteSpace born{.table = table};
  std::vector<TransactionWriteId> all;
  RETURN_IF_ERROR(ForEachRecord<WriteIdRecord>(
      txn, record::WriteIds(unborn, state->first()), [&](std::string_view at, const WriteIdRecord& record) {
        all.push_back({.transaction = record.transaction(), .write_id = record::WriteIdInKey(at)});
        return absl::OkStatus();
      }));
  for (const TransactionWriteId& one : all) {
    txn.Delete(record::WriteIdKey(unborn, one.write_id));
    txn.Delete(record::AllocatedWriteIdKey(one.transaction, unborn));
    PutWriteId(txn, born, one.transaction, one.write_id);
  }
  txn.Delete(key);
  PutRecord(txn, record::WriteIdStateKey(born), *state);
  return absl::OkStatus();
}

absl::StatusOr<int> ForgetUnborn(Work& work, int at_most) {
  store::Transaction& txn = work.txn();
  struct Space {
    WriteSpace space;
    int64_t given = 0;  // write ids
    std::vector<TransactionWriteId> aborted{};
  };
  std::vector<Space> spaces;
  const auto cursor = txn.NewCursor(record::UnbornWriteIds());
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    const auto parts = record::ParseUnborn(cursor->key());
    if (!parts) continue;  // verify tells
    const std::string what = record::Describe(cursor->key());
    if (!parts->write_id) {  // the state comes before the write ids
      WriteIdState state;
      RETURN_IF_ERROR(record::DecodeRecord(cursor->value(), what, &state));
      spaces.push_back({.space = parts->space, .given = state.next() - 1});
      continue;
    }
    WriteIdRecord record;
    RETURN_IF_ERROR(record::DecodeRecord(cursor->value(), what, &record));
    ASSIGN_OR_RETURN(const auto aborted, txn.Get(record::AbortedTransactionKey(record.transaction())));
    if (!aborted || spaces.empty()) continue;
    spaces.back().aborted.push_back({.transaction = record.transaction(), .write_id = *parts->write_id});
  }
  RETURN_IF_ERROR(cursor->status());
  int forgotten = 0;
  for (const Space& one : spaces) {
    if (static_cast<int64_t>(one.aborted.size()) != one.given || forgotten == at_most) continue;
    for (const TransactionWriteId& write : one.aborted) {
      txn.Delete(record::WriteIdKey(one.space, write.write_id));
      txn.Delete(record::AllocatedWriteIdKey(write.transaction, one.space));
    }
    txn.Delete(record::WriteIdStateKey(one.space));
    ++forgotten;
  }
  return forgotten;
}

}  // namespace lodestone::transaction
