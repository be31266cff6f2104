#include "bindings/http/dla/errors.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/types/optional.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"

namespace lodestone::http::dla {

namespace {

constexpr char kFaultPayload[] = "lodestone/dla/fault";
constexpr std::string_view kAddPartitions = "AddPartitions";

struct FaultRow {
  Fault fault;
  int http_status;
  std::string_view code;
};
constexpr std::array kFaults = {
    FaultRow{Fault::kMissingParameter, 400, "MissingParameter"},
    FaultRow{Fault::kInvalidParameter, 400, "InvalidParameter"},
    FaultRow{Fault::kInvalidRequest, 400, "InvalidRequest"},
    FaultRow{Fault::kContentType, 415, "UnsupportedContentType"},
    FaultRow{Fault::kUnknownAction, 404, "InvalidAction.NotFound"},
    FaultRow{Fault::kUnknownVersion, 400, "InvalidVersion"},
    FaultRow{Fault::kMethod, 405, "UnsupportedHTTPMethod"},
    FaultRow{Fault::kUnknownAccessKey, 404, "InvalidAccessKeyId.NotFound"},
    FaultRow{Fault::kIncompleteSignature, 400, "IncompleteSignature"},
    FaultRow{Fault::kSignature, 400, "SignatureDoesNotMatch"},
    FaultRow{Fault::kExpired, 400, "InvalidTimeStamp.Expired"},
    FaultRow{Fault::kNonceUsed, 400, "SignatureNonceUsed"},
};

constexpr const FaultRow& RowOf(Fault fault) { return kFaults[static_cast<std::size_t>(fault)]; }

struct ServerRow {
  int http_status;
  std::string_view code;
};
constexpr std::string_view kInner = "ServerError.Inner";
constexpr std::array kServer = {
    ServerRow{408, "RequestTimeout"},
    ServerRow{413, "RequestTooLarge"},
    ServerRow{429, "Throttling"},
    ServerRow{503, "ServiceUnavailable"},
};

// What the catalog refuses: the four codes that the reference knows.
constexpr std::string_view CodeOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kAlreadyExists:
      return "ALREADY_EXISTS";
    case ErrorKind::kNoSuchObject:
      return "NO_SUCH_OBJECT";
    case ErrorKind::kNoPrivilege:
      return "NO_PRIVILEGE";
    default:
      return "INVALID_OPERATION";
  }
}

struct TextRow {
  std::string_view action;  // empty: every other
  ErrorKind kind;
  ObjectKind object_kind;
  std::string_view before;
  std::string_view after;
  bool last_part_only = false;  // of a table: without its database
};
// The texts of the reference, chapter 8. Everything else is said in the catalog's own words.
constexpr std::array kTexts = {
    TextRow{"GetDatabase", ErrorKind::kNoSuchObject, ObjectKind::kDatabase, "The database ", " does not exist"},
    TextRow{"GetAllTables", ErrorKind::kNoSuchObject, ObjectKind::kDatabase, "The database ", " does not exist"},
    TextRow{"DropPartition", ErrorKind::kNoSuchObject, ObjectKind::kTable, "Table: ", " not exists!", true},
    TextRow{"", ErrorKind::kNoSuchObject, ObjectKind::kDatabase, "No such database: ", ""},
    TextRow{"", ErrorKind::kNoSuchObject, ObjectKind::kTable, "No such table: ", ""},
    TextRow{"", ErrorKind::kAlreadyExists, ObjectKind::kDatabase, "Database ", " already exists"},
    TextRow{"", ErrorKind::kAlreadyExists, ObjectKind::kTable, "Table ", " already exists"},
};

std::string TextOf(const DomainError& error, std::string_view action, std::string_view own_words) {
  for (const TextRow& row : kTexts) {
    if (row.kind != error.kind || row.object_kind != error.object_kind) continue;
    if (!row.action.empty() && row.action != action) continue;
    std::string_view object = error.object;
    if (row.last_part_only) object = object.substr(object.rfind('.') + 1);
    return base::StrCat(row.before, object, row.after);
  }
  return std::string(own_words);
}

std::optional<Failure> FaultOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kFaultPayload);
  if (!payload) return std::nullopt;
  // The number of the row as a letter, then the name.
  const std::string text(*payload);
  const FaultRow& row = kFaults[static_cast<std::size_t>(text[0] - 'A')];
  Failure failure{.http_status = row.http_status, .code = std::string(row.code), .outcome = std::string(row.code)};
  if (text.size() > 1) base::StrAppend(&failure.code, ".", std::string_view(text).substr(1));
  failure.message = std::string(base::ToStd(status.message()));
  return failure;
}

}  // namespace

absl::Status FaultError(Fault fault, std::string_view name, std::string_view message) {
  absl::Status status = absl::InvalidArgumentError(base::ToAbsl(message));
  const char letter = static_cast<char>('A' + static_cast<int>(RowOf(fault).fault));
  status.SetPayload(kFaultPayload, absl::Cord(base::StrCat(std::string_view(&letter, 1), name)));
  return status;
}

Failure FailureOf(const absl::Status& status, std::string_view action) {
  if (auto fault = FaultOf(status)) return *std::move(fault);
  const std::string_view message = base::ToStd(status.message());
  if (const auto error = DomainErrorOf(status)) {
    const std::string code(CodeOf(error->kind));
    return {.code = code, .outcome = code, .message = TextOf(*error, action, message), .in_metadata = true};
  }
  if (absl::IsAborted(status)) {
    return {.http_status = 503,
            .code = "ServiceUnavailable",
            .outcome = "ServiceUnavailable",
            .message = "Lost to concurrent changes too often. Try again."};
  }
  if (absl::IsFailedPrecondition(status)) {
    return {.code = "INVALID_OPERATION",
            .outcome = "INVALID_OPERATION",
            .message = std::string(message),
            .in_metadata = true};
  }
  // Paths and keys of the store are nobody's business outside.
  return {.http_status = action == kAddPartitions ? 430 : 500,
          .code = std::string(kInner),
          .outcome = std::string(kInner),
          .message = "An internal error occurred.",
          .detail = std::string(base::ToStd(absl::StatusCodeToString(status.code()))) + ": " + std::string(message)};
}

Failure ServerFailure(int http_status, std::string_view message) {
  const auto* row = std::ranges::find(kServer, http_status, &ServerRow::http_status);
  const std::string code(row == kServer.end() ? kInner : row->code);
  return {.http_status = http_status, .code = code, .outcome = code, .message = std::string(message)};
}

}  // namespace lodestone::http::dla
