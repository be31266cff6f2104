// What went wrong, as data: every failure that concerns an object carries a DomainError beside its absl::Status code,
// so that adapters map it to their own codes without reading the message. The message is for people: it names the
// object, what was expected and what was found.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace lodestone {

enum class ErrorKind {
  kAlreadyExists,       // absl code AlreadyExists
  kNoSuchObject,        // NotFound
  kInvalidObject,       // InvalidArgument: a name, type or field breaks a rule
  kInvalidFilter,       // InvalidArgument: a filter can't be understood; the message has position and caret
  kInvalidOperation,    // FailedPrecondition: not possible with this kind of object or in its state
  kModified,            // FailedPrecondition: it is not, or no longer, as the call expects it (compare and set)
  kNotEmpty,            // FailedPrecondition: holds something, and cascade was not asked for
  kEventsExpired,       // OutOfRange: events asked for are beyond retention; start again from a snapshot
  kNoPrivilege,         // PermissionDenied: the principal may not, or may not know whether the object is there
  kNoSuchLock,          // NotFound: unknown, unlocked, or its lease ended
  kNoSuchTransaction,   // NotFound: unknown, or committed
  kTransactionAborted,  // FailedPrecondition
  kTransactionOpen,     // FailedPrecondition: not while the transaction is open
};

enum class ObjectKind {
  kStore,
  kCatalog,
  kDatabase,
  kTable,
  kColumn,
  kPartition,
  kFunction,
  kConstraint,
  kStatistics,
  kFilter,
  kEvent,
  kToken,
  kInput,
  kPrivilege,
  kRole,
  kGroup,
  kAccount,
  kAccessKey,
  kAccessToken,
  kPath,    // a Securable of kind kPath
  kFolder,  // by its location
  kLock,
  kTransaction,
};

struct DomainError {
  ErrorKind kind;
  ObjectKind object_kind;
  std::string object;  // `db.table`, `db.table/dt=1`, ...; what the kind of object needs to be found
  bool operator==(const DomainError&) const = default;
};

// nullopt for OK, and for failures that concern no object (I/O errors, Aborted, ...).
std::optional<DomainError> DomainErrorOf(const absl::Status& status);

// A failure with both halves; the absl code follows from the kind as listed above.
absl::Status MakeError(ErrorKind kind, ObjectKind object_kind, std::string_view object, std::string_view message);

// `table`, `partition`, ...: for messages.
std::string_view NameOf(ObjectKind kind);

}  // namespace lodestone
