// Reads one Thrift message, in the binary protocol, without making anything of it: what comes out is complete,
// well-formed and within the limits, so that decoding it can't take more time or memory than was agreed to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lodestone::hive {

// Where bytes come from. Not thread-safe.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Waits for bytes and puts at least one and up to `size` (more than 0) into `buffer`; returns how many. 0: the other
  // side has ended in order. Failures are passed on as they are.
  virtual absl::StatusOr<std::size_t> Read(char* buffer, std::size_t size) = 0;
};

// The types of the binary protocol, with their numbers on the wire.
enum class WireType : uint8_t {
  kStop = 0,
  kBool = 2,
  kByte = 3,
  kDouble = 4,
  kI16 = 6,
  kI32 = 8,
  kI64 = 10,
  kString = 11,
  kStruct = 12,
  kMap = 13,
  kSet = 14,
  kList = 15,
};

// What the decoded form of a message is reckoned to take, in bytes of memory: an upper bound of what the generated
// readers make of it. They make room for the elements of a list by the declared count and by the type that they expect,
// whatever the type on the wire: so each element counts as the largest struct there is.
inline constexpr std::size_t kElementBytes = 2'048;
// The entry of a map or set: two texts, or a text and a list, and the node that holds them. Entries come one by one.
inline constexpr std::size_t kEntryBytes = 256;

struct MessageLimits {
  // Of a whole message, with its header.
  std::size_t message_bytes = std::size_t{100} << 20;
  // Of its decoded form, as above: about 500,000 elements.
  std::size_t decoded_bytes = std::size_t{1} << 30;
  // How deep structs and containers stand in one another; the arguments themselves are at 1.
  int depth = 64;
  // Of the method's name.
  std::size_t name_bytes = 256;
};

enum class MessageType : uint8_t { kCall = 1, kReply = 2, kException = 3, kOneway = 4 };
// What the other side sends: a client calls and oneway calls, a server replies and exceptions.
enum class Sender : uint8_t { kClient, kServer };

struct Message {
  std::string name;
  MessageType type = MessageType::kCall;
  int32_t sequence_id = 0;
  // The struct of the arguments, from its first field to its stop. Points into the reader: valid until the next call of
  // Next().
  std::string_view body;
  std::size_t bytes = 0;          // of all of the message on the wire
  std::size_t decoded_bytes = 0;  // as reckoned above
};

// Not thread-safe. Outlived by the source. Holds one message at a time, and grows with what came, never with what was
// declared.
class MessageReader {
 public:
  MessageReader(ByteSource* source, const MessageLimits& limits, Sender sender = Sender::kClient)
      : source_(source), limits_(limits), sender_(sender) {}

  // Reads the next message: the header with a version, or the one without that old clients write. False: the other side
  // ended, between two messages.
  //   InvalidArgument    it is no message, or malformed: the text says what was found at which byte
  //   ResourceExhausted  beyond a limit
  //   DataLoss           the other side ended within it
  // and what the source says. After a failure nothing more can be read, as it is not known where the next one begins;
  // name, type and sequence_id of *message tell what was read, the name is empty when that is nothing.
  absl::StatusOr<bool> Next(Message* message);

  // For messages from the next on.
  void SetLimits(const MessageLimits& limits) { limits_ = limits; }
  // Whether bytes of the next message are here already.
  bool has_more() const { return position_ < buffer_.size(); }
  // What is held.
  std::size_t buffered_bytes() const { return buffer_.capacity(); }

 private:
  absl::Status ReadHeader(Message* message);
  absl::Status ReadName(int64_t size, Message* message);
  // One value of this type, its fields and elements too.
  absl::Status Walk(WireType type, int depth);
  absl::Status WalkStruct(int depth);
  absl::Status WalkElements(int depth);
  absl::Status WalkMap(int depth);
  absl::Status WalkString();
  // `count` values of at least `least` bytes each, that stand for `each` bytes in memory.
  absl::Status CheckCount(int64_t count, std::size_t least, std::size_t each);
  absl::StatusOr<WireType> ReadType(bool stop_is_allowed);
  absl::StatusOr<int64_t> ReadNumber(int bytes);
  // Has `bytes` more bytes behind position_, or fails.
  absl::Status Need(std::size_t bytes);
  // Reads once, with `missing` bytes in mind. False at the end.
  absl::StatusOr<bool> Fill(std::size_t missing);
  absl::Status Skip(std::size_t bytes);
  absl::Status CheckDepth(int depth) const;
  absl::Status CheckDecoded(std::size_t more);
  std::size_t offset() const { return position_ - begin_; }

  ByteSource* const source_;
  MessageLimits limits_;
  const Sender sender_;
  std::string buffer_;
  std::size_t begin_ = 0;     // of the message, in buffer_
  std::size_t position_ = 0;  // of what is read next
  std::size_t decoded_ = 0;
};

}  // namespace lodestone::hive
