// The options that describe a table, and the table that they make.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "absl/status/status.h"
#include "lodestone/model/v1/table.pb.h"
#include "tools/lodestone/arguments.h"

namespace lodestone::cli {

// For `table create` and `table alter`: what is not given stays as it is.
class TableDefinition {
 public:
  void AddCreateOptions(CLI::App& app);
  void AddAlterOptions(CLI::App& app);

  // Changes `table` as the options say; --file first, then the others. The name and database stay as they are. Fails
  // with InvalidArgument for a malformed column list, file or parameter.
  absl::Status ApplyTo(model::v1::Table* table) const;

 private:
  void AddCommonOptions(CLI::App& app, bool with_unset);
  absl::Status ApplyFile(model::v1::Table* table) const;
  absl::Status ApplyColumns(model::v1::Table* table) const;
  void ApplyStorage(model::v1::StorageDescriptor* storage) const;

  std::string file_, columns_, add_columns_, partition_keys_, type_, location_, comment_, view_text_;
  std::string stored_as_, input_format_, output_format_, serde_;
  std::vector<std::string> serde_parameters_;
  CLI::Option* columns_option_ = nullptr;
  CLI::Option* comment_option_ = nullptr;
  CLI::Option* location_option_ = nullptr;
  OwnerArguments owner_;
  ParameterArguments parameters_;
};

}  // namespace lodestone::cli
