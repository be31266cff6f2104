// The filter as it is run: per key one test, and an AND/OR tree over their answers.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "catalog/filter/ast.h"
#include "catalog/filter/key_test.h"
#include "catalog/filter/tuple_test.h"
#include "catalog/model/type.h"

namespace lodestone::filter {

struct PlanNode {
  enum class Kind { kTrue, kFalse, kAnd, kOr, kKey, kTuple };
  Kind kind = Kind::kTrue;
  uint16_t key = 0;                  // kKey
  std::unique_ptr<KeyTest> test;     // kKey
  std::unique_ptr<TupleTest> tuple;  // kTuple
  std::vector<PlanNode> children;    // kAnd, kOr: at least two; at most one kKey per key
};

// Keeps views into `expr`. `types`: of all keys.
PlanNode MakePlan(const Expr& expr, std::span<const model::Type> types);

// One row, given by its unescaped values.
bool Passes(const PlanNode& node, std::span<const std::string_view> values);

}  // namespace lodestone::filter
