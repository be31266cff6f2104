// From a request to its answer, around the adapters: admission, routes, failures, figures and log lines.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "bindings/common/log.h"
#include "bindings/common/metrics.h"
#include "bindings/http/handler.h"
#include "bindings/http/limits.h"
#include "bindings/http/rate.h"
#include "bindings/http/request_reader.h"
#include "bindings/http/router.h"
#include "catalog/base/clock.h"

namespace lodestone::http {

using bindings::Log;
using bindings::LogLevel;
using bindings::Metrics;
using bindings::RefusedFor;
using bindings::RequestLine;

// A UUID of random bits.
std::string NewRequestId();

// Thread-safe. Knows no sockets.
class Dispatcher {
 public:
  // All outlive it.
  Dispatcher(const Router* router, Metrics* metrics, Log* log, const Clock* clock, const Limits& limits);

  Limits limits() const;
  void SetLimits(const Limits& limits);

  // Whether a page of the server itself answers: it must not wait behind slow calls.
  bool IsOwn(const Request& request) const;
  // Whether the request may go to a worker; otherwise the answer: beyond the caller's rate, or too many in flight. Each
  // admitted request needs one Run().
  std::optional<Response> Admit(const Request& request);
  // The answer of the route's handler, or the server's own where there is none or where it threw. Takes as long as
  // that.
  Response Run(const Request& request);
  // The answer to a request that was not read to its end. `request` has what is known of it.
  Response Refuse(const Request& request, int status, std::string_view message);
  // Counts and logs what was answered. `bytes_in`: target and body.
  void Done(const Request& request, const Response& response, std::size_t bytes_in, int64_t micros);

 private:
  Response Answer(const Route* route, const Request& request);

  const Router* const router_;
  Metrics* const metrics_;
  Log* const log_;
  const Clock* const clock_;
  RateLimiter rates_;
  Callers callers_;
  std::atomic<int> in_flight_ = 0;
  mutable absl::Mutex mutex_;
  Limits limits_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lodestone::http
