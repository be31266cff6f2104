// Sorted runs of rows: in memory, or in a spill file (spill_file.h). A load has some; merging them gives the rows in
// order.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "catalog/bulk/row_blob.h"

namespace lodestone::bulk {

// Moves over the blobs of one run. Not thread-safe.
class RunCursor {
 public:
  virtual ~RunCursor() = default;
  // False at the end or on a failure.
  virtual bool Next() = 0;
  // REQUIRES: Next() returned true. Valid until the next call of Next().
  virtual const char* blob() const = 0;
  virtual const absl::Status& status() const = 0;
};

// Blobs in ascending order of their keys; equal keys stand side by side. Immutable and thread-safe.
class Run {
 public:
  virtual ~Run() = default;
  // Over the blobs whose key is >= `from`. Outlived by the run.
  virtual std::unique_ptr<RunCursor> NewCursor(std::string_view from) const = 0;
  virtual int64_t rows() const = 0;
  virtual const std::string& first_key() const = 0;
  virtual const std::string& last_key() const = 0;
  // Some keys, evenly spread, in order.
  virtual std::vector<std::string> SampleKeys() const = 0;
};

// Rows in memory, back to back, as they come: the unit of sorting.
class Segment {
 public:
  // Takes blobs until it holds about `capacity` bytes, but at least one.
  explicit Segment(std::size_t capacity) : capacity_(capacity) {}

  bool HasRoom(std::size_t size) const { return bytes_ == 0 || bytes_ + size <= capacity_; }
  // Space for a blob of `size` bytes. REQUIRES: HasRoom(size).
  char* Allocate(std::size_t size);
  // The blob is there.
  void Commit(std::size_t size);
  std::size_t bytes() const { return bytes_; }
  std::size_t memory() const { return allocated_; }
  int64_t rows() const { return rows_; }

  // Its blobs in order; the segment is empty afterwards. Blobs that came in order are not moved. REQUIRES: not empty.
  std::unique_ptr<Run> Sort() &&;

 private:
  const std::size_t capacity_;
  std::unique_ptr<char[]> data_;
  std::size_t allocated_ = 0;
  std::size_t bytes_ = 0;
  int64_t rows_ = 0;
  std::size_t last_ = 0;  // where the last blob begins
  bool sorted_ = true;
};

// The blobs of several runs in one order. Equal keys come side by side, in no particular order. Not thread-safe;
// outlived by the runs.
class RunMerger {
 public:
  // Keys in [from, to); an empty `to`: no bound.
  RunMerger(const std::vector<std::shared_ptr<const Run>>& runs, std::string_view from, std::string_view to);
  bool Next();
  const char* blob() const { return sources_[heap_[0]].cursor->blob(); }
  std::string_view key() const { return sources_[heap_[0]].key; }
  const absl::Status& status() const { return status_; }

 private:
  struct Source {
    std::vector<const Run*> runs;  // one behind the other
    std::size_t next = 0;
    std::unique_ptr<RunCursor> cursor;
    std::string_view key;
  };
  bool Advance(Source* source);
  void SiftDown(std::size_t at);

  const std::string from_;
  const std::string to_;
  std::vector<Source> sources_;
  std::vector<std::size_t> heap_;  // sources that have a row, the one with the lowest key first
  bool started_ = false;
  absl::Status status_;
};

// Up to `parts` - 1 ascending keys that cut the runs into parts of about the same size.
std::vector<std::string> SplitKeys(const std::vector<std::shared_ptr<const Run>>& runs, std::size_t parts);

}  // namespace lodestone::bulk
