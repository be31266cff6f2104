// Checks the pages of one table's set against the rules that reading and editing rely on.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "catalog/partition/table_partitions.h"
#include "catalog/store/store.h"

namespace lodestone::partition {

// Calls `report` once per broken rule, in words that name table, page and finding:
//   - key pages and value pages are well-formed, and each key page has a value page with the same lowest key and rows
//   - a page stands under its lowest partition key; rows ascend strictly within and across pages; no page is empty
//   - the values of one key column of a page are distinct, not empty, and say truly whether they need escaping
//   - descriptors that rows refer to exist
//   - parameters ascend by name
//   - PartitionSet says how many partitions and pages there are, and its next descriptor is not taken
//   - no partition has a location of its own where PartitionSet says so
//   - statistics belong to partitions that exist
// The result says only whether the check could be made. Reads the whole set.
absl::Status VerifyPartitions(const store::Reader& reader, const TablePartitions& table,
                              const std::function<void(const std::string&)>& report);

}  // namespace lodestone::partition
