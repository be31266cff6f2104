// The binary protocol as the generated readers and writers of structs want it: out of memory, and into a buffer that is
// sent in pieces. What is read was checked as a message before (message_reader.h); what a reader expects may still be
// another type than what is there, so that every count and length is held against the bytes that are left once more.
#pragma once

#include <thrift/protocol/TVirtualProtocol.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace lodestone::hive {

using apache::thrift::protocol::TType;

// Reads the bytes of one struct. Throws apache::thrift::protocol::TProtocolException when they are not what is asked
// for, or would take more memory than `decoded_bytes` (MessageLimits). Not thread-safe; outlived by the bytes.
class BodyReader final
    : public apache::thrift::protocol::TVirtualProtocol<BodyReader, apache::thrift::protocol::TProtocolDefaults> {
 public:
  BodyReader(std::string_view body, std::size_t decoded_bytes);

  uint32_t readStructBegin(std::string&) { return 0; }
  uint32_t readStructEnd() { return 0; }
  uint32_t readFieldBegin(std::string& name, TType& type, int16_t& id);
  uint32_t readFieldEnd() { return 0; }
  uint32_t readMapBegin(TType& key, TType& value, uint32_t& size);
  uint32_t readMapEnd() { return 0; }
  uint32_t readListBegin(TType& element, uint32_t& size);
  uint32_t readListEnd() { return 0; }
  uint32_t readSetBegin(TType& element, uint32_t& size);
  uint32_t readSetEnd() { return 0; }
  uint32_t readBool(bool& value);
  using TVirtualProtocol::readBool;  // of a vector<bool>, too
  uint32_t readByte(int8_t& value);
  uint32_t readI16(int16_t& value);
  uint32_t readI32(int32_t& value);
  uint32_t readI64(int64_t& value);
  uint32_t readDouble(double& value);
  uint32_t readString(std::string& value);
  uint32_t readBinary(std::string& value) { return readString(value); }

 private:
  std::string_view Take(std::size_t bytes);
  uint64_t TakeNumber(std::size_t bytes);
  TType TakeType();
  // A count of values of at least `least` bytes that take `each` bytes in memory.
  uint32_t TakeCount(std::size_t least, std::size_t each);

  std::string_view rest_;
  std::size_t decoded_left_;
};

// Where the bytes of an answer go. Not thread-safe.
class ReplySink {
 public:
  virtual ~ReplySink() = default;
  // All of `bytes`, or a failure. Waits while the client does not take them.
  virtual absl::Status Write(std::string_view bytes) = 0;
};

// Writes an answer. What has grown to a piece goes to the sink, so that an answer of any size takes little memory. Once
// the sink has failed nothing more is written; see status(). Not thread-safe; outlived by the sink.
class ReplyWriter final
    : public apache::thrift::protocol::TVirtualProtocol<ReplyWriter, apache::thrift::protocol::TProtocolDefaults> {
 public:
  explicit ReplyWriter(ReplySink* sink);

  uint32_t writeMessageBegin(const std::string& name, apache::thrift::protocol::TMessageType type, int32_t sequence_id);
  uint32_t writeMessageEnd() { return 0; }
  uint32_t writeStructBegin(const char*) { return 0; }
  uint32_t writeStructEnd() { return 0; }
  uint32_t writeFieldBegin(const char* name, TType type, int16_t id);
  uint32_t writeFieldEnd() { return 0; }
  uint32_t writeFieldStop();
  uint32_t writeMapBegin(TType key, TType value, uint32_t size);
  uint32_t writeMapEnd() { return 0; }
  uint32_t writeListBegin(TType element, uint32_t size);
  uint32_t writeListEnd() { return 0; }
  uint32_t writeSetBegin(TType element, uint32_t size) { return writeListBegin(element, size); }
  uint32_t writeSetEnd() { return 0; }
  uint32_t writeBool(bool value);
  uint32_t writeByte(int8_t value);
  uint32_t writeI16(int16_t value);
  uint32_t writeI32(int32_t value);
  uint32_t writeI64(int64_t value);
  uint32_t writeDouble(double value);
  uint32_t writeString(const std::string& value) { return WriteText(value); }
  uint32_t writeBinary(const std::string& value) { return WriteText(value); }
  uint32_t WriteText(std::string_view value);
  // Bytes that are a value in this protocol already.
  uint32_t WriteEncoded(std::string_view value);

  // From here on everything stays in memory, until Release(): as long as something before it may change, or be taken
  // back. Where what comes next will stand is returned.
  std::size_t Hold();
  void Release();
  // REQUIRES, of both: held since then. The four bytes at `place` become `value`; everything from `place` on is gone.
  void PatchI32(std::size_t place, int32_t value);
  void TakeBack(std::size_t place);

  // Sends what is left.
  absl::Status Finish();
  // Whether something has gone to the sink: it can't be taken back any more.
  bool began_to_send() const { return sent_ > 0; }
  std::size_t bytes() const { return sent_ + buffer_.size(); }
  const absl::Status& status() const { return status_; }

 private:
  uint32_t WriteNumber(uint64_t value, int bytes);
  void SendPieces();

  ReplySink* const sink_;
  std::string buffer_;
  std::size_t sent_ = 0;
  bool held_ = false;
  absl::Status status_;
};

}  // namespace lodestone::hive
