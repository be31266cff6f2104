// Readers of the input formats: each turns bytes into batches of rows, and what it can't use into bad rows with a line
// and a reason. They know the table's partition keys and nothing else of it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/bulk/input_file.h"
#include "catalog/bulk/row_batch.h"

namespace lodestone::bulk {

// Bytes of input per batch: about what a core's own cache holds.
inline constexpr std::size_t kInputChunk = std::size_t{1} << 20;
// The longest line, or record, that is taken.
inline constexpr std::size_t kMaxRecord = std::size_t{64} << 20;

// Not thread-safe; may be used from another thread than the one that made it.
class RowReader {
 public:
  virtual ~RowReader() = default;
  // Fills `batch`, which was cleared. False when there is nothing more. A failure ends the reading: an I/O error, or an
  // input that is not of this format at all.
  virtual absl::StatusOr<bool> Next(RowBatch* batch) = 0;
  virtual int64_t bytes_total() const = 0;  // 0: unknown
};

struct ReaderOptions {
  std::size_t chunk = kInputChunk;
  std::size_t max_record = kMaxRecord;
};

// One JSON object a line. `line_by_line` parses each line by itself, as is done for chunks that hold a bad line.
std::unique_ptr<RowReader> NewNdjsonReader(std::unique_ptr<ByteSource> source, std::vector<std::string> keys,
                                           const ReaderOptions& options = {}, bool line_by_line = false);
// Values between separators, with a header.
std::unique_ptr<RowReader> NewCsvReader(std::unique_ptr<ByteSource> source, std::vector<std::string> keys,
                                        char separator, const ReaderOptions& options = {});
// One partition name a line.
std::unique_ptr<RowReader> NewNamesReader(std::unique_ptr<ByteSource> source, std::vector<std::string> keys,
                                          const ReaderOptions& options = {});
// Pages of Glue's get-partitions.
std::unique_ptr<RowReader> NewGlueReader(std::unique_ptr<ByteSource> source, std::vector<std::string> keys,
                                         const ReaderOptions& options = {});
// A tree of key=value folders, read by `threads` threads.
std::unique_ptr<RowReader> NewDirectoryReader(std::string path, std::vector<std::string> keys, int threads);

// `expected 3 values (dt, hour, region), found 2`.
std::string WrongValueCount(std::span<const std::string> keys, std::size_t found);
// What is not well-formed UTF-8 in a row; empty when all is well.
std::string FindBadText(const BulkRow& row);

}  // namespace lodestone::bulk
