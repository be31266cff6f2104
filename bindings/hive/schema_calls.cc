// Columns of tables, and the record types of the oldest clients.
#include "bindings/hive/calls.h"
#include "bindings/hive/connection.h"
#include "bindings/hive/convert/table.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "bindings/hive/place.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

using base::StrCat;
using Fields = std::vector<thrift::FieldSchema>;

enum class Keys { kNo, kBehind };  // whether partition keys count as columns

absl::StatusOr<Fields> FieldsOf(absl::StatusOr<TablePlace> place, Keys keys) {
  RETURN_IF_ERROR(place.status());
  const absl::StatusOr<model::v1::Table> table = place->session().GetTable(place->name);
  // That the database or catalog is missing is told in the same way.
  if (IsUnseen(table.status())) {
    return Throw(Thrown::kUnknownTable, StrCat(place->ToString(), " table not found"));
  }
  RETURN_IF_ERROR(table.status());
  Fields fields = ToThrift(table->storage_descriptor().columns());
  if (keys == Keys::kBehind) {
    for (thrift::FieldSchema& key : ToThrift(table->partition_keys())) fields.push_back(std::move(key));
  }
  return fields;
}

absl::StatusOr<Fields> GetFields(Connection& connection, const std::string& database, const std::string& table) {
  return FieldsOf(PlaceOfTable(connection, {}, database, table), Keys::kNo);
}

absl::StatusOr<Fields> GetFieldsInContext(Connection& connection, const std::string& database, const std::string& table,
                                          const thrift::EnvironmentContext&) {
  return FieldsOf(PlaceOfTable(connection, {}, database, table), Keys::kNo);
}

absl::StatusOr<thrift::GetFieldsResponse> GetFieldsReq(Connection& connection,
                                                       const thrift::GetFieldsRequest& request) {
  thrift::GetFieldsResponse response;
  ASSIGN_OR_RETURN(response.fields,
                   FieldsOf(PlaceOfTable(connection, request.catName, request.dbName, request.tblName), Keys::kNo));
  return response;
}

absl::StatusOr<Fields> GetSchema(Connection& connection, const std::string& database, const std::string& table) {
  return FieldsOf(PlaceOfTable(connection, {}, database, table), Keys::kBehind);
}

absl::StatusOr<Fields> GetSchemaInContext(Connection& connection, const std::string& database, const std::string& table,
                                          const thrift::EnvironmentContext&) {
  return FieldsOf(PlaceOfTable(connection, {}, database, table), Keys::kBehind);
}

absl::StatusOr<thrift::GetSchemaResponse> GetSchemaReq(Connection& connection,
                                                       const thrift::GetSchemaRequest& request) {
  thrift::GetSchemaResponse response;
  ASSIGN_OR_RETURN(response.fields,
                   FieldsOf(PlaceOfTable(connection, request.catName, request.dbName, request.tblName), Keys::kBehind));
  return response;
}

// ---- Record types: there are none, and none can be made ----
absl::StatusOr<bool> CreateType(Connection&, const thrift::Type& type) {
  return Throw(Thrown::kMeta, StrCat("record types are not supported: ", base::Quoted(type.name, 80)));
}
absl::Status NoSuchType(const std::string& name) {
  return Throw(Thrown::kNoSuchObject, StrCat("Type \"", name, "\" not found."));
}
absl::StatusOr<thrift::Type> GetType(Connection&, const std::string& name) { return NoSuchType(name); }
absl::StatusOr<std::map<std::string, thrift::Type>> GetTypeAll(Connection&, const std::string&) {
  return std::map<std::string, thrift::Type>();
}
absl::StatusOr<bool> DropType(Connection&, const std::string& name) { return NoSuchType(name); }

constexpr Throws kColumns = {Thrown::kMeta, Thrown::kUnknownTable, Thrown::kUnknownDb};
constexpr Throws kTypes = {Thrown::kMeta, Thrown::kNoSuchObject};

constexpr Call kCalls[] = {
    MakeCall<&GetFields>("get_fields", kColumns),
    MakeCall<&GetFieldsInContext>("get_fields_with_environment_context", kColumns),
    MakeCall<&GetFieldsReq>("get_fields_req", kColumns),
    MakeCall<&GetSchema>("get_schema", kColumns),
    MakeCall<&GetSchemaInContext>("get_schema_with_environment_context", kColumns),
    MakeCall<&GetSchemaReq>("get_schema_req", kColumns),
    MakeCall<&CreateType>("create_type", {Thrown::kAlreadyExists, Thrown::kInvalidObject, Thrown::kMeta}),
    MakeCall<&GetType>("get_type", kTypes),
    MakeCall<&GetTypeAll>("get_type_all", {Thrown::kMeta}),
    MakeCall<&DropType>("drop_type", kTypes),
};

}  // namespace

std::span<const Call> SchemaCalls() { return kCalls; }

}  // namespace lodestone::hive
