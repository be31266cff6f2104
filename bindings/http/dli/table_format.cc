#include "bindings/http/dli/table_format.h"

#include "catalog/base/strings.h"

namespace lodestone::http::dli {
namespace {

constexpr char kProvider[] = "spark.sql.sources.provider";
constexpr char kHeaderLines[] = "skip.header.line.count";

constexpr std::string_view kTextInput = "org.apache.hadoop.mapred.TextInputFormat";
constexpr std::string_view kTextOutput = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat";
constexpr std::string_view kOpenCsvSerde = "org.apache.hadoop.hive.serde2.OpenCSVSerde";
constexpr std::string_view kLazySerde = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";

constexpr DataFormat kFormats[] = {
    {"parquet", "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
     "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
     "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"},
    {"orc", "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat", "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
     "org.apache.hadoop.hive.ql.io.orc.OrcSerde"},
    {"csv", kTextInput, kTextOutput, kOpenCsvSerde},
    {"json", kTextInput, kTextOutput, "org.apache.hive.hcatalog.data.JsonSerDe"},
    {"avro", "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat",
     "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat", "org.apache.hadoop.hive.serde2.avro.AvroSerDe"},
    {"textfile", kTextInput, kTextOutput, kLazySerde},
};
// Other SerDes for one of the formats above.
constexpr std::pair<std::string_view, std::string_view> kOtherSerdes[] = {
    {"org.apache.hadoop.hive.serde2.JsonSerDe", "json"},
    {"org.openx.data.jsonserde.JsonSerDe", "json"},
};

// The fields of a request, the names of the options, and what is meant where nothing is said.
struct OptionRow {
  std::string_view field;
  std::string_view option;
  std::string_view otherwise;
  bool json_too;
};
constexpr OptionRow kOptions[] = {
    {"delimiter", "delimiter", ",", false},
    {"quote_char", "quote", "\"", false},
    {"escape_char", "escape", "\\", false},
    {"date_format", "dateformat", "yyyy-MM-dd", true},
    {"timestamp_format", "timestampformat", "yyyy-MM-dd HH:mm:ss", true},
};

// Under which other names Hive's SerDes and Spark's readers keep an option.
constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
    {"sep", "delimiter"},         {"separatorchar", "delimiter"},
    {"field.delim", "delimiter"}, {"quotechar", "quote"},
    {"escapechar", "escape"},     {"escape.delim", "escape"},
    {"delimiter", "delimiter"},   {"quote", "quote"},
    {"escape", "escape"},         {"header", "header"},
    {"dateformat", "dateformat"}, {"timestampformat", "timestampformat"},
};

using Parameters = google::protobuf::Map<std::string, std::string>;

std::string_view Find(const Parameters& parameters, const std::string& name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace

const DataFormat* FormatByName(std::string_view name) {
  for (const DataFormat& format : kFormats) {
    if (base::EqualsIgnoreCase(format.name, name)) return &format;
  }
  return nullptr;
}

std::string_view ProviderOf(const model::v1::Table& table) { return Find(table.parameters(), kProvider); }

const DataFormat* FormatOf(const model::v1::Table& table) {
  if (const std::string_view provider = ProviderOf(table); !provider.empty() && provider != "hive") {
    return FormatByName(provider);
  }
  const std::string& serde = table.storage_descriptor().serde_info().serialization_lib();
  for (const DataFormat& format : kFormats) {
    // Hive's own text SerDe also stands in for formats that it does not read itself.
    const bool fits = serde != kLazySerde || table.storage_descriptor().input_format() == kTextInput;
    if (format.serde == serde && fits) return &format;
  }
  for (const auto& [other, name] : kOtherSerdes) {
    if (other == serde) return FormatByName(name);
  }
  return nullptr;
}

StorageOptions OptionsOf(const model::v1::Table& table) {
  const DataFormat* format = FormatOf(table);
  const Parameters& serde = table.storage_descriptor().serde_info().parameters();
  StorageOptions options;
  for (const auto& [name, value] : serde) {
    const std::string lower = base::AsciiLower(name);
    for (const auto& [alias, option] : kAliases) {
      // The option's own name outranks the others.
      if (alias != lower) continue;
      if (alias == option) {
        options[std::string(option)] = value;
      } else {
        options.emplace(option, value);
      }
    }
  }
  const std::string_view lines = Find(table.parameters(), kHeaderLines);
  if (!lines.empty() && lines != "0") options.emplace("header", "true");
  if (format == nullptr || (format->name != "csv" && format->name != "json")) return options;
  for (const OptionRow& row : kOptions) {
    if (format->name == "csv" || row.json_too) options.emplace(row.option, row.otherwise);
  }
  if (format->name == "csv") options.emplace("header", "false");
  return options;
}

StorageOptions ReadOptions(ObjectReader& fields) {
  StorageOptions options;
  for (const OptionRow& row : kOptions) {
    if (auto text = fields.OptionalText(row.field)) options[std::string(row.option)] = *std::move(text);
  }
  if (fields.Has("with_column_header")) {
    options["header"] = fields.Flag("with_column_header", false) ? "true" : "false";
  }
  return options;
}

void SetFormat(const DataFormat& format, const StorageOptions& options, model::v1::Table* table) {
  model::v1::StorageDescriptor& descriptor = *table->mutable_storage_descriptor();
  descriptor.set_input_format(std::string(format.input_format));
  descriptor.set_output_format(std::string(format.output_format));
  descriptor.mutable_serde_info()->set_serialization_lib(std::string(format.serde));
  Parameters& serde = *descriptor.mutable_serde_info()->mutable_parameters();
  serde["serialization.format"] = "1";
  for (const auto& [name, value] : options) serde[name] = value;
  (*table->mutable_parameters())[kProvider] = format.name;
  // Spark takes the folder of such a table from its options.
  if (!descriptor.location().empty()) serde["path"] = descriptor.location();
  if (format.name != "csv") return;
  const auto value_of = [&](std::string_view option, std::string_view otherwise) {
    const auto found = options.find(std::string(option));
    return found == options.end() ? std::string(otherwise) : found->second;
  };
  // The same once more for Hive.
  serde["separatorChar"] = value_of("delimiter", ",");
  serde["quoteChar"] = value_of("quote", "\"");
  serde["escapeChar"] = value_of("escape", "\\");
  if (value_of("header", "false") == "true") (*table->mutable_parameters())[kHeaderLines] = "1";
}

std::string_view TypeWord(model::v1::TableType type) {
  switch (type) {
    case model::v1::EXTERNAL_TABLE:
      return "EXTERNAL";
    case model::v1::VIRTUAL_VIEW:
    case model::v1::MATERIALIZED_VIEW:
      return "VIEW";
    default:
      return "MANAGED";
  }
}

std::string_view LocationWord(model::v1::TableType type) {
  switch (type) {
    case model::v1::EXTERNAL_TABLE:
      return "OBS";
    case model::v1::VIRTUAL_VIEW:
    case model::v1::MATERIALIZED_VIEW:
      return "VIEW";
    default:
      return "DLI";
  }
}

}  // namespace lodestone::http::dli
