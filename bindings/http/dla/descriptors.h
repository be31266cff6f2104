// Tables, partitions and what they are made of, between the reference's fields and the catalog's model. The same thing
// has other names in other calls (docs/wire/dla.md).
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bindings/http/dla/json_value.h"
#include "bindings/http/dla/parameters.h"
#include "bindings/http/dla/writer.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "lodestone/model/v1/partition.pb.h"
#include "lodestone/model/v1/table.pb.h"

namespace lodestone::http::dla {

using Columns = google::protobuf::RepeatedPtrField<model::v1::Column>;
using TextMap = google::protobuf::Map<std::string, std::string>;

// ---- Of requests: MissingParameter.<name> and InvalidParameter.<name>, with the place within the parameter ----

absl::Status ReadColumns(const JsonValue& list, Columns* columns);
// The descriptor of CreateTable: columns in `Cols`. Of a view, only these are mandatory.
absl::Status ReadTableDescriptor(const JsonValue& value, bool is_view, model::v1::StorageDescriptor* descriptor);
// An element of the list of AddPartitions: columns in `Col`, the location is optional.
absl::Status ReadPartition(const JsonValue& value, model::v1::Partition* partition);
// The parameter `name`, a JSON object; absent or empty: nothing. `*present`, when asked for, tells which.
absl::Status ReadMap(const Parameters& parameters, std::string_view name, TextMap* map, bool* present = nullptr);
absl::StatusOr<model::v1::TableType> ParseTableType(std::string_view text);
// The parameter `name`, a list of texts.
absl::StatusOr<std::vector<std::string>> ReadTextList(const Parameters& parameters, std::string_view name);

// ---- Of answers ----

std::string_view TableTypeName(model::v1::TableType type);
void WriteColumns(std::string_view name, const Columns& columns, Writer* out);
void WriteTable(const model::v1::Table& table, Writer* out);
// The fields of a PartitionModel, between the braces.
void WritePartition(const model::v1::Partition& partition, std::string_view database, std::string_view table,
                    Writer* out);

}  // namespace lodestone::http::dla
