// Which locks there are, by what they are on: in memory, beside the records in the store.
//
// Idea. A lock waits for earlier ones that are in its way. To find one, the locks lie in a tree of database, table and
// partition, and at each place by type: only what can be in the way is looked at. Records under such keys would do as
// well, but for the traces that deleted keys leave in the store's memory: a table that is locked and unlocked all day
// would be slower each time.
//
// The store has the say. Each change of the locks has another number (TransactionNumbers.lock_change), and
// the table remembers of which number it is: when a commit failed, or another program wrote, the numbers differ, and
// the table is read anew.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "catalog/store/store.h"
#include "catalog/transaction/lock_rules.h"
#include "lodestone/record/v1/transaction.pb.h"

namespace lodestone::transaction {

// Of one store. Whoever changes locks holds the mutex for as long as it computes (not while it commits), inside of a
// transaction of the store: first that, then the mutex.
class LockTable {
 public:
  using Component = record::v1::LockComponents::Component;

  // One component of one lock.
  struct Entry {
    int64_t lock = 0;
    int32_t component = 0;  // from 1 on
    int64_t transaction = 0;
    bool operator<(const Entry& other) const {
      return std::tie(lock, component) < std::tie(other.lock, other.component);
    }
  };

  absl::Mutex& mutex() const ABSL_LOCK_RETURNED(mutex_) { return mutex_; }

  // Reads everything when the table is not that of `change`. Time proportional to the locks then, otherwise none.
  absl::Status Sync(const store::Reader& reader, uint64_t change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // From here on the table is that of the number returned, which no other change has or had.
  uint64_t BeginChange() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  void Add(int64_t lock, int64_t transaction, record::v1::LockComponents components)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Remove(int64_t lock) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Null: there is no such lock. Until the next change.
  const record::v1::LockComponents* Find(int64_t lock) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Ascending.
  std::vector<int64_t> LocksOf(int64_t transaction) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Calls `visit` with what is in the way of `component` of a lock of `transaction` (0: none), and earlier than `lock`,
  // until it answers false. The table must not change meanwhile.
  void VisitInTheWay(const Component& component, int64_t lock, int64_t transaction,
                     absl::FunctionRef<bool(const Entry&)> visit) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

 private:
  struct Held {
    int64_t transaction = 0;
    record::v1::LockComponents components;
  };
  using ByType = std::array<std::set<Entry>, kLockTypes>;
  using ByPartition = std::map<std::string, ByType, std::less<>>;   // "": the whole table
  using ByTable = std::map<std::string, ByPartition, std::less<>>;  // "": the whole database

  void Put(const Entry& entry, const Component& component) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Take(const Entry& entry, const Component& component) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  bool loaded_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t change_ ABSL_GUARDED_BY(mutex_) = 0;  // of which number the table is
  uint64_t newest_ ABSL_GUARDED_BY(mutex_) = 0;  // the greatest number seen or given out
  absl::flat_hash_map<int64_t, Held> locks_ ABSL_GUARDED_BY(mutex_);
  std::map<int64_t, std::set<int64_t>> by_transaction_ ABSL_GUARDED_BY(mutex_);
  std::map<std::pair<std::string, std::string>, ByTable> by_database_ ABSL_GUARDED_BY(mutex_);  // catalog, database
};

}  // namespace lodestone::transaction
