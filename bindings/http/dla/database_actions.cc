#include "bindings/http/dla/actions.h"
#include "bindings/http/dla/descriptors.h"
#include "bindings/http/dla/errors.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::http::dla {

using model::v1::Database;

absl::Status CreateDatabase(const Call& call) {
  Database database;
  ASSIGN_OR_RETURN(const std::string_view name, Need(call.parameters, "Name"));
  ASSIGN_OR_RETURN(const std::string_view description, NeedPresent(call.parameters, "Description"));
  ASSIGN_OR_RETURN(const std::string_view location, NeedPresent(call.parameters, "LocationUri"));
  database.set_name(std::string(name));
  database.set_description(std::string(description));
  database.set_location_uri(std::string(location));
  RETURN_IF_ERROR(ReadMap(call.parameters, "Parameters", database.mutable_parameters()));
  int64_t id = 0;
  const auto body = [&](Session& inside) -> absl::Status {
    RETURN_IF_ERROR(inside.CreateDatabase(database));
    ASSIGN_OR_RETURN(const Database made, inside.GetDatabase(name));
    id = made.id();
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(call.session.Transact(body).status());
  call.out.Number("Data", id);
  return absl::OkStatus();
}

absl::Status GetDatabase(const Call& call) {
  ASSIGN_OR_RETURN(const std::string_view name, Need(call.parameters, "Name"));
  ASSIGN_OR_RETURN(const Database database, call.session.GetDatabase(name));
  Writer& out = call.out;
  out.BeginObject("DatabaseModel");
  out.Text("Name", database.name());
  out.Text("Description", database.description());
  out.Text("LocationUri", database.location_uri());
  out.Text("OwnerName", database.owner_name());
  out.Text("TenantId", database.catalog());
  out.Map("Parameters", database.parameters());
  out.EndObject();
  return absl::OkStatus();
}

absl::Status GetAllDatabases(const Call& call) {
  ASSIGN_OR_RETURN(const auto names, call.session.ListDatabases());
  call.out.BeginList("Data");
  for (const std::string& name : names.items) call.out.TextItem(name);
  call.out.EndList();
  return absl::OkStatus();
}

absl::Status AlterDatabase(const Call& call) {
  ASSIGN_OR_RETURN(const std::string_view old_name, Need(call.parameters, "OldDbName"));
  ASSIGN_OR_RETURN(const std::string_view new_name, Need(call.parameters, "Name"));
  ASSIGN_OR_RETURN(const std::string_view description, NeedPresent(call.parameters, "Description"));
  ASSIGN_OR_RETURN(const std::string_view location, NeedPresent(call.parameters, "LocationUri"));
  TextMap map;
  bool has_map = false;
  RETURN_IF_ERROR(ReadMap(call.parameters, "Parameters", &map, &has_map));
  const auto change = [&](Database& database) {
    database.set_description(std::string(description));
    database.set_location_uri(std::string(location));
    if (has_map) *database.mutable_parameters() = map;
    return absl::OkStatus();
  };
  const auto body = [&](Session& inside) -> absl::Status {
    RETURN_IF_ERROR(inside.ModifyDatabase(old_name, change));
    if (base::EqualsIgnoreCase(old_name, new_name)) return absl::OkStatus();
    return inside.RenameDatabase(old_name, new_name);
  };
  RETURN_IF_ERROR(call.session.Transact(body).status());
  call.out.Null("Data");
  return absl::OkStatus();
}

absl::Status DropDatabase(const Call& call) {
  ASSIGN_OR_RETURN(const std::string_view name, Need(call.parameters, "Name"));
  ASSIGN_OR_RETURN(const std::string_view text, Need(call.parameters, "Cascade"));
  ASSIGN_OR_RETURN(const bool cascade, ParseBoolean("Cascade", text));
  RETURN_IF_ERROR(call.session.DropDatabase(name, {.mode = cascade ? DropMode::kCascade : DropMode::kRestrict}));
  call.out.Null("Data");
  return absl::OkStatus();
}

}  // namespace lodestone::http::dla
