// What the adapter answers when something went wrong: requests that are wrong as such (an HTTP status of 400 and
// above), and what the catalog refuses (200, with `Success` false). The codes are a table in errors.cc and in
// docs/wire/dla.md.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace lodestone::http::dla {

// Why a request is wrong as such. The codes never change.
enum class Fault {
  kMissingParameter,  // MissingParameter.<name>
  kInvalidParameter,  // InvalidParameter.<name>
  kInvalidRequest,    // query or body are not what they say they are
  kContentType,
  kUnknownAction,
  kUnknownVersion,
  kMethod,
  kUnknownAccessKey,
  kIncompleteSignature,  // the Authorization header, or what it has to cover
  kSignature,
  kExpired,
  kNonceUsed,
};

// The failure to pass up; `name` is the part of the code behind the dot, where it has one.
absl::Status FaultError(Fault fault, std::string_view name, std::string_view message);
inline absl::Status Missing(std::string_view name, std::string_view message) {
  return FaultError(Fault::kMissingParameter, name, message);
}
inline absl::Status Invalid(std::string_view name, std::string_view message) {
  return FaultError(Fault::kInvalidParameter, name, message);
}

struct Failure {
  int http_status = 200;
  std::string code{};
  std::string outcome{};  // the code without the part behind the dot: of a fixed list, for metrics
  std::string message{};
  std::string detail{};      // for the log alone
  bool in_metadata = false;  // refused by the catalog: the answer has all fields of a success
};

// Of any failed status, as it is answered to `action`. The texts that the reference shows are used where it shows one.
Failure FailureOf(const absl::Status& status, std::string_view action);

// Of what the server refuses before an action is known (Handler::Refuse).
Failure ServerFailure(int http_status, std::string_view message);

}  // namespace lodestone::http::dla
