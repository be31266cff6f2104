#include "bindings/hive/convert/statistics.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "bindings/hive/convert/decimal.h"
#include "bindings/hive/convert/fields.h"
#include "bindings/hive/convert/names.h"
#include "catalog/base/status_macros.h"
#include "catalog/statistics.h"

namespace lodestone::hive {

namespace {

using Record = model::v1::ColumnStatistics;

// ---- Of requests ----

void ReadCommon(int64_t nulls, const std::string& bit_vectors, Record* out) {
  out->set_num_nulls(nulls);
  out->set_bit_vector(bit_vectors);
}

// Kinds whose struct has bounds of the type that the record has, too.
template <typename Data, typename To>
void ReadBounds(const Data& data, To* out) {
  if (data.__isset.lowValue) out->set_low(data.lowValue);
  if (data.__isset.highValue) out->set_high(data.highValue);
}

// What has distinct values, and a histogram.
template <typename Data>
void ReadDistribution(const Data& data, Record* out) {
  ReadCommon(data.numNulls, data.bitVectors, out);
  out->set_num_distinct(data.numDVs);
  out->set_histogram(data.histogram);
}

absl::Status ReadDecimal(const thrift::DecimalColumnStatsData& data, Record* out) {
  ReadDistribution(data, out);
  Record::Decimal* const bounds = out->mutable_decimal_data();
  if (data.__isset.lowValue) {
    ASSIGN_OR_RETURN(*bounds->mutable_low(), ToText(data.lowValue));
  }
  if (data.__isset.highValue) {
    ASSIGN_OR_RETURN(*bounds->mutable_high(), ToText(data.highValue));
  }
  return absl::OkStatus();
}

void ReadBoolean(const thrift::BooleanColumnStatsData& data, Record* out) {
  ReadCommon(data.numNulls, data.bitVectors, out);
  out->mutable_boolean_data()->set_num_trues(data.numTrues);
  out->mutable_boolean_data()->set_num_falses(data.numFalses);
}

void ReadString(const thrift::StringColumnStatsData& data, Record* out) {
  ReadCommon(data.numNulls, data.bitVectors, out);
  out->set_num_distinct(data.numDVs);
  out->mutable_string_data()->set_max_length(data.maxColLen);
  out->mutable_string_data()->set_average_length(data.avgColLen);
}

void ReadBinary(const thrift::BinaryColumnStatsData& data, Record* out) {
  ReadCommon(data.numNulls, data.bitVectors, out);
  out->mutable_binary_data()->set_max_length(data.maxColLen);
  out->mutable_binary_data()->set_average_length(data.avgColLen);
}

void ReadDate(const thrift::DateColumnStatsData& data, Record* out) {
  ReadDistribution(data, out);
  Record::Date* const bounds = out->mutable_date_data();
  if (data.__isset.lowValue) bounds->set_low(data.lowValue.daysSinceEpoch);
  if (data.__isset.highValue) bounds->set_high(data.highValue.daysSinceEpoch);
}

void ReadTimestamp(const thrift::TimestampColumnStatsData& data, Record* out) {
  ReadDistribution(data, out);
  Record::Timestamp* const bounds = out->mutable_timestamp_data();
  if (data.__isset.lowValue) bounds->set_low(data.lowValue.secondsSinceEpoch);
  if (data.__isset.highValue) bounds->set_high(data.highValue.secondsSinceEpoch);
}

// The first kind that is set: there is one.
absl::Status ReadData(const thrift::ColumnStatisticsData& data, Record* out) {
  if (data.__isset.booleanStats) {
    ReadBoolean(data.booleanStats, out);
  } else if (data.__isset.longStats) {
    ReadDistribution(data.longStats, out);
    ReadBounds(data.longStats, out->mutable_long_data());
  } else if (data.__isset.doubleStats) {
    ReadDistribution(data.doubleStats, out);
    ReadBounds(data.doubleStats, out->mutable_double_data());
  } else if (data.__isset.stringStats) {
    ReadString(data.stringStats, out);
  } else if (data.__isset.binaryStats) {
    ReadBinary(data.binaryStats, out);
  } else if (data.__isset.decimalStats) {
    return ReadDecimal(data.decimalStats, out);
  } else if (data.__isset.dateStats) {
    ReadDate(data.dateStats, out);
  } else if (data.__isset.timestampStats) {
    ReadTimestamp(data.timestampStats, out);
  } else {
    return absl::InvalidArgumentError("no kind of statistics is set");
  }
  return absl::OkStatus();
}

// ---- Of answers ----

template <typename Data>
void WriteCommon(const Record& column, Data* out) {
  out->__set_numNulls(column.num_nulls());
  if (!column.bit_vector().empty()) out->__set_bitVectors(column.bit_vector());
}

template <typename Data>
void WriteDistinct(const Record& column, Data* out) {
  WriteCommon(column, out);
  out->__set_numDVs(column.num_distinct());
}

template <typename Data>
void WriteDistribution(const Record& column, Data* out) {
  WriteDistinct(column, out);
  if (!column.histogram().empty()) out->__set_histogram(column.histogram());
}

template <typename From, typename Data>
void WriteBounds(const From& bounds, Data* out) {
  if (bounds.has_low()) out->__set_lowValue(bounds.low());
  if (bounds.has_high()) out->__set_highValue(bounds.high());
}

thrift::Date ToDate(int64_t days) {
  thrift::Date date;
  date.__set_daysSinceEpoch(days);
  return date;
}

thrift::Timestamp ToTimestamp(int64_t seconds) {
  thrift::Timestamp timestamp;
  timestamp.__set_secondsSinceEpoch(seconds);
  return timestamp;
}

thrift::DecimalColumnStatsData WriteDecimal(const Record& column) {
  thrift::DecimalColumnStatsData out;
  WriteDistribution(column, &out);
  if (const auto low = ParseDecimal(column.decimal_data().low())) out.__set_lowValue(*low);
  if (const auto high = ParseDecimal(column.decimal_data().high())) out.__set_highValue(*high);
  return out;
}

thrift::BooleanColumnStatsData WriteBoolean(const Record& column) {
  thrift::BooleanColumnStatsData out;
  WriteCommon(column, &out);
  out.__set_numTrues(column.boolean_data().num_trues());
  out.__set_numFalses(column.boolean_data().num_falses());
  return out;
}

thrift::StringColumnStatsData WriteString(const Record& column) {
  thrift::StringColumnStatsData out;
  WriteDistinct(column, &out);
  out.__set_maxColLen(column.string_data().max_length());
  out.__set_avgColLen(column.string_data().average_length());
  return out;
}

thrift::BinaryColumnStatsData WriteBinary(const Record& column) {
  thrift::BinaryColumnStatsData out;
  WriteCommon(column, &out);
  out.__set_maxColLen(column.binary_data().max_length());
  out.__set_avgColLen(column.binary_data().average_length());
  return out;
}

thrift::DateColumnStatsData WriteDate(const Record& column) {
  thrift::DateColumnStatsData out;
  WriteDistribution(column, &out);
  if (column.date_data().has_low()) out.__set_lowValue(ToDate(column.date_data().low()));
  if (column.date_data().has_high()) out.__set_highValue(ToDate(column.date_data().high()));
  return out;
}

thrift::TimestampColumnStatsData WriteTimestamp(const Record& column) {
  thrift::TimestampColumnStatsData out;
  WriteDistribution(column, &out);
  if (column.timestamp_data().has_low()) out.__set_lowValue(ToTimestamp(column.timestamp_data().low()));
  if (column.timestamp_data().has_high()) out.__set_highValue(ToTimestamp(column.timestamp_data().high()));
  return out;
}

thrift::LongColumnStatsData WriteLong(const Record& column) {
  thrift::LongColumnStatsData out;
  WriteDistribution(column, &out);
  WriteBounds(column.long_data(), &out);
  return out;
}

thrift::DoubleColumnStatsData WriteDouble(const Record& column) {
  thrift::DoubleColumnStatsData out;
  WriteDistribution(column, &out);
  WriteBounds(column.double_data(), &out);
  return out;
}

}  // namespace

absl::StatusOr<Record> ToModel(const thrift::ColumnStatisticsObj& column) {
  Record out;
  out.set_column(column.colName);
  out.set_column_type(column.colType);
  if (const absl::Status status = ReadData(column.statsData, &out); !status.ok()) {
    return absl::InvalidArgumentError(
        base::StrCat("statistics of the column ", base::Quoted(column.colName), ": ", status.message()));
  }
  return out;
}

absl::StatusOr<StatisticsUpdate> ToModel(const thrift::ColumnStatistics& statistics) {
  const thrift::ColumnStatisticsDesc& about = statistics.statsDesc;
  StatisticsUpdate update;
  ASSIGN_OR_RETURN(const DatabaseArgument database, ParseDatabase(about.catName, about.dbName));
  update.target = {.catalog = database.catalog, .table = {database.name(), about.tableName}, .partition = {}};
  if (!about.isTblLevel) {
    if (!about.__isset.partName) return NullError("the name of the partition that the statistics are of");
    update.target.partition = about.partName;
  }
  for (const thrift::ColumnStatisticsObj& column : statistics.statsObj) {
    ASSIGN_OR_RETURN(Record record, ToModel(column));
    record.set_last_analyzed(about.lastAnalyzed);
    record.set_engine(statistics.engine);
    update.columns.push_back(std::move(record));
  }
  return update;
}

thrift::ColumnStatisticsObj ToThrift(const Record& column) {
  thrift::ColumnStatisticsObj out;
  out.__set_colName(column.column());
  out.__set_colType(column.column_type());
  thrift::ColumnStatisticsData& data = out.statsData;
  switch (column.data_case()) {
    case Record::kBooleanData:
      data.__set_booleanStats(WriteBoolean(column));
      break;
    case Record::kLongData:
      data.__set_longStats(WriteLong(column));
      break;
    case Record::kDoubleData:
      data.__set_doubleStats(WriteDouble(column));
      break;
    case Record::kDecimalData:
      data.__set_decimalStats(WriteDecimal(column));
      break;
    case Record::kBinaryData:
      data.__set_binaryStats(WriteBinary(column));
      break;
    case Record::kDateData:
      data.__set_dateStats(WriteDate(column));
      break;
    case Record::kTimestampData:
      data.__set_timestampStats(WriteTimestamp(column));
      break;
    case Record::kStringData:
    case Record::DATA_NOT_SET:
      data.__set_stringStats(WriteString(column));
      break;
  }
  return out;
}

std::vector<thrift::ColumnStatisticsObj> ToThrift(std::span<const Record> columns) {
  std::vector<thrift::ColumnStatisticsObj> out;
  out.reserve(columns.size());
  for (const Record& column : columns) out.push_back(ToThrift(column));
  return out;
}

thrift::ColumnStatistics ToThrift(const StatisticsTarget& target, std::span<const Record> columns) {
  thrift::ColumnStatistics out;
  thrift::ColumnStatisticsDesc& about = out.statsDesc;
  about.__set_isTblLevel(!target.partition);
  about.__set_dbName(target.table.database);
  about.__set_tableName(target.table.table);
  if (target.partition) about.__set_partName(*target.partition);
  about.__set_catName(target.catalog);
  int64_t analyzed = 0;
  for (const Record& column : columns) analyzed = std::max(analyzed, column.last_analyzed());
  about.__set_lastAnalyzed(analyzed);
  out.__set_statsObj(ToThrift(columns));
  const bool named = !columns.empty() && !columns.front().engine().empty();
  out.__set_engine(named ? columns.front().engine() : std::string(kHiveEngine));
  return out;
}

}  // namespace lodestone::hive
