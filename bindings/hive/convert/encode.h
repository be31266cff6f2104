// The binary protocol, as far as partitions need it: numbers have the highest byte first. Private to this folder.
#pragma once

#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TEnum.h>
#include <thrift/transport/TBufferTransports.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace lodestone::hive::encode {

template <typename Integer>
void Number(Integer value, std::string* out) {
  auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
  char bytes[sizeof(bits)];
  for (std::size_t i = sizeof(bits); i-- > 0;) {
    bytes[i] = static_cast<char>(bits & 0xff);
    // Not by 8 for a single byte.
    bits = static_cast<decltype(bits)>(bits >> 4 >> 4);
  }
  out->append(bytes, sizeof(bits));
}

inline void Size(std::size_t size, std::string* out) { Number(static_cast<int32_t>(size), out); }

inline void Text(std::string_view text, std::string* out) {
  Size(text.size(), out);
  out->append(text);
}

inline void Type(apache::thrift::protocol::TType type, std::string* out) { out->push_back(static_cast<char>(type)); }

// What begins a field.
inline void Field(apache::thrift::protocol::TType type, int16_t id, std::string* out) {
  Type(type, out);
  Number(id, out);
}
inline void Stop(std::string* out) { Type(apache::thrift::protocol::T_STOP, out); }

inline void TextField(int16_t id, std::string_view text, std::string* out) {
  Field(apache::thrift::protocol::T_STRING, id, out);
  Text(text, out);
}
inline void I32Field(int16_t id, int32_t value, std::string* out) {
  Field(apache::thrift::protocol::T_I32, id, out);
  Number(value, out);
}

// What `write` writes to a protocol.
template <typename Write>
std::string Written(const Write& write) {
  const auto buffer = std::make_shared<apache::thrift::transport::TMemoryBuffer>();
  apache::thrift::protocol::TBinaryProtocol protocol(buffer);
  write(&protocol);
  return buffer->getBufferAsString();
}

}  // namespace lodestone::hive::encode
