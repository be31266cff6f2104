// A store in memory, a clock that stands still, and short ways to lock things.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/record/transaction_keys.h"
#include "catalog/session/context.h"
#include "tests/unit/session/fixture.h"

namespace lodestone::testing {

inline constexpr LockType kEveryType[] = {LockType::kSharedRead, LockType::kSharedWrite, LockType::kExclusiveWrite,
                                          LockType::kExclusive};

// `db`, `db.table` or `db.table/partition`.
inline LockComponent On(std::string_view what, LockType type) {
  LockComponent component{.type = type, .database = ""};
  const std::size_t dot = what.find('.');
  component.database = what.substr(0, dot);
  if (dot == std::string_view::npos) return component;
  const std::string_view rest = what.substr(dot + 1);
  const std::size_t slash = rest.find('/');
  component.table = rest.substr(0, slash);
  if (slash != std::string_view::npos) component.partition = rest.substr(slash + 1);
  return component;
}

// The kind and code of an error.
MATCHER_P2(HasKind, kind, code, "") {
  const absl::Status& status = StatusOf(arg);
  *result_listener << status.ToString();
  const auto error = DomainErrorOf(status);
  return error && error->kind == kind && status.code() == code;
}
inline auto IsNoSuchLock() { return HasKind(ErrorKind::kNoSuchLock, absl::StatusCode::kNotFound); }
inline auto IsNoSuchTransaction() { return HasKind(ErrorKind::kNoSuchTransaction, absl::StatusCode::kNotFound); }
inline auto IsAborted() { return HasKind(ErrorKind::kTransactionAborted, absl::StatusCode::kFailedPrecondition); }
inline auto IsHeldByTransaction() {
  return HasKind(ErrorKind::kTransactionOpen, absl::StatusCode::kFailedPrecondition);
}

class TransactionsTest : public SessionTest {
 protected:
  static constexpr int64_t kLease = 300'000;  // ms; the default

  Transactions transactions() { return metastore_->TransactionsAs({.name = "ana"}); }

  // Asks for a lock; what came of it.
  LockResult Lock(std::string_view what, LockType type, int64_t transaction = 0) {
    auto result =
        transactions().Lock({.components = {On(what, type)}, .transaction = transaction, .user = "ana", .host = "h1"});
    EXPECT_OK(result);
    return result.value_or(LockResult{});
  }
  LockState StateOf(int64_t lock) {
    auto result = transactions().CheckLock(lock);
    EXPECT_OK(result);
    return result.ok() ? result->state : LockState::kNotAcquired;
  }
  int64_t Open(TransactionType type = TransactionType::kDefault) {
    auto ids = transactions().Open({.count = 1, .user = "ana", .host = "h1", .type = type});
    EXPECT_OK(ids);
    return ids.ok() ? ids->front() : 0;
  }
  int64_t WriteId(const WriteTable& table, int64_t transaction) {
    const int64_t ids[] = {transaction};
    auto given = transactions().AllocateWriteIds(table, ids);
    EXPECT_OK(given);
    return given.ok() && given->size() == 1 ? given->front().write_id : 0;
  }
  std::vector<int64_t> LocksShown(const LockFilter& filter = {}) {
    std::vector<int64_t> ids;
    auto infos = transactions().ShowLocks(filter);
    EXPECT_OK(infos);
    if (!infos.ok()) return {-1};
    for (const LockInfo& info : *infos) ids.push_back(info.lock);
    return ids;
  }
};

}  // namespace lodestone::testing
