#include "bindings/hive/convert/table.h"

#include <array>
#include <utility>

#include "bindings/hive/convert/fields.h"
#include "bindings/hive/convert/names.h"
#include "catalog/base/status_macros.h"
#include "catalog/errors.h"

namespace lodestone::hive {

namespace {

struct TypeRow {
  model::v1::TableType type;
  std::string_view name;
};
constexpr std::array kTypes = {
    TypeRow{model::v1::MANAGED_TABLE, "MANAGED_TABLE"},
    TypeRow{model::v1::EXTERNAL_TABLE, "EXTERNAL_TABLE"},
    TypeRow{model::v1::VIRTUAL_VIEW, "VIRTUAL_VIEW"},
    TypeRow{model::v1::MATERIALIZED_VIEW, "MATERIALIZED_VIEW"},
};

void ReadSerDe(const thrift::SerDeInfo& serde, model::v1::SerDeInfo* out) {
  out->set_name(serde.name);
  out->set_serialization_lib(serde.serializationLib);
  ToModel(serde.parameters, out->mutable_parameters());
  out->set_description(serde.description);
  out->set_serializer_class(serde.serializerClass);
  out->set_deserializer_class(serde.deserializerClass);
}

thrift::SerDeInfo WriteSerDe(const model::v1::SerDeInfo& serde) {
  thrift::SerDeInfo out;
  if (!serde.name().empty()) out.__set_name(serde.name());
  if (!serde.serialization_lib().empty()) out.__set_serializationLib(serde.serialization_lib());
  out.__set_parameters(ToThrift(serde.parameters()));
  if (!serde.description().empty()) out.__set_description(serde.description());
  if (!serde.serializer_class().empty()) out.__set_serializerClass(serde.serializer_class());
  if (!serde.deserializer_class().empty()) out.__set_deserializerClass(serde.deserializer_class());
  return out;
}

void ReadSkew(const thrift::SkewedInfo& skew, model::v1::SkewedInfo* out) {
  ToModel(skew.skewedColNames, out->mutable_columns());
  for (const std::vector<std::string>& values : skew.skewedColValues) {
    ToModel(values, out->add_values()->mutable_values());
  }
  for (const auto& [values, location] : skew.skewedColValueLocationMaps) {
    model::v1::SkewedInfo::Location* const entry = out->add_locations();
    ToModel(values, entry->mutable_values());
    entry->set_location(location);
  }
}

thrift::SkewedInfo WriteSkew(const model::v1::SkewedInfo& skew) {
  thrift::SkewedInfo out;
  out.__set_skewedColNames(ToThrift(skew.columns()));
  out.__isset.skewedColValues = true;
  for (const auto& values : skew.values()) out.skewedColValues.push_back(ToThrift(values.values()));
  out.__isset.skewedColValueLocationMaps = true;
  for (const auto& entry : skew.locations()) {
    out.skewedColValueLocationMaps[ToThrift(entry.values())] = entry.location();
  }
  return out;
}

bool IsEmpty(const thrift::SkewedInfo& skew) {
  return skew.skewedColNames.empty() && skew.skewedColValues.empty() && skew.skewedColValueLocationMaps.empty();
}

absl::Status ReadOrder(const thrift::Order& order, model::v1::Order* out) {
  out->set_column(order.col);
  if (order.order != 0 && order.order != 1) {
    return absl::InvalidArgumentError(
        base::StrCat("sort column ", base::Quoted(order.col), ": expected the order 0 or 1, found ", order.order));
  }
  out->set_direction(order.order == 1 ? model::v1::Order::ASCENDING : model::v1::Order::DESCENDING);
  return absl::OkStatus();
}

// What Hive takes for granted in a table, also in a view.
absl::Status CheckNulls(const thrift::Table& table) {
  if (!table.__isset.dbName) return NullError("the database of the table");
  if (!table.__isset.tableName) return NullError("the name of the table");
  const auto fail = [&](std::string_view what) {
    return NullError(
        base::StrCat("table ", base::Quoted(base::StrCat(table.dbName, ".", table.tableName)), ": ", what));
  };
  if (!table.__isset.sd) return fail("the storage descriptor");
  if (!table.sd.__isset.cols) return fail("the list of columns");
  if (!table.sd.__isset.serdeInfo) return fail("the SerDe");
  return absl::OkStatus();
}

}  // namespace

absl::Status ToModel(const std::vector<thrift::FieldSchema>& columns, Columns* out) {
  out->Clear();
  out->Reserve(static_cast<int>(columns.size()));
  for (const thrift::FieldSchema& column : columns) {
    if (!column.__isset.name) return NullError("the name of a column");
    if (!column.__isset.type) return NullError(base::StrCat("the type of the column ", base::Quoted(column.name)));
    model::v1::Column* const to = out->Add();
    to->set_name(column.name);
    to->set_type(column.type);
    to->set_comment(column.comment);
  }
  return absl::OkStatus();
}

std::vector<thrift::FieldSchema> ToThrift(const Columns& columns) {
  std::vector<thrift::FieldSchema> out(static_cast<std::size_t>(columns.size()));
  for (int i = 0; i < columns.size(); ++i) {
    thrift::FieldSchema& to = out[static_cast<std::size_t>(i)];
    to.__set_name(columns[i].name());
    to.__set_type(columns[i].type());
    if (!columns[i].comment().empty()) to.__set_comment(columns[i].comment());
  }
  return out;
}

absl::StatusOr<model::v1::StorageDescriptor> ToModel(const thrift::StorageDescriptor& descriptor) {
  model::v1::StorageDescriptor out;
  RETURN_IF_ERROR(ToModel(descriptor.cols, out.mutable_columns()));
  out.set_location(descriptor.location);
  out.set_input_format(descriptor.inputFormat);
  out.set_output_format(descriptor.outputFormat);
  out.set_compressed(descriptor.compressed);
  out.set_num_buckets(descriptor.numBuckets);
  if (descriptor.__isset.serdeInfo) ReadSerDe(descriptor.serdeInfo, out.mutable_serde_info());
  ToModel(descriptor.bucketCols, out.mutable_bucket_columns());
  for (const thrift::Order& order : descriptor.sortCols) RETURN_IF_ERROR(ReadOrder(order, out.add_sort_columns()));
  ToModel(descriptor.parameters, out.mutable_parameters());
  if (!IsEmpty(descriptor.skewedInfo)) ReadSkew(descriptor.skewedInfo, out.mutable_skewed_info());
  out.set_stored_as_sub_directories(descriptor.storedAsSubDirectories);
  return out;
}

thrift::StorageDescriptor ToThrift(const model::v1::StorageDescriptor& descriptor) {
  thrift::StorageDescriptor out;
  out.cols = ToThrift(descriptor.columns());
  out.__isset.cols = true;
  if (!descriptor.location().empty()) out.__set_location(descriptor.location());
  if (!descriptor.input_format().empty()) out.__set_inputFormat(descriptor.input_format());
  if (!descriptor.output_format().empty()) out.__set_outputFormat(descriptor.output_format());
  out.__set_compressed(descriptor.compressed());
  out.__set_numBuckets(descriptor.num_buckets());
  out.serdeInfo = WriteSerDe(descriptor.serde_info());
  out.__isset.serdeInfo = true;
  out.__set_bucketCols(ToThrift(descriptor.bucket_columns()));
  out.__isset.sortCols = true;
  for (const model::v1::Order& order : descriptor.sort_columns()) {
    thrift::Order& to = out.sortCols.emplace_back();
    to.__set_col(order.column());
    to.__set_order(order.direction() == model::v1::Order::ASCENDING ? 1 : 0);
  }
  out.__set_parameters(ToThrift(descriptor.parameters()));
  out.__set_skewedInfo(WriteSkew(descriptor.skewed_info()));
  out.__set_storedAsSubDirectories(descriptor.stored_as_sub_directories());
  return out;
}

absl::StatusOr<model::v1::TableType> ParseTableType(std::string_view text) {
  if (text.empty()) return model::v1::TABLE_TYPE_UNSPECIFIED;
  for (const TypeRow& row : kTypes) {
    if (base::EqualsIgnoreCase(row.name, text)) return row.type;
  }
  return MakeError(ErrorKind::kInvalidObject, ObjectKind::kTable, text,
                   base::StrCat("table type ", base::Quoted(text),
                                ": expected MANAGED_TABLE, EXTERNAL_TABLE, VIRTUAL_VIEW or MATERIALIZED_VIEW"));
}

std::string_view TableTypeName(model::v1::TableType type) {
  for (const TypeRow& row : kTypes) {
    if (row.type == type) return row.name;
  }
  return kTypes[0].name;
}

absl::StatusOr<model::v1::Table> ToModel(const thrift::Table& table) {
  RETURN_IF_ERROR(CheckNulls(table));
  ASSIGN_OR_RETURN(const DatabaseArgument database, ParseDatabase(table.catName, table.dbName));
  model::v1::Table out;
  out.set_catalog(database.catalog);
  out.set_database(database.name());
  out.set_name(table.tableName);
  out.set_owner(table.owner);
  if (table.__isset.ownerType) out.set_owner_type(ToModel(table.ownerType));
  out.set_create_time(table.createTime);
  out.set_last_access_time(table.lastAccessTime);
  out.set_retention(table.retention);
  ASSIGN_OR_RETURN(const model::v1::TableType type, ParseTableType(table.tableType));
  out.set_table_type(type);
  ASSIGN_OR_RETURN(*out.mutable_storage_descriptor(), ToModel(table.sd));
  RETURN_IF_ERROR(ToModel(table.partitionKeys, out.mutable_partition_keys()));
  ToModel(table.parameters, out.mutable_parameters());
  out.set_view_original_text(table.viewOriginalText);
  out.set_view_expanded_text(table.viewExpandedText);
  out.set_rewrite_enabled(table.rewriteEnabled);
  return out;
}

thrift::Table ToThrift(const model::v1::Table& table) {
  thrift::Table out;
  out.__set_tableName(table.name());
  out.__set_dbName(table.database());
  if (!table.owner().empty()) out.__set_owner(table.owner());
  out.__set_createTime(ToI32(table.create_time()));
  out.__set_lastAccessTime(ToI32(table.last_access_time()));
  out.__set_retention(ToI32(table.retention()));
  out.sd = ToThrift(table.storage_descriptor());
  out.__isset.sd = true;
  out.partitionKeys = ToThrift(table.partition_keys());
  out.__isset.partitionKeys = true;
  out.parameters = ToThrift(table.parameters());
  out.__isset.parameters = true;
  if (!table.view_original_text().empty()) out.__set_viewOriginalText(table.view_original_text());
  if (!table.view_expanded_text().empty()) out.__set_viewExpandedText(table.view_expanded_text());
  out.__set_tableType(std::string(TableTypeName(table.table_type())));
  out.__set_rewriteEnabled(table.rewrite_enabled());
  out.__set_catName(table.catalog());
  out.__set_ownerType(ToThrift(table.owner_type()));
  out.__set_id(table.id());
  return out;
}

thrift::TableMeta ToMeta(std::string_view catalog, const model::v1::TableSummary& table) {
  thrift::TableMeta out;
  out.__set_dbName(table.database());
  out.__set_tableName(table.name());
  out.__set_tableType(std::string(TableTypeName(table.table_type())));
  if (!table.comment().empty()) out.__set_comments(table.comment());
  out.__set_catName(std::string(catalog));
  if (!table.owner().empty()) {
    out.__set_ownerName(table.owner());
    out.__set_ownerType(ToThrift(table.owner_type()));
  }
  return out;
}

}  // namespace lodestone::hive
