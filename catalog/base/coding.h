// Numbers as bytes. Big-endian where bytes must sort as the numbers do (keys), little-endian in values.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace lodestone::base {

static_assert(std::endian::native == std::endian::little, "page codecs read little-endian numbers in place");

inline void AppendBigEndian64(std::string* out, uint64_t v) {
  char bytes[8];
  const uint64_t swapped = __builtin_bswap64(v);
  std::memcpy(bytes, &swapped, 8);
  out->append(bytes, 8);
}
inline void AppendBigEndian32(std::string* out, uint32_t v) {
  char bytes[4];
  const uint32_t swapped = __builtin_bswap32(v);
  std::memcpy(bytes, &swapped, 4);
  out->append(bytes, 4);
}
// REQUIRES: 8 (4) readable bytes at `p`.
inline uint64_t ReadBigEndian64(const char* p) {
  uint64_t v;
  std::memcpy(&v, p, 8);
  return __builtin_bswap64(v);
}
inline uint32_t ReadBigEndian32(const char* p) {
  uint32_t v;
  std::memcpy(&v, p, 4);
  return __builtin_bswap32(v);
}

// Little-endian numbers at any alignment. REQUIRES: sizeof(T) readable (writable) bytes at `p`.
template <typename T>
T ReadLittleEndian(const char* p) {
  T v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
template <typename T>
void AppendLittleEndian(std::string* out, T v) {
  char bytes[sizeof v];
  std::memcpy(bytes, &v, sizeof v);
  out->append(bytes, sizeof v);
}

}  // namespace lodestone::base
