// The grammar and typing of Hive's own metastore, version 4.0.1; docs/semantics/filters.md lists what differs.
#pragma once

#include "absl/status/statusor.h"
#include "catalog/filter/ast.h"
#include "catalog/filter/token_cursor.h"

namespace lodestone::filter {

// Consumes everything.
absl::StatusOr<Expr> ParseHive(TokenCursor* cursor);

}  // namespace lodestone::filter
