#include "tools/lodestone/table_definition.h"

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "tools/lodestone/column_list.h"
#include "tools/lodestone/exit_code.h"
#include "tools/lodestone/json.h"

namespace lodestone::cli {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{64} << 20;

// The classes behind Hive's STORED AS.
struct StorageFormat {
  std::string_view name, input, output, serde;
};
constexpr std::string_view kTextInput = "org.apache.hadoop.mapred.TextInputFormat";
constexpr std::string_view kTextOutput = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat";
constexpr std::string_view kLazySerDe = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";
constexpr StorageFormat kStorageFormats[] = {
    {"textfile", kTextInput, kTextOutput, kLazySerDe},
    {"sequencefile", "org.apache.hadoop.mapred.SequenceFileInputFormat",
     "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat", kLazySerDe},
    {"parquet", "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
     "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
     "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"},
    {"orc", "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat", "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
     "org.apache.hadoop.hive.ql.io.orc.OrcSerde"},
    {"avro", "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat",
     "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat", "org.apache.hadoop.hive.serde2.avro.AvroSerDe"},
    {"jsonfile", kTextInput, kTextOutput, "org.apache.hadoop.hive.serde2.JsonSerDe"},
};

model::v1::TableType TypeFromName(std::string_view name) {
  if (name == "external") return model::v1::EXTERNAL_TABLE;
  if (name == "view") return model::v1::VIRTUAL_VIEW;
  if (name == "materialized-view") return model::v1::MATERIALIZED_VIEW;
  return model::v1::MANAGED_TABLE;
}

void Append(const std::vector<model::v1::Column>& columns, google::protobuf::RepeatedPtrField<model::v1::Column>* out) {
  for (const model::v1::Column& column : columns) *out->Add() = column;
}

}  // namespace

void TableDefinition::AddCommonOptions(CLI::App& app, bool with_unset) {
  AddText(app, "--type", type_, "TYPE", "managed (the default), external, view or materialized-view")
      ->check(CLI::IsMember({"managed", "external", "view", "materialized-view"}));
  location_option_ = AddText(app, "--location", location_, "URI", "Where its data is");
  comment_option_ = AddText(app, "--comment", comment_, "TEXT", "What it is for: the parameter `comment`");
  owner_.AddTo(app);
  parameters_.AddTo(app, with_unset);
  AddText(app, "--view", view_text_, "QUERY", "The query of a view");
  AddText(app, "--stored-as", stored_as_, "FORMAT",
          "File format: textfile, sequencefile, parquet, orc, avro or jsonfile")
      ->check(CLI::IsMember({"textfile", "sequencefile", "parquet", "orc", "avro", "jsonfile"}));
  AddText(app, "--input-format", input_format_, "CLASS", "Class that reads the files");
  AddText(app, "--output-format", output_format_, "CLASS", "Class that writes the files");
  AddText(app, "--serde", serde_, "CLASS", "Class that turns rows into bytes and back");
  AddRepeated(app, "--serde-parameter", serde_parameters_, "A parameter of that class; may be given several times")
      ->type_name("KEY=VALUE");
  AddText(app, "--file", file_, "FILE",
          "The table as JSON (the message Table of proto/lodestone/model/v1/table.proto; `-`: standard input), before "
          "other options");
}

void TableDefinition::AddCreateOptions(CLI::App& app) {
  columns_option_ = AddText(app, "--columns", columns_, "LIST",
                            "Columns: name, type and optionally comment, such as \"x int, m map<string,array<int>> "
                            "comment 'by day'\"");
  AddText(app, "--partition-keys", partition_keys_, "LIST", "Partition keys, written as columns are");
  AddCommonOptions(app, false);
}

void TableDefinition::AddAlterOptions(CLI::App& app) {
  columns_option_ = AddText(app, "--columns", columns_, "LIST", "Replaces the columns");
  AddText(app, "--add-columns", add_columns_, "LIST", "Adds columns behind the others");
  AddText(app, "--partition-keys", partition_keys_, "LIST",
          "Renames or comments partition keys; their number and types stay");
  AddCommonOptions(app, true);
}

absl::Status TableDefinition::ApplyFile(model::v1::Table* table) const {
  if (file_.empty()) return absl::OkStatus();
  std::string text;
  RETURN_IF_ERROR(ReadWholeFile(file_, kMaxFileBytes, &text));
  model::v1::Table from_file;
  RETURN_IF_ERROR(FromJson(file_ == "-" ? "standard input" : file_, text, &from_file));
  from_file.set_database(table->database());
  from_file.set_name(table->name());
  *table = std::move(from_file);
  return absl::OkStatus();
}

absl::Status TableDefinition::ApplyColumns(model::v1::Table* table) const {
  auto* columns = table->mutable_storage_descriptor()->mutable_columns();
  if (columns_option_->count() > 0) {
    ASSIGN_OR_RETURN(const auto parsed, ParseColumnList("--columns", columns_));
    columns->Clear();
    Append(parsed, columns);
  }
  if (!add_columns_.empty()) {
    ASSIGN_OR_RETURN(const auto parsed, ParseColumnList("--add-columns", add_columns_));
    Append(parsed, columns);
  }
  if (!partition_keys_.empty()) {
    ASSIGN_OR_RETURN(const auto parsed, ParseColumnList("--partition-keys", partition_keys_));
    table->clear_partition_keys();
    Append(parsed, table->mutable_partition_keys());
  }
  return absl::OkStatus();
}

void TableDefinition::ApplyStorage(model::v1::StorageDescriptor* storage) const {
  for (const StorageFormat& format : kStorageFormats) {
    if (format.name != stored_as_) continue;
    storage->set_input_format(std::string(format.input));
    storage->set_output_format(std::string(format.output));
    storage->mutable_serde_info()->set_serialization_lib(std::string(format.serde));
  }
  if (!input_format_.empty()) storage->set_input_format(input_format_);
  if (!output_format_.empty()) storage->set_output_format(output_format_);
  if (!serde_.empty()) storage->mutable_serde_info()->set_serialization_lib(serde_);
  if (location_option_->count() > 0) storage->set_location(location_);
}

absl::Status TableDefinition::ApplyTo(model::v1::Table* table) const {
  RETURN_IF_ERROR(ApplyFile(table));
  RETURN_IF_ERROR(ApplyColumns(table));
  ApplyStorage(table->mutable_storage_descriptor());
  for (const std::string& pair : serde_parameters_) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos) {
      return UsageError(base::StrCat("--serde-parameter: expected KEY=VALUE, found ", base::Quoted(pair)));
    }
    (*table->mutable_storage_descriptor()->mutable_serde_info()->mutable_parameters())[pair.substr(0, equals)] =
        pair.substr(equals + 1);
  }
  if (!view_text_.empty()) {
    table->set_view_original_text(view_text_);
    table->set_view_expanded_text(view_text_);
    if (type_.empty() && table->table_type() != model::v1::MATERIALIZED_VIEW) {
      table->set_table_type(model::v1::VIRTUAL_VIEW);
    }
  }
  if (!type_.empty()) table->set_table_type(TypeFromName(type_));
  if (!owner_.name.empty()) table->set_owner(owner_.name);
  if (!owner_.name.empty() || !owner_.type.empty()) table->set_owner_type(owner_.ToType());
  if (comment_option_->count() > 0) (*table->mutable_parameters())["comment"] = comment_;
  return parameters_.ApplyTo(table->mutable_parameters());
}

}  // namespace lodestone::cli
