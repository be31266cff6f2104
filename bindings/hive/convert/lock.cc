#include "bindings/hive/convert/lock.h"

#include "bindings/hive/convert/fields.h"
#include "bindings/hive/convert/names.h"
#include "catalog/base/status_macros.h"

namespace lodestone::hive {
namespace {

absl::StatusOr<LockType> ReadType(const thrift::LockType::type& type) {
  switch (const int32_t number = NumberOf(type)) {
    case thrift::LockType::SHARED_READ:
      return LockType::kSharedRead;
    case thrift::LockType::SHARED_WRITE:
      return LockType::kSharedWrite;
    case thrift::LockType::EXCLUSIVE:
      return LockType::kExclusive;
    case thrift::LockType::EXCL_WRITE:
      return LockType::kExclusiveWrite;
    default:
      return absl::InvalidArgumentError(base::StrCat("a lock: expected a kind from 1 to 4, found ", number));
  }
}

thrift::LockType::type WriteType(LockType type) {
  switch (type) {
    case LockType::kSharedRead:
      return thrift::LockType::SHARED_READ;
    case LockType::kSharedWrite:
      return thrift::LockType::SHARED_WRITE;
    case LockType::kExclusiveWrite:
      return thrift::LockType::EXCL_WRITE;
    case LockType::kExclusive:
      break;
  }
  return thrift::LockType::EXCLUSIVE;
}

absl::StatusOr<LockOperation> ReadOperation(const thrift::DataOperationType::type& operation) {
  switch (const int32_t number = NumberOf(operation)) {
    case thrift::DataOperationType::SELECT:
      return LockOperation::kSelect;
    case thrift::DataOperationType::INSERT:
      return LockOperation::kInsert;
    case thrift::DataOperationType::UPDATE:
      return LockOperation::kUpdate;
    case thrift::DataOperationType::DELETE:
      return LockOperation::kDelete;
    case thrift::DataOperationType::UNSET:
      return LockOperation::kUnset;
    case thrift::DataOperationType::NO_TXN:
      return LockOperation::kNoTransaction;
    default:
      return absl::InvalidArgumentError(base::StrCat("a lock: expected an operation from 1 to 6, found ", number));
  }
}

thrift::LockState::type WriteState(LockState state) {
  switch (state) {
    case LockState::kAcquired:
      return thrift::LockState::ACQUIRED;
    case LockState::kNotAcquired:
      return thrift::LockState::NOT_ACQUIRED;
    case LockState::kWaiting:
      break;
  }
  return thrift::LockState::WAITING;
}

absl::StatusOr<LockComponent> ReadComponent(const thrift::LockComponent& component) {
  LockComponent out;
  ASSIGN_OR_RETURN(out.type, ReadType(component.type));
  ASSIGN_OR_RETURN(out.operation, ReadOperation(component.operationType));
  ASSIGN_OR_RETURN(const DatabaseArgument database, ParseDatabase(component.dbname));
  out.catalog = database.catalog;
  out.database = database.name();
  out.table = component.tablename;
  out.partition = component.partitionname;
  out.is_transactional = component.isTransactional;
  out.is_dynamic_partition_write = component.isDynamicPartitionWrite;
  return out;
}

}  // namespace

absl::StatusOr<LockRequest> ToModel(const thrift::LockRequest& request) {
  LockRequest out;
  out.components.reserve(request.component.size());
  for (const thrift::LockComponent& component : request.component) {
    ASSIGN_OR_RETURN(LockComponent one, ReadComponent(component));
    out.components.push_back(std::move(one));
  }
  out.transaction = request.txnid;
  out.user = request.user;
  out.host = request.hostname;
  out.agent = request.agentInfo;
  if (request.zeroWaitReadEnabled) out.no_wait = NoWait::kReads;
  if (request.exclusiveCTAS) out.no_wait = NoWait::kAlways;
  return out;
}

thrift::LockResponse ToThrift(const LockResult& result) {
  thrift::LockResponse out;
  out.__set_lockid(result.lock);
  out.__set_state(WriteState(result.state));
  if (!result.message.empty()) out.__set_errorMessage(result.message);
  return out;
}

absl::StatusOr<LockFilter> ToModel(const thrift::ShowLocksRequest& request) {
  ASSIGN_OR_RETURN(const DatabaseArgument database, ParseDatabase(request.dbname));
  return LockFilter{.catalog = database.catalog,
                    .database = database.name(),
                    .table = request.tablename,
                    .partition = request.partname,
                    .transaction = request.txnid};
}

thrift::ShowLocksResponseElement ToThrift(const LockInfo& lock) {
  thrift::ShowLocksResponseElement out;
  out.__set_lockid(lock.lock);
  out.__set_dbname(lock.on.database);
  if (!lock.on.table.empty()) out.__set_tablename(lock.on.table);
  if (!lock.on.partition.empty()) out.__set_partname(lock.on.partition);
  out.__set_state(WriteState(lock.state));
  out.__set_type(WriteType(lock.on.type));
  if (lock.transaction != 0) out.__set_txnid(lock.transaction);
  out.__set_lastheartbeat(lock.last_heartbeat_ms);
  if (lock.acquired_ms) out.__set_acquiredat(*lock.acquired_ms);
  out.__set_user(lock.user);
  out.__set_hostname(lock.host);
  out.__set_heartbeatCount(ToI32(lock.heartbeats));
  if (!lock.agent.empty()) out.__set_agentInfo(lock.agent);
  if (lock.blocked_by_lock != 0) {
    out.__set_blockedByExtId(lock.blocked_by_lock);
    out.__set_blockedByIntId(lock.blocked_by_component);
  }
  out.__set_lockIdInternal(lock.component);
  return out;
}

}  // namespace lodestone::hive
