#include "bindings/hive/protocol.h"

#include <thrift/transport/TTransportUtils.h>

#include <bit>
#include <cstring>

#include "bindings/hive/message_reader.h"

namespace lodestone::hive {
namespace {

using apache::thrift::protocol::TMessageType;
using apache::thrift::protocol::TProtocolException;

constexpr uint32_t kVersion1 = 0x8001'0000;
constexpr std::size_t kPiece = std::size_t{64} << 10;
// Messages were held against MessageLimits::depth; skipping counts a level more.
constexpr uint32_t kDepth = 256;

// Protocols want a transport, although these never use one.
const std::shared_ptr<apache::thrift::transport::TTransport>& NoTransport() {
  static const auto& kNone =
      *new std::shared_ptr<apache::thrift::transport::TTransport>(new apache::thrift::transport::TNullTransport());
  return kNone;
}

[[noreturn]] void Broken(const char* what) { throw TProtocolException(TProtocolException::INVALID_DATA, what); }

}  // namespace

BodyReader::BodyReader(std::string_view body, std::size_t decoded_bytes)
    : TVirtualProtocol(NoTransport()), rest_(body), decoded_left_(decoded_bytes) {
  setRecurisionLimit(kDepth);
}

std::string_view BodyReader::Take(std::size_t bytes) {
  if (bytes > rest_.size()) Broken("the arguments end too early");
  const std::string_view taken = rest_.substr(0, bytes);
  rest_.remove_prefix(bytes);
  return taken;
}

uint64_t BodyReader::TakeNumber(std::size_t bytes) {
  uint64_t value = 0;
  for (const char c : Take(bytes)) value = (value << 8) | static_cast<unsigned char>(c);
  return value;
}

TType BodyReader::TakeType() {
  const uint64_t number = TakeNumber(1);
  // Elements that are read as another type than they are may have anything in the place of a type.
  if (number > apache::thrift::protocol::T_LIST) Broken("no type of the protocol");
  return static_cast<TType>(number);
}

uint32_t BodyReader::TakeCount(std::size_t least, std::size_t each) {
  const std::size_t count = TakeNumber(4);
  if (count > 0x7fff'ffff || count * least > rest_.size()) Broken("a length beyond the end of the arguments");
  if (count * each > decoded_left_) {
    throw TProtocolException(TProtocolException::SIZE_LIMIT, "decoded, the arguments would take too much memory");
  }
  decoded_left_ -= count * each;
  return static_cast<uint32_t>(count);
}

uint32_t BodyReader::readFieldBegin(std::string&, TType& type, int16_t& id) {
  type = TakeType();
  id = type == apache::thrift::protocol::T_STOP ? int16_t{0} : static_cast<int16_t>(TakeNumber(2));
  return 0;
}

uint32_t BodyReader::readMapBegin(TType& key, TType& value, uint32_t& size) {
  key = TakeType();
  value = TakeType();
  size = TakeCount(2, kEntryBytes);
  return 0;
}

uint32_t BodyReader::readListBegin(TType& element, uint32_t& size) {
  element = TakeType();
  size = TakeCount(1, kElementBytes);
  return 0;
}

uint32_t BodyReader::readSetBegin(TType& element, uint32_t& size) {
  element = TakeType();
  size = TakeCount(1, kEntryBytes);
  return 0;
}

uint32_t BodyReader::readBool(bool& value) {
  value = TakeNumber(1) != 0;
  return 1;
}

uint32_t BodyReader::readByte(int8_t& value) {
  value = static_cast<int8_t>(TakeNumber(1));
  return 1;
}

uint32_t BodyReader::readI16(int16_t& value) {
  value = static_cast<int16_t>(TakeNumber(2));
  return 2;
}

uint32_t BodyReader::readI32(int32_t& value) {
  value = static_cast<int32_t>(TakeNumber(4));
  return 4;
}

uint32_t BodyReader::readI64(int64_t& value) {
  value = static_cast<int64_t>(TakeNumber(8));
  return 8;
}

uint32_t BodyReader::readDouble(double& value) {
  value = std::bit_cast<double>(TakeNumber(8));
  return 8;
}

uint32_t BodyReader::readString(std::string& value) {
  value.assign(Take(TakeCount(1, 1)));
  return 0;
}

ReplyWriter::ReplyWriter(ReplySink* sink) : TVirtualProtocol(NoTransport()), sink_(sink) { setRecurisionLimit(kDepth); }

uint32_t ReplyWriter::writeMessageBegin(const std::string& name, TMessageType type, int32_t sequence_id) {
  WriteNumber(kVersion1 | static_cast<uint32_t>(type), 4);
  WriteText(name);
  return WriteNumber(static_cast<uint32_t>(sequence_id), 4);
}

uint32_t ReplyWriter::writeFieldBegin(const char*, TType type, int16_t id) {
  WriteNumber(static_cast<uint64_t>(type), 1);
  return WriteNumber(static_cast<uint16_t>(id), 2);
}

uint32_t ReplyWriter::writeFieldStop() { return WriteNumber(0, 1); }

uint32_t ReplyWriter::writeMapBegin(TType key, TType value, uint32_t size) {
  WriteNumber(static_cast<uint64_t>(key), 1);
  WriteNumber(static_cast<uint64_t>(value), 1);
  return WriteNumber(size, 4);
}

uint32_t ReplyWriter::writeListBegin(TType element, uint32_t size) {
  WriteNumber(static_cast<uint64_t>(element), 1);
  return WriteNumber(size, 4);
}

uint32_t ReplyWriter::writeBool(bool value) { return WriteNumber(value ? 1 : 0, 1); }
uint32_t ReplyWriter::writeByte(int8_t value) { return WriteNumber(static_cast<uint8_t>(value), 1); }
uint32_t ReplyWriter::writeI16(int16_t value) { return WriteNumber(static_cast<uint16_t>(value), 2); }
uint32_t ReplyWriter::writeI32(int32_t value) { return WriteNumber(static_cast<uint32_t>(value), 4); }
uint32_t ReplyWriter::writeI64(int64_t value) { return WriteNumber(static_cast<uint64_t>(value), 8); }
uint32_t ReplyWriter::writeDouble(double value) { return WriteNumber(std::bit_cast<uint64_t>(value), 8); }

uint32_t ReplyWriter::WriteText(std::string_view value) {
  WriteNumber(value.size(), 4);
  buffer_.append(value);
  SendPieces();
  return 0;
}

uint32_t ReplyWriter::WriteEncoded(std::string_view value) {
  buffer_.append(value);
  SendPieces();
  return 0;
}

uint32_t ReplyWriter::WriteNumber(uint64_t value, int bytes) {
  char digits[8];
  for (int i = bytes; i-- > 0; value >>= 8) digits[i] = static_cast<char>(value & 0xff);
  buffer_.append(digits, static_cast<std::size_t>(bytes));
  return 0;
}

std::size_t ReplyWriter::Hold() {
  held_ = true;
  return buffer_.size();
}

void ReplyWriter::Release() {
  held_ = false;
  SendPieces();
}

void ReplyWriter::PatchI32(std::size_t place, int32_t value) {
  auto bits = static_cast<uint32_t>(value);
  for (std::size_t i = 4; i-- > 0; bits >>= 8) buffer_[place + i] = static_cast<char>(bits & 0xff);
}

void ReplyWriter::TakeBack(std::size_t place) { buffer_.resize(place); }

void ReplyWriter::SendPieces() {
  if (!held_ && buffer_.size() >= kPiece) Finish().IgnoreError();  // kept in status_
}

absl::Status ReplyWriter::Finish() {
  if (status_.ok() && !buffer_.empty()) {
    sent_ += buffer_.size();
    status_ = sink_->Write(buffer_);
  }
  buffer_.clear();
  return status_;
}

}  // namespace lodestone::hive
