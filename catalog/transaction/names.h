// Names in requests about locks and write ids: of things that need not exist.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "catalog/errors.h"

namespace lodestone::transaction {

// In lower case. kInvalidObject: empty, longer than 1,024 bytes, not UTF-8, or with control characters.
absl::StatusOr<std::string> CheckName(ObjectKind kind, std::string_view name);
// The name of a partition, that of its keys in lower case. kInvalidObject: as above, but for the length: 65,536 bytes.
absl::StatusOr<std::string> CheckPartition(std::string_view name);

}  // namespace lodestone::transaction
