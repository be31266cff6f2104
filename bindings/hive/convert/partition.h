// Partitions, between Hive's struct and the catalog's records. See database.h for what holds for all conversions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "catalog/names.h"
#include "catalog/partition_batch.h"
#include "lodestone/model/v1/partition.pb.h"

namespace lodestone::hive {

// Whose partitions: what Hive says in each of them, and the catalog once.
struct PartitionTable {
  std::string catalog;
  TableName table;
};

// The table comes out in `catalog`, `database` and `table`, empty where it is null. A null descriptor is left out: the
// table's.
absl::StatusOr<model::v1::Partition> ToModel(const thrift::Partition& partition);
// Always set: the table, values, times, parameters and, where the record has one, the descriptor with its lists and
// maps.
thrift::Partition ToThrift(const model::v1::Partition& partition);

// Which parameters of partitions are told: patterns of LIKE (catalog/like.h) over their keys; empty: none.
struct ParameterPatterns {
  std::string include{};
  std::string exclude{};

  bool Keeps(std::string_view key) const;
};

// What clients ask for with a list of partitions.
struct EncodeOptions {
  bool columns = true;  // false: the list of columns is empty in each descriptor
  ParameterPatterns parameters{};
};

// Rows of a cursor as they go over the wire: the bytes of a thrift::Partition in the binary protocol, straight from the
// columns of a batch. What rows share is encoded once per descriptor, so that a row costs little more than the copying
// of its bytes. The same as ToThrift() of the row's message, but for the order of parameters. Not thread-safe. Belongs
// to one cursor, and does not outlive it.
class PartitionEncoder {
 public:
  explicit PartitionEncoder(const PartitionTable& table, const EncodeOptions& options = {});

  // Appends row `row`, with its privileges where there are any to tell. REQUIRES: the cursor was asked for
  // Projection::All().
  void Append(const PartitionBatch& batch, std::size_t row, std::string* out,
              const std::optional<thrift::PrincipalPrivilegeSet>& privileges = {});

 private:
  // The descriptor's bytes before and after the location.
  struct Descriptor {
    std::string before;
    std::string after;
  };
  const Descriptor& Encoded(const model::v1::StorageDescriptor* descriptor);

  const EncodeOptions options_;
  const std::string names_;    // the fields for database and table
  const std::string catalog_;  // the field for the catalog, and the stop
  absl::flat_hash_map<const model::v1::StorageDescriptor*, Descriptor> descriptors_;
};

}  // namespace lodestone::hive
