#include "bindings/hive/message_reader.h"

#include <algorithm>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

using base::StrCat;

constexpr uint32_t kVersionMask = 0xffff'0000;
constexpr uint32_t kVersion1 = 0x8001'0000;
// What is asked of the source at a time; of a long text as much as is missing, up to the second figure.
constexpr std::size_t kPiece = std::size_t{16} << 10;
constexpr std::size_t kLargePiece = std::size_t{1} << 20;
// A buffer that grew beyond this is not kept for the next message.
constexpr std::size_t kKeptBuffer = std::size_t{256} << 10;

// The least that a value takes on the wire.
std::size_t LeastBytes(WireType type) {
  switch (type) {
    case WireType::kBool:
    case WireType::kByte:
    case WireType::kStruct:
    case WireType::kStop:
      return 1;
    case WireType::kI16:
      return 2;
    case WireType::kI32:
    case WireType::kString:
      return 4;
    case WireType::kSet:
    case WireType::kList:
      return 5;
    case WireType::kMap:
      return 6;
    case WireType::kDouble:
    case WireType::kI64:
      return 8;
  }
  return 1;
}

bool IsFixed(WireType type) { return type < WireType::kString; }

bool IsType(int64_t number) {
  switch (static_cast<WireType>(number)) {
    case WireType::kStop:
    case WireType::kBool:
    case WireType::kByte:
    case WireType::kDouble:
    case WireType::kI16:
    case WireType::kI32:
    case WireType::kI64:
    case WireType::kString:
    case WireType::kStruct:
    case WireType::kMap:
    case WireType::kSet:
    case WireType::kList:
      return true;
  }
  return false;
}

bool IsName(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

absl::StatusOr<bool> MessageReader::Next(Message* message) {
  *message = {};
  decoded_ = 0;
  if (position_ == buffer_.size()) {
    buffer_.clear();
  } else {
    buffer_.erase(0, position_);
  }
  if (buffer_.capacity() > kKeptBuffer && buffer_.size() < kPiece) buffer_.shrink_to_fit();
  begin_ = position_ = 0;
  if (buffer_.empty()) {
    ASSIGN_OR_RETURN(const bool any, Fill(1));
    if (!any) return false;
  }
  RETURN_IF_ERROR(ReadHeader(message));
  const std::size_t body = position_;
  RETURN_IF_ERROR(WalkStruct(1));
  message->body = std::string_view(buffer_).substr(body, position_ - body);
  message->bytes = offset();
  message->decoded_bytes = decoded_;
  return true;
}

absl::Status MessageReader::ReadHeader(Message* message) {
  ASSIGN_OR_RETURN(const int64_t first, ReadNumber(4));
  int64_t type = 0;
  if (first < 0) {
    const auto bits = static_cast<uint32_t>(first);
    if ((bits & kVersionMask) != kVersion1) {
      return absl::InvalidArgumentError(
          StrCat("expected version 1 of the binary protocol, found ", bits >> 16, " in the first two bytes"));
    }
    type = bits & 0xff;
    ASSIGN_OR_RETURN(const int64_t size, ReadNumber(4));
    RETURN_IF_ERROR(ReadName(size, message));
  } else {
    RETURN_IF_ERROR(ReadName(first, message));
    ASSIGN_OR_RETURN(type, ReadNumber(1));
  }
  ASSIGN_OR_RETURN(const int64_t sequence_id, ReadNumber(4));
  message->sequence_id = static_cast<int32_t>(sequence_id);
  const bool calls =
      type == static_cast<int64_t>(MessageType::kCall) || type == static_cast<int64_t>(MessageType::kOneway);
  const bool answers =
      type == static_cast<int64_t>(MessageType::kReply) || type == static_cast<int64_t>(MessageType::kException);
  if (!(sender_ == Sender::kClient ? calls : answers)) {
    return absl::InvalidArgumentError(StrCat(
        "expected a ", sender_ == Sender::kClient ? "call (1) or a oneway call (4)" : "reply (2) or an exception (3)",
        ", found a message of type ", type));
  }
  message->type = static_cast<MessageType>(type);
  return absl::OkStatus();
}

absl::Status MessageReader::ReadName(int64_t size, Message* message) {
  if (size < 1 || size > static_cast<int64_t>(limits_.name_bytes)) {
    return absl::InvalidArgumentError(StrCat("expected the name of a method, of 1 to ", limits_.name_bytes,
                                             " bytes, found a length of ", size,
                                             ": is this the binary protocol, without frames and TLS?"));
  }
  RETURN_IF_ERROR(Need(static_cast<std::size_t>(size)));
  std::string name = buffer_.substr(position_, static_cast<std::size_t>(size));
  position_ += static_cast<std::size_t>(size);
  if (!IsName(name)) {
    return absl::InvalidArgumentError(StrCat("expected the name of a method, found ", base::Quoted(name, 40)));
  }
  message->name = std::move(name);
  return absl::OkStatus();
}

absl::Status MessageReader::Walk(WireType type, int depth) {
  switch (type) {
    case WireType::kString:
      return WalkString();
    case WireType::kStruct:
      return WalkStruct(depth);
    case WireType::kMap:
      return WalkMap(depth);
    case WireType::kSet:
    case WireType::kList:
      return WalkElements(depth);
    default:
      return Skip(LeastBytes(type));
  }
}

absl::Status MessageReader::WalkStruct(int depth) {
  RETURN_IF_ERROR(CheckDepth(depth));
  while (true) {
    ASSIGN_OR_RETURN(const WireType type, ReadType(/*stop_is_allowed=*/true));
    if (type == WireType::kStop) return absl::OkStatus();
    RETURN_IF_ERROR(Skip(2));  // the field's id
    RETURN_IF_ERROR(Walk(type, depth + 1));
  }
}

absl::Status MessageReader::WalkElements(int depth) {
  RETURN_IF_ERROR(CheckDepth(depth));
  // Empty containers may say type 0, as some writers do.
  RETURN_IF_ERROR(Need(5));
  const bool empty = std::string_view(buffer_).substr(position_ + 1, 4) == std::string_view("\0\0\0\0", 4);
  ASSIGN_OR_RETURN(const WireType type, ReadType(empty));
  ASSIGN_OR_RETURN(const int64_t count, ReadNumber(4));
  RETURN_IF_ERROR(CheckCount(count, LeastBytes(type), kElementBytes));
  if (IsFixed(type)) return Skip(static_cast<std::size_t>(count) * LeastBytes(type));
  for (int64_t i = 0; i < count; ++i) RETURN_IF_ERROR(Walk(type, depth + 1));
  return absl::OkStatus();
}

absl::Status MessageReader::WalkMap(int depth) {
  RETURN_IF_ERROR(CheckDepth(depth));
  RETURN_IF_ERROR(Need(6));
  const bool empty = std::string_view(buffer_).substr(position_ + 2, 4) == std::string_view("\0\0\0\0", 4);
  ASSIGN_OR_RETURN(const WireType key, ReadType(empty));
  ASSIGN_OR_RETURN(const WireType value, ReadType(empty));
  ASSIGN_OR_RETURN(const int64_t count, ReadNumber(4));
  RETURN_IF_ERROR(CheckCount(count, LeastBytes(key) + LeastBytes(value), kEntryBytes));
  for (int64_t i = 0; i < count; ++i) {
    RETURN_IF_ERROR(Walk(key, depth + 1));
    RETURN_IF_ERROR(Walk(value, depth + 1));
  }
  return absl::OkStatus();
}

absl::Status MessageReader::WalkString() {
  ASSIGN_OR_RETURN(const int64_t size, ReadNumber(4));
  RETURN_IF_ERROR(CheckCount(size, 1, 1));
  return Skip(static_cast<std::size_t>(size));
}

absl::Status MessageReader::CheckCount(int64_t count, std::size_t least, std::size_t each) {
  if (count < 0) return absl::InvalidArgumentError(StrCat("a length of ", count, " at byte ", offset() - 4));
  const auto number = static_cast<std::size_t>(count);
  // What the limit leaves room for; the numbers have 31 bits, so that nothing overflows.
  if (number * least > limits_.message_bytes - std::min(offset(), limits_.message_bytes)) {
    return absl::ResourceExhaustedError(StrCat("a length of ", count, " at byte ", offset() - 4,
                                               ": more than a message may have (", limits_.message_bytes, " bytes)"));
  }
  return CheckDecoded(number * each);
}

absl::StatusOr<WireType> MessageReader::ReadType(bool stop_is_allowed) {
  ASSIGN_OR_RETURN(const int64_t number, ReadNumber(1));
  if (!IsType(number) || (number == 0 && !stop_is_allowed)) {
    return absl::InvalidArgumentError(StrCat("expected a type, found ", number, " at byte ", offset() - 1));
  }
  return static_cast<WireType>(number);
}

absl::StatusOr<int64_t> MessageReader::ReadNumber(int bytes) {
  RETURN_IF_ERROR(Need(static_cast<std::size_t>(bytes)));
  uint32_t bits = 0;
  for (int i = 0; i < bytes; ++i) bits = (bits << 8) | static_cast<unsigned char>(buffer_[position_++]);
  return bytes == 4 ? int64_t{static_cast<int32_t>(bits)} : int64_t{bits};
}

absl::Status MessageReader::Need(std::size_t bytes) {
  if (buffer_.size() - position_ >= bytes) return absl::OkStatus();
  if (offset() + bytes > limits_.message_bytes) {
    return absl::ResourceExhaustedError(StrCat("a message of more than ", limits_.message_bytes, " bytes"));
  }
  while (buffer_.size() - position_ < bytes) {
    ASSIGN_OR_RETURN(const bool any, Fill(bytes - (buffer_.size() - position_)));
    if (!any)
      return absl::DataLossError(StrCat(sender_ == Sender::kClient ? "the client" : "the server", " ended after ",
                                        buffer_.size(), " bytes of a message"));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> MessageReader::Fill(std::size_t missing) {
  const std::size_t piece = std::clamp(missing, kPiece, kLargePiece);
  const std::size_t had = buffer_.size();
  buffer_.resize(had + piece);
  const absl::StatusOr<std::size_t> read = source_->Read(buffer_.data() + had, piece);
  buffer_.resize(had + (read.ok() ? std::min(*read, piece) : 0));
  RETURN_IF_ERROR(read.status());
  return *read > 0;
}

absl::Status MessageReader::Skip(std::size_t bytes) {
  RETURN_IF_ERROR(Need(bytes));
  position_ += bytes;
  return absl::OkStatus();
}

absl::Status MessageReader::CheckDepth(int depth) const {
  if (depth <= limits_.depth) return absl::OkStatus();
  return absl::ResourceExhaustedError(StrCat("more than ", limits_.depth, " levels of structs and containers"));
}

absl::Status MessageReader::CheckDecoded(std::size_t more) {
  decoded_ += more;
  if (decoded_ <= limits_.decoded_bytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      StrCat("at byte ", offset(), ": decoded, the message would take more than ", limits_.decoded_bytes, " bytes"));
}

}  // namespace lodestone::hive
