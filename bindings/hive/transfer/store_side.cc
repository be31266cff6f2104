// A catalog of a store as one side of a transfer.
#include <map>
#include <tuple>
#include <utility>

#include "bindings/hive/transfer/side.h"
#include "catalog/base/status_macros.h"
#include "catalog/errors.h"

namespace lodestone::hive {
namespace {

template <typename T>
absl::StatusOr<std::optional<T>> Found(absl::StatusOr<T> object) {
  if (absl::IsNotFound(object.status())) return std::optional<T>();
  RETURN_IF_ERROR(object.status());
  return std::optional<T>(*std::move(object));
}

std::vector<std::string> ValuesOf(const model::v1::Partition& partition) {
  return {partition.values().begin(), partition.values().end()};
}

std::vector<model::v1::Partition> PartitionsOf(std::span<const PartitionData> partitions) {
  std::vector<model::v1::Partition> out;
  out.reserve(partitions.size());
  for (const PartitionData& one : partitions) out.push_back(one.partition);
  return out;
}

absl::Status WriteStatistics(Session& session, const TableName& table, std::span<const PartitionData> partitions) {
  for (const PartitionData& one : partitions) {
    if (one.statistics.empty()) continue;
    RETURN_IF_ERROR(session.UpdatePartitionStatistics(table, ValuesOf(one.partition), one.statistics));
  }
  return absl::OkStatus();
}

class StoreSide final : public Side {
 public:
  explicit StoreSide(Session session) : session_(std::move(session)) {}

  absl::StatusOr<Names> Databases() override {
    ASSIGN_OR_RETURN(Page<std::string> page, session_.ListDatabases());
    return std::move(page.items);
  }
  absl::StatusOr<std::optional<model::v1::Database>> FindDatabase(const std::string& name) override {
    return Found(session_.GetDatabase(name));
  }
  absl::StatusOr<Names> Tables(const std::string& database) override {
    ASSIGN_OR_RETURN(Page<std::string> page, session_.ListTables(database));
    return std::move(page.items);
  }
  absl::StatusOr<std::vector<model::v1::Table>> FindTables(const std::string& database,
                                                           std::span<const std::string> names,
                                                           Unreadable /*unreadable*/) override {
    std::vector<model::v1::Table> tables;
    for (const std::string& name : names) {
      ASSIGN_OR_RETURN(std::optional<model::v1::Table> table, Found(session_.GetTable({database, name})));
      if (table) tables.push_back(*std::move(table));
    }
    return tables;
  }
  absl::StatusOr<Names> PartitionNames(const TableName& table) override { return session_.PartitionNameStrings(table); }
  absl::StatusOr<std::vector<model::v1::Partition>> FindPartitions(const TableName& table,
                                                                   std::span<const std::string> names,
                                                                   Unreadable /*unreadable*/) override {
    return session_.GetPartitionsByNames(table, names);
  }
  absl::StatusOr<ColumnRecords> TableStatistics(const TableName& table, std::span<const std::string> columns) override {
    return session_.GetTableStatistics(table, columns);
  }
  absl::StatusOr<std::vector<PartitionStatistics>> StatisticsOfPartitions(
      const TableName& table, std::span<const std::string> names, std::span<const std::string> columns) override {
    return session_.GetPartitionsStatistics(table, names, columns);
  }
  absl::StatusOr<std::vector<model::v1::Constraint>> Constraints(const TableName& table) override {
    return session_.ListConstraints(table);
  }
  absl::StatusOr<Names> Functions(const std::string& database) override {
    ASSIGN_OR_RETURN(Page<std::string> page, session_.ListFunctions(database));
    return std::move(page.items);
  }
  absl::StatusOr<std::optional<model::v1::Function>> FindFunction(const FunctionName& name) override {
    return Found(session_.GetFunction(name));
  }
  absl::StatusOr<Names> Roles() override {
    ASSIGN_OR_RETURN(Names roles, session_.ListRoles());
    std::erase(roles, kPublicRole);
    return roles;
  }
  absl::StatusOr<std::vector<RoleGrant>> Members(const std::string& role) override {
    return session_.ListMembers(role);
  }
  absl::StatusOr<std::vector<GrantSpec>> Grants(const Securable& on, Unreadable unreadable) override;

  absl::Status CreateDatabase(const model::v1::Database& database) override {
    return session_.CreateDatabase(database);
  }
  absl::Status AlterDatabase(const model::v1::Database& database) override {
    return session_.AlterDatabase(database.name(), database);
  }
  absl::Status CreateTable(const model::v1::Table& table) override { return session_.CreateTable(table); }
  absl::Status AlterTable(const model::v1::Table& table) override {
    return session_.AlterTable({table.database(), table.name()}, table);
  }
  absl::Status AddPartitions(const TableName& table, std::span<const PartitionData> partitions) override {
    const std::vector<model::v1::Partition> records = PartitionsOf(partitions);
    return Commit([&](Session& inside) -> absl::Status {
      RETURN_IF_ERROR(inside.AddPartitions(table, records, {.if_exists = IfExists::kSkip}).status());
      return WriteStatistics(inside, table, partitions);
    });
  }
  bool adds_as_one_step() const override { return true; }
  absl::Status AlterPartitions(const TableName& table, std::span<const PartitionData> partitions) override {
    return session_.AlterPartitions(table, PartitionsOf(partitions));
  }
  absl::Status SetTableStatistics(const TableName& table, const ColumnRecords& statistics) override {
    return session_.UpdateTableStatistics(table, statistics);
  }
  absl::Status SetPartitionStatistics(const TableName& table, std::span<const PartitionData> partitions) override {
    return Commit([&](Session& inside) { return WriteStatistics(inside, table, partitions); });
  }
  absl::Status AddConstraint(const TableName& table, const model::v1::Constraint& constraint) override {
    return session_.AddConstraints(table, {&constraint, 1});
  }
  absl::Status CreateFunction(const model::v1::Function& function) override {
    return session_.CreateFunction(function);
  }
  absl::Status AlterFunction(const model::v1::Function& function) override {
    return session_.AlterFunction({function.database(), function.name()}, function);
  }
  absl::Status CreateRole(const std::string& role) override { return session_.CreateRole(role); }
  absl::Status GrantRole(const RoleGrant& grant) override {
    return session_.GrantRole(grant.role, grant.member, grant.admin_option, grant.grantor);
  }
  absl::Status Grant(const GrantSpec& grant) override { return session_.Grant(grant); }

 private:
  absl::Status Commit(absl::FunctionRef<absl::Status(Session&)> body) { return session_.Transact(body).status(); }

  Session session_;
};

absl::StatusOr<std::vector<GrantSpec>> StoreSide::Grants(const Securable& on, Unreadable /*unreadable*/) {
  ASSIGN_OR_RETURN(const std::vector<GrantEntry> entries, session_.ListGrants({.grantee = {}, .on = on}));
  std::map<std::tuple<Grantee, std::string, bool>, PrivilegeSet> rows;
  for (const GrantEntry& entry : entries) {
    rows[{entry.grantee, entry.grantor, entry.grant_option}] |= entry.privilege;
  }
  std::vector<GrantSpec> grants;
  for (const auto& [row, privileges] : rows) {
    const auto& [grantee, grantor, option] = row;
    grants.push_back({.to = grantee, .privileges = privileges, .on = on, .grant_option = option, .grantor = grantor});
  }
  return grants;
}

}  // namespace

bool IsFatal(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kCancelled:
      return true;
    default:
      return false;
  }
}

std::unique_ptr<Side> NewStoreSide(Session session) { return std::make_unique<StoreSide>(std::move(session)); }

}  // namespace lodestone::hive
