// lodestone verify|checkpoint|stats|maintain
#include <memory>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "tools/lodestone/arguments.h"
#include "tools/lodestone/command.h"
#include "tools/lodestone/json.h"
#include "tools/lodestone/progress.h"

namespace lodestone::cli {
namespace {

absl::Status Verify(Context& context) {
  RETURN_IF_ERROR(context.NeedStoreAdministrator());
  ASSIGN_OR_RETURN(const std::vector<VerifyFinding> findings, context.store().Verify());
  if (findings.empty()) {
    if (!context.out().json()) context.out().Line("sound");
    if (context.out().format() == Format::kJson) context.out().Line("[]");
    return absl::OkStatus();
  }
  ListWriter writer(&context.out(), {{"WHERE"}, {"WHAT"}});
  for (const VerifyFinding& finding : findings) {
    writer.Add(
        finding.where,
        [&]() -> std::vector<std::string> {
          return {finding.where, finding.what};
        },
        [&] {
          return base::StrCat("{\"where\":", JsonString(finding.where), ",\"what\":", JsonString(finding.what), "}");
        });
  }
  writer.End();
  return absl::DataLossError(base::StrCat("store ", context.global().store, ": expected a sound one, found ",
                                          findings.size(), findings.size() == 1 ? " fault" : " faults"));
}

absl::Status Stats(Context& context) {
  RETURN_IF_ERROR(context.NeedStoreAdministrator());
  ASSIGN_OR_RETURN(const MetastoreStats stats, context.store().Stats());
  Record record;
  record.Number("Catalogs", "catalogs", stats.catalogs);
  record.Number("Databases", "databases", stats.databases);
  record.Number("Tables", "tables", stats.tables);
  record.Number("Partitions", "partitions", stats.partitions);
  record.Number("Functions", "functions", stats.functions);
  record.Number("Events", "events", stats.events);
  record.Number("Dropped objects", "dropped_objects", stats.dropped_objects,
                base::StrCat(Grouped(stats.dropped_objects), " that can be brought back"));
  record.Number("Version", "version", static_cast<int64_t>(stats.version));
  record.Number("Size", "live_bytes", static_cast<int64_t>(stats.live_bytes), Bytes(stats.live_bytes));
  record.Number("Memory", "memory_bytes", static_cast<int64_t>(stats.memory_bytes), Bytes(stats.memory_bytes));
  record.Text("", "engine", stats.engine_detail);
  record.Print(&context.out());
  return absl::OkStatus();
}

}  // namespace

void AddStoreCommands(Program* program) {
  program->Command(program->root(), "verify", Access::kWrite,
                   {"check the whole store",
                    "Reads every file and checks every rule of the layout. Prints `sound` and exits with 0 for a sound "
                    "store; otherwise prints what is wrong where, and exits with 4. Needs the store for itself: "
                    "while another process writes, make a checkpoint and verify that.",
                    {"lodestone verify && echo all is well"}},
                   Verify);

  auto directory = std::make_shared<std::string>();
  CLI::App& checkpoint = program->Command(
      program->root(), "checkpoint", Access::kRead,
      {"copy the store, as of one moment",
       "The copy is a store of its own: to restore it, put it in the place of the other. Every record is read, checked "
       "against its checksum, and written; whoever writes to the store goes on meanwhile. A process that embeds the "
       "library takes its own checkpoints in no time, by linking files.",
       {"lodestone checkpoint /backup/catalog-2026-01-05"}},
      [directory](Context& context) -> absl::Status {
        RETURN_IF_ERROR(context.NeedStoreAdministrator());
        return context.store().Checkpoint(*directory);
      });
  AddArgument(checkpoint, "DIR", *directory, "Folder to make, which must not exist");

  program->Command(program->root(), "stats", Access::kRead,
                   {"count what the store holds",
                    "Costs time by the number of tables, not of partitions.",
                    {"lodestone stats -o json"}},
                   Stats);

  program->Command(program->root(), "maintain", Access::kWrite,
                   {"end what is beyond retention",
                    "Dropped objects, events and broken-off loads beyond --undrop-retention and --event-retention. "
                    "Writes also do so as they come along.",
                    {"lodestone maintain --undrop-retention 1d"}},
                   [](Context& context) -> absl::Status {
                     RETURN_IF_ERROR(context.NeedStoreAdministrator());
                     return context.store().Maintain();
                   });
}

}  // namespace lodestone::cli
