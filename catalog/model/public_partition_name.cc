#include "catalog/model/partition_name.h"
#include "catalog/names.h"

namespace lodestone {

absl::StatusOr<std::vector<std::string>> ParsePartitionName(std::string_view name, std::span<const std::string> keys) {
  return model::PartitionValuesFromName(name, keys);
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> SplitPartitionName(std::string_view name) {
  return model::ParsePartitionName(name);
}

}  // namespace lodestone
