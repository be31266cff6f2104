// The server of the Hive Metastore's protocol as a part of `lodestoned`.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bindings/common/log.h"
#include "bindings/common/metrics.h"
#include "catalog/metastore.h"
#include "tools/lodestoned/options.h"

namespace lodestone::server {

// Serves until it goes. Thread-safe.
class HiveSide {
 public:
  virtual ~HiveSide() = default;
  // `127.0.0.1:9083`.
  virtual std::string address() const = 0;
  virtual absl::Status ReloadTls() = 0;
  // Finishes what has begun; whether all of it was. See hive::Server.
  virtual bool Stop() = 0;
};

// Makes the users of --hive-admin administrators, and listens. Store, metrics and log are not owned and outlive it.
//   InvalidArgument  the warehouse, the TLS files
//   Unavailable      the address can't be listened on
//   Unimplemented    built without it (LODESTONE_HIVE)
absl::StatusOr<std::unique_ptr<HiveSide>> StartHive(const Options& options, Metastore* metastore,
                                                    bindings::Metrics* metrics, bindings::Log* log);

}  // namespace lodestone::server
