// Figures of a server, in Prometheus' text format.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lodestone::bindings {

// A figure that somebody else knows.
struct Gauge {
  std::string name;
  std::string help;
  double value = 0;
};

// Why the server turned a request or connection away by itself: the label `reason`.
enum class RefusedFor {
  kMalformed,       // HTTP: 400, 417, 501, 505, 415
  kTooLarge,        // 413, 414, 431
  kTooSlow,         // 408
  kRate,            // 429
  kBusy,            // 503: too many in flight, or no memory left in the limits
  kConnections,     // beyond all connections
  kPeerConnections  // beyond those of one peer
};

// Thread-safe. Labels are bounded: adapters name calls and outcomes out of fixed lists, and what comes beyond 2,000
// different ones counts as `other`.
class Metrics {
 public:
  // `gauges` is asked each time that figures are read, on the thread that reads; null: nothing more. `wire`: what the
  // names of figures begin with, `lodestone_<wire>_requests_total`.
  explicit Metrics(std::function<std::vector<Gauge>()> gauges = nullptr, std::string_view wire = "http");
  ~Metrics();

  void CountRequest(std::string_view adapter, std::string_view call, std::string_view outcome, double seconds,
                    std::size_t bytes_in, std::size_t bytes_out);
  void CountRefused(RefusedFor reason);
  void ConnectionOpened();
  void ConnectionClosed();
  void RequestBegins();
  void RequestEnds();
  void SetBufferedBytes(std::size_t bytes);

  // All of it, as a scrape wants it; with those of other servers of this process.
  std::string Expose(std::span<const Metrics* const> others = {}) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lodestone::bindings
