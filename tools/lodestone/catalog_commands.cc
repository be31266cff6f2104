// lodestone catalog ...
#include <memory>
#include <optional>

#include "catalog/base/status_macros.h"
#include "tools/lodestone/arguments.h"
#include "tools/lodestone/command.h"
#include "tools/lodestone/name_page.h"
#include "tools/lodestone/object_output.h"

namespace lodestone::cli {
namespace {

struct Arguments {
  std::string name;
  std::string new_name;
  std::string description;
  std::string location;
  CLI::Option* description_option = nullptr;
  CLI::Option* location_option = nullptr;
  CreateArguments create;
  DropArguments drop;
  NamePageArguments page;

  void AddFieldsTo(CLI::App& app) {
    description_option = AddText(app, "--description", description, "TEXT", "What it is for");
    location_option =
        AddText(app, "--location", location, "URI", "Root of the locations of databases created without one");
  }
  void ApplyTo(model::v1::Catalog* to) const {
    if (description_option->count() > 0) to->set_description(description);
    if (location_option->count() > 0) to->set_location_uri(location);
  }
};

void AddReading(Program* program, CLI::App& group) {
  auto get = std::make_shared<Arguments>();
  CLI::App& get_app =
      program->Command(group, "get", Access::kRead, {"show a catalog", "", {"lodestone catalog get hive -o json"}},
                       [get](Context& context) -> absl::Status {
                         ASSIGN_OR_RETURN(const model::v1::Catalog catalog, context.session().GetCatalog(get->name));
                         PrintObject(catalog, &context.out());
                         return absl::OkStatus();
                       });
  AddArgument(get_app, "CATALOG", get->name, "Name of the catalog");

  auto list = std::make_shared<Arguments>();
  CLI::App& list_app = program->Command(
      group, "list", Access::kRead,
      {"list the names of catalogs", "In order of their names.", {"lodestone catalog list --pattern 'tenant_*'"}},
      [list](Context& context) -> absl::Status {
        return PrintNames(context, list->page.ToOptions(),
                          [&](const ListNamesOptions& options) { return context.session().ListCatalogs(options); });
      });
  list->page.AddTo(list_app);
}

void AddWriting(Program* program, CLI::App& group) {
  auto create = std::make_shared<Arguments>();
  CLI::App& create_app = program->Command(
      group, "create", Access::kCreate,
      {"create a catalog",
       "A catalog is a space of databases of its own, with a database `default` from the start. Every store has the "
       "catalog `hive`; other commands use another one with --catalog.",
       {"lodestone catalog create tenant_7 --description 'department 7'"}},
      [create](Context& context) -> absl::Status {
        model::v1::Catalog catalog;
        catalog.set_name(create->name);
        create->ApplyTo(&catalog);
        return context.session().CreateCatalog(catalog, create->create.ToOptions());
      });
  AddArgument(create_app, "CATALOG", create->name, "Name of the new catalog");
  create->AddFieldsTo(create_app);
  create->create.AddTo(create_app);

  auto alter = std::make_shared<Arguments>();
  CLI::App& alter_app = program->Command(
      group, "alter", Access::kWrite,
      {"change a catalog", "What is not named stays as it is.", {"lodestone catalog alter tenant_7 --description ''"}},
      [alter](Context& context) -> absl::Status {
        return context.session()
            .Transact([&](Session& session) -> absl::Status {
              ASSIGN_OR_RETURN(model::v1::Catalog catalog, session.GetCatalog(alter->name));
              alter->ApplyTo(&catalog);
              return session.AlterCatalog(alter->name, catalog);
            })
            .status();
      });
  AddArgument(alter_app, "CATALOG", alter->name, "Name of the catalog");
  alter->AddFieldsTo(alter_app);

  auto rename = std::make_shared<Arguments>();
  CLI::App& rename_app = program->Command(
      group, "rename", Access::kWrite,
      {"rename a catalog",
       "At the same cost whatever it holds. The catalog `hive` can't be renamed.",
       {"lodestone catalog rename tenant_7 sales"}},
      [rename](Context& context) { return context.session().RenameCatalog(rename->name, rename->new_name); });
  AddArgument(rename_app, "CATALOG", rename->name, "Name of the catalog");
  AddArgument(rename_app, "NEW_NAME", rename->new_name, "Its new name");
}

void AddDropping(Program* program, CLI::App& group) {
  auto drop = std::make_shared<Arguments>();
  CLI::App& drop_app = program->Command(
      group, "drop", Access::kWrite,
      {"drop a catalog",
       "Refused when it holds more than an empty database `default`, unless --cascade is given. The catalog `hive` "
       "can't be dropped.",
       {"lodestone catalog drop tenant_7 --cascade"}},
      [drop](Context& context) { return context.session().DropCatalog(drop->name, drop->drop.ToOptions()); });
  AddArgument(drop_app, "CATALOG", drop->name, "Name of the catalog");
  drop->drop.AddTo(drop_app, true);

  auto undrop = std::make_shared<Arguments>();
  CLI::App& undrop_app = program->Command(
      group, "undrop", Access::kWrite,
      {"bring back a catalog that was dropped",
       "The one dropped last under this name, with all it held, within the time of --undrop-retention.",
       {"lodestone catalog undrop tenant_7"}},
      [undrop](Context& context) { return context.session().UndropCatalog(undrop->name); });
  AddArgument(undrop_app, "CATALOG", undrop->name, "Name of the catalog");
}

}  // namespace

void AddCatalogCommands(Program* program) {
  CLI::App& group = program->Group("catalog", {"create, list and change catalogs", "", {}});
  AddWriting(program, group);
  AddReading(program, group);
  AddDropping(program, group);
}

}  // namespace lodestone::cli
