#include "catalog/warehouse/defaults.h"

#include <utility>
#include <vector>

#include "catalog/base/local_path.h"
#include "catalog/base/strings.h"
#include "catalog/model/partition_name.h"
#include "catalog/names.h"

namespace lodestone::warehouse {

namespace {

using model::v1::Partition;
using model::v1::Table;

constexpr std::string_view kNumFiles = "numFiles";
constexpr std::string_view kTotalSize = "totalSize";
constexpr std::string_view kBasicIsAccurate = "{\"BASIC_STATS\":\"true\"}";

bool SameNumber(const Parameters& a, const Parameters& b, std::string_view name) {
  const std::string* one = FindParameter(a, name);
  const std::string* other = FindParameter(b, name);
  return one != nullptr && other != nullptr && *one == *other;
}

}  // namespace

const std::string* FindParameter(const Parameters& parameters, std::string_view name) {
  const auto found = parameters.find(std::string(name));
  return found == parameters.end() ? nullptr : &found->second;
}

bool IsTrue(const Parameters& parameters, std::string_view name) {
  const std::string* value = FindParameter(parameters, name);
  return value != nullptr && base::EqualsIgnoreCase(*value, "true");
}

bool IsExternal(const Table& table) {
  return table.table_type() == model::v1::EXTERNAL_TABLE || IsTrue(table.parameters(), "EXTERNAL");
}

bool IsView(const Table& table) { return table.table_type() == model::v1::VIRTUAL_VIEW; }

bool OwnsData(const Table& table) {
  if (IsView(table)) return false;
  return !IsExternal(table) || IsTrue(table.parameters(), "external.table.purge");
}

bool SkipsTrash(const Table& table) {
  return IsTrue(table.parameters(), "skip.trash") || IsTrue(table.parameters(), "auto.purge");
}

void TakeKeepStatistics(Parameters* parameters, HiveContext* context) {
  const std::string name = "DO_NOT_UPDATE_STATS";
  if (IsTrue(*parameters, name)) context->keep_statistics = true;
  parameters->erase(name);
}

bool HasFileStatistics(const Parameters& parameters) {
  return FindParameter(parameters, kNumFiles) != nullptr && FindParameter(parameters, kTotalSize) != nullptr;
}

bool SameFileStatistics(const Parameters& a, const Parameters& b) {
  return SameNumber(a, b, kNumFiles) && SameNumber(a, b, kTotalSize);
}

void SetFileStatistics(const FolderContent& content, const HiveContext& context, Parameters* parameters) {
  SetParameter(kNumFiles, base::StrCat(content.files), parameters);
  SetParameter(kTotalSize, base::StrCat(content.bytes), parameters);
  if (context.statistics_from != "TASK") {
    parameters->erase(std::string(kAccurate));
  } else if (FindParameter(*parameters, kAccurate) == nullptr) {
    SetParameter(kAccurate, kBasicIsAccurate, parameters);
  }
}

void SetTruncated(Parameters* parameters) {
  for (const std::string_view name : {kNumFiles, kTotalSize, std::string_view("numRows"),
                                      std::string_view("rawDataSize"), std::string_view("numPartitions")}) {
    if (FindParameter(*parameters, name) != nullptr) SetParameter(name, "0", parameters);
  }
  SetParameter(kAccurate, kBasicIsAccurate, parameters);
}

bool NeedsStatistics(const Partition& before, const Partition& after, const HiveContext& context) {
  if (!HasFileStatistics(after.parameters())) return true;
  return !SameFileStatistics(before.parameters(), after.parameters());
}

bool IsRoot(std::string_view location) {
  const std::string_view scheme = base::SchemeOf(location);
  if (!scheme.empty()) location.remove_prefix(scheme.size() + 1);
  // Only a URI has a host: a plain path may begin with as many slashes as it likes.
  if (!scheme.empty() && location.starts_with("//")) {
    location.remove_prefix(2);
    const std::size_t slash = location.find('/');
    location = slash == location.npos ? std::string_view("/") : location.substr(slash);
  }
  return !location.empty() && location.find_first_not_of('/') == location.npos;
}

std::vector<std::string> KeyNames(const Table& table) {
  std::vector<std::string> names;
  for (const model::v1::Column& key : table.partition_keys()) names.push_back(key.name());
  return names;
}

std::string NameOfPartition(const Table& table, const Partition& partition) {
  const std::vector<std::string> keys = KeyNames(table);
  const std::vector<std::string> values(partition.values().begin(), partition.values().end());
  return keys.size() == values.size() ? model::MakePartitionName(keys, values) : std::string();
}

std::string DefaultPlaceOf(const Table& table, const Partition& partition) {
  const std::string& base = table.storage_descriptor().location();
  return base.empty() ? std::string() : base::JoinPath(base, NameOfPartition(table, partition));
}

std::string PlaceOf(const Table& table, const Partition& partition) {
  const std::string& own = partition.storage_descriptor().location();
  return own.empty() ? DefaultPlaceOf(table, partition) : own;
}

Partition AsStored(const Table& table, Partition stored, std::string_view location) {
  stored.set_catalog(table.catalog());
  stored.set_database(table.database());
  stored.set_table(table.name());
  for (std::string& value : *stored.mutable_values()) {
    if (value.empty()) value = kNullPartitionValue;
  }
  model::v1::StorageDescriptor& own = *stored.mutable_storage_descriptor();
  own.clear_location();
  if (own.ByteSizeLong() == 0) {
    own = table.storage_descriptor();
  } else if (own.columns().empty()) {
    *own.mutable_columns() = table.storage_descriptor().columns();
  }
  own.set_location(std::string(location));
  return stored;
}

std::string InBrackets(const google::protobuf::RepeatedPtrField<std::string>& values) {
  std::string text = "[";
  for (int i = 0; i < values.size(); ++i) base::StrAppend(&text, i == 0 ? "" : ", ", values[i]);
  return text + "]";
}

}  // namespace lodestone::warehouse
