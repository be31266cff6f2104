// A build without Hive's protocol.
#include "tools/lodestone/hive_transfer.h"

namespace lodestone::cli {

const std::string_view kHiveExportHelp;
const std::string_view kHiveExportExample;

CLI::Option* HiveArguments::AddTo(CLI::App& /*app*/) { return nullptr; }

absl::Status ExportToHive(Context& /*context*/, const HiveArguments& /*arguments*/) {
  return absl::UnimplementedError("this build does not have Hive's protocol");
}

void AddImportCommand(Program* /*program*/) {}

}  // namespace lodestone::cli
