// Transactions and write ids, between Hive's structs and the catalog's. See database.h for what holds for all
// conversions. Ids of transactions of another store, which replication sends with a policy, are refused: here they
// would be those of other transactions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "catalog/transactions.h"

namespace lodestone::hive {

absl::StatusOr<OpenTransactionsRequest> ToModel(const thrift::OpenTxnRequest& request);
absl::StatusOr<std::vector<TransactionType>> ToModel(const std::vector<thrift::TxnType::type>& types);
// The transaction that is to end. Refused as well: a parameter of a table that the commit is to set.
absl::StatusOr<int64_t> ToModel(const thrift::CommitTxnRequest& request);
absl::StatusOr<int64_t> ToModel(const thrift::AbortTxnRequest& request);

// A bit for each id, the first one lowest in the first byte; zero bytes at the end are left out.
std::string ToBits(const std::vector<bool>& aborted);
thrift::GetOpenTxnsResponse ToThrift(const TransactionList& list);
// Always set but for texts: what is optional, too.
thrift::TxnInfo ToThrift(const TransactionInfo& transaction);
thrift::HeartbeatTxnRangeResponse ToThrift(const HeartbeatResult& result);

// A database may have the prefix of a catalog, which comes out in WriteTable::catalog.
absl::StatusOr<WriteTable> ParseWriteTable(std::string_view database, std::string_view table);
// `db.table`.
absl::StatusOr<WriteTable> ParseWriteTable(std::string_view full_name);
// `full_name` as the client said it: it finds the answer by that.
thrift::TableValidWriteIds ToThrift(std::string_view full_name, const WriteIdList& list);

}  // namespace lodestone::hive
