// Constraints of tables. Where there are none, or the table is not there, the answer is an empty list, as in Hive:
// engines ask for keys after each table that they read.
#include <utility>

#include "bindings/hive/calls.h"
#include "bindings/hive/connection.h"
#include "bindings/hive/convert/constraints.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "bindings/hive/place.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

using Rows = thrift::SQLAllTableConstraints;

// ---- Adding and dropping ----
absl::Status Add(const Connection& connection, const Rows& rows) {
  ASSIGN_OR_RETURN(const TableConstraints added, ToModel(rows));
  if (added.constraints.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(Session session, connection.SessionIn(added.catalog));
  return session.AddConstraints(added.table, added.constraints);
}
absl::Status AddPrimaryKey(Connection& connection, const thrift::AddPrimaryKeyRequest& request) {
  Rows rows;
  rows.__set_primaryKeys(request.primaryKeyCols);
  return Add(connection, rows);
}
absl::Status AddForeignKey(Connection& connection, const thrift::AddForeignKeyRequest& request) {
  Rows rows;
  rows.__set_foreignKeys(request.foreignKeyCols);
  return Add(connection, rows);
}
absl::Status AddUnique(Connection& connection, const thrift::AddUniqueConstraintRequest& request) {
  Rows rows;
  rows.__set_uniqueConstraints(request.uniqueConstraintCols);
  return Add(connection, rows);
}
absl::Status AddNotNull(Connection& connection, const thrift::AddNotNullConstraintRequest& request) {
  Rows rows;
  rows.__set_notNullConstraints(request.notNullConstraintCols);
  return Add(connection, rows);
}
absl::Status AddDefault(Connection& connection, const thrift::AddDefaultConstraintRequest& request) {
  Rows rows;
  rows.__set_defaultConstraints(request.defaultConstraintCols);
  return Add(connection, rows);
}
absl::Status AddCheck(Connection& connection, const thrift::AddCheckConstraintRequest& request) {
  Rows rows;
  rows.__set_checkConstraints(request.checkConstraintCols);
  return Add(connection, rows);
}

absl::Status Drop(Connection& connection, const thrift::DropConstraintRequest& request) {
  ASSIGN_OR_RETURN(TablePlace place, PlaceOfTable(connection, request.catName, request.dbname, request.tablename));
  return place.session().DropConstraint(place.name, request.constraintname);
}

// ---- Listing ----
absl::StatusOr<Rows> Of(const Session& session, const TableName& table) {
  const TableName name{.database = base::AsciiLower(table.database), .table = base::AsciiLower(table.table)};
  const absl::StatusOr<std::vector<model::v1::Constraint>> found = session.ListConstraints(name);
  const std::string catalog(session.catalog());
  if (IsUnseen(found.status())) return ToThrift(catalog, name, {});
  RETURN_IF_ERROR(found.status());
  return ToThrift(catalog, name, *found);
}
absl::StatusOr<Rows> Of(const Connection& connection, const std::string& catalog, const std::string& database,
                        const std::string& table) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, catalog, database, table));
  return Of(place.session(), place.name);
}

absl::StatusOr<thrift::PrimaryKeysResponse> GetPrimaryKeys(Connection& connection,
                                                           const thrift::PrimaryKeysRequest& request) {
  thrift::PrimaryKeysResponse response;
  ASSIGN_OR_RETURN(Rows rows, Of(connection, request.catName, request.db_name, request.tbl_name));
  response.primaryKeys = std::move(rows.primaryKeys);
  return response;
}
absl::StatusOr<thrift::UniqueConstraintsResponse> GetUnique(Connection& connection,
                                                            const thrift::UniqueConstraintsRequest& request) {
  thrift::UniqueConstraintsResponse response;
  ASSIGN_OR_RETURN(Rows rows, Of(connection, request.catName, request.db_name, request.tbl_name));
  response.uniqueConstraints = std::move(rows.uniqueConstraints);
  return response;
}
absl::StatusOr<thrift::NotNullConstraintsResponse> GetNotNull(Connection& connection,
                                                              const thrift::NotNullConstraintsRequest& request) {
  thrift::NotNullConstraintsResponse response;
  ASSIGN_OR_RETURN(Rows rows, Of(connection, request.catName, request.db_name, request.tbl_name));
  response.notNullConstraints = std::move(rows.notNullConstraints);
  return response;
}
absl::StatusOr<thrift::DefaultConstraintsResponse> GetDefault(Connection& connection,
                                                              const thrift::DefaultConstraintsRequest& request) {
  thrift::DefaultConstraintsResponse response;
  ASSIGN_OR_RETURN(Rows rows, Of(connection, request.catName, request.db_name, request.tbl_name));
  response.defaultConstraints = std::move(rows.defaultConstraints);
  return response;
}
absl::StatusOr<thrift::CheckConstraintsResponse> GetCheck(Connection& connection,
                                                          const thrift::CheckConstraintsRequest& request) {
  thrift::CheckConstraintsResponse response;
  ASSIGN_OR_RETURN(Rows rows, Of(connection, request.catName, request.db_name, request.tbl_name));
  response.checkConstraints = std::move(rows.checkConstraints);
  return response;
}
absl::StatusOr<thrift::AllTableConstraintsResponse> GetAll(Connection& connection,
                                                           const thrift::AllTableConstraintsRequest& request) {
  thrift::AllTableConstraintsResponse response;
  ASSIGN_OR_RETURN(response.allTableConstraints, Of(connection, request.catName, request.dbName, request.tblName));
  return response;
}

// The tables that a request for foreign keys may mean as children: one, those of a database, or all.
absl::StatusOr<std::vector<TableName>> Children(const Session& session, const std::string& database,
                                                const std::string& table) {
  if (!database.empty() && !table.empty()) return std::vector<TableName>{{.database = database, .table = table}};
  std::vector<std::string> databases = {database};
  if (database.empty()) {
    ASSIGN_OR_RETURN(Page<std::string> page, session.ListDatabases());
    databases = std::move(page.items);
  }
  std::vector<TableName> children;
  for (const std::string& one : databases) {
    absl::StatusOr<Page<std::string>> page = session.ListTables(one);
    if (IsUnseen(page.status())) continue;
    RETURN_IF_ERROR(page.status());
    for (std::string& name : page->items) {
      if (!table.empty() && !base::EqualsIgnoreCase(name, table)) continue;
      children.push_back({.database = one, .table = std::move(name)});
    }
  }
  return children;
}

// By child it costs one read. By parent alone every table is asked, at one point in time: the catalog lists keys by
// the table that has them.
absl::StatusOr<thrift::ForeignKeysResponse> GetForeignKeys(Connection& connection,
                                                           const thrift::ForeignKeysRequest& request) {
  ASSIGN_OR_RETURN(const DatabaseArgument parent, ParseDatabase(request.catName, request.parent_db_name));
  ASSIGN_OR_RETURN(const DatabaseArgument child, ParseDatabase(request.catName, request.foreign_db_name));
  thrift::ForeignKeysResponse response;
  // A prefix of either name says the catalog; no key leads from one to another.
  const bool both = !parent.name().empty() && !child.name().empty();
  if (both && !base::EqualsIgnoreCase(parent.catalog, child.catalog)) return response;
  ASSIGN_OR_RETURN(const Session session, connection.SessionIn(child.name().empty() ? parent.catalog : child.catalog));
  const Session snapshot = session.Snapshot();
  ASSIGN_OR_RETURN(const std::vector<TableName> children, Children(snapshot, child.name(), request.foreign_tbl_name));
  const auto fits = [](const std::string& wanted, const std::string& name) {
    return wanted.empty() || base::EqualsIgnoreCase(wanted, name);
  };
  for (const TableName& table : children) {
    ASSIGN_OR_RETURN(Rows rows, Of(snapshot, table));
    for (thrift::SQLForeignKey& key : rows.foreignKeys) {
      if (!fits(parent.name(), key.pktable_db) || !fits(request.parent_tbl_name, key.pktable_name)) continue;
      response.foreignKeys.push_back(std::move(key));
    }
  }
  return response;
}

constexpr Throws kMissingMeta = {Thrown::kNoSuchObject, Thrown::kMeta};
constexpr Throws kMetaMissing = {Thrown::kMeta, Thrown::kNoSuchObject};
constexpr Call kCalls[] = {
    MakeCall<&AddPrimaryKey>("add_primary_key", kMissingMeta),
    MakeCall<&AddForeignKey>("add_foreign_key", kMissingMeta),
    MakeCall<&AddUnique>("add_unique_constraint", kMissingMeta),
    MakeCall<&AddNotNull>("add_not_null_constraint", kMissingMeta),
    MakeCall<&AddDefault>("add_default_constraint", kMissingMeta),
    MakeCall<&AddCheck>("add_check_constraint", kMissingMeta),
    MakeCall<&Drop>("drop_constraint", kMissingMeta),
    MakeCall<&GetPrimaryKeys>("get_primary_keys", kMetaMissing),
    MakeCall<&GetForeignKeys>("get_foreign_keys", kMetaMissing),
    MakeCall<&GetUnique>("get_unique_constraints", kMetaMissing),
    MakeCall<&GetNotNull>("get_not_null_constraints", kMetaMissing),
    MakeCall<&GetDefault>("get_default_constraints", kMetaMissing),
    MakeCall<&GetCheck>("get_check_constraints", kMetaMissing),
    MakeCall<&GetAll>("get_all_table_constraints", kMetaMissing),
};

}  // namespace

std::span<const Call> ConstraintCalls() { return kCalls; }

}  // namespace lodestone::hive
