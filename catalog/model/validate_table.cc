// Tables: columns, partition keys, storage descriptor, views.
#include <algorithm>
#include <optional>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/model/checks.h"
#include "catalog/model/limits.h"
#include "catalog/model/type.h"
#include "catalog/model/validate.h"

namespace lodestone::model {

namespace {

using Columns = google::protobuf::RepeatedPtrField<v1::Column>;
using Strings = google::protobuf::RepeatedPtrField<std::string>;

// Places of columns by their name in lower case.
using PlaceOf = base::StringMap<int>;

// SerDes that take the columns from the catalog; others know them from the files or from a schema of their own.
constexpr std::string_view kCatalogSchemaSerDes[] = {
    "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
    "org.apache.hadoop.hive.serde2.lazybinary.LazyBinarySerDe",
    "org.apache.hadoop.hive.serde2.columnar.ColumnarSerDe",
    "org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe",
    "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
    "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    "org.apache.hadoop.hive.serde2.OpenCSVSerde",
};

bool IsView(const v1::Table& table) {
  return table.table_type() == v1::VIRTUAL_VIEW || table.table_type() == v1::MATERIALIZED_VIEW;
}

// Whether the columns may live elsewhere than in the catalog: with the SerDe, or in parameters of the engine that made
// the table (Flink's generic tables, Spark's data sources).
bool KeepsSchemaElsewhere(const v1::Table& table) {
  for (const auto& [key, value] : table.parameters()) {
    if (key.rfind("flink.", 0) == 0 || key.rfind("spark.sql.", 0) == 0) return true;
  }
  const std::string& serde = table.storage_descriptor().serde_info().serialization_lib();
  return !serde.empty() && std::find(std::begin(kCatalogSchemaSerDes), std::end(kCatalogSchemaSerDes), serde) ==
                               std::end(kCatalogSchemaSerDes);
}

// Type and comment. `owner`: "table web.hits"; the message of ParseType goes on behind it.
absl::Status CheckColumn(const Subject& subject, std::string_view what, std::string_view owner,
                         const v1::Column& column, Type* type) {
  auto fail = [&](std::string_view finding) {
    return MakeError(ErrorKind::kInvalidObject, ObjectKind::kColumn, base::StrCat(subject.object(), ".", column.name()),
                     base::StrCat(what, " ", base::Quoted(column.name()), " of ", owner, ": ", finding));
  };
  if (column.type().empty()) return fail("the type is empty");
  absl::StatusOr<Type> parsed = ParseType(column.type());
  if (!parsed.ok()) return fail(base::ToStd(parsed.status().message()));
  *type = *std::move(parsed);
  if (column.comment().size() <= kMaxCommentBytes && IsCleanText(column.comment())) return absl::OkStatus();
  const std::string comment = base::StrCat("the comment of ", what, " ", base::Quoted(column.name()));
  return CheckText(subject, comment, column.comment(), kMaxCommentBytes, ControlCharacters::kAllow);
}

absl::Status CheckColumnName(const Subject& subject, std::string_view what, int place, std::string_view name) {
  absl::Status status = CheckNewName(ObjectKind::kColumn, name, NameRules::kHive);
  if (status.ok()) return status;
  return subject.Fail(base::StrCat(what, " ", place, ": ", base::ToStd(status.message())));
}

// Bucket, sort and skew columns: each names a column, and each once.
absl::Status CheckNamesColumns(const Subject& subject, std::string_view what,
                               const std::vector<std::string_view>& names, const PlaceOf& columns) {
  base::StringSet seen;
  for (const std::string_view name : names) {
    RETURN_IF_ERROR(CheckText(subject, base::StrCat("the name of a ", what), name, kMaxColumnNameBytes,
                              ControlCharacters::kRefuse));
    std::string lower = base::AsciiLower(name);
    // Without columns in the catalog there is nothing to compare with.
    if (!columns.empty() && !columns.contains(lower)) {
      return subject.Fail(base::StrCat(what, " ", base::Quoted(name), " is none of its columns"));
    }
    if (!seen.insert(std::move(lower)).second) {
      return subject.Fail(base::StrCat(what, " ", base::Quoted(name), " is there twice"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckSkew(const Subject& subject, const v1::SkewedInfo& skew, const PlaceOf& columns) {
  const std::vector<std::string_view> names(skew.columns().begin(), skew.columns().end());
  RETURN_IF_ERROR(CheckNamesColumns(subject, "skewed column", names, columns));
  auto check_values = [&](std::string_view what, const Strings& values) -> absl::Status {
    if (values.size() != skew.columns_size()) {
      return subject.Fail(
          base::StrCat(what, " has ", values.size(), " values, there are ", skew.columns_size(), " skewed columns"));
    }
    for (const std::string& value : values) {
      RETURN_IF_ERROR(CheckText(subject, base::StrCat("a value of ", what), value, kMaxPartitionValueBytes,
                                ControlCharacters::kAllow));
    }
    return absl::OkStatus();
  };
  for (const v1::SkewedInfo::Value& value : skew.values()) {
    RETURN_IF_ERROR(check_values("a skewed value", value.values()));
  }
  for (const v1::SkewedInfo::Location& location : skew.locations()) {
    RETURN_IF_ERROR(check_values("a skewed location", location.values()));
    RETURN_IF_ERROR(
        CheckText(subject, "a skewed location", location.location(), kMaxLocationBytes, ControlCharacters::kRefuse));
  }
  return absl::OkStatus();
}

absl::Status CheckBuckets(const Subject& subject, const v1::StorageDescriptor& descriptor, const PlaceOf& columns) {
  if (descriptor.num_buckets() < -1) {
    return subject.Fail(base::StrCat("the number of buckets is ", descriptor.num_buckets(),
                                     "; expected -1 or 0 for none, or a positive number"));
  }
  const std::vector<std::string_view> buckets(descriptor.bucket_columns().begin(), descriptor.bucket_columns().end());
  RETURN_IF_ERROR(CheckNamesColumns(subject, "bucket column", buckets, columns));
  if (!buckets.empty() && descriptor.num_buckets() < 1) {
    return subject.Fail(
        base::StrCat("there are bucket columns, but the number of buckets is ", descriptor.num_buckets()));
  }
  std::vector<std::string_view> sorted;
  for (const v1::Order& order : descriptor.sort_columns()) {
    sorted.push_back(order.column());
    if (!v1::Order::Direction_IsValid(order.direction())) {
      return subject.Fail(base::StrCat("the direction of sort column ", base::Quoted(order.column()),
                                       " is the unknown number ", static_cast<int>(order.direction())));
    }
  }
  return CheckNamesColumns(subject, "sort column", sorted, columns);
}

absl::Status CheckSerDe(const Subject& subject, const v1::SerDeInfo& serde) {
  const std::pair<std::string_view, const std::string*> texts[] = {
      {"the name of the SerDe", &serde.name()},
      {"the class of the SerDe", &serde.serialization_lib()},
      {"the description of the SerDe", &serde.description()},
      {"the serializer class", &serde.serializer_class()},
      {"the deserializer class", &serde.deserializer_class()},
  };
  for (const auto& [what, text] : texts) {
    RETURN_IF_ERROR(CheckText(subject, what, *text, kMaxClassNameBytes, ControlCharacters::kRefuse));
  }
  return CheckParameters(subject, "SerDe parameter", serde.parameters());
}

// The columns, and where each stands.
absl::StatusOr<PlaceOf> CheckColumns(const Subject& subject, const Columns& columns) {
  if (static_cast<std::size_t>(columns.size()) > kMaxColumns) {
    return subject.Fail(base::StrCat("it has ", columns.size(), " columns, allowed are ", kMaxColumns));
  }
  PlaceOf places;
  if (columns.empty()) return places;
  const std::string owner = base::StrCat(NameOf(subject.kind()), " ", subject.object());
  Type type;
  for (int i = 0; i < columns.size(); ++i) {
    RETURN_IF_ERROR(CheckColumnName(subject, "column", i + 1, columns[i].name()));
    const auto [entry, inserted] = places.try_emplace(base::AsciiLower(columns[i].name()), i + 1);
    if (!inserted) {
      return subject.Fail(base::StrCat("column ", base::Quoted(columns[i].name()), " is there twice, in places ",
                                       entry->second, " and ", i + 1));
    }
    RETURN_IF_ERROR(CheckColumn(subject, "column", owner, columns[i], &type));
  }
  return places;
}

absl::Status CheckPartitionKeys(const Subject& subject, const Columns& keys, const PlaceOf& columns) {
  if (static_cast<std::size_t>(keys.size()) > kMaxPartitionKeys) {
    return subject.Fail(base::StrCat("it has ", keys.size(), " partition keys, allowed are ", kMaxPartitionKeys));
  }
  const std::string owner = base::StrCat(NameOf(subject.kind()), " ", subject.object());
  PlaceOf places;
  Type type;
  for (int i = 0; i < keys.size(); ++i) {
    RETURN_IF_ERROR(CheckColumnName(subject, "partition key", i + 1, keys[i].name()));
    const std::string what = base::StrCat("partition key ", base::Quoted(keys[i].name()));
    const std::string lower = base::AsciiLower(keys[i].name());
    const auto [entry, inserted] = places.try_emplace(lower, i + 1);
    if (!inserted) {
      return subject.Fail(base::StrCat(what, " is there twice, in places ", entry->second, " and ", i + 1));
    }
    if (const auto column = columns.find(lower); column != columns.end()) {
      return subject.Fail(base::StrCat(what, " is among the columns as well, in place ", column->second,
                                       "; expected it only as a key"));
    }
    RETURN_IF_ERROR(CheckColumn(subject, "partition key", owner, keys[i], &type));
    if (!IsPartitionKeyType(type)) {
      return subject.Fail(base::StrCat(what, " has the type ", base::Quoted(ToString(type)),
                                       "; expected a primitive type other than void and intervals"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckView(const Subject& subject, const v1::Table& table) {
  if (table.table_type() == v1::VIRTUAL_VIEW && table.partition_keys_size() > 0) {
    return subject.Fail(base::StrCat("a view has no partition keys, found ", table.partition_keys_size()));
  }
  if (IsView(table) && table.view_original_text().empty() && table.view_expanded_text().empty()) {
    return subject.Fail("a view needs its text, and both the original and the expanded one are empty");
  }
  RETURN_IF_ERROR(CheckText(subject, "the original text of the view", table.view_original_text(), kMaxTextBytes,
                            ControlCharacters::kAllow));
  return CheckText(subject, "the expanded text of the view", table.view_expanded_text(), kMaxTextBytes,
                   ControlCharacters::kAllow);
}

absl::StatusOr<PlaceOf> CheckDescriptorAndColumns(const Subject& subject, const v1::StorageDescriptor& descriptor) {
  ASSIGN_OR_RETURN(PlaceOf columns, CheckColumns(subject, descriptor.columns()));
  RETURN_IF_ERROR(
      CheckText(subject, "the location", descriptor.location(), kMaxLocationBytes, ControlCharacters::kRefuse));
  RETURN_IF_ERROR(CheckText(subject, "the input format", descriptor.input_format(), kMaxClassNameBytes,
                            ControlCharacters::kRefuse));
  RETURN_IF_ERROR(CheckText(subject, "the output format", descriptor.output_format(), kMaxClassNameBytes,
                            ControlCharacters::kRefuse));
  RETURN_IF_ERROR(CheckSerDe(subject, descriptor.serde_info()));
  RETURN_IF_ERROR(CheckBuckets(subject, descriptor, columns));
  RETURN_IF_ERROR(CheckSkew(subject, descriptor.skewed_info(), columns));
  RETURN_IF_ERROR(CheckParameters(subject, "descriptor parameter", descriptor.parameters()));
  return columns;
}

}  // namespace

absl::Status CheckDescriptor(const Subject& subject, const v1::StorageDescriptor& descriptor) {
  return CheckDescriptorAndColumns(subject, descriptor).status();
}

absl::Status CheckTable(const v1::Table& table, NameRules rules) {
  RETURN_IF_ERROR(CheckLookupName(ObjectKind::kDatabase, table.database()));
  RETURN_IF_ERROR(CheckNewName(ObjectKind::kTable, table.name(), rules));
  auto object = [&] { return base::StrCat(table.database(), ".", table.name()); };
  const Subject subject(ObjectKind::kTable, object);
  if (!v1::TableType_IsValid(table.table_type())) {
    return subject.Fail(base::StrCat("the table type is the unknown number ", static_cast<int>(table.table_type())));
  }
  RETURN_IF_ERROR(CheckOwner(subject, table.owner(), table.owner_type()));
  RETURN_IF_ERROR(CheckView(subject, table));
  ASSIGN_OR_RETURN(const PlaceOf columns, CheckDescriptorAndColumns(subject, table.storage_descriptor()));
  if (columns.empty() && !IsView(table) && !KeepsSchemaElsewhere(table)) {
    return subject.Fail("it has no columns; expected at least one that is no partition key");
  }
  RETURN_IF_ERROR(CheckPartitionKeys(subject, table.partition_keys(), columns));
  RETURN_IF_ERROR(CheckParameters(subject, "parameter", table.parameters()));
  return CheckRecordSize(subject, table.ByteSizeLong(), kMaxObjectRecordBytes);
}

}  // namespace lodestone::model
