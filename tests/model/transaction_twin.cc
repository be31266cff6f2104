#include "tests/model/transaction_twin.h"

#include <algorithm>
#include <set>

namespace lodestone::twin {

namespace {

bool Meet(const LockComponent& a, const LockComponent& b) {
  if (a.database != b.database) return false;
  if (a.table.empty() || b.table.empty()) return true;
  if (a.table != b.table) return false;
  return a.partition.empty() || b.partition.empty() || a.partition == b.partition;
}

// The rules as docs/semantics/transactions.md has them, one by one.
bool Waits(const LockComponent& asked, const LockComponent& held) {
  if (!Meet(asked, held)) return false;
  const LockType a = asked.type;
  const LockType h = held.type;
  const auto reads_database = [](const LockComponent& c) { return c.type == LockType::kSharedRead && c.table.empty(); };
  const auto replaces_table = [](const LockComponent& c) { return c.type == LockType::kExclusive && !c.table.empty(); };
  if (reads_database(asked) && replaces_table(held)) return false;
  if (reads_database(held) && replaces_table(asked)) return false;
  if (a == LockType::kExclusive || h == LockType::kExclusive) return true;
  if (a == LockType::kSharedRead || h == LockType::kSharedRead) return false;
  return a == LockType::kExclusiveWrite || h == LockType::kExclusiveWrite;
}

}  // namespace

void PlainTransactions::SetNow(int64_t now_ms) {
  now_ms_ = now_ms;
  for (auto& [id, transaction] : transactions_) {
    const bool over = now_ms_ - transaction.last_heartbeat >= lease_ms_;
    if (transaction.state == State::kOpen && over) End(id, State::kAborted);
  }
  std::erase_if(locks_, [&](const auto& entry) {
    return entry.second.transaction == 0 && now_ms_ - entry.second.last_heartbeat >= lease_ms_;
  });
}

void PlainTransactions::End(int64_t id, State state) {
  Transaction& transaction = transactions_.at(id);
  transaction.state = state;
  transaction.ended = now_ms_;
  std::erase_if(locks_, [&](const auto& entry) { return entry.second.transaction == id; });
}

Answer PlainTransactions::StateOf(int64_t id) const {
  const auto found = transactions_.find(id);
  if (found == transactions_.end() || found->second.state == State::kCommitted) return Answer::kNoSuchTransaction;
  return found->second.state == State::kAborted ? Answer::kAborted : Answer::kOk;
}

std::optional<std::size_t> PlainTransactions::FindWaiting(int64_t lock, const Lock& what) const {
  for (std::size_t i = 0; i < what.components.size(); ++i) {
    for (const auto& [id, other] : locks_) {
      if (id >= lock) break;
      if (what.transaction != 0 && other.transaction == what.transaction) continue;
      const auto in_the_way = [&](const LockComponent& held) { return Waits(what.components[i], held); };
      if (std::ranges::any_of(other.components, in_the_way)) return i;
    }
  }
  return std::nullopt;
}

Answer PlainTransactions::AddLock(const std::vector<LockComponent>& components, int64_t transaction, NoWait no_wait,
                                  LockState* state) {
  if (transaction != 0 && StateOf(transaction) != Answer::kOk) return StateOf(transaction);
  const int64_t id = ++last_lock_;
  Lock lock{.components = components, .transaction = transaction, .last_heartbeat = now_ms_};
  const auto waiting = FindWaiting(id, lock);
  lock.acquired = !waiting;
  *state = waiting ? LockState::kWaiting : LockState::kAcquired;
  if (waiting && transaction != 0) {
    const bool reads = components[*waiting].type == LockType::kSharedRead;
    if (no_wait == NoWait::kAlways || (no_wait == NoWait::kReads && reads)) {
      *state = LockState::kNotAcquired;
      return Answer::kOk;
    }
  }
  locks_[id] = lock;
  return Answer::kOk;
}

Answer PlainTransactions::Check(int64_t lock, LockState* state) {
  const auto found = locks_.find(lock);
  if (found == locks_.end()) return Answer::kNoSuchLock;
  Lock& what = found->second;
  what.last_heartbeat = now_ms_;
  if (what.transaction != 0) transactions_.at(what.transaction).last_heartbeat = now_ms_;
  if (!what.acquired) what.acquired = !FindWaiting(lock, what);
  *state = what.acquired ? LockState::kAcquired : LockState::kWaiting;
  return Answer::kOk;
}

Answer PlainTransactions::Unlock(int64_t lock) {
  const auto found = locks_.find(lock);
  if (found == locks_.end()) return Answer::kNoSuchLock;
  if (found->second.transaction != 0 && found->second.acquired) return Answer::kHeld;
  locks_.erase(found);
  return Answer::kOk;
}

Answer PlainTransactions::Heartbeat(int64_t lock, int64_t transaction) {
  const auto found = locks_.find(lock);
  if (lock != 0 && found == locks_.end()) return Answer::kNoSuchLock;
  if (transaction != 0 && StateOf(transaction) != Answer::kOk) return StateOf(transaction);
  if (lock != 0) found->second.last_heartbeat = now_ms_;
  if (transaction != 0) transactions_.at(transaction).last_heartbeat = now_ms_;
  return Answer::kOk;
}

std::vector<int64_t> PlainTransactions::Open(int64_t count, TransactionType type) {
  std::vector<int64_t> ids;
  for (int64_t i = 0; i < count; ++i) {
    ids.push_back(static_cast<int64_t>(transactions_.size()) + 1);
    transactions_[ids.back()] = {.type = type, .last_heartbeat = now_ms_};
  }
  return ids;
}

Answer PlainTransactions::Commit(int64_t id) {
  const auto found = transactions_.find(id);
  if (found == transactions_.end()) return Answer::kNoSuchTransaction;
  if (found->second.state == State::kAborted) return Answer::kAborted;
  if (found->second.state == State::kOpen) End(id, State::kCommitted);
  return Answer::kOk;
}

Answer PlainTransactions::Abort(int64_t id) {
  const Answer state = StateOf(id);
  if (state == Answer::kOk) End(id, State::kAborted);
  return state == Answer::kNoSuchTransaction ? state : Answer::kOk;
}

Answer PlainTransactions::Allocate(const Table& table, const std::vector<int64_t>& ids,
                                   std::vector<TransactionWriteId>* given) {
  const std::set<int64_t> sorted(ids.begin(), ids.end());
  for (const int64_t id : sorted) {
    if (StateOf(id) != Answer::kOk) return StateOf(id);
    if (transactions_.at(id).type == TransactionType::kReadOnly) return Answer::kReadOnly;
  }
  std::vector<int64_t>& writes = writes_[table];
  for (const int64_t id : sorted) {
    auto at = std::ranges::find(writes, id);
    if (at == writes.end()) at = writes.insert(at, id);
    given->push_back({.transaction = id, .write_id = at - writes.begin() + 1});
  }
  return Answer::kOk;
}

bool PlainTransactions::MayBeForgotten(int64_t id) const {
  const auto found = transactions_.find(id);
  if (found == transactions_.end() || found->second.state == State::kOpen) return false;
  if (now_ms_ - found->second.ended < lease_ms_) return false;
  if (found->second.state == State::kCommitted) return true;
  return std::ranges::none_of(
      writes_, [&](const auto& table) { return std::ranges::find(table.second, id) != table.second.end(); });
}

TransactionList PlainTransactions::Unfinished() const {
  TransactionList list;
  list.high_water_mark = static_cast<int64_t>(transactions_.size());
  for (const auto& [id, transaction] : transactions_) {
    if (transaction.state == State::kCommitted || transaction.type == TransactionType::kReadOnly) continue;
    const bool open = transaction.state == State::kOpen;
    if (open && !list.min_open) list.min_open = id;
    if (MayBeForgotten(id)) continue;
    list.invalid.push_back(id);
    list.aborted.push_back(!open);
  }
  return list;
}

TransactionList PlainTransactions::Valid(int64_t inside) const {
  TransactionList list;
  list.high_water_mark = inside;
  for (const auto& [id, transaction] : transactions_) {
    if (id >= inside) break;
    if (transaction.state == State::kCommitted || transaction.type == TransactionType::kReadOnly) continue;
    list.invalid.push_back(id);
    list.aborted.push_back(transaction.state == State::kAborted);
  }
  return list;
}

WriteIdList PlainTransactions::Visible(const Table& table, const TransactionList& as_of) const {
  WriteIdList list;
  const auto found = writes_.find(table);
  if (found == writes_.end()) return list;
  const std::vector<int64_t>& writes = found->second;
  for (std::size_t i = 0; i < writes.size(); ++i) {
    if (writes[i] <= as_of.high_water_mark) list.high_water_mark = static_cast<int64_t>(i) + 1;
  }
  for (int64_t id = 1; id <= list.high_water_mark; ++id) {
    const int64_t transaction = writes[static_cast<std::size_t>(id) - 1];
    if (as_of.IsValid(transaction)) continue;
    const bool aborted = as_of.IsAborted(transaction);
    list.invalid.push_back(id);
    list.aborted.push_back(aborted);
    if (!aborted && !list.min_open) list.min_open = id;
  }
  return list;
}

}  // namespace lodestone::twin
