// What the groups of figures share: sizes, folders, and stores filled with the workload.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/figures/report.h"
#include "bench/reference/row_store.h"
#include "bench/workload/generator.h"
#include "catalog/catalog.h"

namespace lodestone::bench {

struct Settings {
  int64_t size = 1'000'000;    // partitions of the rows that say 1,000,000
  int64_t large = 10'000'000;  // and of those that say 10,000,000
  std::string folder;          // scratch; emptied
  std::string program;         // this binary: runs itself for figures that need a process of their own
  std::string duckdb;          // command that runs bench/peers/duckdb_peer.py; empty: not
  // Both sides' block cache. Large enough that everything stays in memory, on both sides.
  std::size_t block_cache_bytes = std::size_t{4} << 30;
};

// A failure ends the program.
inline void Must(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "figures: %s\n", status.ToString(absl::StatusToStringMode::kWithNoExtraData).c_str());
  std::exit(1);
}
template <typename T>
T Must(absl::StatusOr<T> value) {
  Must(value.status());
  return *std::move(value);
}

inline const TableName kTable{"bench", "hits"};

// `1,000,000`
std::string WithCommas(int64_t number);

// An empty folder `name` below the scratch folder.
std::string FreshFolder(const Settings& settings, const std::string& name);
int64_t BytesOnDisk(const std::string& folder);

std::unique_ptr<Metastore> OpenOurs(const Settings& settings, const std::string& folder,
                                    SyncMode sync = SyncMode::kSync);
// A store whose kTable holds `partitions`, bulk loaded.
std::unique_ptr<Metastore> FilledOurs(const Settings& settings, const std::string& name, int64_t partitions,
                                      SyncMode sync = SyncMode::kSync);
// The reference: the same partitions, a record each, of a partition's own content (a serialized message without the
// descriptor, which a store of records would keep apart as well).
std::unique_ptr<RowStore> FilledRows(const Settings& settings, const std::string& name, int64_t partitions);

// The groups. Each opens what it needs, adds its rows to the report, and leaves nothing behind.
void ReadFigures(const Settings& settings, Report* report);
void LargeReadFigures(const Settings& settings, Report* report);
void LoadFigures(const Settings& settings, Report* report);
void WriteFigures(const Settings& settings, Report* report);
void StoreFigures(const Settings& settings, Report* report);
void ListFigures(const Settings& settings, Report* report);
void HttpFigures(const Settings& settings, Report* report);
void PeerFigures(const Settings& settings, Report* report);

// The body of the process whose memory StoreFigures looks at: lists all names of the store in `folder` through the
// cursor and prints the bytes of memory that took above the block cache.
void ListForMemory(const std::string& folder);

}  // namespace lodestone::bench
