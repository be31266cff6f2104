#include "tools/lodestone/exit_code.h"

#include "absl/strings/cord.h"

namespace lodestone::cli {
namespace {
constexpr char kUsagePayload[] = "lodestone.cli/usage";
}

ExitCode ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return kDone;
  if (status.GetPayload(kUsagePayload).has_value()) return kUsage;
  if (absl::IsNotFound(status)) return kNotFound;
  if (absl::IsDataLoss(status)) return kDamaged;
  return kFailed;
}

absl::Status UsageError(const std::string& message) {
  absl::Status status = absl::InvalidArgumentError(message);
  status.SetPayload(kUsagePayload, absl::Cord("1"));
  return status;
}

}  // namespace lodestone::cli
