#include "catalog/bulk/descriptor_json.h"

#include <utility>

#include "absl/status/status.h"
#include "catalog/base/status_macros.h"
#include "google/protobuf/util/json_util.h"

namespace lodestone::bulk {
namespace {

namespace dom = simdjson::dom;
using model::v1::StorageDescriptor;

// More would be no repetition any more.
constexpr std::size_t kRemembered = 256;

absl::Status WrongType(std::string_view field, std::string_view expected) {
  return absl::InvalidArgumentError(base::StrCat("StorageDescriptor.", field, " is not ", expected));
}

absl::Status ReadString(std::string_view field, dom::element json, std::string* out) {
  std::string_view text;
  if (json.is_null()) return absl::OkStatus();
  if (json.get_string().get(text)) return WrongType(field, "a string");
  out->assign(text);
  return absl::OkStatus();
}

absl::Status ReadBool(std::string_view field, dom::element json, bool* out) {
  if (json.is_null()) return absl::OkStatus();
  if (json.get_bool().get(*out)) return WrongType(field, "true or false");
  return absl::OkStatus();
}

template <typename Add>
absl::Status ForEachElement(std::string_view field, dom::element json, Add&& add) {
  dom::array array;
  if (json.is_null()) return absl::OkStatus();
  if (json.get_array().get(array)) return WrongType(field, "an array");
  for (dom::element element : array) RETURN_IF_ERROR(add(element));
  return absl::OkStatus();
}

template <typename Add>
absl::Status ForEachField(std::string_view field, dom::element json, Add&& add) {
  dom::object object;
  if (json.is_null()) return absl::OkStatus();
  if (json.get_object().get(object)) return WrongType(field, "an object");
  for (dom::key_value_pair pair : object) RETURN_IF_ERROR(add(pair.key, pair.value));
  return absl::OkStatus();
}

absl::Status ReadMap(std::string_view field, dom::element json, google::protobuf::Map<std::string, std::string>* out) {
  return ForEachField(field, json, [&](std::string_view key, dom::element value) {
    return ReadString(field, value, &(*out)[std::string(key)]);
  });
}

absl::Status ReadColumns(dom::element json, StorageDescriptor* out) {
  return ForEachElement("Columns", json, [&](dom::element element) {
    model::v1::Column* column = out->add_columns();
    return ForEachField("Columns", element, [&](std::string_view key, dom::element value) {
      if (key == "Name") return ReadString("Columns.Name", value, column->mutable_name());
      if (key == "Type") return ReadString("Columns.Type", value, column->mutable_type());
      if (key == "Comment") return ReadString("Columns.Comment", value, column->mutable_comment());
      return absl::OkStatus();
    });
  });
}

absl::Status ReadSortColumns(dom::element json, StorageDescriptor* out) {
  return ForEachElement("SortColumns", json, [&](dom::element element) {
    model::v1::Order* order = out->add_sort_columns();
    return ForEachField("SortColumns", element, [&](std::string_view key, dom::element value) {
      if (key == "Column") return ReadString("SortColumns.Column", value, order->mutable_column());
      int64_t ascending = 0;
      if (key == "SortOrder") {
        if (value.get_int64().get(ascending)) return WrongType("SortColumns.SortOrder", "0 or 1");
        order->set_direction(ascending == 1 ? model::v1::Order::ASCENDING : model::v1::Order::DESCENDING);
      }
      return absl::OkStatus();
    });
  });
}

absl::Status ReadSerde(dom::element json, model::v1::SerDeInfo* out) {
  return ForEachField("SerdeInfo", json, [&](std::string_view key, dom::element value) {
    if (key == "Name") return ReadString("SerdeInfo.Name", value, out->mutable_name());
    if (key == "SerializationLibrary") {
      return ReadString("SerdeInfo.SerializationLibrary", value, out->mutable_serialization_lib());
    }
    if (key == "Parameters") return ReadMap("SerdeInfo.Parameters", value, out->mutable_parameters());
    return absl::OkStatus();
  });
}

// Glue keys the locations of skewed values by their text; without the separator known, one value a text.
absl::Status ReadSkew(dom::element json, model::v1::SkewedInfo* out) {
  return ForEachField("SkewedInfo", json, [&](std::string_view key, dom::element value) {
    if (key == "SkewedColumnNames") {
      return ForEachElement("SkewedColumnNames", value, [&](dom::element element) {
        return ReadString("SkewedColumnNames", element, out->add_columns());
      });
    }
    if (key == "SkewedColumnValues") {
      return ForEachElement("SkewedColumnValues", value, [&](dom::element element) {
        return ReadString("SkewedColumnValues", element, out->add_values()->add_values());
      });
    }
    if (key == "SkewedColumnValueLocationMaps") {
      return ForEachField("SkewedColumnValueLocationMaps", value, [&](std::string_view text, dom::element location) {
        auto* entry = out->add_locations();
        entry->add_values(std::string(text));
        return ReadString("SkewedColumnValueLocationMaps", location, entry->mutable_location());
      });
    }
    return absl::OkStatus();
  });
}

absl::Status ReadGlueField(std::string_view key, dom::element value, StorageDescriptor* out) {
  if (key == "Columns") return ReadColumns(value, out);
  if (key == "InputFormat") return ReadString(key, value, out->mutable_input_format());
  if (key == "OutputFormat") return ReadString(key, value, out->mutable_output_format());
  if (key == "SerdeInfo") return value.is_null() ? absl::OkStatus() : ReadSerde(value, out->mutable_serde_info());
  if (key == "Parameters") return ReadMap(key, value, out->mutable_parameters());
  if (key == "SortColumns") return ReadSortColumns(value, out);
  if (key == "SkewedInfo") {
    // Glue writes an empty one for every table.
    model::v1::SkewedInfo skew;
    RETURN_IF_ERROR(ReadSkew(value, &skew));
    if (skew.columns_size() > 0) *out->mutable_skewed_info() = std::move(skew);
    return absl::OkStatus();
  }
  if (key == "BucketColumns") {
    return ForEachElement(key, value,
                          [&](dom::element element) { return ReadString(key, element, out->add_bucket_columns()); });
  }
  if (key == "NumberOfBuckets") {
    int64_t buckets = 0;
    if (value.is_null()) return absl::OkStatus();
    if (value.get_int64().get(buckets) || buckets != static_cast<int32_t>(buckets)) return WrongType(key, "a number");
    out->set_num_buckets(static_cast<int32_t>(buckets));
    return absl::OkStatus();
  }
  bool flag = false;
  if (key == "Compressed") {
    RETURN_IF_ERROR(ReadBool(key, value, &flag));
    out->set_compressed(flag);
  } else if (key == "StoredAsSubDirectories") {
    RETURN_IF_ERROR(ReadBool(key, value, &flag));
    out->set_stored_as_sub_directories(flag);
  }
  return absl::OkStatus();  // what else Glue knows (SchemaReference, AdditionalLocations) has no counterpart
}

}  // namespace

absl::StatusOr<SharedStorageDescriptor> DescriptorJsonCache::Parse(std::string_view json) {
  if (const auto it = known_.find(json); it != known_.end()) return it->second;
  auto descriptor = std::make_shared<StorageDescriptor>();
  const auto status = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(json.data(), static_cast<std::ptrdiff_t>(json.size())), descriptor.get());
  if (!status.ok()) return absl::InvalidArgumentError(base::StrCat(std::string(status.message())));
  if (known_.size() >= kRemembered) known_.clear();
  SharedStorageDescriptor shared = std::move(descriptor);
  known_.emplace(std::string(json), shared);
  return shared;
}

absl::StatusOr<std::string> DescriptorToJson(const StorageDescriptor& descriptor) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(descriptor, &json, options);
  if (!status.ok()) {
    return absl::InternalError(base::StrCat("writing a storage descriptor as JSON: ", std::string(status.message())));
  }
  return json;
}

absl::StatusOr<SharedStorageDescriptor> ParseGlueDescriptor(dom::object json, std::string* location) {
  auto descriptor = std::make_shared<StorageDescriptor>();
  for (dom::key_value_pair pair : json) {
    if (pair.key == "Location") {
      RETURN_IF_ERROR(ReadString("Location", pair.value, location));
    } else {
      RETURN_IF_ERROR(ReadGlueField(pair.key, pair.value, descriptor.get()));
    }
  }
  // Flags and counts alone say nothing: Glue writes them always.
  const bool told = descriptor->columns_size() > 0 || !descriptor->input_format().empty() ||
                    !descriptor->output_format().empty() || descriptor->has_serde_info();
  if (!told) return SharedStorageDescriptor();
  return SharedStorageDescriptor(std::move(descriptor));
}

}  // namespace lodestone::bulk
