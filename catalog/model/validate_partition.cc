// Partitions, constraints and statistics: what refers to the columns and keys of a table.
#include <algorithm>
#include <cmath>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/model/checks.h"
#include "catalog/model/limits.h"
#include "catalog/model/type.h"
#include "catalog/model/validate.h"

namespace lodestone::model {

namespace {

using Statistics = v1::ColumnStatistics;

// `[a, b]`, for messages; cut where it gets long.
template <typename Texts>
std::string List(const Texts& texts) {
  constexpr std::size_t kMaxBytes = 300;
  std::string out = "[";
  for (const auto& text : texts) {
    if (out.size() > kMaxBytes) {
      out += ", ...";
      break;
    }
    if (out.size() > 1) out += ", ";
    out += base::Quoted(text, 60);
  }
  return out + "]";
}

absl::Status CheckConstraintColumns(const Subject& subject, const v1::Table& table, const v1::Constraint& constraint) {
  base::StringSet known;
  for (const v1::Column& column : table.storage_descriptor().columns()) known.insert(base::AsciiLower(column.name()));
  for (const v1::Column& key : table.partition_keys()) known.insert(base::AsciiLower(key.name()));
  base::StringSet seen;
  for (const std::string& column : constraint.columns()) {
    RETURN_IF_ERROR(CheckLookupName(ObjectKind::kColumn, column));
    std::string lower = base::AsciiLower(column);
    if (!known.contains(lower)) {
      return subject.Fail(
          base::StrCat("column ", base::Quoted(column), " is none of table ", table.database(), ".", table.name()));
    }
    if (!seen.insert(std::move(lower)).second) {
      return subject.Fail(base::StrCat("column ", base::Quoted(column), " is there twice"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckForeignKey(const Subject& subject, const v1::Constraint& constraint) {
  RETURN_IF_ERROR(CheckLookupName(ObjectKind::kDatabase, constraint.parent_database()));
  RETURN_IF_ERROR(CheckLookupName(ObjectKind::kTable, constraint.parent_table()));
  if (constraint.parent_columns_size() != constraint.columns_size()) {
    return subject.Fail(base::StrCat("a foreign key of ", constraint.columns_size(), " columns points at ",
                                     constraint.parent_columns_size()));
  }
  for (const std::string& column : constraint.parent_columns()) {
    RETURN_IF_ERROR(CheckLookupName(ObjectKind::kColumn, column));
  }
  return CheckText(subject, "the name of the parent's constraint", constraint.parent_constraint(),
                   kMaxConstraintNameBytes, ControlCharacters::kRefuse);
}

// How many columns a kind of constraint takes, and whether it has an expression.
absl::Status CheckConstraintShape(const Subject& subject, const v1::Constraint& constraint) {
  const int columns = constraint.columns_size();
  switch (constraint.kind()) {
    case v1::Constraint::PRIMARY_KEY:
    case v1::Constraint::UNIQUE:
    case v1::Constraint::FOREIGN_KEY:
      if (columns == 0) return subject.Fail("it names no columns; expected at least one");
      break;
    case v1::Constraint::NOT_NULL:
    case v1::Constraint::DEFAULT:
      if (columns != 1) return subject.Fail(base::StrCat("it names ", columns, " columns; expected one"));
      break;
    case v1::Constraint::CHECK:  // of the whole table, where it names no column
      break;
    default:
      return subject.Fail(base::StrCat("the kind is ", static_cast<int>(constraint.kind()), "; expected one of ",
                                       "PRIMARY_KEY, FOREIGN_KEY, UNIQUE, NOT_NULL, DEFAULT, CHECK"));
  }
  const bool has_expression =
      constraint.kind() == v1::Constraint::DEFAULT || constraint.kind() == v1::Constraint::CHECK;
  if (has_expression && constraint.expression().empty()) return subject.Fail("the expression is empty");
  return absl::OkStatus();
}

std::string_view DataName(Statistics::DataCase data) {
  switch (data) {
    case Statistics::kBooleanData:
      return "boolean";
    case Statistics::kLongData:
      return "long";
    case Statistics::kDoubleData:
      return "double";
    case Statistics::kDecimalData:
      return "decimal";
    case Statistics::kStringData:
      return "string";
    case Statistics::kBinaryData:
      return "binary";
    case Statistics::kDateData:
      return "date";
    case Statistics::kTimestampData:
      return "timestamp";
    case Statistics::DATA_NOT_SET:
      return "no";
  }
  return "unknown";
}

// Dates and timestamps also come as numbers: clients older than those kinds of data write them so.
bool DataFits(TypeKind type, Statistics::DataCase data) {
  switch (type) {
    case TypeKind::kBoolean:
      return data == Statistics::kBooleanData;
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
      return data == Statistics::kLongData;
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      return data == Statistics::kDoubleData;
    case TypeKind::kDecimal:
      return data == Statistics::kDecimalData;
    case TypeKind::kString:
    case TypeKind::kVarchar:
    case TypeKind::kChar:
      return data == Statistics::kStringData;
    case TypeKind::kBinary:
      return data == Statistics::kBinaryData;
    case TypeKind::kDate:
      return data == Statistics::kDateData || data == Statistics::kLongData;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLocalTz:
      return data == Statistics::kTimestampData || data == Statistics::kLongData;
    default:
      return false;
  }
}

// Sign, digits, and a point with digits behind it; also an exponent, as BigDecimal writes.
bool IsDecimalText(std::string_view text) {
  std::size_t i = 0;
  auto digits = [&] {
    const std::size_t start = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
    return i > start;
  };
  auto sign = [&] {
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
  };
  sign();
  if (!digits()) return false;
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (!digits()) return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    sign();
    if (!digits()) return false;
  }
  return i == text.size();
}

absl::Status CheckStatisticsData(const Subject& subject, const v1::Column& column, const Statistics& statistics) {
  const absl::StatusOr<Type> type = ParseType(column.type());
  if (!type.ok()) return subject.Fail(base::ToStd(type.status().message()));
  if (statistics.data_case() != Statistics::DATA_NOT_SET && !DataFits(type->kind, statistics.data_case())) {
    return subject.Fail(
        base::StrCat(DataName(statistics.data_case()), " data do not fit its type ", base::Quoted(ToString(*type))));
  }
  constexpr std::size_t kMaxDecimalBytes = 100;
  for (const std::string* bound : {&statistics.decimal_data().low(), &statistics.decimal_data().high()}) {
    if (bound->empty() || (bound->size() <= kMaxDecimalBytes && IsDecimalText(*bound))) continue;
    RETURN_IF_ERROR(CheckText(subject, "a decimal bound", *bound, kMaxDecimalBytes, ControlCharacters::kRefuse));
    return subject.Fail(base::StrCat("a decimal bound is ", base::Quoted(*bound), "; expected a decimal number"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckConstraint(const v1::Table& table, const v1::Constraint& constraint) {
  if (!constraint.name().empty()) {
    RETURN_IF_ERROR(CheckNewName(ObjectKind::kConstraint, constraint.name(), NameRules::kHive));
  }
  auto object = [&] {
    return base::StrCat(table.database(), ".", table.name(), ".",
                        constraint.name().empty() ? "(unnamed)" : constraint.name());
  };
  const Subject subject(ObjectKind::kConstraint, object);
  RETURN_IF_ERROR(CheckConstraintShape(subject, constraint));
  RETURN_IF_ERROR(CheckConstraintColumns(subject, table, constraint));
  if (constraint.kind() == v1::Constraint::FOREIGN_KEY) RETURN_IF_ERROR(CheckForeignKey(subject, constraint));
  return CheckText(subject, "the expression", constraint.expression(), kMaxCommentBytes, ControlCharacters::kAllow);
}

absl::Status CheckStatistics(std::span<const v1::Column> columns, const Statistics& statistics,
                             std::string_view object) {
  RETURN_IF_ERROR(CheckLookupName(ObjectKind::kColumn, statistics.column()));
  auto name = [&] { return base::StrCat(object, ".", statistics.column()); };
  const Subject subject(ObjectKind::kStatistics, name);
  const auto column = std::find_if(columns.begin(), columns.end(), [&](const v1::Column& candidate) {
    return base::EqualsIgnoreCase(candidate.name(), statistics.column());
  });
  if (column == columns.end()) return subject.Fail("there is no such column");
  RETURN_IF_ERROR(CheckStatisticsData(subject, *column, statistics));
  if (statistics.num_nulls() < -1) {  // -1: not known, as engines write it
    return subject.Fail(base::StrCat("the number of NULLs is ", statistics.num_nulls()));
  }
  if (statistics.num_distinct() < -1) {
    return subject.Fail(base::StrCat("the number of distinct values is ", statistics.num_distinct()));
  }
  RETURN_IF_ERROR(
      CheckText(subject, "the column type", statistics.column_type(), kMaxTypeBytes, ControlCharacters::kRefuse));
  RETURN_IF_ERROR(CheckText(subject, "the engine", statistics.engine(), kMaxNameLength, ControlCharacters::kRefuse));
  for (const std::string* sketch : {&statistics.bit_vector(), &statistics.histogram()}) {
    if (sketch->size() <= kMaxSketchBytes) continue;
    return subject.Fail(base::StrCat(sketch == &statistics.bit_vector() ? "the bit vector" : "the histogram", " has ",
                                     sketch->size(), " bytes, allowed are ", kMaxSketchBytes));
  }
  return absl::OkStatus();
}

absl::Status CheckPartitionValues(std::string_view table_name, std::span<const std::string> keys,
                                  std::span<const std::string_view> values) {
  if (values.size() != keys.size()) {
    return MakeError(ErrorKind::kInvalidObject, ObjectKind::kPartition, table_name,
                     base::StrCat("partition of table ", table_name, " has ", values.size(), " values, the table has ",
                                  keys.size(), " partition keys; keys ", List(keys), ", values ", List(values)));
  }
  auto object = [&] { return base::StrCat("of table ", table_name); };
  const Subject subject(ObjectKind::kPartition, object);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].size() <= kMaxPartitionValueBytes && IsCleanText(values[i])) continue;
    RETURN_IF_ERROR(CheckText(subject, base::StrCat("the value of key ", base::Quoted(keys[i])), values[i],
                              kMaxPartitionValueBytes, ControlCharacters::kRefuse));
  }
  return absl::OkStatus();
}

absl::Status CheckPartition(std::string_view table_name, const v1::Partition& partition) {
  // What is left of a name where the keys are not at hand: the values joined by '/'.
  auto object = [&] {
    std::string text(table_name);
    for (const std::string& value : partition.values()) {
      const std::string quoted = base::Quoted(value, 60);
      base::StrAppend(&text, "/", std::string_view(quoted).substr(1, quoted.size() - 2));
    }
    return text;
  };
  const Subject subject(ObjectKind::kPartition, object);
  RETURN_IF_ERROR(CheckParameters(subject, "parameter", partition.parameters()));
  if (partition.has_storage_descriptor()) {
    RETURN_IF_ERROR(CheckDescriptor(subject, partition.storage_descriptor()));
  }
  return CheckRecordSize(subject, partition.ByteSizeLong(), kMaxPartitionRecordBytes);
}

}  // namespace lodestone::model
