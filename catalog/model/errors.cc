#include "catalog/errors.h"

#include "absl/strings/cord.h"
#include "catalog/base/strings.h"

namespace lodestone {

namespace {

// The payload is one byte for the kind, one for the kind of object, and then the object. It never leaves the process,
// so it needs no version.
constexpr const char* kPayloadUrl = "lodestone/DomainError";
constexpr auto kLastErrorKind = ErrorKind::kTransactionOpen;
constexpr auto kLastObjectKind = ObjectKind::kTransaction;

absl::StatusCode CodeOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kAlreadyExists:
      return absl::StatusCode::kAlreadyExists;
    case ErrorKind::kNoSuchObject:
    case ErrorKind::kNoSuchLock:
    case ErrorKind::kNoSuchTransaction:
      return absl::StatusCode::kNotFound;
    case ErrorKind::kInvalidObject:
    case ErrorKind::kInvalidFilter:
      return absl::StatusCode::kInvalidArgument;
    case ErrorKind::kInvalidOperation:
    case ErrorKind::kModified:
    case ErrorKind::kNotEmpty:
    case ErrorKind::kTransactionAborted:
    case ErrorKind::kTransactionOpen:
      return absl::StatusCode::kFailedPrecondition;
    case ErrorKind::kEventsExpired:
      return absl::StatusCode::kOutOfRange;
    case ErrorKind::kNoPrivilege:
      return absl::StatusCode::kPermissionDenied;
  }
  return absl::StatusCode::kUnknown;
}

}  // namespace

std::optional<DomainError> DomainErrorOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return std::nullopt;
  const std::string bytes(*payload);
  if (bytes.size() < 2) return std::nullopt;
  const auto kind = static_cast<unsigned char>(bytes[0]);
  const auto object_kind = static_cast<unsigned char>(bytes[1]);
  if (kind > static_cast<int>(kLastErrorKind) || object_kind > static_cast<int>(kLastObjectKind)) return std::nullopt;
  return DomainError{static_cast<ErrorKind>(kind), static_cast<ObjectKind>(object_kind), bytes.substr(2)};
}

absl::Status MakeError(ErrorKind kind, ObjectKind object_kind, std::string_view object, std::string_view message) {
  absl::Status status(CodeOf(kind), base::ToAbsl(message));
  std::string payload;
  payload.reserve(2 + object.size());
  payload += static_cast<char>(kind);
  payload += static_cast<char>(object_kind);
  payload += object;
  status.SetPayload(kPayloadUrl, absl::Cord(payload));
  return status;
}

std::string_view NameOf(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::kStore:
      return "store";
    case ObjectKind::kCatalog:
      return "catalog";
    case ObjectKind::kDatabase:
      return "database";
    case ObjectKind::kTable:
      return "table";
    case ObjectKind::kColumn:
      return "column";
    case ObjectKind::kPartition:
      return "partition";
    case ObjectKind::kFunction:
      return "function";
    case ObjectKind::kConstraint:
      return "constraint";
    case ObjectKind::kStatistics:
      return "statistics";
    case ObjectKind::kFilter:
      return "filter";
    case ObjectKind::kEvent:
      return "event";
    case ObjectKind::kToken:
      return "token";
    case ObjectKind::kInput:
      return "input";
    case ObjectKind::kPrivilege:
      return "privilege";
    case ObjectKind::kRole:
      return "role";
    case ObjectKind::kGroup:
      return "group";
    case ObjectKind::kAccount:
      return "account";
    case ObjectKind::kAccessKey:
      return "access key";
    case ObjectKind::kAccessToken:
      return "token";
    case ObjectKind::kPath:
      return "object";
    case ObjectKind::kFolder:
      return "folder";
    case ObjectKind::kLock:
      return "lock";
    case ObjectKind::kTransaction:
      return "transaction";
  }
  return "object";
}

}  // namespace lodestone
