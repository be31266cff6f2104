// lodestone database ...
#include <memory>

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
  std::string managed_location;
  CLI::Option* description_option = nullptr;
  CLI::Option* location_option = nullptr;
  CLI::Option* managed_option = nullptr;
  OwnerArguments owner;
  ParameterArguments parameters;
  CreateArguments create;
  DropArguments drop;
  NamePageArguments page;

  void AddFieldsTo(CLI::App& app, bool with_unset) {
    description_option = AddText(app, "--description", description, "TEXT", "What it is for");
    location_option = AddText(app, "--location", location, "URI", "Where tables without a location are placed");
    managed_option =
        AddText(app, "--managed-location", managed_location, "URI", "Where managed tables are placed instead");
    owner.AddTo(app);
    parameters.AddTo(app, with_unset);
  }

  absl::Status ApplyTo(model::v1::Database* to) const {
    if (description_option->count() > 0) to->set_description(description);
    if (location_option->count() > 0) to->set_location_uri(location);
    if (managed_option->count() > 0) to->set_managed_location_uri(managed_location);
    if (!owner.name.empty()) to->set_owner_name(owner.name);
    if (!owner.name.empty() || !owner.type.empty()) to->set_owner_type(owner.ToType());
    return parameters.ApplyTo(to->mutable_parameters());
  }
};

void AddReading(Program* program, CLI::App& group) {
  auto get = std::make_shared<Arguments>();
  CLI::App& get_app =
      program->Command(group, "get", Access::kRead, {"show a database", "", {"lodestone database get web -o json"}},
                       [get](Context& context) -> absl::Status {
                         ASSIGN_OR_RETURN(const model::v1::Database database, context.session().GetDatabase(get->name));
                         PrintObject(database, &context.out());
                         return absl::OkStatus();
                       });
  AddArgument(get_app, "DATABASE", get->name, "Name of the database");

  auto list = std::make_shared<Arguments>();
  CLI::App& list_app = program->Command(
      group, "list", Access::kRead,
      {"list the names of databases",
       "In order of their names.",
       {"lodestone database list --pattern 'web*|shop' --limit 100"}},
      [list](Context& context) -> absl::Status {
        return PrintNames(context, list->page.ToOptions(),
                          [&](const ListNamesOptions& options) { return context.session().ListDatabases(options); });
      });
  list->page.AddTo(list_app);
}

void AddWriting(Program* program, CLI::App& group) {
  auto create = std::make_shared<Arguments>();
  CLI::App& create_app = program->Command(
      group, "create", Access::kCreate,
      {"create a database",
       "Names are case-insensitive and stored in lower case: ASCII letters, digits and underscores, 1 to 128 "
       "characters; not digits alone, no underscore first.",
       {"lodestone database create web --location s3://warehouse/web --set team=ads"}},
      [create](Context& context) -> absl::Status {
        model::v1::Database database;
        database.set_name(create->name);
        RETURN_IF_ERROR(create->ApplyTo(&database));
        return context.session().CreateDatabase(database, create->create.ToOptions());
      });
  AddArgument(create_app, "DATABASE", create->name, "Name of the new database");
  create->AddFieldsTo(create_app, false);
  create->create.AddTo(create_app);

  auto alter = std::make_shared<Arguments>();
  CLI::App& alter_app =
      program->Command(group, "alter", Access::kWrite,
                       {"change a database",
                        "What is not named stays as it is.",
                        {"lodestone database alter web --owner ana --set team=search --unset cost_center"}},
                       [alter](Context& context) -> absl::Status {
                         return context.session()
                             .Transact([&](Session& session) -> absl::Status {
                               ASSIGN_OR_RETURN(model::v1::Database database, session.GetDatabase(alter->name));
                               RETURN_IF_ERROR(alter->ApplyTo(&database));
                               return session.AlterDatabase(alter->name, database);
                             })
                             .status();
                       });
  AddArgument(alter_app, "DATABASE", alter->name, "Name of the database");
  alter->AddFieldsTo(alter_app, true);

  auto rename = std::make_shared<Arguments>();
  CLI::App& rename_app = program->Command(
      group, "rename", Access::kWrite,
      {"rename a database",
       "At the same cost whatever it holds; locations stay as they are. The database `default` can't be renamed.",
       {"lodestone database rename web web_2025"}},
      [rename](Context& context) { return context.session().RenameDatabase(rename->name, rename->new_name); });
  AddArgument(rename_app, "DATABASE", rename->name, "Name of the database");
  AddArgument(rename_app, "NEW_NAME", rename->new_name, "Its new name");
}

void AddDropping(Program* program, CLI::App& group) {
  auto drop = std::make_shared<Arguments>();
  CLI::App& drop_app = program->Command(
      group, "drop", Access::kWrite,
      {"drop a database",
       "Refused when it holds tables or functions, unless --cascade is given. The database `default` can't be dropped.",
       {"lodestone database drop web --cascade", "lodestone database undrop web"}},
      [drop](Context& context) { return context.session().DropDatabase(drop->name, drop->drop.ToOptions()); });
  AddArgument(drop_app, "DATABASE", drop->name, "Name of the database");
  drop->drop.AddTo(drop_app, true);

  auto undrop = std::make_shared<Arguments>();
  CLI::App& undrop_app = program->Command(
      group, "undrop", Access::kWrite,
      {"bring back a database that was dropped",
       "The one dropped last under this name, with all it held, within the time of --undrop-retention.",
       {"lodestone database undrop web"}},
      [undrop](Context& context) { return context.session().UndropDatabase(undrop->name); });
  AddArgument(undrop_app, "DATABASE", undrop->name, "Name of the database");
}

}  // namespace

void AddDatabaseCommands(Program* program) {
  CLI::App& group = program->Group("database", {"create, list and change databases", "", {}});
  AddWriting(program, group);
  AddReading(program, group);
  AddDropping(program, group);
}

}  // namespace lodestone::cli
