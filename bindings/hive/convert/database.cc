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

namespace {

// A database, and the request for one, which differ in what they call the name.
template <typename Said>
absl::StatusOr<model::v1::Database> Named(const std::string& name, const Said& said) {
  if (NumberOf(said.type) == thrift::DatabaseType::REMOTE) return RemoteError(name);
  model::v1::Database out;
  RETURN_IF_ERROR(SetName(said.catalogName, name, &out));
  out.set_description(said.description);
  out.set_location_uri(said.locationUri);
  ToModel(said.parameters, out.mutable_parameters());
  out.set_owner_name(said.ownerName);
  if (said.__isset.ownerType) out.set_owner_type(ToModel(said.ownerType));
  out.set_create_time(said.createTime);
  out.set_managed_location_uri(said.managedLocationUri);
  return out;
}

}  // namespace

absl::StatusOr<model::v1::Database> ToModel(const thrift::Database& database) {
  if (!database.__isset.name) return NullError("the name of the database");
  return Named(database.name, database);
}

absl::StatusOr<model::v1::Database> ToModel(const thrift::CreateDatabaseRequest& request) {
  return Named(request.databaseName, request);
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
