#include "bindings/hive/convert/projection.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "bindings/hive/convert/encode.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {

namespace {

using thrift::Partition;

// Copies a field of the descriptor; of a list of structs, one of theirs.
#define LODESTONE_COPY(name)                    \
  [](const Partition& from, Partition* to) {    \
    to->sd.name = from.sd.name;                 \
    to->sd.__isset.name = from.sd.__isset.name; \
  }
#define LODESTONE_COPY_EACH(list, name)                           \
  [](const Partition& from, Partition* to) {                      \
    to->sd.__isset.list = true;                                   \
    to->sd.list.resize(from.sd.list.size());                      \
    for (std::size_t i = 0; i < from.sd.list.size(); ++i) {       \
      to->sd.list[i].name = from.sd.list[i].name;                 \
      to->sd.list[i].__isset.name = from.sd.list[i].__isset.name; \
    }                                                             \
  }
#define LODESTONE_COPY_IN(inner, name)                      \
  [](const Partition& from, Partition* to) {                \
    to->sd.__isset.inner = true;                            \
    to->sd.inner.name = from.sd.inner.name;                 \
    to->sd.inner.__isset.name = from.sd.inner.__isset.name; \
  }

struct Field {
  std::string_view name;
  void (*copy)(const Partition& from, Partition* to);
};

// Nothing is known of it here.
void CopyNothing(const Partition&, Partition*) {}

constexpr Field kFields[] = {
    {"values", [](const Partition& from, Partition* to) { to->__set_values(from.values); }},
    {"parameters", [](const Partition& from, Partition* to) { to->__set_parameters(from.parameters); }},
    {"createTime", [](const Partition& from, Partition* to) { to->__set_createTime(from.createTime); }},
    {"lastAccessTime", [](const Partition& from, Partition* to) { to->__set_lastAccessTime(from.lastAccessTime); }},
    {"dbName", [](const Partition& from, Partition* to) { to->__set_dbName(from.dbName); }},
    {"tableName", [](const Partition& from, Partition* to) { to->__set_tableName(from.tableName); }},
    {"catName", [](const Partition& from, Partition* to) { to->__set_catName(from.catName); }},
    {"writeId", CopyNothing},
    {"sd", [](const Partition& from, Partition* to) { to->__set_sd(from.sd); }},
    {"sd.location", LODESTONE_COPY(location)},
    {"sd.inputFormat", LODESTONE_COPY(inputFormat)},
    {"sd.outputFormat", LODESTONE_COPY(outputFormat)},
    {"sd.compressed", LODESTONE_COPY(compressed)},
    {"sd.numBuckets", LODESTONE_COPY(numBuckets)},
    {"sd.bucketCols", LODESTONE_COPY(bucketCols)},
    {"sd.sortCols", LODESTONE_COPY(sortCols)},
    {"sd.parameters", LODESTONE_COPY(parameters)},
    {"sd.skewedInfo", LODESTONE_COPY(skewedInfo)},
    {"sd.skewedInfo.skewedColNames", LODESTONE_COPY_IN(skewedInfo, skewedColNames)},
    {"sd.skewedInfo.skewedColValues", LODESTONE_COPY_IN(skewedInfo, skewedColValues)},
    {"sd.skewedInfo.skewedColValueLocationMaps", LODESTONE_COPY_IN(skewedInfo, skewedColValueLocationMaps)},
    {"sd.cols", LODESTONE_COPY(cols)},
    {"sd.cols.name", LODESTONE_COPY_EACH(cols, name)},
    {"sd.cols.type", LODESTONE_COPY_EACH(cols, type)},
    {"sd.cols.comment", LODESTONE_COPY_EACH(cols, comment)},
    {"sd.serdeInfo", LODESTONE_COPY(serdeInfo)},
    {"sd.serdeInfo.name", LODESTONE_COPY_IN(serdeInfo, name)},
    {"sd.serdeInfo.serializationLib", LODESTONE_COPY_IN(serdeInfo, serializationLib)},
    {"sd.serdeInfo.parameters", LODESTONE_COPY_IN(serdeInfo, parameters)},
};

#undef LODESTONE_COPY
#undef LODESTONE_COPY_EACH
#undef LODESTONE_COPY_IN

}  // namespace

absl::StatusOr<PartitionProjection> PartitionProjection::Parse(const thrift::GetProjectionsSpec& spec) {
  PartitionProjection out;
  out.all_ = spec.fieldList.empty();
  out.location_ = out.all_;
  out.parameters_ = {.include = spec.includeParamKeyPattern, .exclude = spec.excludeParamKeyPattern};
  std::optional<std::string> unknown;
  for (const std::string& name : spec.fieldList) {
    const auto* const found = std::ranges::find(kFields, std::string_view(name), &Field::name);
    if (found == std::end(kFields)) {
      unknown = unknown ? base::StrCat(*unknown, ", ", name) : name;
      continue;
    }
    out.location_ |= name == "sd" || name == "sd.location";
    if (std::ranges::find(out.fields_, found->copy) == out.fields_.end()) out.fields_.push_back(found->copy);
  }
  if (unknown) {
    return absl::InvalidArgumentError(
        base::StrCat("Invalid partition fields in the projection spec[", base::Quoted(*unknown), "]"));
  }
  return out;
}

thrift::Partition PartitionProjection::Of(const thrift::Partition& partition) const {
  thrift::Partition out;
  if (all_) {
    out = partition;
  } else {
    out.__isset.sd = true;
    for (const Copy copy : fields_) copy(partition, &out);
  }
  std::erase_if(out.parameters, [&](const auto& parameter) { return !parameters_.Keeps(parameter.first); });
  return out;
}

thrift::PartitionSpecWithSharedSD& ProjectedSpecs::Sharing(thrift::StorageDescriptor descriptor) {
  const auto [place, is_new] = places_.try_emplace(
      encode::Written([&](apache::thrift::protocol::TProtocol* to) { descriptor.write(to); }), specs_.size());
  if (!is_new) return specs_.shared(place->second);
  return specs_.AddShared(std::move(descriptor), projection_.location() && !specs_.location().empty());
}

void ProjectedSpecs::Add(const thrift::Partition& partition) {
  thrift::Partition named = partition;
  specs_.Name(&named);
  thrift::Partition kept = projection_.Of(named);
  std::optional<std::string_view> path;
  if (projection_.location()) {
    path = PathBelow(specs_.location(), partition.sd.location);
    if (!path) return specs_.AddElsewhere(std::move(kept));
    kept.sd.__set_location(specs_.folder());
  }
  thrift::PartitionWithoutSD& to = Sharing(std::move(kept.sd)).partitions.emplace_back();
  if (path) to.__set_relativePath(std::string(*path));
  if (kept.__isset.values) to.__set_values(kept.values);
  if (kept.__isset.parameters) to.__set_parameters(kept.parameters);
  if (kept.__isset.privileges) to.__set_privileges(kept.privileges);
  to.__set_createTime(kept.createTime);
  to.__set_lastAccessTime(kept.lastAccessTime);
}

}  // namespace lodestone::hive
