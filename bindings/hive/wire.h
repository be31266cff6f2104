// Between the bytes of a call and a plain C++ function. A handler of a call is one of
//   absl::StatusOr<Result> F(Connection&, Arguments...)
//   absl::Status F(Connection&, Arguments...)                     the call has no result
//   absl::Status F(Connection&, Answer<Result>&, Arguments...)    writes its result by itself, as it comes
// The n-th argument is the field n of the call; one that is absent has its default: what its type makes of {}, and what
// Or<> names. As std::optional it tells absent from empty. Fields that nobody expects, or of another type, are skipped.
#pragma once

#include <concepts>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bindings/hive/exceptions.h"
#include "bindings/hive/protocol.h"

namespace lodestone::hive {

class Connection;

// An argument with a default.
template <typename T, T kDefault>
struct Or {
  T value = kDefault;
  operator T() const { return value; }  // NOLINT(google-explicit-constructor): it stands for its value
};

namespace internal {

template <typename T>
struct IsVector : std::false_type {};
template <typename T>
struct IsVector<std::vector<T>> : std::true_type {};
template <typename T>
struct IsSet : std::false_type {};
template <typename T>
struct IsSet<std::set<T>> : std::true_type {};
template <typename T>
struct IsMap : std::false_type {};
template <typename K, typename V>
struct IsMap<std::map<K, V>> : std::true_type {};
// Arguments that are more than their value.
template <typename T>
struct Plain {
  using Type = T;
};
template <typename T>
struct Plain<std::optional<T>> {
  using Type = T;
};
template <typename T, T kDefault>
struct Plain<Or<T, kDefault>> {
  using Type = T;
};

// Has the readers and writers of a generated struct.
template <typename T>
concept Struct = requires(T value, const T constant, apache::thrift::protocol::TProtocol* protocol) {
  value.read(protocol);
  constant.write(protocol);
};

}  // namespace internal

template <typename T>
constexpr TType TypeOf() {
  using namespace apache::thrift::protocol;  // NOLINT: the numbers of types
  if constexpr (std::is_same_v<T, bool>) return T_BOOL;
  if constexpr (std::is_same_v<T, int8_t>) return T_BYTE;
  if constexpr (std::is_same_v<T, int16_t>) return T_I16;
  if constexpr (std::is_same_v<T, int32_t> || std::is_enum_v<T>) return T_I32;
  if constexpr (std::is_same_v<T, int64_t>) return T_I64;
  if constexpr (std::is_same_v<T, double>) return T_DOUBLE;
  if constexpr (std::is_same_v<T, std::string>) return T_STRING;
  if constexpr (internal::IsVector<T>::value) return T_LIST;
  if constexpr (internal::IsSet<T>::value) return T_SET;
  if constexpr (internal::IsMap<T>::value) return T_MAP;
  if constexpr (internal::Struct<T>) return T_STRUCT;
}

// Throws as BodyReader does.
template <typename T>
void ReadValue(BodyReader& reader, T* value);

template <typename T>
T ReadNew(BodyReader& reader) {
  T value{};
  ReadValue(reader, &value);
  return value;
}

inline void ExpectType(TType expected, TType found, uint32_t size) {
  if (size > 0 && expected != found) {
    throw apache::thrift::protocol::TProtocolException(apache::thrift::protocol::TProtocolException::INVALID_DATA,
                                                       "elements of another type than expected");
  }
}

template <typename T>
void ReadValue(BodyReader& reader, T* value) {
  uint32_t size = 0;
  TType type{};
  if constexpr (std::is_same_v<T, bool>) {
    reader.readBool(*value);
  } else if constexpr (std::is_same_v<T, int8_t>) {
    reader.readByte(*value);
  } else if constexpr (std::is_same_v<T, int16_t>) {
    reader.readI16(*value);
  } else if constexpr (std::is_same_v<T, int32_t>) {
    reader.readI32(*value);
  } else if constexpr (std::is_enum_v<T>) {
    // It may be any number, which C++ lets be kept but not looked at as an enumerator (see NumberOf in convert).
    const auto number = ReadNew<int32_t>(reader);
    static_assert(sizeof(number) == sizeof(*value));
    std::memcpy(value, &number, sizeof(number));
  } else if constexpr (std::is_same_v<T, int64_t>) {
    reader.readI64(*value);
  } else if constexpr (std::is_same_v<T, double>) {
    reader.readDouble(*value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    reader.readString(*value);
  } else if constexpr (internal::IsVector<T>::value) {
    reader.readListBegin(type, size);
    ExpectType(TypeOf<typename T::value_type>(), type, size);
    value->clear();
    value->reserve(size);
    for (uint32_t i = 0; i < size; ++i) value->push_back(ReadNew<typename T::value_type>(reader));
  } else if constexpr (internal::IsSet<T>::value) {
    reader.readSetBegin(type, size);
    ExpectType(TypeOf<typename T::value_type>(), type, size);
    value->clear();
    for (uint32_t i = 0; i < size; ++i) value->insert(ReadNew<typename T::value_type>(reader));
  } else if constexpr (internal::IsMap<T>::value) {
    TType value_type{};
    reader.readMapBegin(type, value_type, size);
    ExpectType(TypeOf<typename T::key_type>(), type, size);
    ExpectType(TypeOf<typename T::mapped_type>(), value_type, size);
    value->clear();
    for (uint32_t i = 0; i < size; ++i) {
      auto key = ReadNew<typename T::key_type>(reader);
      (*value)[std::move(key)] = ReadNew<typename T::mapped_type>(reader);
    }
  } else {
    static_assert(internal::Struct<T>, "a type that the protocol does not have");
    value->read(&reader);
  }
}

template <typename T>
void WriteValue(ReplyWriter& writer, const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    writer.writeBool(value);
  } else if constexpr (std::is_same_v<T, int8_t>) {
    writer.writeByte(value);
  } else if constexpr (std::is_same_v<T, int16_t>) {
    writer.writeI16(value);
  } else if constexpr (std::is_same_v<T, int32_t>) {
    writer.writeI32(value);
  } else if constexpr (std::is_enum_v<T>) {
    writer.writeI32(static_cast<int32_t>(value));
  } else if constexpr (std::is_same_v<T, int64_t>) {
    writer.writeI64(value);
  } else if constexpr (std::is_same_v<T, double>) {
    writer.writeDouble(value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    writer.WriteText(value);
  } else if constexpr (internal::IsVector<T>::value || internal::IsSet<T>::value) {
    writer.writeListBegin(TypeOf<typename T::value_type>(), static_cast<uint32_t>(value.size()));
    for (const auto& one : value) WriteValue<typename T::value_type>(writer, one);
  } else if constexpr (internal::IsMap<T>::value) {
    writer.writeMapBegin(TypeOf<typename T::key_type>(), TypeOf<typename T::mapped_type>(),
                         static_cast<uint32_t>(value.size()));
    for (const auto& [key, one] : value) {
      WriteValue(writer, key);
      WriteValue(writer, one);
    }
  } else {
    static_assert(internal::Struct<T>, "a type that the protocol does not have");
    value.write(&writer);
  }
}

// The answer to one message: a result, one of the call's exceptions, or a TApplicationException. Not thread-safe.
class Reply {
 public:
  Reply(std::string_view name, int32_t sequence_id, ReplySink* sink)
      : name_(name), sequence_id_(sequence_id), writer_(sink) {}

  // The head of an answer whose result is of this type, up to where its value stands.
  void BeginResult(TType type);
  // The end, behind the value.
  void EndResult() { writer_.writeFieldStop(); }
  // All of the answer of a call without a result.
  void EmptyResult();
  // All of an answer. What was written so far is taken back.
  // REQUIRES: !writer().began_to_send()
  void Exception(int16_t field, std::string_view message);
  void ApplicationException(int type, std::string_view message);

  ReplyWriter& writer() { return writer_; }

 private:
  void Begin(bool is_exception);

  const std::string name_;
  const int32_t sequence_id_;
  ReplyWriter writer_;
};

// For handlers that write their result by themselves. The head is written with the first use of writer(). A handler may
// fail as long as little was written (64 KiB): that is taken back. After that a failure ends the connection, as the
// client can be told in no other way: what can be checked, check before. Not thread-safe.
template <typename Result>
class Answer {
 public:
  explicit Answer(Reply* reply) : reply_(reply) {}
  // Where the result's value is to be written, all of it and nothing else. A handler with a long way to go looks at its
  // status() now and then: once the client has gone, nothing more is written.
  ReplyWriter& writer() {
    if (!began_) reply_->BeginResult(TypeOf<Result>());
    began_ = true;
    return reply_->writer();
  }
  bool began() const { return began_; }

 private:
  Reply* const reply_;
  bool began_ = false;
};

namespace internal {

template <typename... Args>
void ReadArguments(BodyReader& reader, std::tuple<Args...>* arguments) {
  std::string name;
  TType type{};
  int16_t id = 0;
  const auto read_one = [&]<typename T>(int16_t own_id, T* argument) {
    if (id != own_id || type != TypeOf<typename Plain<T>::Type>()) return false;
    if constexpr (std::is_same_v<T, typename Plain<T>::Type>) {
      ReadValue(reader, argument);
    } else if constexpr (requires { argument->emplace(); }) {
      ReadValue(reader, &argument->emplace());
    } else {
      ReadValue(reader, &argument->value);
    }
    return true;
  };
  while (true) {
    reader.readFieldBegin(name, type, id);
    if (type == apache::thrift::protocol::T_STOP) return;
    const bool taken = std::apply(
        [&](auto&... each) {
          int16_t own_id = 0;
          return (read_one(++own_id, &each) || ...);
        },
        *arguments);
    if (!taken) reader.skip(type);
  }
}

template <typename Result>
void WriteResult(Reply* reply, const Result& result) {
  reply->BeginResult(TypeOf<Result>());
  WriteValue(reply->writer(), result);
  reply->EndResult();
}

// Takes a handler's type apart.
template <typename F>
struct HandlerOf;

template <typename Result, typename... Args>
struct HandlerOf<absl::StatusOr<Result> (*)(Connection&, Args...)> {
  using ResultType = Result;
  using Arguments = std::tuple<std::remove_cvref_t<Args>...>;
  template <typename F>
  static absl::Status Run(F handler, Connection& connection, BodyReader& reader, Reply* reply) {
    Arguments arguments;
    ReadArguments(reader, &arguments);
    absl::StatusOr<Result> result =
        std::apply([&](auto&... each) { return handler(connection, std::move(each)...); }, arguments);
    if (result.ok()) WriteResult(reply, *result);
    return std::move(result).status();
  }
};

template <typename... Args>
struct HandlerOf<absl::Status (*)(Connection&, Args...)> {
  using ResultType = void;
  using Arguments = std::tuple<std::remove_cvref_t<Args>...>;
  template <typename F>
  static absl::Status Run(F handler, Connection& connection, BodyReader& reader, Reply* reply) {
    Arguments arguments;
    ReadArguments(reader, &arguments);
    const absl::Status status =
        std::apply([&](auto&... each) { return handler(connection, std::move(each)...); }, arguments);
    if (status.ok()) reply->EmptyResult();
    return status;
  }
};

template <typename Result, typename... Args>
struct HandlerOf<absl::Status (*)(Connection&, Answer<Result>&, Args...)> {
  using ResultType = Result;
  using Arguments = std::tuple<std::remove_cvref_t<Args>...>;
  template <typename F>
  static absl::Status Run(F handler, Connection& connection, BodyReader& reader, Reply* reply) {
    Arguments arguments;
    ReadArguments(reader, &arguments);
    Answer<Result> answer(reply);
    const absl::Status status =
        std::apply([&](auto&... each) { return handler(connection, answer, std::move(each)...); }, arguments);
    if (!status.ok()) return status;
    if (!answer.began()) return absl::InternalError("a call without its result");
    reply->EndResult();
    return absl::OkStatus();
  }
};

}  // namespace internal

}  // namespace lodestone::hive
