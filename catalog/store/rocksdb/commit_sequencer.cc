#include "catalog/store/rocksdb/commit_sequencer.h"

#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/store/rocksdb/rocks_status.h"

namespace lodestone::store {
namespace {

// After so many, memory goes to a file: reads pay for each deleted range in memory, and hardly for those in files.
constexpr std::size_t kMaxRangesInMemory = 256;

}  // namespace

CommitSequencer::CommitSequencer(std::shared_ptr<const View> opened, std::shared_ptr<Engine> engine,
                                 std::unique_ptr<CommittedFile> committed, std::shared_ptr<ErrorLatch> error)
    : engine_(std::move(engine)),
      error_(std::move(error)),
      committed_(std::move(committed)),
      synced_(opened->version()),
      sync_wanted_(opened->version()),
      newest_(opened),
      published_(std::move(opened)) {}

std::shared_ptr<const View> CommitSequencer::newest() const {
  absl::MutexLock lock(&mutex_);
  return newest_;
}

std::shared_ptr<const View> CommitSequencer::published() const {
  absl::MutexLock lock(&mutex_);
  return published_;
}

absl::Status CommitSequencer::CheckWritable() const {
  absl::Status error = error_->Get();
  if (error.ok()) return error;
  return absl::FailedPreconditionError(base::StrCat(
      engine_->path, " takes no more writes until it is opened again; it stopped after: ", error.message()));
}

absl::StatusOr<std::shared_ptr<const View>> CommitSequencer::Write(rocksdb::WriteBatch* batch,
                                                                   std::size_t deleted_ranges, Durability durability) {
  RETURN_IF_ERROR(CheckWritable());
  const absl::Status written =
      FromRocks(engine_->db->Write(CommitWriteOptions(), batch), base::StrCat("writing to ", engine_->path));
  if (!written.ok()) {
    error_->Set(written);
    return written;
  }
  ranges_in_memory_ += deleted_ranges;
  if (ranges_in_memory_ > kMaxRangesInMemory) {
    ranges_in_memory_ = 0;
    rocksdb::FlushOptions in_background;
    in_background.wait = false;
    // The commit stands whether or not the flush can be started; if it fails later, the listener hears of it.
    engine_->db->Flush(in_background).PermitUncheckedError();
  }
  std::shared_ptr<const View> view = View::OfNow(engine_, newest()->version() + 1);
  absl::MutexLock lock(&mutex_);
  newest_ = view;
  if (durability == Durability::kSync) sync_wanted_ = view->version();
  return view;
}

absl::Status CommitSequencer::Acknowledge(const std::shared_ptr<const View>& view, Durability durability) {
  if (durability == Durability::kSync) return SyncUpTo(view->version());
  Version before;
  {
    absl::MutexLock lock(&mutex_);
    if (sync_wanted_ <= synced_) {
      Publish(view);
      return absl::OkStatus();
    }
    before = sync_wanted_;
  }
  // A commit before this one waits for its sync. Publishing now would show it too early.
  RETURN_IF_ERROR(SyncUpTo(before));
  absl::MutexLock lock(&mutex_);
  Publish(view);
  return absl::OkStatus();
}

absl::Status CommitSequencer::WaitPublished(Version version) {
  {
    absl::MutexLock lock(&mutex_);
    if (published_->version() >= version) return absl::OkStatus();
  }
  return SyncUpTo(version);
}

absl::Status CommitSequencer::SyncAll() { return SyncUpTo(newest()->version()); }

void CommitSequencer::Republish() {
  std::shared_ptr<const View> view = View::OfNow(engine_, newest()->version());
  absl::MutexLock lock(&mutex_);
  newest_ = view;
  published_ = std::move(view);
}

void CommitSequencer::Publish(const std::shared_ptr<const View>& view) {
  if (view->version() > published_->version()) published_ = view;
}

absl::Status CommitSequencer::SyncUpTo(Version version) {
  absl::ReleasableMutexLock lock(&mutex_);
  for (;;) {
    if (synced_ >= version) return absl::OkStatus();
    if (absl::Status error = error_->Get(); !error.ok()) {
      return absl::UnavailableError(base::StrCat("the commit is not durable: ", error.message()));
    }
    if (!syncing_) break;
    sync_ended_.Wait(&mutex_);
  }
  // The leader: whatever is written by now is covered.
  syncing_ = true;
  const std::shared_ptr<const View> target = newest_;
  lock.Release();
  absl::Status synced = error_->WithSoundLog(
      [this] { return FromRocks(engine_->db->SyncWAL(), base::StrCat("syncing the log of ", engine_->path)); });
  if (synced.ok()) synced = committed_->Write(target->version());
  if (!synced.ok()) error_->Set(synced);

  absl::MutexLock again(&mutex_);
  syncing_ = false;
  if (synced.ok()) {
    synced_ = target->version();
    Publish(target);
  }
  sync_ended_.SignalAll();
  return synced;
}

}  // namespace lodestone::store
