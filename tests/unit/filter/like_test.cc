#include "catalog/like.h"

#include <string_view>

#include "gtest/gtest.h"

namespace lodestone {
namespace {

struct Case {
  std::string_view text;
  std::string_view pattern;
  bool like;
};

TEST(IsLikeTest, TextsAndPatterns) {
  const Case kCases[] = {
      {"", "", true},
      {"", "%", true},
      {"", "_", false},
      {"numRows", "numRows", true},
      {"numRows", "numrows", false},
      {"numRows", "num%", true},
      {"numRows", "%Rows", true},
      {"numRows", "%m_ow%", true},
      {"numRows", "num", false},
      {"numRows", "num_", false},
      {"abcabcabd", "%abd", true},
      {"abcabcabc", "%abd", false},
      {"a.b", "a_b", true},
      {"a\u00e9b", "a_b", true},
      {"a_b", "a\\_b", true},
      {"axb", "a\\_b", false},
      {"100%", "100\\%", true},
      {"1000", "100\\%", false},
      {"a\\", "a\\\\", true},
      {"a", "a\\", false},
      {"a\\", "a\\", false},
  };
  for (const Case& c : kCases) EXPECT_EQ(IsLike(c.text, c.pattern), c.like) << c.text << " like " << c.pattern;
}

}  // namespace
}  // namespace lodestone
