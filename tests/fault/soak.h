// How long the tests of this folder go on, and from which seed.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace lodestone::testing {

// How many times longer than by default: LODESTONE_SOAK_FACTOR.
inline int SoakFactor() {
  const char* factor = std::getenv("LODESTONE_SOAK_FACTOR");
  const int value = factor == nullptr ? 1 : std::atoi(factor);
  return value < 1 ? 1 : value;
}
// LODESTONE_SEED replays a failure.
inline uint64_t SeedOr(uint64_t seed) {
  const char* given = std::getenv("LODESTONE_SEED");
  return given == nullptr ? seed : std::strtoull(given, nullptr, 10);
}

}  // namespace lodestone::testing
