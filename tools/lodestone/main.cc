// The command line `lodestone`: see `lodestone --help` and docs/operations.md.
#include <csignal>

#include "google/protobuf/stubs/logging.h"
#include "tools/lodestone/command.h"

int main(int argc, char** argv) {
  // Whoever reads our output may go away: the write tells, and we end quietly.
  std::signal(SIGPIPE, SIG_IGN);
  // A failure is one message, ours.
  google::protobuf::SetLogHandler(nullptr);

  lodestone::cli::Program program;
  lodestone::cli::AddCatalogCommands(&program);
  lodestone::cli::AddDatabaseCommands(&program);
  lodestone::cli::AddTableCommands(&program);
  lodestone::cli::AddFunctionCommands(&program);
  lodestone::cli::AddPartitionCommands(&program);
  lodestone::cli::AddBulkCommands(&program);
  lodestone::cli::AddImportCommand(&program);
  lodestone::cli::AddGenerateCommand(&program);
  lodestone::cli::AddExplainCommand(&program);
  lodestone::cli::AddEventCommands(&program);
  lodestone::cli::AddStoreCommands(&program);
  lodestone::cli::AddAccountCommands(&program);
  lodestone::cli::AddKeyCommands(&program);
  lodestone::cli::AddTokenCommands(&program);
  lodestone::cli::AddRoleAndGroupCommands(&program);
  lodestone::cli::AddGrantCommands(&program);
  lodestone::cli::AddCompletionCommand(&program);
  return program.Run(argc, argv);
}
