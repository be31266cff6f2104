// lodestone table ...
#include <memory>

#include "catalog/base/status_macros.h"
#include "tools/lodestone/arguments.h"
#include "tools/lodestone/command.h"
#include "tools/lodestone/json.h"
#include "tools/lodestone/name_page.h"
#include "tools/lodestone/object_output.h"
#include "tools/lodestone/table_definition.h"

namespace lodestone::cli {
namespace {

struct Arguments {
  std::string name;
  std::string new_name;
  std::string type;
  std::vector<std::string> expected;
  TableDefinition definition;
  CreateArguments create;
  DropArguments drop;
  NamePageArguments page;
};

CLI::Option* AddTableArgument(CLI::App& app, std::string& name) {
  return AddArgument(app, "TABLE", name, "Name of the table, as DATABASE.TABLE");
}

// --type of `list`.
model::v1::TableType TypeOf(const std::string& name) {
  if (name == "managed") return model::v1::MANAGED_TABLE;
  if (name == "external") return model::v1::EXTERNAL_TABLE;
  if (name == "view") return model::v1::VIRTUAL_VIEW;
  if (name == "materialized-view") return model::v1::MATERIALIZED_VIEW;
  return model::v1::TABLE_TYPE_UNSPECIFIED;
}

absl::Status List(Context& context, const Arguments& arguments) {
  ListNamesOptions options = arguments.page.ToOptions();
  options.table_type = TypeOf(arguments.type);
  const Session session = context.session().Snapshot();
  if (context.out().format() == Format::kNames) {
    return PrintNames(context, options,
                      [&](const ListNamesOptions& page) { return session.ListTables(arguments.name, page); });
  }
  ListWriter writer(&context.out(), {{"NAME"}, {"TYPE"}, {"OWNER"}, {"CREATED"}, {"COMMENT"}});
  std::string last;
  ASSIGN_OR_RETURN(
      const bool more,
      ForEachListed(
          options, [&](const ListNamesOptions& page) { return session.ListTableSummaries(arguments.name, page); },
          [](const model::v1::TableSummary& summary) { return summary.name(); },
          [&](const model::v1::TableSummary& summary) {
            writer.Add(
                summary.name(),
                [&]() -> std::vector<std::string> {
                  return {summary.name(), TypeName(summary.table_type()), summary.owner(), Time(summary.create_time()),
                          summary.comment()};
                },
                [&] { return ToJson(summary); });
            last = summary.name();
            return !context.out().closed();
          }));
  writer.End();
  if (more) context.Note("more: --after " + last);
  return absl::OkStatus();
}

void AddReading(Program* program, CLI::App& group) {
  auto get = std::make_shared<Arguments>();
  CLI::App& get_app =
      program->Command(group, "get", Access::kRead,
                       {"show a table or view",
                        "With -o json: the message Table, which `table create --file` takes.",
                        {"lodestone table get web.hits", "lodestone table get web.hits -o json > hits.json"}},
                       [get](Context& context) -> absl::Status {
                         ASSIGN_OR_RETURN(const TableName name, TableName::Parse(get->name));
                         ASSIGN_OR_RETURN(const model::v1::Table table, context.session().GetTable(name));
                         PrintObject(table, &context.out());
                         return absl::OkStatus();
                       });
  AddTableArgument(get_app, get->name);

  auto list = std::make_shared<Arguments>();
  CLI::App& list_app = program->Command(
      group, "list", Access::kRead,
      {"list the tables and views of a database",
       "In order of their names, with type, owner and comment; with -o names the names alone. Reads no table record.",
       {"lodestone table list web", "lodestone table list web --pattern 'hits_*' --type view -o names"}},
      [list](Context& context) { return List(context, *list); });
  AddArgument(list_app, "DATABASE", list->name, "Name of the database");
  list->page.AddTo(list_app);
  AddText(list_app, "--type", list->type, "TYPE", "Only managed, external, view or materialized-view")
      ->check(CLI::IsMember({"managed", "external", "view", "materialized-view"}));
}

void AddCreate(Program* program, CLI::App& group) {
  auto create = std::make_shared<Arguments>();
  CLI::App& app = program->Command(
      group, "create", Access::kCreate,
      {"create a table or a view",
       "Columns and partition keys are lists of a name, a Hive type and optionally a comment in quotes. Types nest: "
       "`map<string,array<int>>`, `struct<a:int,b:decimal(10,2)>`. A table without --location gets one below its "
       "database's, where that has one. With --file the table is read from JSON; other options then change it.",
       {"lodestone table create web.hits --columns \"url string, ms int comment 'time to answer'\" \\",
        "    --partition-keys 'dt string, hour int' --stored-as parquet",
        "lodestone table create web.slow --view 'select * from web.hits where ms > 1000' --columns 'url string'",
        "lodestone table create web.hits_copy --file hits.json"}},
      [create](Context& context) -> absl::Status {
        ASSIGN_OR_RETURN(const TableName name, TableName::Parse(create->name));
        model::v1::Table table;
        table.set_database(name.database);
        table.set_name(name.table);
        RETURN_IF_ERROR(create->definition.ApplyTo(&table));
        return context.session().CreateTable(table, create->create.ToOptions());
      });
  AddTableArgument(app, create->name);
  create->definition.AddCreateOptions(app);
  create->create.AddTo(app);
}

// KEY=VALUE, or KEY alone for a parameter that must not be there.
std::vector<ExpectedParameter> ToExpected(const std::vector<std::string>& texts) {
  std::vector<ExpectedParameter> expected;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    ExpectedParameter& parameter = expected.emplace_back();
    parameter.key = text.substr(0, equals);
    if (equals != std::string::npos) parameter.value = text.substr(equals + 1);
  }
  return expected;
}

void AddAlter(Program* program, CLI::App& group) {
  auto alter = std::make_shared<Arguments>();
  CLI::App& app = program->Command(
      group, "alter", Access::kWrite,
      {"change a table or view",
       "What is not named stays as it is. Partitions stay as they are, and where they are. Partition keys keep their "
       "number and types.",
       {"lodestone table alter web.hits --add-columns 'agent string' --set retention=90",
        "lodestone table alter web.hits --set metadata_location=s3://.../v8 --expect metadata_location=s3://.../v7"}},
      [alter](Context& context) -> absl::Status {
        ASSIGN_OR_RETURN(const TableName name, TableName::Parse(alter->name));
        return context.session()
            .Transact([&](Session& session) -> absl::Status {
              ASSIGN_OR_RETURN(model::v1::Table table, session.GetTable(name));
              RETURN_IF_ERROR(alter->definition.ApplyTo(&table));
              return session.AlterTable(name, table, ToExpected(alter->expected));
            })
            .status();
      });
  AddTableArgument(app, alter->name);
  alter->definition.AddAlterOptions(app);
  AddRepeated(app, "--expect", alter->expected,
              "Refuse unless the table has this parameter now (KEY alone: has none such); may be given several times")
      ->type_name("KEY[=VALUE]");
}

void AddMoving(Program* program, CLI::App& group) {
  auto rename = std::make_shared<Arguments>();
  CLI::App& rename_app = program->Command(
      group, "rename", Access::kWrite,
      {"rename a table or view, also into another database",
       "At the same cost whatever the number of partitions; locations stay as they are.",
       {"lodestone table rename web.hits web.hits_2025", "lodestone table rename web.hits archive.hits"}},
      [rename](Context& context) -> absl::Status {
        ASSIGN_OR_RETURN(const TableName name, TableName::Parse(rename->name));
        ASSIGN_OR_RETURN(const TableName new_name, TableName::Parse(rename->new_name));
        return context.session().RenameTable(name, new_name);
      });
  AddTableArgument(rename_app, rename->name);
  AddArgument(rename_app, "NEW_NAME", rename->new_name, "Its new name, as DATABASE.TABLE");

  auto drop = std::make_shared<Arguments>();
  CLI::App& drop_app = program->Command(
      group, "drop", Access::kWrite,
      {"drop a table or view",
       "At the same cost whatever the number of partitions; space comes back in the background. Data files are not "
       "touched.",
       {"lodestone table drop web.hits", "lodestone table undrop web.hits"}},
      [drop](Context& context) -> absl::Status {
        ASSIGN_OR_RETURN(const TableName name, TableName::Parse(drop->name));
        return context.session().DropTable(name, drop->drop.ToOptions());
      });
  AddTableArgument(drop_app, drop->name);
  drop->drop.AddTo(drop_app, false);

  auto undrop = std::make_shared<Arguments>();
  CLI::App& undrop_app = program->Command(
      group, "undrop", Access::kWrite,
      {"bring back a table or view that was dropped",
       "The one dropped last under this name, with its partitions, within the time of --undrop-retention.",
       {"lodestone table undrop web.hits"}},
      [undrop](Context& context) -> absl::Status {
        ASSIGN_OR_RETURN(const TableName name, TableName::Parse(undrop->name));
        return context.session().UndropTable(name);
      });
  AddTableArgument(undrop_app, undrop->name);
}

}  // namespace

void AddTableCommands(Program* program) {
  CLI::App& group = program->Group("table", {"create, list and change tables and views", "", {}});
  AddCreate(program, group);
  AddReading(program, group);
  AddAlter(program, group);
  AddMoving(program, group);
}

}  // namespace lodestone::cli
