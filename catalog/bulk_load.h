// Loading millions of partitions at once: rows in any order, sorted (on disk when larger than memory), written as pages
// into files beside the store, and made visible all at once. Reading input formats is the command line's and the
// adapters' business as much as anyone's: see catalog/bulk_input.h for the formats that the library reads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/names.h"
#include "catalog/options.h"
#include "catalog/session.h"

namespace lodestone {

// One row of a bulk load. Views: the loader copies what it keeps. Times in seconds, 0: now.
struct BulkRow {
  std::span<const std::string_view> values{};  // one per partition key, unescaped
  std::span<const std::pair<std::string_view, std::string_view>> parameters{};
  std::string_view location{};  // empty: derived from the table's
  int64_t create_time = 0;
  int64_t last_access_time = 0;
  const model::v1::StorageDescriptor* descriptor = nullptr;  // null: the table's. Need not outlive the call
};

struct BulkLoadOptions {
  IfExists if_exists = IfExists::kFail;
  // Rows kept in memory before a sorted run goes to disk, in bytes. Default: 256 MiB.
  std::size_t memory_bytes = std::size_t{256} << 20;
  // Folder for sorted runs. Empty: beside the store. A load that was broken off and is begun again with the same
  // non-empty `resume_key` continues behind the rows that were already sorted to disk.
  std::string spill_directory{};
  std::string resume_key{};
};

struct BulkLoadProgress {
  enum class Phase { kReading, kMerging, kCommitting };
  Phase phase = Phase::kReading;
  int64_t rows = 0;        // in this phase
  int64_t rows_total = 0;  // 0: unknown
};

// Collects rows of one table and commits them together. Not thread-safe. Destroyed before Finish: nothing happened, but
// for sorted runs kept under a resume_key.
class BulkLoader {
 public:
  class Impl;
  static absl::StatusOr<std::unique_ptr<BulkLoader>> Start(const Session& session, const TableName& table,
                                                           const BulkLoadOptions& options = {});
  explicit BulkLoader(std::unique_ptr<Impl> impl);
  ~BulkLoader();

  // Rows that an earlier, broken-off load with the same resume_key has taken already: the caller skips so many.
  int64_t rows_resumed() const;
  // InvalidArgument: the row breaks a rule; it was not taken, and the load can go on without it.
  absl::Status Add(const BulkRow& row);
  // Sorts, merges with what the table holds, and commits. AlreadyExists names the first partition present (kFail);
  // InvalidArgument names the first one that came twice. Either way nothing changed.
  absl::StatusOr<AddResult> Finish(std::function<void(const BulkLoadProgress&)> progress = {});

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace lodestone
