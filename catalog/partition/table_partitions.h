// What a reader or writer of a table's partitions has to know of the table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "catalog/filter/filter.h"
#include "catalog/names.h"
#include "catalog/record/ids.h"
#include "lodestone/model/v1/table.pb.h"
#include "lodestone/record/v1/record.pb.h"

namespace lodestone::partition {

// Descriptors of one table that its readers share, so that reading one partition parses none. A committed descriptor
// never changes, and its number is never given to another. Thread-safe.
class DescriptorCache {
 public:
  // Null when it is not known.
  std::shared_ptr<const record::v1::SharedDescriptor> Find(uint32_t number) const;
  // Only what was read from a committed state.
  void Add(uint32_t number, std::shared_ptr<const record::v1::SharedDescriptor> descriptor);

 private:
  static constexpr std::size_t kMaxDescriptors = 256;  // then it starts over
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<uint32_t, std::shared_ptr<const record::v1::SharedDescriptor>> known_ ABSL_GUARDED_BY(mutex_);
};

// Built by the session from the records of the table, in the same snapshot or transaction as what follows.
struct TablePartitions {
  std::string catalog;
  TableName name;
  record::TableId table;
  record::v1::PartitionSet set;             // the stored state; the editor changes it
  std::vector<filter::Key> keys;            // name and type, in order
  std::vector<std::string> key_names;       // the names alone
  model::v1::StorageDescriptor descriptor;  // the table's, location included
  // Shared by the copies of this object. Null: nothing is remembered between calls.
  std::shared_ptr<DescriptorCache> descriptors = std::make_shared<DescriptorCache>();
};

// Whether it is known that every partition of the set has its derived location. False: only reading them tells.
inline bool AllDerived(const record::v1::PartitionSet& set) {
  if (set.partitions() == 0) return true;
  return set.change() != 0 && set.derived_change() == set.change();
}
// After a change: `still` says that it is known of the set as it is now.
inline void SetAllDerived(bool still, record::v1::PartitionSet* set) {
  set->set_derived_change(still || set->partitions() == 0 ? set->change() : 0);
}

}  // namespace lodestone::partition
