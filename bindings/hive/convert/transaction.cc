#include "bindings/hive/convert/transaction.h"

#include "bindings/hive/convert/fields.h"
#include "bindings/hive/convert/names.h"
#include "catalog/base/status_macros.h"

namespace lodestone::hive {
namespace {

using base::StrCat;

absl::StatusOr<TransactionType> ReadType(const thrift::TxnType::type& type) {
  switch (const int32_t number = NumberOf(type)) {
    case thrift::TxnType::DEFAULT:
      return TransactionType::kDefault;
    case thrift::TxnType::READ_ONLY:
      return TransactionType::kReadOnly;
    case thrift::TxnType::COMPACTION:
      return TransactionType::kCompaction;
    case thrift::TxnType::MATER_VIEW_REBUILD:
      return TransactionType::kMaterializedViewRebuild;
    case thrift::TxnType::SOFT_DELETE:
      return TransactionType::kSoftDelete;
    case thrift::TxnType::REBALANCE_COMPACTION:
      return TransactionType::kRebalanceCompaction;
    default:
      return absl::InvalidArgumentError(
          StrCat("a transaction: expected a kind of 0 or from 2 to 6, without replication, found ", number));
  }
}

absl::Status RefuseReplication(std::string_view policy) {
  if (policy.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      StrCat("a transaction: expected one of this store, found one of the replication ", base::Quoted(policy, 80)));
}

}  // namespace

absl::StatusOr<OpenTransactionsRequest> ToModel(const thrift::OpenTxnRequest& request) {
  RETURN_IF_ERROR(RefuseReplication(request.replPolicy));
  OpenTransactionsRequest out;
  ASSIGN_OR_RETURN(out.type, ReadType(request.txn_type));
  out.count = request.num_txns;
  out.user = request.user;
  out.host = request.hostname;
  out.agent = request.agentInfo;
  return out;
}

absl::StatusOr<std::vector<TransactionType>> ToModel(const std::vector<thrift::TxnType::type>& types) {
  std::vector<TransactionType> out;
  out.reserve(types.size());
  for (const thrift::TxnType::type& type : types) {
    // There are none of replication.
    if (NumberOf(type) == thrift::TxnType::REPL_CREATED) continue;
    ASSIGN_OR_RETURN(const TransactionType one, ReadType(type));
    out.push_back(one);
  }
  return out;
}

absl::StatusOr<int64_t> ToModel(const thrift::CommitTxnRequest& request) {
  RETURN_IF_ERROR(RefuseReplication(request.replPolicy));
  if (request.__isset.keyValue) {
    return absl::InvalidArgumentError(StrCat("the commit of transaction ", request.txnid,
                                             ": expected no parameter to be set with it, found ",
                                             base::Quoted(request.keyValue.key, 80)));
  }
  return request.txnid;
}

absl::StatusOr<int64_t> ToModel(const thrift::AbortTxnRequest& request) {
  RETURN_IF_ERROR(RefuseReplication(request.replPolicy));
  return request.txnid;
}

std::string ToBits(const std::vector<bool>& aborted) {
  std::string bits;
  for (std::size_t i = 0; i < aborted.size(); ++i) {
    if (!aborted[i]) continue;
    bits.resize(i / 8 + 1);
    bits[i / 8] = static_cast<char>(static_cast<unsigned char>(bits[i / 8]) | (1U << (i % 8)));
  }
  return bits;
}

thrift::GetOpenTxnsResponse ToThrift(const TransactionList& list) {
  thrift::GetOpenTxnsResponse out;
  out.__set_txn_high_water_mark(list.high_water_mark);
  out.__set_open_txns(list.invalid);
  if (list.min_open) out.__set_min_open_txn(*list.min_open);
  out.__set_abortedBits(ToBits(list.aborted));
  return out;
}

thrift::TxnInfo ToThrift(const TransactionInfo& transaction) {
  thrift::TxnInfo out;
  out.__set_id(transaction.id);
  out.__set_state(transaction.state == TransactionState::kAborted ? thrift::TxnState::ABORTED : thrift::TxnState::OPEN);
  out.__set_user(transaction.user);
  out.__set_hostname(transaction.host);
  if (!transaction.agent.empty()) out.__set_agentInfo(transaction.agent);
  out.__set_heartbeatCount(ToI32(transaction.heartbeats));
  out.__set_startedTime(transaction.started_ms);
  out.__set_lastHeartbeatTime(transaction.last_heartbeat_ms);
  return out;
}

thrift::HeartbeatTxnRangeResponse ToThrift(const HeartbeatResult& result) {
  thrift::HeartbeatTxnRangeResponse out;
  out.__set_aborted({result.aborted.begin(), result.aborted.end()});
  out.__set_nosuch({result.unknown.begin(), result.unknown.end()});
  return out;
}

absl::StatusOr<WriteTable> ParseWriteTable(std::string_view database, std::string_view table) {
  ASSIGN_OR_RETURN(const DatabaseArgument in, ParseDatabase(database));
  return WriteTable{.catalog = in.catalog, .database = in.name(), .table = std::string(table)};
}

absl::StatusOr<WriteTable> ParseWriteTable(std::string_view full_name) {
  const std::size_t dot = full_name.find('.');
  if (dot == std::string_view::npos) {
    return absl::InvalidArgumentError(StrCat("a table: expected db.table, found ", base::Quoted(full_name, 80)));
  }
  return ParseWriteTable(full_name.substr(0, dot), full_name.substr(dot + 1));
}

thrift::TableValidWriteIds ToThrift(std::string_view full_name, const WriteIdList& list) {
  thrift::TableValidWriteIds out;
  out.__set_fullTableName(std::string(full_name));
  out.__set_writeIdHighWaterMark(list.high_water_mark);
  out.__set_invalidWriteIds(list.invalid);
  if (list.min_open) out.__set_minOpenWriteId(*list.min_open);
  out.__set_abortedBits(ToBits(list.aborted));
  return out;
}

}  // namespace lodestone::hive
