// The bytes of an input file, in chunks that a reader of a format takes apart record by record.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/bulk/row_batch.h"

namespace lodestone::bulk {

// Where bytes come from. Not thread-safe.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Up to `size` bytes; 0 at the end. Unavailable: an I/O error, which names the file.
  virtual absl::StatusOr<std::size_t> Read(char* to, std::size_t size) = 0;
  virtual int64_t bytes_total() const = 0;  // 0: unknown
};

// NotFound, PermissionDenied or Unavailable name the file. `-` is standard input.
absl::StatusOr<std::unique_ptr<ByteSource>> OpenFile(const std::string& path);
// Bytes in memory; they outlive the source. `step` bytes at a time (0: all), as slow pipes give them.
std::unique_ptr<ByteSource> BytesOf(std::string_view bytes, std::size_t step = 0);

// Cuts a source into chunks of whole records. What a record is, the reader knows: it is given all bytes at hand, and
// says how many of them it has used; the rest comes back in front of the next chunk.
class ChunkReader {
 public:
  // Records longer than `max_record` bytes are InvalidArgument.
  ChunkReader(std::unique_ptr<ByteSource> source, std::size_t chunk, std::size_t max_record)
      : source_(std::move(source)), chunk_(chunk), max_record_(max_record) {}

  // Reads about a chunk into the buffer of `batch`, behind what was carried over, and calls `parse(bytes, at_end)`,
  // which returns how many bytes it used (all of them when `at_end`). Called again with more bytes while it uses none.
  // False when all was read before.
  absl::StatusOr<bool> Next(RowBatch* batch, const std::function<std::size_t(std::string_view, bool)>& parse);
  int64_t bytes_total() const { return source_->bytes_total(); }

 private:
  std::unique_ptr<ByteSource> source_;
  const std::size_t chunk_;
  const std::size_t max_record_;
  std::string carry_;
  bool at_end_ = false;
  bool done_ = false;
};

}  // namespace lodestone::bulk
