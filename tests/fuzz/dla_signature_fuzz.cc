// Any bytes as a request that has to be authenticated, and as the header of the newer signature: never let in, never
// asked for the key's nonce, and always a failure of the table.
#include <string>
#include <string_view>

#include "bindings/http/dla/authenticate.h"
#include "bindings/http/dla/errors.h"
#include "bindings/http/dla/signature.h"
#include "catalog/base/strings.h"
#include "tests/fuzz/check.h"

namespace {

using namespace lodestone;             // NOLINT
using namespace lodestone::http::dla;  // NOLINT

// Lines: method, target, then `name: value` until an empty line, then the body.
http::Request ReadRequest(std::string_view text) {
  const auto line = [&] {
    const std::string_view found = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), found.size() + 1));
    return found;
  };
  http::Request request;
  request.method = line();
  request.target = line();
  while (!text.empty()) {
    const std::string_view header = line();
    if (header.empty()) break;
    const std::size_t colon = std::min(header.find(':'), header.size());
    request.headers.emplace_back(base::AsciiLower(header.substr(0, colon)),
                                 base::TrimWhitespace(header.substr(std::min(colon + 1, header.size()))));
  }
  request.body = text;
  return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const http::Request request = ReadRequest({reinterpret_cast<const char*>(data), size});
  const ManualClock clock(1'700'000'000'000);
  const Gate gate{.find_key = [](std::string_view) -> absl::StatusOr<SigningKey> {
                    return SigningKey{.secret = "a secret that no input knows", .identity = {}};
                  },
                  .use_nonce = [](std::string_view, int64_t) -> absl::Status {
                    FUZZ_CHECK(false);  // the signature was taken for good
                    return absl::OkStatus();
                  }};
  ParsedRequest parsed;
  absl::Status status = ParseRequest(request, &parsed);
  if (status.ok()) status = Authenticate(gate, {.clock = &clock}, request, parsed).status();
  FUZZ_CHECK(!status.ok());
  const auto failure = FailureOf(status, "");
  FUZZ_CHECK(failure.http_status >= 400 && failure.http_status < 500);
  int64_t time = 0;
  ParseTimestamp(request.target, &time);
  return 0;
}
