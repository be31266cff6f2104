// The DLI adapter: the REST calls on databases, tables, partitions and privileges (docs/wire/dli.md), for clients
// written for that service. A project id is the name of a catalog.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bindings/http/handler.h"
#include "catalog/base/clock.h"
#include "catalog/metastore.h"

namespace lodestone::http {

struct DliOptions {
  // False: nobody has to prove who they are. The text of X-Auth-Token is then the name of the user who acts, and no
  // privilege is checked. For servers that only their own machine can reach.
  bool authenticate = true;
  // What X-Sdk-Date is compared with. Not owned; outlives the handler.
  const Clock* clock = Clock::System();
  // How far X-Sdk-Date may be from the clock, to either side, in milliseconds. A signed change is remembered as long,
  // so that it is not accepted twice. Default: 15 minutes.
  int64_t signature_window_ms = int64_t{15} * 60 * 1000;
  // Signed requests with a larger body are refused, in bytes. Default: 12 MiB, as documented by the service.
  std::size_t max_signed_body_bytes = std::size_t{12} << 20;
  // Folders whose files table previews may show: absolute paths. Empty: none, previews of files are refused.
  std::vector<std::string> permitted_roots{};
  // How many asynchronous jobs are remembered; the oldest are forgotten first. They live in memory. Default: 10,000.
  std::size_t max_jobs = 10'000;
};

// Handles everything below `/v1.0/`; other paths get the service's answer to an unknown route. Thread-safe. The
// metastore outlives the handler. Roots that are not there permit nothing.
std::unique_ptr<Handler> NewDliHandler(Metastore& metastore, const DliOptions& options = {});

}  // namespace lodestone::http
