// Tags of databases and tables: kept as parameters `dli.tag.<key>`.
#pragma once

#include <string>
#include <string_view>

#include "bindings/http/dli/body.h"
#include "google/protobuf/map.h"

namespace lodestone::http::dli {

using Parameters = google::protobuf::Map<std::string, std::string>;

// Of every parameter that this adapter keeps for itself and shows to nobody as a property of the table.
inline constexpr std::string_view kOwnParameterPrefix = "dli.";

// Reads the field `tags`, [{"key": .., "value": ..}], if there is one.
void ReadTags(ObjectReader& fields, Parameters* parameters);
// `k1=v1,k2=v2`: whether each of the pieces is contained in the text `key=value` of one of the tags.
bool TagsMatch(const Parameters& parameters, std::string_view wanted);

}  // namespace lodestone::http::dli
