// Which locks wait for which: every pair of types, on every pair of things.
#include "tests/unit/transaction/fixture.h"

namespace lodestone::testing {
namespace {

using LockRulesTest = TransactionsTest;

constexpr auto kSR = LockType::kSharedRead;
constexpr auto kSW = LockType::kSharedWrite;
constexpr auto kX = LockType::kExclusive;
constexpr auto kXW = LockType::kExclusiveWrite;

std::string NameOf(LockType type) {
  return std::vector<std::string>{"", "SR", "SW", "X", "XW"}[static_cast<int>(type)];
}

TEST_F(LockRulesTest, EveryPairOfTypesOnOneTable) {
  const struct {
    LockType held, asked;
    bool waits;
  } cases[] = {
      {kSR, kSR, false}, {kSR, kSW, false}, {kSR, kXW, false}, {kSR, kX, true},  //
      {kSW, kSR, false}, {kSW, kSW, false}, {kSW, kXW, true},  {kSW, kX, true},  //
      {kXW, kSR, false}, {kXW, kSW, true},  {kXW, kXW, true},  {kXW, kX, true},  //
      {kX, kSR, true},   {kX, kSW, true},   {kX, kXW, true},   {kX, kX, true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(NameOf(c.held) + " then " + NameOf(c.asked));
    Reopen({});
    EXPECT_EQ(Lock("web.hits", c.held).state, LockState::kAcquired);
    const LockResult asked = Lock("web.hits", c.asked);
    EXPECT_EQ(asked.state, c.waits ? LockState::kWaiting : LockState::kAcquired);
    EXPECT_EQ(StateOf(asked.lock), asked.state);
    ExpectSound();
  }
}

// Whether an exclusive lock on the one makes a lock on the other wait, in both orders.
TEST_F(LockRulesTest, EveryPairOfThings) {
  const struct {
    std::string one, other;
    bool meet;
  } cases[] = {
      {"web", "web", true},
      {"web", "shop", false},
      {"web", "web.hits", true},
      {"web", "web.hits/dt=1", true},
      {"web.hits", "web.hits", true},
      {"web.hits", "web.loads", false},
      {"web.hits", "shop.hits", false},
      {"web.hits", "web.hits/dt=1", true},
      {"web.hits/dt=1", "web.hits/dt=1", true},
      {"web.hits/dt=1", "web.hits/dt=2", false},
      {"web.hits/dt=1", "web.loads/dt=1", false},
      {"WEB.Hits", "web.hits", true},
      {"web.hits/DT=1", "web.hits/dt=1", true},
      {"web.hits/dt=A", "web.hits/dt=a", false},
      {"web.hits/dt=1/h=2", "web.hits/dt=1", false},
  };
  for (const auto& c : cases) {
    for (const bool swapped : {false, true}) {
      for (const LockType asked : {kSW, kXW, kX}) {
        const auto& [first, second] = swapped ? std::pair(c.other, c.one) : std::pair(c.one, c.other);
        SCOPED_TRACE(first + " then " + NameOf(asked) + " on " + second);
        Reopen({});
        EXPECT_EQ(Lock(first, kX).state, LockState::kAcquired);
        EXPECT_EQ(Lock(second, asked).state, c.meet ? LockState::kWaiting : LockState::kAcquired);
      }
    }
  }
}

TEST_F(LockRulesTest, WhoReadsADatabaseDoesNotMindWhatHappensToItsTables) {
  const struct {
    std::string first;
    LockType held;
    std::string second;
    LockType asked;
    bool waits;
  } cases[] = {
      {"web", kSR, "web.hits", kX, false},
      {"web.hits", kX, "web", kSR, false},
      {"web", kSR, "web.hits/dt=1", kX, false},
      {"web.hits/dt=1", kX, "web", kSR, false},
      {"web", kSR, "web", kX, true},
      {"web", kX, "web", kSR, true},
      {"web", kX, "web.hits", kSR, true},
      {"web.hits", kSR, "web", kX, true},
      {"web.hits", kSR, "web.hits/dt=1", kX, true},
      {"web.hits/dt=1", kX, "web.hits", kSR, true},
      {"web", kSW, "web.hits", kX, true},
      {"web.hits", kX, "web", kSW, true},
      {"web", kXW, "web.hits", kSR, false},
      {"web.hits", kSW, "web", kXW, true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(NameOf(c.held) + " on " + c.first + " then " + NameOf(c.asked) + " on " + c.second);
    Reopen({});
    EXPECT_EQ(Lock(c.first, c.held).state, LockState::kAcquired);
    EXPECT_EQ(Lock(c.second, c.asked).state, c.waits ? LockState::kWaiting : LockState::kAcquired);
  }
}

TEST_F(LockRulesTest, CatalogsAreApart) {
  LockComponent other = On("web.hits", kX);
  other.catalog = "Sales";
  ASSERT_OK(transactions().Lock({.components = {other}}));
  EXPECT_EQ(Lock("web.hits", kX).state, LockState::kAcquired);
  other.catalog = "sales";
  EXPECT_EQ(transactions().Lock({.components = {other}})->state, LockState::kWaiting);
}

}  // namespace
}  // namespace lodestone::testing
