#include "tools/lodestone/progress.h"

#include <unistd.h>

#include <cstdio>

#include "catalog/base/strings.h"
#include "tools/lodestone/output.h"

namespace lodestone::cli {
namespace {
constexpr std::chrono::milliseconds kFirst{1000};
constexpr std::chrono::milliseconds kOnTerminal{100};
constexpr std::chrono::milliseconds kInLog{5000};
}  // namespace

Progress::Progress(std::string_view unit, bool quiet)
    : unit_(unit), silent_(quiet), terminal_(isatty(STDERR_FILENO) == 1), next_(start_ + kFirst) {}

double Progress::Elapsed() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

void Progress::Report(std::string_view phase, int64_t count, int64_t done, int64_t total) {
  if (silent_) return;
  const Clock::time_point now = Clock::now();
  if (phase != phase_) {
    phase_ = phase;
    phase_start_ = now;
    phase_first_ = count;
  }
  if (now < next_) return;
  next_ = now + (terminal_ ? kOnTerminal : kInLog);

  const double seconds = std::chrono::duration<double>(now - phase_start_).count();
  std::string line = base::StrCat(phase_, ": ", Grouped(count), " ", unit_);
  if (seconds > 0.05) {
    const double rate = static_cast<double>(count - phase_first_) / seconds;
    base::StrAppend(&line, ", ", Grouped(static_cast<int64_t>(rate)), " ", unit_, "/s");
  }
  if (total > 0) {
    const double fraction = static_cast<double>(done) / static_cast<double>(total);
    base::StrAppend(&line, ", ", static_cast<int>(fraction * 100), " %");
    if (fraction > 0.01 && fraction < 1 && seconds > 0.5) {
      base::StrAppend(&line, ", ", Duration(seconds / fraction - seconds), " left");
    }
  }
  std::fprintf(stderr, terminal_ ? "\r\x1b[K%s" : "%s\n", line.c_str());
  std::fflush(stderr);
  shown_ = terminal_;
}

void Progress::Clear() {
  if (!shown_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  shown_ = false;
}

std::string Duration(double seconds) {
  char text[48];
  if (seconds < 0.001) {
    std::snprintf(text, sizeof text, "%.0f us", seconds * 1e6);
  } else if (seconds < 1) {
    std::snprintf(text, sizeof text, "%.1f ms", seconds * 1e3);
  } else if (seconds < 60) {
    std::snprintf(text, sizeof text, "%.1f s", seconds);
  } else if (seconds < 3600) {
    std::snprintf(text, sizeof text, "%d min %d s", static_cast<int>(seconds) / 60, static_cast<int>(seconds) % 60);
  } else {
    std::snprintf(text, sizeof text, "%d h %d min", static_cast<int>(seconds) / 3600,
                  static_cast<int>(seconds) / 60 % 60);
  }
  return text;
}

}  // namespace lodestone::cli
