// Time, passed in so that tests can set it.
#pragma once

#include <atomic>
#include <cstdint>

namespace lodestone {

// Thread-safe. Whoever takes a Clock* does not own it; it outlives the user.
class Clock {
 public:
  virtual ~Clock() = default;
  // Milliseconds since 1970-01-01 UTC.
  virtual int64_t NowMillis() const = 0;

  // The machine's clock. Never null; lives as long as the process.
  static const Clock* System();
};

// A clock that moves only when told to.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(int64_t now_millis) : now_(now_millis) {}
  int64_t NowMillis() const override { return now_; }
  void Advance(int64_t millis) { now_ += millis; }

 private:
  std::atomic<int64_t> now_;
};

}  // namespace lodestone
