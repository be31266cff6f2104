// Locks and heartbeats. A lock that has to wait is asked for again by check_lock: nobody waits inside of a call.
#include "bindings/hive/calls.h"
#include "bindings/hive/connection.h"
#include "bindings/hive/convert/lock.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "catalog/base/status_macros.h"

namespace lodestone::hive {
namespace {

absl::StatusOr<thrift::LockResponse> Lock(Connection& connection, const thrift::LockRequest& request) {
  ASSIGN_OR_RETURN(LockRequest lock, ToModel(request));
  for (LockComponent& component : lock.components) {
    ASSIGN_OR_RETURN(component.catalog, connection.CatalogOf(component.catalog));
  }
  ASSIGN_OR_RETURN(const LockResult result, connection.TransactionsAs().Lock(lock));
  return ToThrift(result);
}

absl::StatusOr<thrift::LockResponse> CheckLock(Connection& connection, const thrift::CheckLockRequest& request) {
  ASSIGN_OR_RETURN(const LockResult result, connection.TransactionsAs().CheckLock(request.lockid));
  return ToThrift(result);
}

absl::Status Unlock(Connection& connection, const thrift::UnlockRequest& request) {
  return connection.TransactionsAs().Unlock(request.lockid);
}

absl::StatusOr<thrift::ShowLocksResponse> ShowLocks(Connection& connection, const thrift::ShowLocksRequest& request) {
  ASSIGN_OR_RETURN(LockFilter filter, ToModel(request));
  ASSIGN_OR_RETURN(filter.catalog, connection.CatalogOf(filter.catalog));
  ASSIGN_OR_RETURN(const std::vector<LockInfo> locks, connection.TransactionsAs().ShowLocks(filter));
  thrift::ShowLocksResponse response;
  response.__isset.locks = true;
  response.locks.reserve(locks.size());
  for (const LockInfo& lock : locks) response.locks.push_back(ToThrift(lock));
  return response;
}

absl::Status Heartbeat(Connection& connection, const thrift::HeartbeatRequest& request) {
  return connection.TransactionsAs().Heartbeat(request.lockid, request.txnid);
}

constexpr Throws kTxnAborted = {Thrown::kNoSuchTxn, Thrown::kTxnAborted};
constexpr Throws kTxnAbortedLock = {Thrown::kNoSuchTxn, Thrown::kTxnAborted, Thrown::kNoSuchLock};
constexpr Throws kLockTxnOpen = {Thrown::kNoSuchLock, Thrown::kTxnOpen};
constexpr Throws kLockTxnAborted = {Thrown::kNoSuchLock, Thrown::kNoSuchTxn, Thrown::kTxnAborted};

constexpr Call kLockCalls[] = {
    MakeCall<&Lock>("lock", kTxnAborted),
    MakeCall<&CheckLock>("check_lock", kTxnAbortedLock),
    MakeCall<&Unlock>("unlock", kLockTxnOpen),
    MakeCall<&ShowLocks>("show_locks", {}),
    MakeCall<&Heartbeat>("heartbeat", kLockTxnAborted),
};

}  // namespace

std::span<const Call> LockCalls() { return kLockCalls; }

}  // namespace lodestone::hive
