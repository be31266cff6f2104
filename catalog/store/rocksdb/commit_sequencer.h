// The order of commits: one is written after the other, several are synced at once, and each becomes visible only when
// it is as durable as its transaction asked.
//
//     written   newest: in the log and in memory. The next transaction starts from here
//     synced    on the disk
//     published what Snapshot() gives: never ahead of `synced` by a commit that asked for a sync
//
// A failed write or sync ends writing for good: what the disk holds is unknown, and only opening the store again finds
// out. What was not published by then never is.
#pragma once

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "catalog/store/rocksdb/committed_file.h"
#include "catalog/store/rocksdb/engine.h"
#include "catalog/store/rocksdb/error_latch.h"
#include "catalog/store/rocksdb/view.h"
#include "catalog/store/store.h"
#include "rocksdb/write_batch.h"

namespace lodestone::store {

// Thread-safe; Write and Republish want one caller at a time (the holder of the writer gate).
class CommitSequencer {
 public:
  // `opened` is the state found at opening, which is durable.
  CommitSequencer(std::shared_ptr<const View> opened, std::shared_ptr<Engine> engine,
                  std::unique_ptr<CommittedFile> committed, std::shared_ptr<ErrorLatch> error);

  // The newest written state, synced or not: where a transaction begins.
  std::shared_ptr<const View> newest() const;
  std::shared_ptr<const View> published() const;
  // Why writing has ended, as FailedPrecondition; OK while it has not.
  absl::Status CheckWritable() const;

  // Writes `batch`, which holds the version after newest() under the commit key and deletes so many ranges, to log and
  // memory. Returns the new state; it is visible only after Acknowledge.
  absl::StatusOr<std::shared_ptr<const View>> Write(rocksdb::WriteBatch* batch, std::size_t deleted_ranges,
                                                    Durability durability);

  // Waits until a state written earlier is as durable as asked, and publishes it.
  //   Unavailable  the sync failed
  absl::Status Acknowledge(const std::shared_ptr<const View>& view, Durability durability);

  // Waits until everything up to `version` may be seen by everybody.
  absl::Status WaitPublished(Version version);

  // Makes everything written so far durable.
  absl::Status SyncAll();

  // Publishes what was ingested beside the commits. REQUIRES: SyncAll() went well, and nothing was written since.
  void Republish();

 private:
  void Publish(const std::shared_ptr<const View>& view) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Returns when `version` is synced: as the leader of a group, which calls the disk for all who wait, or as one of it.
  absl::Status SyncUpTo(Version version) ABSL_LOCKS_EXCLUDED(mutex_);

  const std::shared_ptr<Engine> engine_;
  const std::shared_ptr<ErrorLatch> error_;
  // Ranges deleted since memory was last told to go to a file. Used by the one caller of Write.
  std::size_t ranges_in_memory_ = 0;
  // Used by one leader at a time.
  const std::unique_ptr<CommittedFile> committed_;

  mutable absl::Mutex mutex_;  // never held while the disk works
  absl::CondVar sync_ended_;
  bool syncing_ ABSL_GUARDED_BY(mutex_) = false;
  Version synced_ ABSL_GUARDED_BY(mutex_);
  // The newest commit that asked for a sync.
  Version sync_wanted_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const View> newest_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const View> published_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lodestone::store
