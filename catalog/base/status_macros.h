// Passing failures on: the packaged abseil has no such macros.
#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define LODESTONE_CONCAT_INNER(a, b) a##b
#define LODESTONE_CONCAT(a, b) LODESTONE_CONCAT_INNER(a, b)

// Returns from the calling function when `expr`, an absl::Status, is a failure. Names are counted, not numbered by
// line: within the arguments of a macro, a lambda of many lines is on one.
#define RETURN_IF_ERROR(expr) RETURN_IF_ERROR_IMPL(LODESTONE_CONCAT(status_value_, __COUNTER__), expr)
#define RETURN_IF_ERROR_IMPL(tmp, expr)                   \
  do {                                                    \
    if (absl::Status tmp = (expr); !tmp.ok()) return tmp; \
  } while (false)

// `ASSIGN_OR_RETURN(auto x, F());` assigns the value of an absl::StatusOr, or returns its failure.
#define ASSIGN_OR_RETURN(lhs, expr) ASSIGN_OR_RETURN_IMPL(LODESTONE_CONCAT(status_or_, __COUNTER__), lhs, expr)
#define ASSIGN_OR_RETURN_IMPL(tmp, lhs, expr)    \
  auto tmp = (expr);                             \
  if (!tmp.ok()) return std::move(tmp).status(); \
  lhs = std::move(tmp).value()
