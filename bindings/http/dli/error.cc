#include "bindings/http/dli/error.h"

#include <optional>

#include "absl/strings/cord.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"

namespace lodestone::http::dli {
namespace {

struct KindRow {
  ErrorKind kind;
  int status;
  std::string_view code;
};
constexpr KindRow kKinds[] = {
    {ErrorKind::kAlreadyExists, 400, kExists},         {ErrorKind::kNoSuchObject, 400, kNotFound},
    {ErrorKind::kInvalidObject, 400, kBadInput},       {ErrorKind::kInvalidFilter, 400, kBadInput},
    {ErrorKind::kInvalidOperation, 400, kNotPossible}, {ErrorKind::kNotEmpty, 400, kNotPossible},
    {ErrorKind::kNoPrivilege, 400, kNoPrivilege},
};

struct CodeRow {
  absl::StatusCode status_code;
  int status;
  std::string_view code;
};
constexpr CodeRow kCodes[] = {
    {absl::StatusCode::kInvalidArgument, 400, kBadInput},
    {absl::StatusCode::kOutOfRange, 400, kBadInput},
    {absl::StatusCode::kNotFound, 400, kNotFound},
    {absl::StatusCode::kPermissionDenied, 400, kNoPrivilege},
    {absl::StatusCode::kAlreadyExists, 400, kExists},
    {absl::StatusCode::kFailedPrecondition, 400, kNotPossible},
    {absl::StatusCode::kUnimplemented, 400, kNotPossible},
    {absl::StatusCode::kResourceExhausted, 400, kLimit},
    {absl::StatusCode::kAborted, 400, kBusy},
    {absl::StatusCode::kUnauthenticated, 401, kNotAuthenticated},
};

constexpr char kFileAccessUrl[] = "lodestone.dli/file_access";

}  // namespace

Failure FailureOf(const absl::Status& status) {
  std::string message(base::ToStd(status.message()));
  if (status.GetPayload(kFileAccessUrl)) return {400, kNoFileAccess, std::move(message), ""};
  if (const std::optional<DomainError> domain = DomainErrorOf(status)) {
    for (const KindRow& row : kKinds) {
      if (row.kind == domain->kind) return {row.status, row.code, std::move(message), ""};
    }
  }
  for (const CodeRow& row : kCodes) {
    if (row.status_code == status.code()) return {row.status, row.code, std::move(message), ""};
  }
  return {500, kInternal, "internal error; the log of the server has more under the request's id", std::move(message)};
}

absl::Status FileAccessError(std::string_view message) {
  absl::Status status = absl::PermissionDeniedError(base::ToAbsl(message));
  status.SetPayload(kFileAccessUrl, absl::Cord("1"));
  return status;
}

}  // namespace lodestone::http::dli
