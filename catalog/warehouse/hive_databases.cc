// Catalogs and databases.
#include <memory>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/session/context.h"
#include "catalog/warehouse/hive_call.h"
#include "catalog/warehouse/table_data.h"

namespace lodestone {

namespace warehouse {

namespace {

using base::StrCat;

// The same session in another catalog.
Session InCatalog(const Session& session, std::string_view catalog) {
  auto copy = std::make_shared<Session::Impl>(*session.impl());
  copy->catalog = base::AsciiLower(catalog);
  return Session(std::move(copy));
}

absl::Status MakeDatabaseFolders(HiveCall& call, const model::v1::Database& database) {
  RETURN_IF_ERROR(call.MakeFolder(database.location_uri()).status());
  return call.MakeFolder(database.managed_location_uri()).status();
}

DropOptions Plain(const HiveDropOptions& drop) {
  return {.if_missing = drop.if_missing, .mode = drop.mode, .purge = drop.purge ? Purge::kYes : Purge::kNo};
}

// In the words that Hive's clients read.
absl::Status NotEmpty(Session& quiet, const absl::Status& found, std::string_view database) {
  const auto error = DomainErrorOf(found);
  if (!error || error->kind != ErrorKind::kNotEmpty) return found;
  ASSIGN_OR_RETURN(const Page<std::string> tables, quiet.ListTables(database, {.limit = 1}));
  const std::string name = base::AsciiLower(database);
  return MakeError(ErrorKind::kNotEmpty, ObjectKind::kDatabase, name,
                   StrCat("Database ", name, " is not empty. One or more ",
                          tables.items.empty() ? "functions" : "tables", " exist."));
}

absl::Status RemoveCatalogData(HiveCall& call, Session& quiet, const model::v1::Catalog& catalog,
                               const HiveDropOptions& drop) {
  if (!drop.delete_data) return absl::OkStatus();
  Session inside = InCatalog(quiet, catalog.name());
  ASSIGN_OR_RETURN(const Page<std::string> names, inside.ListDatabases());
  for (const std::string& name : names.items) {
    ASSIGN_OR_RETURN(const model::v1::Database database, inside.GetDatabase(name));
    // The folder of `default` is that of the catalog: what else lies there is not known, and stays.
    if (name == kDefaultDatabase) continue;
    RETURN_IF_ERROR(RemoveDatabaseData(call, inside, database, drop));
  }
  ASSIGN_OR_RETURN(const model::v1::Database first, inside.GetDatabase(kDefaultDatabase));
  Page<std::string> tables;
  if (drop.mode == DropMode::kCascade) {
    ASSIGN_OR_RETURN(tables, inside.ListTables(kDefaultDatabase));
  }
  for (const std::string& name : tables.items) {
    ASSIGN_OR_RETURN(const model::v1::Table table, inside.GetTable({std::string(kDefaultDatabase), name}));
    RETURN_IF_ERROR(RemoveTableData(call, inside, table, drop));
  }
  call.RemoveEmptyLater(first.location_uri(), first.location_uri().empty() ? 0 : 1);
  call.RemoveEmptyLater(catalog.location_uri(), catalog.location_uri().empty() ? 0 : 1);
  return absl::OkStatus();
}

}  // namespace
}  // namespace warehouse

using namespace warehouse;  // NOLINT: the calls below are made of what the namespace offers

absl::Status HiveSession::CreateCatalog(const model::v1::Catalog& catalog, const CreateOptions& create) {
  model::v1::Catalog made = catalog;
  made.clear_create_time();
  HiveCall call(session_, options_);
  return call.Run([&]() -> absl::Status {
    const bool there = call.quiet().GetCatalog(made.name()).ok();
    RETURN_IF_ERROR(call.session().CreateCatalog(made, create));
    if (there) return absl::OkStatus();
    Session inside = InCatalog(call.quiet(), made.name());
    ASSIGN_OR_RETURN(const model::v1::Catalog stored, inside.GetCatalog(made.name()));
    RETURN_IF_ERROR(call.MakeFolder(stored.location_uri()).status());
    ASSIGN_OR_RETURN(const model::v1::Database first, inside.GetDatabase(kDefaultDatabase));
    return MakeDatabaseFolders(call, first);
  });
}

absl::Status HiveSession::DropCatalog(std::string_view name, const HiveDropOptions& drop) {
  HiveCall call(session_, options_);
  return call.Run([&]() -> absl::Status {
    const auto found = call.quiet().GetCatalog(name);
    if (found.ok()) RETURN_IF_ERROR(RemoveCatalogData(call, call.quiet(), *found, drop));
    return call.session().DropCatalog(name, Plain(drop));
  });
}

absl::Status HiveSession::CreateDatabase(const model::v1::Database& database, const CreateOptions& create) {
  model::v1::Database made = database;
  made.clear_create_time();
  HiveCall call(session_, options_);
  return call.Run([&]() -> absl::Status {
    const bool there = call.quiet().GetDatabase(made.name()).ok();
    RETURN_IF_ERROR(call.session().CreateDatabase(made, create));
    if (there) return absl::OkStatus();
    ASSIGN_OR_RETURN(const model::v1::Database stored, call.quiet().GetDatabase(made.name()));
    return MakeDatabaseFolders(call, stored);
  });
}

absl::Status HiveSession::AlterDatabase(std::string_view name, const model::v1::Database& database) {
  return session_.ModifyDatabase(name, [&](model::v1::Database& present) {
    model::v1::Database next = database;
    next.set_name(present.name());
    if (next.description().empty()) next.set_description(present.description());
    if (next.owner_type() == model::v1::PRINCIPAL_TYPE_UNSPECIFIED) next.set_owner_type(present.owner_type());
    if (next.managed_location_uri().empty()) next.set_managed_location_uri(present.managed_location_uri());
    present = std::move(next);
    return absl::OkStatus();
  });
}

absl::Status HiveSession::DropDatabase(std::string_view name, const HiveDropOptions& drop) {
  HiveCall call(session_, options_);
  return call.Run([&]() -> absl::Status {
    const auto found = call.quiet().GetDatabase(name);
    // As long as everything is there to be read.
    if (found.ok()) RETURN_IF_ERROR(RemoveDatabaseData(call, call.quiet(), *found, drop));
    return NotEmpty(call.quiet(), call.session().DropDatabase(name, Plain(drop)), name);
  });
}

}  // namespace lodestone
