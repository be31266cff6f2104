// Takes bytes apart from the front, never reading past their end: what all codecs of pages parse with.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

namespace lodestone::record {

// A view: the bytes outlive it. Not thread-safe.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  // A little-endian number; false when fewer bytes are left than it has.
  template <typename T>
  bool Read(T* value) {
    if (remaining() < sizeof(T)) return false;
    std::memcpy(value, at_, sizeof(T));
    at_ += sizeof(T);
    return true;
  }
  // The next `count` bytes in place; false when fewer are left.
  bool Take(std::size_t count, const char** bytes) {
    if (remaining() < count) return false;
    *bytes = at_;
    at_ += count;
    return true;
  }
  std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }
  std::string_view rest() const { return std::string_view(at_, remaining()); }

 private:
  const char* at_;
  const char* end_;
};

}  // namespace lodestone::record
