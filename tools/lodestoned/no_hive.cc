// In the place of hive.cc, where LODESTONE_HIVE is off.
#include "tools/lodestoned/hive.h"

namespace lodestone::server {

absl::StatusOr<std::unique_ptr<HiveSide>> StartHive(const Options&, Metastore*, bindings::Metrics*, bindings::Log*) {
  return absl::UnimplementedError("--hive: this lodestoned was built without it");
}

}  // namespace lodestone::server
