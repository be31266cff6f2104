// lodestone partition add|alter|rename|drop
#include <memory>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "tools/lodestone/arguments.h"
#include "tools/lodestone/command.h"
#include "tools/lodestone/partition_arguments.h"

namespace lodestone::cli {
namespace {

struct Arguments {
  std::string table;
  std::string name;
  std::string new_name;
  std::vector<std::string> names;
  std::string location;
  bool all = false;
  bool by_filter = false;
  bool skip_missing = false;
  FilterArguments filter;
  ParameterArguments parameters;
  IfExistsArgument if_exists;
};

absl::StatusOr<std::vector<model::v1::Partition>> ToPartitions(const PartitionedTable& table,
                                                               const Arguments& arguments) {
  std::vector<model::v1::Partition> partitions;
  for (const std::string& name : arguments.names) {
    ASSIGN_OR_RETURN(const auto values, ParsePartitionName(name, table.keys));
    model::v1::Partition& partition = partitions.emplace_back();
    for (const std::string& value : values) partition.add_values(value);
    if (!arguments.location.empty()) partition.mutable_storage_descriptor()->set_location(arguments.location);
    RETURN_IF_ERROR(arguments.parameters.ApplyTo(partition.mutable_parameters()));
  }
  return partitions;
}

absl::Status Add(Context& context, const Arguments& arguments) {
  if (!arguments.location.empty() && arguments.names.size() > 1) {
    return UsageError(
        "--location: expected one partition, found several; `lodestone ingest` takes a location for each");
  }
  AddResult result;
  const auto version = context.session().Transact([&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const PartitionedTable table, PartitionedTable::Read(session, arguments.table));
    ASSIGN_OR_RETURN(const auto partitions, ToPartitions(table, arguments));
    ASSIGN_OR_RETURN(result,
                     session.AddPartitions(table.name, partitions, {.if_exists = arguments.if_exists.ToOption()}));
    return absl::OkStatus();
  });
  RETURN_IF_ERROR(version.status());
  PrintAddResult(result, &context.out());
  return absl::OkStatus();
}

absl::Status Alter(Context& context, const Arguments& arguments) {
  return context.session()
      .Transact([&](Session& session) -> absl::Status {
        ASSIGN_OR_RETURN(const PartitionedTable table, PartitionedTable::Read(session, arguments.table));
        ASSIGN_OR_RETURN(const auto values, ParsePartitionName(arguments.name, table.keys));
        ASSIGN_OR_RETURN(model::v1::Partition partition, session.GetPartition(table.name, values));
        RETURN_IF_ERROR(arguments.parameters.ApplyTo(partition.mutable_parameters()));
        if (!arguments.location.empty()) partition.mutable_storage_descriptor()->set_location(arguments.location);
        return session.AlterPartitions(table.name, std::span(&partition, 1));
      })
      .status();
}

absl::Status Rename(Context& context, const Arguments& arguments) {
  return context.session()
      .Transact([&](Session& session) -> absl::Status {
        ASSIGN_OR_RETURN(const PartitionedTable table, PartitionedTable::Read(session, arguments.table));
        ASSIGN_OR_RETURN(const auto values, ParsePartitionName(arguments.name, table.keys));
        ASSIGN_OR_RETURN(const auto new_values, ParsePartitionName(arguments.new_name, table.keys));
        return session.RenamePartition(table.name, values, new_values);
      })
      .status();
}

absl::Status Drop(Context& context, const Arguments& arguments) {
  int64_t dropped = 0;
  const auto version = context.session().Transact([&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const TableName name, TableName::Parse(arguments.table));
    if (arguments.all) {
      ASSIGN_OR_RETURN(dropped, session.CountPartitions(name));
      return session.TruncatePartitions(name);
    }
    if (arguments.by_filter) {
      ASSIGN_OR_RETURN(dropped,
                       session.DropPartitionsByFilter(name, arguments.filter.filter, arguments.filter.ToMode()));
      return absl::OkStatus();
    }
    const IfMissing if_missing = arguments.skip_missing ? IfMissing::kSkip : IfMissing::kFail;
    ASSIGN_OR_RETURN(dropped, session.DropPartitions(name, arguments.names, if_missing));
    return absl::OkStatus();
  });
  RETURN_IF_ERROR(version.status());
  PrintCounts({{"dropped", dropped}}, &context.out());
  return absl::OkStatus();
}

void AddTableArgument(CLI::App& app, std::string& table) {
  AddArgument(app, "TABLE", table, "Name of the table, as DATABASE.TABLE");
}

void AddAdd(Program* program, CLI::App& group) {
  auto add = std::make_shared<Arguments>();
  CLI::App& app = program->Command(
      group, "add", Access::kWrite,
      {"add partitions",
       "All of them or none. A partition without --location is placed at `<location of the table>/<name>`. In a name, "
       "special characters are written as Hive does, such as %3A for a colon, and NULL is __HIVE_DEFAULT_PARTITION__. "
       "Thousands are "
       "better added with `lodestone ingest`.",
       {"lodestone partition add web.hits dt=2026-01-05/hour=13 dt=2026-01-05/hour=14",
        "lodestone partition add web.hits dt=2026-01-05/hour=15 --location s3://other/place --set numRows=7"}},
      [add](Context& context) { return Add(context, *add); });
  AddTableArgument(app, add->table);
  app.add_option("PARTITION", add->names, "Names of the partitions, as key=value/key=value")->required();
  AddText(app, "--location", add->location, "URI", "Where the data of the one partition is");
  add->parameters.AddTo(app, false);
  add->if_exists.AddTo(app);
}

void AddChanging(Program* program, CLI::App& group) {
  auto alter = std::make_shared<Arguments>();
  CLI::App& alter_app =
      program->Command(group, "alter", Access::kWrite,
                       {"change a partition",
                        "What is not named stays as it is.",
                        {"lodestone partition alter web.hits dt=2026-01-05/hour=13 --set numRows=8 --unset checked"}},
                       [alter](Context& context) { return Alter(context, *alter); });
  AddTableArgument(alter_app, alter->table);
  AddArgument(alter_app, "PARTITION", alter->name, "Name of the partition, as key=value/key=value");
  AddText(alter_app, "--location", alter->location, "URI", "Where its data is");
  alter->parameters.AddTo(alter_app, true);

  auto rename = std::make_shared<Arguments>();
  CLI::App& rename_app =
      program->Command(group, "rename", Access::kWrite,
                       {"give a partition other values",
                        "All else stays, its location too.",
                        {"lodestone partition rename web.hits dt=2026-01-05/hour=13 dt=2026-01-05/hour=14"}},
                       [rename](Context& context) { return Rename(context, *rename); });
  AddTableArgument(rename_app, rename->table);
  AddArgument(rename_app, "PARTITION", rename->name, "Name of the partition, as key=value/key=value");
  AddArgument(rename_app, "NEW_NAME", rename->new_name, "Its new name");
}

void AddDrop(Program* program, CLI::App& group) {
  auto drop = std::make_shared<Arguments>();
  CLI::App& app = program->Command(
      group, "drop", Access::kWrite,
      {"drop partitions",
       "Those named, those that pass a filter, or all; each time all of them or none. Data files are not touched. "
       "Partitions dropped can't be brought back.",
       {"lodestone partition drop web.hits dt=2026-01-05/hour=13",
        "lodestone partition drop web.hits --filter \"dt < '2025-01-01'\"", "lodestone partition drop web.hits --all"}},
      [drop](Context& context) { return Drop(context, *drop); });
  AddTableArgument(app, drop->table);
  CLI::Option* names = app.add_option("PARTITION", drop->names, "Names of the partitions, as key=value/key=value");
  drop->filter.AddTo(app);
  CLI::Option* filter = app.get_option("--filter");
  CLI::Option* all = app.add_flag("--all", drop->all, "All partitions, at the same cost whatever their number");
  names->excludes(filter);
  all->excludes(names)->excludes(filter);
  app.add_flag("--if-exists", drop->skip_missing, "No error when one of those named is not there");
  app.callback([drop, filter] {
    drop->by_filter = filter->count() > 0;
    if (drop->names.empty() && !drop->by_filter && !drop->all) {
      throw CLI::RequiredError("partitions to drop: their names, --filter or --all");
    }
  });
}

}  // namespace

void AddPartitionWriteCommands(Program* program, CLI::App& group) {
  AddAdd(program, group);
  AddChanging(program, group);
  AddDrop(program, group);
}

void AddPartitionCommands(Program* program) {
  CLI::App& group = program->Group("partition", {"add, list, count and drop partitions", "", {}});
  AddPartitionWriteCommands(program, group);
  AddPartitionReadCommands(program, group);
}

}  // namespace lodestone::cli
