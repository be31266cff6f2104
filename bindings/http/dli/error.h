// How failures look on this wire: a status, a code of the service's list, a text.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace lodestone::http::dli {

// The codes in use, of the service's list (docs/wire/dli.md).
inline constexpr std::string_view kBadInput = "DLI.0001";
inline constexpr std::string_view kNotFound = "DLI.0002";
inline constexpr std::string_view kNoPrivilege = "DLI.0003";
inline constexpr std::string_view kExists = "DLI.0006";
inline constexpr std::string_view kNotPossible = "DLI.0007";
inline constexpr std::string_view kLimit = "DLI.0009";
inline constexpr std::string_view kNoFileAccess = "DLI.0011";
inline constexpr std::string_view kBusy = "DLI.0012";
inline constexpr std::string_view kNotAuthenticated = "DLI.0013";
inline constexpr std::string_view kTimeout = "DLI.0019";
inline constexpr std::string_view kUnknownRoute = "DLI.0023";
inline constexpr std::string_view kInternal = "DLI.0999";

struct Failure {
  int status = 500;
  std::string_view code = kInternal;
  std::string message;
  // For the log; not told to the caller.
  std::string detail;
};

// By the domain error where there is one, else by the status code; never by the text. Failures of the store itself
// keep their text for the log.
Failure FailureOf(const absl::Status& status);

// A failure that has a place of its own in the table: a file that previews may not read.
absl::Status FileAccessError(std::string_view message);

}  // namespace lodestone::http::dli
