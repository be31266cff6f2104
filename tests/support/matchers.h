// Matchers for absl::Status: assert the failure expected, never just "not OK".
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"

namespace lodestone::testing {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& value) {
  return value.status();
}

MATCHER(IsOk, "is OK") {
  *result_listener << StatusOf(arg).ToString(absl::StatusToStringMode::kWithNoExtraData);
  return StatusOf(arg).ok();
}
MATCHER_P(HasCode, code, "has the code " + absl::StatusCodeToString(code)) {
  *result_listener << StatusOf(arg).ToString(absl::StatusToStringMode::kWithNoExtraData);
  return StatusOf(arg).code() == code;
}
// The code, and a text that the message contains.
MATCHER_P2(FailsWith, code, text,
           "has the code " + absl::StatusCodeToString(code) + " and contains " + std::string(text)) {
  *result_listener << StatusOf(arg).ToString(absl::StatusToStringMode::kWithNoExtraData);
  return StatusOf(arg).code() == code &&
         std::string(StatusOf(arg).message()).find(std::string(text)) != std::string::npos;
}

}  // namespace lodestone::testing

#define ASSERT_OK(expr) ASSERT_THAT((expr), ::lodestone::testing::IsOk())
#define EXPECT_OK(expr) EXPECT_THAT((expr), ::lodestone::testing::IsOk())
