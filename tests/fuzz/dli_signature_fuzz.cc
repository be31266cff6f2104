// Any header is an Authorization in the one exact form, or refused; what is taken comes together again. Any request has
// a canonical text or a clear refusal.
#include <string>
#include <string_view>

#include "bindings/http/dli/signature.h"
#include "catalog/base/strings.h"
#include "tests/fuzz/check.h"

using lodestone::http::Request;
namespace base = lodestone::base;
namespace dli = lodestone::http::dli;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = dli::ParseAuthorization(text);
  if (parsed.ok()) {
    std::string again = base::StrCat("SDK-HMAC-SHA256 Access=", parsed->access_key_id, ", SignedHeaders=");
    for (const std::string& name : parsed->signed_headers) {
      base::StrAppend(&again, &name == &parsed->signed_headers[0] ? "" : ";", name);
    }
    FUZZ_CHECK(base::StrCat(again, ", Signature=", parsed->signature) == text);
  } else {
    FUZZ_CHECK(absl::IsUnauthenticated(parsed.status()));
  }
  FUZZ_CHECK(dli::ParseSdkDate(text).ok() || absl::IsUnauthenticated(dli::ParseSdkDate(text).status()));
  Request request;
  request.method = "GET";
  request.target = text;
  request.headers = {{"host", std::string(text)}};
  const auto canonical = dli::CanonicalRequest(request, {"host"});
  FUZZ_CHECK(canonical.ok() || absl::IsUnauthenticated(canonical.status()));
  if (canonical.ok()) FUZZ_CHECK(canonical->starts_with("GET\n"));
  return 0;
}
