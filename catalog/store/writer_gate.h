// Lets one writer in at a time.
#pragma once

#include <cstdint>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace lodestone::store {

// A lock that may be let go by another thread than took it, gives up after a while, and tells a thread that would wait
// for itself. Thread-safe.
class WriterGate {
 public:
  //   Aborted             others held it for `timeout_ms` milliseconds
  //   FailedPrecondition  this thread holds it already: waiting would never end
  absl::Status Enter(int64_t timeout_ms);
  // REQUIRES: entered.
  void Leave();

 private:
  bool Open() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !taken_; }

  absl::Mutex mutex_;
  bool taken_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread::id holder_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lodestone::store
