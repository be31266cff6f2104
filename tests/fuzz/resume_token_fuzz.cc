// Any text is a token or a clear failure; what is a token is written back the same. Input: a token; and again the bytes
// as the key that a token is made of.
#include <cstdint>
#include <string>
#include <string_view>

#include "catalog/errors.h"
#include "catalog/session/resume_token.h"
#include "tests/fuzz/check.h"

namespace {

using namespace lodestone;

void CheckToken(std::string_view text) {
  const auto point = session::DecodeResumeToken(text);
  if (!point.ok()) {
    FUZZ_CHECK(point.status().code() == absl::StatusCode::kInvalidArgument);
    FUZZ_CHECK(DomainErrorOf(point.status())->object_kind == ObjectKind::kToken);
    return;
  }
  FUZZ_CHECK(!point->after.empty());
  FUZZ_CHECK(session::EncodeResumeToken(*point) == text);
}

void CheckKey(std::string_view key) {
  const session::ResumePoint point{.table = {7}, .order = Order::kDescending, .after = std::string(key)};
  const std::string token = session::EncodeResumeToken(point);
  const auto after = session::ResumeAfter(token, {7}, Order::kDescending);
  FUZZ_CHECK(after.ok() && *after == key);
  FUZZ_CHECK(!session::ResumeAfter(token, {8}, Order::kDescending).ok());
  FUZZ_CHECK(!session::ResumeAfter(token, {7}, Order::kAscending).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CheckToken(text);
  if (!text.empty()) CheckKey(text);
  return 0;
}
