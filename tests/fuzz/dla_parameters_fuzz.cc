// Any bytes as a query, and as a body of either kind: a clear failure, or parameters whose canonical form says the
// same. The first byte tells which kind; what is behind a newline is taken as the second part of the same request.
#include <string>
#include <string_view>

#include "bindings/http/dla/errors.h"
#include "bindings/http/dla/parameters.h"
#include "catalog/base/strings.h"
#include "tests/fuzz/check.h"

using lodestone::http::dla::CanonicalQuery;
using lodestone::http::dla::FailureOf;
using lodestone::http::dla::kMaxParameters;
using lodestone::http::dla::Parameters;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t cut = std::min(text.find('\n'), text.size());
  Parameters parameters;
  absl::Status status = parameters.AddForm(text.substr(0, cut));
  const std::string_view body = text.substr(std::min(cut + 1, text.size()));
  if (status.ok()) status = data[0] % 2 == 0 ? parameters.AddForm(body) : parameters.AddJson(body);
  FUZZ_CHECK(parameters.all().size() <= kMaxParameters);
  if (!status.ok()) {
    const auto failure = FailureOf(status, "");
    FUZZ_CHECK(failure.http_status == 400);
    FUZZ_CHECK(lodestone::base::FindInvalidUtf8(failure.message) == std::string_view::npos);
    return 0;
  }
  Parameters again;
  FUZZ_CHECK(again.AddForm(CanonicalQuery(parameters)).ok());
  FUZZ_CHECK(again.all() == parameters.all());
  return 0;
}
