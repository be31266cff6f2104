// What a table's data looks like, between the words of this wire and the classes and parameters that Hive and Spark
// read.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "bindings/http/dli/body.h"
#include "lodestone/model/v1/table.pb.h"

namespace lodestone::http::dli {

struct DataFormat {
  std::string_view name;  // as on this wire, in lower case; `textfile` is Hive's, which this wire can't create
  std::string_view input_format;
  std::string_view output_format;
  std::string_view serde;
};
// Null: unknown. In any case.
const DataFormat* FormatByName(std::string_view name);
// By the provider that Spark notes, else by the SerDe. Null: none of these.
const DataFormat* FormatOf(const model::v1::Table& table);

// The word of the parameter `spark.sql.sources.provider`; empty: the table is Hive's.
std::string_view ProviderOf(const model::v1::Table& table);

// The options of csv and json files under the names of this wire: delimiter, quote, escape, header, dateformat,
// timestampformat. Of a table, whoever made it.
using StorageOptions = std::map<std::string, std::string>;
StorageOptions OptionsOf(const model::v1::Table& table);
// Reads them from the fields of a request to create a table; only those that are given.
StorageOptions ReadOptions(ObjectReader& fields);

// Sets formats, SerDe and parameters so that Hive and Spark read the table.
void SetFormat(const DataFormat& format, const StorageOptions& options, model::v1::Table* table);

// `MANAGED`, `EXTERNAL`, `VIEW`; and where the data is: `DLI`, `OBS`, `VIEW`.
std::string_view TypeWord(model::v1::TableType type);
std::string_view LocationWord(model::v1::TableType type);

}  // namespace lodestone::http::dli
