#include "bindings/hive/convert/database.h"

#include <string_view>

#include "bindings/hive/convert/fields.h"
#include "bindings/hive/convert/names.h"
#include "catalog/base/status_macros.h"

namespace lodestone::hive {

namespace {

absl::Status SetName(std::string_view catalog, std::string_view name, model::v1::Database* database) {
  ASSIGN_OR_RETURN(const DatabaseArgument argument, ParseDatabase(catalog, name));
  database->set_catalog(argument.catalog);
  database->set_name(argument.name());
  return absl::OkStatus();
}

absl::Status RemoteError(std::string_view name) {
  return absl::InvalidArgumentError(
      base::StrCat("database ", base::Quoted(name), ": expected the type NATIVE, found REMOTE"));
}

}  // namespace

absl::StatusOr<model::v1::Catalog> ToModel(const thrift::Catalog& catalog) {
  if (!catalog.__isset.name) return NullError("the name of the catalog");
  model::v1::Catalog out;
  out.set_name(catalog.name);
  out.set_description(catalog.description);
  out.set_location_uri(catalog.locationUri);
  out.set_create_time(catalog.createTime);
  return out;
}

thrift::Catalog ToThrift(const model::v1::Catalog& catalog) {
  thrift::Catalog out;
  out.__set_name(catalog.name());
  if (!catalog.description().empty()) out.__set_description(catalog.description());
  out.__set_locationUri(catalog.location_uri());
  out.__set_createTime(ToI32(catalog.create_time()));
  return out;
}

absl::StatusOr<model::v1::Database> ToModel(const thrift::Database& database) {
  if (!database.__isset.name) return NullError("the name of the database");
  if (NumberOf(database.type) == thrift::DatabaseType::REMOTE) return RemoteError(database.name);
  model::v1::Database out;
  RETURN_IF_ERROR(SetName(database.catalogName, database.name, &out));
  out.set_description(database.description);
  out.set_location_uri(database.locationUri);
  ToModel(database.parameters, out.mutable_parameters());
  out.set_owner_name(database.ownerName);
  if (database.__isset.ownerType) out.set_owner_type(ToModel(database.ownerType));
  out.set_create_time(database.createTime);
  out.set_managed_location_uri(database.managedLocationUri);
  return out;
}

absl::StatusOr<model::v1::Database> ToModel(const thrift::CreateDatabaseRequest& request) {
  if (NumberOf(request.type) == thrift::DatabaseType::REMOTE) return RemoteError(request.databaseName);
  model::v1::Database out;
  RETURN_IF_ERROR(SetName(request.catalogName, request.databaseName, &out));
  out.set_description(request.description);
  out.set_location_uri(request.locationUri);
  ToModel(request.parameters, out.mutable_parameters());
  out.set_owner_name(request.ownerName);
  if (request.__isset.ownerType) out.set_owner_type(ToModel(request.ownerType));
  out.set_create_time(request.createTime);
  out.set_managed_location_uri(request.managedLocationUri);
  return out;
}

thrift::Database ToThrift(const model::v1::Database& database) {
  thrift::Database out;
  out.__set_name(database.name());
  if (!database.description().empty()) out.__set_description(database.description());
  if (!database.location_uri().empty()) out.__set_locationUri(database.location_uri());
  out.__set_parameters(ToThrift(database.parameters()));
  if (!database.owner_name().empty()) {
    out.__set_ownerName(database.owner_name());
    out.__set_ownerType(ToThrift(database.owner_type()));
  }
  out.__set_catalogName(database.catalog());
  out.__set_createTime(ToI32(database.create_time()));
  if (!database.managed_location_uri().empty()) out.__set_managedLocationUri(database.managed_location_uri());
  out.__set_type(thrift::DatabaseType::NATIVE);
  return out;
}

}  // namespace lodestone::hive
