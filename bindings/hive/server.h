// The server of the Hive Metastore's protocol: listens, gives each connection a thread, and stops in order.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bindings/common/log.h"
#include "bindings/common/metrics.h"
#include "bindings/common/tls_files.h"
#include "bindings/hive/connection.h"
#include "bindings/hive/limits.h"

namespace lodestone::hive {

struct ServerOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 0;  // 0: any that is free
  bindings::TlsFiles tls{};
  Limits limits{};
  // How long Stop() lets calls go on, in milliseconds.
  int64_t stop_ms = 30'000;
};

// Speaks the binary protocol without frames, as clients do by default, or within SASL PLAIN: each connection as its
// first byte says. Thread-safe. Destruction stops it.
class Server {
 public:
  // Listens when it returns. Service, metrics and log are not owned and outlive the server.
  //   InvalidArgument  the TLS files
  //   Unavailable      the address can't be listened on
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options, const Service* service,
                                                       bindings::Metrics* metrics, bindings::Log* log);
  virtual ~Server() = default;

  // `127.0.0.1:9083`, `[::1]:9083`.
  virtual std::string address() const = 0;
  virtual uint16_t port() const = 0;
  // Reads the TLS files again, for connections from now on. When they can't be used: as Start, and the present ones
  // stay.
  virtual absl::Status ReloadTls() = 0;
  // Accepts nothing more, ends connections that wait for a message, answers the messages that have begun within
  // ServerOptions::stop_ms, and ends. Whether all were answered. A call of the catalog that runs is waited for, however
  // long it takes. A second call waits for nothing.
  virtual bool Stop() = 0;
};

}  // namespace lodestone::hive
