#include "catalog/session/resume_token.h"

#include "absl/strings/escaping.h"
#include "catalog/base/coding.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"

namespace lodestone::session {

namespace {

constexpr char kVersion = 1;
constexpr std::size_t kHead = 1 + 1 + 8;
constexpr std::size_t kChecksum = 4;
// Longer than any token of a partition with values of the greatest length.
constexpr std::size_t kMaxTokenBytes = std::size_t{4} << 20;

// FNV-1a: finds slips, not forgery. A forged token reads nothing that its bearer could not list anyway.
uint32_t Checksum(std::string_view bytes) {
  uint32_t hash = 2166136261U;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

absl::Status Bad(std::string_view why) {
  return MakeError(ErrorKind::kInvalidObject, ObjectKind::kToken, "", base::StrCat("resume token: ", why));
}

}  // namespace

std::string EncodeResumeToken(const ResumePoint& point) {
  std::string bytes;
  bytes.reserve(kHead + point.after.size() + kChecksum);
  bytes.push_back(kVersion);
  bytes.push_back(static_cast<char>(point.order));
  base::AppendBigEndian64(&bytes, point.table.value);
  bytes.append(point.after);
  base::AppendBigEndian32(&bytes, Checksum(bytes));
  std::string token;
  absl::WebSafeBase64Escape(bytes, &token);
  return token;
}

absl::StatusOr<ResumePoint> DecodeResumeToken(std::string_view token) {
  if (token.size() > kMaxTokenBytes) {
    return Bad(base::StrCat("expected at most ", kMaxTokenBytes, " bytes, found ", token.size()));
  }
  std::string bytes;
  std::string again;
  const bool decoded = absl::WebSafeBase64Unescape(base::ToAbsl(token), &bytes);
  if (decoded) absl::WebSafeBase64Escape(bytes, &again);
  if (!decoded || again != token) return Bad("expected what a cursor gave, found another text");
  if (bytes.size() <= kHead + kChecksum) return Bad("it is cut off");
  const std::string_view body = std::string_view(bytes).substr(0, bytes.size() - kChecksum);
  if (base::ReadBigEndian32(bytes.data() + body.size()) != Checksum(body)) return Bad("it was changed on the way");
  if (body[0] != kVersion) {
    return Bad(base::StrCat("expected version ", static_cast<int>(kVersion), ", found ",
                            static_cast<int>(static_cast<unsigned char>(body[0]))));
  }
  const auto order = static_cast<unsigned char>(body[1]);
  if (order > static_cast<unsigned char>(Order::kDescending)) return Bad("it names no order");
  return ResumePoint{.table = record::TableId{base::ReadBigEndian64(body.data() + 2)},
                     .order = static_cast<Order>(order),
                     .after = std::string(body.substr(kHead))};
}

absl::StatusOr<std::string> ResumeAfter(std::string_view token, record::TableId table, Order order) {
  ASSIGN_OR_RETURN(ResumePoint point, DecodeResumeToken(token));
  if (point.table != table) return Bad("it belongs to a list of another table");
  if (point.order != order) return Bad("it belongs to a list in the other order");
  return std::move(point.after);
}

}  // namespace lodestone::session
