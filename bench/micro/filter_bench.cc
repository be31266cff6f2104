// Filters over one page of 1,000 partitions (dt, hour, region), against a reference in the same run: the bare loop that
// counts one index, which no evaluation can beat.
#include <string>
#include <string_view>
#include <vector>

#include "benchmark/benchmark.h"
#include "catalog/filter/filter.h"

namespace {

using lodestone::FilterMode;
using lodestone::KeyColumn;
using lodestone::filter::Filter;
using lodestone::filter::Key;

constexpr std::size_t kRows = 1'000;

struct Page {
  std::vector<Key> keys;
  std::vector<std::vector<std::string>> values;
  std::vector<std::vector<std::string_view>> dictionaries;
  std::vector<std::vector<uint16_t>> indexes;
  std::vector<KeyColumn> columns;
};

// 24 hours x 20 regions a day, as in bench/workload.
const Page& ThePage() {
  static const Page* const page = [] {
    auto* p = new Page;
    for (const auto& [name, type] : {std::pair{"dt", "string"}, {"hour", "int"}, {"region", "string"}}) {
      p->keys.push_back({name, lodestone::model::ParseType(type).value()});
    }
    p->values = {{"2026-01-05", "2026-01-06", "2026-01-07"}, {}, {}};
    for (int i = 0; i < 24; ++i) p->values[1].push_back(std::to_string(i));
    for (int i = 0; i < 20; ++i) p->values[2].push_back("region-" + std::to_string(i));
    p->dictionaries.resize(3);
    p->indexes.resize(3);
    for (std::size_t r = 0; r < kRows; ++r) {
      p->indexes[0].push_back(static_cast<uint16_t>(r / 480));
      p->indexes[1].push_back(static_cast<uint16_t>(r / 20 % 24));
      p->indexes[2].push_back(static_cast<uint16_t>(r % 20));
    }
    for (std::size_t k = 0; k < 3; ++k) {
      p->dictionaries[k].assign(p->values[k].begin(), p->values[k].end());
      p->columns.push_back({p->keys[k].name, p->dictionaries[k], p->indexes[k]});
    }
    return p;
  }();
  return *page;
}

std::shared_ptr<const Filter> Compiled(std::string_view text) {
  return Filter::Compile(text, FilterMode::kSql, ThePage().keys).value();
}

void Reference(benchmark::State& state) {
  const std::vector<uint16_t>& indexes = ThePage().indexes[2];
  for (auto _ : state) {
    uint16_t wanted = 7;
    benchmark::DoNotOptimize(wanted);
    uint16_t count = 0;
    for (std::size_t r = 0; r < kRows; ++r) count = static_cast<uint16_t>(count + (indexes[r] == wanted));
    benchmark::DoNotOptimize(count);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kRows));
}
BENCHMARK(Reference);

void Count(benchmark::State& state, const char* text) {
  const auto filter = Compiled(text);
  for (auto _ : state) benchmark::DoNotOptimize(filter->Count(ThePage().columns, kRows));
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kRows));
}
BENCHMARK_CAPTURE(Count, one_key_equal, "region = 'region-7'");
BENCHMARK_CAPTURE(Count, one_key_number, "hour = 7");
BENCHMARK_CAPTURE(Count, one_key_range, "hour >= 6 and hour < 18");
BENCHMARK_CAPTURE(Count, one_key_scattered, "region in ('region-3', 'region-7', 'region-15')");
BENCHMARK_CAPTURE(Count, one_key_like, "region like '%-1_'");
BENCHMARK_CAPTURE(Count, two_keys_and, "hour = 7 and region = 'region-7'");
BENCHMARK_CAPTURE(Count, three_keys_or, "dt = '2026-01-06' or hour = 7 or region = 'region-7'");
BENCHMARK_CAPTURE(Count, tuples, "(hour, region) in ((7, 'region-7'), (8, 'region-8'))");

void Evaluate(benchmark::State& state, const char* text) {
  const auto filter = Compiled(text);
  std::vector<uint16_t> passing;
  for (auto _ : state) {
    passing.clear();
    filter->Evaluate(ThePage().columns, kRows, &passing);
    benchmark::DoNotOptimize(passing.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kRows));
}
BENCHMARK_CAPTURE(Evaluate, one_key_equal, "region = 'region-7'");
BENCHMARK_CAPTURE(Evaluate, two_keys_and, "hour = 7 and region = 'region-7'");

void Compile(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(Compiled("dt between '2026-01-05' and '2026-01-06' and hour in (1, 2, 3)"));
}
BENCHMARK(Compile);

void NextCandidate(benchmark::State& state, const char* text) {
  const auto filter = Compiled(text);
  for (auto _ : state) benchmark::DoNotOptimize(filter->NextCandidate("2026-01-05/13/region-5"));
}
BENCHMARK_CAPTURE(NextCandidate, last_key, "region = 'region-7'");
BENCHMARK_CAPTURE(NextCandidate, middle_key, "hour = 7");

}  // namespace

BENCHMARK_MAIN();
