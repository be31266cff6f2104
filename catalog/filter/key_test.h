// The part of a filter that looks at one key alone, compiled: asked once per distinct value of a page.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "catalog/base/strings.h"
#include "catalog/filter/ast.h"
#include "catalog/filter/datum.h"
#include "catalog/filter/like.h"
#include "catalog/model/type.h"

namespace lodestone::filter {

// Immutable after it is made, thread-safe. Keeps views into the expressions it was made of.
class KeyTest {
 public:
  // The AND (OR) of expressions over one key. `type` is copied.
  KeyTest(const model::Type& type, Expr::Kind connective, std::span<const Expr* const> parts);

  // Whether the value certainly passes.
  bool Passes(std::string_view value) const;

 private:
  struct Condition {
    Op op = Op::kEqual;
    bool negated = false;
    bool plain_text = false;
    Family family = Family::kText;
    std::vector<Datum> operands;  // ascending when there are several
    LikePattern pattern;
    // For long lists, by family; empty: `operands` is searched.
    absl::flat_hash_set<int64_t> wholes;
    base::ViewMap<char> texts;
  };
  // A tree as a list: children follow their parent; `end` is behind the last descendant.
  struct Node {
    Expr::Kind kind;
    uint32_t end;
    uint32_t condition;
  };

  void Add(const Expr& expr);
  void AddGroup(Expr::Kind connective, std::span<const Expr* const> parts);
  void AddList(std::span<const Expr* const> equalities);
  void AddCondition(const Expr& first, std::span<const Expr* const> all);
  bool Run(std::size_t* at, const Datum& value, std::string_view text) const;
  bool RunAll(const Datum& value, std::string_view text) const;
  bool HoldsAlone(const Datum& value) const;
  static bool Holds(const Condition& condition, const Datum& value);
  static bool Contains(const Condition& condition, const Datum& value);

  model::Type type_;
  bool needs_value_ = false;  // some condition reads the value under its type
  std::vector<Node> nodes_;
  std::vector<Condition> conditions_;
};

}  // namespace lodestone::filter
