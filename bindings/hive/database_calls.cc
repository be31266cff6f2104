// Catalogs and databases.
#include "bindings/hive/calls.h"
#include "bindings/hive/connection.h"
#include "bindings/hive/convert/database.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "bindings/hive/place.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

using base::StrCat;

// ---- Catalogs ----
absl::StatusOr<HiveSession> Anywhere(Connection& connection) { return connection.HiveSessionIn({}); }

absl::Status CreateCatalog(Connection& connection, const thrift::CreateCatalogRequest& request) {
  ASSIGN_OR_RETURN(const model::v1::Catalog catalog, ToModel(request.catalog));
  ASSIGN_OR_RETURN(HiveSession session, Anywhere(connection));
  return session.CreateCatalog(catalog);
}

absl::Status AlterCatalog(Connection& connection, const thrift::AlterCatalogRequest& request) {
  ASSIGN_OR_RETURN(const std::string name, connection.CatalogOf(request.name));
  ASSIGN_OR_RETURN(const model::v1::Catalog catalog, ToModel(request.newCat));
  if (!base::EqualsIgnoreCase(catalog.name(), request.name)) {
    return Throw(Thrown::kInvalidOperation, StrCat("catalog ", request.name, " can't be renamed, to ", catalog.name()));
  }
  ASSIGN_OR_RETURN(HiveSession session, Anywhere(connection));
  return session.session().AlterCatalog(name, catalog);
}

absl::StatusOr<thrift::GetCatalogResponse> GetCatalog(Connection& connection,
                                                      const thrift::GetCatalogRequest& request) {
  ASSIGN_OR_RETURN(const std::string name, connection.CatalogOf(request.name));
  ASSIGN_OR_RETURN(const HiveSession session, Anywhere(connection));
  const absl::StatusOr<model::v1::Catalog> catalog = session.session().GetCatalog(name);
  if (IsUnseen(catalog.status())) return Throw(Thrown::kNoSuchObject, StrCat("No catalog ", name));
  RETURN_IF_ERROR(catalog.status());
  thrift::GetCatalogResponse response;
  response.__set_catalog(ToThrift(*catalog));
  return response;
}

absl::StatusOr<thrift::GetCatalogsResponse> GetCatalogs(Connection& connection) {
  ASSIGN_OR_RETURN(const HiveSession session, Anywhere(connection));
  ASSIGN_OR_RETURN(Page<std::string> names, session.session().ListCatalogs());
  thrift::GetCatalogsResponse response;
  response.__set_names(std::move(names.items));
  return response;
}

absl::Status DropCatalog(Connection& connection, const thrift::DropCatalogRequest& request) {
  ASSIGN_OR_RETURN(const std::string name, connection.CatalogOf(request.name));
  ASSIGN_OR_RETURN(HiveSession session, Anywhere(connection));
  return session.DropCatalog(name);
}

// ---- Databases ----
absl::Status Create(Connection& connection, absl::StatusOr<model::v1::Database> database) {
  RETURN_IF_ERROR(database.status());
  ASSIGN_OR_RETURN(HiveSession session, connection.HiveSessionIn(database->catalog()));
  database->set_catalog(std::string(session.session().catalog()));
  return session.CreateDatabase(*database);
}

absl::Status CreateDatabase(Connection& connection, const thrift::Database& database) {
  return Create(connection, ToModel(database));
}

absl::Status CreateDatabaseReq(Connection& connection, const thrift::CreateDatabaseRequest& request) {
  return Create(connection, ToModel(request));
}

absl::StatusOr<thrift::Database> Get(absl::StatusOr<Place> place) {
  RETURN_IF_ERROR(place.status());
  const absl::StatusOr<model::v1::Database> database = place->session.session().GetDatabase(place->name());
  if (IsUnseen(database.status())) return Throw(Thrown::kNoSuchObject, StrCat("database ", place->ToString()));
  RETURN_IF_ERROR(database.status());
  return ToThrift(*database);
}

absl::StatusOr<thrift::Database> GetDatabase(Connection& connection, const std::string& name) {
  return Get(PlaceOf(connection, name));
}

absl::StatusOr<thrift::Database> GetDatabaseReq(Connection& connection, const thrift::GetDatabaseRequest& request) {
  return Get(PlaceOf(connection, request.catalogName, request.name));
}

// Nothing where the catalog is not there.
absl::StatusOr<std::vector<std::string>> List(absl::StatusOr<Place> place) {
  RETURN_IF_ERROR(place.status());
  ListNamesOptions options;
  if (place->database.database.has_value()) {
    // Here an empty pattern is one that fits nothing.
    if (place->name().empty()) return std::vector<std::string>();
    options.pattern = place->name();
  }
  absl::StatusOr<Page<std::string>> names = place->session.session().ListDatabases(options);
  if (absl::IsNotFound(names.status())) return std::vector<std::string>();
  RETURN_IF_ERROR(names.status());
  return std::move(names->items);
}

absl::StatusOr<std::vector<std::string>> GetDatabases(Connection& connection,
                                                      const std::optional<std::string>& pattern) {
  return List(pattern.has_value() ? PlaceOf(connection, *pattern)
                                  : PlaceOf(connection, ComposeDatabase(kDefaultCatalog, std::nullopt)));
}

absl::StatusOr<std::vector<std::string>> GetAllDatabases(Connection& connection) {
  return GetDatabases(connection, std::nullopt);
}

absl::Status Alter(Connection& connection, const std::string& name, const thrift::Database& database) {
  ASSIGN_OR_RETURN(Place place, PlaceOf(connection, name));
  ASSIGN_OR_RETURN(model::v1::Database changed, ToModel(database));
  changed.set_catalog(place.catalog());
  return place.session.AlterDatabase(place.name(), changed);
}

absl::Status AlterDatabase(Connection& connection, const std::string& name, const thrift::Database& database) {
  return Alter(connection, name, database);
}

absl::Status AlterDatabaseReq(Connection& connection, const thrift::AlterDatabaseRequest& request) {
  return Alter(connection, request.oldDbName, request.newDb);
}

absl::Status Drop(absl::StatusOr<Place> place, const HiveDropOptions& options) {
  RETURN_IF_ERROR(place.status());
  return place->session.DropDatabase(place->name(), options);
}

absl::Status DropDatabase(Connection& connection, const std::string& name, bool delete_data, bool cascade) {
  return Drop(PlaceOf(connection, name),
              {.delete_data = delete_data, .mode = cascade ? DropMode::kCascade : DropMode::kRestrict});
}

absl::Status DropDatabaseReq(Connection& connection, const thrift::DropDatabaseRequest& request) {
  return Drop(PlaceOf(connection, request.catalogName, request.name),
              {.delete_data = request.deleteData,
               .if_missing = request.ignoreUnknownDb ? IfMissing::kSkip : IfMissing::kFail,
               .mode = request.cascade ? DropMode::kCascade : DropMode::kRestrict});
}

constexpr Throws kAlreadyInvalidMeta = {Thrown::kAlreadyExists, Thrown::kInvalidObject, Thrown::kMeta};
constexpr Throws kMissingInvalidMeta = {Thrown::kNoSuchObject, Thrown::kInvalidOperation, Thrown::kMeta};
constexpr Throws kMissingMeta = {Thrown::kNoSuchObject, Thrown::kMeta};
constexpr Throws kMetaMissing = {Thrown::kMeta, Thrown::kNoSuchObject};
constexpr Throws kMeta = {Thrown::kMeta};

// A database is made in a catalog that is not there.
constexpr ErrorRule kCreateRules[] = {{ErrorKind::kNoSuchObject, ObjectKind::kCatalog, Thrown::kInvalidObject}};
// What every catalog has can't be dropped; what holds something is told apart from that.
constexpr ErrorRule kDropRules[] = {{ErrorKind::kInvalidOperation, std::nullopt, Thrown::kMeta}};

constexpr Call kCatalogCalls[] = {
    MakeCall<&CreateCatalog>("create_catalog", kAlreadyInvalidMeta),
    MakeCall<&AlterCatalog>("alter_catalog", kMissingInvalidMeta),
    MakeCall<&GetCatalog>("get_catalog", kMissingMeta),
    MakeCall<&GetCatalogs>("get_catalogs", kMeta),
    MakeCall<&DropCatalog>("drop_catalog", kMissingInvalidMeta, kDropRules),
};

constexpr Call kDatabaseCalls[] = {
    MakeCall<&CreateDatabase>("create_database", kAlreadyInvalidMeta, kCreateRules),
    MakeCall<&CreateDatabaseReq>("create_database_req", kAlreadyInvalidMeta, kCreateRules),
    MakeCall<&GetDatabase>("get_database", kMissingMeta),
    MakeCall<&GetDatabaseReq>("get_database_req", kMissingMeta),
    MakeCall<&GetDatabases>("get_databases", kMeta),
    MakeCall<&GetAllDatabases>("get_all_databases", kMeta),
    MakeCall<&AlterDatabase>("alter_database", kMetaMissing),
    MakeCall<&AlterDatabaseReq>("alter_database_req", kMetaMissing),
    MakeCall<&DropDatabase>("drop_database", kMissingInvalidMeta, kDropRules),
    MakeCall<&DropDatabaseReq>("drop_database_req", kMissingInvalidMeta, kDropRules),
};

}  // namespace

std::span<const Call> CatalogCalls() { return kCatalogCalls; }
std::span<const Call> DatabaseCalls() { return kDatabaseCalls; }

}  // namespace lodestone::hive
