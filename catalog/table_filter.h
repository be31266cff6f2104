// Tables found by what they say of themselves, in the filter language of Hive's metastore (docs/semantics/filters.md):
//   hive_filter_field_params__presto_view = "true" and hive_filter_field_owner__ != "ana"
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "catalog/session.h"

namespace lodestone {

// The names of the tables and views that pass, in their order, the first `limit`; nullopt: all. As of one moment. Those
// that the principal may not read are left out. Cost: each table of the database is read until the limit is reached.
//   NotFound         no such database
//   InvalidArgument  (kInvalidFilter) the filter; the message has line, column and caret
absl::StatusOr<std::vector<std::string>> ListTablesByFilter(const Session& session, std::string_view database,
                                                            std::string_view filter,
                                                            std::optional<std::size_t> limit = std::nullopt);

}  // namespace lodestone
