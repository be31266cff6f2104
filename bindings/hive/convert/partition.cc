#include "bindings/hive/convert/partition.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "bindings/hive/convert/encode.h"
#include "bindings/hive/convert/fields.h"
#include "bindings/hive/convert/names.h"
#include "bindings/hive/convert/table.h"
#include "catalog/base/status_macros.h"
#include "catalog/like.h"

namespace lodestone::hive {

namespace {

using apache::thrift::protocol::TType;

// Numbers of the fields of Partition and StorageDescriptor that are written by hand (objects.thrift).
namespace field {
constexpr int16_t kValues = 1;
constexpr int16_t kDatabase = 2;
constexpr int16_t kTable = 3;
constexpr int16_t kCreateTime = 4;
constexpr int16_t kLastAccessTime = 5;
constexpr int16_t kDescriptor = 6;
constexpr int16_t kParameters = 7;
constexpr int16_t kPrivileges = 8;
constexpr int16_t kCatalog = 9;
constexpr int16_t kColumns = 1;  // of the descriptor, as the next
constexpr int16_t kLocation = 2;
}  // namespace field

std::string EncodeNames(const TableName& table) {
  std::string out;
  encode::TextField(field::kDatabase, table.database, &out);
  encode::TextField(field::kTable, table.table, &out);
  return out;
}

std::string EncodeCatalog(std::string_view catalog) {
  std::string out;
  encode::TextField(field::kCatalog, catalog, &out);
  encode::Stop(&out);
  return out;
}

std::string EncodeColumns(const std::vector<thrift::FieldSchema>& columns) {
  std::string out;
  encode::Field(TType::T_LIST, field::kColumns, &out);
  encode::Type(TType::T_STRUCT, &out);
  encode::Size(columns.size(), &out);
  return out + encode::Written([&](apache::thrift::protocol::TProtocol* to) {
           for (const thrift::FieldSchema& column : columns) column.write(to);
         });
}

void AppendValues(const PartitionBatch& batch, std::size_t row, std::string* out) {
  encode::Field(TType::T_LIST, field::kValues, out);
  encode::Type(TType::T_STRING, out);
  encode::Size(batch.keys().size(), out);
  for (const KeyColumn& key : batch.keys()) encode::Text(key.value(row), out);
}

void AppendParameters(const PartitionBatch& batch, std::size_t row, const ParameterPatterns& which, std::string* out) {
  encode::Field(TType::T_MAP, field::kParameters, out);
  encode::Type(TType::T_STRING, out);
  encode::Type(TType::T_STRING, out);
  // The number comes first, and is known last.
  const std::size_t at = out->size();
  encode::Size(0, out);
  std::size_t count = 0;
  for (const StringColumn* parameter : batch.parameters()) {
    const std::optional<std::string_view> value = parameter->value(row);
    if (!value || !which.Keeps(parameter->name())) continue;
    encode::Text(parameter->name(), out);
    encode::Text(*value, out);
    ++count;
  }
  std::string size;
  encode::Size(count, &size);
  out->replace(at, size.size(), size);
}

}  // namespace

bool ParameterPatterns::Keeps(std::string_view key) const {
  return (include.empty() || IsLike(key, include)) && (exclude.empty() || !IsLike(key, exclude));
}

absl::StatusOr<model::v1::Partition> ToModel(const thrift::Partition& partition) {
  ASSIGN_OR_RETURN(const DatabaseArgument database, ParseDatabase(partition.catName, partition.dbName));
  model::v1::Partition out;
  out.set_catalog(database.catalog);
  out.set_database(database.name());
  out.set_table(partition.tableName);
  ToModel(partition.values, out.mutable_values());
  out.set_create_time(partition.createTime);
  out.set_last_access_time(partition.lastAccessTime);
  ToModel(partition.parameters, out.mutable_parameters());
  if (partition.__isset.sd) {
    ASSIGN_OR_RETURN(*out.mutable_storage_descriptor(), ToModel(partition.sd));
  }
  return out;
}

thrift::Partition ToThrift(const model::v1::Partition& partition) {
  thrift::Partition out;
  out.__set_values(ToThrift(partition.values()));
  out.__set_dbName(partition.database());
  out.__set_tableName(partition.table());
  out.__set_createTime(ToI32(partition.create_time()));
  out.__set_lastAccessTime(ToI32(partition.last_access_time()));
  if (partition.has_storage_descriptor()) {
    out.sd = ToThrift(partition.storage_descriptor());
    out.__isset.sd = true;
  }
  out.parameters = ToThrift(partition.parameters());
  out.__isset.parameters = true;
  out.__set_catName(partition.catalog());
  return out;
}

PartitionEncoder::PartitionEncoder(const PartitionTable& table, const EncodeOptions& options)
    : options_(options), names_(EncodeNames(table.table)), catalog_(EncodeCatalog(table.catalog)) {}

const PartitionEncoder::Descriptor& PartitionEncoder::Encoded(const model::v1::StorageDescriptor* descriptor) {
  const auto [entry, is_new] = descriptors_.try_emplace(descriptor);
  if (!is_new) return entry->second;
  thrift::StorageDescriptor rest = ToThrift(*descriptor);
  if (!options_.columns) rest.cols.clear();
  // The location is the second field, behind the columns.
  entry->second.before = EncodeColumns(rest.cols);
  rest.__isset.cols = false;
  rest.__isset.location = false;
  entry->second.after = encode::Written([&](apache::thrift::protocol::TProtocol* to) { rest.write(to); });
  return entry->second;
}

void PartitionEncoder::Append(const PartitionBatch& batch, std::size_t row, std::string* out,
                              const std::optional<thrift::PrincipalPrivilegeSet>& privileges) {
  AppendValues(batch, row, out);
  out->append(names_);
  encode::I32Field(field::kCreateTime, ToI32(batch.create_times()[row]), out);
  encode::I32Field(field::kLastAccessTime, ToI32(batch.last_access_times()[row]), out);
  encode::Field(TType::T_STRUCT, field::kDescriptor, out);
  const Descriptor& descriptor = Encoded(batch.descriptor(row));
  out->append(descriptor.before);
  if (const auto location = batch.locations()->value(row); location && !location->empty()) {
    encode::TextField(field::kLocation, *location, out);
  }
  out->append(descriptor.after);
  AppendParameters(batch, row, options_.parameters, out);
  if (privileges) {
    encode::Field(TType::T_STRUCT, field::kPrivileges, out);
    out->append(encode::Written([&](apache::thrift::protocol::TProtocol* to) { privileges->write(to); }));
  }
  out->append(catalog_);
}

}  // namespace lodestone::hive
