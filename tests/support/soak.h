// How long the random tests go on, and from which seed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace lodestone::testing {

// `count` cases by default, at least one. LODESTONE_SOAK_FACTOR multiplies: 50 in scripts/soak; a fraction where builds
// are slow, as with sanitizers.
inline int Soaked(int count) {
  const char* factor = std::getenv("LODESTONE_SOAK_FACTOR");
  const double value = factor == nullptr ? 1 : std::atof(factor);
  return std::max(1, static_cast<int>(count * (value <= 0 ? 1 : value)));
}
// LODESTONE_SEED replays a failure.
inline uint64_t SeedOr(uint64_t seed) {
  const char* given = std::getenv("LODESTONE_SEED");
  return given == nullptr ? seed : std::strtoull(given, nullptr, 10);
}

}  // namespace lodestone::testing
