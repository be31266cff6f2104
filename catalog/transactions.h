// Locks, transactions and write ids, as clients of a Hive metastore ask for them: a lock service beside the catalog.
// Nothing in the catalog waits for a lock; who takes part asks. docs/semantics/transactions.md has the whole of it.
//
// Everything is kept in the store and is there after a restart. Whoever holds a lock or has a transaction open sends
// heartbeats: when none came for OpenOptions::lease_ms, a lock is gone, and a transaction is aborted with its locks.
// That is so from that moment on, for everyone, whether or not anybody has looked.
//
//   Transactions transactions = metastore->TransactionsAs({.name = "ana"});
//   auto lock = transactions.Lock({.components = {{.type = LockType::kExclusive, .database = "web", .table =
//   "hits"}}}); while (lock.ok() && lock->state == LockState::kWaiting) { ...; lock =
//   transactions.CheckLock(lock->lock); }
//   ...
//   transactions.Unlock(lock->lock);
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/names.h"

namespace lodestone {

class Metastore;

// ---- Locks ----

// Stored: never change a number.
enum class LockType {
  kSharedRead = 1,      // beside all but kExclusive
  kSharedWrite = 2,     // beside kSharedRead and other kSharedWrite
  kExclusive = 3,       // alone
  kExclusiveWrite = 4,  // beside kSharedRead alone
};

// What is done under a lock: kept and shown, of no effect. Stored: never change a number.
enum class LockOperation { kSelect = 1, kInsert = 2, kUpdate = 3, kDelete = 4, kUnset = 5, kNoTransaction = 6 };

enum class LockState {
  kAcquired,
  kWaiting,      // behind an earlier one: ask again with CheckLock. Costs nobody anything meanwhile
  kNotAcquired,  // was not to wait, and would have had to: there is no lock
};

// One thing to be locked. The level follows from the names: a database, a table of it, a partition of that. Nothing of
// it has to exist. Names are lowered, of partitions the names of keys.
struct LockComponent {
  LockType type = LockType::kSharedRead;
  std::string catalog{kDefaultCatalog};
  std::string database;
  std::string table{};      // empty: the whole database
  std::string partition{};  // `dt=2026-01-05/hour=13`; empty: the whole table
  LockOperation operation = LockOperation::kUnset;
  bool is_transactional = false;
  bool is_dynamic_partition_write = false;
  bool operator==(const LockComponent&) const = default;
};

// When a lock that can't be had at once is given up instead of waiting.
enum class NoWait {
  kNever,
  kReads,   // when a kSharedRead would have to wait; for locks of a transaction
  kAlways,  // for locks of a transaction
};

struct LockRequest {
  std::vector<LockComponent> components{};  // acquired together. 1 to 100,000
  int64_t transaction = 0;                  // which holds them; 0: none
  // Shown in lists.
  std::string user{};
  std::string host{};
  std::string agent{};
  NoWait no_wait = NoWait::kNever;
};

struct LockResult {
  int64_t lock = 0;
  LockState state = LockState::kWaiting;
  std::string message{};  // of kNotAcquired: what is in the way
};

// One component of one lock.
struct LockInfo {
  int64_t lock = 0;
  int64_t component = 0;  // 1, 2, ... within the lock
  LockComponent on{};
  LockState state = LockState::kWaiting;
  int64_t transaction = 0;
  // Of the lock itself, which a lock of a transaction needs none of. ms since 1970, as all times here.
  int64_t last_heartbeat_ms = 0;
  int64_t heartbeats = 0;
  std::optional<int64_t> acquired_ms{};
  std::string user{};
  std::string host{};
  std::string agent{};
  // Who was in the way of this component when it was last asked about; 0: nobody.
  int64_t blocked_by_lock = 0;
  int64_t blocked_by_component = 0;
};

// Which locks to list; what is empty passes everything.
struct LockFilter {
  std::string catalog{};
  std::string database{};
  std::string table{};
  std::string partition{};
  int64_t transaction = 0;
};

// ---- Transactions ----

// Kept and shown. Stored: never change a number.
enum class TransactionType {
  kDefault = 0,
  kReadOnly = 2,  // gets no write ids, and is in no list of open ones
  kCompaction = 3,
  kMaterializedViewRebuild = 4,
  kSoftDelete = 5,
  kRebalanceCompaction = 6,
};

enum class TransactionState { kOpen, kAborted };

struct OpenTransactionsRequest {
  int64_t count = 1;  // more than 1,000: 1,000 are opened
  std::string user{};
  std::string host{};
  std::string agent{};
  TransactionType type = TransactionType::kDefault;
};

struct TransactionInfo {
  int64_t id = 0;
  TransactionState state = TransactionState::kOpen;
  TransactionType type = TransactionType::kDefault;
  std::string user{};
  std::string host{};
  std::string agent{};
  int64_t started_ms = 0;
  int64_t last_heartbeat_ms = 0;
  int64_t heartbeats = 0;
};

struct TransactionInfos {
  int64_t high_water_mark = 0;                  // the last id given out; 0: none
  std::vector<TransactionInfo> transactions{};  // open and aborted ones, by id
};

// What a reader sees: the transactions up to the high-water mark, but for the invalid ones.
struct TransactionList {
  int64_t high_water_mark = 0;
  std::vector<int64_t> invalid{};     // open and aborted ones, ascending
  std::vector<bool> aborted{};        // of each of `invalid`; as long as that
  std::optional<int64_t> min_open{};  // the least open one

  // Whether `id` was committed. Logarithmic.
  bool IsValid(int64_t id) const;
  bool IsAborted(int64_t id) const;
  // As Hive's clients write it: `high-water mark:least open:open,open:aborted,aborted`; the least open one is
  // 9223372036854775807 where none is open. InvalidArgument: anything else.
  static absl::StatusOr<TransactionList> Parse(std::string_view text);
  std::string ToString() const;
  bool operator==(const TransactionList&) const = default;
};

struct HeartbeatResult {
  std::vector<int64_t> aborted{};  // ascending
  std::vector<int64_t> unknown{};  // ascending; committed ones too
};

// ---- Write ids: numbers of the writes to one table, from 1 on ----

// A table by its names, which need not exist (yet).
struct WriteTable {
  std::string catalog{kDefaultCatalog};
  std::string database;
  std::string table;
  std::string ToString() const { return database + "." + table; }
};

struct TransactionWriteId {
  int64_t transaction = 0;
  int64_t write_id = 0;
  bool operator==(const TransactionWriteId&) const = default;
};

// What a reader sees of a table: the writes up to the high-water mark, but for the invalid ones.
struct WriteIdList {
  int64_t high_water_mark = 0;
  std::vector<int64_t> invalid{};     // of open and aborted transactions, ascending
  std::vector<bool> aborted{};        // of each of `invalid`; as long as that
  std::optional<int64_t> min_open{};  // the least write id of an open transaction
  bool operator==(const WriteIdList&) const = default;
};

enum class Reallocate {
  kNo,   // who has a write id of the table keeps it
  kYes,  // it gets another one; the old one counts as written, and nothing was written under it
};

// Thread-safe, cheap to copy; keeps the store open. Each call is one transaction of the store, so none may be made
// inside of Session::Transact. No privileges are asked for, as with Hive. Calls that change something are
// FailedPrecondition on a follower. Errors carry DomainErrorOf():
//   kNoSuchLock (NotFound)                     unknown, unlocked, or its lease ended
//   kNoSuchTransaction (NotFound)              unknown, or committed
//   kTransactionAborted (FailedPrecondition)   aborted, also because its lease ended
//   kTransactionOpen (FailedPrecondition)      the lock is held until its transaction ends
//   kInvalidObject (InvalidArgument)           a name that nothing can have, no components, ...
// Transactions and write ids are synced whatever OpenOptions::sync says, new locks as that says. Heartbeats and Unlock
// never wait for the disk: what a power cut undoes of them the end of the lease makes good.
class Transactions {
 public:
  // ---- Locks: first come, first served ----

  // Acquires all components or none: each that an earlier lock, held or waiting, is in the way of makes it wait. Locks
  // of one transaction are never in each other's way, nor are the components of one lock. Takes time proportional to
  // the components and to the locks in the way, not to those that are there.
  //   kNoSuchTransaction, kTransactionAborted   of LockRequest::transaction
  absl::StatusOr<LockResult> Lock(const LockRequest& request);
  // Whether it is acquired by now. A heartbeat as well, of its transaction too. kNoSuchLock, kTransactionAborted.
  absl::StatusOr<LockResult> CheckLock(int64_t lock);
  // Lets go of it, or of its place in the queue. kNoSuchLock. kTransactionOpen: acquired for a transaction.
  absl::Status Unlock(int64_t lock);
  // Extends the leases of both; 0: none. kNoSuchLock, kNoSuchTransaction, kTransactionAborted: neither was extended.
  absl::Status Heartbeat(int64_t lock, int64_t transaction);
  // By lock and component. Reads all locks.
  absl::StatusOr<std::vector<LockInfo>> ShowLocks(const LockFilter& filter = {}) const;

  // ---- Transactions ----

  // Ids are consecutive, over all calls, and are never used again. kInvalidObject: `count` below 1.
  absl::StatusOr<std::vector<int64_t>> Open(const OpenTransactionsRequest& request);
  // Ends it and its locks. Again is no error for as long as the store remembers (at least a lease). kNoSuchTransaction,
  // kTransactionAborted.
  absl::Status Commit(int64_t transaction);
  // Again is no error. kNoSuchTransaction.
  absl::Status Abort(int64_t transaction);
  // Those of them that are open; others are passed over.
  absl::Status Abort(std::span<const int64_t> transactions);
  // Extends the leases of those from `first` to `last` that are open, and says which are not. InvalidArgument: more
  // than 100,000.
  absl::StatusOr<HeartbeatResult> HeartbeatRange(int64_t first, int64_t last);
  // But for those of the types in `without`. Time proportional to the open and aborted ones.
  absl::StatusOr<TransactionList> GetOpen(std::span<const TransactionType> without = kReadOnlyTypes) const;
  absl::StatusOr<TransactionInfos> GetOpenInfos() const;
  // The list for a reader inside of `transaction`: up to that one, itself not among the invalid ones. 0: for a reader
  // outside of any.
  absl::StatusOr<TransactionList> GetValid(int64_t transaction = 0) const;
  // The least transaction that was open when one that is open now was opened: no list that is in use has an open one
  // below it. One more than the last id when none is open.
  absl::StatusOr<int64_t> MinHistory() const;

  // ---- Write ids. The table keeps its own when it is renamed, and when it is dropped and brought back ----

  // One for each transaction, ascending, consecutive where they are new; all or none. kNoSuchTransaction,
  // kTransactionAborted; kInvalidOperation (FailedPrecondition): one of them is read-only.
  absl::StatusOr<std::vector<TransactionWriteId>> AllocateWriteIds(const WriteTable& table,
                                                                   std::span<const int64_t> transactions,
                                                                   Reallocate reallocate = Reallocate::kNo);
  // As a reader with the list `as_of` sees it; nullopt: as GetValid() is now. Time proportional to the write ids of
  // open, aborted, and lately committed transactions.
  absl::StatusOr<WriteIdList> GetValidWriteIds(const WriteTable& table,
                                               const std::optional<TransactionList>& as_of = std::nullopt) const;
  // The last one given out; 0: none.
  absl::StatusOr<int64_t> MaxWriteId(const WriteTable& table) const;
  // Whose it is. kNoSuchObject (NotFound): not given out, or of a transaction that is long over.
  absl::StatusOr<int64_t> TransactionOfWriteId(const WriteTable& table, int64_t write_id) const;

  static constexpr TransactionType kReadOnlyTypes[] = {TransactionType::kReadOnly};

 private:
  friend class Metastore;
  class Impl;
  explicit Transactions(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<Impl> impl_;
};

}  // namespace lodestone
