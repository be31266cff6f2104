#include "catalog/store/rocksdb/rocksdb_store.h"

#include <atomic>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/store/rocksdb/checkpoint.h"
#include "catalog/store/rocksdb/commit_sequencer.h"
#include "catalog/store/rocksdb/committed_file.h"
#include "catalog/store/rocksdb/engine.h"
#include "catalog/store/rocksdb/folder.h"
#include "catalog/store/rocksdb/follower.h"
#include "catalog/store/rocksdb/recovery.h"
#include "catalog/store/rocksdb/rocks_run.h"
#include "catalog/store/rocksdb/rocks_status.h"
#include "catalog/store/rocksdb/store_stats.h"
#include "catalog/store/rocksdb/synced_file.h"
#include "catalog/store/rocksdb/transaction.h"
#include "catalog/store/rocksdb/verify.h"
#include "catalog/store/rocksdb/view.h"
#include "catalog/store/writer_gate.h"
#include "rocksdb/listener.h"

namespace lodestone::store {
namespace {

// Flushes and compactions run in RocksDB's threads; what fails there must end writing as well.
class BackgroundErrors final : public rocksdb::EventListener {
 public:
  BackgroundErrors(std::string path, std::shared_ptr<ErrorLatch> latch)
      : path_(std::move(path)), latch_(std::move(latch)) {}
  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* error) override {
    latch_->Set(FromRocks(*error, base::StrCat("background work on ", path_)));
  }

 private:
  std::string path_;
  std::shared_ptr<ErrorLatch> latch_;
};

// Enters a gate for one call.
class GatePass {
 public:
  explicit GatePass(WriterGate* gate) : gate_(gate) {}
  ~GatePass() { gate_->Leave(); }
  GatePass(const GatePass&) = delete;
  GatePass& operator=(const GatePass&) = delete;

 private:
  WriterGate* gate_;
};

class RocksStore final : public Store {
 public:
  RocksStore(std::unique_ptr<WriterLock> lock, std::shared_ptr<Engine> engine, std::unique_ptr<CommittedFile> committed,
             std::shared_ptr<ErrorLatch> error, Version version, int64_t begin_timeout_ms)
      : lock_(std::move(lock)),
        engine_(std::move(engine)),
        begin_timeout_ms_(begin_timeout_ms),
        sequencer_(View::OfNow(engine_, version), engine_, std::move(committed), std::move(error)) {}

  ~RocksStore() override {
    // Relaxed commits become durable too. When that fails there is nobody left to be told, and nothing was promised.
    if (sequencer_.CheckWritable().ok()) (void)sequencer_.SyncAll();
  }

  std::shared_ptr<const Reader> Snapshot() const override { return sequencer_.published(); }

  absl::StatusOr<std::unique_ptr<Transaction>> Begin() override {
    RETURN_IF_ERROR(sequencer_.CheckWritable());
    RETURN_IF_ERROR(gate_.Enter(begin_timeout_ms_));
    if (absl::Status writable = sequencer_.CheckWritable(); !writable.ok()) {
      gate_.Leave();
      return writable;
    }
    return NewRocksTransaction(&sequencer_, &gate_);
  }

  absl::StatusOr<std::unique_ptr<SortedRun>> NewSortedRun() override {
    RETURN_IF_ERROR(sequencer_.CheckWritable());
    const std::string directory = base::StrCat(engine_->path, "/", kRunsName);
    RETURN_IF_ERROR(MakeFolder(engine_->file_system.get(), directory));
    return NewRocksRun(engine_, directory, next_run_.fetch_add(1));
  }

  absl::Status IngestRuns(std::vector<std::unique_ptr<SortedRun>> runs) override {
    RETURN_IF_ERROR(gate_.Enter(begin_timeout_ms_));
    const GatePass pass(&gate_);
    RETURN_IF_ERROR(sequencer_.CheckWritable());
    // What is ingested is durable at once. The commits before it must not be lost under it: they may hold the only
    // trace that its range is in use.
    RETURN_IF_ERROR(sequencer_.SyncAll());
    RETURN_IF_ERROR(IngestRocksRuns(engine_.get(), runs));
    sequencer_.Republish();
    return absl::OkStatus();
  }

  absl::Status Checkpoint(const std::string& directory) override;
  absl::Status CatchUp() override { return absl::OkStatus(); }

  absl::Status Flush() override {
    RETURN_IF_ERROR(sequencer_.CheckWritable());
    return sequencer_.SyncAll();
  }

  absl::Status Compact(const KeyRange& range) override {
    const std::string compacting = base::StrCat("compacting ", engine_->path);
    {
      // The flush comes first and by itself, since RocksDB must not begin one while a write to the log fails.
      RETURN_IF_ERROR(gate_.Enter(begin_timeout_ms_));
      const GatePass pass(&gate_);
      RETURN_IF_ERROR(sequencer_.CheckWritable());
      RETURN_IF_ERROR(FromRocks(engine_->db->Flush(rocksdb::FlushOptions()), compacting));
    }
    const rocksdb::Slice lower(range.lower), upper(range.upper);
    rocksdb::CompactRangeOptions options;
    options.exclusive_manual_compaction = false;
    return FromRocks(engine_->db->CompactRange(options, range.lower.empty() ? nullptr : &lower,
                                               range.upper.empty() ? nullptr : &upper),
                     compacting);
  }

  absl::Status VerifyFiles(const std::function<void(const std::string&)>& report) override {
    std::vector<FileExtent> logs;
    {
      RETURN_IF_ERROR(gate_.Enter(begin_timeout_ms_));
      const GatePass pass(&gate_);
      ASSIGN_OR_RETURN(logs, LogExtents(engine_.get()));
    }
    return VerifyStoreFiles(engine_.get(), logs, report);
  }

  StoreStats Stats() const override {
    StoreStats stats = ReadStats(*engine_);
    if (absl::Status writable = sequencer_.CheckWritable(); !writable.ok()) {
      stats.read_only = true;
      stats.detail = base::StrCat(writable.message(), "\n", stats.detail);
    }
    return stats;
  }

 private:
  const std::unique_ptr<WriterLock> lock_;  // let go last
  const std::shared_ptr<Engine> engine_;
  const int64_t begin_timeout_ms_;
  WriterGate gate_;
  CommitSequencer sequencer_;
  std::atomic<uint64_t> next_run_{0};
};

absl::Status RocksStore::Checkpoint(const std::string& directory) {
  RETURN_IF_ERROR(CheckNotThere(engine_->file_system.get(), directory));
  const KeepFiles keep(engine_->db.get());
  RETURN_IF_ERROR(FromRocks(keep.status(), base::StrCat("keeping the files of ", engine_->path)));
  std::vector<rocksdb::LiveFileStorageInfo> copied;
  Version version = 0;
  {
    RETURN_IF_ERROR(gate_.Enter(begin_timeout_ms_));
    const GatePass pass(&gate_);
    RETURN_IF_ERROR(sequencer_.CheckWritable());
    ASSIGN_OR_RETURN(copied, FlushAndListFiles(engine_.get()));
    version = sequencer_.newest()->version();
  }
  return WriteCheckpoint(engine_.get(), copied, version, directory);
}

absl::Status CheckWanted(const std::string& path, FolderKind kind, const RocksDbOptions& options) {
  const bool is_store = kind == FolderKind::kStore;
  if (is_store && options.error_if_exists) {
    return absl::AlreadyExistsError(base::StrCat("there is a store in ", path, " already"));
  }
  if (!is_store && !options.create_if_missing) {
    return absl::NotFoundError(base::StrCat("there is no store in ", path));
  }
  return absl::OkStatus();
}

absl::Status CheckNotBelow(Version bound, Version found, const std::string& path) {
  if (found >= bound) return absl::OkStatus();
  return absl::DataLossError(base::StrCat(path, " should hold commit ", bound, ", as ", kCommittedName,
                                          " says, and ends with ", found, ": its log is damaged or was cut"));
}

// Opens the database, or makes it, and returns the version of its newest commit, which is durable then.
absl::StatusOr<Version> OpenDatabase(Engine* engine, const FolderState& state) {
  engine->options.create_if_missing = state.kind != FolderKind::kStore;
  Version last = 0;
  if (state.kind == FolderKind::kStore) {
    RETURN_IF_ERROR(CutUnsyncedManifest(engine->file_system.get(), engine->path));
    ASSIGN_OR_RETURN(last, FindLastCommit(*engine));
    // Before recovery, so that nothing is changed.
    RETURN_IF_ERROR(CheckNotBelow(state.committed.version, last, engine->path));
    engine->recovery_filter = StopRecoveryAfter(last);
    engine->options.wal_filter = engine->recovery_filter.get();
  }
  rocksdb::DB* db = nullptr;
  RETURN_IF_ERROR(OpenError(rocksdb::DB::Open(engine->options, engine->path, &db), engine->path));
  engine->db.reset(db);
  ASSIGN_OR_RETURN(const Version version, ReadCommitKey(*engine));
  if (version < last) {
    // The logs were read well a moment ago, and are still there.
    return absl::UnavailableError(base::StrCat("opening ", engine->path, ": the logs hold commit ", last, ", and only ",
                                               version, " could be recovered; try again"));
  }
  RETURN_IF_ERROR(FromRocks(db->Flush(rocksdb::FlushOptions()), base::StrCat("recovering ", engine->path)));
  return version;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenRocksDbStore(const std::string& path, const RocksDbOptions& options) {
  if (options.file_system == nullptr) RETURN_IF_ERROR(CheckPlainFiles(path));
  if (options.follower) return OpenFollower(path, options);
  auto error = std::make_shared<ErrorLatch>();
  std::shared_ptr<Engine> engine = NewEngine(path, options, error);
  rocksdb::FileSystem* files = engine->file_system.get();
  // Looks before locking, since the lock's file must not be left in a folder that is somebody else's.
  ASSIGN_OR_RETURN(FolderState state, InspectFolder(files, path));
  RETURN_IF_ERROR(CheckWanted(path, state.kind, options));
  RETURN_IF_ERROR(MakeFolder(files, path));
  ASSIGN_OR_RETURN(std::unique_ptr<WriterLock> lock, WriterLock::Take(engine->file_system, path));
  ASSIGN_OR_RETURN(state, InspectFolder(files, path));
  RETURN_IF_ERROR(CheckWanted(path, state.kind, options));

  if (state.kind == FolderKind::kEmpty) {
    RETURN_IF_ERROR(CreateCommitted(files, path, 0, /*complete=*/false));
  }
  RETURN_IF_ERROR(CreateSynced(files, path));
  engine->options.listeners.push_back(std::make_shared<BackgroundErrors>(path, error));
  ASSIGN_OR_RETURN(const Version version, OpenDatabase(engine.get(), state));
  RETURN_IF_ERROR(CreateCommitted(files, path, version, /*complete=*/true));
  ASSIGN_OR_RETURN(std::unique_ptr<CommittedFile> committed, CommittedFile::Open(files, path));
  RETURN_IF_ERROR(RemoveFolder(files, base::StrCat(path, "/", kRunsName)));
  return std::make_unique<RocksStore>(std::move(lock), std::move(engine), std::move(committed), std::move(error),
                                      version, options.begin_timeout_ms);
}

absl::Status DestroyRocksDbStore(const std::string& path) {
  std::shared_ptr<Engine> engine = NewEngine(path, {}, std::make_shared<ErrorLatch>());
  rocksdb::FileSystem* files = engine->file_system.get();
  const rocksdb::IOOptions io;
  const bool is_store = files->FileExists(base::StrCat(path, "/", kCommittedName), io, nullptr).ok() ||
                        files->FileExists(base::StrCat(path, "/CURRENT"), io, nullptr).ok();
  if (!is_store) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::unique_ptr<WriterLock> lock, WriterLock::Take(engine->file_system, path));
  const std::string destroying = base::StrCat("destroying ", path);
  RETURN_IF_ERROR(RemoveFolder(files, base::StrCat(path, "/", kRunsName)));
  RETURN_IF_ERROR(FromRocks(rocksdb::DestroyDB(path, engine->options), destroying));
  // COMMITTED goes last: as long as it is there, what is left is a store to be destroyed.
  for (const char* name : {kSyncedTempName, kSyncedName, kCommittedTempName, kCommittedName, kWriterLockName}) {
    const std::string file = base::StrCat(path, "/", name);
    if (files->FileExists(file, io, nullptr).IsNotFound()) continue;
    RETURN_IF_ERROR(FromRocks(files->DeleteFile(file, io, nullptr), destroying));
  }
  // The folder stays when it holds files of others.
  files->DeleteDir(path, io, nullptr).PermitUncheckedError();
  return absl::OkStatus();
}

}  // namespace lodestone::store
