#include "catalog/store/rocksdb/view_copy.h"

#include <utility>
#include <vector>

#include "catalog/base/coding.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/store/rocksdb/checkpoint.h"
#include "catalog/store/rocksdb/committed_file.h"
#include "catalog/store/rocksdb/engine.h"
#include "catalog/store/rocksdb/folder.h"
#include "catalog/store/rocksdb/rocks_run.h"
#include "catalog/store/rocksdb/rocks_status.h"
#include "catalog/store/rocksdb/synced_file.h"

namespace lodestone::store {
namespace {

// All records in order, and the version of their commit, which readers of a view do not see.
absl::Status AddRecords(const View& view, SortedRun* run) {
  std::string version;
  base::AppendLittleEndian(&version, view.version());
  bool version_added = false;
  const auto cursor = view.NewCursor({}, {.fill_cache = false});
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    if (!version_added && cursor->key() > kCommitKey) {
      RETURN_IF_ERROR(run->Add(kCommitKey, version));
      version_added = true;
    }
    RETURN_IF_ERROR(run->Add(cursor->key(), cursor->value()));
  }
  RETURN_IF_ERROR(cursor->status());
  if (!version_added) RETURN_IF_ERROR(run->Add(kCommitKey, version));
  return run->Finish();
}

// A database in the empty folder `path` that holds what the view shows. It is closed at the end.
absl::Status MakeDatabase(const View& view, const RocksDbOptions& options, const std::string& path) {
  const std::shared_ptr<Engine> engine = NewEngine(path, options, std::make_shared<ErrorLatch>());
  engine->options.create_if_missing = true;
  RETURN_IF_ERROR(CreateSynced(engine->file_system.get(), path));
  rocksdb::DB* db = nullptr;
  RETURN_IF_ERROR(FromRocks(rocksdb::DB::Open(engine->options, path, &db), base::StrCat("making ", path)));
  engine->db.reset(db);
  const std::string runs = base::StrCat(path, "/", kRunsName);
  RETURN_IF_ERROR(MakeFolder(engine->file_system.get(), runs));
  std::vector<std::unique_ptr<SortedRun>> copied;
  copied.push_back(NewRocksRun(engine, runs, 0));
  RETURN_IF_ERROR(AddRecords(view, copied.back().get()));
  RETURN_IF_ERROR(IngestRocksRuns(engine.get(), copied));
  return RemoveFolder(engine->file_system.get(), runs);
}

}  // namespace

absl::Status CopyView(const View& view, const RocksDbOptions& options, const std::string& directory) {
  rocksdb::FileSystem* files = view.engine().file_system.get();
  RETURN_IF_ERROR(CheckNotThere(files, directory));
  const std::string partial = PartialName(directory);
  RETURN_IF_ERROR(RemoveFolder(files, base::StrCat(partial, "/", kRunsName)));
  RETURN_IF_ERROR(RemoveFolder(files, partial));
  RETURN_IF_ERROR(MakeFolder(files, partial));
  RETURN_IF_ERROR(MakeDatabase(view, options, partial));
  return FinishCheckpoint(files, view.version(), directory);
}

}  // namespace lodestone::store
