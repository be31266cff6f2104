#include "bench/workload/generator.h"

#include <chrono>
#include <cstdio>
#include <memory>

#include "catalog/base/status_macros.h"

namespace lodestone::bench {

namespace {

// Hours in the order of their text, which is the order of partition names.
constexpr std::array<std::string_view, 24> kHours = {"0",  "1",  "10", "11", "12", "13", "14", "15",
                                                     "16", "17", "18", "19", "2",  "20", "21", "22",
                                                     "23", "3",  "4",  "5",  "6",  "7",  "8",  "9"};
constexpr std::array<std::string_view, 20> kRegions = {
    "af-south-1",   "ap-east-1",  "ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ca-central-1",
    "cn-north-1",   "cn-north-4", "eu-central-1",   "eu-north-1",     "eu-west-1",  "eu-west-2",      "eu-west-3",
    "il-central-1", "me-south-1", "sa-east-1",      "us-east-1",      "us-east-2",  "us-west-2"};
static_assert(kHours.size() * kRegions.size() == kPartitionsPerDay);

// 2027-01-31, in days since 1970: late enough for 10,000,000 partitions after 1970.
constexpr int64_t kLastDay = 20849;

// A well mixed number from `x` (SplitMix64's finaliser).
uint64_t Mix(uint64_t x) {
  x += 0x9E3779B97F4A7C15;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

std::string DayText(int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()));
  return text;
}

}  // namespace

std::string Row::Name() const { return "dt=" + values[0] + "/hour=" + values[1] + "/region=" + values[2]; }

std::string Row::Key() const { return values[0] + "/" + values[1] + "/" + values[2]; }

model::v1::Partition Row::ToPartition() const {
  model::v1::Partition partition;
  for (const std::string& value : values) partition.add_values(value);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    (*partition.mutable_parameters())[std::string(kParameterNames[i])] = parameters[i];
  }
  partition.set_create_time(create_time);
  return partition;
}

void Workload::Fill(int64_t i, Row* row) const {
  const int64_t days = (partitions_ + kPartitionsPerDay - 1) / kPartitionsPerDay;
  const int64_t day = kLastDay - days + 1 + i / kPartitionsPerDay;
  const int64_t of_day = i % kPartitionsPerDay;
  if (row->day != day) {
    row->day = day;
    row->values[0] = DayText(day);
  }
  row->values[1] = kHours[of_day / kRegions.size()];
  row->values[2] = kRegions[of_day % kRegions.size()];
  const uint64_t random = Mix(static_cast<uint64_t>(i));
  const uint64_t rows = 1 + random % 5'000'000;
  const uint64_t bytes_per_row = 60 + (random >> 32) % 90;
  // A file per 128 MiB; written within the hour after the one that it is for.
  row->parameters[0] = std::to_string(1 + rows * bytes_per_row / (uint64_t{128} << 20));
  row->parameters[1] = std::to_string(rows);
  row->parameters[2] = std::to_string(rows * bytes_per_row + random % 977);
  row->create_time = day * 86400 + (of_day / 20 + 1) * 3600 + static_cast<int64_t>(Mix(random) % 3600);
  row->parameters[3] = std::to_string(row->create_time + static_cast<int64_t>((random >> 50) % 60));
}

std::string Workload::SomeDay() const {
  Row row;
  Fill(partitions_ / 2 / kPartitionsPerDay * kPartitionsPerDay, &row);
  return row.values[0];
}

model::v1::Table MakeTable(const TableName& name) {
  model::v1::Table table;
  table.set_database(name.database);
  table.set_name(name.table);
  const std::pair<const char*, const char*> keys[] = {{"dt", "string"}, {"hour", "int"}, {"region", "string"}};
  for (const auto& [key, type] : keys) {
    model::v1::Column* column = table.add_partition_keys();
    column->set_name(key);
    column->set_type(type);
  }
  model::v1::StorageDescriptor* storage = table.mutable_storage_descriptor();
  storage->set_location("s3://lake/" + name.database + "/" + name.table);
  const std::pair<const char*, const char*> columns[] = {{"event_id", "string"},
                                                         {"event_time", "timestamp"},
                                                         {"user_id", "bigint"},
                                                         {"session_id", "string"},
                                                         {"url", "string"},
                                                         {"referrer", "string"},
                                                         {"agent", "string"},
                                                         {"status", "int"},
                                                         {"bytes_sent", "bigint"},
                                                         {"latency_ms", "double"},
                                                         {"tags", "map<string,string>"},
                                                         {"position", "struct<lat:double,lon:double>"}};
  for (const auto& [column_name, type] : columns) {
    model::v1::Column* column = storage->add_columns();
    column->set_name(column_name);
    column->set_type(type);
  }
  storage->set_input_format("org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat");
  storage->set_output_format("org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat");
  storage->mutable_serde_info()->set_serialization_lib("org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe");
  return table;
}

absl::Status CreateAndLoad(Session session, const TableName& name, const Workload& workload) {
  model::v1::Database database;
  database.set_name(name.database);
  RETURN_IF_ERROR(session.CreateDatabase(database, {.if_exists = IfExists::kSkip}));
  RETURN_IF_ERROR(session.CreateTable(MakeTable(name)));
  ASSIGN_OR_RETURN(std::unique_ptr<BulkLoader> loader, BulkLoader::Start(session, name));
  Row row;
  for (int64_t i = 0; i < workload.partitions(); ++i) {
    workload.Fill(i, &row);
    const std::string_view values[] = {row.values[0], row.values[1], row.values[2]};
    std::array<std::pair<std::string_view, std::string_view>, kParameterNames.size()> parameters;
    for (std::size_t p = 0; p < parameters.size(); ++p) parameters[p] = {kParameterNames[p], row.parameters[p]};
    RETURN_IF_ERROR(loader->Add({.values = values, .parameters = parameters, .create_time = row.create_time}));
  }
  return loader->Finish().status();
}

}  // namespace lodestone::bench
