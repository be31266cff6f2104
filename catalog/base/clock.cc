#include "catalog/base/clock.h"

#include <chrono>

namespace lodestone {

namespace {
class SystemClock final : public Clock {
 public:
  int64_t NowMillis() const override {
    using std::chrono::duration_cast;
    using std::chrono::milliseconds;
    return duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  }
};
}  // namespace

const Clock* Clock::System() {
  static const SystemClock clock;
  return &clock;
}

}  // namespace lodestone
