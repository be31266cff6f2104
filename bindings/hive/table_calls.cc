// Tables and views: making, reading, listing, changing, dropping.
#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "bindings/hive/calls.h"
#include "bindings/hive/convert/constraints.h"
#include "bindings/hive/convert/names.h"
#include "bindings/hive/convert/privileges.h"
#include "bindings/hive/convert/table.h"
#include "bindings/hive/exceptions.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "bindings/hive/place.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/hive_session.h"
#include "catalog/table_filter.h"

namespace lodestone::hive {
namespace {

using base::StrCat;
using Texts = std::vector<std::string>;
using Tables = std::vector<thrift::Table>;

// ---- Making ----
absl::Status Create(const Connection& connection, const thrift::Table& table, const thrift::EnvironmentContext& context,
                    const thrift::SQLAllTableConstraints& constraints) {
  ASSIGN_OR_RETURN(model::v1::Table record, ToModel(table));
  const TableName name{.database = record.database(), .table = record.name()};
  ASSIGN_OR_RETURN(const TableConstraints also,
                   ToModel(constraints, {.catalog = record.catalog(), .table = name, .constraints = {}}));
  ASSIGN_OR_RETURN(const std::vector<GrantSpec> grants, ToModel(table.privileges, Securable::Table(name)));
  ASSIGN_OR_RETURN(HiveSession session, connection.HiveSessionIn(record.catalog()));
  record.set_catalog(std::string(session.session().catalog()));
  const auto behind = [&](Session& inside) -> absl::Status {
    if (!also.constraints.empty()) RETURN_IF_ERROR(inside.AddConstraints(name, also.constraints));
    for (const GrantSpec& grant : grants) RETURN_IF_ERROR(inside.Grant(grant));
    return absl::OkStatus();
  };
  return session.CreateTable(record, HiveContext::FromProperties(context.properties), behind);
}
absl::Status CreateTable(Connection& connection, const thrift::Table& table) {
  return Create(connection, table, {}, {});
}
absl::Status CreateTableWithContext(Connection& connection, const thrift::Table& table,
                                    const thrift::EnvironmentContext& context) {
  return Create(connection, table, context, {});
}
absl::Status CreateTableWithConstraints(Connection& connection, const thrift::Table& table,
                                        std::vector<thrift::SQLPrimaryKey> primary_keys,
                                        std::vector<thrift::SQLForeignKey> foreign_keys,
                                        std::vector<thrift::SQLUniqueConstraint> unique,
                                        std::vector<thrift::SQLNotNullConstraint> not_null,
                                        std::vector<thrift::SQLDefaultConstraint> defaults,
                                        std::vector<thrift::SQLCheckConstraint> checks) {
  thrift::SQLAllTableConstraints constraints;
  constraints.primaryKeys = std::move(primary_keys);
  constraints.foreignKeys = std::move(foreign_keys);
  constraints.uniqueConstraints = std::move(unique);
  constraints.notNullConstraints = std::move(not_null);
  constraints.defaultConstraints = std::move(defaults);
  constraints.checkConstraints = std::move(checks);
  return Create(connection, table, {}, constraints);
}
absl::Status CreateTableReq(Connection& connection, const thrift::CreateTableRequest& request) {
  thrift::SQLAllTableConstraints constraints;
  constraints.primaryKeys = request.primaryKeys;
  constraints.foreignKeys = request.foreignKeys;
  constraints.uniqueConstraints = request.uniqueConstraints;
  constraints.notNullConstraints = request.notNullConstraints;
  constraints.defaultConstraints = request.defaultConstraints;
  constraints.checkConstraints = request.checkConstraints;
  return Create(connection, request.table, request.envContext, constraints);
}

// What a server would make of the table before it creates it. Nothing here: defaults are filled in afterwards, and
// nothing is looked up.
absl::StatusOr<thrift::Table> TranslateTableDryrun(Connection& connection, const thrift::CreateTableRequest& request) {
  thrift::Table table = request.table;
  ASSIGN_OR_RETURN(table.catName, connection.CatalogOf(table.catName));
  table.__isset.catName = true;
  return table;
}

// ---- Reading ----
absl::StatusOr<thrift::Table> Get(const TablePlace& place) {
  const absl::StatusOr<model::v1::Table> table = place.session().GetTable(place.name);
  if (IsUnseen(table.status())) {
    return Throw(Thrown::kNoSuchObject, StrCat(place.ToString(), " table not found"));
  }
  RETURN_IF_ERROR(table.status());
  return ToThrift(*table);
}
absl::StatusOr<thrift::Table> GetTable(Connection& connection, const std::string& database, const std::string& name) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, {}, database, name));
  return Get(place);
}
absl::StatusOr<thrift::GetTableResult> GetTableReq(Connection& connection, const thrift::GetTableRequest& request) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, request.catName, request.dbName, request.tblName));
  thrift::GetTableResult result;
  ASSIGN_OR_RETURN(result.table, Get(place));
  return result;
}

// Each once, in the order asked for; those that are not there, or not to be seen, are left out.
absl::StatusOr<Tables> ByNames(const Connection& connection, std::string_view catalog, std::string_view database,
                               const Texts& names) {
  Tables tables;
  std::set<std::string> seen;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, catalog, database, name));
    if (!seen.insert(place.name.table).second) continue;
    absl::StatusOr<thrift::Table> table = Get(place);
    if (table.ok()) {
      tables.push_back(*std::move(table));
    } else if (!absl::IsNotFound(table.status()) && !absl::IsPermissionDenied(table.status())) {
      return table.status();
    }
  }
  return tables;
}
absl::StatusOr<Tables> GetTableObjectsByName(Connection& connection, const std::string& database, const Texts& names) {
  return ByNames(connection, {}, database, names);
}
absl::StatusOr<thrift::GetTablesResult> GetTableObjectsByNameReq(Connection& connection,
                                                                 const thrift::GetTablesRequest& request) {
  thrift::GetTablesResult result;
  Texts names = request.tblNames;
  if (!request.__isset.tblNames && request.__isset.tablesPattern) {
    ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, request.catName, request.dbName, {}));
    ASSIGN_OR_RETURN(const Page<std::string> page,
                     place.session().ListTables(place.name.database, {.pattern = request.tablesPattern}));
    names = page.items;
  }
  ASSIGN_OR_RETURN(result.tables, ByNames(connection, request.catName, request.dbName, names));
  return result;
}

// ---- Listing ----
// Absent, as Flink sends it, it matches everything; empty it matches nothing.
using Pattern = std::optional<std::string>;

// Names of a database that is not there are none.
absl::StatusOr<Texts> ListIn(const Connection& connection, std::string_view catalog, const std::string& database,
                             const Pattern& pattern, model::v1::TableType type = model::v1::TABLE_TYPE_UNSPECIFIED) {
  if (pattern.has_value() && pattern->empty()) return Texts();
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, catalog, database, {}));
  absl::StatusOr<Page<std::string>> page =
      place.session().ListTables(place.name.database, {.pattern = pattern.value_or("*"), .table_type = type});
  if (absl::IsNotFound(page.status())) return Texts();
  RETURN_IF_ERROR(page.status());
  return std::move(page->items);
}
absl::StatusOr<Texts> List(const Connection& connection, const std::string& database, const Pattern& pattern,
                           model::v1::TableType type = model::v1::TABLE_TYPE_UNSPECIFIED) {
  return ListIn(connection, {}, database, pattern, type);
}
absl::StatusOr<Texts> GetTables(Connection& connection, const std::string& database, const Pattern& pattern) {
  return List(connection, database, pattern);
}
absl::StatusOr<Texts> GetTablesByType(Connection& connection, const std::string& database, const Pattern& pattern,
                                      const std::string& type) {
  const absl::StatusOr<model::v1::TableType> parsed = ParseTableType(type);
  if (!parsed.ok()) return Texts();  // no table has such a type
  return List(connection, database, pattern, *parsed);
}
absl::StatusOr<Texts> GetTableNamesByFilter(Connection& connection, const std::string& database,
                                            const std::string& filter, Or<int16_t, -1> max) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, {}, database, {}));
  const auto limit = max < 0 ? std::nullopt : std::optional<std::size_t>(static_cast<std::size_t>(max.value));
  absl::StatusOr<Texts> names = ListTablesByFilter(place.session(), place.name.database, filter, limit);
  if (absl::IsNotFound(names.status())) return Texts();
  return names;
}
absl::StatusOr<Texts> GetAllTables(Connection& connection, const std::string& database) {
  return List(connection, database, "*");
}
absl::StatusOr<Texts> GetMaterializedViewsForRewriting(Connection& connection, const std::string& database) {
  return List(connection, database, "*", model::v1::MATERIALIZED_VIEW);
}
// What clients may do with a table of their own accord: everything, as far as their privileges reach. Numbers of bits
// of requestedFields, and of a kind of access.
constexpr int32_t kAccessTypeAsked = 1;
constexpr int32_t kReadWrite = 8;
absl::StatusOr<std::vector<thrift::ExtendedTableInfo>> GetTablesExt(Connection& connection,
                                                                    const thrift::GetTablesExtRequest& request) {
  ASSIGN_OR_RETURN(const Texts names, ListIn(connection, request.catalog, request.database, request.tableNamePattern));
  std::vector<thrift::ExtendedTableInfo> infos;
  const bool limited = request.__isset.limit && request.limit >= 0;
  for (const std::string& name : names) {
    if (limited && infos.size() >= static_cast<std::size_t>(request.limit)) break;
    thrift::ExtendedTableInfo& info = infos.emplace_back();
    info.__set_tblName(name);
    if ((request.requestedFields & kAccessTypeAsked) != 0) info.__set_accessType(kReadWrite);
  }
  return infos;
}
absl::StatusOr<std::vector<thrift::TableMeta>> GetTableMeta(Connection& connection, const Pattern& databases,
                                                            const Pattern& tables, const Texts& types) {
  DatabaseArgument argument;
  if (databases.has_value()) {
    ASSIGN_OR_RETURN(argument, ParseDatabase(*databases));
  }
  ASSIGN_OR_RETURN(const Session session, connection.SessionIn(argument.catalog));
  const Session snapshot = session.Snapshot();
  std::vector<thrift::TableMeta> metas;
  if ((tables.has_value() && tables->empty()) || (argument.database.has_value() && argument.database->empty()))
    return metas;
  ASSIGN_OR_RETURN(const Page<std::string> found, snapshot.ListDatabases({.pattern = argument.database.value_or("*")}));
  for (const std::string& database : found.items) {
    ASSIGN_OR_RETURN(const Page<model::v1::TableSummary> page,
                     snapshot.ListTableSummaries(database, {.pattern = tables.value_or("*")}));
    for (const model::v1::TableSummary& table : page.items) {
      thrift::TableMeta meta = ToMeta(snapshot.catalog(), table);
      if (types.empty() || std::ranges::find(types, meta.tableType) != types.end()) metas.push_back(std::move(meta));
    }
  }
  return metas;
}

// ---- Changing ----
absl::Status Alter(const Connection& connection, std::string_view catalog, const std::string& database,
                   const std::string& name, const thrift::Table& table, const HiveContext& context) {
  ASSIGN_OR_RETURN(TablePlace place, PlaceOfTable(connection, catalog, database, name));
  ASSIGN_OR_RETURN(model::v1::Table record, ToModel(table));
  ASSIGN_OR_RETURN(*record.mutable_catalog(), connection.CatalogOf(record.catalog()));
  return place.hive.AlterTable(place.name, record, context);
}
absl::Status AlterTable(Connection& connection, const std::string& database, const std::string& name,
                        const thrift::Table& table) {
  return Alter(connection, {}, database, name, table, {});
}
absl::Status AlterTableWithContext(Connection& connection, const std::string& database, const std::string& name,
                                   const thrift::Table& table, const thrift::EnvironmentContext& context) {
  return Alter(connection, {}, database, name, table, HiveContext::FromProperties(context.properties));
}
absl::Status AlterTableWithCascade(Connection& connection, const std::string& database, const std::string& name,
                                   const thrift::Table& table, bool cascade) {
  return Alter(connection, {}, database, name, table, {.cascade = cascade});
}
absl::StatusOr<thrift::AlterTableResponse> AlterTableReq(Connection& connection,
                                                         const thrift::AlterTableRequest& request) {
  HiveContext context = HiveContext::FromProperties(request.environmentContext.properties);
  if (request.__isset.expectedParameterKey) {
    context.expected = ExpectedParameter{.key = request.expectedParameterKey, .value = std::nullopt};
    if (request.__isset.expectedParameterValue) context.expected->value = request.expectedParameterValue;
  }
  RETURN_IF_ERROR(Alter(connection, request.catName, request.dbName, request.tableName, request.table, context));
  return thrift::AlterTableResponse();
}

absl::Status Truncate(const Connection& connection, const std::string& database, const std::string& name,
                      const Texts& partitions, const HiveContext& context) {
  ASSIGN_OR_RETURN(TablePlace place, PlaceOfTable(connection, {}, database, name));
  return place.hive.TruncateTable(place.name, partitions, context);
}
absl::Status TruncateTable(Connection& connection, const std::string& database, const std::string& name,
                           const Texts& partitions) {
  return Truncate(connection, database, name, partitions, {});
}
absl::StatusOr<thrift::TruncateTableResponse> TruncateTableReq(Connection& connection,
                                                               const thrift::TruncateTableRequest& request) {
  RETURN_IF_ERROR(Truncate(connection, request.dbName, request.tableName, request.partNames,
                           HiveContext::FromProperties(request.environmentContext.properties)));
  return thrift::TruncateTableResponse();
}

// ---- Dropping ----
absl::Status Drop(const Connection& connection, std::string_view catalog, const std::string& database,
                  const std::string& name, bool delete_data, const thrift::EnvironmentContext& context) {
  ASSIGN_OR_RETURN(TablePlace place, PlaceOfTable(connection, catalog, database, name));
  return place.hive.DropTable(
      place.name, {.delete_data = delete_data, .purge = HiveContext::FromProperties(context.properties).purge});
}
absl::Status DropTable(Connection& connection, const std::string& database, const std::string& name, bool delete_data) {
  return Drop(connection, {}, database, name, delete_data, {});
}
absl::Status DropTableWithContext(Connection& connection, const std::string& database, const std::string& name,
                                  bool delete_data, const thrift::EnvironmentContext& context) {
  return Drop(connection, {}, database, name, delete_data, context);
}
absl::Status DropTableReq(Connection& connection, const thrift::DropTableRequest& request) {
  return Drop(connection, request.catalogName, request.dbName, request.tableName, request.deleteData,
              request.envContext);
}

constexpr ErrorRule kCreating[] = {{ErrorKind::kNoSuchObject, ObjectKind::kDatabase, Thrown::kInvalidObject}};
constexpr ErrorRule kAltering[] = {{ErrorKind::kNoSuchObject, std::nullopt, Thrown::kInvalidOperation},
                                   {ErrorKind::kAlreadyExists, std::nullopt, Thrown::kInvalidOperation},
                                   {ErrorKind::kInvalidObject, std::nullopt, Thrown::kInvalidOperation},
                                   {ErrorKind::kModified, std::nullopt, Thrown::kMeta}};
constexpr Throws kMeta = {Thrown::kMeta};
constexpr Throws kMetaMissing = {Thrown::kMeta, Thrown::kNoSuchObject};
constexpr Throws kCreate = {Thrown::kAlreadyExists, Thrown::kInvalidObject, Thrown::kMeta, Thrown::kNoSuchObject};
constexpr Throws kAlter = {Thrown::kInvalidOperation, Thrown::kMeta};
constexpr Throws kByName = {Thrown::kMeta, Thrown::kInvalidOperation, Thrown::kUnknownDb};
constexpr Throws kDrop = {Thrown::kNoSuchObject, Thrown::kMeta};
constexpr Call kCalls[] = {
    MakeCall<&CreateTable>("create_table", kCreate, kCreating),
    MakeCall<&CreateTableWithContext>("create_table_with_environment_context", kCreate, kCreating),
    MakeCall<&CreateTableWithConstraints>("create_table_with_constraints", kCreate, kCreating),
    MakeCall<&CreateTableReq>("create_table_req", kCreate, kCreating),
    MakeCall<&TranslateTableDryrun>("translate_table_dryrun", kCreate),
    MakeCall<&GetTable>("get_table", kMetaMissing),
    MakeCall<&GetTableReq>("get_table_req", kMetaMissing),
    MakeCall<&GetTableObjectsByName>("get_table_objects_by_name", {}),
    MakeCall<&GetTableObjectsByNameReq>("get_table_objects_by_name_req", kByName),
    MakeCall<&GetTables>("get_tables", kMeta),
    MakeCall<&GetTablesByType>("get_tables_by_type", kMeta),
    MakeCall<&GetTableNamesByFilter>("get_table_names_by_filter", kByName),
    MakeCall<&GetAllTables>("get_all_tables", kMeta),
    MakeCall<&GetMaterializedViewsForRewriting>("get_materialized_views_for_rewriting", kMeta),
    MakeCall<&GetTablesExt>("get_tables_ext", kMeta),
    MakeCall<&GetTableMeta>("get_table_meta", kMeta),
    MakeCall<&AlterTable>("alter_table", kAlter, kAltering),
    MakeCall<&AlterTableWithContext>("alter_table_with_environment_context", kAlter, kAltering),
    MakeCall<&AlterTableWithCascade>("alter_table_with_cascade", kAlter, kAltering),
    MakeCall<&AlterTableReq>("alter_table_req", kAlter, kAltering),
    MakeCall<&TruncateTable>("truncate_table", kMeta),
    MakeCall<&TruncateTableReq>("truncate_table_req", kMeta),
    MakeCall<&DropTable>("drop_table", kDrop),
    MakeCall<&DropTableWithContext>("drop_table_with_environment_context", kDrop),
    MakeCall<&DropTableReq>("drop_table_req", kDrop),
};

}  // namespace

std::span<const Call> TableCalls() { return kCalls; }

}  // namespace lodestone::hive
