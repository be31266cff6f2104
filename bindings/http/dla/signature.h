// What the two signatures are computed over. Pure functions: who the key belongs to, the time and the nonce are
// authenticate.h's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bindings/http/dla/parameters.h"
#include "bindings/http/handler.h"

namespace lodestone::http::dla {

// ---- Version 1.0, HMAC-SHA1: every parameter but Signature, decoded ----

// `METHOD&%2F&<the canonical query, encoded once more>`.
std::string StringToSignV1(std::string_view method, const Parameters& parameters);
std::string SignV1(std::string_view secret, std::string_view string_to_sign);

// ---- ACS3-HMAC-SHA256: the Authorization header over method, path, query, headers and the hash of the body ----

inline constexpr std::string_view kAcs3Algorithm = "ACS3-HMAC-SHA256";

struct Acs3Authorization {
  std::string_view access_key_id;
  std::vector<std::string_view> signed_headers;  // as they stand there
  std::string_view signed_headers_text;
  std::string_view signature;
};
// Views into `header`. IncompleteSignature: not `ACS3-HMAC-SHA256 Credential=..,SignedHeaders=..,Signature=..`, each
// once, in any order.
absl::StatusOr<Acs3Authorization> ParseAcs3(std::string_view header);

// Whether the signature covers everything that this adapter acts on: `host`, every `x-acs-` header that is there, the
// content type of a body; each header that is signed is there once; the names are in lower case and in order.
// IncompleteSignature.
absl::Status CheckAcs3Coverage(const Request& request, const Acs3Authorization& authorization);

// `query`: the parameters of the query alone. `body_hash`: SHA-256 of the body in lower-case hex.
std::string StringToSignAcs3(const Request& request, const Parameters& query, const Acs3Authorization& authorization,
                             std::string_view body_hash);
std::string SignAcs3(std::string_view secret, std::string_view string_to_sign);

}  // namespace lodestone::http::dla
