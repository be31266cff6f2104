// From the rows that users hand in to what is stored: checked, keyed, with parameters in order and locations left out
// that follow from the table's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/base/strings.h"
#include "catalog/bulk/derived_location.h"
#include "catalog/bulk/row_blob.h"
#include "catalog/bulk_load.h"

namespace lodestone::bulk {

// The distinct storage descriptors of a load, numbered from 1 as they come; 0 is the table's own. Not thread-safe.
class DescriptorPool {
 public:
  // Location left out. One that says nothing but where is the table's own.
  uint32_t NumberOf(const model::v1::StorageDescriptor& descriptor);
  // Serialized, the first is number 1.
  const std::vector<std::string>& descriptors() const { return descriptors_; }
  void Restore(std::vector<std::string> descriptors);

 private:
  std::vector<std::string> descriptors_;
  base::StringMap<uint32_t> numbers_;
};

// Checks rows of one table and encodes their keys. Not thread-safe.
class RowEncoder {
 public:
  // `base_location` is the table's; empty: it has none, and all locations are kept. `key_names` in lower case.
  RowEncoder(std::string table_name, std::vector<std::string> key_names, std::string_view base_location);

  // InvalidArgument: the row breaks a rule. Otherwise parts() is the row, valid until the next call and as long as the
  // row's bytes. Rows without a create time get `now`, in seconds.
  absl::Status Encode(const BulkRow& row, int64_t now);
  const BlobParts& parts() const { return parts_; }
  DescriptorPool& descriptors() { return descriptors_; }

  // `key=value/...` of an encoded key.
  std::string NameOf(std::string_view key) const { return derived_.NameOf(key); }
  // `db.table/key=value`, for messages.
  std::string Shown(std::string_view key) const;

 private:
  absl::Status EncodeKey(std::span<const std::string_view> values);
  absl::Status SortParameters();
  // The whole set of rules, slowly, for rows that are not plainly fine.
  absl::Status CheckThoroughly(const BulkRow& row) const;

  const std::string table_name_;
  const std::vector<std::string> key_names_;
  const DerivedLocation derived_;
  DescriptorPool descriptors_;
  std::string key_;
  std::vector<partition::Parameter> parameters_;
  BlobParts parts_;
};

}  // namespace lodestone::bulk
