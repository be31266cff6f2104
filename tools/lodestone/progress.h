// How far a long command is, on standard error: one line that is rewritten on a terminal, a line every few seconds
// otherwise. Commands that end within a second print nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace lodestone::cli {

// Not thread-safe; `Report` may be called as often as one likes.
class Progress {
 public:
  // `unit` is what is counted, such as `rows`. Prints nothing at all when `quiet`.
  Progress(std::string_view unit, bool quiet);
  ~Progress() { Clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `phase` is what is being done, such as `reading`; `done` of `total` how far it is, in whatever unit; total 0:
  // unknown.
  void Report(std::string_view phase, int64_t count, int64_t done, int64_t total);
  // Takes the line off a terminal, before other text.
  void Clear();
  // Seconds since the start.
  double Elapsed() const;

 private:
  using Clock = std::chrono::steady_clock;

  const std::string unit_;
  const bool silent_;
  const bool terminal_;
  const Clock::time_point start_ = Clock::now();
  std::string phase_;
  Clock::time_point phase_start_ = start_;
  int64_t phase_first_ = 0;
  Clock::time_point next_;
  bool shown_ = false;
};

// 0.0123 as 12.3 ms, 75 as 1 min 15 s.
std::string Duration(double seconds);

}  // namespace lodestone::cli
