// How often one caller may call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "bindings/http/handler.h"
#include "catalog/base/strings.h"

namespace lodestone::http {

// A token bucket per caller. Remembers so many callers at the most, and forgets the one that called longest ago.
// Thread-safe.
class RateLimiter {
 public:
  explicit RateLimiter(std::size_t max_callers) : max_callers_(max_callers) {}

  // Takes a token of `caller`; 0 when there was one, otherwise in how many milliseconds there will be. `per_second` 0:
  // no limit.
  int64_t Take(std::string_view caller, double per_second, double burst, int64_t now_ms);
  std::size_t callers() const;

 private:
  struct Bucket {
    std::string caller;
    double tokens = 0;
    int64_t time_ms = 0;
  };
  const std::size_t max_callers_;
  mutable absl::Mutex mutex_;
  std::list<Bucket> buckets_ ABSL_GUARDED_BY(mutex_);  // the one used last comes first
  base::StringMap<std::list<Bucket>::iterator> by_caller_ ABSL_GUARDED_BY(mutex_);
};

// Whom a request counts for. A claim (an access key, a token) proves nothing, so it counts for the address that it
// comes from, until a request with the same claim from the same address was found to be a principal's: from then on it
// counts for the principal, wherever else that calls from. Whoever only claims to be another uses up nothing of the
// other's, unless they share an address. Remembers hashes of claims, not claims. Thread-safe.
class Callers {
 public:
  explicit Callers(std::size_t max_claims) : max_claims_(max_claims) {}

  std::string CallerOf(const Request& request) const;
  // The request was found to be this principal's.
  void Learn(const Request& request, std::string_view principal);

 private:
  const std::size_t max_claims_;
  mutable absl::Mutex mutex_;
  base::StringMap<std::string> principals_ ABSL_GUARDED_BY(mutex_);  // by hash of claim and address
};

}  // namespace lodestone::http
