// Partitions in columns: what a cursor yields. A batch is a window on a page of the store: distinct values once, an
// index per partition, and of the other columns those that were asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lodestone/model/v1/partition.pb.h"

namespace lodestone {

// The values of one partition key. Plain data; the bytes belong to the batch.
struct KeyColumn {
  std::string_view name;
  // Distinct values, unescaped, in no particular order; may hold values that no row of this batch refers to. NULL is
  // kNullPartitionValue.
  std::span<const std::string_view> dictionary;
  // One index into `dictionary` per row.
  std::span<const uint16_t> indexes;

  std::string_view value(std::size_t row) const { return dictionary[indexes[row]]; }
};

// The values of one parameter, or the locations. nullopt: the partition has no such parameter.
class StringColumn {
 public:
  virtual ~StringColumn() = default;
  virtual std::string_view name() const = 0;
  // A view lives as long as the batch, or until the next call on this column.
  virtual std::optional<std::string_view> value(std::size_t row) const = 0;
};

// What a list reads beside the keys; less is faster.
struct Projection {
  bool times = false;  // create_time, last_access_time
  bool location = false;
  bool descriptor = false;  // everything else of the storage descriptor
  bool all_parameters = false;
  std::vector<std::string> parameters{};  // these alone, when all_parameters is false

  static Projection Keys() { return {}; }
  static Projection All() {
    return {.times = true, .location = true, .descriptor = true, .all_parameters = true, .parameters = {}};
  }
  bool keys_only() const { return !times && !location && !descriptor && !all_parameters && parameters.empty(); }
};

// Names back to back, without separators: name i is bytes [ends[i-1], ends[i]).
struct NameList {
  std::string bytes;
  std::vector<uint64_t> ends;

  std::size_t size() const { return ends.size(); }
  std::string_view operator[](std::size_t i) const {
    const uint64_t begin = i == 0 ? 0 : ends[i - 1];
    return std::string_view(bytes).substr(begin, ends[i] - begin);
  }
};

// Rows of one table in name order (or its reverse). Not thread-safe. Valid until its cursor moves.
class PartitionBatch {
 public:
  virtual ~PartitionBatch() = default;

  virtual std::size_t size() const = 0;
  // One per partition key, in the table's order.
  virtual std::span<const KeyColumn> keys() const = 0;

  // Empty unless asked for in the projection; otherwise one element per row.
  virtual std::span<const int64_t> create_times() const = 0;
  virtual std::span<const int64_t> last_access_times() const = 0;
  // Null unless asked for. Owned by the batch.
  virtual const StringColumn* locations() const = 0;
  // Everything of the storage descriptor but the location, which is no one's; null unless asked for. Rows share
  // descriptors: two rows of a cursor, also of different batches, that are given the same one have the same. Valid as
  // long as the cursor.
  virtual const model::v1::StorageDescriptor* descriptor(std::size_t row) const = 0;
  // The parameters that occur in this batch and were asked for, by name.
  virtual std::span<const StringColumn* const> parameters() const = 0;

  // `key=value/key=value`, escaped as Hive does. Appends one name per row.
  virtual void AppendNames(NameList* out) const = 0;
  virtual std::string Name(std::size_t row) const = 0;

  // Row `row` as a message, as far as it was asked for. Reusing `out` from row to row is much faster than a new one; it
  // must then be as the last call left it, or new, cleared or moved from.
  virtual void ToPartition(std::size_t row, model::v1::Partition* out) const = 0;
};

}  // namespace lodestone
