#include "bindings/http/rate.h"

#include <algorithm>
#include <cmath>

#include "bindings/common/crypto.h"

namespace lodestone::http {

int64_t RateLimiter::Take(std::string_view caller, double per_second, double burst, int64_t now_ms) {
  if (per_second <= 0) return 0;
  burst = std::max(burst, 1.0);
  const absl::MutexLock lock(&mutex_);
  if (const auto found = by_caller_.find(caller); found != by_caller_.end()) {
    buckets_.splice(buckets_.begin(), buckets_, found->second);
  } else {
    if (buckets_.size() >= max_callers_) {
      by_caller_.erase(buckets_.back().caller);
      buckets_.pop_back();
    }
    buckets_.push_front({std::string(caller), burst, now_ms});
    by_caller_.emplace(caller, buckets_.begin());
  }
  Bucket& bucket = buckets_.front();
  const double passed_s = static_cast<double>(std::max<int64_t>(0, now_ms - bucket.time_ms)) / 1000;
  bucket.tokens = std::min(burst, bucket.tokens + passed_s * per_second);
  bucket.time_ms = now_ms;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return 0;
  }
  return std::max<int64_t>(1, std::llround(std::ceil((1 - bucket.tokens) / per_second * 1000)));
}

std::size_t RateLimiter::callers() const {
  const absl::MutexLock lock(&mutex_);
  return buckets_.size();
}

namespace {

// What names the caller in a request of any scheme: a token, the access key in front of a signature, or one among the
// parameters. Empty: nothing does.
std::string_view ClaimIn(const Request& request) {
  if (const std::string_view token = request.Header("x-auth-token"); !token.empty()) return token;
  if (const std::string_view signature = request.Header("authorization"); !signature.empty()) {
    return signature.substr(0, signature.find(','));
  }
  constexpr std::string_view kName = "AccessKeyId=";
  constexpr std::size_t kLookAt = std::size_t{64} << 10;  // of a form; it is among the first parameters
  for (std::string_view rest : {request.query(), std::string_view(request.body).substr(0, kLookAt)}) {
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('&'), rest.size());
      if (rest.starts_with(kName)) return rest.substr(kName.size(), end - kName.size());
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return {};
}

std::string HashOf(const Request& request, std::string_view claim) {
  return bindings::Sha256(base::StrCat(request.peer, "\n", claim));
}

}  // namespace

std::string Callers::CallerOf(const Request& request) const {
  if (const std::string_view claim = ClaimIn(request); !claim.empty()) {
    const std::string hash = HashOf(request, claim);
    const absl::MutexLock lock(&mutex_);
    if (const auto found = principals_.find(hash); found != principals_.end()) {
      return base::StrCat("principal ", found->second);
    }
  }
  return base::StrCat("peer ", request.peer);
}

void Callers::Learn(const Request& request, std::string_view principal) {
  const std::string_view claim = ClaimIn(request);
  if (claim.empty()) return;
  std::string hash = HashOf(request, claim);
  const absl::MutexLock lock(&mutex_);
  // Learned again within a request each.
  if (principals_.size() >= max_claims_ && !principals_.contains(hash)) principals_.clear();
  principals_.insert_or_assign(std::move(hash), std::string(principal));
}

}  // namespace lodestone::http
