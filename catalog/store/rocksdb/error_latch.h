// The first error that ended writing.
#pragma once

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace lodestone::store {

// Shared by all that write, by RocksDB's background threads too. Once set, it stays. Thread-safe.
class ErrorLatch {
 public:
  void Set(const absl::Status& error);
  // The error that was set first; OK when none was.
  absl::Status Get() const;

  // RocksDB's log must not be synced after a write to it has failed: builds with assertions, such as Debian's, would
  // end the process. So a sync goes through WithSoundLog, which refuses once a write has failed; and a write that fails
  // is told to RocksDB only after SetByLog, which waits for a sync under way.
  absl::Status WithSoundLog(absl::FunctionRef<absl::Status()> sync);
  void SetByLog(const absl::Status& error);

 private:
  // Shared by a sync; exclusive while a failed write is made known. Taken before mutex_.
  absl::Mutex log_mutex_;
  mutable absl::Mutex mutex_;
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lodestone::store
