#include "tests/support/content.h"

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/session/context.h"

namespace lodestone::testing {

namespace {

using base::StrAppend;
using base::StrCat;

void Line(std::string* out, std::string_view what, const google::protobuf::Message& message) {
  StrAppend(out, what, " ", message.ShortDebugString(), "\n");
}

absl::Status DescribeTable(const Session& session, const TableName& name, std::string* out) {
  ASSIGN_OR_RETURN(const model::v1::Table table, session.GetTable(name));
  Line(out, "table", table);
  if (table.table_type() == model::v1::VIRTUAL_VIEW) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto constraints, session.ListConstraints(name));
  for (const auto& constraint : constraints) Line(out, "  constraint", constraint);
  ASSIGN_OR_RETURN(const auto statistics, session.GetTableStatistics(name));
  for (const auto& column : statistics) Line(out, "  statistics", column);
  if (table.partition_keys().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const int64_t count, session.CountPartitions(name));
  StrAppend(out, "  partitions ", count, "\n");
  ListOptions all;
  all.projection = Projection::All();
  auto cursor = session.ListPartitions(name, all);
  while (cursor.Next()) {
    for (std::size_t row = 0; row < cursor.batch().size(); ++row) {
      model::v1::Partition partition;
      cursor.batch().ToPartition(row, &partition);
      Line(out, "  partition", partition);
    }
  }
  return cursor.status();
}

// The statistics of partitions are read one by one, which is slow: of the first and the last one of each table.
absl::Status DescribePartitionStatistics(const Session& session, const TableName& name, std::string* out) {
  for (const Order order : {Order::kAscending, Order::kDescending}) {
    ListOptions one;
    one.order = order;
    one.limit = 1;
    auto cursor = session.ListPartitions(name, one);
    if (!cursor.Next()) return cursor.status();
    model::v1::Partition partition;
    cursor.batch().ToPartition(0, &partition);
    const std::vector<std::string> values(partition.values().begin(), partition.values().end());
    ASSIGN_OR_RETURN(const auto statistics, session.GetPartitionStatistics(name, values));
    for (const auto& column : statistics) Line(out, StrCat("  statistics of ", cursor.batch().Name(0)), column);
  }
  return absl::OkStatus();
}

absl::Status DescribeDatabase(const Session& session, const std::string& name, std::string* out) {
  ASSIGN_OR_RETURN(const model::v1::Database database, session.GetDatabase(name));
  Line(out, "database", database);
  ASSIGN_OR_RETURN(const auto tables, session.ListTableSummaries(name));
  for (const auto& summary : tables.items) {
    const TableName table{.database = name, .table = summary.name()};
    Line(out, "summary", summary);
    RETURN_IF_ERROR(DescribeTable(session, table, out));
    ASSIGN_OR_RETURN(const model::v1::Table record, session.GetTable(table));
    if (!record.partition_keys().empty()) RETURN_IF_ERROR(DescribePartitionStatistics(session, table, out));
  }
  ASSIGN_OR_RETURN(const auto functions, session.ListFunctions(name));
  for (const std::string& function : functions.items) {
    ASSIGN_OR_RETURN(const auto record, session.GetFunction(FunctionName{.database = name, .function = function}));
    Line(out, "function", record);
  }
  return absl::OkStatus();
}

// Locks, transactions and the write ids of one table; nothing where there are none.
absl::Status DescribeTransactions(Metastore& metastore, std::string* out) {
  const Transactions transactions = metastore.TransactionsAs();
  ASSIGN_OR_RETURN(const auto locks, transactions.ShowLocks());
  for (const LockInfo& lock : locks) {
    StrAppend(out, "lock ", lock.lock, " ", lock.component, " ", static_cast<int>(lock.on.type), " ", lock.on.database,
              ".", lock.on.table, "/", lock.on.partition, lock.state == LockState::kAcquired ? " acquired" : " waiting",
              " of ", lock.transaction, " ", lock.user, " ", lock.host, " ", lock.agent, " behind ",
              lock.blocked_by_lock, "\n");
  }
  ASSIGN_OR_RETURN(const TransactionInfos infos, transactions.GetOpenInfos());
  for (const TransactionInfo& info : infos.transactions) {
    StrAppend(out, "transaction ", info.id, info.state == TransactionState::kOpen ? " open " : " aborted ",
              static_cast<int>(info.type), " ", info.user, " ", info.started_ms, "\n");
  }
  for (const char* name : {"hits", "next"}) {
    const WriteTable table{.database = "web", .table = name};
    ASSIGN_OR_RETURN(const WriteIdList list, transactions.GetValidWriteIds(table));
    if (list.high_water_mark == 0) continue;
    StrAppend(out, "write ids of ", name, " up to ", list.high_water_mark, " but for");
    for (std::size_t i = 0; i < list.invalid.size(); ++i) {
      StrAppend(out, " ", list.invalid[i], list.aborted[i] ? " (aborted)" : "");
    }
    StrAppend(out, "\n");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> DescribeContent(Metastore& metastore) {
  std::string out;
  ASSIGN_OR_RETURN(const auto catalogs, metastore.Local().ListCatalogs());
  for (const std::string& name : catalogs.items) {
    const Session session = metastore.Local(name).Snapshot();
    ASSIGN_OR_RETURN(const auto catalog, session.GetCatalog(name));
    Line(&out, "catalog", catalog);
    ASSIGN_OR_RETURN(const auto databases, session.ListDatabases());
    for (const std::string& database : databases.items) {
      RETURN_IF_ERROR(DescribeDatabase(session, database, &out));
    }
    ASSIGN_OR_RETURN(const auto grants, session.ListGrants());
    for (const GrantEntry& grant : grants) {
      StrAppend(&out, "grant ", NameOf(grant.privilege), " on ", grant.on.ToString(), " to ", grant.grantee.ToString(),
                " by ", base::Quoted(grant.grantor), grant.grant_option ? " with option" : "",
                grant.derived ? " derived" : "", " at ", grant.time_ms, "\n");
    }
  }
  RETURN_IF_ERROR(DescribeTransactions(metastore, &out));
  ASSIGN_OR_RETURN(const EventPage page, metastore.Local().ReadEvents());
  for (const auto& event : page.events) Line(&out, "event", event);
  return out;
}

absl::StatusOr<std::map<std::string, std::string>> ReadRecords(const Metastore& metastore) {
  std::map<std::string, std::string> records;
  const auto snapshot = metastore.impl()->store().Snapshot();
  const auto cursor = snapshot->NewCursor(store::KeyRange{});
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    records.emplace(std::string(cursor->key()), std::string(cursor->value()));
  }
  RETURN_IF_ERROR(cursor->status());
  return records;
}

absl::StatusOr<std::string> FindingsOf(Metastore& metastore) {
  std::string out;
  ASSIGN_OR_RETURN(const auto findings, metastore.Verify());
  for (const VerifyFinding& finding : findings) StrAppend(&out, finding.where, ": ", finding.what, "\n");
  return out;
}

}  // namespace lodestone::testing
