#include "bindings/hive/exceptions.h"

#include "absl/strings/cord.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

constexpr absl::string_view kPayload = "lodestone/hive_exception";

constexpr std::string_view kNames[] = {"",
                                       "MetaException",
                                       "NoSuchObjectException",
                                       "AlreadyExistsException",
                                       "InvalidObjectException",
                                       "InvalidOperationException",
                                       "InvalidInputException",
                                       "InvalidPartitionException",
                                       "UnknownDBException",
                                       "UnknownTableException",
                                       "UnknownPartitionException",
                                       "UnknownTypeException",
                                       "ConfigValSecurityException",
                                       "NoSuchTxnException",
                                       "TxnAbortedException",
                                       "TxnOpenException",
                                       "NoSuchLockException"};

absl::StatusCode CodeOf(Thrown thrown) {
  switch (thrown) {
    case Thrown::kNoSuchObject:
    case Thrown::kUnknownDb:
    case Thrown::kUnknownTable:
    case Thrown::kUnknownPartition:
    case Thrown::kUnknownType:
    case Thrown::kNoSuchTxn:
    case Thrown::kNoSuchLock:
      return absl::StatusCode::kNotFound;
    case Thrown::kAlreadyExists:
      return absl::StatusCode::kAlreadyExists;
    case Thrown::kInvalidOperation:
    case Thrown::kTxnAborted:
    case Thrown::kTxnOpen:
      return absl::StatusCode::kFailedPrecondition;
    case Thrown::kConfigValSecurity:
      return absl::StatusCode::kPermissionDenied;
    default:
      return absl::StatusCode::kInvalidArgument;
  }
}

Thrown UsuallyThrown(const DomainError& error) {
  switch (error.kind) {
    case ErrorKind::kAlreadyExists:
      return Thrown::kAlreadyExists;
    case ErrorKind::kNoSuchObject:
      return Thrown::kNoSuchObject;
    case ErrorKind::kInvalidObject:
      return Thrown::kInvalidObject;
    case ErrorKind::kInvalidOperation:
    case ErrorKind::kNotEmpty:
      return Thrown::kInvalidOperation;
    case ErrorKind::kNoSuchTransaction:
      return Thrown::kNoSuchTxn;
    case ErrorKind::kTransactionAborted:
      return Thrown::kTxnAborted;
    case ErrorKind::kTransactionOpen:
      return Thrown::kTxnOpen;
    case ErrorKind::kNoSuchLock:
      return Thrown::kNoSuchLock;
    case ErrorKind::kInvalidFilter:
    case ErrorKind::kModified:
    case ErrorKind::kEventsExpired:
    case ErrorKind::kNoPrivilege:
      break;
  }
  return Thrown::kMeta;
}

Thrown Wanted(const absl::Status& failure, std::span<const ErrorRule> rules) {
  if (const auto made_for = failure.GetPayload(kPayload); made_for.has_value() && made_for->size() == 1) {
    return static_cast<Thrown>((*made_for)[0]);
  }
  const std::optional<DomainError> error = DomainErrorOf(failure);
  if (!error.has_value()) return Thrown::kMeta;
  for (const ErrorRule& rule : rules) {
    if (rule.kind == error->kind && (!rule.object || *rule.object == error->object_kind)) return rule.thrown;
  }
  return UsuallyThrown(*error);
}

}  // namespace

std::string_view NameOf(Thrown thrown) { return kNames[static_cast<std::size_t>(thrown)]; }

absl::Status Throw(Thrown thrown, std::string_view message) {
  absl::Status status(CodeOf(thrown), base::ToAbsl(message));
  status.SetPayload(kPayload, absl::Cord(std::string(1, static_cast<char>(thrown))));
  return status;
}

Thrown ThrownFor(const absl::Status& failure, const Throws& throws, std::span<const ErrorRule> rules) {
  const Thrown wanted = Wanted(failure, rules);
  if (throws.FieldOf(wanted) > 0) return wanted;
  return throws.FieldOf(Thrown::kMeta) > 0 ? Thrown::kMeta : Thrown::kNone;
}

}  // namespace lodestone::hive
