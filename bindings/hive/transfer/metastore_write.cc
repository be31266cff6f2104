// What is made at a metastore.
#include <algorithm>
#include <utility>

#include "bindings/hive/convert/constraints.h"
#include "bindings/hive/convert/database.h"
#include "bindings/hive/convert/function.h"
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

constexpr Throws kOperationMeta = {Thrown::kInvalidOperation, Thrown::kMeta};
constexpr Throws kMaking = {Thrown::kAlreadyExists, Thrown::kInvalidObject, Thrown::kMeta};
constexpr Throws kMakingIn = {Thrown::kAlreadyExists, Thrown::kInvalidObject, Thrown::kMeta, Thrown::kNoSuchObject};
constexpr Throws kAdding = {Thrown::kInvalidObject, Thrown::kAlreadyExists, Thrown::kMeta};
constexpr Throws kStatistics = {Thrown::kNoSuchObject, Thrown::kInvalidObject, Thrown::kMeta, Thrown::kInvalidInput};

// Figures about files come with the objects.
thrift::EnvironmentContext KeepFigures() {
  thrift::EnvironmentContext context;
  context.__set_properties({{"DO_NOT_UPDATE_STATS", "true"}});
  return context;
}

// Servers from 4.0 on make transactional tables for those alone who say that they know what they are.
const Names& Capabilities() {
  static const Names& kAll = *new Names{
      "HIVEFULLACIDWRITE", "HIVEFULLACIDREAD", "HIVEMANAGEDINSERTWRITE", "HIVEMANAGEDINSERTREAD", "HIVEBUCKET2",
      "EXTWRITE",          "EXTREAD"};
  return kAll;
}

}  // namespace

// ---- Databases and tables ----

absl::Status MetastoreSide::CreateDatabase(const model::v1::Database& database) {
  model::v1::Database record = database;
  record.set_catalog(catalog_);
  const thrift::Database made = ToThrift(record);
  const auto simple = [&] { return client_.Call<void>("create_database", kMaking, made); };
  const auto request = [&] {
    thrift::CreateDatabaseRequest wanted;
    wanted.__set_databaseName(made.name);
    if (made.__isset.description) wanted.__set_description(made.description);
    if (made.__isset.locationUri) wanted.__set_locationUri(made.locationUri);
    wanted.__set_parameters(made.parameters);
    if (made.__isset.ownerName) wanted.__set_ownerName(made.ownerName);
    if (made.__isset.ownerType) wanted.__set_ownerType(made.ownerType);
    wanted.__set_catalogName(catalog_);
    if (made.__isset.managedLocationUri) wanted.__set_managedLocationUri(made.managedLocationUri);
    return client_.Call<void>("create_database_req", kMaking, wanted);
  };
  return Either(&Newer::create_database, simple, request);
}

absl::Status MetastoreSide::AlterDatabase(const model::v1::Database& database) {
  model::v1::Database record = database;
  record.set_catalog(catalog_);
  const thrift::Database altered = ToThrift(record);
  const auto simple = [&] {
    return client_.Call<void>("alter_database", kMetaMissing, DatabaseArgument(database.name()), altered);
  };
  const auto request = [&] {
    thrift::AlterDatabaseRequest wanted;
    wanted.__set_oldDbName(DatabaseArgument(database.name()));
    wanted.__set_newDb(altered);
    return client_.Call<void>("alter_database_req", kMetaMissing, wanted);
  };
  return Either(&Newer::alter_database, simple, request);
}

absl::Status MetastoreSide::CreateTable(const model::v1::Table& table) {
  model::v1::Table record = table;
  record.set_catalog(catalog_);
  const thrift::Table made = ToThrift(record);
  const auto newer = [&] {
    thrift::CreateTableRequest request;
    request.__set_table(made);
    request.__set_envContext(KeepFigures());
    request.__set_processorCapabilities(Capabilities());
    request.__set_processorIdentifier(kIdentifier);
    return client_.Call<void>("create_table_req", kMakingIn, request);
  };
  const auto older = [&] {
    return client_.Call<void>("create_table_with_environment_context", kMakingIn, made, KeepFigures());
  };
  return Either(&Newer::create_table, newer, older);
}

absl::Status MetastoreSide::AlterTable(const model::v1::Table& table) {
  model::v1::Table record = table;
  record.set_catalog(catalog_);
  const thrift::Table altered = ToThrift(record);
  const auto newer = [&] {
    thrift::AlterTableRequest request;
    request.__set_catName(catalog_);
    request.__set_dbName(table.database());
    request.__set_tableName(table.name());
    request.__set_table(altered);
    request.__set_environmentContext(KeepFigures());
    request.__set_processorCapabilities(Capabilities());
    request.__set_processorIdentifier(kIdentifier);
    return client_.Call<thrift::AlterTableResponse>("alter_table_req", kOperationMeta, request).status();
  };
  const auto older = [&] {
    return client_.Call<void>("alter_table_with_environment_context", kOperationMeta,
                              DatabaseArgument(table.database()), table.name(), altered, KeepFigures());
  };
  return Either(&Newer::alter_table, newer, older);
}

// ---- Partitions ----

namespace {

std::vector<thrift::Partition> Sent(const std::string& catalog, const TableName& table,
                                    std::span<const PartitionData> partitions) {
  std::vector<thrift::Partition> out;
  out.reserve(partitions.size());
  for (const PartitionData& one : partitions) {
    thrift::Partition& to = out.emplace_back(ToThrift(one.partition));
    to.__set_catName(catalog);
    to.__set_dbName(table.database);
    to.__set_tableName(table.table);
  }
  return out;
}

}  // namespace

absl::Status MetastoreSide::AddPartitions(const TableName& table, std::span<const PartitionData> partitions) {
  thrift::AddPartitionsRequest request;
  request.__set_dbName(table.database);
  request.__set_tblName(table.table);
  request.__set_parts(Sent(catalog_, table, partitions));
  request.__set_ifNotExists(true);
  request.__set_needResult(false);
  request.__set_catName(catalog_);
  request.__set_environmentContext(KeepFigures());
  RETURN_IF_ERROR(client_.Call<thrift::AddPartitionsResult>("add_partitions_req", kAdding, request).status());
  return SetPartitionStatistics(table, partitions);
}

absl::Status MetastoreSide::AlterPartitions(const TableName& table, std::span<const PartitionData> partitions) {
  const std::vector<thrift::Partition> altered = Sent(catalog_, table, partitions);
  const auto newer = [&] {
    thrift::AlterPartitionsRequest request;
    request.__set_catName(catalog_);
    request.__set_dbName(table.database);
    request.__set_tableName(table.table);
    request.__set_partitions(altered);
    request.__set_environmentContext(KeepFigures());
    return client_.Call<thrift::AlterPartitionsResponse>("alter_partitions_req", kOperationMeta, request).status();
  };
  const auto older = [&] {
    return client_.Call<void>("alter_partitions_with_environment_context", kOperationMeta,
                              DatabaseArgument(table.database), table.table, altered, KeepFigures());
  };
  return Either(&Newer::alter_partitions, newer, older);
}

// ---- Statistics ----

absl::Status MetastoreSide::SetTableStatistics(const TableName& table, const ColumnRecords& statistics) {
  const thrift::ColumnStatistics written = ToThrift({.catalog = catalog_, .table = table, .partition = {}}, statistics);
  const auto newer = [&] {
    thrift::SetPartitionsStatsRequest request;
    request.__set_colStats({written});
    request.__set_engine(written.engine);
    return client_.Call<thrift::SetPartitionsStatsResponse>("update_table_column_statistics_req", kStatistics, request)
        .status();
  };
  const auto older = [&] {
    return client_.Call<bool>("update_table_column_statistics", kStatistics, written).status();
  };
  return Either(&Newer::table_statistics, newer, older);
}

absl::Status MetastoreSide::SetPartitionStatistics(const TableName& table, std::span<const PartitionData> partitions) {
  thrift::SetPartitionsStatsRequest request;
  request.__set_needMerge(false);
  request.__set_engine(std::string(kHiveEngine));
  for (const PartitionData& one : partitions) {
    if (one.statistics.empty()) continue;
    request.colStats.push_back(ToThrift({.catalog = catalog_, .table = table, .partition = one.name}, one.statistics));
  }
  if (request.colStats.empty()) return absl::OkStatus();
  const absl::Status all = client_.Call<bool>("set_aggr_stats_for", kStatistics, request).status();
  if (all.ok() || IsFatal(all)) return all;
  // Some servers take them one by one alone; others say so which ones they refuse.
  for (const thrift::ColumnStatistics& one : request.colStats) {
    RETURN_IF_ERROR(client_.Call<bool>("update_partition_column_statistics", kStatistics, one).status());
  }
  return absl::OkStatus();
}

// ---- Constraints and functions ----

absl::Status MetastoreSide::AddConstraint(const TableName& table, const model::v1::Constraint& constraint) {
  const thrift::SQLAllTableConstraints rows = ToThrift(catalog_, table, {&constraint, 1});
  using Kind = model::v1::Constraint;
  switch (constraint.kind()) {
    case Kind::PRIMARY_KEY: {
      thrift::AddPrimaryKeyRequest request;
      request.__set_primaryKeyCols(rows.primaryKeys);
      return client_.Call<void>("add_primary_key", kMissingMeta, request);
    }
    case Kind::FOREIGN_KEY: {
      thrift::AddForeignKeyRequest request;
      request.__set_foreignKeyCols(rows.foreignKeys);
      return client_.Call<void>("add_foreign_key", kMissingMeta, request);
    }
    case Kind::UNIQUE: {
      thrift::AddUniqueConstraintRequest request;
      request.__set_uniqueConstraintCols(rows.uniqueConstraints);
      return client_.Call<void>("add_unique_constraint", kMissingMeta, request);
    }
    case Kind::NOT_NULL: {
      thrift::AddNotNullConstraintRequest request;
      request.__set_notNullConstraintCols(rows.notNullConstraints);
      return client_.Call<void>("add_not_null_constraint", kMissingMeta, request);
    }
    case Kind::DEFAULT: {
      thrift::AddDefaultConstraintRequest request;
      request.__set_defaultConstraintCols(rows.defaultConstraints);
      return client_.Call<void>("add_default_constraint", kMissingMeta, request);
    }
    case Kind::CHECK: {
      thrift::AddCheckConstraintRequest request;
      request.__set_checkConstraintCols(rows.checkConstraints);
      return client_.Call<void>("add_check_constraint", kMissingMeta, request);
    }
    default:
      return absl::InvalidArgumentError(StrCat("constraint ", base::Quoted(constraint.name()),
                                               ": expected one of the six kinds, found ",
                                               static_cast<int>(constraint.kind())));
  }
}

absl::Status MetastoreSide::CreateFunction(const model::v1::Function& function) {
  model::v1::Function record = function;
  record.set_catalog(catalog_);
  return client_.Call<void>("create_function", kMakingIn, ToThrift(record));
}

absl::Status MetastoreSide::AlterFunction(const model::v1::Function& function) {
  model::v1::Function record = function;
  record.set_catalog(catalog_);
  return client_.Call<void>("alter_function", kOperationMeta, DatabaseArgument(function.database()), function.name(),
                            ToThrift(record));
}

// ---- Roles and grants ----

absl::Status MetastoreSide::CreateRole(const std::string& role) {
  thrift::Role made;
  made.__set_roleName(role);
  return client_.Call<bool>("create_role", kMeta, made).status();
}

absl::Status MetastoreSide::GrantRole(const RoleGrant& grant) {
  std::optional<std::string> grantor;
  if (!grant.grantor.empty()) grantor = grant.grantor;
  return client_
      .Call<bool>("grant_role", kMeta, grant.role, grant.member.name, ToThrift(grant.member.kind), grantor,
                  thrift::PrincipalType::USER, grant.admin_option)
      .status();
}

absl::Status MetastoreSide::Grant(const GrantSpec& grant) {
  std::vector<GrantEntry> entries;
  for (const Privilege privilege : grant.privileges.ToVector()) {
    entries.push_back({.grantee = grant.to,
                       .privilege = privilege,
                       .on = grant.on,
                       .grantor = grant.grantor,
                       .grant_option = grant.grant_option});
  }
  thrift::GrantRevokePrivilegeRequest request;
  request.__set_requestType(thrift::GrantRevokeType::GRANT);
  request.privileges.__set_privileges(ToThrift(catalog_, entries));
  request.__isset.privileges = true;
  PrivilegeSet said;
  for (const thrift::HiveObjectPrivilege& row : request.privileges.privileges) {
    ASSIGN_OR_RETURN(const PrivilegeSet set, ParsePrivilege(Vocabulary::kHive, grant.on, row.grantInfo.privilege));
    said |= set;
  }
  if (!said.empty()) {
    RETURN_IF_ERROR(
        client_.Call<thrift::GrantRevokePrivilegeResponse>("grant_revoke_privileges", kMeta, request).status());
  }
  const PrivilegeSet unsaid = grant.privileges.Without(said);
  if (unsaid.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      StrCat(NameOf(unsaid.ToVector().front()), " on ", grant.on.ToString(), ": Hive has no word for the privilege"));
}

std::unique_ptr<Side> NewMetastoreSide(Client* client, std::string_view catalog) {
  return std::make_unique<MetastoreSide>(client, catalog);
}

}  // namespace lodestone::hive
