#include "catalog/warehouse/transactional.h"

#include <string>
#include <string_view>

#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/warehouse/defaults.h"

namespace lodestone::warehouse {

namespace {

using base::StrCat;
using model::v1::Table;

constexpr std::string_view kName = "transactional";
constexpr std::string_view kProperties = "transactional_properties";

// Takes the parameter away, in whatever case it is written. Empty: there was none.
std::string TakeValue(Parameters* parameters) {
  for (auto at = parameters->begin(); at != parameters->end(); ++at) {
    if (!base::EqualsIgnoreCase(at->first, kName)) continue;
    std::string value = at->second;
    parameters->erase(at);
    return value;
  }
  return {};
}

bool IsTransactional(const Table& table) {
  for (const auto& [name, value] : table.parameters()) {
    if (base::EqualsIgnoreCase(name, kName) && base::EqualsIgnoreCase(value, "true")) return true;
  }
  return false;
}

// The formats that have a place for row ids and versions.
bool IsOrc(const model::v1::StorageDescriptor& descriptor) {
  return descriptor.input_format() == "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat" &&
         descriptor.output_format() == "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat";
}

}  // namespace

absl::Status ApplyTransactional(const Table* before, Table* table) {
  const std::string shown = StrCat(table->database(), ".", table->name());
  const auto refuse = [&](std::string_view why) {
    return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kTable, shown, StrCat(why, ": ", shown));
  };
  const bool was = before != nullptr && IsTransactional(*before);
  const std::string value = TakeValue(table->mutable_parameters());
  if (was && !base::EqualsIgnoreCase(value, "true")) {
    return refuse("TBLPROPERTIES with 'transactional'='true' cannot be unset");
  }
  if (value.empty()) return absl::OkStatus();
  if (base::EqualsIgnoreCase(value, "false")) {
    if (before != nullptr) SetParameter(kName, value, table->mutable_parameters());
    return absl::OkStatus();
  }
  if (!base::EqualsIgnoreCase(value, "true")) {
    return refuse("'transactional' property of TBLPROPERTIES may only have value 'true'");
  }
  if (IsExternal(*table)) return refuse("an external table cannot be declared transactional");
  const std::string* properties = FindParameter(table->parameters(), kProperties);
  const bool only_inserts = properties != nullptr && base::EqualsIgnoreCase(*properties, "insert_only");
  if (!only_inserts && !IsOrc(table->storage_descriptor())) {
    return refuse("The table must be stored using an ACID compliant format (such as ORC)");
  }
  SetParameter(kName, "true", table->mutable_parameters());
  if (properties == nullptr) SetParameter(kProperties, "default", table->mutable_parameters());
  return absl::OkStatus();
}

}  // namespace lodestone::warehouse
