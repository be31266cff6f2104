// What commands on partitions need to know of their table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "catalog/catalog.h"

namespace lodestone::cli {

// A table with its partition keys.
struct PartitionedTable {
  TableName name;
  model::v1::Table table;
  std::vector<std::string> keys;

  // `text` is `DATABASE.TABLE`. FailedPrecondition: the table has no partition keys.
  static absl::StatusOr<PartitionedTable> Read(const Session& session, std::string_view text);
};

}  // namespace lodestone::cli
