// From messages to rows: what the calls that write partitions share, and how keys and names follow from values.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/partition/descriptors.h"
#include "catalog/partition/editor.h"
#include "catalog/partition/table_partitions.h"
#include "catalog/privileges.h"
#include "catalog/store/store.h"
#include "lodestone/model/v1/partition.pb.h"

namespace lodestone::session {

// The key of the partition with these values. InvalidArgument: not as many as the table has keys.
absl::StatusOr<std::string> PartitionKeyOf(const partition::TablePartitions& table,
                                           std::span<const std::string> values);
// The key of the partition with this name. InvalidArgument: no name of a partition of this table.
absl::StatusOr<std::string> PartitionKeyOfName(const partition::TablePartitions& table, std::string_view name);
// The keys that the names would have if their key names are those of the table: to ask for privileges before anything
// is known of the table.
std::vector<std::string> KeysInNames(std::span<const std::string> names);
// What a call about one partition is about.
inline Securable PartitionOf(const TableName& table, std::span<const std::string> values) {
  return Securable::Partition(table, std::vector<std::string>(values.begin(), values.end()));
}
// `key=value/key=value` of an encoded partition key.
std::string NameOfKey(std::span<const std::string> key_names, std::string_view key);
// Appends the same, for many keys of one table: `prefixes` are partition::NamePrefixes of its key names.
void AppendNameOfKey(std::span<const std::string> prefixes, std::string_view key, std::string* name);
absl::Status NoSuchPartition(const partition::TablePartitions& table, std::string_view key);
absl::Status PartitionExistsAlready(const partition::TablePartitions& table, std::string_view key);

// Turns messages into edits. The bytes of an edit belong to the builder, or to the message it was made of: both outlive
// the edits. A batch costs one arena, and per row the encoding of its key. Not thread-safe.
class RowBuilder {
 public:
  // Places descriptors in the transaction. Neither is owned.
  RowBuilder(store::Transaction* txn, partition::TablePartitions* table);

  // Checks the message as a partition to be stored, and encodes its key; InvalidArgument. Rows are numbered as added.
  absl::Status Check(const model::v1::Partition& partition);
  void Reserve(std::size_t rows);
  // In key order; InvalidArgument names a partition that is there twice.
  absl::Status SortAndCheckUnique();
  // The keys by now, and their number.
  std::size_t size() const { return rows_.size(); }
  std::string_view key(std::size_t i) const { return rows_[i].key; }
  const model::v1::Partition& message(std::size_t i) const { return *rows_[i].message; }

  // Appends the edit for row `i`. `location` stands for the message's, `create_time` as well; 0: `now`.
  absl::Status AddEdit(partition::EditKind kind, std::size_t i, std::string_view location, int64_t create_time,
                       int64_t now);
  const std::vector<partition::Edit>& edits() const { return edits_; }
  std::vector<partition::Edit>& edits() { return edits_; }

 private:
  struct Pending {
    const model::v1::Partition* message;
    std::string_view key;
    std::span<const std::string_view> values;
  };
  std::string_view Keep(std::string_view bytes);
  template <typename T>
  std::span<T> NewArray(std::size_t count);
  std::span<const partition::Parameter> SortedParameters(const model::v1::Partition& message);
  // The name of a row's partition; valid until the next call.
  std::string_view NameOf(std::string_view key);

  partition::TablePartitions* const table_;
  const std::string table_name_;
  partition::DescriptorWriter descriptors_;
  std::pmr::monotonic_buffer_resource arena_;
  const std::vector<std::string> name_prefixes_;
  std::string name_;
  std::vector<Pending> rows_;
  std::vector<partition::Edit> edits_;
};

}  // namespace lodestone::session
