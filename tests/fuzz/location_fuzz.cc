// Any two lines are locations: what lies in a folder is found there again, and nothing of a path leads upwards.
#include <cstdint>
#include <string>
#include <string_view>

#include "catalog/base/local_path.h"
#include "catalog/warehouse/defaults.h"
#include "tests/fuzz/check.h"

namespace base = lodestone::base;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = text.find('\n');
  const std::string_view folder = text.substr(0, line);
  const std::string_view other = line == text.npos ? std::string_view() : text.substr(line + 1);

  const auto pieces = base::LocalPathOf(folder);
  for (const std::string& piece : pieces) {
    FUZZ_CHECK(!piece.empty() && piece != "." && piece != "..");
    FUZZ_CHECK(piece.find('/') == std::string::npos && piece.find('\0') == std::string::npos);
  }
  FUZZ_CHECK(pieces.empty() || base::IsLocal(folder));
  FUZZ_CHECK(!lodestone::warehouse::IsRoot(folder) || pieces.empty());

  if (const auto rest = base::PathWithin(folder, other)) {
    // What is within a folder is found there again. (Slashes at the end of a folder count where the rest is no path of
    // this machine.)
    const auto again = base::PathWithin(folder, base::JoinPath(folder, *rest));
    FUZZ_CHECK(again && (*again == *rest || base::LocalPathOf(folder).empty() || base::LocalPathOf(other).empty()));
  }
  if (!pieces.empty()) {
    FUZZ_CHECK(base::PathWithin(folder, folder) == "");
    FUZZ_CHECK(base::PathWithin(folder, base::JoinPath(folder, "dt=1")) == "dt=1");
    FUZZ_CHECK(!base::PathWithin(base::JoinPath(folder, "dt=1"), folder));
  }
  return 0;
}
