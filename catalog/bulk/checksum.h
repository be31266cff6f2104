// A checksum of our own, for files that live no longer than a load: 64 bits, eight bytes a step.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace lodestone::bulk {

// Every step is a bijection of the state for given bytes, so that two inputs that differ within one word of eight bytes
// never agree; others agree once in 2^64.
inline uint64_t Checksum(std::string_view bytes) {
  constexpr uint64_t kFactor = 0x9FB21C651E98DF25;
  uint64_t state = bytes.size() * kFactor;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) {
    uint64_t word;
    std::memcpy(&word, at, 8);
    state = (state ^ word) * kFactor;
    state ^= state >> 29;
  }
  uint64_t word = 0;
  if (left > 0) std::memcpy(&word, at, left);
  state = (state ^ word) * kFactor;
  return state ^ (state >> 32);
}

}  // namespace lodestone::bulk
