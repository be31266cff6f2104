#include "bindings/hive/convert/partition_spec.h"

#include <utility>

#include "bindings/hive/convert/fields.h"
#include "bindings/hive/convert/names.h"
#include "bindings/hive/convert/table.h"
#include "catalog/base/status_macros.h"

namespace lodestone::hive {

std::optional<std::string_view> PathBelow(std::string_view base, std::string_view location) {
  if (base.ends_with('/')) base.remove_suffix(1);
  if (base.empty() || !location.starts_with(base) || !location.substr(base.size()).starts_with('/')) {
    return std::nullopt;
  }
  return location.substr(base.size());
}

// ---- SpecList ----

std::string SpecList::folder() const {
  return location_.ends_with('/') ? location_.substr(0, location_.size() - 1) : location_;
}

thrift::PartitionSpec SpecList::NewSpec() const {
  thrift::PartitionSpec spec;
  spec.__set_dbName(table_.table.database);
  spec.__set_tableName(table_.table.table);
  spec.__set_catName(table_.catalog);
  return spec;
}

thrift::PartitionSpecWithSharedSD& SpecList::AddShared(thrift::StorageDescriptor descriptor, bool rooted) {
  thrift::PartitionSpec& spec = specs_.emplace_back(NewSpec());
  if (rooted) spec.__set_rootPath(location_);
  spec.__isset.sharedSDPartitionSpec = true;
  thrift::PartitionSpecWithSharedSD& shared = spec.sharedSDPartitionSpec;
  shared.__isset.partitions = true;
  shared.__set_sd(std::move(descriptor));
  return shared;
}

void SpecList::Name(thrift::Partition* partition) const {
  partition->__set_dbName(table_.table.database);
  partition->__set_tableName(table_.table.table);
  partition->__set_catName(table_.catalog);
}

std::vector<thrift::PartitionSpec> SpecList::Take() {
  if (!elsewhere_.empty()) {
    thrift::PartitionSpec& spec = specs_.emplace_back(NewSpec());
    spec.__isset.partitionList = true;
    spec.partitionList.__isset.partitions = true;
    spec.partitionList.partitions = std::move(elsewhere_);
  }
  return std::move(specs_);
}

// ---- PartitionSpecs ----

thrift::PartitionSpecWithSharedSD& PartitionSpecs::Sharing(const model::v1::StorageDescriptor* descriptor) {
  const auto [place, is_new] = places_.try_emplace(descriptor, specs_.size());
  if (!is_new) return specs_.shared(place->second);
  thrift::StorageDescriptor sd = ToThrift(*descriptor);
  sd.__set_location(specs_.folder());
  return specs_.AddShared(std::move(sd), true);
}

void PartitionSpecs::Add(const PartitionBatch& batch, std::size_t row) {
  const std::optional<std::string_view> location = batch.locations()->value(row);
  const std::optional<std::string_view> path = location ? PathBelow(specs_.location(), *location) : std::nullopt;
  if (!path) {
    batch.ToPartition(row, &scratch_);
    thrift::Partition partition = ToThrift(scratch_);
    specs_.Name(&partition);
    specs_.AddElsewhere(std::move(partition));
    return;
  }
  thrift::PartitionWithoutSD& to = Sharing(batch.descriptor(row)).partitions.emplace_back();
  to.__set_relativePath(std::string(*path));
  to.__isset.values = true;
  for (const KeyColumn& key : batch.keys()) to.values.emplace_back(key.value(row));
  to.__set_createTime(ToI32(batch.create_times()[row]));
  to.__set_lastAccessTime(ToI32(batch.last_access_times()[row]));
  to.__isset.parameters = true;
  for (const StringColumn* parameter : batch.parameters()) {
    if (const auto value = parameter->value(row)) to.parameters.emplace(parameter->name(), *value);
  }
}

absl::StatusOr<std::vector<model::v1::Partition>> ToModel(const thrift::PartitionSpec& spec) {
  ASSIGN_OR_RETURN(const DatabaseArgument database, ParseDatabase(spec.catName, spec.dbName));
  std::vector<model::v1::Partition> out;
  const auto add = [&](model::v1::Partition partition) {
    partition.set_catalog(database.catalog);
    partition.set_database(database.name());
    partition.set_table(spec.tableName);
    out.push_back(std::move(partition));
  };
  if (spec.__isset.partitionList) {
    for (const thrift::Partition& partition : spec.partitionList.partitions) {
      ASSIGN_OR_RETURN(model::v1::Partition record, ToModel(partition));
      add(std::move(record));
    }
    return out;
  }
  if (!spec.__isset.sharedSDPartitionSpec) return absl::InvalidArgumentError("the partitions of a spec are null");
  const thrift::PartitionSpecWithSharedSD& shared = spec.sharedSDPartitionSpec;
  if (!shared.__isset.sd) return NullError("the descriptor that the partitions of a spec share");
  ASSIGN_OR_RETURN(const model::v1::StorageDescriptor descriptor, ToModel(shared.sd));
  for (const thrift::PartitionWithoutSD& partition : shared.partitions) {
    model::v1::Partition record;
    ToModel(partition.values, record.mutable_values());
    record.set_create_time(partition.createTime);
    record.set_last_access_time(partition.lastAccessTime);
    ToModel(partition.parameters, record.mutable_parameters());
    *record.mutable_storage_descriptor() = descriptor;
    record.mutable_storage_descriptor()->set_location(
        partition.__isset.relativePath ? base::StrCat(descriptor.location(), partition.relativePath) : std::string());
    add(std::move(record));
  }
  return out;
}

}  // namespace lodestone::hive
