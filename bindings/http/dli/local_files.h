// Files of the machine that previews may read: those under permitted roots, and nothing else, whatever a location says.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/base/local_path.h"

namespace lodestone::http::dli {

// Nothing outside of the roots is reached, by whatever way (catalog/base/local_path.h). Immutable; thread-safe.
class LocalFiles {
 public:
  // Absolute paths of folders. They may be, or lie behind, symbolic links themselves.
  explicit LocalFiles(const std::vector<std::string>& roots) : roots_(roots) {}

  // Calls `take` with the first bytes of each data file at the location, in the order of names: the file itself, or
  // the files directly in the folder but those whose names begin with `_` or `.` (Hive's hidden files). `whole` says
  // that the bytes are all of the file. Stops when `take` returns false. A location that is not there has no files.
  //   PermissionDenied (FileAccessError)  not a local path, not under a root, or there is something that is neither
  //                                       folder nor file; in the same words for all of these
  //   ResourceExhausted  more than kMaxEntries names in the folder
  absl::Status Visit(
      std::string_view location, std::size_t max_bytes,
      const std::function<absl::StatusOr<bool>(std::string_view name, std::string_view bytes, bool whole)>& take) const;

  static constexpr std::size_t kMaxEntries = 100'000;

 private:
  base::PermittedRoots roots_;
};

}  // namespace lodestone::http::dli
