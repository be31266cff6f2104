// lodestone generate
#include <memory>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "tools/lodestone/arguments.h"
#include "tools/lodestone/column_list.h"
#include "tools/lodestone/command.h"
#include "tools/lodestone/progress.h"

namespace lodestone::cli {
namespace {

struct Arguments {
  std::string table;
  std::string keys = "dt string, hour int, region string";
  GenerateOptions options;
  IfExistsArgument if_exists;
  std::size_t memory_mib = 256;
};

// What was made for the sake of the partitions, and goes again when they can't be made.
struct Made {
  bool database = false;
  bool table = false;
};

// Makes the database and the table, where they are missing.
absl::StatusOr<Made> MakeWhatIsMissing(Session session, const TableName& name, const std::string& keys) {
  Made made;
  if (!absl::IsNotFound(session.GetTable(name).status())) return made;
  ASSIGN_OR_RETURN(const auto columns, ParseColumnList("--keys", keys));
  model::v1::Database database;
  database.set_name(name.database);
  model::v1::Table table;
  table.set_database(name.database);
  table.set_name(name.table);
  model::v1::Column* id = table.mutable_storage_descriptor()->add_columns();
  id->set_name("id");
  id->set_type("bigint");
  for (const model::v1::Column& column : columns) *table.add_partition_keys() = column;
  const auto version = session.Transact([&](Session& inside) -> absl::Status {
    made.database = absl::IsNotFound(inside.GetDatabase(name.database).status());
    RETURN_IF_ERROR(inside.CreateDatabase(database, {.if_exists = IfExists::kSkip}));
    return inside.CreateTable(table);
  });
  RETURN_IF_ERROR(version.status());
  made.table = true;
  return made;
}

// A failure to take it away as well is not told: the first failure is.
void TakeAway(Session session, const TableName& name, const Made& made) {
  if (made.table) session.DropTable(name, {.purge = Purge::kYes}).IgnoreError();
  if (made.database) session.DropDatabase(name.database, {.purge = Purge::kYes}).IgnoreError();
}

absl::Status Generate(Context& context, const Arguments& arguments) {
  ASSIGN_OR_RETURN(const TableName name, TableName::Parse(arguments.table));
  const Session session = context.session();
  ASSIGN_OR_RETURN(const Made made, MakeWhatIsMissing(session, name, arguments.keys));
  GenerateOptions options = arguments.options;
  options.load.if_exists = arguments.if_exists.ToOption();
  options.load.memory_bytes = arguments.memory_mib << 20;
  Progress progress("partitions", context.global().quiet);
  auto result = GeneratePartitions(session, name, options, [&](const BulkLoadProgress& at) {
    using Phase = BulkLoadProgress::Phase;
    const std::string_view phase = at.phase == Phase::kReading   ? "generating"
                                   : at.phase == Phase::kMerging ? "merging"
                                                                 : "committing";
    progress.Report(phase, at.rows, at.rows, at.rows_total);
  });
  progress.Clear();
  if (!result.ok()) TakeAway(session, name, made);
  RETURN_IF_ERROR(result.status());
  PrintAddResult(*result, &context.out());
  context.Note(base::StrCat("in ", Duration(progress.Elapsed())));
  return absl::OkStatus();
}

}  // namespace

void AddGenerateCommand(Program* program) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& app = program->Command(
      program->root(), "generate", Access::kCreate,
      {"make a table of any size, to try things out",
       "Fills a table with partitions that look real, with numFiles, numRows and totalSize as parameters; the same "
       "seed "
       "and number give the same partitions. Database and table are made when they are missing, with the partition "
       "keys of --keys.",
       {"lodestone generate demo.big --partitions 10000000",
        "lodestone generate demo.days --partitions 1000 --keys 'dt date, shop int'"}},
      [arguments](Context& context) { return Generate(context, *arguments); });
  AddArgument(app, "TABLE", arguments->table, "Name of the table, as DATABASE.TABLE");
  AddNumber(app, "--partitions", arguments->options.partitions, "N", "How many (default: 1000000)");
  AddNumber(app, "--seed", arguments->options.seed, "N", "Another one gives other partitions (default: 1)");
  AddText(app, "--keys", arguments->keys, "LIST",
          "Partition keys of a table that is made (default: dt string, hour int, region string)");
  arguments->if_exists.AddTo(app);
  AddNumber(app, "--memory", arguments->memory_mib, "MIB", "MiB kept in memory before sorting on disk (default: 256)");
}

}  // namespace lodestone::cli
