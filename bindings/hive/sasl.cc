#include "bindings/hive/sasl.h"

#include <algorithm>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

using base::StrCat;

enum class Status : char { kStart = 1, kOk = 2, kBad = 3, kError = 4, kComplete = 5 };

constexpr std::size_t kMaxPayload = std::size_t{64} << 10;
constexpr std::string_view kMechanism = "PLAIN";

struct SaslMessage {
  Status status;
  std::string payload;
};

std::string Length(std::size_t size) {
  std::string bytes(4, '\0');
  for (int i = 3; i >= 0; --i, size >>= 8) bytes[static_cast<std::size_t>(i)] = static_cast<char>(size & 0xff);
  return bytes;
}

uint32_t LengthOf(std::string_view bytes) {
  uint32_t length = 0;
  for (const char c : bytes) length = (length << 8) | static_cast<unsigned char>(c);
  return length;
}

absl::StatusOr<std::string> ReadExactly(ByteSource* source, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t had = 0; had < size;) {
    ASSIGN_OR_RETURN(const std::size_t count, source->Read(bytes.data() + had, size - had));
    if (count == 0) return absl::DataLossError("the other side ended while the client authenticated");
    had += count;
  }
  return bytes;
}

absl::StatusOr<SaslMessage> ReadMessage(ByteSource* source) {
  ASSIGN_OR_RETURN(const std::string head, ReadExactly(source, 5));
  const uint32_t length = LengthOf(std::string_view(head).substr(1));
  if (length > kMaxPayload) {
    return absl::InvalidArgumentError(
        StrCat("expected a SASL message of at most ", kMaxPayload, " bytes, found ", length));
  }
  ASSIGN_OR_RETURN(std::string payload, ReadExactly(source, length));
  return SaslMessage{static_cast<Status>(head[0]), std::move(payload)};
}

absl::Status SendMessage(ReplySink* sink, Status status, std::string_view payload) {
  return sink->Write(StrCat(std::string(1, static_cast<char>(status)), Length(payload.size()), payload));
}

// Tells the client; the refusal itself is for the log.
absl::Status Refuse(ReplySink* sink, Status status, std::string_view told, absl::Status refusal) {
  RETURN_IF_ERROR(SendMessage(sink, status, told));
  return refusal;
}

}  // namespace

absl::StatusOr<PlainCredentials> ParsePlain(std::string_view response) {
  const std::vector<std::string_view> parts = base::Split(response, '\0');
  if (parts.size() != 3 || parts[1].empty() || parts[2].empty()) {
    return absl::UnauthenticatedError("PLAIN: expected a name to act under, a user and a password, apart by a byte 0");
  }
  return PlainCredentials{std::string(parts[0]), std::string(parts[1]), std::string(parts[2])};
}

absl::StatusOr<Identity> NegotiatePlain(ByteSource* source, ReplySink* sink, const PlainCheck& check) {
  ASSIGN_OR_RETURN(const SaslMessage start, ReadMessage(source));
  if (start.status != Status::kStart) {
    return Refuse(
        sink, Status::kError, "expected START",
        absl::InvalidArgumentError(StrCat("SASL: expected START (1), found ", static_cast<int>(start.status))));
  }
  if (start.payload != kMechanism) {
    return Refuse(sink, Status::kBad, "this server knows the mechanism PLAIN alone",
                  absl::UnauthenticatedError(
                      StrCat("SASL: expected the mechanism PLAIN, found ", base::Quoted(start.payload, 40))));
  }
  ASSIGN_OR_RETURN(const SaslMessage answer, ReadMessage(source));
  // Clients say with their first response already that they are done.
  if (answer.status != Status::kOk && answer.status != Status::kComplete) {
    return Refuse(sink, Status::kError, "expected OK",
                  absl::InvalidArgumentError(StrCat("SASL: expected OK (2), found ", static_cast<int>(answer.status))));
  }
  const absl::StatusOr<PlainCredentials> credentials = ParsePlain(answer.payload);
  const absl::StatusOr<Identity> identity = credentials.ok() ? check(*credentials) : credentials.status();
  if (absl::IsUnauthenticated(identity.status())) {
    return Refuse(sink, Status::kBad, "user name or password are wrong", identity.status());
  }
  if (!identity.ok()) return Refuse(sink, Status::kError, "try again later", identity.status());
  RETURN_IF_ERROR(SendMessage(sink, Status::kComplete, {}));
  return identity;
}

absl::Status ShowPlain(ByteSource* source, ReplySink* sink, const PlainCredentials& credentials) {
  RETURN_IF_ERROR(SendMessage(sink, Status::kStart, kMechanism));
  const std::string apart(1, '\0');
  RETURN_IF_ERROR(SendMessage(sink, Status::kOk,
                              StrCat(credentials.authorization, apart, credentials.user, apart, credentials.password)));
  ASSIGN_OR_RETURN(const SaslMessage answer, ReadMessage(source));
  if (answer.status == Status::kComplete) return absl::OkStatus();
  return absl::UnauthenticatedError(StrCat("SASL PLAIN was refused: ", base::Quoted(answer.payload)));
}

absl::StatusOr<std::size_t> FramedStream::Read(char* buffer, std::size_t size) {
  while (left_ == 0) {
    // The first byte by itself: between two frames the client may end.
    std::string length(1, '\0');
    ASSIGN_OR_RETURN(const std::size_t count, source_->Read(length.data(), 1));
    if (count == 0) return 0;
    ASSIGN_OR_RETURN(const std::string rest, ReadExactly(source_, 3));
    left_ = LengthOf(length + rest);
    if (left_ > frame_bytes_) {
      return absl::InvalidArgumentError(StrCat("expected a frame of at most ", frame_bytes_, " bytes, found ", left_));
    }
  }
  ASSIGN_OR_RETURN(const std::size_t count, source_->Read(buffer, std::min(size, left_)));
  if (count == 0) return absl::DataLossError("the other side ended within a frame");
  left_ -= count;
  return count;
}

absl::Status FramedStream::Write(std::string_view bytes) { return sink_->Write(StrCat(Length(bytes.size()), bytes)); }

}  // namespace lodestone::hive
