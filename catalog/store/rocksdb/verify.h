// Reading every byte of a store's files and checking it against its checksums.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "catalog/store/rocksdb/engine.h"

namespace lodestone::store {

using DamageReport = std::function<void(const std::string&)>;

// A file to be checked up to `bytes`: what was written meanwhile is left out.
struct FileExtent {
  std::string path;
  uint64_t bytes = 0;
};

// The log files of the store as they are now. REQUIRES: nobody writes meanwhile, so that each ends with a whole record.
absl::StatusOr<std::vector<FileExtent>> LogExtents(Engine* engine);

// Checks every live table file, the manifest, CURRENT and COMMITTED, and the given log files; `report` is called once
// for each damaged one. Fails only when the check could not be made.
absl::Status VerifyStoreFiles(Engine* engine, const std::vector<FileExtent>& logs, const DamageReport& report);

}  // namespace lodestone::store
