// Partitions in Hive's compact form: those below the table's folder that share a descriptor say it once. See
// database.h for what holds for all conversions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "bindings/hive/convert/partition.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "catalog/partition_batch.h"
#include "lodestone/model/v1/partition.pb.h"

namespace lodestone::hive {

// What follows the folder `base` in a location below it, from the `/` on. nullopt: it is elsewhere.
std::optional<std::string_view> PathBelow(std::string_view base, std::string_view location);

// Specs of one table as they come to be: some whose partitions share a descriptor, and one at the end for those whose
// folder is elsewhere. Not thread-safe.
class SpecList {
 public:
  // `location`: the table's, empty when it has none.
  SpecList(const PartitionTable& table, std::string location) : table_(table), location_(std::move(location)) {}

  const std::string& location() const { return location_; }
  // Without a `/` at its end.
  std::string folder() const;
  std::size_t size() const { return specs_.size(); }
  thrift::PartitionSpecWithSharedSD& shared(std::size_t number) { return specs_[number].sharedSDPartitionSpec; }
  // One more that shares this descriptor; `rooted` says that it lies below the table's folder.
  thrift::PartitionSpecWithSharedSD& AddShared(thrift::StorageDescriptor descriptor, bool rooted);
  void AddElsewhere(thrift::Partition partition) { elsewhere_.push_back(std::move(partition)); }
  // Says in a partition which table it is of.
  void Name(thrift::Partition* partition) const;
  // None when nothing was added. Ends the use of this object.
  std::vector<thrift::PartitionSpec> Take();

 private:
  thrift::PartitionSpec NewSpec() const;

  const PartitionTable table_;
  const std::string location_;
  std::vector<thrift::PartitionSpec> specs_;
  std::vector<thrift::Partition> elsewhere_;
};

// Makes specs of the rows of a cursor: one for each descriptor, in the order in which they come up, and one for the
// partitions whose folder is elsewhere, at the end. Holds all of them in memory. Not thread-safe. Belongs to one
// cursor, and does not outlive it.
class PartitionSpecs {
 public:
  // `location`: the table's, empty when it has none.
  PartitionSpecs(const PartitionTable& table, std::string location) : specs_(table, std::move(location)) {}

  // REQUIRES: the cursor was asked for Projection::All().
  void Add(const PartitionBatch& batch, std::size_t row);
  // None when no row was added. Ends the use of this object.
  std::vector<thrift::PartitionSpec> Take() { return specs_.Take(); }

 private:
  thrift::PartitionSpecWithSharedSD& Sharing(const model::v1::StorageDescriptor* descriptor);

  SpecList specs_;
  absl::flat_hash_map<const model::v1::StorageDescriptor*, std::size_t> places_;  // in specs_
  model::v1::Partition scratch_;
};

// The partitions of a spec, as add_partitions_pspec gets them; the table comes out in each, as the spec says it. A
// partition whose relative path is null has no location. InvalidArgument: neither form is there, or a descriptor is
// null that is shared.
absl::StatusOr<std::vector<model::v1::Partition>> ToModel(const thrift::PartitionSpec& spec);

}  // namespace lodestone::hive
