// The frame of the program: commands are registered with their help, the command line is parsed, the store is opened as
// the command needs it, and a failure becomes one message on standard error and an exit status.
//
//   CLI::App& app = program.Command(group, "count", Access::kRead, {.summary = "...", ...},
//                                   [args](Context& context) -> absl::Status { ... });
//   app.add_option("TABLE", args->table, "...")->required();
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "catalog/catalog.h"
#include "tools/lodestone/exit_code.h"
#include "tools/lodestone/output.h"

namespace lodestone::cli {

// What a command does with the store.
enum class Access {
  kNone,    // does not open it
  kRead,    // as a follower: read-only, beside a writer
  kWrite,   // the store must be there; also for what reads files that only a writer may rely on
  kCreate,  // makes the store when it is not there
};

// What `--help` shows of a command, in the manner of a manual page.
struct Help {
  std::string summary;                // one line, no full stop
  std::string description;            // paragraphs; an empty line between them
  std::vector<std::string> examples;  // whole lines; those that begin with `#` explain
};

// The options that every command takes.
struct GlobalOptions {
  std::string store;
  std::string catalog = std::string(kDefaultCatalog);
  std::string user;  // --as; empty: the program itself
  std::string key_file;
  std::string audit;  // --audit; empty: none
  std::string format = "table";
  std::string color = "auto";
  std::string sync;
  std::string warehouse;
  std::string name_rules = "strict";
  std::string undrop_retention = "7d";
  std::string event_retention = "7d";
  bool relaxed = false;
  bool follower = false;
  bool quiet = false;
};

// What a running command works with.
class Context {
 public:
  Context(const GlobalOptions& global, std::unique_ptr<Metastore> store, Output* output)
      : global_(global), store_(std::move(store)), output_(output) {}

  const GlobalOptions& global() const { return global_; }
  // REQUIRES: the command's access is not kNone.
  Metastore& store() { return *store_; }
  // In the catalog of --catalog, as the user of --as.
  Session session() { return store_->As(Principal{.name = global_.user}, global_.catalog); }
  // For what concerns the whole store. PermissionDenied: the user of --as is none who looks after it.
  absl::Status NeedStoreAdministrator();
  Output& out() { return *output_; }
  // A remark for people, on standard error; never part of the output.
  void Note(std::string_view text) const;
  // Of a command that succeeded, and whose answer is told by the exit status as well.
  void SetExitCode(ExitCode code) { exit_code_ = code; }
  ExitCode exit_code() const { return exit_code_; }

 private:
  const GlobalOptions& global_;
  std::unique_ptr<Metastore> store_;
  Output* output_;
  ExitCode exit_code_ = kDone;
};

using Action = std::function<absl::Status(Context&)>;

// The whole command line.
class Program {
 public:
  Program();

  CLI::App& root() { return root_; }
  // A word that commands stand behind, such as `table`.
  CLI::App& Group(const std::string& name, Help help);
  CLI::App& Command(CLI::App& parent, const std::string& name, Access access, Help help, Action action);

  // Parses and runs; returns the exit status.
  int Run(int argc, char** argv);
  const Help& HelpOf(const CLI::App* app) const { return help_.at(app); }

 private:
  struct Entry {
    Access access;
    Action action;
  };
  int RunCommand(const CLI::App& command);
  absl::StatusOr<OpenOptions> OptionsFor(Access access) const;
  // `audit` outlives the store; may be null.
  absl::StatusOr<std::unique_ptr<Metastore>> OpenStore(Access access, AuditSink* audit) const;
  void AddGlobalOptions();

  GlobalOptions global_;
  CLI::App root_;
  std::map<const CLI::App*, Help> help_;
  std::map<const CLI::App*, Entry> commands_;
};

// One per file of commands.
void AddCatalogCommands(Program* program);
void AddDatabaseCommands(Program* program);
void AddTableCommands(Program* program);
void AddFunctionCommands(Program* program);
// Adds its commands to `group`.
void AddPartitionReadCommands(Program* program, CLI::App& group);
void AddPartitionWriteCommands(Program* program, CLI::App& group);
void AddPartitionCommands(Program* program);
void AddExplainCommand(Program* program);
void AddBulkCommands(Program* program);
// Nothing in a build without Hive's protocol.
void AddImportCommand(Program* program);
void AddGenerateCommand(Program* program);
void AddEventCommands(Program* program);
void AddStoreCommands(Program* program);
void AddAccountCommands(Program* program);
void AddKeyCommands(Program* program);
void AddTokenCommands(Program* program);
void AddRoleAndGroupCommands(Program* program);
void AddGrantCommands(Program* program);
void AddCompletionCommand(Program* program);

}  // namespace lodestone::cli
