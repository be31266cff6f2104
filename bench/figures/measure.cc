#include "bench/figures/measure.h"

#include <malloc.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace lodestone::bench {

namespace {

int64_t FromProcStatus(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != field + ":") continue;
    int64_t kib = 0;
    status >> kib;
    return kib * 1024;
  }
  return 0;
}

double Time(const std::function<void()>& run) {
  const Stopwatch watch;
  run();
  return watch.Seconds();
}

}  // namespace

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Pair MeasurePair(const std::function<void()>& ours, const std::function<void()>& reference, int least_rounds) {
  constexpr int kMostRounds = 25;
  constexpr int kEnoughRounds = 3;
  constexpr double kLongSeconds = 20;
  ours();
  reference();
  std::vector<double> of_ours;
  std::vector<double> of_reference;
  const Stopwatch whole;
  for (int round = 0; round < least_rounds || (round < kMostRounds && whole.Seconds() < 1); ++round) {
    of_ours.push_back(Time(ours));
    of_reference.push_back(Time(reference));
    if (round + 1 >= kEnoughRounds && whole.Seconds() > kLongSeconds) break;
  }
  return {.ours = Median(of_ours), .reference = Median(of_reference)};
}

Pair MeasureOperations(int64_t operations, const std::function<void(int64_t)>& ours,
                       const std::function<void(int64_t)>& reference) {
  std::vector<double> of_ours;
  std::vector<double> of_reference;
  for (int64_t i = 0; i < operations; ++i) {
    of_ours.push_back(Time([&] { ours(i); }));
    of_reference.push_back(Time([&] { reference(i); }));
  }
  return {.ours = Median(of_ours), .reference = Median(of_reference)};
}

void Keep(const void* result) { asm volatile("" : : "g"(result) : "memory"); }

void KeepFreedMemory() {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
}

int64_t CurrentMemory() { return FromProcStatus("VmRSS"); }
int64_t PeakMemory() { return FromProcStatus("VmHWM"); }
void ResetPeakMemory() { std::ofstream("/proc/self/clear_refs") << "5"; }

}  // namespace lodestone::bench
