#include "catalog/base/clock.h"

#include <cstdint>

#include "gtest/gtest.h"

namespace lodestone {
namespace {

TEST(ClockTest, SystemClockCountsMillisecondsAndIsOneObject) {
  ASSERT_NE(Clock::System(), nullptr);
  EXPECT_EQ(Clock::System(), Clock::System());
  const int64_t now = Clock::System()->NowMillis();
  EXPECT_GT(now, int64_t{1'600'000'000} * 1000);   // after 2020, so neither seconds ...
  EXPECT_LT(now, int64_t{32'000'000'000} * 1000);  // ... nor microseconds
}

TEST(ClockTest, ManualClockMovesOnlyWhenTold) {
  ManualClock clock(1000);
  EXPECT_EQ(clock.NowMillis(), 1000);
  EXPECT_EQ(clock.NowMillis(), 1000);
  clock.Advance(250);
  EXPECT_EQ(clock.NowMillis(), 1250);
  clock.Advance(-1250);
  EXPECT_EQ(clock.NowMillis(), 0);
}

}  // namespace
}  // namespace lodestone
