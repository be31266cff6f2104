// Who sent a request.
#pragma once

#include "absl/status/statusor.h"
#include "bindings/http/dli/handler.h"
#include "bindings/http/handler.h"
#include "catalog/accounts.h"
#include "catalog/metastore.h"

namespace lodestone::http::dli {

// By the signature in Authorization, else by the token in X-Auth-Token. Looks at headers, target and the bytes of the
// body alone. A signed change (any method but GET) counts as used from here on.
//   Unauthenticated    neither, or not valid: unknown key or token, wrong signature, out of the window, used before.
//                      A key that is not known and a signature that is wrong give the same words
//   ResourceExhausted  the body of a signed request is too large; nothing was verified
absl::StatusOr<Identity> Authenticate(Metastore& metastore, const DliOptions& options, const Request& request);

}  // namespace lodestone::http::dli
