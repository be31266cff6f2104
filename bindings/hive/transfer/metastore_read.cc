// What a metastore has. Servers from 4.0 on change what they answer (types of tables, locations of databases) unless a
// client says that it can take everything as it is: this one does.
#include <algorithm>
#include <utility>

#include "bindings/hive/convert/constraints.h"
#include "bindings/hive/convert/database.h"
#include "bindings/hive/convert/function.h"
#include "bindings/hive/convert/names.h"
#include "bindings/hive/convert/partition.h"
#include "bindings/hive/convert/privileges.h"
#include "bindings/hive/convert/statistics.h"
#include "bindings/hive/convert/table.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "bindings/hive/transfer/metastore_side.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

using base::StrCat;

constexpr Throws kByNames = {Thrown::kMeta, Thrown::kNoSuchObject, Thrown::kInvalidObject};
constexpr Throws kTables = {Thrown::kMeta, Thrown::kInvalidOperation, Thrown::kUnknownDb};

const Names& Everything() {
  static const Names& kCapabilities = *new Names{"MANAGERAWMETADATA"};
  return kCapabilities;
}

// A server without the call has nothing of the kind.
template <typename T>
absl::StatusOr<T> OrEmpty(absl::StatusOr<T> answer) {
  if (absl::IsUnimplemented(answer.status())) return T{};
  return answer;
}
template <typename T>
absl::StatusOr<std::optional<T>> OrMissing(absl::StatusOr<T> answer) {
  if (absl::IsNotFound(answer.status())) return std::optional<T>();
  RETURN_IF_ERROR(answer.status());
  return std::optional<T>(*std::move(answer));
}

// The request for foreign keys of a table, whatever they point at: servers take an empty name for one, so the parent's
// is left out.
struct ForeignKeysOf {
  std::string database;
  std::string table;
  std::string catalog;

  uint32_t read(apache::thrift::protocol::TProtocol* /*protocol*/) { return 0; }
  uint32_t write(apache::thrift::protocol::TProtocol* protocol) const {
    const auto text = [&](int16_t id, const std::string& value) {
      protocol->writeFieldBegin("", TType::T_STRING, id);
      protocol->writeString(value);
    };
    text(3, database);
    text(4, table);
    text(5, catalog);
    protocol->writeFieldStop();
    return 0;
  }
};

}  // namespace

std::string MetastoreSide::DatabaseArgument(const std::string& database) const {
  return catalog_ == kDefaultCatalog ? database : ComposeDatabase(catalog_, database);
}

// ---- Databases and tables ----

absl::StatusOr<Names> MetastoreSide::Databases() {
  if (catalog_ == kDefaultCatalog) return client_.Call<Names>("get_all_databases", kMeta);
  return client_.Call<Names>("get_databases", kMeta, ComposeDatabase(catalog_, std::nullopt));
}

absl::StatusOr<std::optional<model::v1::Database>> MetastoreSide::FindDatabase(const std::string& name) {
  thrift::GetDatabaseRequest request;
  request.__set_name(name);
  request.__set_catalogName(catalog_);
  request.__set_processorCapabilities(Everything());
  request.__set_processorIdentifier(kIdentifier);
  const auto newer = [&] { return client_.Call<thrift::Database>("get_database_req", kMissingMeta, request); };
  const auto older = [&] {
    return client_.Call<thrift::Database>("get_database", kMissingMeta, DatabaseArgument(name));
  };
  ASSIGN_OR_RETURN(const auto found, OrMissing(Either(&Newer::get_database, newer, older)));
  if (!found) return std::optional<model::v1::Database>();
  ASSIGN_OR_RETURN(model::v1::Database database, ToModel(*found));
  database.clear_catalog();
  return std::optional(std::move(database));
}

absl::StatusOr<Names> MetastoreSide::Tables(const std::string& database) {
  return client_.Call<Names>("get_all_tables", kMeta, DatabaseArgument(database));
}

absl::StatusOr<std::vector<model::v1::Table>> MetastoreSide::FindTables(const std::string& database,
                                                                        std::span<const std::string> names,
                                                                        Unreadable unreadable) {
  const Names wanted(names.begin(), names.end());
  using Found = absl::StatusOr<std::vector<thrift::Table>>;
  const auto newer = [&]() -> Found {
    thrift::GetTablesRequest request;
    request.__set_dbName(database);
    request.__set_tblNames(wanted);
    request.capabilities.__set_values({thrift::ClientCapability::INSERT_ONLY_TABLES});
    request.__isset.capabilities = true;
    request.__set_catName(catalog_);
    request.__set_processorCapabilities(Everything());
    request.__set_processorIdentifier(kIdentifier);
    ASSIGN_OR_RETURN(thrift::GetTablesResult result,
                     client_.Call<thrift::GetTablesResult>("get_table_objects_by_name_req", kTables, request));
    return std::move(result.tables);
  };
  const auto older = [&]() -> Found {
    return client_.Call<std::vector<thrift::Table>>("get_table_objects_by_name", kTables, DatabaseArgument(database),
                                                    wanted);
  };
  ASSIGN_OR_RETURN(const std::vector<thrift::Table> found, Either(&Newer::get_tables, newer, older));
  std::vector<model::v1::Table> tables;
  tables.reserve(found.size());
  for (const thrift::Table& one : found) {
    absl::StatusOr<model::v1::Table> table = ToModel(one);
    if (!table.ok()) {
      unreadable(StrCat(database, ".", one.tableName), table.status());
      continue;
    }
    table->clear_catalog();
    table->set_database(database);
    tables.push_back(*std::move(table));
  }
  return tables;
}

// ---- Partitions ----

absl::StatusOr<Names> MetastoreSide::PartitionNames(const TableName& table) {
  constexpr int16_t kAll = -1;
  const auto newer = [&] {
    return client_.CallWithin<Names>(kNamesLimits, "get_partition_names", kMissingMeta,
                                     DatabaseArgument(table.database), table.table, kAll);
  };
  const auto other = [&] {
    thrift::PartitionsRequest request;
    request.__set_catName(catalog_);
    request.__set_dbName(table.database);
    request.__set_tblName(table.table);
    request.__set_maxParts(kAll);
    return client_.CallWithin<Names>(kNamesLimits, "fetch_partition_names_req", kMissingMeta, request);
  };
  return Either(&Newer::partition_names, newer, other);
}

absl::StatusOr<std::vector<model::v1::Partition>> MetastoreSide::FindPartitions(const TableName& table,
                                                                                std::span<const std::string> names,
                                                                                Unreadable unreadable) {
  const Names wanted(names.begin(), names.end());
  using Found = absl::StatusOr<std::vector<thrift::Partition>>;
  const auto newer = [&]() -> Found {
    thrift::GetPartitionsByNamesRequest request;
    request.__set_db_name(DatabaseArgument(table.database));
    request.__set_tbl_name(table.table);
    request.__set_names(wanted);
    request.__set_processorCapabilities(Everything());
    request.__set_processorIdentifier(kIdentifier);
    ASSIGN_OR_RETURN(auto result, client_.Call<thrift::GetPartitionsByNamesResult>("get_partitions_by_names_req",
                                                                                   kByNames, request));
    return std::move(result.partitions);
  };
  const auto older = [&]() -> Found {
    return client_.Call<std::vector<thrift::Partition>>("get_partitions_by_names", kByNames,
                                                        DatabaseArgument(table.database), table.table, wanted);
  };
  ASSIGN_OR_RETURN(const std::vector<thrift::Partition> found, Either(&Newer::get_partitions, newer, older));
  std::vector<model::v1::Partition> partitions;
  partitions.reserve(found.size());
  for (const thrift::Partition& one : found) {
    absl::StatusOr<model::v1::Partition> partition = ToModel(one);
    if (partition.ok()) {
      partition->clear_catalog();
      partitions.push_back(*std::move(partition));
    } else {
      unreadable(StrCat(table.ToString(), "/", one.values.empty() ? "" : one.values.front()), partition.status());
    }
  }
  return partitions;
}

// ---- Statistics ----

namespace {

absl::StatusOr<ColumnRecords> ToRecords(const std::vector<thrift::ColumnStatisticsObj>& columns) {
  ColumnRecords records;
  for (const thrift::ColumnStatisticsObj& column : columns) {
    ASSIGN_OR_RETURN(records.emplace_back(), ToModel(column));
    records.back().set_engine(std::string(kHiveEngine));
  }
  return records;
}

}  // namespace

absl::StatusOr<ColumnRecords> MetastoreSide::TableStatistics(const TableName& table,
                                                             std::span<const std::string> columns) {
  thrift::TableStatsRequest request;
  request.__set_dbName(table.database);
  request.__set_tblName(table.table);
  request.__set_colNames({columns.begin(), columns.end()});
  request.__set_catName(catalog_);
  request.__set_engine(std::string(kHiveEngine));
  ASSIGN_OR_RETURN(const thrift::TableStatsResult result,
                   OrEmpty(client_.Call<thrift::TableStatsResult>("get_table_statistics_req", kMissingMeta, request)));
  return ToRecords(result.tableStats);
}

absl::StatusOr<std::vector<PartitionStatistics>> MetastoreSide::StatisticsOfPartitions(
    const TableName& table, std::span<const std::string> names, std::span<const std::string> columns) {
  thrift::PartitionsStatsRequest request;
  request.__set_dbName(table.database);
  request.__set_tblName(table.table);
  request.__set_colNames({columns.begin(), columns.end()});
  request.__set_partNames({names.begin(), names.end()});
  request.__set_catName(catalog_);
  request.__set_engine(std::string(kHiveEngine));
  ASSIGN_OR_RETURN(
      const thrift::PartitionsStatsResult result,
      OrEmpty(client_.Call<thrift::PartitionsStatsResult>("get_partitions_statistics_req", kMissingMeta, request)));
  std::vector<PartitionStatistics> all;
  for (const auto& [name, of] : result.partStats) {
    if (of.empty()) continue;
    ASSIGN_OR_RETURN(ColumnRecords records, ToRecords(of));
    all.push_back({.partition = name, .columns = std::move(records)});
  }
  return all;
}

// ---- Constraints ----

absl::StatusOr<std::vector<model::v1::Constraint>> MetastoreSide::ConstraintsByKind(const TableName& table) {
  thrift::SQLAllTableConstraints all;
  const auto ask = [&]<typename Request, typename Response>(const char* call, Request request, Response* response) {
    if constexpr (requires { request.__set_db_name(table.database); }) {
      request.__set_db_name(table.database);
      request.__set_tbl_name(table.table);
      request.__set_catName(catalog_);
    }
    absl::StatusOr<Response> answer = OrEmpty(client_.Call<Response>(call, kMetaMissing, request));
    if (answer.ok()) *response = *std::move(answer);
    return answer.status();
  };
  thrift::PrimaryKeysResponse primary;
  RETURN_IF_ERROR(ask("get_primary_keys", thrift::PrimaryKeysRequest(), &primary));
  thrift::ForeignKeysResponse foreign;
  RETURN_IF_ERROR(ask("get_foreign_keys", ForeignKeysOf{table.database, table.table, catalog_}, &foreign));
  thrift::UniqueConstraintsResponse unique;
  RETURN_IF_ERROR(ask("get_unique_constraints", thrift::UniqueConstraintsRequest(), &unique));
  thrift::NotNullConstraintsResponse not_null;
  RETURN_IF_ERROR(ask("get_not_null_constraints", thrift::NotNullConstraintsRequest(), &not_null));
  thrift::DefaultConstraintsResponse defaults;
  RETURN_IF_ERROR(ask("get_default_constraints", thrift::DefaultConstraintsRequest(), &defaults));
  thrift::CheckConstraintsResponse checks;
  RETURN_IF_ERROR(ask("get_check_constraints", thrift::CheckConstraintsRequest(), &checks));
  all.primaryKeys = std::move(primary.primaryKeys);
  all.foreignKeys = std::move(foreign.foreignKeys);
  all.uniqueConstraints = std::move(unique.uniqueConstraints);
  all.notNullConstraints = std::move(not_null.notNullConstraints);
  all.defaultConstraints = std::move(defaults.defaultConstraints);
  all.checkConstraints = std::move(checks.checkConstraints);
  ASSIGN_OR_RETURN(TableConstraints read, ToModel(all, {.catalog = catalog_, .table = table, .constraints = {}}));
  return std::move(read.constraints);
}

absl::StatusOr<std::vector<model::v1::Constraint>> MetastoreSide::Constraints(const TableName& table) {
  using Found = absl::StatusOr<std::vector<model::v1::Constraint>>;
  const auto newer = [&]() -> Found {
    thrift::AllTableConstraintsRequest request;
    request.__set_dbName(table.database);
    request.__set_tblName(table.table);
    request.__set_catName(catalog_);
    ASSIGN_OR_RETURN(const auto answer, client_.Call<thrift::AllTableConstraintsResponse>("get_all_table_constraints",
                                                                                          kMetaMissing, request));
    ASSIGN_OR_RETURN(TableConstraints read,
                     ToModel(answer.allTableConstraints, {.catalog = catalog_, .table = table, .constraints = {}}));
    return std::move(read.constraints);
  };
  return Either(&Newer::constraints, newer, [&] { return ConstraintsByKind(table); });
}

// ---- Functions ----

absl::StatusOr<Names> MetastoreSide::Functions(const std::string& database) {
  return OrEmpty(client_.Call<Names>("get_functions", kMeta, DatabaseArgument(database), std::string("*")));
}

absl::StatusOr<std::optional<model::v1::Function>> MetastoreSide::FindFunction(const FunctionName& name) {
  ASSIGN_OR_RETURN(const auto found,
                   OrMissing(client_.Call<thrift::Function>("get_function", kMetaMissing,
                                                            DatabaseArgument(name.database), name.function)));
  if (!found) return std::optional<model::v1::Function>();
  ASSIGN_OR_RETURN(model::v1::Function function, ToModel(*found));
  function.clear_catalog();
  function.set_database(name.database);
  return std::optional(std::move(function));
}

// ---- Roles and grants ----

absl::StatusOr<Names> MetastoreSide::Roles() {
  ASSIGN_OR_RETURN(Names roles, OrEmpty(client_.Call<Names>("get_role_names", kMeta)));
  std::erase_if(roles, [](const std::string& role) { return base::EqualsIgnoreCase(role, kPublicRole); });
  return roles;
}

absl::StatusOr<std::vector<RoleGrant>> MetastoreSide::Members(const std::string& role) {
  thrift::GetPrincipalsInRoleRequest request;
  request.__set_roleName(role);
  ASSIGN_OR_RETURN(const auto answer, OrEmpty(client_.Call<thrift::GetPrincipalsInRoleResponse>(
                                          "get_principals_in_role", kMeta, request)));
  std::vector<RoleGrant> members;
  for (const thrift::RolePrincipalGrant& grant : answer.principalGrants) {
    ASSIGN_OR_RETURN(Grantee member, ToGrantee(grant.principalName, grant.principalType));
    members.push_back({.role = role,
                       .member = std::move(member),
                       .admin_option = grant.grantOption,
                       .grantor = ToGrantor(grant.grantorName, grant.grantorPrincipalType)});
  }
  return members;
}

absl::StatusOr<std::vector<GrantSpec>> MetastoreSide::Grants(const Securable& on, Unreadable unreadable) {
  const std::optional<thrift::HiveObjectRef> object = ToThrift(catalog_, on);
  if (!object) return std::vector<GrantSpec>();
  // Of whichever principal.
  const std::optional<std::string> name;
  const std::optional<int32_t> type;
  ASSIGN_OR_RETURN(const auto rows, OrEmpty(client_.Call<std::vector<thrift::HiveObjectPrivilege>>(
                                        "list_privileges", kMeta, name, type, *object)));
  std::vector<GrantSpec> grants;
  for (const thrift::HiveObjectPrivilege& row : rows) {
    absl::StatusOr<GrantArgument> grant = ToModel(row);
    if (!grant.ok()) {
      unreadable(StrCat(row.grantInfo.privilege, " on ", on.ToString(), " to ", row.principalName), grant.status());
      continue;
    }
    // As it was asked for, whatever case the names are in.
    grant->grant.on = on;
    grants.push_back(std::move(grant->grant));
  }
  return grants;
}

}  // namespace lodestone::hive
