#include "bindings/http/dispatcher.h"

#include <exception>
#include <random>

#include "absl/strings/str_format.h"
#include "catalog/base/strings.h"

namespace lodestone::http {
namespace {

// Callers whose rate is remembered, and claims whose principal is: some 200 bytes each.
constexpr std::size_t kMaxCallers = 100'000;
constexpr std::size_t kMaxClaims = 100'000;

// Where no adapter is to be asked.
class NoAdapter final : public Handler {
 public:
  Response Handle(const Request& request) override {
    Response response = Refuse(request, 404, "nothing is at this path");
    response.status = 404;
    return response;
  }
};

Response Plain(Handler* handler, const Request& request, int status, std::string_view message,
               std::string_view outcome) {
  NoAdapter fallback;
  Response response = (handler ? handler : &fallback)->Refuse(request, status, message);
  response.status = status;
  response.call = "refused";
  response.outcome = outcome;
  return response;
}

std::optional<RefusedFor> ReasonOf(int status) {
  switch (status) {
    case 400:
    case 415:
    case 417:
    case 501:
    case 505:
      return RefusedFor::kMalformed;
    case 413:
    case 414:
    case 431:
      return RefusedFor::kTooLarge;
    case 408:
      return RefusedFor::kTooSlow;
    case 429:
      return RefusedFor::kRate;
    case 503:
      return RefusedFor::kBusy;
    default:
      return std::nullopt;
  }
}

bool Lists(std::string_view allow, std::string_view method) {
  for (std::size_t at = allow.find(method); at != std::string_view::npos; at = allow.find(method, at + 1)) {
    const std::size_t end = at + method.size();
    if ((at == 0 || allow[at - 1] == ' ') && (end == allow.size() || allow[end] == ',')) return true;
  }
  return false;
}

}  // namespace

std::string NewRequestId() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  const uint64_t a = (random() & ~uint64_t{0xf000}) | 0x4000;                  // version 4
  const uint64_t b = (random() & ~(uint64_t{3} << 62)) | (uint64_t{1} << 63);  // variant 1
  return absl::StrFormat("%08x-%04x-%04x-%04x-%012x", a >> 32, a >> 16 & 0xffff, a & 0xffff, b >> 48,
                         b & 0xffffffffffff);
}

Dispatcher::Dispatcher(const Router* router, Metrics* metrics, Log* log, const Clock* clock, const Limits& limits)
    : router_(router),
      metrics_(metrics),
      log_(log),
      clock_(clock),
      rates_(kMaxCallers),
      callers_(kMaxClaims),
      limits_(limits) {}

Limits Dispatcher::limits() const {
  const absl::MutexLock lock(&mutex_);
  return limits_;
}

void Dispatcher::SetLimits(const Limits& limits) {
  const absl::MutexLock lock(&mutex_);
  limits_ = limits;
}

bool Dispatcher::IsOwn(const Request& request) const {
  const Route* const route = router_->Find(request.path());
  return route != nullptr && route->own;
}

std::optional<Response> Dispatcher::Admit(const Request& request) {
  const Route* const route = router_->Find(request.path());
  const Limits limits = this->limits();
  const bool own = route != nullptr && route->own;
  if (!own) {
    const int64_t wait_ms =
        rates_.Take(callers_.CallerOf(request), limits.requests_per_second, limits.burst, clock_->NowMillis());
    if (wait_ms > 0) {
      Response response = Refuse(request, 429, "too many requests of this caller");
      response.headers.emplace_back("Retry-After", std::to_string((wait_ms + 999) / 1000));
      return response;
    }
  }
  if (in_flight_.fetch_add(1) >= limits.requests_in_flight && !own) {
    in_flight_.fetch_sub(1);
    return Refuse(request, 503, "too many requests are being worked on");
  }
  metrics_->RequestBegins();
  return std::nullopt;
}

Response Dispatcher::Run(const Request& request) {
  const Route* const route = router_->Find(request.path());
  Response response;
  try {
    response = Answer(route, request);
  } catch (const std::exception& failure) {
    // No handler throws on purpose: memory ran out, or it has a fault. The server lives on.
    log_->Event(LogLevel::kError, "a handler threw", {{"request_id", request.request_id}, {"what", failure.what()}});
    response = Plain(route ? route->handler : nullptr, request, 500, "internal error", "threw");
  }
  in_flight_.fetch_sub(1);
  metrics_->RequestEnds();
  if (!response.principal.empty()) callers_.Learn(request, response.principal);
  return response;
}

Response Dispatcher::Answer(const Route* route, const Request& request) {
  if (request.method == "OPTIONS") {
    Response response;
    response.status = route != nullptr || request.target == "*" ? 204 : 404;
    response.call = "options";
    response.outcome = "ok";
    response.headers.emplace_back("Allow", route != nullptr ? route->allow : "GET, HEAD, POST, PUT, DELETE, OPTIONS");
    return response;
  }
  if (route == nullptr) return Plain(nullptr, request, 404, "nothing is at this path", "no_route");
  if (route->own && !Lists(route->allow, request.method)) {
    Response response = Plain(nullptr, request, 405, "the method is not one of this path", "method");
    response.headers.emplace_back("Allow", route->allow);
    return response;
  }
  return route->handler->Handle(request);
}

Response Dispatcher::Refuse(const Request& request, int status, std::string_view message) {
  const Route* const route = router_->Find(request.path());
  if (const std::optional<RefusedFor> reason = ReasonOf(status)) metrics_->CountRefused(*reason);
  Response response = Plain(route ? route->handler : nullptr, request, status, message, std::to_string(status));
  if (status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

void Dispatcher::Done(const Request& request, const Response& response, std::size_t bytes_in, int64_t micros) {
  const Route* const route = router_->Find(request.path());
  const std::string_view adapter = route ? std::string_view(route->adapter) : "none";
  metrics_->CountRequest(adapter, response.call, response.outcome, static_cast<double>(micros) / 1e6, bytes_in,
                         response.body.size());
  log_->Request({.request_id = request.request_id,
                 .peer = request.peer,
                 .method = request.method,
                 .path = request.path(),
                 .adapter = adapter,
                 .call = response.call,
                 .outcome = response.outcome,
                 .principal = response.principal,
                 .detail = response.detail,
                 .status = response.status,
                 .micros = micros,
                 .bytes_in = bytes_in,
                 .bytes_out = response.body.size()});
}

}  // namespace lodestone::http
