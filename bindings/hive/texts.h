// What Hive says where clients read the words: Spark, PyIceberg and Flink look into messages to tell failures apart.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace lodestone::hive {

// The message for a failure of a call in the catalog: Hive's own for objects that are missing or there already, the
// failure's for everything else.
std::string TextOf(const absl::Status& failure, std::string_view catalog);

}  // namespace lodestone::hive
