#include "bindings/hive/place.h"

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"

namespace lodestone::hive {
namespace {

absl::StatusOr<Place> Lead(const Connection& connection, absl::StatusOr<DatabaseArgument> argument) {
  RETURN_IF_ERROR(argument.status());
  ASSIGN_OR_RETURN(HiveSession session, connection.HiveSessionIn(argument->catalog));
  return Place{std::move(session), *std::move(argument)};
}

}  // namespace

std::string Place::ToString() const { return base::StrCat(catalog(), ".", base::AsciiLower(name())); }

std::string TablePlace::ToString() const { return base::StrCat(session().catalog(), ".", name.ToString()); }

absl::StatusOr<Place> PlaceOf(const Connection& connection, std::string_view database) {
  return Lead(connection, ParseDatabase(database));
}

absl::StatusOr<Place> PlaceOf(const Connection& connection, std::string_view catalog, std::string_view database) {
  return Lead(connection, ParseDatabase(catalog, database));
}

absl::StatusOr<TablePlace> PlaceOfTable(const Connection& connection, std::string_view catalog,
                                        std::string_view database, std::string_view table) {
  ASSIGN_OR_RETURN(Place place, PlaceOf(connection, catalog, database));
  TableName name{.database = base::AsciiLower(place.name()), .table = base::AsciiLower(table)};
  return TablePlace{.hive = std::move(place.session), .name = std::move(name)};
}

bool IsUnseen(const absl::Status& status) {
  const std::optional<DomainError> error = DomainErrorOf(status);
  return error && (error->kind == ErrorKind::kNoSuchObject || error->kind == ErrorKind::kNoPrivilege);
}

}  // namespace lodestone::hive
