#include "catalog/filter/skip_scan.h"

#include <utility>

#include "catalog/model/partition_name.h"

namespace lodestone::filter {

SkipScan::Component SkipScan::ComponentOf(std::size_t level, std::string_view rest) const {
  if (level + 1 == levels_.size()) return {rest, true};
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return {rest, false};
  return {rest.substr(0, slash + 1), true};
}

// The last key is not tested: a failing value there would be skipped one row at a time, which reading the page does
// faster.
bool SkipScan::Tests(std::size_t level, const Component& component) const {
  const KeyTest* const test = levels_[level].test;
  if (test == nullptr || level + 1 == levels_.size()) return true;
  return test->Passes(model::UnescapePathName(component.text.substr(0, component.text.size() - 1)));
}

void SkipScan::AppendLowest(std::size_t level, std::string* out) const {
  for (; level < levels_.size(); ++level) {
    const Interval& lowest = levels_[level].cover.intervals().front();
    out->append(lowest.low);
    if (!lowest.is_point) return;
  }
}

bool SkipScan::AppendFrom(std::size_t level, std::string_view from, std::string* out) const {
  const Interval* const interval = levels_[level].cover.FirstEndingBehind(from);
  if (interval == nullptr) return false;
  if (interval->low < from) {
    out->append(from);
    return true;
  }
  out->append(interval->low);
  if (interval->is_point) AppendLowest(level + 1, out);
  return true;
}

std::optional<std::string> SkipScan::Next(std::string_view key) const {
  for (const Level& level : levels_) {
    if (level.cover.is_none()) return std::nullopt;
  }
  std::vector<Component> taken;  // components of `key` that may stay
  std::string_view rest = key;
  std::string jump;  // what follows them when `key` itself is no candidate
  bool stays = true;
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    const Component component = ComponentOf(level, rest);
    const Interval* const interval = levels_[level].cover.FirstEndingBehind(component.text);
    const bool inside = interval != nullptr && interval->low <= component.text;
    if (inside && !component.whole) return std::string(key);
    if (inside && Tests(level, component)) {
      taken.push_back(component);
      rest.remove_prefix(component.text.size());
      continue;
    }
    stays = false;
    // Behind this component and whatever begins with it, or from it on when it is not one that exists.
    std::string from(component.text);
    if (inside) from.back() = '0';
    if (AppendFrom(level, from, &jump)) break;
    // Nothing is left at this level: the component above must move on.
    while (!taken.empty()) {
      std::string above(taken.back().text);
      above.back() = '0';
      taken.pop_back();
      if (AppendFrom(taken.size(), above, &jump)) break;
    }
    if (jump.empty() && taken.empty()) return std::nullopt;
    break;
  }
  if (stays) return std::string(key);
  std::size_t kept = 0;
  for (const Component& component : taken) kept += component.text.size();
  return std::string(key.substr(0, kept)) + jump;
}

// `component` nullopt: behind everything.
std::optional<std::string> SkipScan::BoundBelow(std::size_t level, std::optional<std::string_view> component) const {
  const std::vector<Interval>& intervals = levels_[level].cover.intervals();
  const std::size_t count = component ? levels_[level].cover.CountBeginningBefore(*component) : intervals.size();
  if (count == 0) return std::nullopt;
  const Interval& last = intervals[count - 1];
  const bool is_cut = component && (!last.high || *component < *last.high);
  if (is_cut) return std::string(*component);
  if (!last.high) return std::string();
  if (last.is_point && level + 1 < levels_.size()) {
    const auto below = BoundBelow(level + 1, std::nullopt);
    if (below && !below->empty()) return last.low + *below;
  }
  return *last.high;
}

std::optional<std::string> SkipScan::BoundFrom(std::size_t level, std::string_view rest) const {
  if (rest.empty()) return std::nullopt;
  const Component component = ComponentOf(level, rest);
  if (component.whole && level + 1 < levels_.size()) {
    const Interval* const interval = levels_[level].cover.FirstEndingBehind(component.text);
    if (interval != nullptr && interval->low <= component.text && Tests(level, component)) {
      const auto deeper = BoundFrom(level + 1, rest.substr(component.text.size()));
      if (deeper) return std::string(component.text) + *deeper;
    }
  }
  return BoundBelow(level, component.text);
}

std::optional<std::string> SkipScan::PreviousBound(std::string_view key) const {
  for (const Level& level : levels_) {
    if (level.cover.is_none()) return std::nullopt;
  }
  if (levels_.empty()) return std::string(key);
  return key.empty() ? BoundBelow(0, std::nullopt) : BoundFrom(0, key);
}

}  // namespace lodestone::filter
