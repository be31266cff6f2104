// Sorted runs as SST files beside the store, and their ingestion.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "catalog/store/rocksdb/engine.h"
#include "catalog/store/store.h"

namespace lodestone::store {

// A run whose files are named `directory`/<number>-<n>.sst. `directory` must exist.
std::unique_ptr<SortedRun> NewRocksRun(std::shared_ptr<Engine> engine, std::string directory, uint64_t number);

// Ingests finished runs of NewRocksRun, all at once. Their files are moved.
//   FailedPrecondition  one is not finished
//   InvalidArgument     their ranges overlap
absl::Status IngestRocksRuns(Engine* engine, const std::vector<std::unique_ptr<SortedRun>>& runs);

}  // namespace lodestone::store
