#include "catalog/transaction/locks.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/transaction/names.h"
#include "catalog/transaction/transactions.h"

namespace lodestone::transaction {

namespace {

using base::StrCat;
using record::v1::LockComponents;
using record::v1::LockRecord;
using record::v1::TransactionRecord;
using Component = LockComponents::Component;

absl::Status NoSuchLock(int64_t lock) {
  return MakeError(ErrorKind::kNoSuchLock, ObjectKind::kLock, StrCat(lock),
                   StrCat("no such lock: ", lock, " is not known, was unlocked, or its lease ended"));
}

// `exclusive lock 7 on web.hits`: for messages.
std::string Shown(int64_t lock, const Component& on) {
  constexpr std::string_view kTypes[] = {"", "shared read", "shared write", "exclusive", "exclusive write"};
  std::string words = StrCat(kTypes[std::clamp(on.type(), 0, kLockTypes)], " lock ", lock, " on ", on.database());
  if (!on.table().empty()) base::StrAppend(&words, ".", on.table());
  if (!on.partition().empty()) base::StrAppend(&words, "/", on.partition());
  return words;
}

void Drop(Work& work, int64_t lock) {
  work.txn().Delete(record::LockKey(lock));
  work.txn().Delete(record::LockComponentsKey(lock));
  LockTable& locks = work.mutable_locks();
  locks.mutex().AssertHeld();
  locks.Remove(lock);
}

absl::Status MissingRecord(int64_t lock) {
  return absl::DataLossError(StrCat(record::Describe(record::LockKey(lock)), ": its record is not there"));
}

// A lock that is there. One of no transaction whose lease is over goes on the way.
absl::StatusOr<LockRecord> FindLock(Work& work, int64_t lock) {
  ASSIGN_OR_RETURN(auto record, ReadRecord<LockRecord>(work.txn(), record::LockKey(lock)));
  if (!record) return NoSuchLock(lock);
  if (record->transaction() == 0 && work.times().IsOver(record->last_heartbeat_ms())) {
    Drop(work, lock);
    return NoSuchLock(lock);
  }
  return *std::move(record);
}

void Touch(Work& work, LockRecord* record) {
  record->set_last_heartbeat_ms(std::max(work.now_ms(), record->last_heartbeat_ms()));
  record->set_heartbeats(record->heartbeats() + 1);
}

// --- Who is in the way ---

// Looks at locks that may be over, and remembers those that are until they can be removed.
class Liveness {
 public:
  explicit Liveness(Work& work) : work_(work) {}

  absl::StatusOr<bool> IsAlive(const LockTable::Entry& entry) {
    return entry.transaction != 0 ? IsTransactionAlive(entry.transaction) : IsLockAlive(entry.lock);
  }

  absl::Status RemoveOverdue() {
    for (const int64_t lock : dead_locks_) Drop(work_, lock);
    for (auto& [id, record] : dead_transactions_) RETURN_IF_ERROR(AbortFound(work_, id, std::move(record)));
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<bool> IsLockAlive(int64_t lock) {
    const auto [known, added] = locks_.try_emplace(lock, true);
    if (!added) return known->second;
    ASSIGN_OR_RETURN(const auto record, ReadRecord<LockRecord>(work_.txn(), record::LockKey(lock)));
    if (!record) return MissingRecord(lock);
    if (work_.times().IsOver(record->last_heartbeat_ms())) {
      known->second = false;
      dead_locks_.push_back(lock);
    }
    return known->second;
  }
  absl::StatusOr<bool> IsTransactionAlive(int64_t id) {
    const auto [known, added] = transactions_.try_emplace(id, true);
    if (!added) return known->second;
    const std::string key = record::OpenTransactionKey(id);
    ASSIGN_OR_RETURN(auto record, ReadRecord<TransactionRecord>(work_.txn(), key));
    if (!record) return absl::DataLossError(StrCat(record::Describe(key), ": it has locks, and is not there"));
    if (!IsOpen(work_.times(), *record)) {
      known->second = false;
      dead_transactions_.emplace_back(id, *std::move(record));
    }
    return known->second;
  }

  Work& work_;
  absl::flat_hash_map<int64_t, bool> locks_;
  absl::flat_hash_map<int64_t, bool> transactions_;
  std::vector<int64_t> dead_locks_;
  std::vector<std::pair<int64_t, TransactionRecord>> dead_transactions_;
};

struct Blocked {
  int32_t component = 0;  // from 1 on
  LockTable::Entry by;
};

// The first component of a lock that another is in the way of, and that other; nullopt: the lock can be acquired.
absl::StatusOr<std::optional<Blocked>> FindBlocker(Work& work, int64_t lock, int64_t transaction,
                                                   const LockComponents& components) {
  const LockTable& locks = work.locks();
  locks.mutex().AssertHeld();
  Liveness liveness(work);
  std::optional<Blocked> blocked;
  absl::Status failure;
  for (int i = 0; i < components.components_size() && !blocked && failure.ok(); ++i) {
    locks.VisitInTheWay(components.components(i), lock, transaction, [&](const LockTable::Entry& entry) {
      const absl::StatusOr<bool> alive = liveness.IsAlive(entry);
      if (!alive.ok()) {
        failure = alive.status();
      } else if (*alive) {
        blocked = Blocked{.component = i + 1, .by = entry};
      }
      return failure.ok() && !blocked;
    });
  }
  RETURN_IF_ERROR(failure);
  RETURN_IF_ERROR(liveness.RemoveOverdue());
  return blocked;
}

// Notes what was found out about the lock; answers its state.
LockState Settle(Work& work, const std::optional<Blocked>& blocked, LockRecord* record) {
  record->set_acquired(!blocked);
  record->set_blocked_component(blocked ? blocked->component : 0);
  record->set_blocked_by_lock(blocked ? blocked->by.lock : 0);
  record->set_blocked_by_component(blocked ? blocked->by.component : 0);
  if (!blocked) record->set_acquired_ms(work.now_ms());
  return blocked ? LockState::kWaiting : LockState::kAcquired;
}

// Whether the lock is to be given up rather than to wait.
bool GivesUp(const LockRequest& request, const Component& blocked) {
  if (request.transaction == 0) return false;
  const bool reads = blocked.type() == static_cast<int>(LockType::kSharedRead);
  return request.no_wait == NoWait::kAlways || (request.no_wait == NoWait::kReads && reads);
}

std::string InTheWay(Work& work, const Blocked& blocked, const Component& asked) {
  work.locks().mutex().AssertHeld();
  const LockComponents* const held = work.locks().Find(blocked.by.lock);
  if (held == nullptr) return {};
  return StrCat("could not lock ", asked.database(), asked.table().empty() ? "" : ".", asked.table(),
                " at once: ", Shown(blocked.by.lock, held->components(blocked.by.component - 1)), " is in the way");
}

bool Passes(const LockFilter& filter, const LockComponent& on) {
  const auto same = [](const std::string& wanted, const std::string& found) {
    return wanted.empty() || wanted == found;
  };
  return same(filter.catalog, on.catalog) && same(filter.database, on.database) && same(filter.table, on.table) &&
         same(filter.partition, on.partition);
}

LockComponent ToPublic(const Component& component) {
  return {.type = static_cast<LockType>(component.type()),
          .catalog = component.catalog(),
          .database = component.database(),
          .table = component.table(),
          .partition = component.partition(),
          .operation = static_cast<LockOperation>(component.operation()),
          .is_transactional = component.is_transactional(),
          .is_dynamic_partition_write = component.is_dynamic_partition_write()};
}

void AppendInfos(int64_t lock, const LockRecord& record, const LockComponents& components, const LockFilter& filter,
                 std::vector<LockInfo>* infos) {
  for (int i = 0; i < components.components_size(); ++i) {
    LockInfo info{.lock = lock,
                  .component = i + 1,
                  .on = ToPublic(components.components(i)),
                  .state = record.acquired() ? LockState::kAcquired : LockState::kWaiting,
                  .transaction = record.transaction(),
                  .last_heartbeat_ms = record.last_heartbeat_ms(),
                  .heartbeats = record.heartbeats(),
                  .user = record.user(),
                  .host = record.host(),
                  .agent = record.agent()};
    if (!Passes(filter, info.on)) continue;
    if (record.acquired()) info.acquired_ms = record.acquired_ms();
    if (record.blocked_component() == info.component) {
      info.blocked_by_lock = record.blocked_by_lock();
      info.blocked_by_component = record.blocked_by_component();
    }
    infos->push_back(std::move(info));
  }
}

}  // namespace

absl::StatusOr<LockComponents> CheckComponents(const LockRequest& request) {
  constexpr std::size_t kMost = 100'000;
  const std::size_t count = request.components.size();
  if (count == 0 || count > kMost) {
    return MakeError(ErrorKind::kInvalidObject, ObjectKind::kLock, "",
                     StrCat("a lock: expected 1 to ", kMost, " components, found ", count));
  }
  LockComponents checked;
  for (const LockComponent& component : request.components) {
    const int type = static_cast<int>(component.type);
    if (type < 1 || type > kLockTypes) {
      return MakeError(ErrorKind::kInvalidObject, ObjectKind::kLock, "",
                       StrCat("a lock on ", base::Quoted(component.database), ": there is no type ", type));
    }
    Component& to = *checked.add_components();
    to.set_type(type);
    ASSIGN_OR_RETURN(*to.mutable_catalog(), CheckName(ObjectKind::kCatalog, component.catalog));
    ASSIGN_OR_RETURN(*to.mutable_database(), CheckName(ObjectKind::kDatabase, component.database));
    if (!component.table.empty()) {
      ASSIGN_OR_RETURN(*to.mutable_table(), CheckName(ObjectKind::kTable, component.table));
    }
    if (!component.partition.empty()) {
      if (component.table.empty()) {
        return MakeError(ErrorKind::kInvalidObject, ObjectKind::kPartition, component.partition,
                         StrCat("a lock on partition ", base::Quoted(component.partition), " names no table"));
      }
      ASSIGN_OR_RETURN(*to.mutable_partition(), CheckPartition(component.partition));
    }
    to.set_operation(static_cast<int>(component.operation));
    to.set_is_transactional(component.is_transactional);
    to.set_is_dynamic_partition_write(component.is_dynamic_partition_write);
  }
  return checked;
}

absl::StatusOr<LockResult> Lock(Work& work, const LockRequest& request, LockComponents components) {
  if (request.transaction != 0) RETURN_IF_ERROR(FindOpen(work, request.transaction).status());
  const int64_t lock = work.numbers().next_lock();
  work.mutable_numbers().set_next_lock(lock + 1);
  ASSIGN_OR_RETURN(const auto blocked, FindBlocker(work, lock, request.transaction, components));
  if (blocked) {
    const Component& asked = components.components(blocked->component - 1);
    if (GivesUp(request, asked)) {
      return LockResult{.lock = lock, .state = LockState::kNotAcquired, .message = InTheWay(work, *blocked, asked)};
    }
  }
  LockRecord record;
  record.set_transaction(request.transaction);
  record.set_user(request.user);
  record.set_host(request.host);
  record.set_agent(request.agent);
  record.set_last_heartbeat_ms(work.now_ms());
  const LockState state = Settle(work, blocked, &record);
  PutRecord(work.txn(), record::LockKey(lock), record);
  PutRecord(work.txn(), record::LockComponentsKey(lock), components);
  LockTable& locks = work.mutable_locks();
  locks.mutex().AssertHeld();
  locks.Add(lock, request.transaction, std::move(components));
  return LockResult{.lock = lock, .state = state};
}

absl::StatusOr<LockResult> CheckLock(Work& work, int64_t lock) {
  ASSIGN_OR_RETURN(LockRecord record, FindLock(work, lock));
  if (record.transaction() != 0) {
    ASSIGN_OR_RETURN(TransactionRecord transaction, FindOpen(work, record.transaction()));
    PutHeartbeat(work, record.transaction(), std::move(transaction));
  }
  Touch(work, &record);
  LockResult result{.lock = lock, .state = LockState::kAcquired};
  if (!record.acquired()) {
    work.locks().mutex().AssertHeld();
    const LockComponents* const components = work.locks().Find(lock);
    if (components == nullptr) return MissingRecord(lock);
    // A copy: locks that are over are removed on the way.
    ASSIGN_OR_RETURN(const auto blocked, FindBlocker(work, lock, record.transaction(), LockComponents(*components)));
    result.state = Settle(work, blocked, &record);
  }
  PutRecord(work.txn(), record::LockKey(lock), record);
  return result;
}

absl::Status Unlock(Work& work, int64_t lock) {
  ASSIGN_OR_RETURN(const LockRecord record, FindLock(work, lock));
  if (record.transaction() != 0) {
    const absl::StatusOr<TransactionRecord> transaction = FindOpen(work, record.transaction());
    if (!transaction.ok()) return DomainErrorOf(transaction.status()) ? NoSuchLock(lock) : transaction.status();
    if (record.acquired()) {
      return MakeError(ErrorKind::kTransactionOpen, ObjectKind::kLock, StrCat(lock),
                       StrCat("lock ", lock, " is held until transaction ", record.transaction(), " ends"));
    }
  }
  Drop(work, lock);
  return absl::OkStatus();
}

absl::Status Heartbeat(Work& work, int64_t lock, int64_t transaction) {
  std::optional<LockRecord> of_lock;
  if (lock != 0) {
    ASSIGN_OR_RETURN(of_lock, FindLock(work, lock));
    if (of_lock->transaction() != 0) RETURN_IF_ERROR(FindOpen(work, of_lock->transaction()).status());
  }
  if (transaction != 0) RETURN_IF_ERROR(HeartbeatTransaction(work, transaction));
  if (!of_lock) return absl::OkStatus();
  Touch(work, &*of_lock);
  PutRecord(work.txn(), record::LockKey(lock), *of_lock);
  return absl::OkStatus();
}

absl::Status DropLocksOf(Work& work, int64_t transaction) {
  work.locks().mutex().AssertHeld();
  for (const int64_t lock : work.locks().LocksOf(transaction)) Drop(work, lock);
  return absl::OkStatus();
}

absl::StatusOr<int> DropOverdue(Work& work, int at_most) {
  std::vector<int64_t> overdue;
  const auto cursor = work.txn().NewCursor(record::Locks());
  for (cursor->SeekToFirst(); cursor->Valid() && static_cast<int>(overdue.size()) < at_most; cursor->Next()) {
    LockRecord record;
    RETURN_IF_ERROR(record::DecodeRecord(cursor->value(), record::Describe(cursor->key()), &record));
    if (record.transaction() == 0 && work.times().IsOver(record.last_heartbeat_ms())) {
      overdue.push_back(record::NumberInKey(cursor->key()));
    }
  }
  RETURN_IF_ERROR(cursor->status());
  for (const int64_t lock : overdue) Drop(work, lock);
  return static_cast<int>(overdue.size());
}

absl::StatusOr<std::vector<LockInfo>> ShowLocks(const store::Reader& reader, const Times& times,
                                                const LockFilter& filter) {
  LockFilter lowered = filter;
  for (std::string* name : {&lowered.catalog, &lowered.database, &lowered.table}) *name = base::AsciiLower(*name);
  if (!filter.partition.empty()) {
    ASSIGN_OR_RETURN(lowered.partition, CheckPartition(filter.partition));
  }
  absl::flat_hash_map<int64_t, bool> open;  // transactions that were looked at
  std::vector<LockInfo> infos;
  const auto show = [&](std::string_view key, const LockRecord& record) -> absl::Status {
    const int64_t lock = record::NumberInKey(key);
    const int64_t transaction = record.transaction();
    if (filter.transaction != 0 && transaction != filter.transaction) return absl::OkStatus();
    if (transaction == 0) {
      if (times.IsOver(record.last_heartbeat_ms())) return absl::OkStatus();
    } else if (const auto [known, added] = open.try_emplace(transaction, false); added || known->second) {
      if (added) {
        ASSIGN_OR_RETURN(const auto found,
                         ReadRecord<TransactionRecord>(reader, record::OpenTransactionKey(transaction)));
        known->second = found && IsOpen(times, *found);
      }
      if (!known->second) return absl::OkStatus();
    } else {
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const auto components, ReadRecord<LockComponents>(reader, record::LockComponentsKey(lock)));
    if (!components) return MissingRecord(lock);
    AppendInfos(lock, record, *components, lowered, &infos);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(ForEachRecord<LockRecord>(reader, record::Locks(), show));
  return infos;
}

}  // namespace lodestone::transaction
