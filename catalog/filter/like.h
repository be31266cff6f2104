// SQL's LIKE over bytes: `%` is any run, `_` one UTF-8 character, backslash takes the next character literally.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lodestone::filter {

// Immutable.
class LikePattern {
 public:
  LikePattern() = default;
  // A pattern as NormalizePattern writes it.
  explicit LikePattern(std::string_view pattern);

  // Time: the product of both lengths at worst, no recursion.
  bool Matches(std::string_view text) const;

  // What every matching text begins with; the whole of it when there is no wildcard.
  const std::string& prefix() const { return prefix_; }
  bool has_wildcard() const { return has_wildcard_; }
  // Nothing but the prefix and one `%` behind it.
  bool is_prefix_only() const { return steps_.size() == prefix_.size() + 1 && steps_.back() == kAnyRun; }

 private:
  static constexpr uint16_t kAnyCharacter = 256;  // below: a byte
  static constexpr uint16_t kAnyRun = 257;

  std::vector<uint16_t> steps_;
  std::string prefix_;
  bool has_wildcard_ = false;
  std::size_t shortest_ = 0;  // bytes of the shortest match
};

}  // namespace lodestone::filter
