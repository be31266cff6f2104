// Locks, transactions and write ids once more, as plainly as can be: everything is kept in lists, nothing is ever
// forgotten, and each question is answered by going through all of it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog/transactions.h"

namespace lodestone::twin {

enum class Answer { kOk, kNoSuchLock, kNoSuchTransaction, kAborted, kHeld, kReadOnly };

class PlainTransactions {
 public:
  struct Lock {
    std::vector<LockComponent> components;
    int64_t transaction = 0;
    int64_t last_heartbeat = 0;
    bool acquired = false;
  };
  enum class State { kOpen, kAborted, kCommitted };
  struct Transaction {
    State state = State::kOpen;
    TransactionType type = TransactionType::kDefault;
    int64_t last_heartbeat = 0;
    int64_t ended = 0;
  };
  using Table = std::string;

  explicit PlainTransactions(int64_t lease_ms) : lease_ms_(lease_ms) {}

  // What is over by then is over.
  void SetNow(int64_t now_ms);

  Answer AddLock(const std::vector<LockComponent>& components, int64_t transaction, NoWait no_wait, LockState* state);
  Answer Check(int64_t lock, LockState* state);
  Answer Unlock(int64_t lock);
  Answer Heartbeat(int64_t lock, int64_t transaction);
  std::vector<int64_t> Open(int64_t count, TransactionType type);
  Answer Commit(int64_t id);
  Answer Abort(int64_t id);
  Answer Allocate(const Table& table, const std::vector<int64_t>& ids, std::vector<TransactionWriteId>* given);

  // Without aborted ones that may have been forgotten.
  TransactionList Unfinished() const;
  TransactionList Valid(int64_t inside) const;
  WriteIdList Visible(const Table& table, const TransactionList& as_of) const;

  const std::map<int64_t, Lock>& locks() const { return locks_; }
  const std::map<int64_t, Transaction>& transactions() const { return transactions_; }
  // Whether the store may know of it no more: nobody was promised anything.
  bool MayBeForgotten(int64_t id) const;

 private:
  Answer StateOf(int64_t id) const;
  void End(int64_t id, State state);
  // The number of the component that has to wait; none: the lock can be had.
  std::optional<std::size_t> FindWaiting(int64_t lock, const Lock& what) const;

  const int64_t lease_ms_;
  int64_t now_ms_ = 0;
  int64_t last_lock_ = 0;
  std::map<int64_t, Lock> locks_;
  std::map<int64_t, Transaction> transactions_;
  std::map<Table, std::vector<int64_t>> writes_;  // the transaction of write id 1, 2, ...
};

}  // namespace lodestone::twin
