#include "catalog/filter/filter.h"

#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/filter/cover.h"
#include "catalog/filter/describe.h"
#include "catalog/filter/evaluate.h"
#include "catalog/filter/parser.h"
#include "catalog/filter/plan.h"
#include "catalog/filter/skip_scan.h"
#include "catalog/filter/token_cursor.h"

namespace lodestone::filter {

namespace {

class CompiledFilter final : public Filter {
 public:
  CompiledFilter(Expr expr, std::vector<Key> keys) : expr_(std::move(expr)), keys_(std::move(keys)) {
    for (const Key& key : keys_) types_.push_back(key.type);
    plan_ = MakePlan(expr_, types_);
    std::vector<SkipScan::Level> levels;
    for (std::size_t k = 0; k < keys_.size(); ++k) {
      levels.push_back({MakeCover(expr_, k, types_[k], k + 1 == keys_.size()).cover, ConjunctTest(k)});
      covers_.push_back(levels.back().cover);
    }
    scan_ = SkipScan(std::move(levels));
  }

  bool always_true() const override { return plan_.kind == PlanNode::Kind::kTrue; }

  std::optional<std::string> NextCandidate(std::string_view key) const override {
    if (plan_.kind == PlanNode::Kind::kFalse) return std::nullopt;
    return scan_.Next(key);
  }

  std::optional<std::string> PreviousCandidateBound(std::string_view key) const override {
    if (plan_.kind == PlanNode::Kind::kFalse) return std::nullopt;
    return scan_.PreviousBound(key);
  }

  void Evaluate(std::span<const KeyColumn> columns, std::size_t rows, std::vector<uint16_t>* passing) const override {
    EvaluateRows(plan_, columns, rows, passing);
  }

  std::size_t Count(std::span<const KeyColumn> columns, std::size_t rows) const override {
    return CountRows(plan_, columns, rows);
  }

  bool Matches(std::span<const std::string_view> values) const override { return Passes(plan_, values); }

  FilterPlan Describe() const override {
    FilterPlan plan;
    plan.normalized = ToText(expr_, keys_);
    for (std::size_t k = 0; k < covers_.size(); ++k) {
      std::string range = ToText(covers_[k]);
      if (range.empty()) continue;
      plan.key_ranges.resize(k + 1);
      plan.key_ranges[k] = base::StrCat(keys_[k].name, ": ", range);
    }
    plan.residual = Residual();
    return plan;
  }

  const Expr& expr() const { return expr_; }
  const std::vector<Key>& keys() const { return keys_; }

 private:
  // The test of key `k` when the whole filter is an AND of which it is a part.
  const KeyTest* ConjunctTest(std::size_t k) const {
    if (plan_.kind == PlanNode::Kind::kKey) return plan_.key == k ? plan_.test.get() : nullptr;
    if (plan_.kind != PlanNode::Kind::kAnd) return nullptr;
    for (const PlanNode& child : plan_.children) {
      if (child.kind == PlanNode::Kind::kKey && child.key == k) return child.test.get();
    }
    return nullptr;
  }

  // The parts that the covers do not settle.
  std::string Residual() const {
    const std::span<const Expr> parts =
        expr_.kind == Expr::Kind::kAnd ? std::span(expr_.children) : std::span(&expr_, 1);
    std::vector<Expr> rest;
    for (const Expr& part : parts) {
      bool exact = false;
      for (std::size_t k = 0; k < keys_.size() && !exact; ++k) {
        exact = MakeCover(part, k, types_[k], k + 1 == keys_.size()).exact;
      }
      if (!exact) rest.push_back(part);
    }
    return rest.empty() ? "" : ToText(Combine(Expr::Kind::kAnd, std::move(rest)), keys_);
  }

  const Expr expr_;
  const std::vector<Key> keys_;
  std::vector<model::Type> types_;
  PlanNode plan_;  // views into expr_
  std::vector<Cover> covers_;
  SkipScan scan_;  // points into plan_
};

}  // namespace

absl::StatusOr<std::shared_ptr<const Filter>> Filter::Compile(std::string_view text, FilterMode mode,
                                                              std::span<const Key> keys) {
  ASSIGN_OR_RETURN(Expr expr, Parse(text, mode, keys));
  return std::make_shared<const CompiledFilter>(std::move(expr), std::vector<Key>(keys.begin(), keys.end()));
}

std::shared_ptr<const Filter> Filter::FromPartialValues(std::span<const std::string> values,
                                                        std::span<const Key> keys) {
  std::vector<Expr> parts;
  for (std::size_t k = 0; k < values.size() && k < keys.size(); ++k) {
    if (values[k].empty()) continue;
    std::vector<Literal> literals;
    literals.push_back({Literal::Kind::kString, 0, values[k]});
    parts.push_back(MakeCondition(k, Op::kEqual, false, std::move(literals)));
    parts.back().plain_text = true;
  }
  return std::make_shared<const CompiledFilter>(parts.empty() ? Expr() : Combine(Expr::Kind::kAnd, std::move(parts)),
                                                std::vector<Key>(keys.begin(), keys.end()));
}

std::shared_ptr<const Filter> Filter::And(std::shared_ptr<const Filter> a, std::shared_ptr<const Filter> b) {
  if (a->always_true()) return b;
  if (b->always_true()) return a;
  // There is no other kind of filter.
  const auto& left = static_cast<const CompiledFilter&>(*a);
  const auto& right = static_cast<const CompiledFilter&>(*b);
  std::vector<Expr> both;
  both.push_back(left.expr());
  both.push_back(right.expr());
  return std::make_shared<const CompiledFilter>(Combine(Expr::Kind::kAnd, std::move(both)), left.keys());
}

}  // namespace lodestone::filter
