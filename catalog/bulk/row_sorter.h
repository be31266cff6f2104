// An external sort: rows come in any order, are sorted by the megabyte beside the thread that adds them, and go to disk
// when there are more than memory may hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "catalog/bulk/row_blob.h"
#include "catalog/bulk/run.h"
#include "catalog/bulk/spill_folder.h"

namespace lodestone::bulk {

// Used by one thread.
class RowSorter {
 public:
  struct Options {
    std::size_t key_count = 1;
    std::size_t memory_bytes = std::size_t{256} << 20;
  };
  // `folder` is not owned and outlives the sorter.
  RowSorter(const Options& options, SpillFolder* folder);
  ~RowSorter();

  // A row; its bytes are copied. Unavailable: writing to disk failed.
  absl::Status Add(const BlobParts& parts);
  // Sorted rows of an earlier load.
  void AddRun(std::shared_ptr<const Run> run);
  // Sorts everything that is there, and writes it to disk.
  absl::Status Spill();
  // All rows are there: sorts the last ones.
  void Finish();

  int64_t rows() const { return rows_; }
  // Rows in memory take so many bytes.
  std::size_t memory() const { return memory_; }
  // The files written so far, by name, under a resume key.
  const std::vector<std::string>& files() const { return files_; }
  // REQUIRES: Finish or Spill was called, and nothing added since.
  const std::vector<std::shared_ptr<const Run>>& runs() const { return runs_; }

 private:
  void Seal();
  void Work();
  // Waits until all that was sealed is sorted.
  void Drain();
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !waiting_.empty() || stop_; }
  bool IsIdle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return waiting_.empty() && !busy_; }

  const Options options_;
  SpillFolder* const folder_;
  const std::size_t segment_bytes_;
  std::unique_ptr<Segment> open_;
  std::size_t memory_ = 0;
  int64_t rows_ = 0;
  std::vector<std::shared_ptr<const Run>> runs_;  // on disk first, then those in memory
  std::size_t on_disk_ = 0;                       // of runs_
  std::vector<std::string> files_;

  // The sorting thread, started with the first segment that is full.
  std::thread worker_;
  absl::Mutex mutex_;
  std::deque<std::unique_ptr<Segment>> waiting_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<const Run>> sorted_ ABSL_GUARDED_BY(mutex_);
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace lodestone::bulk
