// The input formats of a bulk load, and writing partitions out again. docs/semantics/bulk_load.md describes each
// format.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/bulk_load.h"

namespace lodestone {

enum class InputFormat {
  kNdjson,     // one JSON object a line: {"values":[..],"parameters":{..},"location":"..","create_time":0,..}
  kCsv,        // header with the partition keys, `location`, and parameters; RFC 4180 quoting
  kTsv,        // the same with tabs
  kNames,      // one partition name a line
  kGlue,       // what Glue's get-partitions prints: {"Partitions":[{"Values":[..],..}]}
  kDirectory,  // a tree of key=value folders: locations, numFiles and totalSize come from the files
};
absl::StatusOr<InputFormat> ParseInputFormat(std::string_view name);

// A row that could not be used.
struct InputError {
  std::string file;
  int64_t line = 0;  // from 1; 0 when the format has no lines
  std::string reason;
};

struct InputProgress {
  int64_t rows = 0;
  int64_t bytes = 0;
  int64_t bytes_total = 0;  // 0: unknown (standard input)
};

struct InputOptions {
  InputFormat format = InputFormat::kNdjson;
  // Rows that can't be used are left out and reported, up to so many; one more fails the whole. Default: none.
  int64_t max_errors = 0;
  std::function<void(const InputError&)> on_error{};
  // Called some ten times a second at the most.
  std::function<void(const InputProgress&)> on_progress{};
  // kDirectory: how many folders are read at a time. Default: 8.
  int threads = 8;
};

// Reads `path` (a file, `-` for standard input, a folder for kDirectory) and hands each row to `take`. A failure of
// `take` with InvalidArgument counts as a bad row; any other ends the reading. `keys` are the table's partition keys.
absl::Status ReadPartitions(const std::string& path, std::span<const std::string> keys, const InputOptions& options,
                            const std::function<absl::Status(const BulkRow&)>& take);

struct LoadReport {
  AddResult result;
  int64_t rows = 0;
  int64_t bad_rows = 0;
};
// Reads and loads: all or nothing.
absl::StatusOr<LoadReport> LoadPartitions(const Session& session, const TableName& table, const std::string& path,
                                          const InputOptions& input, const BulkLoadOptions& load,
                                          std::function<void(const BulkLoadProgress&)> progress = {});

struct SyncOptions {
  bool drop_missing = true;  // partitions that the input does not have
  // Locations, and parameters that the input names, where they differ. What the input says nothing of stays.
  bool update_changed = false;
  bool dry_run = false;
  // Called once per difference, also in a dry run: '+', '-' or '~', and the partition's name.
  std::function<void(char, std::string_view)> on_difference{};
};
struct SyncReport {
  int64_t added = 0;
  int64_t dropped = 0;
  int64_t updated = 0;
  int64_t unchanged = 0;
  int64_t bad_rows = 0;
};
// Makes the table's partitions those of the input, in one step.
absl::StatusOr<SyncReport> SyncPartitions(const Session& session, const TableName& table, const std::string& path,
                                          const InputOptions& input, const SyncOptions& options);

enum class OutputFormat { kNdjson, kNames };
// Writes all that pass options.filter in one snapshot; kNdjson reads back identically. Returns how many.
absl::StatusOr<int64_t> ExportPartitions(const Session& session, const TableName& table, const ListOptions& options,
                                         OutputFormat format, std::ostream& out,
                                         const std::function<void(int64_t)>& on_progress = {});

struct GenerateOptions {
  int64_t partitions = 1'000'000;
  // The same seed, keys and number give the same partitions.
  uint64_t seed = 1;
  BulkLoadOptions load{};
};
// Fills a table with partitions that look real, for trying things out: with three keys days x 24 hours x 20 regions,
// and numFiles, numRows, totalSize and transient_lastDdlTime as parameters. InvalidArgument: the types of the keys do
// not have that many values.
absl::StatusOr<AddResult> GeneratePartitions(const Session& session, const TableName& table,
                                             const GenerateOptions& options,
                                             std::function<void(const BulkLoadProgress&)> progress = {});

}  // namespace lodestone
