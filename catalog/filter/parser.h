// From text to a typed expression.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "catalog/filter.h"
#include "catalog/filter/ast.h"
#include "catalog/filter/filter.h"

namespace lodestone::filter {

// Fails as Filter::Compile does. The empty text is kTrue; so is a blank one in kSql mode.
absl::StatusOr<Expr> Parse(std::string_view text, FilterMode mode, std::span<const Key> keys);

// Takes a LIKE pattern apart and writes it with backslash as the escape. `escape`: the character that takes the next
// one literally; '\0': none. Fails (nullopt) when the pattern ends with the escape.
std::optional<std::string> NormalizePattern(std::string_view pattern, char escape);
// The same of a pattern of Hive's clients, with both shapes of wildcards that they send: `%` and `.*`.
std::string HivePattern(std::string_view pattern);

}  // namespace lodestone::filter
