// A client of the Hive Metastore's protocol: calls by their names, decoded into the generated types. What a server
// sends is read within limits, as what clients send is (message_reader.h).
#pragma once

#include <thrift/Thrift.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bindings/hive/exceptions.h"
#include "bindings/hive/message_reader.h"
#include "bindings/hive/protocol.h"
#include "bindings/hive/wire.h"

namespace lodestone::hive {

// Both ways of one connection. Not thread-safe.
class Wire : public ByteSource, public ReplySink {};

struct ClientOptions {
  std::string host;
  uint16_t port = 9083;
  int64_t connect_ms = 10'000;
  int64_t wait_ms = 600'000;  // for the next bytes of an answer: some calls take a server minutes
  // Who calls: said by set_ugi, or proven by SASL PLAIN where there is a password.
  std::string user{};
  std::optional<std::string> password{};
  // PEM file with the certificates that the server's must come from, for its host name. Empty: no TLS.
  std::string tls_ca{};
};
// `HOST:PORT`, `HOST`, `[::1]:9083`, each also behind `thrift://`, into host and port. InvalidArgument for all else.
absl::Status ParseAddress(std::string_view text, ClientOptions* options);

// REQUIRES, for TLS: the process ignores SIGPIPE, as OpenSSL raises it where the server goes away.
// Unavailable: nobody there, or the TLS handshake failed. Unauthenticated: refused by SASL. InvalidArgument: tls_ca.
absl::StatusOr<std::unique_ptr<Wire>> Dial(const ClientOptions& options);

// What an answer may take. Names of partitions are the one thing that comes by the million.
inline constexpr MessageLimits kAnswerLimits = {
    .message_bytes = std::size_t{512} << 20, .decoded_bytes = std::size_t{4} << 30, .depth = 64, .name_bytes = 256};
inline constexpr MessageLimits kNamesLimits = {
    .message_bytes = std::size_t{1} << 30, .decoded_bytes = std::size_t{20} << 30, .depth = 64, .name_bytes = 256};

// One call at a time. Not thread-safe. Calls fail with
//   what Throw() makes   a declared exception: its kind, and its text after the name of the call
//   Unimplemented        the server has no such call
//   Unknown              it failed there in some other way
//   Unavailable          the connection broke, or took too long, or what came is no answer; from then on every call
//   ResourceExhausted    the answer is beyond the limits; the same
class Client {
 public:
  explicit Client(std::unique_ptr<Wire> wire);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // The n-th argument is the field n of the call; std::nullopt is left out. `throws` are the exceptions that the call
  // declares. Result void: the call has none, and returns an absl::Status.
  template <typename Result, typename... Args>
  auto Call(std::string_view name, const Throws& throws, const Args&... args) {
    return CallWithin<Result>(kAnswerLimits, name, throws, args...);
  }
  template <typename Result, typename... Args>
  std::conditional_t<std::is_void_v<Result>, absl::Status, absl::StatusOr<Result>> CallWithin(
      const MessageLimits& limits, std::string_view name, const Throws& throws, const Args&... args);

 private:
  absl::StatusOr<Message> Exchange(const MessageLimits& limits, std::string_view name,
                                   absl::FunctionRef<void(ReplyWriter&)> write_arguments);
  absl::Status Send(std::string_view name, absl::FunctionRef<void(ReplyWriter&)> write_arguments);
  // The struct of an answer: `read_result` reads the field 0.
  absl::Status ReadAnswer(const Message& message, const MessageLimits& limits, const Throws& throws, TType result,
                          absl::FunctionRef<void(BodyReader&)> read_result);
  // Nothing can be said over the connection any more.
  absl::Status Break(const absl::Status& why);

  const std::unique_ptr<Wire> wire_;
  MessageReader reader_;
  int32_t sequence_id_ = 0;
  absl::Status broken_;
};

// Dials, and says who calls.
absl::StatusOr<std::unique_ptr<Client>> Connect(const ClientOptions& options);

// ---- Implementation ----
namespace internal {
template <typename T>
void WriteArgument(ReplyWriter& writer, int16_t id, const T& value) {
  writer.writeFieldBegin("", TypeOf<T>(), id);
  WriteValue(writer, value);
}
template <typename T>
void WriteArgument(ReplyWriter& writer, int16_t id, const std::optional<T>& value) {
  if (value) WriteArgument(writer, id, *value);
}
}  // namespace internal

template <typename Result, typename... Args>
std::conditional_t<std::is_void_v<Result>, absl::Status, absl::StatusOr<Result>> Client::CallWithin(
    const MessageLimits& limits, std::string_view name, const Throws& throws, const Args&... args) {
  const absl::StatusOr<Message> answer = Exchange(limits, name, [&](ReplyWriter& writer) {
    int16_t id = 0;
    (internal::WriteArgument(writer, ++id, args), ...);
    writer.writeFieldStop();
  });
  if (!answer.ok()) return answer.status();
  if constexpr (std::is_void_v<Result>) {
    return ReadAnswer(*answer, limits, throws, TType::T_VOID, [](BodyReader&) {});
  } else {
    Result result{};
    absl::Status status =
        ReadAnswer(*answer, limits, throws, TypeOf<Result>(), [&](BodyReader& reader) { ReadValue(reader, &result); });
    if (!status.ok()) return status;
    return result;
  }
}

}  // namespace lodestone::hive
