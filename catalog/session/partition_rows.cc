#include "catalog/session/partition_rows.h"

#include <algorithm>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/model/partition_name.h"
#include "catalog/model/validate.h"
#include "catalog/partition/name_renderer.h"

namespace lodestone::session {

namespace {

using base::StrCat;
using partition::TablePartitions;

absl::Status WrongNumber(const TablePartitions& table, std::size_t found) {
  return MakeError(
      ErrorKind::kInvalidObject, ObjectKind::kPartition, table.name.ToString(),
      StrCat("table ", table.name.ToString(), " has ", table.keys.size(), " partition keys, found ", found, " values"));
}

// The object of an error: `db.table/dt=1`.
std::string Shown(const TablePartitions& table, std::string_view key) {
  return StrCat(table.name.ToString(), "/", NameOfKey(table.key_names, key));
}

absl::Status CheckSameTable(const TablePartitions& table, const model::v1::Partition& partition) {
  const auto same = [](std::string_view want, std::string_view found) {
    return found.empty() || base::EqualsIgnoreCase(want, found);
  };
  if (same(table.catalog, partition.catalog()) && same(table.name.database, partition.database()) &&
      same(table.name.table, partition.table())) {
    return absl::OkStatus();
  }
  return MakeError(ErrorKind::kInvalidObject, ObjectKind::kPartition, table.name.ToString(),
                   StrCat("the call is about table ", table.name.ToString(), ", the partition about ",
                          base::Quoted(StrCat(partition.database(), ".", partition.table()))));
}

// A descriptor that says where, and nothing else: the table's own at that place.
bool OnlyLocation(const model::v1::StorageDescriptor& d) {
  return d.columns().empty() && d.input_format().empty() && d.output_format().empty() && !d.compressed() &&
         d.num_buckets() == 0 && !d.has_serde_info() && d.bucket_columns().empty() && d.sort_columns().empty() &&
         d.parameters().empty() && !d.has_skewed_info() && !d.stored_as_sub_directories();
}

}  // namespace

absl::StatusOr<std::string> PartitionKeyOf(const TablePartitions& table, std::span<const std::string> values) {
  if (values.size() != table.keys.size()) return WrongNumber(table, values.size());
  return model::EncodePartitionKey(values);
}

absl::StatusOr<std::string> PartitionKeyOfName(const TablePartitions& table, std::string_view name) {
  ASSIGN_OR_RETURN(const auto values, model::PartitionValuesFromName(name, table.key_names));
  return model::EncodePartitionKey(std::span<const std::string>(values));
}

std::vector<std::string> KeysInNames(std::span<const std::string> names) {
  std::vector<std::string> keys;
  for (const std::string& name : names) {
    std::string key;
    for (const std::string_view piece : base::Split(name, '/')) {
      const std::size_t equals = piece.find('=');
      base::StrAppend(&key, key.empty() ? "" : "/", equals == piece.npos ? piece : piece.substr(equals + 1));
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

std::string NameOfKey(std::span<const std::string> key_names, std::string_view key) {
  std::string name;
  AppendNameOfKey(partition::NamePrefixes(key_names), key, &name);
  return name;
}

void AppendNameOfKey(std::span<const std::string> prefixes, std::string_view key, std::string* name) {
  std::size_t size = name->size() + key.size();
  for (const std::string& prefix : prefixes) size += prefix.size();
  name->reserve(size);
  for (std::size_t i = 0; i < prefixes.size(); ++i) {
    const std::size_t end = i + 1 < prefixes.size() ? std::min(key.find('/'), key.size()) : key.size();
    name->append(prefixes[i]).append(key, 0, end);
    key.remove_prefix(std::min(end + 1, key.size()));
  }
}

absl::Status NoSuchPartition(const TablePartitions& table, std::string_view key) {
  const std::string shown = Shown(table, key);
  return MakeError(ErrorKind::kNoSuchObject, ObjectKind::kPartition, shown,
                   StrCat("partition ", shown, " does not exist"));
}

absl::Status PartitionExistsAlready(const TablePartitions& table, std::string_view key) {
  const std::string shown = Shown(table, key);
  return MakeError(ErrorKind::kAlreadyExists, ObjectKind::kPartition, shown,
                   StrCat("partition ", shown, " exists already"));
}

RowBuilder::RowBuilder(store::Transaction* txn, TablePartitions* table)
    : table_(table),
      table_name_(table->name.ToString()),
      descriptors_(txn, table),
      name_prefixes_(partition::NamePrefixes(table->key_names)) {}

void RowBuilder::Reserve(std::size_t rows) {
  rows_.reserve(rows);
  edits_.reserve(rows);
}

std::string_view RowBuilder::Keep(std::string_view bytes) {
  auto* copy = static_cast<char*>(arena_.allocate(std::max<std::size_t>(bytes.size(), 1), 1));
  std::copy(bytes.begin(), bytes.end(), copy);
  return {copy, bytes.size()};
}

template <typename T>
std::span<T> RowBuilder::NewArray(std::size_t count) {
  static_assert(std::is_trivially_destructible_v<T>);
  auto* array = static_cast<T*>(arena_.allocate(std::max<std::size_t>(count, 1) * sizeof(T), alignof(T)));
  std::uninitialized_default_construct_n(array, count);
  return {array, count};
}

absl::Status RowBuilder::Check(const model::v1::Partition& partition) {
  RETURN_IF_ERROR(CheckSameTable(*table_, partition));
  const auto values = NewArray<std::string_view>(static_cast<std::size_t>(partition.values_size()));
  std::ranges::copy(partition.values(), values.begin());
  RETURN_IF_ERROR(model::CheckPartitionValues(table_name_, table_->key_names, values));
  RETURN_IF_ERROR(model::CheckPartition(table_name_, partition));
  for (std::string_view& value : values) {
    if (value.empty()) value = kNullPartitionValue;
  }
  const std::string key = model::EncodePartitionKey(std::span<const std::string_view>(values));
  rows_.push_back({.message = &partition, .key = Keep(key), .values = values});
  return absl::OkStatus();
}

absl::Status RowBuilder::SortAndCheckUnique() {
  const auto by_key = [](const Pending& a, const Pending& b) { return a.key < b.key; };
  if (!std::ranges::is_sorted(rows_, by_key)) std::ranges::sort(rows_, by_key);
  const auto twice =
      std::ranges::adjacent_find(rows_, [](const Pending& a, const Pending& b) { return a.key == b.key; });
  if (twice == rows_.end()) return absl::OkStatus();
  const std::string shown = Shown(*table_, twice->key);
  return MakeError(ErrorKind::kInvalidObject, ObjectKind::kPartition, shown,
                   StrCat("partition ", shown, " is there twice in one call"));
}

std::string_view RowBuilder::NameOf(std::string_view key) {
  name_.clear();
  AppendNameOfKey(name_prefixes_, key, &name_);
  return name_;
}

std::span<const partition::Parameter> RowBuilder::SortedParameters(const model::v1::Partition& message) {
  const auto sorted = NewArray<partition::Parameter>(message.parameters().size());
  std::size_t i = 0;
  for (const auto& [name, value] : message.parameters()) sorted[i++] = {name, value};
  std::ranges::sort(sorted, {}, &partition::Parameter::first);
  return sorted;
}

absl::Status RowBuilder::AddEdit(partition::EditKind kind, std::size_t i, std::string_view location,
                                 int64_t create_time, int64_t now) {
  const Pending& pending = rows_[i];
  const model::v1::Partition& message = *pending.message;
  const bool own = !message.has_storage_descriptor() || OnlyLocation(message.storage_descriptor());
  // Only a location that is given has to be compared with the derived one, which ends with the name.
  const std::string_view name = location.empty() ? std::string_view() : NameOf(pending.key);
  ASSIGN_OR_RETURN(const auto placed,
                   descriptors_.Place(own ? nullptr : &message.storage_descriptor(), location, name));
  partition::Edit& edit = edits_.emplace_back();
  edit.kind = kind;
  edit.row.key = pending.key;
  edit.row.values = pending.values;
  edit.row.create_time = create_time != 0 ? create_time : now;
  edit.row.last_access_time = message.last_access_time();
  edit.row.descriptor = placed.number;
  if (placed.location) edit.row.location = Keep(*placed.location);
  edit.row.parameters = SortedParameters(message);
  return absl::OkStatus();
}

}  // namespace lodestone::session
