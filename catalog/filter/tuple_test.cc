#include "catalog/filter/tuple_test.h"

#include <algorithm>

#include "catalog/filter/typing.h"

namespace lodestone::filter {

namespace {

uint64_t Step(uint32_t state, int32_t number) {
  return (static_cast<uint64_t>(state) << 32) | static_cast<uint32_t>(number);
}

}  // namespace

TupleTest::TupleTest(const Expr& expr, std::span<const model::Type> types) : keys_(expr.keys), negated_(expr.negated) {
  const std::size_t width = keys_.size();
  row_count_ = expr.literals.size() / width;
  rows_.resize(expr.literals.size());
  for (std::size_t m = 0; m < width; ++m) {
    Member member{types[keys_[m]], FamilyOf(types[keys_[m]]), {}, {}};
    const Family family = member.family;
    const auto less = [family](const Datum& a, const Datum& b) { return Compare(family, a, b) < 0; };
    for (std::size_t i = m; i < expr.literals.size(); i += width) {
      const Datum d = ToDatum(member.type, expr.literals[i]);
      if (!d.null) member.literals.push_back(d);
    }
    std::sort(member.literals.begin(), member.literals.end(), less);
    const auto same = [family](const Datum& a, const Datum& b) { return Compare(family, a, b) == 0; };
    member.literals.erase(std::unique(member.literals.begin(), member.literals.end(), same), member.literals.end());
    for (std::size_t i = m; i < expr.literals.size(); i += width) {
      const Datum d = ToDatum(member.type, expr.literals[i]);
      if (d.null) {
        rows_[i] = kNull;
        literal_null_ = true;
      } else {
        const auto it = std::lower_bound(member.literals.begin(), member.literals.end(), d, less);
        rows_[i] = static_cast<int32_t>(it - member.literals.begin()) + 1;
      }
    }
    if (family == Family::kText || family == Family::kChar) {
      for (std::size_t i = 0; i < member.literals.size(); ++i) {
        member.texts.emplace(member.literals[i].text, static_cast<int32_t>(i) + 1);
      }
    }
    members_.push_back(std::move(member));
  }
  uint32_t states = 1;
  for (std::size_t row = 0; row < row_count_; ++row) {
    const auto begin = rows_.begin() + static_cast<std::ptrdiff_t>(row * width);
    if (std::find(begin, begin + static_cast<std::ptrdiff_t>(width), kNull) !=
        begin + static_cast<std::ptrdiff_t>(width))
      continue;
    uint32_t state = 0;
    for (std::size_t m = 0; m < width; ++m) {
      const auto [it, fresh] = steps_.emplace(Step(state, rows_[row * width + m]), states);
      if (fresh) ++states;
      state = it->second;
    }
  }
}

int32_t TupleTest::Classify(std::size_t member, std::string_view value) const {
  const Member& m = members_[member];
  const Datum d = ReadValue(m.type, value);
  if (d.null) return kNull;
  if (!m.texts.empty()) {
    const auto it = m.texts.find(d.text);
    return it == m.texts.end() ? kOther : it->second;
  }
  const auto it = std::lower_bound(m.literals.begin(), m.literals.end(), d,
                                   [&m](const Datum& a, const Datum& b) { return Compare(m.family, a, b) < 0; });
  if (it == m.literals.end() || Compare(m.family, *it, d) != 0) return kOther;
  return static_cast<int32_t>(it - m.literals.begin()) + 1;
}

bool TupleTest::Find(const int32_t* classes) const {
  uint32_t state = 0;
  for (std::size_t m = 0; m < keys_.size(); ++m) {
    if (classes[m] <= 0) return false;
    const auto it = steps_.find(Step(state, classes[m]));
    if (it == steps_.end()) return false;
    state = it->second;
  }
  return true;
}

// NOT IN holds for certain when each row of the list differs in a member that is NULL on neither side.
bool TupleTest::DiffersFromAll(const int32_t* classes) const {
  const std::size_t width = keys_.size();
  for (std::size_t row = 0; row < row_count_; ++row) {
    bool differs = false;
    for (std::size_t m = 0; m < width && !differs; ++m) {
      const int32_t literal = rows_[row * width + m];
      differs = classes[m] != kNull && literal != kNull && classes[m] != literal;
    }
    if (!differs) return false;
  }
  return true;
}

bool TupleTest::Passes(const int32_t* classes) const {
  if (!negated_) return Find(classes);
  if (literal_null_) return DiffersFromAll(classes);
  for (std::size_t m = 0; m < keys_.size(); ++m) {
    if (classes[m] == kNull) return DiffersFromAll(classes);
  }
  return !Find(classes);
}

}  // namespace lodestone::filter
