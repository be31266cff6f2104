// Finds the partition keys that may pass, as a skip scan in a multi-column index does: component by component, each
// tested against its key's cover, and against the part of the filter that looks at that key alone.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/filter/cover.h"
#include "catalog/filter/key_test.h"

namespace lodestone::filter {

// Immutable, thread-safe.
class SkipScan {
 public:
  struct Level {
    Cover cover;
    // What every passing value of this key passes; null: nothing is known. Not owned.
    const KeyTest* test = nullptr;
  };
  SkipScan() = default;
  explicit SkipScan(std::vector<Level> levels) : levels_(std::move(levels)) {}

  // See Filter::NextCandidate and Filter::PreviousCandidateBound.
  std::optional<std::string> Next(std::string_view key) const;
  std::optional<std::string> PreviousBound(std::string_view key) const;

 private:
  // The text of level `level` at the start of `rest`, with its '/'; whether it is whole.
  struct Component {
    std::string_view text;
    bool whole;
  };
  Component ComponentOf(std::size_t level, std::string_view rest) const;
  bool Tests(std::size_t level, const Component& component) const;
  // Appends the lowest text of the levels from `level` on, as far as it is known.
  void AppendLowest(std::size_t level, std::string* out) const;
  // The least candidate whose component at `level` is not below `from`; false: none. Appends to `out`.
  bool AppendFrom(std::size_t level, std::string_view from, std::string* out) const;
  std::optional<std::string> BoundFrom(std::size_t level, std::string_view rest) const;
  std::optional<std::string> BoundBelow(std::size_t level, std::optional<std::string_view> component) const;

  std::vector<Level> levels_;
};

}  // namespace lodestone::filter
