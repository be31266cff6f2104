#include "catalog/store/rocksdb/checkpoint.h"

#include <algorithm>
#include <memory>
#include <string_view>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/store/rocksdb/committed_file.h"
#include "catalog/store/rocksdb/folder.h"
#include "catalog/store/rocksdb/rocks_status.h"

namespace lodestone::store {
namespace {

constexpr std::size_t kCopyBytes = std::size_t{1} << 20;

// Appends pieces to a new file, and syncs it at the end.
class NewFile {
 public:
  static absl::StatusOr<NewFile> Make(rocksdb::FileSystem* files, const std::string& path) {
    NewFile file;
    file.what_ = base::StrCat("writing ", path);
    RETURN_IF_ERROR(FromRocks(files->NewWritableFile(path, rocksdb::FileOptions(), &file.file_, nullptr), file.what_));
    return file;
  }
  absl::Status Append(std::string_view bytes) {
    return FromRocks(file_->Append(ToSlice(bytes), rocksdb::IOOptions(), nullptr), what_);
  }
  absl::Status End() {
    RETURN_IF_ERROR(FromRocks(file_->Sync(rocksdb::IOOptions(), nullptr), what_));
    return FromRocks(file_->Close(rocksdb::IOOptions(), nullptr), what_);
  }

 private:
  std::string what_;
  std::unique_ptr<rocksdb::FSWritableFile> file_;
};

absl::Status CopyBytes(rocksdb::FileSystem* files, const std::string& from, const std::string& to, uint64_t size) {
  const std::string reading = base::StrCat("copying ", from);
  std::unique_ptr<rocksdb::FSSequentialFile> source;
  RETURN_IF_ERROR(FromRocks(files->NewSequentialFile(from, rocksdb::FileOptions(), &source, nullptr), reading));
  ASSIGN_OR_RETURN(NewFile target, NewFile::Make(files, to));
  std::string scratch(kCopyBytes, '\0');
  for (uint64_t left = size; left > 0;) {
    rocksdb::Slice piece;
    const std::size_t want = std::min<uint64_t>(left, kCopyBytes);
    RETURN_IF_ERROR(FromRocks(source->Read(want, rocksdb::IOOptions(), &piece, scratch.data(), nullptr), reading));
    if (piece.empty()) {
      return absl::DataLossError(base::StrCat(from, " should have ", size, " bytes, and has ", size - left));
    }
    RETURN_IF_ERROR(target.Append(ToView(piece)));
    left -= piece.size();
  }
  return target.End();
}

absl::Status PutFile(rocksdb::FileSystem* files, const rocksdb::LiveFileStorageInfo& file, const std::string& folder) {
  const std::string from = base::StrCat(file.directory, "/", file.relative_filename);
  const std::string to = base::StrCat(folder, "/", file.relative_filename);
  if (!file.replacement_contents.empty()) {
    ASSIGN_OR_RETURN(NewFile target, NewFile::Make(files, to));
    RETURN_IF_ERROR(target.Append(file.replacement_contents));
    return target.End();
  }
  // A table file never changes: another name for it is as good as a copy.
  if (file.file_type == rocksdb::kTableFile && files->LinkFile(from, to, rocksdb::IOOptions(), nullptr).ok()) {
    return absl::OkStatus();
  }
  return CopyBytes(files, from, to, file.size);
}

}  // namespace

absl::StatusOr<std::vector<rocksdb::LiveFileStorageInfo>> FlushAndListFiles(Engine* engine) {
  rocksdb::LiveFilesStorageInfoOptions options;
  options.wal_size_for_flush = 0;  // flushes
  std::vector<rocksdb::LiveFileStorageInfo> files;
  RETURN_IF_ERROR(FromRocks(engine->db->GetLiveFilesStorageInfo(options, &files),
                            base::StrCat("listing the files of ", engine->path)));
  return files;
}

absl::Status CheckNotThere(rocksdb::FileSystem* files, const std::string& directory) {
  if (!files->FileExists(directory, rocksdb::IOOptions(), nullptr).ok()) return absl::OkStatus();
  return absl::AlreadyExistsError(base::StrCat("the checkpoint's folder ", directory, " exists already"));
}

std::string PartialName(const std::string& directory) { return directory + ".partial"; }

absl::Status FinishCheckpoint(rocksdb::FileSystem* files, Version version, const std::string& directory) {
  const std::string partial = PartialName(directory);
  RETURN_IF_ERROR(CreateCommitted(files, partial, version, /*complete=*/true));  // syncs the folder too
  RETURN_IF_ERROR(FromRocks(files->RenameFile(partial, directory, rocksdb::IOOptions(), nullptr),
                            base::StrCat("making the checkpoint ", directory)));
  const std::size_t slash = directory.find_last_of('/');
  return SyncFolder(files, slash == std::string::npos ? "." : directory.substr(0, std::max<std::size_t>(slash, 1)));
}

absl::Status WriteCheckpoint(Engine* engine, const std::vector<rocksdb::LiveFileStorageInfo>& files, Version version,
                             const std::string& directory) {
  rocksdb::FileSystem* file_system = engine->file_system.get();
  const std::string partial = PartialName(directory);
  RETURN_IF_ERROR(RemoveFolder(file_system, partial));
  RETURN_IF_ERROR(MakeFolder(file_system, partial));
  for (const rocksdb::LiveFileStorageInfo& file : files) RETURN_IF_ERROR(PutFile(file_system, file, partial));
  return FinishCheckpoint(file_system, version, directory);
}

}  // namespace lodestone::store
