// Which places are about to be removed.
#include "catalog/warehouse/removals.h"

#include <string>
#include <thread>
#include <vector>

#include "catalog/warehouse.h"
#include "gtest/gtest.h"

namespace lodestone::warehouse {
namespace {

TEST(Removals, APlaceIsBusyAboveAndBeneathWhatGoes) {
  Removals removals;
  const auto one = NewNoWarehouse();
  const auto other = NewNoWarehouse();
  const std::vector<std::string> gone = {"file:/wh/t/dt=1", "/wh/u"};
  removals.Announce(one.get(), gone);
  removals.Announce(one.get(), gone);
  const struct {
    std::string location;
    bool busy;
  } cases[] = {
      {"/wh/t/dt=1", true},
      {"file:///wh/t/dt=1/hour=2", true},
      {"/wh/t", true},
      {"/wh", true},
      {"/wh/t/dt=10", false},
      {"/wh/t/dt=2", false},
      {"/wh/u/", true},
      {"/wh/u2", false},
      {"s3://wh/t/dt=1", false},
      {"", false},
      {"/", false},
      {"/w", false},
      {"/wh/t/dt=1/../x", false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(removals.IsBusy(one.get(), c.location), c.busy) << c.location;
    EXPECT_FALSE(removals.IsBusy(other.get(), c.location)) << c.location;
  }
  removals.Withdraw(one.get(), gone);
  EXPECT_TRUE(removals.IsBusy(one.get(), "/wh/u"));
  removals.Withdraw(one.get(), gone);
  EXPECT_FALSE(removals.IsBusy(one.get(), "/wh/u"));
}

TEST(Removals, WaitsUntilTheyAreGone) {
  Removals removals;
  removals.WaitFor(nullptr, "/wh/t");
  removals.Announce(nullptr, {"/wh/t"});
  std::thread remover([&] { removals.Withdraw(nullptr, {"/wh/t"}); });
  removals.WaitFor(nullptr, "/wh/t/x");
  EXPECT_FALSE(removals.IsBusy(nullptr, "/wh/t"));
  remover.join();
}

}  // namespace
}  // namespace lodestone::warehouse
