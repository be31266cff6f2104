#include "bindings/http/dli/authenticate.h"

#include <string>
#include <string_view>

#include "bindings/common/crypto.h"
#include "bindings/http/dli/signature.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::http::dli {
namespace {

absl::Status CheckWindow(const DliOptions& options, int64_t signed_ms) {
  const int64_t now_ms = options.clock->NowMillis();
  const int64_t distance = now_ms > signed_ms ? now_ms - signed_ms : signed_ms - now_ms;
  if (distance <= options.signature_window_ms) return absl::OkStatus();
  return absl::UnauthenticatedError(
      absl::StrCat("X-Sdk-Date is more than ", options.signature_window_ms / 1000, " seconds from the server's clock"));
}

absl::StatusOr<Identity> VerifySignature(Metastore& metastore, const DliOptions& options, const Request& request) {
  if (request.body.size() > options.max_signed_body_bytes) {
    return absl::ResourceExhaustedError(absl::StrCat("the body of a signed request has at most ",
                                                     options.max_signed_body_bytes, " bytes; use a token for more"));
  }
  ASSIGN_OR_RETURN(const Authorization authorization, ParseAuthorization(request.Header("authorization")));
  const std::string_view date = request.Header("x-sdk-date");
  ASSIGN_OR_RETURN(const int64_t signed_ms, ParseSdkDate(date));
  RETURN_IF_ERROR(CheckWindow(options, signed_ms));
  ASSIGN_OR_RETURN(const std::string canonical, CanonicalRequest(request, authorization.signed_headers));
  const absl::Status refused = absl::UnauthenticatedError("the access key is not valid, or the signature is not its");
  const absl::StatusOr<SigningKey> key = metastore.FindSigningKey(authorization.access_key_id);
  if (absl::IsUnauthenticated(key.status())) return refused;
  RETURN_IF_ERROR(key.status());
  if (!bindings::EqualInConstantTime(Sign(key->secret, date, canonical), authorization.signature)) return refused;
  if (request.method != "GET") {
    // The scheme has no nonce; for a change the signature itself is one. The second stands for the rounding of dates.
    const std::string nonce = base::StrCat("dli/", authorization.access_key_id, "/", authorization.signature);
    const absl::Status used = metastore.UseNonce(nonce, signed_ms + options.signature_window_ms + 1000);
    if (absl::IsAlreadyExists(used)) {
      return absl::UnauthenticatedError(
          "this signature was used before; sign the request again, with a later X-Sdk-Date");
    }
    RETURN_IF_ERROR(used);
  }
  return key->identity;
}

}  // namespace

absl::StatusOr<Identity> Authenticate(Metastore& metastore, const DliOptions& options, const Request& request) {
  if (!request.Header("authorization").empty()) return VerifySignature(metastore, options, request);
  const std::string_view token = request.Header("x-auth-token");
  if (token.empty()) {
    return absl::UnauthenticatedError("expected the header X-Auth-Token, or a request signed with an access key");
  }
  absl::StatusOr<Identity> identity = metastore.VerifyToken(token);
  if (absl::IsUnauthenticated(identity.status())) return absl::UnauthenticatedError("the token is not valid");
  return identity;
}

}  // namespace lodestone::http::dli
