// How large pages become.
#pragma once

#include <cstddef>

namespace lodestone::partition {

// Targets: a page is split when it exceeds one of them, down to a single row, which may be larger. Measured choices:
// docs/decisions/0002-page-layout.md. Pages of any size are read, whatever the limits.
struct PageLimits {
  std::size_t max_rows = 1'024;
  std::size_t max_key_bytes = std::size_t{64} << 10;
  std::size_t max_value_bytes = std::size_t{64} << 10;
};

}  // namespace lodestone::partition
