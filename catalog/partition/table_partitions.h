// What a reader or writer of a table's partitions has to know of the table.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "catalog/filter/filter.h"
#include "catalog/names.h"
#include "catalog/record/ids.h"
#include "lodestone/model/v1/table.pb.h"
#include "lodestone/record/v1/record.pb.h"

namespace lodestone::partition {

// Built by the session from the records of the table, in the same snapshot or transaction as what follows.
struct TablePartitions {
  std::string catalog;
  TableName name;
  record::TableId table;
  record::v1::PartitionSet set;             // the stored state; the editor changes it
  std::vector<filter::Key> keys;            // name and type, in order
  std::vector<std::string> key_names;       // the names alone
  model::v1::StorageDescriptor descriptor;  // the table's, location included
};

}  // namespace lodestone::partition
