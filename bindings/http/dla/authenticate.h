// Who sends a request, and what it asks: the parameters of both kinds of signature, and the proof.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "bindings/http/dla/handler.h"
#include "bindings/http/dla/parameters.h"
#include "bindings/http/handler.h"
#include "catalog/accounts.h"

namespace lodestone::http::dla {

// A request before anything of it was believed.
struct ParsedRequest {
  Parameters query;
  Parameters all;  // query and body, merged
  std::string_view action;
  std::string_view version;
  bool is_acs3 = false;  // by the Authorization header; otherwise by parameters
};
// Views into `request` and `*parsed`. UnsupportedHTTPMethod, InvalidRequest, UnsupportedContentType,
// InvalidParameter.<name>. Fills what it can before it fails.
absl::Status ParseRequest(const Request& request, ParsedRequest* parsed);

// Who knows the keys, and remembers the nonces: as Metastore::FindSigningKey and Metastore::UseNonce. Thread-safe.
struct Gate {
  std::function<absl::StatusOr<SigningKey>(std::string_view access_key_id)> find_key;
  std::function<absl::Status(std::string_view nonce, int64_t expires_ms)> use_nonce;
};

// Checks in this order: what every request has to have; that the key is known; the signature; the time; that the nonce
// was not used before (and remembers it). MissingParameter, InvalidParameter, InvalidVersion, IncompleteSignature,
// InvalidAccessKeyId.NotFound, SignatureDoesNotMatch, InvalidTimeStamp.Expired, SignatureNonceUsed.
absl::StatusOr<Identity> Authenticate(const Gate& gate, const DlaOptions& options, const Request& request,
                                      const ParsedRequest& parsed);

// Milliseconds since 1970 of `YYYY-MM-DDThh:mm:ssZ`; false for anything else.
bool ParseTimestamp(std::string_view text, int64_t* millis);

}  // namespace lodestone::http::dla
