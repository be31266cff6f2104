// Moving metadata from a Hive metastore and to one: `import --hive` and `export --hive`. In builds without Hive's
// protocol the options are not there.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "tools/lodestone/command.h"

namespace lodestone::cli {

struct HiveArguments {
  std::string address;
  std::vector<std::string> databases;
  std::string catalog = std::string(kDefaultCatalog);  // of the metastore
  std::string user = "lodestone";
  std::string password_file;
  std::string tls_ca;
  bool update = false;
  bool no_statistics = false;
  bool no_grants = false;
  bool no_column_grants = false;
  int64_t max_errors = 0;
  int batch = 500;

  // The option --hive, and what goes with it. Null in a build without Hive's protocol.
  CLI::Option* AddTo(CLI::App& app);
};

// What `export --help` says of it; empty in a build without Hive's protocol.
extern const std::string_view kHiveExportHelp;
extern const std::string_view kHiveExportExample;

absl::Status ExportToHive(Context& context, const HiveArguments& arguments);

}  // namespace lodestone::cli
