// The grammar of kSql; docs/semantics/filters.md has it.
#pragma once

#include "absl/status/statusor.h"
#include "catalog/filter/ast.h"
#include "catalog/filter/token_cursor.h"

namespace lodestone::filter {

// REQUIRES: not at the end. Consumes everything.
absl::StatusOr<Expr> ParseSql(TokenCursor* cursor);

}  // namespace lodestone::filter
