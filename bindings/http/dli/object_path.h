// The names of what privileges are on, as chapter 5 of the service writes them.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "catalog/privileges.h"

namespace lodestone::http::dli {

// `databases.D`, `databases.D.tables.T`, `databases.D.tables.T.columns.C` (C is everything that follows, dots too),
// `jobs.flink.ID`, `groups.G`, `resources.R`, `resources.G/R`. InvalidArgument: anything else, `jobs.sql.` and
// `jobs.spark.` included.
absl::StatusOr<Securable> ParseObject(std::string_view text);
// The inverse. Empty: the object has no name on this wire (a partition, a function, a catalog).
std::string ObjectText(const Securable& object);

// Of an object that ParseObject took as a path: `flink`, `groups`, `resources`; and the name behind that.
struct ObjectParts {
  std::string_view type;
  std::string_view name;
};
ObjectParts PartsOf(std::string_view path);

Securable Queue(std::string_view name);

}  // namespace lodestone::http::dli
