// Timing: medians over several runs of two things that take turns, so that a machine's moods fall on both.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace lodestone::bench {

class Stopwatch {
 public:
  double Seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

double Median(std::vector<double> values);

// Seconds per run.
struct Pair {
  double ours = 0;
  double reference = 0;
};

// Runs both once unmeasured, then in turns; the medians of each. At least `least_rounds` rounds, more (up to 25) while
// the whole has taken less than a second; but no more than 3 once it has taken 20 seconds.
Pair MeasurePair(const std::function<void()>& ours, const std::function<void()>& reference, int least_rounds = 5);

// The same for single operations too short to be timed in bulk: operation `i` of each, in turns; the medians (p50).
Pair MeasureOperations(int64_t operations, const std::function<void(int64_t)>& ours,
                       const std::function<void(int64_t)>& reference);

// Keeps a result alive that nothing else uses.
void Keep(const void* result);

// From here on the process keeps the memory that it gives up, as a server's allocator does: what a run takes anew is
// not paid for with page faults, by neither side.
void KeepFreedMemory();

// Resident memory of this process in bytes: now, and at its highest since the last ResetPeakMemory().
int64_t CurrentMemory();
int64_t PeakMemory();
void ResetPeakMemory();

}  // namespace lodestone::bench
