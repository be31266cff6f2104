// A client of the server that sends what a test says, byte for byte, and reads answers with Thrift's own protocol.
#pragma once

#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TSocket.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/hive/bytes.h"

namespace lodestone::hive::testing {

// The first field of an answer, as far as it is simple.
struct Answer {
  bool ended = false;  // there was none: the connection is at its end
  std::string name;
  int type = 0;  // 2: a result or a declared exception, 3: a TApplicationException
  int32_t sequence_id = 0;
  int field = -1;                  // -1: none, as of calls without a result
  std::vector<std::string> texts;  // a text, the texts of a list, or the message of an exception
  int64_t number = 0;              // a number, or the type of a TApplicationException

  std::string text() const { return texts.empty() ? "" : texts[0]; }
};

class Client {
 public:
  explicit Client(uint16_t port)
      : socket_(std::make_shared<apache::thrift::transport::TSocket>("127.0.0.1", port)),
        buffered_(std::make_shared<apache::thrift::transport::TBufferedTransport>(socket_)),
        protocol_(buffered_) {
    socket_->setConnTimeout(20'000);
    socket_->setRecvTimeout(20'000);
    socket_->setSendTimeout(20'000);
    socket_->open();
  }

  void Send(std::string_view bytes) {
    socket_->write(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<uint32_t>(bytes.size()));
  }
  Answer Call(const Bytes& bytes) {
    Send(bytes.str());
    return Read();
  }
  Answer Read() {
    using namespace apache::thrift::protocol;  // NOLINT: the numbers of types
    Answer answer;
    try {
      TMessageType type{};
      protocol_.readMessageBegin(answer.name, type, answer.sequence_id);
      answer.type = type;
      ReadStruct(&answer, type == T_EXCEPTION);
    } catch (const apache::thrift::TException&) {
      answer.ended = true;
    }
    return answer;
  }
  // As many bytes as these, or less at the end.
  std::string ReadBytes(std::size_t size) {
    std::string bytes(size, '\0');
    try {
      socket_->readAll(reinterpret_cast<uint8_t*>(bytes.data()), static_cast<uint32_t>(size));
    } catch (const apache::thrift::TException&) {
      return {};
    }
    return bytes;
  }
  void Close() { socket_->close(); }

 private:
  void ReadStruct(Answer* answer, bool is_application_exception) {
    using namespace apache::thrift::protocol;  // NOLINT: the numbers of types
    std::string name;
    TType type{};
    int16_t id = 0;
    while (true) {
      protocol_.readFieldBegin(name, type, id);
      if (type == T_STOP) return;
      if (answer->field < 0 || !is_application_exception) answer->field = id;
      ReadOne(type, answer);
    }
  }
  void ReadOne(apache::thrift::protocol::TType type, Answer* answer) {
    using namespace apache::thrift::protocol;  // NOLINT: the numbers of types
    int32_t i32 = 0;
    bool boolean = false;
    switch (type) {
      case T_STRING:
        protocol_.readString(answer->texts.emplace_back());
        return;
      case T_I32:
        protocol_.readI32(i32);
        answer->number = i32;
        return;
      case T_I64:
        protocol_.readI64(answer->number);
        return;
      case T_BOOL:
        protocol_.readBool(boolean);
        answer->number = boolean ? 1 : 0;
        return;
      case T_STRUCT: {
        Answer inner;
        inner.field = 0;
        ReadStruct(&inner, true);
        answer->texts = inner.texts;
        return;
      }
      case T_LIST: {
        TType element{};
        uint32_t size = 0;
        protocol_.readListBegin(element, size);
        for (uint32_t i = 0; i < size; ++i) ReadOne(element, answer);
        return;
      }
      default:
        protocol_.skip(type);
    }
  }

  const std::shared_ptr<apache::thrift::transport::TSocket> socket_;
  const std::shared_ptr<apache::thrift::transport::TBufferedTransport> buffered_;
  apache::thrift::protocol::TBinaryProtocol protocol_;
};

}  // namespace lodestone::hive::testing
