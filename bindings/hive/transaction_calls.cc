// Transactions and write ids. Left out, and so an unknown method: what asks for conflicts between writes, which are not
// looked for here.
#include <map>
#include <string>
#include <vector>

#include "bindings/hive/calls.h"
#include "bindings/hive/connection.h"
#include "bindings/hive/convert/transaction.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "catalog/base/status_macros.h"

namespace lodestone::hive {
namespace {

// ---- Transactions ----
absl::StatusOr<thrift::OpenTxnsResponse> Open(Connection& connection, const thrift::OpenTxnRequest& request) {
  ASSIGN_OR_RETURN(const OpenTransactionsRequest open, ToModel(request));
  ASSIGN_OR_RETURN(std::vector<int64_t> ids, connection.TransactionsAs().Open(open));
  thrift::OpenTxnsResponse response;
  response.__set_txn_ids(std::move(ids));
  return response;
}

absl::Status Commit(Connection& connection, const thrift::CommitTxnRequest& request) {
  ASSIGN_OR_RETURN(const int64_t transaction, ToModel(request));
  return connection.TransactionsAs().Commit(transaction);
}

absl::Status Abort(Connection& connection, const thrift::AbortTxnRequest& request) {
  ASSIGN_OR_RETURN(const int64_t transaction, ToModel(request));
  return connection.TransactionsAs().Abort(transaction);
}

absl::Status AbortAll(Connection& connection, const thrift::AbortTxnsRequest& request) {
  return connection.TransactionsAs().Abort(request.txn_ids);
}

absl::StatusOr<thrift::GetOpenTxnsResponse> GetOpen(Connection& connection) {
  ASSIGN_OR_RETURN(const TransactionList list, connection.TransactionsAs().GetOpen());
  return ToThrift(list);
}

absl::StatusOr<thrift::GetOpenTxnsResponse> GetOpenReq(Connection& connection,
                                                       const thrift::GetOpenTxnsRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<TransactionType> without, ToModel(request.excludeTxnTypes));
  ASSIGN_OR_RETURN(const TransactionList list, connection.TransactionsAs().GetOpen(without));
  return ToThrift(list);
}

absl::StatusOr<thrift::GetOpenTxnsInfoResponse> GetOpenInfo(Connection& connection) {
  ASSIGN_OR_RETURN(const TransactionInfos infos, connection.TransactionsAs().GetOpenInfos());
  thrift::GetOpenTxnsInfoResponse response;
  response.__set_txn_high_water_mark(infos.high_water_mark);
  response.open_txns.reserve(infos.transactions.size());
  for (const TransactionInfo& transaction : infos.transactions) response.open_txns.push_back(ToThrift(transaction));
  return response;
}

absl::StatusOr<thrift::HeartbeatTxnRangeResponse> HeartbeatRange(Connection& connection,
                                                                 const thrift::HeartbeatTxnRangeRequest& request) {
  ASSIGN_OR_RETURN(const HeartbeatResult result, connection.TransactionsAs().HeartbeatRange(request.min, request.max));
  return ToThrift(result);
}

// ---- Write ids ----
// In the catalog that its name leads to.
absl::StatusOr<WriteTable> Found(const Connection& connection, absl::StatusOr<WriteTable> parsed) {
  RETURN_IF_ERROR(parsed.status());
  ASSIGN_OR_RETURN(parsed->catalog, connection.CatalogOf(parsed->catalog));
  return parsed;
}

absl::StatusOr<thrift::AllocateTableWriteIdsResponse> Allocate(Connection& connection,
                                                               const thrift::AllocateTableWriteIdsRequest& request) {
  if (!request.replPolicy.empty() || !request.srcTxnToWriteIdList.empty()) {
    return Throw(Thrown::kMeta, "write ids: expected transactions of this store, found those of a replication");
  }
  ASSIGN_OR_RETURN(const WriteTable table, Found(connection, ParseWriteTable(request.dbName, request.tableName)));
  ASSIGN_OR_RETURN(const std::vector<TransactionWriteId> allocated,
                   connection.TransactionsAs().AllocateWriteIds(
                       table, request.txnIds, request.reallocate ? Reallocate::kYes : Reallocate::kNo));
  thrift::AllocateTableWriteIdsResponse response;
  response.txnToWriteIds.reserve(allocated.size());
  for (const TransactionWriteId& one : allocated) {
    thrift::TxnToWriteId& to = response.txnToWriteIds.emplace_back();
    to.__set_txnId(one.transaction);
    to.__set_writeId(one.write_id);
  }
  return response;
}

absl::StatusOr<thrift::MaxAllocatedTableWriteIdResponse> GetMax(
    Connection& connection, const thrift::MaxAllocatedTableWriteIdRequest& request) {
  ASSIGN_OR_RETURN(const WriteTable table, Found(connection, ParseWriteTable(request.dbName, request.tableName)));
  ASSIGN_OR_RETURN(const int64_t max, connection.TransactionsAs().MaxWriteId(table));
  thrift::MaxAllocatedTableWriteIdResponse response;
  response.__set_maxWriteId(max);
  return response;
}

// The moment that the write ids are asked for: that of a list that the client has, or of the transaction that has the
// write id `writeId` of the first table, or now.
absl::StatusOr<TransactionList> AsOf(const Transactions& transactions, const thrift::GetValidWriteIdsRequest& request,
                                     const std::vector<WriteTable>& tables) {
  if (!request.validTxnList.empty()) return TransactionList::Parse(request.validTxnList);
  if (!request.__isset.writeId || tables.empty()) return transactions.GetValid();
  ASSIGN_OR_RETURN(const int64_t transaction, transactions.TransactionOfWriteId(tables[0], request.writeId));
  return transactions.GetValid(transaction);
}

absl::StatusOr<thrift::GetValidWriteIdsResponse> GetValid(Connection& connection,
                                                          const thrift::GetValidWriteIdsRequest& request) {
  std::vector<WriteTable> tables;
  tables.reserve(request.fullTableNames.size());
  for (const std::string& name : request.fullTableNames) {
    ASSIGN_OR_RETURN(WriteTable table, Found(connection, ParseWriteTable(name)));
    tables.push_back(std::move(table));
  }
  const Transactions transactions = connection.TransactionsAs();
  // One for all tables: the reader sees them at one moment.
  ASSIGN_OR_RETURN(const TransactionList as_of, AsOf(transactions, request, tables));
  thrift::GetValidWriteIdsResponse response;
  response.tblValidWriteIds.reserve(tables.size());
  for (std::size_t i = 0; i < tables.size(); ++i) {
    ASSIGN_OR_RETURN(const WriteIdList list, transactions.GetValidWriteIds(tables[i], as_of));
    response.tblValidWriteIds.push_back(ToThrift(request.fullTableNames[i], list));
  }
  return response;
}

// ---- For compactions, of which there are none: what is told is whether the transaction is open ----
// Which partitions it wrote.
absl::Status AddDynamicPartitions(Connection& connection, const thrift::AddDynamicPartitions& request) {
  return connection.TransactionsAs().Heartbeat(0, request.txnid);
}

// What it reads must not be cleaned away. The library keeps what open transactions see by itself.
absl::Status AddToMinHistory(Connection& connection, int64_t transaction, const std::map<std::string, int64_t>&) {
  return connection.TransactionsAs().Heartbeat(0, transaction);
}

absl::StatusOr<thrift::ShowCompactResponse> ShowCompact(Connection&, const thrift::ShowCompactRequest&) {
  return thrift::ShowCompactResponse();
}

constexpr Throws kTxn = {Thrown::kNoSuchTxn};
constexpr Throws kTxnAborted = {Thrown::kNoSuchTxn, Thrown::kTxnAborted};
constexpr Throws kTxnAbortedMeta = {Thrown::kNoSuchTxn, Thrown::kTxnAborted, Thrown::kMeta};
constexpr Throws kTxnMeta = {Thrown::kNoSuchTxn, Thrown::kMeta};
constexpr Throws kMeta = {Thrown::kMeta};

constexpr Call kTransactionCalls[] = {
    MakeCall<&Open>("open_txns", {}),
    MakeCall<&Commit>("commit_txn", kTxnAborted),
    MakeCall<&Abort>("abort_txn", kTxn),
    MakeCall<&AbortAll>("abort_txns", kTxn),
    MakeCall<&GetOpen>("get_open_txns", {}),
    MakeCall<&GetOpenReq>("get_open_txns_req", {}),
    MakeCall<&GetOpenInfo>("get_open_txns_info", {}),
    MakeCall<&HeartbeatRange>("heartbeat_txn_range", {}),
    MakeCall<&Allocate>("allocate_table_write_ids", kTxnAbortedMeta),
    MakeCall<&GetMax>("get_max_allocated_table_write_id", kMeta),
    MakeCall<&GetValid>("get_valid_write_ids", kTxnMeta),
    MakeCall<&AddDynamicPartitions>("add_dynamic_partitions", kTxnAborted),
    MakeCall<&AddToMinHistory>("add_write_ids_to_min_history", kMeta),
    MakeCall<&ShowCompact>("show_compact", {}),
};

}  // namespace

std::span<const Call> TransactionCalls() { return kTransactionCalls; }

}  // namespace lodestone::hive
