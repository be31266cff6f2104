// User-defined functions.
#include "bindings/hive/calls.h"
#include "bindings/hive/connection.h"
#include "bindings/hive/convert/function.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "bindings/hive/place.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

using base::StrCat;

FunctionName NameIn(const Place& place, const std::string& function) { return {place.name(), function}; }

absl::Status CreateFunction(Connection& connection, const thrift::Function& function) {
  ASSIGN_OR_RETURN(model::v1::Function made, ToModel(function));
  ASSIGN_OR_RETURN(Session session, connection.SessionIn(made.catalog()));
  made.set_catalog(std::string(session.catalog()));
  return session.CreateFunction(made);
}

// Another name in the message renames it.
absl::Status AlterFunction(Connection& connection, const std::string& database, const std::string& name,
                           const thrift::Function& function) {
  ASSIGN_OR_RETURN(Place place, PlaceOf(connection, database));
  ASSIGN_OR_RETURN(model::v1::Function changed, ToModel(function));
  const FunctionName before = NameIn(place, name);
  const FunctionName after = {changed.database(), changed.name()};
  changed.set_catalog(place.catalog());
  changed.set_database(before.database);
  changed.set_name(before.function);
  return place.session.session()
      .Transact([&](Session& session) -> absl::Status {
        RETURN_IF_ERROR(session.AlterFunction(before, changed));
        const bool same = base::EqualsIgnoreCase(before.ToString(), after.ToString());
        return same ? absl::OkStatus() : session.RenameFunction(before, after);
      })
      .status();
}

absl::Status DropFunction(Connection& connection, const std::string& database, const std::string& name) {
  ASSIGN_OR_RETURN(Place place, PlaceOf(connection, database));
  const absl::Status dropped = place.session.session().DropFunction(NameIn(place, name));
  // Here without the database.
  const std::optional<DomainError> error = DomainErrorOf(dropped);
  const bool missing = error && error->kind == ErrorKind::kNoSuchObject && error->object_kind == ObjectKind::kFunction;
  return missing ? Throw(Thrown::kNoSuchObject, StrCat("Function ", name, " does not exist")) : dropped;
}

absl::StatusOr<thrift::Function> GetFunction(Connection& connection, const std::string& database,
                                             const std::string& name) {
  ASSIGN_OR_RETURN(const Place place, PlaceOf(connection, database));
  const absl::StatusOr<model::v1::Function> function = place.session.session().GetFunction(NameIn(place, name));
  // In the caller's words: clients look for the names that they sent.
  if (IsUnseen(function.status())) {
    return Throw(Thrown::kNoSuchObject, StrCat("Function ", database, ".", name, " does not exist"));
  }
  RETURN_IF_ERROR(function.status());
  return ToThrift(*function);
}

// Nothing where the database is not there.
absl::StatusOr<std::vector<std::string>> GetFunctions(Connection& connection, const std::string& database,
                                                      const std::optional<std::string>& pattern) {
  ASSIGN_OR_RETURN(const Place place, PlaceOf(connection, database));
  if (pattern.has_value() && pattern->empty()) return std::vector<std::string>();
  absl::StatusOr<Page<std::string>> names =
      place.session.session().ListFunctions(place.name(), {.pattern = pattern.value_or("")});
  if (absl::IsNotFound(names.status())) return std::vector<std::string>();
  RETURN_IF_ERROR(names.status());
  return std::move(names->items);
}

absl::StatusOr<thrift::GetAllFunctionsResponse> GetAllFunctions(Connection& connection) {
  ASSIGN_OR_RETURN(const Session session, connection.SessionIn({}));
  const Session now = session.Snapshot();
  ASSIGN_OR_RETURN(const Page<std::string> databases, now.ListDatabases());
  std::vector<thrift::Function> all;
  for (const std::string& database : databases.items) {
    ASSIGN_OR_RETURN(const Page<std::string> names, now.ListFunctions(database));
    for (const std::string& name : names.items) {
      ASSIGN_OR_RETURN(const model::v1::Function function, now.GetFunction({database, name}));
      all.push_back(ToThrift(function));
    }
  }
  thrift::GetAllFunctionsResponse response;
  response.__set_functions(std::move(all));
  return response;
}

constexpr Call kCalls[] = {
    MakeCall<&CreateFunction>("create_function",
                              {Thrown::kAlreadyExists, Thrown::kInvalidObject, Thrown::kMeta, Thrown::kNoSuchObject}),
    MakeCall<&AlterFunction>("alter_function", {Thrown::kInvalidOperation, Thrown::kMeta}),
    MakeCall<&DropFunction>("drop_function", {Thrown::kNoSuchObject, Thrown::kMeta}),
    MakeCall<&GetFunction>("get_function", {Thrown::kMeta, Thrown::kNoSuchObject}),
    MakeCall<&GetFunctions>("get_functions", {Thrown::kMeta}),
    MakeCall<&GetAllFunctions>("get_all_functions", {Thrown::kMeta}),
};

}  // namespace

std::span<const Call> FunctionCalls() { return kCalls; }

}  // namespace lodestone::hive
