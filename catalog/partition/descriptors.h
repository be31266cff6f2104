// Storage descriptors that many partitions share: each distinct one is stored once under its table, and partitions
// refer to it by number. A partition's location is left out where it is the derived one: the descriptor's base and the
// partition's name.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/partition/table_partitions.h"
#include "catalog/store/store.h"

namespace lodestone::partition {

// A derived location is this, then the partition's name: `base` and one '/' between. REQUIRES: `base` is not empty
// (where it is, there is no derived location, and a partition without one of its own has none).
void AppendDerivedBase(std::string_view base, std::string* out);

// Reads descriptors by number and remembers them, also in the table's DescriptorCache. Not thread-safe.
class DescriptorReader {
 public:
  DescriptorReader(const store::Reader* reader, const TablePartitions& table);
  // Without a cache.
  DescriptorReader(const store::Reader* reader, record::TableId table);
  // Valid as long as this object. DataLoss: a partition refers to a descriptor that is not there.
  absl::StatusOr<const record::v1::SharedDescriptor*> Get(uint32_t number);

 private:
  const store::Reader* const reader_;
  const record::TableId table_;
  const std::shared_ptr<DescriptorCache> cache_;
  const bool committed_;  // what the reader sees is
  absl::flat_hash_map<uint32_t, std::shared_ptr<const record::v1::SharedDescriptor>> known_;
};

// Finds or makes the number of a descriptor within a transaction. Not thread-safe.
class DescriptorWriter {
 public:
  // Makes new numbers from `table->set.next_descriptor`, which it advances; the caller stores the set. Numbers begin
  // with 1, and go on when the set is replaced by another one: descriptors belong to the table.
  DescriptorWriter(store::Transaction* txn, TablePartitions* table) : txn_(txn), table_(table) {}

  struct Placed {
    uint32_t number = 0;
    std::optional<std::string> location;  // to store; nullopt when it is the derived one
  };
  // `descriptor` null: the table's own, with the derived location. `location` empty: derived. The descriptor's columns
  // may be empty: the table's. `name` is the partition's; not looked at when `location` is empty.
  absl::StatusOr<Placed> Place(const model::v1::StorageDescriptor* descriptor, std::string_view location,
                               std::string_view name);

 private:
  // Of a descriptor whose location does not matter and whose columns may be missing.
  absl::StatusOr<uint32_t> NumberOf(const model::v1::StorageDescriptor& descriptor);

  store::Transaction* txn_;
  TablePartitions* table_;
  std::optional<uint32_t> own_;                         // the table's own descriptor
  absl::flat_hash_map<std::string, uint32_t> numbers_;  // serialized descriptor -> number
};

// Changes the stored descriptors of a table; `change` says whether it did. In the same transaction the table's record
// has to change, too: readers take that as the sign that what they remember of descriptors is old.
absl::Status RewriteDescriptors(store::Transaction* txn, record::TableId table,
                                absl::FunctionRef<bool(record::v1::SharedDescriptor*)> change);

}  // namespace lodestone::partition
