// Columns as people write them: `x int, m map<string,array<int>>, price decimal(10,2) comment 'in euro'`.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lodestone/model/v1/table.pb.h"

namespace lodestone::cli {

// Name, type and optionally `comment 'text'` (a quote inside is doubled, or behind a backslash), separated by commas;
// names may stand in backquotes. Types are cut out, not checked: the library does that. InvalidArgument says at which
// character of `text` what was expected; `option` names the source. The blank text is no column.
absl::StatusOr<std::vector<model::v1::Column>> ParseColumnList(std::string_view option, std::string_view text);

}  // namespace lodestone::cli
