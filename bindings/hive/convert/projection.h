// Lists of partitions with a choice of their fields (get_partitions_with_specs). See database.h for what holds for all
// conversions.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "bindings/hive/convert/partition.h"
#include "bindings/hive/convert/partition_spec.h"
#include "bindings/hive/idl/hive_metastore_types.h"

namespace lodestone::hive {

// Which fields of partitions, and which of their parameters. Immutable.
class PartitionProjection {
 public:
  // No fields are all. InvalidArgument: one is no field of partitions that can be asked for.
  static absl::StatusOr<PartitionProjection> Parse(const thrift::GetProjectionsSpec& spec);

  bool location() const { return location_; }
  // What was asked for of it. The descriptor is always there, the columns and all else of it where they were asked for.
  thrift::Partition Of(const thrift::Partition& partition) const;

 private:
  using Copy = void (*)(const thrift::Partition& from, thrift::Partition* to);

  bool all_ = false;
  bool location_ = false;
  std::vector<Copy> fields_;
  ParameterPatterns parameters_;
};

// Makes specs of projected partitions: one for each descriptor, in the order in which they come up, and one at the end
// for those whose folder is asked for and not below the table's. Holds all of them in memory. Not thread-safe.
class ProjectedSpecs {
 public:
  // `location`: the table's, empty when it has none. `projection` outlives this.
  ProjectedSpecs(const PartitionTable& table, std::string location, const PartitionProjection& projection)
      : specs_(table, std::move(location)), projection_(projection) {}

  // The names of the table need not be there.
  void Add(const thrift::Partition& partition);
  // None when nothing was added. Ends the use of this object.
  std::vector<thrift::PartitionSpec> Take() { return specs_.Take(); }

 private:
  thrift::PartitionSpecWithSharedSD& Sharing(thrift::StorageDescriptor descriptor);

  SpecList specs_;
  const PartitionProjection& projection_;
  std::map<std::string, std::size_t> places_;  // by the bytes of the descriptor, in specs_
};

}  // namespace lodestone::hive
