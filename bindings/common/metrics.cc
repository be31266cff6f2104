#include "bindings/common/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <ctime>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "catalog/base/strings.h"

namespace lodestone::bindings {
namespace {

constexpr std::size_t kMaxSeries = 2'000;
constexpr std::size_t kMaxLabel = 64;
constexpr std::array<const char*, 7> kReasons = {"malformed", "too_large",   "too_slow",        "rate",
                                                 "busy",      "connections", "peer_connections"};

const prometheus::Histogram::BucketBoundaries& Buckets() {
  static const prometheus::Histogram::BucketBoundaries kBuckets = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                                   0.1,    0.25,  0.5,    1,     2.5,  5,     10};
  return kBuckets;
}

// The process, as Prometheus' own clients name its figures.
std::vector<Gauge> ProcessGauges() {
  std::vector<Gauge> gauges;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    unsigned long size = 0;
    unsigned long resident = 0;
    if (std::fscanf(file, "%lu %lu", &size, &resident) == 2) {
      gauges.push_back({"process_resident_memory_bytes", "Resident memory.",
                        static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE))});
    }
    std::fclose(file);
  }
  gauges.push_back({"process_cpu_seconds", "Processor time used.",
                    static_cast<double>(std::clock()) / static_cast<double>(CLOCKS_PER_SEC)});
  return gauges;
}

prometheus::MetricFamily ToFamily(const Gauge& gauge) {
  prometheus::ClientMetric metric;
  metric.gauge.value = gauge.value;
  return {gauge.name, gauge.help, prometheus::MetricType::Gauge, {metric}};
}

std::string Label(std::string_view text) { return text.empty() ? "none" : std::string(text.substr(0, kMaxLabel)); }

}  // namespace

struct Metrics::Impl {
  // What one adapter, call and outcome count into.
  struct Series {
    prometheus::Counter* requests;
    prometheus::Histogram* seconds;
    prometheus::Counter* bytes_in;
    prometheus::Counter* bytes_out;
  };

  Impl(std::function<std::vector<Gauge>()> the_gauges, std::string_view wire)
      : gauges(std::move(the_gauges)), prefix(base::StrCat("lodestone_", wire, "_")) {
    for (const char* reason : kReasons) refused.push_back(&refused_family.Add({{"reason", reason}}));
  }

  Series SeriesOf(std::string_view adapter, std::string_view call, std::string_view outcome) {
    std::string key = base::StrCat(adapter, "\n", call, "\n", outcome);
    const absl::MutexLock lock(&mutex);
    if (const auto found = series.find(key); found != series.end()) return found->second;
    if (series.size() >= kMaxSeries) {
      key = "other";
      call = outcome = "other";
      if (const auto found = series.find(key); found != series.end()) return found->second;
    }
    const std::string adapter_label = Label(adapter);
    const prometheus::Labels both = {{"adapter", adapter_label}, {"call", Label(call)}};
    prometheus::Labels all = both;
    all["outcome"] = Label(outcome);
    // Adding the same labels again gives the same counter.
    const Series made = {&requests.Add(all), &seconds.Add(both, Buckets()), &bytes_in.Add({{"adapter", adapter_label}}),
                         &bytes_out.Add({{"adapter", adapter_label}})};
    return series.emplace(std::move(key), made).first->second;
  }

  const std::function<std::vector<Gauge>()> gauges;
  const std::string prefix;
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests =
      prometheus::BuildCounter().Name(prefix + "requests_total").Help("Requests answered.").Register(registry);
  prometheus::Family<prometheus::Histogram>& seconds =
      prometheus::BuildHistogram()
          .Name(prefix + "request_seconds")
          .Help("From the last byte of a request to the last byte of its answer.")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& bytes_in = prometheus::BuildCounter()
                                                          .Name(prefix + "request_bytes_total")
                                                          .Help("Bytes of requests: target and body.")
                                                          .Register(registry);
  prometheus::Family<prometheus::Counter>& bytes_out = prometheus::BuildCounter()
                                                           .Name(prefix + "response_bytes_total")
                                                           .Help("Bytes of the bodies of answers.")
                                                           .Register(registry);
  prometheus::Family<prometheus::Counter>& refused_family =
      prometheus::BuildCounter()
          .Name(prefix + "refused_total")
          .Help("Requests and connections that the server turned away by itself.")
          .Register(registry);
  prometheus::Gauge& connections = prometheus::BuildGauge()
                                       .Name(prefix + "connections")
                                       .Help("Connections that are open.")
                                       .Register(registry)
                                       .Add({});
  prometheus::Counter& connections_opened = prometheus::BuildCounter()
                                                .Name(prefix + "connections_total")
                                                .Help("Connections accepted.")
                                                .Register(registry)
                                                .Add({});
  prometheus::Gauge& in_flight = prometheus::BuildGauge()
                                     .Name(prefix + "requests_in_flight")
                                     .Help("Requests that wait for a worker or run.")
                                     .Register(registry)
                                     .Add({});
  prometheus::Gauge& buffered = prometheus::BuildGauge()
                                    .Name(prefix + "buffered_bytes")
                                    .Help("Held for requests being read and answers being sent.")
                                    .Register(registry)
                                    .Add({});
  std::vector<prometheus::Counter*> refused;
  absl::Mutex mutex;
  base::StringMap<Series> series ABSL_GUARDED_BY(mutex);
};

Metrics::Metrics(std::function<std::vector<Gauge>()> gauges, std::string_view wire)
    : impl_(std::make_unique<Impl>(std::move(gauges), wire)) {}
Metrics::~Metrics() = default;

void Metrics::CountRequest(std::string_view adapter, std::string_view call, std::string_view outcome, double seconds,
                           std::size_t bytes_in, std::size_t bytes_out) {
  const Impl::Series series = impl_->SeriesOf(adapter, call, outcome);
  series.requests->Increment();
  series.seconds->Observe(seconds);
  series.bytes_in->Increment(static_cast<double>(bytes_in));
  series.bytes_out->Increment(static_cast<double>(bytes_out));
}

void Metrics::CountRefused(RefusedFor reason) { impl_->refused[static_cast<std::size_t>(reason)]->Increment(); }
void Metrics::ConnectionOpened() {
  impl_->connections.Increment();
  impl_->connections_opened.Increment();
}
void Metrics::ConnectionClosed() { impl_->connections.Decrement(); }
void Metrics::RequestBegins() { impl_->in_flight.Increment(); }
void Metrics::RequestEnds() { impl_->in_flight.Decrement(); }
void Metrics::SetBufferedBytes(std::size_t bytes) { impl_->buffered.Set(static_cast<double>(bytes)); }

std::string Metrics::Expose(std::span<const Metrics* const> others) const {
  std::vector<prometheus::MetricFamily> families = impl_->registry.Collect();
  for (const Gauge& gauge : ProcessGauges()) families.push_back(ToFamily(gauge));
  if (impl_->gauges) {
    for (const Gauge& gauge : impl_->gauges()) families.push_back(ToFamily(gauge));
  }
  for (const Metrics* other : others) {
    for (prometheus::MetricFamily& family : other->impl_->registry.Collect()) families.push_back(std::move(family));
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace lodestone::bindings
