#include "catalog/filter/like.h"

#include <optional>

#include "catalog/filter/parser.h"
#include "catalog/like.h"

namespace lodestone::filter {

namespace {

// Bytes of the character at `at`; a stray byte is a character of its own.
std::size_t CharacterLength(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0xC2) return 1;
  const std::size_t wanted = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 1;
  for (std::size_t i = 1; i < wanted; ++i) {
    if (at + i >= text.size() || (static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return 1;
  }
  return wanted;
}

}  // namespace

LikePattern::LikePattern(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    uint16_t step = static_cast<unsigned char>(c);
    if (c == '%') {
      step = kAnyRun;
      if (!steps_.empty() && steps_.back() == kAnyRun) continue;
    } else if (c == '_') {
      step = kAnyCharacter;
    } else if (c == '\\' && i + 1 < pattern.size()) {
      step = static_cast<unsigned char>(pattern[++i]);
    }
    if (step >= kAnyCharacter) has_wildcard_ = true;
    if (step != kAnyRun) ++shortest_;
    if (!has_wildcard_) prefix_.push_back(static_cast<char>(step));
    steps_.push_back(step);
  }
}

// When a step fails, the last `%` takes one more character and matching goes on behind it. Earlier ones need not be
// tried again: what a later `%` reaches from a shorter run of theirs it reaches from this one.
bool LikePattern::Matches(std::string_view text) const {
  if (text.size() < shortest_) return false;
  std::size_t at = 0;
  std::size_t step = 0;
  std::size_t run_step = SIZE_MAX;
  std::size_t run_at = 0;
  while (at < text.size() || step < steps_.size()) {
    if (step < steps_.size()) {
      const uint16_t wanted = steps_[step];
      if (wanted == kAnyRun) {
        run_step = ++step;
        run_at = at;
        continue;
      }
      if (at < text.size() && (wanted == kAnyCharacter || wanted == static_cast<unsigned char>(text[at]))) {
        at += wanted == kAnyCharacter ? CharacterLength(text, at) : 1;
        ++step;
        continue;
      }
    }
    if (run_step == SIZE_MAX || run_at >= text.size()) return false;
    run_at += CharacterLength(text, run_at);
    at = run_at;
    step = run_step;
  }
  return true;
}

}  // namespace lodestone::filter

namespace lodestone {

bool IsLike(std::string_view text, std::string_view pattern) {
  const std::optional<std::string> normalized = filter::NormalizePattern(pattern, '\\');
  return normalized && filter::LikePattern(*normalized).Matches(text);
}

}  // namespace lodestone
