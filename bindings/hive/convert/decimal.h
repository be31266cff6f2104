// Decimal numbers: as Hive sends them, a whole number of any size and where its point is; and as the catalog keeps
// them, text in decimal notation.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "bindings/hive/idl/hive_metastore_types.h"

namespace lodestone::hive {

// `-12.50` for -1250 and the scale 2: all digits of the scale stay. A negative scale gives zeros. InvalidArgument:
// more than 40 bytes, or a scale beyond 100 either way, which no column has (Hive's largest decimal has 38 digits).
absl::StatusOr<std::string> ToText(const thrift::Decimal& decimal);

// Of a sign, digits with or without a point, and an exponent. nullopt: it is something else, or too large, as above.
std::optional<thrift::Decimal> ParseDecimal(std::string_view text);

}  // namespace lodestone::hive
