#include "catalog/filter/evaluate.h"

#include <algorithm>
#include <cstring>
#include <deque>

namespace lodestone::filter {

namespace {

// What is known of all rows at once. A mask is written for kSome only: a byte per row, 1 where it passes.
enum class Extent { kNone, kAll, kSome };

// The answers of a key's test to the entries of a dictionary.
struct Answers {
  Extent extent = Extent::kSome;
  // When the passing entries (or with `inverted` the failing ones) lie side by side, as they do in a sorted dictionary
  // for an equality or a range, a row is a subtraction and a comparison: eight of them in one instruction.
  bool is_run = false;
  bool inverted = false;
  uint16_t first = 0;
  uint16_t length = 0;
  const uint8_t* table = nullptr;  // an answer per entry
};

struct Scratch {
  std::vector<uint8_t> table;
  std::deque<std::vector<uint8_t>> masks;  // by depth in the plan
  std::vector<std::vector<int32_t>> classes;
  std::vector<int32_t> row_classes;

  uint8_t* Mask(std::size_t depth, std::size_t rows) {
    while (masks.size() <= depth) masks.emplace_back();
    if (masks[depth].size() < rows) masks[depth].resize(rows);
    return masks[depth].data();
  }
};

Scratch& ThreadScratch() {
  thread_local Scratch scratch;
  return scratch;
}

constexpr uint8_t kUnasked = 2;

void FindRun(std::span<const uint8_t> table, Answers* out) {
  const auto begin = table.begin();
  const auto passing = static_cast<std::size_t>(std::count(begin, table.end(), 1));
  if (passing == 0 || passing == table.size()) {
    out->extent = passing == 0 ? Extent::kNone : Extent::kAll;
    return;
  }
  for (const uint8_t wanted : {1, 0}) {
    const auto first = static_cast<std::size_t>(std::find(begin, table.end(), wanted) - begin);
    const std::size_t count = wanted == 1 ? passing : table.size() - passing;
    if (static_cast<std::size_t>(std::count(begin + static_cast<std::ptrdiff_t>(first),
                                            begin + static_cast<std::ptrdiff_t>(std::min(first + count, table.size())),
                                            wanted)) != count) {
      continue;
    }
    out->is_run = true;
    out->inverted = wanted == 0;
    out->first = static_cast<uint16_t>(first);
    out->length = static_cast<uint16_t>(count);
    return;
  }
}

Answers Ask(const KeyTest& test, const KeyColumn& column, std::size_t rows, Scratch* scratch) {
  const std::size_t size = column.dictionary.size();
  Answers answers;
  std::vector<uint8_t>& table = scratch->table;
  if (table.size() < size) table.resize(size);
  answers.table = table.data();
  if (size > 2 * rows) {  // a small window on a large page: only what is referred to
    std::fill_n(table.begin(), size, kUnasked);
    for (const uint16_t index : column.indexes.first(rows)) {
      if (table[index] == kUnasked) table[index] = test.Passes(column.dictionary[index]) ? 1 : 0;
    }
    return answers;
  }
  for (std::size_t i = 0; i < size; ++i) table[i] = test.Passes(column.dictionary[i]) ? 1 : 0;
  FindRun(std::span(table).first(size), &answers);
  return answers;
}

// Calls `visit` with an inlinable function from index to answer.
template <typename Visit>
void WithAnswer(const Answers& answers, Visit visit) {
  const uint16_t first = answers.first;
  const uint16_t length = answers.length;
  if (!answers.is_run) {
    visit([table = answers.table](uint16_t index) { return table[index]; });
  } else if (answers.inverted) {
    visit([=](uint16_t index) -> uint8_t { return static_cast<uint16_t>(index - first) >= length; });
  } else {
    visit([=](uint16_t index) -> uint8_t { return static_cast<uint16_t>(index - first) < length; });
  }
}

enum class Merge { kSet, kAnd, kOr };

void MergeAnswers(const Answers& answers, const uint16_t* __restrict indexes, std::size_t rows, Merge merge,
                  uint8_t* __restrict mask) {
  WithAnswer(answers, [=](auto answer) {
    switch (merge) {
      case Merge::kSet:
        for (std::size_t r = 0; r < rows; ++r) mask[r] = answer(indexes[r]);
        break;
      case Merge::kAnd:
        for (std::size_t r = 0; r < rows; ++r) mask[r] &= answer(indexes[r]);
        break;
      case Merge::kOr:
        for (std::size_t r = 0; r < rows; ++r) mask[r] |= answer(indexes[r]);
        break;
    }
  });
}

void MergeMask(const uint8_t* __restrict from, std::size_t rows, Merge merge, uint8_t* __restrict mask) {
  switch (merge) {
    case Merge::kSet:
      std::memcpy(mask, from, rows);
      break;
    case Merge::kAnd:
      for (std::size_t r = 0; r < rows; ++r) mask[r] &= from[r];
      break;
    case Merge::kOr:
      for (std::size_t r = 0; r < rows; ++r) mask[r] |= from[r];
      break;
  }
}

class Evaluation {
 public:
  Evaluation(std::span<const KeyColumn> columns, std::size_t rows, Scratch* scratch)
      : columns_(columns), rows_(rows), scratch_(*scratch) {}

  // Fills scratch mask `depth` when the answer is kSome.
  Extent Run(const PlanNode& node, std::size_t depth) {
    switch (node.kind) {
      case PlanNode::Kind::kTrue:
        return Extent::kAll;
      case PlanNode::Kind::kFalse:
        return Extent::kNone;
      case PlanNode::Kind::kKey:
        return RunKey(node, Merge::kSet, scratch_.Mask(depth, rows_));
      case PlanNode::Kind::kTuple:
        return RunTuple(*node.tuple, scratch_.Mask(depth, rows_));
      case PlanNode::Kind::kAnd:
        return RunGroup(node, depth, Extent::kNone, Extent::kAll, Merge::kAnd);
      case PlanNode::Kind::kOr:
        return RunGroup(node, depth, Extent::kAll, Extent::kNone, Merge::kOr);
    }
    return Extent::kNone;
  }

 private:
  Extent RunKey(const PlanNode& node, Merge merge, uint8_t* mask) {
    const KeyColumn& column = columns_[node.key];
    const Answers answers = Ask(*node.test, column, rows_, &scratch_);
    if (answers.extent == Extent::kSome) MergeAnswers(answers, column.indexes.data(), rows_, merge, mask);
    return answers.extent;
  }

  Extent RunGroup(const PlanNode& node, std::size_t depth, Extent decides, Extent idle, Merge merge) {
    uint8_t* const mask = scratch_.Mask(depth, rows_);
    Merge next = Merge::kSet;
    for (const PlanNode& child : node.children) {
      Extent extent;
      if (child.kind == PlanNode::Kind::kKey) {
        extent = RunKey(child, next, mask);
      } else {
        extent = Run(child, depth + 1);
        if (extent == Extent::kSome) MergeMask(scratch_.Mask(depth + 1, rows_), rows_, next, mask);
      }
      if (extent == decides) return decides;
      if (extent == Extent::kSome) next = merge;
    }
    return next == Merge::kSet ? idle : Extent::kSome;
  }

  Extent RunTuple(const TupleTest& test, uint8_t* mask) {
    const std::size_t width = test.keys().size();
    if (scratch_.classes.size() < width) scratch_.classes.resize(width);
    scratch_.row_classes.resize(width);
    for (std::size_t m = 0; m < width; ++m) {
      const KeyColumn& column = columns_[test.keys()[m]];
      std::vector<int32_t>& classes = scratch_.classes[m];
      classes.resize(column.dictionary.size());
      for (std::size_t i = 0; i < classes.size(); ++i) classes[i] = test.Classify(m, column.dictionary[i]);
    }
    for (std::size_t r = 0; r < rows_; ++r) {
      for (std::size_t m = 0; m < width; ++m) {
        scratch_.row_classes[m] = scratch_.classes[m][columns_[test.keys()[m]].indexes[r]];
      }
      mask[r] = test.Passes(scratch_.row_classes.data()) ? 1 : 0;
    }
    return Extent::kSome;
  }

  std::span<const KeyColumn> columns_;
  std::size_t rows_;
  Scratch& scratch_;
};

std::size_t CountAnswers(const Answers& answers, const uint16_t* indexes, std::size_t rows) {
  std::size_t total = 0;
  WithAnswer(answers, [&](auto answer) {
    // In blocks, so that a 16-bit counter, and with it eight of them in a register, is enough.
    constexpr std::size_t kBlock = 32'768;
    for (std::size_t begin = 0; begin < rows; begin += kBlock) {
      const uint16_t* const block = indexes + begin;
      const std::size_t size = std::min(kBlock, rows - begin);
      uint16_t count = 0;
      for (std::size_t r = 0; r < size; ++r) count = static_cast<uint16_t>(count + answer(block[r]));
      total += count;
    }
  });
  return total;
}

}  // namespace

void EvaluateRows(const PlanNode& plan, std::span<const KeyColumn> columns, std::size_t rows,
                  std::vector<uint16_t>* passing) {
  if (rows == 0) return;
  Scratch& scratch = ThreadScratch();
  const Extent extent = Evaluation(columns, rows, &scratch).Run(plan, 0);
  if (extent == Extent::kNone) return;
  const std::size_t before = passing->size();
  passing->resize(before + rows);
  uint16_t* out = passing->data() + before;
  if (extent == Extent::kAll) {
    for (std::size_t r = 0; r < rows; ++r) out[r] = static_cast<uint16_t>(r);
    return;
  }
  const uint8_t* const mask = scratch.Mask(0, rows);
  std::size_t count = 0;
  for (std::size_t r = 0; r < rows; ++r) {  // without a branch: the row is overwritten unless it passes
    out[count] = static_cast<uint16_t>(r);
    count += mask[r];
  }
  passing->resize(before + count);
}

std::size_t CountRows(const PlanNode& plan, std::span<const KeyColumn> columns, std::size_t rows) {
  if (rows == 0) return 0;
  Scratch& scratch = ThreadScratch();
  if (plan.kind == PlanNode::Kind::kKey) {
    const KeyColumn& column = columns[plan.key];
    const Answers answers = Ask(*plan.test, column, rows, &scratch);
    if (answers.extent != Extent::kSome) return answers.extent == Extent::kAll ? rows : 0;
    return CountAnswers(answers, column.indexes.data(), rows);
  }
  const Extent extent = Evaluation(columns, rows, &scratch).Run(plan, 0);
  if (extent != Extent::kSome) return extent == Extent::kAll ? rows : 0;
  const uint8_t* const mask = scratch.Mask(0, rows);
  std::size_t count = 0;
  for (std::size_t r = 0; r < rows; ++r) count += mask[r];
  return count;
}

}  // namespace lodestone::filter
