// Which nonces of signed requests were used, so that none is accepted twice.
//
// Idea. Every nonce in use is in a set in memory, which answers at once; the store has them as well, so that a restart
// forgets none, under keys that begin with the end of their time. In memory they lie in a bucket for each minute in
// which they end; when the minute is over, the bucket goes, and with it, as one range, what the store has of it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "catalog/record/keys.h"
#include "catalog/store/store.h"

namespace lodestone::account {

struct NonceLimits {
  // Nonces that are remembered at one time, at about 50 bytes each.
  std::size_t max_nonces = 4'000'000;
  // How far ahead a nonce may end, in milliseconds. Default: a day.
  int64_t max_ahead_ms = int64_t{24} * 3600 * 1000;
};

// Of one store. Thread-safe.
class Nonces {
 public:
  explicit Nonces(const NonceLimits& limits = {}) : limits_(limits) {}

  // Remembers that the nonce was used. When it returns OK the end of the process does not make it forgotten; a power
  // cut may, within the last moments, as the commit is a relaxed one: a sync per request would cost more than the
  // request.
  //   AlreadyExists      (kAccessKey) it was used before, or is being used by another thread
  //   InvalidArgument    it ends in the past, or too far ahead
  //   ResourceExhausted  as many as can be remembered: better refuse a request than accept one twice
  absl::Status Use(store::Store& store, std::string_view nonce, int64_t expires_ms, int64_t now_ms);
  // Forgets those whose time is over.
  absl::Status Expire(store::Store& store, int64_t now_ms);

 private:
  using Hash = std::array<char, record::kNonceHashBytes>;

  absl::Status LoadOnce(const store::Store& store) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The end of the last minute that is over, when there was something in it that is now forgotten; 0 otherwise.
  int64_t ForgetExpired(int64_t now_ms) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Insert(const Hash& hash, int64_t expires_ms) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Remove(const Hash& hash, int64_t expires_ms) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const NonceLimits limits_;
  absl::Mutex mutex_;
  bool loaded_ ABSL_GUARDED_BY(mutex_) = false;
  // Nonces that end before this are forgotten: one that comes again, because the clock went backwards, is refused.
  int64_t forgotten_before_ms_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_set<Hash> used_ ABSL_GUARDED_BY(mutex_);
  std::map<int64_t, std::vector<Hash>> by_minute_ ABSL_GUARDED_BY(mutex_);  // the minute in which they end
};

}  // namespace lodestone::account
