#include "catalog/store/rocksdb/follower.h"

#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/store/rocksdb/engine.h"
#include "catalog/store/rocksdb/folder.h"
#include "catalog/store/rocksdb/rocks_status.h"
#include "catalog/store/rocksdb/store_stats.h"
#include "catalog/store/rocksdb/verify.h"
#include "catalog/store/rocksdb/view.h"
#include "catalog/store/rocksdb/view_copy.h"

namespace lodestone::store {
namespace {

absl::Status ReadOnly() { return absl::FailedPreconditionError("a follower is read-only"); }

class Follower final : public Store {
 public:
  Follower(std::string path, RocksDbOptions options) : path_(std::move(path)), options_(std::move(options)) {}
  ~Follower() override {
    absl::MutexLock lock(&mutex_);
    view_.reset();
  }

  absl::Status Open() {
    absl::MutexLock lock(&mutex_);
    ASSIGN_OR_RETURN(view_, OpenAnother());
    return absl::OkStatus();
  }

  // Waits while a CatchUp moves the database on.
  std::shared_ptr<const Reader> Snapshot() const override { return CurrentView(); }

  absl::Status CatchUp() override {
    absl::MutexLock lock(&mutex_);
    if (view_.use_count() > 1) {
      ASSIGN_OR_RETURN(view_, OpenAnother());
      return absl::OkStatus();
    }
    // Nobody else can get at it: new readers come through Snapshot(), which waits.
    RETURN_IF_ERROR(FromRocks(view_->engine().db->TryCatchUpWithPrimary(), base::StrCat("following ", path_)));
    ASSIGN_OR_RETURN(const Version version, ReadCommitKey(view_->engine()));
    view_ = View::OfFollower(engine_, version);
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<Transaction>> Begin() override { return ReadOnly(); }
  absl::StatusOr<std::unique_ptr<SortedRun>> NewSortedRun() override { return ReadOnly(); }
  absl::Status IngestRuns(std::vector<std::unique_ptr<SortedRun>>) override { return ReadOnly(); }
  absl::Status Checkpoint(const std::string& directory) override {
    const std::shared_ptr<const View> view = CurrentView();  // kept while it is copied
    return CopyView(*view, options_, directory);
  }
  absl::Status Flush() override { return absl::OkStatus(); }
  absl::Status Compact(const KeyRange&) override { return ReadOnly(); }
  absl::Status VerifyFiles(const std::function<void(const std::string&)>&) override {
    return absl::FailedPreconditionError("the files are the writer's: verify them there");
  }
  StoreStats Stats() const override {
    absl::MutexLock lock(&mutex_);
    StoreStats stats = ReadStats(*engine_);
    stats.read_only = true;
    return stats;
  }

 private:
  std::shared_ptr<const View> CurrentView() const {
    absl::MutexLock lock(&mutex_);
    return view_;
  }
  absl::StatusOr<std::shared_ptr<const View>> OpenAnother() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    rocksdb::FileSystem* files =
        options_.file_system != nullptr ? options_.file_system.get() : rocksdb::FileSystem::Default().get();
    ASSIGN_OR_RETURN(const FolderState state, InspectFolder(files, path_));
    if (state.kind != FolderKind::kStore) return absl::NotFoundError(base::StrCat("there is no store in ", path_));
    std::shared_ptr<Engine> engine = NewEngine(path_, options_, std::make_shared<ErrorLatch>());
    if (engine_ != nullptr) engine->options.table_factory = engine_->options.table_factory;  // shares the cache
    const std::string own = base::StrCat(options_.follower_directory, "/", opened_++ % 2);
    RETURN_IF_ERROR(MakeFolder(files, own));
    rocksdb::DB* db = nullptr;
    const std::string opening = base::StrCat("following ", path_);
    RETURN_IF_ERROR(FromRocks(rocksdb::DB::OpenAsSecondary(engine->options, path_, own, &db), opening));
    engine->db.reset(db);
    ASSIGN_OR_RETURN(const Version version, ReadCommitKey(*engine));
    if (version < state.committed.version) {
      return absl::DataLossError(
          base::StrCat(path_, " should hold commit ", state.committed.version, ", and ends with ", version));
    }
    engine_ = engine;
    return View::OfFollower(std::move(engine), version);
  }

  const std::string path_;
  const RocksDbOptions options_;
  mutable absl::Mutex mutex_;
  uint64_t opened_ ABSL_GUARDED_BY(mutex_) = 0;
  std::shared_ptr<Engine> engine_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const View> view_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenFollower(const std::string& path, const RocksDbOptions& options) {
  if (options.follower_directory.empty()) {
    return absl::InvalidArgumentError(base::StrCat("following ", path, " needs a follower_directory"));
  }
  auto follower = std::make_unique<Follower>(path, options);
  RETURN_IF_ERROR(follower->Open());
  return follower;
}

}  // namespace lodestone::store
