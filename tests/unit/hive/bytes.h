// Thrift messages, made byte by byte: for tests of what reads them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "bindings/hive/message_reader.h"

namespace lodestone::hive::testing {

// Appends values as the binary protocol has them.
class Bytes {
 public:
  Bytes& Byte(int value) {
    bytes_.push_back(static_cast<char>(value));
    return *this;
  }
  Bytes& I16(int value) { return Byte(value >> 8).Byte(value); }
  Bytes& I32(int64_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) Byte(static_cast<int>(value >> shift));
    return *this;
  }
  Bytes& I64(int64_t value) { return I32(value >> 32).I32(value); }
  Bytes& Text(std::string_view text) {
    I32(static_cast<int64_t>(text.size()));
    return Raw(text);
  }
  Bytes& Raw(std::string_view text) {
    bytes_.append(text);
    return *this;
  }
  Bytes& Field(WireType type, int id) { return Byte(static_cast<int>(type)).I16(id); }
  Bytes& TextField(int id, std::string_view text) { return Field(WireType::kString, id).Text(text); }
  Bytes& List(WireType type, int64_t count) { return Byte(static_cast<int>(type)).I32(count); }
  Bytes& Stop() { return Byte(0); }
  // The header of a call, with a version.
  Bytes& Call(std::string_view name, int32_t sequence_id, MessageType type = MessageType::kCall) {
    return I32(0x8001'0000 | static_cast<int64_t>(type)).Text(name).I32(sequence_id);
  }
  const std::string& str() const { return bytes_; }

 private:
  std::string bytes_;
};

// Gives `bytes` in pieces, then ends.
class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string_view bytes, std::size_t piece = 1 << 20) : bytes_(bytes), piece_(piece) {}
  absl::StatusOr<std::size_t> Read(char* buffer, std::size_t size) override {
    const std::size_t count = std::min({size, piece_, bytes_.size()});
    std::memcpy(buffer, bytes_.data(), count);
    bytes_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view bytes_;
  const std::size_t piece_;
};

}  // namespace lodestone::hive::testing
