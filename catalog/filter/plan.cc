#include "catalog/filter/plan.h"

#include <map>
#include <optional>
#include <utility>

namespace lodestone::filter {

namespace {

// An expression on its way: over one key it stays a source, so that its parent can take it into a larger test.
struct Part {
  const Expr* source = nullptr;
  std::optional<uint16_t> key;  // looks at this key alone; `node` is not made yet
  PlanNode node;
};

class Planner {
 public:
  explicit Planner(std::span<const model::Type> types) : types_(types) {}

  PlanNode Finish(Part part) const {
    if (!part.key) return std::move(part.node);
    return MakeKeyNode(*part.key, Expr::Kind::kAnd, {part.source});
  }

  Part Plan(const Expr& expr) const {
    Part part;
    part.source = &expr;
    switch (expr.kind) {
      case Expr::Kind::kTrue:
        break;
      case Expr::Kind::kFalse:
      case Expr::Kind::kNull:  // not certainly true, and nothing else is asked
        part.node.kind = PlanNode::Kind::kFalse;
        break;
      case Expr::Kind::kCondition:
        part.key = expr.keys[0];
        break;
      case Expr::Kind::kTuple:
        part.node.kind = PlanNode::Kind::kTuple;
        part.node.tuple = std::make_unique<TupleTest>(expr, types_);
        break;
      case Expr::Kind::kAnd:
      case Expr::Kind::kOr:
        PlanGroup(expr, &part);
        break;
    }
    return part;
  }

 private:
  PlanNode MakeKeyNode(uint16_t key, Expr::Kind connective, const std::vector<const Expr*>& parts) const {
    PlanNode node;
    node.kind = PlanNode::Kind::kKey;
    node.key = key;
    node.test = std::make_unique<KeyTest>(types_[key], connective, parts);
    return node;
  }

  void PlanGroup(const Expr& expr, Part* out) const {
    const bool is_and = expr.kind == Expr::Kind::kAnd;
    const auto decides = is_and ? PlanNode::Kind::kFalse : PlanNode::Kind::kTrue;
    const auto idle = is_and ? PlanNode::Kind::kTrue : PlanNode::Kind::kFalse;
    std::map<uint16_t, std::vector<const Expr*>> by_key;
    std::vector<PlanNode> others;
    for (const Expr& child : expr.children) {
      Part part = Plan(child);
      if (part.key) {
        by_key[*part.key].push_back(part.source);
      } else if (part.node.kind == decides) {
        out->node.kind = decides;
        return;
      } else if (part.node.kind != idle) {
        others.push_back(std::move(part.node));
      }
    }
    if (others.empty() && by_key.empty()) {
      out->node.kind = idle;
    } else if (others.empty() && by_key.size() == 1) {
      out->key = by_key.begin()->first;
    } else {
      std::vector<PlanNode> children;
      for (const auto& [key, parts] : by_key) children.push_back(MakeKeyNode(key, expr.kind, parts));
      for (PlanNode& other : others) children.push_back(std::move(other));
      if (children.size() == 1) {
        out->node = std::move(children[0]);
      } else {
        out->node.kind = is_and ? PlanNode::Kind::kAnd : PlanNode::Kind::kOr;
        out->node.children = std::move(children);
      }
    }
  }

  std::span<const model::Type> types_;
};

}  // namespace

PlanNode MakePlan(const Expr& expr, std::span<const model::Type> types) {
  const Planner planner(types);
  return planner.Finish(planner.Plan(expr));
}

bool Passes(const PlanNode& node, std::span<const std::string_view> values) {
  switch (node.kind) {
    case PlanNode::Kind::kTrue:
      return true;
    case PlanNode::Kind::kFalse:
      return false;
    case PlanNode::Kind::kKey:
      return node.test->Passes(values[node.key]);
    case PlanNode::Kind::kTuple: {
      std::vector<int32_t> classes;
      for (std::size_t m = 0; m < node.tuple->keys().size(); ++m) {
        classes.push_back(node.tuple->Classify(m, values[node.tuple->keys()[m]]));
      }
      return node.tuple->Passes(classes.data());
    }
    case PlanNode::Kind::kAnd:
    case PlanNode::Kind::kOr: {
      const bool decides = node.kind == PlanNode::Kind::kOr;
      for (const PlanNode& child : node.children) {
        if (Passes(child, values) == decides) return decides;
      }
      return !decides;
    }
  }
  return false;
}

}  // namespace lodestone::filter
