#include "catalog/base/status_macros.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lodestone {
namespace {

using ::lodestone::testing::FailsWith;

absl::Status Fail() { return absl::NotFoundError("no such thing"); }

TEST(StatusMacrosTest, ReturnIfErrorGoesOnAfterOkAndReturnsAFailure) {
  int steps = 0;
  auto run = [&](const absl::Status& first) -> absl::Status {
    RETURN_IF_ERROR(first);
    ++steps;
    if (steps > 0) RETURN_IF_ERROR(absl::OkStatus());  // one statement, also under an if
    return absl::OkStatus();
  };
  EXPECT_OK(run(absl::OkStatus()));
  EXPECT_EQ(steps, 1);
  EXPECT_THAT(run(Fail()), FailsWith(absl::StatusCode::kNotFound, "no such thing"));
  EXPECT_EQ(steps, 1);
}

TEST(StatusMacrosTest, AssignOrReturnMovesTheValueOrReturnsTheFailure) {
  auto make = [](int value) -> absl::StatusOr<std::unique_ptr<int>> {
    if (value < 0) return Fail();
    return std::make_unique<int>(value);
  };
  auto sum = [&](int a, int b) -> absl::StatusOr<int> {
    ASSIGN_OR_RETURN(std::unique_ptr<int> left, make(a));
    ASSIGN_OR_RETURN(auto right, make(b));
    ASSIGN_OR_RETURN(left, make(*left + *right));
    return *left;
  };
  auto three = sum(1, 2);
  ASSERT_OK(three);
  EXPECT_EQ(*three, 3);
  EXPECT_THAT(sum(1, -2), FailsWith(absl::StatusCode::kNotFound, "no such thing"));
}

}  // namespace
}  // namespace lodestone
