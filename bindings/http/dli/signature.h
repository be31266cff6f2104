// The signature scheme SDK-HMAC-SHA256: what a request's signature is made of. Pure functions; docs/wire/dli.md has
// the rules.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bindings/http/handler.h"

namespace lodestone::http::dli {

// The header `Authorization: SDK-HMAC-SHA256 Access=.., SignedHeaders=a;b, Signature=..`, taken apart.
struct Authorization {
  std::string access_key_id;
  std::vector<std::string> signed_headers;  // in lower case, sorted, each once
  std::string signature;                    // 64 digits of lower-case hex
};
inline constexpr std::size_t kMaxAuthorizationBytes = 8192;

// Unauthenticated: anything but exactly that form; `host` and `x-sdk-date` are not among the headers.
absl::StatusOr<Authorization> ParseAuthorization(std::string_view header);

// X-Sdk-Date, `20150907T101459Z`, in milliseconds since 1970. Unauthenticated: it is none.
absl::StatusOr<int64_t> ParseSdkDate(std::string_view text);

// The text whose SHA-256 is signed. Unauthenticated: the request lacks a signed header or has it twice, has an escape
// that is none, or names a hash of its body that is not that of its body.
absl::StatusOr<std::string> CanonicalRequest(const Request& request, const std::vector<std::string>& signed_headers);

// In lower-case hex.
std::string Sign(std::string_view secret, std::string_view sdk_date, std::string_view canonical_request);

}  // namespace lodestone::http::dli
