#include "catalog/filter/key_test.h"

#include <algorithm>

#include "catalog/filter/typing.h"
#include "catalog/model/partition_name.h"

namespace lodestone::filter {

namespace {

// Longer lists are searched by hash.
constexpr std::size_t kLongList = 8;

// A value as bytes, whatever its type.
Datum Text(std::string_view text) {
  Datum d;
  d.null = false;
  d.text = text;
  return d;
}

bool IsListLike(const Expr& expr, bool negated) {
  return expr.kind == Expr::Kind::kCondition && (expr.op == Op::kEqual || expr.op == Op::kIn) &&
         expr.negated == negated;
}

}  // namespace

KeyTest::KeyTest(const model::Type& type, Expr::Kind connective, std::span<const Expr* const> parts) : type_(type) {
  if (parts.size() == 1) {
    Add(*parts[0]);
  } else {
    AddGroup(connective, parts);
  }
}

void KeyTest::Add(const Expr& expr) {
  switch (expr.kind) {
    case Expr::Kind::kAnd:
    case Expr::Kind::kOr: {
      std::vector<const Expr*> parts;
      parts.reserve(expr.children.size());
      for (const Expr& child : expr.children) parts.push_back(&child);
      AddGroup(expr.kind, parts);
      break;
    }
    case Expr::Kind::kCondition: {
      const Expr* const self = &expr;
      AddCondition(expr, std::span(&self, 1));
      break;
    }
    default:
      nodes_.push_back({expr.kind, static_cast<uint32_t>(nodes_.size() + 1), 0});
  }
}

// Equalities in an OR are one list, and so are inequalities in an AND: engines send long chains of them.
void KeyTest::AddGroup(Expr::Kind connective, std::span<const Expr* const> parts) {
  const std::size_t self = nodes_.size();
  nodes_.push_back({connective, 0, 0});
  const bool negated = connective == Expr::Kind::kAnd;
  for (const bool plain : {false, true}) {
    std::vector<const Expr*> list;
    for (const Expr* part : parts) {
      if (IsListLike(*part, negated) && part->plain_text == plain) list.push_back(part);
    }
    if (!list.empty()) AddCondition(*list[0], list);
  }
  for (const Expr* part : parts) {
    if (!IsListLike(*part, negated)) Add(*part);
  }
  nodes_[self].end = static_cast<uint32_t>(nodes_.size());
}

// `all`: conditions alike but for their literals.
void KeyTest::AddCondition(const Expr& first, std::span<const Expr* const> all) {
  Condition condition;
  condition.op = first.op;
  condition.negated = first.negated;
  condition.plain_text = first.plain_text;
  condition.family = first.plain_text ? Family::kText : FamilyOf(type_);
  const model::Type text_type;
  for (const Expr* expr : all) {
    for (const Literal& literal : expr->literals) {
      condition.operands.push_back(ToDatum(first.plain_text ? text_type : type_, literal));
    }
  }
  if (first.op == Op::kLike) condition.pattern = LikePattern(first.literals[0].text);
  if (first.op == Op::kNameLike) condition.pattern = LikePattern(model::EscapePathName(first.literals[0].text));
  if (condition.operands.size() > 1) {
    condition.op = Op::kIn;
    const Family family = condition.family;
    std::sort(condition.operands.begin(), condition.operands.end(),
              [family](const Datum& a, const Datum& b) { return Compare(family, a, b) < 0; });
    if (condition.operands.size() > kLongList) {
      for (const Datum& d : condition.operands) {
        if (family == Family::kText || family == Family::kChar) condition.texts.emplace(d.text, 0);
        if (family == Family::kWhole && d.fraction == 0) condition.wholes.insert(d.whole);
      }
    }
  }
  needs_value_ = needs_value_ || !first.plain_text;
  nodes_.push_back(
      {Expr::Kind::kCondition, static_cast<uint32_t>(nodes_.size() + 1), static_cast<uint32_t>(conditions_.size())});
  conditions_.push_back(std::move(condition));
}

bool KeyTest::Passes(std::string_view value) const {
  if (!needs_value_) return nodes_.size() == 1 ? HoldsAlone(Text(value)) : RunAll(Text(value), value);
  const Datum datum = ReadValue(type_, value);
  return nodes_.size() == 1 ? HoldsAlone(datum) : RunAll(datum, value);
}

// The most common filter by far.
bool KeyTest::HoldsAlone(const Datum& value) const {
  if (conditions_.empty()) return nodes_[0].kind == Expr::Kind::kTrue;
  return Holds(conditions_[0], value);
}

bool KeyTest::RunAll(const Datum& value, std::string_view text) const {
  std::size_t at = 0;
  return Run(&at, value, text);
}

bool KeyTest::Run(std::size_t* at, const Datum& value, std::string_view text) const {
  const Node& node = nodes_[(*at)++];
  switch (node.kind) {
    case Expr::Kind::kCondition: {
      const Condition& condition = conditions_[node.condition];
      return condition.plain_text && needs_value_ ? Holds(condition, Text(text)) : Holds(condition, value);
    }
    case Expr::Kind::kAnd:
    case Expr::Kind::kOr: {
      const bool decides = node.kind == Expr::Kind::kOr;
      while (*at < node.end) {
        if (Run(at, value, text) != decides) continue;
        *at = node.end;
        return decides;
      }
      return !decides;
    }
    default:
      return node.kind == Expr::Kind::kTrue;
  }
}

bool KeyTest::Contains(const Condition& condition, const Datum& value) {
  if (!condition.texts.empty()) return condition.texts.contains(value.text);
  // A fraction that a hash of whole numbers can't have: look among all.
  if (!condition.wholes.empty() && value.fraction == 0) return condition.wholes.contains(value.whole);
  const Family family = condition.family;
  const auto it = std::lower_bound(condition.operands.begin(), condition.operands.end(), value,
                                   [family](const Datum& a, const Datum& b) { return Compare(family, a, b) < 0; });
  return it != condition.operands.end() && Equal(family, *it, value);
}

bool KeyTest::Holds(const Condition& condition, const Datum& v) {
  if (condition.op == Op::kIsNull) return v.null != condition.negated;
  // NULL is no literal's equal, for certain: `<=>` knows no unknown.
  if (v.null) return condition.op == Op::kNullSafeEqual && condition.negated;
  bool holds = false;
  switch (condition.op) {
    case Op::kEqual:
    case Op::kNullSafeEqual:
      holds = Equal(condition.family, v, condition.operands[0]);
      break;
    case Op::kLess:
      holds = Compare(condition.family, v, condition.operands[0]) < 0;
      break;
    case Op::kLessEqual:
      holds = Compare(condition.family, v, condition.operands[0]) <= 0;
      break;
    case Op::kGreater:
      holds = Compare(condition.family, v, condition.operands[0]) > 0;
      break;
    case Op::kGreaterEqual:
      holds = Compare(condition.family, v, condition.operands[0]) >= 0;
      break;
    case Op::kLike:
      holds = condition.pattern.Matches(v.text);
      break;
    case Op::kNameLike:
      holds = condition.pattern.Matches(model::EscapePathName(v.text));
      break;
    case Op::kIn:
      holds = Contains(condition, v);
      break;
    case Op::kIsNull:
      break;
  }
  return holds != condition.negated;
}

}  // namespace lodestone::filter
