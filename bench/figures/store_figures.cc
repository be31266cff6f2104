// Opening, dropping, memory and disk.
#include <sys/wait.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "bench/figures/stage.h"

namespace lodestone::bench {

namespace {

// Small enough that it is full long before the end.
constexpr std::size_t kMemoryCacheBytes = std::size_t{32} << 20;

int64_t ListInOwnProcess(const Settings& settings, const std::string& folder) {
  const std::string command = "'" + settings.program + "' --list-for-memory '" + folder + "'";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  long long bytes = -1;
  if (pipe == nullptr || std::fscanf(pipe, "%lld", &bytes) != 1 || ::pclose(pipe) != 0) {
    std::fprintf(stderr, "figures: %s failed\n", command.c_str());
    std::exit(1);
  }
  return bytes;
}

void DropFigures(const Settings& settings, Metastore* store, Report* report) {
  Session session = store->Local();
  const TableName small{"bench", "small"};
  Must(CreateAndLoad(session, small, Workload(1000)));
  // Dropped and brought back in turns.
  std::vector<double> of_large;
  std::vector<double> of_small;
  for (int round = 0; round < 51; ++round) {
    const Stopwatch large_watch;
    Must(session.DropTable(kTable));
    of_large.push_back(large_watch.Seconds());
    Must(session.UndropTable(kTable));
    const Stopwatch small_watch;
    Must(session.DropTable(small));
    of_small.push_back(small_watch.Seconds());
    Must(session.UndropTable(small));
  }
  const std::string what = " a table of " + WithCommas(settings.large) + " partitions";
  report->Add("drop" + what, "drop of one with 1,000", {Median(of_large), Median(of_small)}, Goal::kWithin, 3);

  // For good: this can be timed once alone for the large one.
  of_small.clear();
  for (int round = 0; round < 9; ++round) {
    const TableName another{"bench", "small" + std::to_string(round)};
    Must(CreateAndLoad(session, another, Workload(1000)));
    const Stopwatch watch;
    Must(session.DropTable(another, {.purge = Purge::kYes}));
    of_small.push_back(watch.Seconds());
  }
  const Stopwatch watch;
  Must(session.DropTable(kTable, {.purge = Purge::kYes}));
  report->Add("drop for good" + what, "drop for good of one with 1,000", {watch.Seconds(), Median(of_small)},
              Goal::kWithin, 3);
}

}  // namespace

void ListForMemory(const std::string& folder) {
  const std::unique_ptr<Metastore> store = Must(Metastore::Open(folder, {.block_cache_bytes = kMemoryCacheBytes}));
  Must(store->Local().GetTable(kTable).status());
  ResetPeakMemory();
  const int64_t before = CurrentMemory();
  int64_t names = 0;
  NameList list;
  PartitionCursor cursor = store->Local().ListPartitions(kTable);
  while (cursor.Next()) {
    list.bytes.clear();
    list.ends.clear();
    cursor.batch().AppendNames(&list);
    names += static_cast<int64_t>(list.size());
  }
  Must(cursor.status());
  const int64_t above = PeakMemory() - before - static_cast<int64_t>(kMemoryCacheBytes);
  std::fprintf(stderr, "  listed %lld names: %lld bytes before, %lld at the peak, block cache %lld\n",
               static_cast<long long>(names), static_cast<long long>(before), static_cast<long long>(PeakMemory()),
               static_cast<long long>(kMemoryCacheBytes));
  std::printf("%lld\n", static_cast<long long>(above > 0 ? above : 0));
}

void StoreFigures(const Settings& settings, Report* report) {
  std::unique_ptr<Metastore> ours = FilledOurs(settings, "ours", settings.large);
  Must(ours->Flush());
  ours.reset();
  const std::string full = settings.folder + "/ours";
  const std::string empty = FreshFolder(settings, "empty");
  OpenOurs(settings, empty).reset();

  report->Add("open a store with " + WithCommas(settings.large) + " partitions", "open an empty one",
              MeasurePair([&] { OpenOurs(settings, full).reset(); }, [&] { OpenOurs(settings, empty).reset(); }, 9),
              Goal::kWithin, 3);
  report->Add({.what = "bytes on disk per partition (3 keys, 4 parameters, one descriptor)",
               .reference_name = "-",
               .ours = static_cast<double>(BytesOnDisk(full)) / static_cast<double>(settings.large),
               .goal = Goal::kAtMostBytes,
               .limit = 60});
  report->Add({.what = "memory of listing " + WithCommas(settings.large) + " names, above the block cache",
               .reference_name = "-",
               .ours = static_cast<double>(ListInOwnProcess(settings, full)),
               .goal = Goal::kAtMostBytes,
               .limit = 64 << 20});
  ours = OpenOurs(settings, full);
  DropFigures(settings, ours.get(), report);
}

}  // namespace lodestone::bench
