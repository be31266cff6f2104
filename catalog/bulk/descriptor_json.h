// Storage descriptors in JSON: the public message as protobuf's JSON mapping writes it, and as Glue writes it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "catalog/base/strings.h"
#include "lodestone/model/v1/table.pb.h"
#include "simdjson.h"

namespace lodestone::bulk {

using SharedStorageDescriptor = std::shared_ptr<const model::v1::StorageDescriptor>;

// Parses the message's JSON, and remembers the last texts: rows repeat them. Not thread-safe.
class DescriptorJsonCache {
 public:
  // InvalidArgument says what is wrong, such as an unknown field.
  absl::StatusOr<SharedStorageDescriptor> Parse(std::string_view json);

 private:
  base::StringMap<SharedStorageDescriptor> known_;
};

// The inverse: one line, fields that are not set left out.
absl::StatusOr<std::string> DescriptorToJson(const model::v1::StorageDescriptor& descriptor);

// Glue's StorageDescriptor. `location` gets its location; null when there is nothing else in it.
absl::StatusOr<SharedStorageDescriptor> ParseGlueDescriptor(simdjson::dom::object json, std::string* location);

}  // namespace lodestone::bulk
