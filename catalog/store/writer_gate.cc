#include "catalog/store/writer_gate.h"

#include "absl/time/time.h"
#include "catalog/base/strings.h"

namespace lodestone::store {

absl::Status WriterGate::Enter(int64_t timeout_ms) {
  absl::MutexLock lock(&mutex_);
  if (taken_ && holder_ == std::this_thread::get_id()) {
    return absl::FailedPreconditionError(
        "this thread has a transaction open already; end it before beginning another one");
  }
  if (!mutex_.AwaitWithTimeout(absl::Condition(this, &WriterGate::Open), absl::Milliseconds(timeout_ms))) {
    return absl::AbortedError(
        base::StrCat("waited ", timeout_ms, " ms for another transaction to end; run this one again"));
  }
  taken_ = true;
  holder_ = std::this_thread::get_id();
  return absl::OkStatus();
}

void WriterGate::Leave() {
  absl::MutexLock lock(&mutex_);
  taken_ = false;
  holder_ = std::thread::id();
}

}  // namespace lodestone::store
