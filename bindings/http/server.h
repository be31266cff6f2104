// The HTTP server: listens, and stops in order.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bindings/common/log.h"
#include "bindings/common/metrics.h"
#include "bindings/common/tls_files.h"
#include "bindings/http/limits.h"
#include "bindings/http/router.h"
#include "catalog/base/clock.h"

namespace lodestone::http {

using bindings::Log;
using bindings::LogLevel;
using bindings::Metrics;
using bindings::TlsFiles;

struct ServerOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 0;  // 0: any that is free
  TlsFiles tls{};
  // Threads that read and write; they never wait for the store.
  int io_threads = 2;
  // Threads that run handlers. Writers wait for the disk together (group commit), so more than there are cores.
  int workers = 16;
  Limits limits{};
  // How long Stop() lets requests go on, in milliseconds.
  int64_t stop_ms = 30'000;
};

// Thread-safe. Destruction stops it.
class Server {
 public:
  // Listens when it returns. Router, metrics, log, clock and the router's handlers are not owned and outlive the
  // server.
  //   InvalidArgument  the address, or the TLS files
  //   Unavailable      the address can't be listened on
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options, const Router* router,
                                                       Metrics* metrics, Log* log,
                                                       const Clock* clock = Clock::System());
  virtual ~Server() = default;

  // `127.0.0.1:8080`, `[::1]:8080`.
  virtual std::string address() const = 0;
  virtual uint16_t port() const = 0;
  // For requests that begin from now on.
  virtual void SetLimits(const Limits& limits) = 0;
  // Reads the TLS files again, for connections from now on. When they can't be used: as Start, and the present ones
  // stay.
  virtual absl::Status ReloadTls() = 0;
  // Accepts nothing more, ends connections that wait, finishes the requests that have begun within
  // ServerOptions::stop_ms, and ends. Whether all were finished. A second call waits for nothing.
  virtual bool Stop() = 0;
};

}  // namespace lodestone::http
