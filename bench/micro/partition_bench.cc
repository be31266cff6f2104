// What pages of partitions cost, each beside its reference: a RocksDB with one record per partition. Needs no session.
// LODESTONE_BENCH_PARTITIONS: how many; default: 1,000,000. LODESTONE_BENCH_PAGE_ROWS: rows of a page; default:
// PageLimits. Both stores lie in a new folder below TMPDIR.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "bench/micro/must.h"
#include "bench/reference/row_store.h"
#include "benchmark/benchmark.h"
#include "catalog/filter/filter.h"
#include "catalog/model/partition_name.h"
#include "catalog/partition/descriptors.h"
#include "catalog/partition/editor.h"
#include "catalog/partition/page_writer.h"
#include "catalog/partition/reader.h"
#include "catalog/store/rocksdb/rocksdb_store.h"

namespace lodestone::partition {
namespace {

constexpr std::size_t kCacheBytes = std::size_t{512} << 20;

// --- The partitions: dt (a day), hour, region, so 480 a day, and four parameters with the spread of real ones. ---

constexpr int64_t kPerDay = 480;
constexpr std::array<std::string_view, 4> kParameterNames = {"numFiles", "numRows", "totalSize",
                                                             "transient_lastDdlTime"};

uint64_t Mix(uint64_t x) {
  x = (x + 1) * 0x9E3779B97F4A7C15;
  x = (x ^ (x >> 31)) * 0xBF58476D1CE4E5B9;
  return x ^ (x >> 29);
}

struct GeneratedRow {
  std::array<std::string, 3> texts;
  std::array<std::string, 4> numbers;
  int64_t create_time = 0;
  std::string key;
  std::vector<std::string_view> values;
  std::vector<Parameter> parameters;

  void Fill(int64_t i) {
    const int64_t day = i / kPerDay;
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02d-%02d", static_cast<int>(1990 + day / 336),
                  static_cast<int>(1 + day / 28 % 12), static_cast<int>(1 + day % 28));
    texts[0] = text;
    std::snprintf(text, sizeof text, "%02d", static_cast<int>(i % kPerDay / 20));
    texts[1] = text;
    static constexpr std::array<std::string_view, 20> kRegions = {
        "af-south-1",     "ap-east-1",    "ap-northeast-1", "ap-northeast-2", "ap-south-1",
        "ap-southeast-1", "ca-central-1", "cn-north-1",     "cn-north-4",     "eu-central-1",
        "eu-north-1",     "eu-west-1",    "eu-west-2",      "eu-west-3",      "il-central-1",
        "me-south-1",     "sa-east-1",    "us-east-1",      "us-east-2",      "us-west-2"};
    texts[2] = kRegions[static_cast<std::size_t>(i % 20)];
    const uint64_t random = Mix(static_cast<uint64_t>(i));
    const uint64_t rows = 1 + random % 5'000'000;
    const uint64_t size = rows * (60 + (random >> 32) % 90) + random % 977;
    create_time = (7305 + day) * 86400 + (i % kPerDay / 20 + 1) * 3600 + static_cast<int64_t>(random >> 20) % 3600;
    numbers = {std::to_string(1 + size / (uint64_t{128} << 20)), std::to_string(rows), std::to_string(size),
               std::to_string(create_time + static_cast<int64_t>((random >> 50) % 60))};
    Refresh();
  }
  void Refresh() {
    key = texts[0] + "/" + texts[1] + "/" + texts[2];
    values.assign(texts.begin(), texts.end());
    parameters.clear();
    for (std::size_t p = 0; p < numbers.size(); ++p) parameters.emplace_back(kParameterNames[p], numbers[p]);
  }
  Row View() const {
    Row view;
    view.key = key;
    view.values = values;
    view.parameters = parameters;
    view.create_time = create_time;
    view.descriptor = 1;
    return view;
  }
  model::v1::Partition ToPartition() const {
    model::v1::Partition partition;
    for (const std::string& text : texts) partition.add_values(text);
    for (const auto& [name, value] : parameters)
      (*partition.mutable_parameters())[std::string(name)] = std::string(value);
    partition.set_create_time(create_time);
    return partition;
  }
};

// A table with all partitions of the workload, and the same partitions one record each.
class Stage {
 public:
  static Stage& Get() {
    static Stage* const stage = new Stage();
    return *stage;
  }
  ~Stage() = delete;

  const int64_t partitions;
  std::string folder;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<bench::RowStore> rows;
  TablePartitions table;
  PageLimits limits;

  // A new set of pages; its runs are ingested when `keep`.
  void WritePages(uint64_t set, bool keep) {
    auto keys = Must(store->NewSortedRun());
    auto values = Must(store->NewSortedRun());
    PageWriter writer(record::SetId{set}, table.keys.size(), keys.get(), values.get(), limits);
    GeneratedRow row;
    for (int64_t i = 0; i < partitions; ++i) {
      row.Fill(i);
      Must(writer.Add(row.View()));
    }
    Must(writer.Finish());
    if (!keep) return;
    Must(keys->Finish());
    Must(values->Finish());
    std::printf("# %.1f bytes per partition in key pages, %.1f in value pages (as written)\n",
                static_cast<double>(keys->bytes()) / static_cast<double>(writer.rows()),
                static_cast<double>(values->bytes()) / static_cast<double>(writer.rows()));
    std::vector<std::unique_ptr<store::SortedRun>> runs;
    runs.push_back(std::move(keys));
    runs.push_back(std::move(values));
    Must(store->IngestRuns(std::move(runs)));
    table.set.set_set_id(set);
    table.set.set_partitions(writer.rows());
    table.set.set_pages(writer.pages());
  }

 private:
  static int64_t Partitions() {
    const char* const text = std::getenv("LODESTONE_BENCH_PARTITIONS");
    return text == nullptr ? 1'000'000 : std::atoll(text);
  }

  Stage() : partitions(Partitions()) {
    if (const char* page_rows = std::getenv("LODESTONE_BENCH_PAGE_ROWS"); page_rows != nullptr) {
      limits.max_rows = static_cast<std::size_t>(std::atoll(page_rows));
    }
    folder = (std::filesystem::temp_directory_path() / "lodestone_partition_bench_XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) std::exit(1);
    std::atexit([] { std::filesystem::remove_all(Get().folder); });
    store::RocksDbOptions options;
    options.block_cache_bytes = kCacheBytes;
    store = Must(store::OpenRocksDbStore(folder + "/pages", options));
    rows = std::make_unique<bench::RowStore>(folder + "/rows", kCacheBytes);
    table.catalog = "hive";
    table.name = {"shop", "sales"};
    table.table = record::TableId{7};
    table.descriptor.set_location("s3://lake/shop/sales");
    table.descriptor.set_input_format("org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat");
    table.descriptor.set_output_format("org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat");
    table.descriptor.mutable_serde_info()->set_serialization_lib(
        "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe");
    for (int i = 0; i < 12; ++i) {
      auto* column = table.descriptor.add_columns();
      column->set_name("column" + std::to_string(i));
      column->set_type(i % 2 == 0 ? "string" : "bigint");
    }
    for (const auto& [name, type] :
         {std::pair("dt", "string"), std::pair("hour", "int"), std::pair("region", "string")}) {
      table.keys.push_back({name, Must(model::ParseType(type))});
      table.key_names.push_back(name);
    }
    auto txn = Must(store->Begin());
    DescriptorWriter descriptors(txn.get(), &table);
    Must(descriptors.Place(nullptr, "", "").status());
    Must(txn->Commit(store::Durability::kRelaxed).status());
    WritePages(9, true);
    rows->Load([this](const bench::RowStore::Add& add) {
      GeneratedRow row;
      for (int64_t i = 0; i < partitions; ++i) {
        row.Fill(i);
        model::v1::Partition partition = row.ToPartition();
        *partition.mutable_storage_descriptor() = table.descriptor;
        partition.mutable_storage_descriptor()->clear_columns();
        add(row.key, partition.SerializeAsString());
      }
    });
  }
};

void PerPartition(benchmark::State& state) { state.SetItemsProcessed(state.iterations() * Stage::Get().partitions); }

void RowScan(benchmark::State& state) {
  Stage& stage = Stage::Get();
  for (auto _ : state) benchmark::DoNotOptimize(stage.rows->Scan());
  PerPartition(state);
}
BENCHMARK(RowScan)->Unit(benchmark::kMillisecond);

void Names(benchmark::State& state) {
  Stage& stage = Stage::Get();
  for (auto _ : state) {
    NameList names;
    auto scan = NewScan(stage.store->Snapshot(), stage.table, nullptr, {});
    while (scan->Next()) scan->batch().AppendNames(&names);
    benchmark::DoNotOptimize(names.bytes.data());
  }
  PerPartition(state);
}
BENCHMARK(Names)->Unit(benchmark::kMillisecond);

void NamesBatchByBatch(benchmark::State& state) {
  Stage& stage = Stage::Get();
  NameList names;
  for (auto _ : state) {
    auto scan = NewScan(stage.store->Snapshot(), stage.table, nullptr, {});
    while (scan->Next()) {
      names.bytes.clear();
      names.ends.clear();
      scan->batch().AppendNames(&names);
    }
  }
  PerPartition(state);
}
BENCHMARK(NamesBatchByBatch)->Unit(benchmark::kMillisecond);

void CopyOfNames(benchmark::State& state) {
  Stage& stage = Stage::Get();
  NameList names;
  auto scan = NewScan(stage.store->Snapshot(), stage.table, nullptr, {});
  while (scan->Next()) scan->batch().AppendNames(&names);
  for (auto _ : state) {
    std::string copy(names.bytes);
    benchmark::DoNotOptimize(copy.data());
  }
  PerPartition(state);
}
BENCHMARK(CopyOfNames)->Unit(benchmark::kMillisecond);

void CountByFilter(benchmark::State& state, const char* text) {
  Stage& stage = Stage::Get();
  const auto filter = Must(filter::Filter::Compile(text, FilterMode::kSql, stage.table.keys));
  const auto snapshot = stage.store->Snapshot();
  int64_t matches = 0;
  FilterPlan plan;
  for (auto _ : state) matches = Must(CountPartitions(*snapshot, stage.table, filter.get(), &plan));
  PerPartition(state);
  state.counters["matches"] = static_cast<double>(matches);
  state.counters["pages"] = static_cast<double>(plan.pages_read);
}
BENCHMARK_CAPTURE(CountByFilter, hour, "hour = 13")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(CountByFilter, region, "region IN ('us-east-1', 'eu-west-1')")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(CountByFilter, two_keys, "hour < 6 AND region LIKE 'eu-%'")->Unit(benchmark::kMillisecond);

void NamesOfOneDay(benchmark::State& state) {
  Stage& stage = Stage::Get();
  GeneratedRow day;
  day.Fill(stage.partitions / 2 / kPerDay * kPerDay);
  const auto filter = Must(filter::Filter::Compile("dt = '" + day.texts[0] + "'", FilterMode::kSql, stage.table.keys));
  const auto snapshot = stage.store->Snapshot();
  for (auto _ : state) {
    NameList names;
    auto scan = NewScan(snapshot, stage.table, filter, {});
    while (scan->Next()) scan->batch().AppendNames(&names);
    if (names.size() != kPerDay) state.SkipWithError("not a day");
  }
}
BENCHMARK(NamesOfOneDay)->Unit(benchmark::kMicrosecond);

std::vector<std::string> SomeKeys() {
  Stage& stage = Stage::Get();
  std::vector<std::string> keys;
  GeneratedRow row;
  for (uint64_t i = 0; i < 4096; ++i) {
    row.Fill(static_cast<int64_t>(Mix(i) % static_cast<uint64_t>(stage.partitions)));
    keys.push_back(row.key);
  }
  return keys;
}

void RowGet(benchmark::State& state) {
  const std::vector<std::string> keys = SomeKeys();
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(Stage::Get().rows->Get(keys[i++ % keys.size()]));
}
BENCHMARK(RowGet)->Unit(benchmark::kMicrosecond);

void GetOne(benchmark::State& state, const Projection& projection) {
  Stage& stage = Stage::Get();
  const std::vector<std::string> keys = SomeKeys();
  const auto snapshot = stage.store->Snapshot();
  std::size_t i = 0;
  for (auto _ : state) {
    if (!Must(GetPartition(*snapshot, stage.table, keys[i++ % keys.size()], projection))) state.SkipWithError("lost");
  }
}
BENCHMARK_CAPTURE(GetOne, all, Projection::All())->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(GetOne, keys, Projection::Keys())->Unit(benchmark::kMicrosecond);

void RowScanAndParse(benchmark::State& state) {
  Stage& stage = Stage::Get();
  for (auto _ : state) benchmark::DoNotOptimize(stage.rows->ScanAndParse());
  PerPartition(state);
}
BENCHMARK(RowScanAndParse)->Unit(benchmark::kMillisecond);

void Objects(benchmark::State& state) {
  Stage& stage = Stage::Get();
  model::v1::Partition partition;
  for (auto _ : state) {
    auto scan = NewScan(stage.store->Snapshot(), stage.table, nullptr, {.projection = Projection::All()});
    while (scan->Next()) {
      for (std::size_t row = 0; row < scan->batch().size(); ++row) scan->batch().ToPartition(row, &partition);
    }
    Must(scan->status());
  }
  PerPartition(state);
}
BENCHMARK(Objects)->Unit(benchmark::kMillisecond);

void Roll(benchmark::State& state) {
  Stage& stage = Stage::Get();
  const auto snapshot = stage.store->Snapshot();
  for (auto _ : state) benchmark::DoNotOptimize(Must(Summarize(*snapshot, stage.table, nullptr)).num_rows());
  PerPartition(state);
}
BENCHMARK(Roll)->Name("Summarize")->Unit(benchmark::kMillisecond);

void RowsAgain(benchmark::State& state) {
  Stage& stage = Stage::Get();
  for (auto _ : state) {
    auto rows = NewRowSource(stage.store->Snapshot(), stage.table);
    while (rows->Next()) benchmark::DoNotOptimize(rows->row().key.data());
  }
  PerPartition(state);
}
BENCHMARK(RowsAgain)->Name("RowSource")->Unit(benchmark::kMillisecond);

void GenerateRows(benchmark::State& state) {
  Stage& stage = Stage::Get();
  for (auto _ : state) {
    GeneratedRow row;
    for (int64_t i = 0; i < stage.partitions; ++i) {
      row.Fill(i);
      benchmark::DoNotOptimize(row.key.data());
    }
  }
  PerPartition(state);
}
BENCHMARK(GenerateRows)->Unit(benchmark::kMillisecond);

// Includes GenerateRows, compression and the file.
void WriteSortedRuns(benchmark::State& state) {
  uint64_t set = 1000;
  for (auto _ : state) Stage::Get().WritePages(set++, false);
  PerPartition(state);
}
BENCHMARK(WriteSortedRuns)->Unit(benchmark::kMillisecond);

// Pages alone: runs that forget what they are given.
class NoRun final : public store::SortedRun {
 public:
  absl::Status Add(std::string_view key, std::string_view value) override {
    bytes_ += key.size() + value.size();
    return absl::OkStatus();
  }
  absl::Status Finish() override { return absl::OkStatus(); }
  uint64_t bytes() const override { return bytes_; }

 private:
  uint64_t bytes_ = 0;
};

void WritePagesOnly(benchmark::State& state) {
  Stage& stage = Stage::Get();
  std::vector<GeneratedRow> rows(100'000);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].Fill(static_cast<int64_t>(i));
  uint64_t bytes = 0;
  for (auto _ : state) {
    NoRun keys;
    NoRun values;
    PageWriter writer(record::SetId{1}, stage.table.keys.size(), &keys, &values, stage.limits);
    for (const GeneratedRow& row : rows) Must(writer.Add(row.View()));
    Must(writer.Finish());
    bytes = keys.bytes() + values.bytes();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(rows.size()));
  state.counters["bytes_per_row"] = static_cast<double>(bytes) / static_cast<double>(rows.size());
}
BENCHMARK(WritePagesOnly)->Unit(benchmark::kMillisecond);

// A row like those that are there, a little aside.
GeneratedRow NewRow(uint64_t number) {
  Stage& stage = Stage::Get();
  GeneratedRow row;
  row.Fill(static_cast<int64_t>(Mix(~number) % static_cast<uint64_t>(stage.partitions)));
  row.texts[2] += "-" + std::to_string(number);
  row.Refresh();
  return row;
}

uint64_t g_added = 0;

void RowPut(benchmark::State& state) {
  Stage& stage = Stage::Get();
  for (auto _ : state) {
    state.PauseTiming();
    const GeneratedRow row = NewRow(g_added++);
    const std::string value = row.ToPartition().SerializeAsString();
    state.ResumeTiming();
    stage.rows->Put(row.key, value);
  }
}
BENCHMARK(RowPut)->Unit(benchmark::kMicrosecond)->Iterations(2000);

void ApplyAndCommit(std::span<const Edit> edits, bool commit) {
  Stage& stage = Stage::Get();
  auto txn = Must(stage.store->Begin());
  if (commit) {
    Must(ApplyEdits(txn.get(), &stage.table, edits, {}, stage.limits));
    Must(txn->Commit(store::Durability::kRelaxed).status());
  } else {
    TablePartitions table = stage.table;
    Must(ApplyEdits(txn.get(), &table, edits, {}, stage.limits));
  }
}

// Anywhere in the table. `EditOne` stops before the commit.
void AddOne(benchmark::State& state, bool commit) {
  for (auto _ : state) {
    state.PauseTiming();
    const GeneratedRow row = NewRow(g_added++);
    const Edit edit{EditKind::kInsert, row.View()};
    state.ResumeTiming();
    ApplyAndCommit(std::span(&edit, 1), commit);
  }
}
BENCHMARK_CAPTURE(AddOne, edit, false)->Unit(benchmark::kMicrosecond)->Iterations(5000);
BENCHMARK_CAPTURE(AddOne, commit, true)->Unit(benchmark::kMicrosecond)->Iterations(2000);

// Batches of 500 behind all others, as time goes on.
std::vector<GeneratedRow> NewBatch() {
  static int64_t day = 0;
  std::vector<GeneratedRow> rows(500);
  char text[32];
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].Fill(static_cast<int64_t>(i) % kPerDay);
    std::snprintf(text, sizeof text, "%04lld-%02lld-%02lld", static_cast<long long>(2100 + day / 336),
                  static_cast<long long>(1 + day / 28 % 12), static_cast<long long>(1 + day % 28));
    rows[i].texts[0] = text;
    if (i >= static_cast<std::size_t>(kPerDay)) rows[i].texts[1] = "9" + rows[i].texts[1];
    rows[i].Refresh();
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  for (GeneratedRow& row : rows) row.Refresh();
  ++day;
  return rows;
}

void RowPutBatch(benchmark::State& state) {
  Stage& stage = Stage::Get();
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<std::pair<std::string, std::string>> records;
    for (const GeneratedRow& row : NewBatch()) records.emplace_back(row.key, row.ToPartition().SerializeAsString());
    state.ResumeTiming();
    stage.rows->PutBatch(records.data(), records.size());
  }
  state.SetItemsProcessed(state.iterations() * 500);
}
BENCHMARK(RowPutBatch)->Unit(benchmark::kMicrosecond)->Iterations(300);

void AddBatch(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    const std::vector<GeneratedRow> rows = NewBatch();
    std::vector<Edit> edits;
    for (const GeneratedRow& row : rows) edits.push_back({EditKind::kInsert, row.View()});
    state.ResumeTiming();
    ApplyAndCommit(edits, true);
  }
  state.SetItemsProcessed(state.iterations() * 500);
}
BENCHMARK(AddBatch)->Unit(benchmark::kMicrosecond)->Iterations(300);

}  // namespace
}  // namespace lodestone::partition

BENCHMARK_MAIN();
