#include "catalog/store/rocksdb/rocks_status.h"

#include <string>

#include "catalog/base/strings.h"

namespace lodestone::store {

absl::Status FromRocks(const rocksdb::Status& status, std::string_view what) {
  using Code = rocksdb::Status::Code;
  if (status.ok()) return absl::OkStatus();
  const std::string text = base::StrCat(what, ": ", status.ToString());
  switch (status.code()) {
    case Code::kCorruption:
      return absl::DataLossError(text);
    case Code::kIOError:
      if (status.IsPathNotFound()) return absl::DataLossError(text);
      if (status.IsNoSpace()) return absl::UnavailableError(base::StrCat(text, " (no space left on the device)"));
      return absl::UnavailableError(text);
    case Code::kBusy:
    case Code::kShutdownInProgress:
      return absl::FailedPreconditionError(text);
    case Code::kAborted:
    case Code::kTryAgain:
    case Code::kTimedOut:
      return absl::AbortedError(text);
    case Code::kNotFound:
      return absl::NotFoundError(text);
    case Code::kInvalidArgument:
      return absl::InvalidArgumentError(text);
    default:
      return absl::InternalError(text);
  }
}

absl::Status OpenError(const rocksdb::Status& status, std::string_view path) {
  absl::Status error = FromRocks(status, base::StrCat("opening ", path));
  if (error.ok() || absl::IsUnavailable(error) || absl::IsFailedPrecondition(error)) return error;
  // A table file that is missing is looked for under an older suffix at last, and that name is what the error tells.
  std::string text(base::ToStd(error.message()));
  for (std::size_t at = 0; (at = text.find(".ldb", at)) != std::string::npos;) text.replace(at, 4, ".sst");
  return absl::DataLossError(text);
}

}  // namespace lodestone::store
