// lodestone partition get|list|values|count|summary, lodestone explain
#include <memory>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "tools/lodestone/arguments.h"
#include "tools/lodestone/command.h"
#include "tools/lodestone/json.h"
#include "tools/lodestone/object_output.h"
#include "tools/lodestone/partition_arguments.h"
#include "tools/lodestone/partition_output.h"

namespace lodestone::cli {
namespace {

struct Arguments {
  std::string table;
  std::string name;
  std::string key;
  std::string show;
  std::string after;
  std::vector<std::string> values;
  std::size_t limit = 0;
  bool descending = false;
  FilterArguments filter;

  ListOptions ToOptions() const {
    ListOptions options;
    options.filter = filter.filter;
    options.filter_mode = filter.ToMode();
    options.order = descending ? Order::kDescending : Order::kAscending;
    options.limit = limit;
    options.after = after;
    return options;
  }
};

absl::Status Get(Context& context, const Arguments& arguments) {
  const Session session = context.session().Snapshot();
  ASSIGN_OR_RETURN(const PartitionedTable table, PartitionedTable::Read(session, arguments.table));
  ASSIGN_OR_RETURN(const auto values, ParsePartitionName(arguments.name, table.keys));
  ASSIGN_OR_RETURN(const model::v1::Partition partition, session.GetPartition(table.name, values));
  PrintPartition(partition, arguments.name, &context.out());
  return absl::OkStatus();
}

absl::Status List(Context& context, const Arguments& arguments) {
  const Session session = context.session().Snapshot();
  ASSIGN_OR_RETURN(const PartitionedTable table, PartitionedTable::Read(session, arguments.table));
  ListOptions options = arguments.ToOptions();
  if (context.out().format() != Format::kNames) options.projection = ParseProjection(arguments.show);
  PartitionListWriter writer(table.table, options.projection, &context.out());
  const auto begin = [&](const ListOptions& from) {
    return arguments.values.empty() ? session.ListPartitions(table.name, from)
                                    : session.ListPartitionsByValues(table.name, arguments.values, from);
  };
  PartitionCursor cursor = begin(options);
  while (!context.out().closed() && cursor.Next()) writer.Add(cursor.batch());
  RETURN_IF_ERROR(cursor.status());
  writer.End();
  if (options.limit != 0 && !context.out().closed()) {
    // A cursor that ended at its limit does not know whether there was one more.
    options.after = cursor.ResumeToken();
    options.limit = 1;
    options.projection = Projection::Keys();
    if (!options.after.empty() && begin(options).Next()) context.Note("more: --after " + options.after);
  }
  return absl::OkStatus();
}

absl::Status Values(Context& context, const Arguments& arguments) {
  ASSIGN_OR_RETURN(const TableName name, TableName::Parse(arguments.table));
  ListOptions options = arguments.ToOptions();
  ASSIGN_OR_RETURN(const auto values, context.session().PartitionKeyValues(name, arguments.key, options));
  NameListWriter writer(&context.out());
  for (const std::string& value : values) writer.Add(value);
  writer.End();
  return absl::OkStatus();
}

absl::Status Count(Context& context, const Arguments& arguments) {
  ASSIGN_OR_RETURN(const TableName name, TableName::Parse(arguments.table));
  ASSIGN_OR_RETURN(const int64_t count,
                   context.session().CountPartitions(name, arguments.filter.filter, arguments.filter.ToMode()));
  context.out().Line(std::to_string(count));
  return absl::OkStatus();
}

absl::Status Summarize(Context& context, const Arguments& arguments) {
  ASSIGN_OR_RETURN(const TableName name, TableName::Parse(arguments.table));
  ASSIGN_OR_RETURN(const model::v1::PartitionSummary summary,
                   context.session().SummarizePartitions(name, arguments.filter.filter, arguments.filter.ToMode()));
  if (PrintAsJson(summary, &context.out())) return absl::OkStatus();
  const auto missing = [&](std::string text, int64_t without) {
    if (without == 0) return text;
    if (without == summary.partitions()) return std::string("not known");
    return base::StrCat(text, " (not known of ", Grouped(without), ")");
  };
  Record record;
  record.Number("Partitions", "", summary.partitions());
  record.Text("Rows", "", missing(Grouped(summary.num_rows()), summary.without_num_rows()));
  record.Text("Size", "", missing(Bytes(static_cast<uint64_t>(summary.total_size())), summary.without_total_size()));
  record.Text("Files", "", missing(Grouped(summary.num_files()), summary.without_num_files()));
  for (const auto& key : summary.keys()) {
    const std::string bounds =
        key.min().empty() && key.max().empty() ? "no value" : base::StrCat(key.min(), " .. ", key.max());
    record.Text(key.key(), "",
                base::StrCat(bounds, key.nulls() == 0 ? "" : base::StrCat(" and ", Grouped(key.nulls()), " NULL")));
  }
  record.Print(&context.out());
  return absl::OkStatus();
}

absl::Status Explain(Context& context, const Arguments& arguments) {
  ASSIGN_OR_RETURN(const TableName name, TableName::Parse(arguments.table));
  ASSIGN_OR_RETURN(const FilterPlan plan,
                   context.session().Explain(name, arguments.filter.filter, arguments.filter.ToMode()));
  std::string ranges = "[";
  std::string shown_ranges;
  for (const std::string& range : plan.key_ranges) {
    base::StrAppend(&ranges, ranges.size() > 1 ? "," : "", JsonString(range));
    if (!range.empty()) base::StrAppend(&shown_ranges, shown_ranges.empty() ? "" : ", ", range);
  }
  Record record;
  record.Text("Filter", "normalized", plan.normalized);
  record.Json("Seeks", "key_ranges", shown_ranges.empty() ? "all partitions" : shown_ranges, ranges + "]");
  record.Json("Evaluates", "residual", plan.residual.empty() ? "nothing" : plan.residual, JsonString(plan.residual));
  record.Number("Pages", "pages_total", plan.pages_total,
                base::StrCat(Grouped(plan.pages_read), " of ", Grouped(plan.pages_total), " read, ",
                             Grouped(plan.pages_skipped), " skipped, ", Grouped(plan.seeks), " seeks"));
  record.Number("", "pages_read", plan.pages_read);
  record.Number("", "pages_skipped", plan.pages_skipped);
  record.Number("", "seeks", plan.seeks);
  record.Number("Partitions", "rows_examined", plan.rows_examined,
                base::StrCat(Grouped(plan.rows_matched), " matched of ", Grouped(plan.rows_examined), " examined"));
  record.Number("", "rows_matched", plan.rows_matched);
  record.Print(&context.out());
  return absl::OkStatus();
}

void AddTableArgument(CLI::App& app, std::string& table) {
  AddArgument(app, "TABLE", table, "Name of the table, as DATABASE.TABLE");
}

void AddGetAndList(Program* program, CLI::App& group) {
  auto get = std::make_shared<Arguments>();
  CLI::App& get_app = program->Command(
      group, "get", Access::kRead, {"show a partition", "", {"lodestone partition get web.hits dt=2026-01-05/hour=13"}},
      [get](Context& context) { return Get(context, *get); });
  AddTableArgument(get_app, get->table);
  AddArgument(get_app, "PARTITION", get->name, "Name of the partition, as key=value/key=value");

  auto list = std::make_shared<Arguments>();
  CLI::App& list_app = program->Command(
      group, "list", Access::kRead,
      {"list partitions",
       "In order of their names, all as of one moment. Only the keys are read, unless --show asks for more. Rows are "
       "printed as they are read, whatever their number. With -o ndjson each line is an object with `values`, as "
       "`ingest` takes it.",
       {"lodestone partition list web.hits --filter \"dt = '2026-01-05' and hour >= 12\" -o names",
        "lodestone partition list web.hits --desc --limit 10 --show times,numRows",
        "lodestone partition list web.hits --value 2026-01-05 --value ''    # any hour",
        "lodestone partition list web.hits --show all -o ndjson"}},
      [list](Context& context) { return List(context, *list); });
  AddTableArgument(list_app, list->table);
  list->filter.AddTo(list_app);
  AddRepeated(list_app, "--value", list->values,
              "The value of the first key, given again of the second, and so on; empty: any value")
      ->type_name("VALUE");
  AddNumber(list_app, "--limit", list->limit, "N", "At the most so many (default: all)");
  AddText(list_app, "--after", list->after, "TOKEN", "Go on where a list with --limit ended, as it told");
  list_app.add_flag("--desc", list->descending, "In the reverse order");
  AddText(list_app, "--show", list->show, "WHAT",
          "Comma-separated, beside the keys: location, times, parameters, descriptor, all, or names of parameters");
}

}  // namespace

void AddPartitionReadCommands(Program* program, CLI::App& group) {
  AddGetAndList(program, group);

  auto values = std::make_shared<Arguments>();
  CLI::App& values_app = program->Command(group, "values", Access::kRead,
                                          {"list the distinct values of a partition key",
                                           "In the order of the key's type.",
                                           {"lodestone partition values web.hits dt --filter \"hour = 13\""}},
                                          [values](Context& context) { return Values(context, *values); });
  AddTableArgument(values_app, values->table);
  AddArgument(values_app, "KEY", values->key, "Name of the partition key");
  values->filter.AddTo(values_app);
  AddNumber(values_app, "--limit", values->limit, "N", "At the most so many (default: all)");
  values_app.add_flag("--desc", values->descending, "In the reverse order");

  auto count = std::make_shared<Arguments>();
  CLI::App& count_app =
      program->Command(group, "count", Access::kRead,
                       {"count partitions",
                        "Prints the number alone. Without a filter it costs one read.",
                        {"lodestone partition count web.hits --filter \"dt between '2026-01-01' and '2026-01-31'\""}},
                       [count](Context& context) { return Count(context, *count); });
  AddTableArgument(count_app, count->table);
  count->filter.AddTo(count_app);

  auto summary = std::make_shared<Arguments>();
  CLI::App& summary_app = program->Command(
      group, "summary", Access::kRead,
      {"add up partitions",
       "Their number, the sums of the parameters numRows, totalSize and numFiles, and the bounds of each key.",
       {"lodestone partition summary web.hits --filter \"dt >= '2026-01-01'\""}},
      [summary](Context& context) { return Summarize(context, *summary); });
  AddTableArgument(summary_app, summary->table);
  summary->filter.AddTo(summary_app);
}

void AddExplainCommand(Program* program) {
  auto explain = std::make_shared<Arguments>();
  CLI::App& app = program->Command(
      program->root(), "explain", Access::kRead,
      {"show how a filter is run, and what it costs",
       "Runs the filter as a count: which keys are sought, what is evaluated, how many pages were read and skipped.",
       {"lodestone explain web.hits \"dt = '2026-01-05' and hour > 12\"",
        "lodestone explain web.hits 'hour = 13' -o json"}},
      [explain](Context& context) { return Explain(context, *explain); });
  AddTableArgument(app, explain->table);
  AddArgument(app, "FILTER,--filter", explain->filter.filter, "The filter; --filter TEXT says the same");
  explain->filter.AddModeTo(app);
}

}  // namespace lodestone::cli
