#include "catalog/store/write_overlay.h"

#include <random>
#include <set>

#include "gtest/gtest.h"

namespace lodestone::store {
namespace {

TEST(RangeSetTest, MergesWhatTouches) {
  RangeSet set;
  set.Add({"b", "d"});
  set.Add({"f", "h"});
  set.Add({"d", "f"});
  set.Add({"x", "x"});  // holds nothing
  ASSERT_EQ(std::distance(set.begin(), set.end()), 1);
  EXPECT_EQ(set.begin()->second, (KeyRange{"b", "h"}));
  set.Add({"c", ""});
  ASSERT_EQ(std::distance(set.begin(), set.end()), 1);
  EXPECT_EQ(set.begin()->second, (KeyRange{"b", ""}));
  EXPECT_EQ(set.Find("a"), nullptr);
  EXPECT_NE(set.Find("b"), nullptr);
  EXPECT_NE(set.Find("\xFF"), nullptr);
}

TEST(RangeSetTest, AgreesWithASetOfKeys) {
  const unsigned seed = 7;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    RangeSet ranges;
    std::set<char> model;
    for (int i = 0; i < 6; ++i) {
      const char lower = static_cast<char>('a' + random() % 26);
      const char upper = static_cast<char>('a' + random() % 26);
      const bool open = random() % 10 == 0;
      ranges.Add({std::string(1, lower), open ? "" : std::string(1, upper)});
      for (char c = lower; c <= 'z' && (open || c < upper); ++c) model.insert(c);
    }
    for (char c = 'a'; c <= 'z'; ++c) {
      EXPECT_EQ(ranges.Find(std::string(1, c)) != nullptr, model.contains(c)) << round << c;
    }
    // Disjoint, in order, and nowhere touching.
    const KeyRange* before = nullptr;
    for (const auto& [lower, range] : ranges) {
      EXPECT_EQ(lower, range.lower);
      if (before != nullptr) {
        EXPECT_FALSE(before->upper.empty());
        EXPECT_LT(before->upper, range.lower);
      }
      before = &range;
    }
  }
}

TEST(WriteOverlayTest, LastWriteWins) {
  WriteOverlay overlay;
  EXPECT_TRUE(overlay.empty());
  overlay.Put("a", "1");
  overlay.Put("b", "2");
  overlay.DeleteRange({"a", "b"});
  overlay.Delete("b");
  overlay.Put("aa", "3");
  EXPECT_EQ(overlay.Find("a"), std::optional(WriteOverlay::Value()));
  EXPECT_EQ(**overlay.Find("aa"), "3");
  EXPECT_EQ(overlay.Find("b"), std::optional(WriteOverlay::Value()));
  EXPECT_EQ(overlay.Find("c"), std::nullopt);
}

}  // namespace
}  // namespace lodestone::store
