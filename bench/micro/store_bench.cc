// Durable commits per second of one and of several threads, beside RocksDB's own synced Put of the same row; point
// reads and scans through the store beside RocksDB's own. Folders are made under $TMPDIR (default /tmp): use a real
// disk.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>

#include "bench/reference/bare_db.h"
#include "catalog/base/strings.h"
#include "catalog/store/rocksdb/rocksdb_store.h"
#include "catalog/store/store.h"

namespace lodestone::store {
namespace {

// A folder for one benchmark.
class Folder {
 public:
  Folder() {
    const char* base = std::getenv("TMPDIR");
    path_ = base::StrCat(base == nullptr ? "/tmp" : base, "/lodestone_bench_XXXXXX");
    if (mkdtemp(path_.data()) == nullptr) std::abort();
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string operator/(const char* name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

constexpr std::size_t kCacheBytes = std::size_t{512} << 20;  // also the store's default
constexpr std::size_t kRowBytes = 200;
constexpr int kPages = 2000;
constexpr std::size_t kPageBytes = 40'000;

// Compresses about as partition pages do: small numbers and repeated text.
std::string PageValue(int i) {
  std::mt19937 random(static_cast<unsigned>(i));
  std::string value;
  while (value.size() < kPageBytes) {
    value += "s3://bucket/table/dt=2026-01-";
    for (int n = 0; n < 16; ++n) value.push_back(static_cast<char>(random() % 64));
  }
  return value;
}
std::string PageKey(int i) { return base::StrCat("page", 100'000 + i); }

std::unique_ptr<Store> OpenStore(const std::string& path) {
  auto store = OpenRocksDbStore(path);
  if (!store.ok()) std::abort();
  return *std::move(store);
}

// --- Commits ---

struct CommitBench {
  Folder folder;
  std::unique_ptr<Store> store = OpenStore(folder / "store");
  bench::BareDb bare{folder / "bare", kCacheBytes};
};
CommitBench* commit_bench = nullptr;

void SetUpCommits(const benchmark::State&) { commit_bench = new CommitBench; }
void TearDownCommits(const benchmark::State&) {
  delete commit_bench;
  commit_bench = nullptr;
}

void BM_Commit(benchmark::State& state, Durability durability) {
  const std::string value(kRowBytes, 'v');
  int64_t i = 0;
  for (auto _ : state) {
    auto t = commit_bench->store->Begin();
    if (!t.ok()) std::abort();
    (*t)->Put(base::StrCat("row", state.thread_index(), "/", i++), value);
    if (!(*t)->Commit(durability).ok()) std::abort();
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_BarePut(benchmark::State& state, bool sync) {
  const std::string value(kRowBytes, 'v');
  int64_t i = 0;
  for (auto _ : state) commit_bench->bare.Put(base::StrCat("row", state.thread_index(), "/", i++), value, sync);
  state.SetItemsProcessed(state.iterations());
}

#define COMMITS(function, name, argument) \
  BENCHMARK_CAPTURE(function, name, argument)->Setup(SetUpCommits)->Teardown(TearDownCommits)->UseRealTime()
COMMITS(BM_Commit, durable, Durability::kSync)->Threads(1)->Threads(8);
COMMITS(BM_BarePut, durable, true)->Threads(1)->Threads(8);
COMMITS(BM_Commit, relaxed, Durability::kRelaxed)->Threads(1)->Threads(8);
COMMITS(BM_BarePut, relaxed, false)->Threads(1)->Threads(8);

// --- Reads ---

struct ReadBench {
  ReadBench() {
    auto run = store->NewSortedRun();
    for (int i = 0; i < kPages; ++i) {
      if (!(*run)->Add(PageKey(i), PageValue(i)).ok()) std::abort();
      bare.Put(PageKey(i), PageValue(i), /*sync=*/false);
    }
    std::vector<std::unique_ptr<SortedRun>> runs;
    if (!(*run)->Finish().ok()) std::abort();
    runs.push_back(*std::move(run));
    if (!store->IngestRuns(std::move(runs)).ok()) std::abort();
    bare.Compact();
  }
  Folder folder;
  std::unique_ptr<Store> store = OpenStore(folder / "store");
  bench::BareDb bare{folder / "bare", kCacheBytes};
};
ReadBench* read_bench = nullptr;

void SetUpReads(const benchmark::State&) { read_bench = new ReadBench; }
void TearDownReads(const benchmark::State&) {
  delete read_bench;
  read_bench = nullptr;
}

void BM_Get(benchmark::State& state) {
  std::mt19937 random(1);
  auto snapshot = read_bench->store->Snapshot();
  for (auto _ : state) {
    auto value = snapshot->Get(PageKey(static_cast<int>(random() % kPages)));
    benchmark::DoNotOptimize(value);
  }
}

void BM_BareGet(benchmark::State& state) {
  std::mt19937 random(1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(read_bench->bare.Get(PageKey(static_cast<int>(random() % kPages))));
  }
}

void BM_Scan(benchmark::State& state) {
  const bool cached = state.range(0) != 0;
  auto snapshot = read_bench->store->Snapshot();
  int64_t bytes = 0;
  for (auto _ : state) {
    auto cursor = snapshot->NewCursor(PrefixRange("page"), {.long_scan = true, .fill_cache = cached});
    for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) bytes += static_cast<int64_t>(cursor->value().size());
  }
  state.SetBytesProcessed(bytes);
  state.counters["disk_bytes_per_page"] = static_cast<double>(read_bench->store->Stats().live_bytes) / kPages;
}

void BM_BareScan(benchmark::State& state) {
  int64_t bytes = 0;
  for (auto _ : state) bytes += read_bench->bare.Scan(state.range(0) != 0);
  state.SetBytesProcessed(bytes);
}

#define READS(function) BENCHMARK(function)->Setup(SetUpReads)->Teardown(TearDownReads)
READS(BM_Get);
READS(BM_BareGet);
READS(BM_Scan)->ArgName("cached")->Arg(0)->Arg(1);
READS(BM_BareScan)->ArgName("cached")->Arg(0)->Arg(1);

// --- Opening ---

void BM_Open(benchmark::State& state) {
  Folder folder;
  const std::string path = folder / "store";
  for (auto _ : state) {
    auto store = OpenStore(path);
    state.PauseTiming();
    auto t = store->Begin();
    (*t)->Put("a", "b");
    if (!(*t)->Commit(Durability::kSync).ok()) std::abort();
    store.reset();
    state.ResumeTiming();
  }
}
BENCHMARK(BM_Open)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lodestone::store

BENCHMARK_MAIN();
