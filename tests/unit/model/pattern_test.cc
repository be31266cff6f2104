#include "catalog/model/pattern.h"

#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace lodestone::model {
namespace {

TEST(NamePatternTest, MatchesAsHiveDoes) {
  const struct {
    const char* pattern;
    const char* name;
    bool matches;
  } cases[] = {
      {"", "hits", true},          {"*", "hits", true},
      {"hits", "hits", true},      {"hits", "hit", false},
      {"hit", "hits", false},      {"HITS", "hits", true},
      {"h*", "hits", true},        {"*s", "hits", true},
      {"*t*", "hits", true},       {"*x*", "hits", false},
      {"h**s", "hits", true},      {"h*t", "hits", false},
      {"hits|logs", "logs", true}, {"hits|logs", "log", false},
      {"a*|*s", "hits", true},     {"a|", "a", true},
      {"|a", "a", true},           {"|", "a", false},
      {"a|", "", false},           {"h.ts", "hits", true},
      {"hit.", "hit", false},      {"hits.*", "hits", false},
      {"hits.*", "hits2", true},   {".", "ä", true},
      {"..", "ä", false},          {"*.b", "aäb", true},
      {"h?ts", "hits", false},     {"h_ts", "hits", false},
      {"%", "hits", false},        {"*$", "test$", true},
      {"a*b*c", "aXbXbXc", true},  {"a*b*c", "abcabcab", false},
      {"*aab", "aaaaab", true},    {"**", "", true},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(NamePattern(c.pattern).Matches(c.name), c.matches) << c.pattern << " on " << c.name;
  }
}

TEST(NamePatternTest, KnowsWhatAllMatchesBeginWith) {
  const struct {
    const char* pattern;
    const char* prefix;
  } cases[] = {
      {"", ""},    {"*", ""},       {"hits", "hits"}, {"HI*", "hi"},          {"hits|hilo", "hi"}, {"hi*|h*", "h"},
      {"a|b", ""}, {"ab|ab", "ab"}, {"|", ""},        {"ab*|abc*|abd", "ab"}, {"*a|ab", ""},       {"hi.*", "hi"},
  };
  for (const auto& c : cases) EXPECT_EQ(NamePattern(c.pattern).common_prefix(), c.prefix) << c.pattern;
}

// The definition, word by word: slow, and hard to get wrong.
bool SlowFits(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    return SlowFits(pattern.substr(1), text) || (!text.empty() && SlowFits(pattern, text.substr(1)));
  }
  return !text.empty() && (pattern[0] == '.' || pattern[0] == text[0]) && SlowFits(pattern.substr(1), text.substr(1));
}

// All texts over the alphabet of up to `max` letters.
std::vector<std::string> AllTexts(std::string_view alphabet, std::size_t max) {
  std::vector<std::string> texts = {""};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].size() == max) continue;
    for (const char c : alphabet) texts.push_back(texts[i] + c);
  }
  return texts;
}

TEST(NamePatternTest, AgreesWithTheDefinitionOnAllSmallInputs) {
  const std::vector<std::string> names = AllTexts("ab", 5);
  for (const std::string& text : AllTexts("ab*.", 5)) {
    if (text.empty()) continue;
    const NamePattern pattern(text);
    for (const std::string& name : names) {
      const bool matches = pattern.Matches(name);
      ASSERT_EQ(matches, SlowFits(text, name)) << text << " on " << name;
      ASSERT_TRUE(!matches || name.rfind(pattern.common_prefix(), 0) == 0) << text << " on " << name;
    }
  }
}

TEST(NamePatternTest, HostilePatternsCostLittle) {
  std::string hostile;
  for (int i = 0; i < 1000; ++i) hostile += "a*";
  EXPECT_FALSE(NamePattern(hostile + "b").Matches(std::string(2000, 'a')));
}

}  // namespace
}  // namespace lodestone::model
