// Adding partitions through the API, relaxed sync on both sides.
#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "bench/figures/stage.h"

namespace lodestone::bench {

namespace {

constexpr int64_t kBatch = 500;

// One batch for each side, made before the clock runs.
struct Batch {
  std::vector<model::v1::Partition> partitions;
  std::vector<std::pair<std::string, std::string>> records;
};

// Batch number `number` of the partitions in the order of `order`.
Batch MakeBatch(const Workload& workload, const std::vector<int64_t>& order, int64_t number) {
  Batch batch;
  Row row;
  const int64_t end = std::min<int64_t>((number + 1) * kBatch, static_cast<int64_t>(order.size()));
  for (int64_t i = number * kBatch; i < end; ++i) {
    workload.Fill(order[i], &row);
    batch.partitions.push_back(row.ToPartition());
    batch.records.emplace_back(row.Key(), batch.partitions.back().SerializeAsString());
  }
  return batch;
}

// Adds all partitions batch by batch to an empty table; the sum over the batches.
Pair AddInBatches(const Settings& settings, const std::vector<int64_t>& order) {
  const std::unique_ptr<Metastore> ours = OpenOurs(settings, FreshFolder(settings, "ours"), SyncMode::kRelaxed);
  Session session = ours->Local();
  RowStore rows(FreshFolder(settings, "rows"), settings.block_cache_bytes);
  Must(CreateAndLoad(session, kTable, Workload(0)));
  const Workload workload(static_cast<int64_t>(order.size()));
  Pair sum;
  for (int64_t number = 0; number * kBatch < static_cast<int64_t>(order.size()); ++number) {
    const Batch batch = MakeBatch(workload, order, number);
    const Stopwatch of_ours;
    Must(session.AddPartitions(kTable, batch.partitions).status());
    sum.ours += of_ours.Seconds();
    const Stopwatch of_reference;
    rows.PutBatch(batch.records.data(), batch.records.size());
    sum.reference += of_reference.Seconds();
  }
  return sum;
}

}  // namespace

void WriteFigures(const Settings& settings, Report* report) {
  std::vector<int64_t> order(settings.size);
  for (int64_t i = 0; i < settings.size; ++i) order[i] = i;
  report->Add("add " + WithCommas(settings.size) + " in batches of 500, relaxed sync, day after day",
              "RocksDB write batches of 500 records", AddInBatches(settings, order), Goal::kFaster, 1);

  // The last partition of each of 2,000 days comes late.
  const std::unique_ptr<Metastore> ours = FilledOurs(settings, "ours", settings.size, SyncMode::kRelaxed);
  const std::unique_ptr<RowStore> rows = FilledRows(settings, "rows", settings.size);
  Session session = ours->Local();
  constexpr int64_t kOperations = 2'000;
  constexpr uint32_t kSeed = 20260106;
  std::mt19937_64 random(kSeed);
  const Workload workload(settings.size);
  std::vector<model::v1::Partition> partitions;
  std::vector<std::pair<std::string, std::string>> records;
  Row row;
  for (int64_t i = 0; i < kOperations; ++i) {
    workload.Fill(static_cast<int64_t>(random() % static_cast<uint64_t>(settings.size)), &row);
    row.values[2] = "late-" + std::to_string(i);
    partitions.push_back(row.ToPartition());
    records.emplace_back(row.Key(), partitions.back().SerializeAsString());
  }
  report->Add("add one, relaxed sync, into a table of " + WithCommas(settings.size) + ", p50",
              "RocksDB Put of one record",
              MeasureOperations(
                  kOperations,
                  [&](int64_t i) {
                    Must(session.AddPartitions(kTable, {&partitions[i], 1}).status());
                  },
                  [&](int64_t i) { rows->Put(records[i].first, records[i].second); }),
              Goal::kWithin, 25);
}

}  // namespace lodestone::bench
