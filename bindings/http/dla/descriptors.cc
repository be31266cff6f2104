#include "bindings/http/dla/descriptors.h"

#include <array>
#include <utility>

#include "bindings/http/dla/errors.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::http::dla {

namespace {

using base::StrCat;
using model::v1::StorageDescriptor;

// How calls differ in what they call the same thing.
struct Names {
  std::string_view columns;
  std::string_view serde;
};
constexpr Names kTableNames = {.columns = "Cols", .serde = "SerDeInfo"};
constexpr Names kAddedPartitionNames = {.columns = "Col", .serde = "SerDeInfo"};
constexpr Names kPartitionModelNames = {.columns = "Cols", .serde = "SerDeInfoModel"};

// What a descriptor has to have beside its columns.
struct Mandatory {
  bool formats = true;
  bool location = true;
};

struct TypeRow {
  std::string_view name;
  model::v1::TableType type;
};
// The first of a type is what answers say.
constexpr std::array kTypes = {
    TypeRow{"MANAGED_TABLE", model::v1::MANAGED_TABLE},         TypeRow{"EXTERNAL_TABLE", model::v1::EXTERNAL_TABLE},
    TypeRow{"VIRTUAL_VIEW", model::v1::VIRTUAL_VIEW},           TypeRow{"VIEW", model::v1::VIRTUAL_VIEW},
    TypeRow{"MATERIALIZED_VIEW", model::v1::MATERIALIZED_VIEW},
};

absl::Status ReadMapField(const JsonValue& object, std::string_view name, TextMap* map) {
  ASSIGN_OR_RETURN(const JsonValue::Field field, object.Find(name));
  return field ? field->ToMap(map) : absl::OkStatus();
}

absl::StatusOr<std::string> ReadText(const JsonValue& object, std::string_view name, bool mandatory) {
  return mandatory ? object.NeedText(name) : object.FindText(name);
}

absl::Status ReadSerDe(const JsonValue& value, bool mandatory, model::v1::SerDeInfo* serde) {
  ASSIGN_OR_RETURN(*serde->mutable_name(), value.FindText("Name"));
  ASSIGN_OR_RETURN(*serde->mutable_serialization_lib(), ReadText(value, "SerializationLib", mandatory));
  return ReadMapField(value, "Parameters", serde->mutable_parameters());
}

absl::Status ReadDescriptor(const JsonValue& value, const Names& names, const Mandatory& mandatory,
                            StorageDescriptor* descriptor) {
  ASSIGN_OR_RETURN(const JsonValue columns, value.Need(names.columns));
  RETURN_IF_ERROR(ReadColumns(columns, descriptor->mutable_columns()));
  ASSIGN_OR_RETURN(*descriptor->mutable_input_format(), ReadText(value, "InputFormat", mandatory.formats));
  ASSIGN_OR_RETURN(*descriptor->mutable_output_format(), ReadText(value, "OutputFormat", mandatory.formats));
  ASSIGN_OR_RETURN(*descriptor->mutable_location(), ReadText(value, "Location", mandatory.location));
  RETURN_IF_ERROR(ReadMapField(value, "Parameters", descriptor->mutable_parameters()));
  ASSIGN_OR_RETURN(const JsonValue::Field serde, value.Find(names.serde));
  if (serde) return ReadSerDe(*serde, mandatory.formats, descriptor->mutable_serde_info());
  return mandatory.formats ? value.Need(names.serde).status() : absl::OkStatus();
}

void WriteDescriptor(std::string_view name, const Names& names, const StorageDescriptor& descriptor, Writer* out) {
  out->BeginObject(name);
  WriteColumns(names.columns, descriptor.columns(), out);
  out->Text("InputFormat", descriptor.input_format());
  out->Text("OutputFormat", descriptor.output_format());
  out->Text("Location", descriptor.location());
  out->Map("Parameters", descriptor.parameters());
  out->BeginObject(names.serde);
  out->Text("Name", descriptor.serde_info().name());
  out->Text("SerializationLib", descriptor.serde_info().serialization_lib());
  out->Map("Parameters", descriptor.serde_info().parameters());
  out->EndObject();
  out->EndObject();
}

}  // namespace

absl::Status ReadColumns(const JsonValue& list, Columns* columns) {
  return list.ForEach([&](const JsonValue& item) -> absl::Status {
    model::v1::Column* column = columns->Add();
    ASSIGN_OR_RETURN(*column->mutable_name(), item.NeedText("Name"));
    ASSIGN_OR_RETURN(*column->mutable_type(), item.NeedText("Type"));
    ASSIGN_OR_RETURN(*column->mutable_comment(), item.FindText("Comment"));
    return absl::OkStatus();
  });
}

absl::Status ReadTableDescriptor(const JsonValue& value, bool is_view, StorageDescriptor* descriptor) {
  return ReadDescriptor(value, kTableNames, {.formats = !is_view, .location = !is_view}, descriptor);
}

absl::Status ReadPartition(const JsonValue& value, model::v1::Partition* partition) {
  ASSIGN_OR_RETURN(*partition->mutable_database(), value.NeedText("DbName"));
  ASSIGN_OR_RETURN(*partition->mutable_table(), value.NeedText("TableName"));
  ASSIGN_OR_RETURN(const JsonValue values, value.Need("Values"));
  ASSIGN_OR_RETURN(std::vector<std::string> texts, values.TextList());
  for (std::string& text : texts) partition->add_values(std::move(text));
  RETURN_IF_ERROR(ReadMapField(value, "Parameters", partition->mutable_parameters()));
  ASSIGN_OR_RETURN(const JsonValue descriptor, value.Need("StorageDescriptor"));
  return ReadDescriptor(descriptor, kAddedPartitionNames, {.formats = true, .location = false},
                        partition->mutable_storage_descriptor());
}

absl::Status ReadMap(const Parameters& parameters, std::string_view name, TextMap* map, bool* present) {
  const std::string_view text = parameters.Get(name);
  if (present != nullptr) *present = !text.empty();
  if (text.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const JsonDocument document, JsonDocument::Parse(name, text));
  return document.root().ToMap(map);
}

absl::StatusOr<model::v1::TableType> ParseTableType(std::string_view text) {
  for (const TypeRow& row : kTypes) {
    if (base::EqualsIgnoreCase(row.name, text)) return row.type;
  }
  std::string known;
  for (const TypeRow& row : kTypes) base::StrAppend(&known, known.empty() ? "" : ", ", row.name);
  return Invalid("TableType", StrCat("TableType: expected one of ", known, ", found ", base::Quoted(text, 80)));
}

absl::StatusOr<std::vector<std::string>> ReadTextList(const Parameters& parameters, std::string_view name) {
  ASSIGN_OR_RETURN(const std::string_view text, Need(parameters, name));
  ASSIGN_OR_RETURN(const JsonDocument document, JsonDocument::Parse(name, text));
  return document.root().TextList();
}

std::string_view TableTypeName(model::v1::TableType type) {
  for (const TypeRow& row : kTypes) {
    if (row.type == type) return row.name;
  }
  return kTypes[0].name;
}

void WriteColumns(std::string_view name, const Columns& columns, Writer* out) {
  out->BeginList(name);
  for (const model::v1::Column& column : columns) {
    out->BeginItem();
    out->Text("Name", column.name());
    out->Text("Type", column.type());
    out->Text("Comment", column.comment());
    out->EndItem();
  }
  out->EndList();
}

void WriteTable(const model::v1::Table& table, Writer* out) {
  out->BeginObject("Table");
  out->Text("DbName", table.database());
  out->Text("TableName", table.name());
  out->Text("Owner", table.owner());
  out->Text("TableType", TableTypeName(table.table_type()));
  out->Number("CreateTime", table.create_time());
  out->Number("LastAccessTime", table.last_access_time());
  out->Map("Parameters", table.parameters());
  WriteColumns("PartitionKeys", table.partition_keys(), out);
  WriteDescriptor("StorageDescriptor", kTableNames, table.storage_descriptor(), out);
  out->Text("ViewOriginalText", table.view_original_text());
  out->Text("ViewExpandedText", table.view_expanded_text());
  out->EndObject();
}

void WritePartition(const model::v1::Partition& partition, std::string_view database, std::string_view table,
                    Writer* out) {
  out->Text("DbName", database);
  out->Text("TableName", table);
  out->BeginList("Values");
  for (const std::string& value : partition.values()) out->TextItem(value);
  out->EndList();
  out->Number("CreateTime", partition.create_time());
  out->Map("Parameters", partition.parameters());
  WriteDescriptor("StorageDescriptorModel", kPartitionModelNames, partition.storage_descriptor(), out);
}

}  // namespace lodestone::http::dla
