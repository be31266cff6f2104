// What all conversions do to single fields. Private to this folder.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "catalog/base/strings.h"
#include "google/protobuf/map.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "lodestone/model/v1/database.pb.h"

namespace lodestone::hive {

using TextMap = google::protobuf::Map<std::string, std::string>;
using TextList = google::protobuf::RepeatedPtrField<std::string>;

// Times and counts have 32 bits in Hive: what is beyond becomes the bound.
inline int32_t ToI32(int64_t value) {
  return static_cast<int32_t>(
      std::clamp<int64_t>(value, std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max()));
}

inline std::map<std::string, std::string> ToThrift(const TextMap& map) { return {map.begin(), map.end()}; }
inline void ToModel(const std::map<std::string, std::string>& map, TextMap* out) {
  out->clear();
  for (const auto& [key, value] : map) (*out)[key] = value;
}

inline std::vector<std::string> ToThrift(const TextList& list) { return {list.begin(), list.end()}; }
inline void ToModel(const std::vector<std::string>& list, TextList* out) { out->Assign(list.begin(), list.end()); }

inline thrift::PrincipalType::type ToThrift(model::v1::PrincipalType type) {
  switch (type) {
    case model::v1::ROLE:
      return thrift::PrincipalType::ROLE;
    case model::v1::GROUP:
      return thrift::PrincipalType::GROUP;
    default:
      return thrift::PrincipalType::USER;
  }
}
// The number of an enumerator that came over the wire: it may be any. To read it as the type that it has is only
// defined for numbers of the enumeration.
template <typename E>
int32_t NumberOf(const E& value) {
  return static_cast<int32_t>(std::bit_cast<std::underlying_type_t<E>>(value));
}

// Numbers of no meaning, and 0, which stands for null, are left to the library to fill.
inline model::v1::PrincipalType ToModel(const thrift::PrincipalType::type& type) {
  switch (NumberOf(type)) {
    case thrift::PrincipalType::USER:
      return model::v1::USER;
    case thrift::PrincipalType::ROLE:
      return model::v1::ROLE;
    case thrift::PrincipalType::GROUP:
      return model::v1::GROUP;
  }
  return model::v1::PRINCIPAL_TYPE_UNSPECIFIED;
}

// `what` is a field that has to be there, and is not.
inline absl::Status NullError(std::string_view what) {
  return absl::InvalidArgumentError(base::StrCat(what, " is null"));
}

}  // namespace lodestone::hive
