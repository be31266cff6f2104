#include "catalog/store/rocksdb/error_latch.h"

#include "catalog/base/status_macros.h"

namespace lodestone::store {

void ErrorLatch::Set(const absl::Status& error) {
  absl::MutexLock lock(&mutex_);
  if (error_.ok()) error_ = error;
}

absl::Status ErrorLatch::Get() const {
  absl::MutexLock lock(&mutex_);
  return error_;
}

absl::Status ErrorLatch::WithSoundLog(absl::FunctionRef<absl::Status()> sync) {
  absl::ReaderMutexLock sound(&log_mutex_);
  RETURN_IF_ERROR(Get());
  return sync();
}

void ErrorLatch::SetByLog(const absl::Status& error) {
  Set(error);
  absl::WriterMutexLock alone(&log_mutex_);
}

}  // namespace lodestone::store
