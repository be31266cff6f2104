// The names of things that the catalog has no records of: the DLI's queues, jobs, groups and packages.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lodestone::privilege {

enum class PathFamily {
  kQueue,     // queues.NAME
  kJob,       // jobs.flink.ID
  kGroup,     // groups.NAME
  kResource,  // resources.NAME, resources.GROUP/NAME
};

// InvalidArgument (kInvalidObject, kPath): of no family, or with no name behind it, or no text.
absl::StatusOr<PathFamily> FamilyOf(std::string_view path);
absl::Status CheckPath(std::string_view path);

}  // namespace lodestone::privilege
