#include "catalog/model/pattern.h"

#include <algorithm>

#include "catalog/base/strings.h"
#include "catalog/model/checks.h"

namespace lodestone::model {

namespace {

// Goes forward greedily and, where the text stops fitting, lets the last `*` swallow one more character: an earlier `*`
// never has to be tried again, so the cost is at most pattern times text, also for hostile patterns.
bool Fits(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;  // the last `*` seen, and where its match ends
  std::size_t star_end = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_end = t;
    } else if (p < pattern.size() && pattern[p] == '.') {
      ++p;
      t += CharacterAt(text, t).size();
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      star_end += CharacterAt(text, star_end).size();
      t = star_end;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace

NamePattern::NamePattern(std::string_view pattern) {
  if (pattern.empty()) pattern = "*";
  for (const std::string_view alternative : base::Split(pattern, '|')) {
    if (!alternative.empty()) alternatives_.push_back(base::AsciiLower(alternative));
  }
  for (std::size_t i = 0; i < alternatives_.size(); ++i) {
    const std::string_view literal = std::string_view(alternatives_[i]).substr(0, alternatives_[i].find_first_of("*."));
    if (i == 0) {
      common_prefix_ = literal;
      continue;
    }
    const auto difference = std::mismatch(common_prefix_.begin(), common_prefix_.end(), literal.begin(), literal.end());
    common_prefix_.erase(difference.first, common_prefix_.end());
  }
}

bool NamePattern::Matches(std::string_view lower_case_name) const {
  return std::any_of(alternatives_.begin(), alternatives_.end(),
                     [&](const std::string& alternative) { return Fits(alternative, lower_case_name); });
}

}  // namespace lodestone::model
