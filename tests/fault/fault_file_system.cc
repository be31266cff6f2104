#include "tests/fault/fault_file_system.h"

#include <algorithm>
#include <utility>

#include "rocksdb/env.h"

namespace lodestone::testing {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;
using Handle = FaultFileSystem::Handle;

std::string Clean(const std::string& path) {
  std::string clean;
  for (char c : path) {
    if (c != '/' || clean.empty() || clean.back() != '/') clean.push_back(c);
  }
  if (clean.size() > 1 && clean.back() == '/') clean.pop_back();
  return clean;
}

FileKind KindOf(const std::string& path) {
  const std::string name = path.substr(path.find_last_of('/') + 1);
  if (path.find("/runs/") != std::string::npos) return FileKind::kRun;
  if (name.ends_with(".log")) return FileKind::kLog;
  if (name.ends_with(".sst")) return FileKind::kTable;
  if (name.starts_with("MANIFEST")) return FileKind::kManifest;
  if (name == "CURRENT" || name.ends_with(".dbtmp")) return FileKind::kCurrent;
  if (name.starts_with("COMMITTED")) return FileKind::kCommitted;
  if (name.starts_with("SYNCED")) return FileKind::kSynced;
  if (name.starts_with("OPTIONS")) return FileKind::kOptions;
  return FileKind::kOther;
}

IOStatus Missing(const std::string& path) {
  return IOStatus::PathNotFound("injected disk: " + path, "No such file or directory");
}

class SequentialFile final : public rocksdb::FSSequentialFile {
 public:
  SequentialFile(FaultFileSystem* files, Handle handle) : files_(files), handle_(std::move(handle)) {}
  IOStatus Read(std::size_t n, const IOOptions&, Slice* result, char* scratch, IODebugContext*) override {
    IOStatus status = files_->Read(handle_, at_, n, result, scratch);
    if (status.ok()) at_ += result->size();
    return status;
  }
  IOStatus Skip(uint64_t n) override {
    at_ = std::min(at_ + n, files_->Size(handle_));
    return IOStatus::OK();
  }

 private:
  FaultFileSystem* files_;
  Handle handle_;
  uint64_t at_ = 0;
};

class RandomAccessFile final : public rocksdb::FSRandomAccessFile {
 public:
  RandomAccessFile(FaultFileSystem* files, Handle handle) : files_(files), handle_(std::move(handle)) {}
  IOStatus Read(uint64_t offset, std::size_t n, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) const override {
    return files_->Read(handle_, offset, n, result, scratch);
  }

 private:
  FaultFileSystem* files_;
  Handle handle_;
};

class WritableFile final : public rocksdb::FSWritableFile {
 public:
  using rocksdb::FSWritableFile::Append;
  WritableFile(FaultFileSystem* files, Handle handle) : files_(files), handle_(std::move(handle)) {}
  IOStatus Append(const Slice& data, const IOOptions&, IODebugContext*) override {
    return files_->Append(handle_, std::string_view(data.data(), data.size()));
  }
  IOStatus Truncate(uint64_t size, const IOOptions&, IODebugContext*) override {
    return files_->TruncateHandle(handle_, size);
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override { return files_->Sync(handle_); }
  bool IsSyncThreadSafe() const override { return true; }
  uint64_t GetFileSize(const IOOptions&, IODebugContext*) override { return files_->Size(handle_); }

 private:
  FaultFileSystem* files_;
  Handle handle_;
};

class RandomRWFile final : public rocksdb::FSRandomRWFile {
 public:
  RandomRWFile(FaultFileSystem* files, Handle handle) : files_(files), handle_(std::move(handle)) {}
  IOStatus Write(uint64_t offset, const Slice& data, const IOOptions&, IODebugContext*) override {
    return files_->Write(handle_, offset, std::string_view(data.data(), data.size()));
  }
  IOStatus Read(uint64_t offset, std::size_t n, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) const override {
    return files_->Read(handle_, offset, n, result, scratch);
  }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override { return files_->Sync(handle_); }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }

 private:
  FaultFileSystem* files_;
  Handle handle_;
};

class Directory final : public rocksdb::FSDirectory {
 public:
  Directory(FaultFileSystem* files, Handle handle) : files_(files), handle_(std::move(handle)) {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return files_->SyncFolder(handle_); }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }

 private:
  FaultFileSystem* files_;
  Handle handle_;
};

class Lock final : public rocksdb::FileLock {
 public:
  Lock(std::string locked_path, uint64_t disk_life) : path(std::move(locked_path)), life(disk_life) {}
  const std::string path;
  const uint64_t life;  // of the disk, when the lock was taken
};

class SilentLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
  std::size_t GetLogFileSize() const override { return 0; }
};

}  // namespace

void FaultFileSystem::Arm(const FaultRule& rule) {
  absl::MutexLock lock(&mutex_);
  armed_ = true;
  rule_ = rule;
  met_ = fired_ = 0;
}

void FaultFileSystem::Disarm() {
  absl::MutexLock lock(&mutex_);
  armed_ = false;
}

uint64_t FaultFileSystem::fired() const {
  absl::MutexLock lock(&mutex_);
  return fired_;
}

void FaultFileSystem::CutPowerAt(uint64_t n) {
  absl::MutexLock lock(&mutex_);
  cut_at_ = n == 0 ? 0 : changes_ + n;
}

bool FaultFileSystem::powered() const {
  absl::MutexLock lock(&mutex_);
  return powered_;
}

std::shared_ptr<FaultFileSystem> FaultFileSystem::Copy() const {
  absl::MutexLock lock(&mutex_);
  auto copy = std::make_shared<FaultFileSystem>();
  absl::MutexLock copy_lock(&copy->mutex_);
  copy->disk_ = disk_.Copy();
  return copy;
}

void FaultFileSystem::RestorePower(Cut cut, std::mt19937_64* random) {
  absl::MutexLock lock(&mutex_);
  disk_.PowerCut(cut, random);
  ++life_;
  locked_.clear();
  armed_ = false;
  powered_ = true;
  cut_at_ = 0;
}

bool FaultFileSystem::RuleFires(Call call, const std::string& path) {
  if (!armed_ || rule_.call != call) return false;
  if (rule_.file != FileKind::kAny && rule_.file != KindOf(path)) return false;
  ++met_;
  const bool fires = rule_.sticky ? met_ >= rule_.nth : met_ == rule_.nth;
  if (fires) {
    ++fired_;
  }
  return fires;
}

IOStatus FaultFileSystem::Admit(Call call, const std::string& path, bool changes) {
  if (!powered_) return IOStatus::IOError("injected: the power is off", path);
  if (changes && ++changes_ == cut_at_) {
    powered_ = false;
    // The last call still succeeds, or fails and changes nothing: its number decides.
    if (changes_ % 2 == 0) return IOStatus::IOError("injected: the power went", path);
  }
  if (!RuleFires(call, path)) return IOStatus::OK();
  if (rule_.fault == Fault::kNoSpace) return IOStatus::NoSpace("injected: no space for " + path);
  return IOStatus::IOError("injected: fault number " + std::to_string(met_), path);
}

IOStatus FaultFileSystem::Admit(Call call, const Handle& handle, bool changes) {
  if (handle.life != life_) return IOStatus::IOError("injected: opened before the power went", handle.path);
  return Admit(call, handle.path, changes);
}

IOStatus FaultFileSystem::OpenExisting(Call call, const std::string& path, Handle* handle) {
  *handle = {Clean(path), nullptr, life_};
  IOStatus status = Admit(call, handle->path, /*changes=*/false);
  if (!status.ok()) return status;
  handle->file = disk_.Find(handle->path);
  return handle->file == nullptr ? Missing(path) : IOStatus::OK();
}

// --- Open files ---

IOStatus FaultFileSystem::Read(const Handle& handle, uint64_t offset, std::size_t n, Slice* result, char* scratch) {
  absl::MutexLock lock(&mutex_);
  *result = Slice(scratch, 0);
  const bool shortens = armed_ && rule_.fault == Fault::kShortRead;
  const uint64_t fired = fired_;
  IOStatus status = Admit(Call::kRead, handle, /*changes=*/false);
  if (!status.ok() && !(shortens && fired_ > fired)) return status;
  const std::string& data = handle.file->data;
  std::size_t length = offset < data.size() ? std::min<std::size_t>(n, data.size() - offset) : 0;
  if (shortens && fired_ > fired) length /= 2;
  std::copy_n(data.data() + std::min<std::size_t>(offset, data.size()), length, scratch);
  *result = Slice(scratch, length);
  return IOStatus::OK();
}

IOStatus FaultFileSystem::Write(const Handle& handle, uint64_t offset, std::string_view bytes) {
  absl::MutexLock lock(&mutex_);
  IOStatus status = Admit(Call::kWrite, handle, /*changes=*/true);
  // A write that fails may have gone half of its way.
  if (!status.ok()) bytes = bytes.substr(0, handle.life == life_ && powered_ ? bytes.size() / 2 : 0);
  MemoryDisk::Write(handle.file.get(), offset, bytes);
  return status;
}

IOStatus FaultFileSystem::Append(const Handle& handle, std::string_view bytes) {
  return Write(handle, Size(handle), bytes);
}

IOStatus FaultFileSystem::TruncateHandle(const Handle& handle, uint64_t size) {
  absl::MutexLock lock(&mutex_);
  IOStatus status = Admit(Call::kWrite, handle, /*changes=*/true);
  if (status.ok()) MemoryDisk::Truncate(handle.file.get(), size);
  return status;
}

IOStatus FaultFileSystem::Sync(const Handle& handle) {
  absl::MutexLock lock(&mutex_);
  const uint64_t fired = fired_;
  IOStatus status = Admit(Call::kSync, handle, /*changes=*/true);
  if (status.ok()) MemoryDisk::Sync(handle.file.get());
  if (fired_ > fired) MemoryDisk::FailSync(handle.file.get());
  return status;
}

IOStatus FaultFileSystem::SyncFolder(const Handle& handle) {
  absl::MutexLock lock(&mutex_);
  IOStatus status = Admit(Call::kSyncFolder, handle, /*changes=*/true);
  if (status.ok()) disk_.SyncFolder(handle.path);
  return status;
}

uint64_t FaultFileSystem::Size(const Handle& handle) {
  absl::MutexLock lock(&mutex_);
  return handle.file->data.size();
}

// --- Opening ---

IOStatus FaultFileSystem::NewSequentialFile(const std::string& path, const rocksdb::FileOptions&,
                                            std::unique_ptr<rocksdb::FSSequentialFile>* result, IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  Handle handle;
  IOStatus status = OpenExisting(Call::kOpen, path, &handle);
  if (status.ok()) *result = std::make_unique<SequentialFile>(this, std::move(handle));
  return status;
}

IOStatus FaultFileSystem::NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions&,
                                              std::unique_ptr<rocksdb::FSRandomAccessFile>* result, IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  Handle handle;
  IOStatus status = OpenExisting(Call::kOpen, path, &handle);
  if (status.ok()) *result = std::make_unique<RandomAccessFile>(this, std::move(handle));
  return status;
}

IOStatus FaultFileSystem::NewWritableFile(const std::string& path, const rocksdb::FileOptions&,
                                          std::unique_ptr<rocksdb::FSWritableFile>* result, IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  const std::string clean = Clean(path);
  IOStatus status = Admit(Call::kCreate, clean, /*changes=*/true);
  if (!status.ok()) return status;
  *result = std::make_unique<WritableFile>(this, Handle{clean, disk_.Create(clean, /*folder=*/false), life_});
  return IOStatus::OK();
}

IOStatus FaultFileSystem::ReopenWritableFile(const std::string& path, const rocksdb::FileOptions&,
                                             std::unique_ptr<rocksdb::FSWritableFile>* result, IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  Handle handle;
  IOStatus status = OpenExisting(Call::kReopen, path, &handle);
  if (status.ok()) *result = std::make_unique<WritableFile>(this, std::move(handle));
  return status;
}

IOStatus FaultFileSystem::ReuseWritableFile(const std::string& path, const std::string& old_path,
                                            const rocksdb::FileOptions& options,
                                            std::unique_ptr<rocksdb::FSWritableFile>* result, IODebugContext* context) {
  IOStatus status = RenameFile(old_path, path, IOOptions(), context);
  return status.ok() ? ReopenWritableFile(path, options, result, context) : status;
}

IOStatus FaultFileSystem::NewRandomRWFile(const std::string& path, const rocksdb::FileOptions&,
                                          std::unique_ptr<rocksdb::FSRandomRWFile>* result, IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  Handle handle;
  IOStatus status = OpenExisting(Call::kOpen, path, &handle);
  if (status.ok()) *result = std::make_unique<RandomRWFile>(this, std::move(handle));
  return status;
}

IOStatus FaultFileSystem::NewDirectory(const std::string& path, const IOOptions&,
                                       std::unique_ptr<rocksdb::FSDirectory>* result, IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  Handle handle;
  IOStatus status = OpenExisting(Call::kOpen, path, &handle);
  if (status.ok()) *result = std::make_unique<Directory>(this, std::move(handle));
  return status;
}

// --- Names ---

IOStatus FaultFileSystem::FileExists(const std::string& path, const IOOptions&, IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  IOStatus status = Admit(Call::kList, Clean(path), /*changes=*/false);
  if (!status.ok()) return status;
  return disk_.Find(Clean(path)) != nullptr ? IOStatus::OK() : IOStatus::NotFound(path);
}

IOStatus FaultFileSystem::GetChildren(const std::string& path, const IOOptions&, std::vector<std::string>* result,
                                      IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  result->clear();
  IOStatus status = Admit(Call::kList, Clean(path), /*changes=*/false);
  if (!status.ok()) return status;
  if (disk_.Find(Clean(path)) == nullptr) return IOStatus::NotFound(path);
  *result = disk_.Children(Clean(path));
  return IOStatus::OK();
}

IOStatus FaultFileSystem::DeleteFile(const std::string& path, const IOOptions&, IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  IOStatus status = Admit(Call::kDelete, Clean(path), /*changes=*/true);
  if (!status.ok()) return status;
  if (disk_.Find(Clean(path)) == nullptr) return Missing(path);
  disk_.Remove(Clean(path));
  return IOStatus::OK();
}

IOStatus FaultFileSystem::Truncate(const std::string& path, std::size_t size, const IOOptions&, IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  IOStatus status = Admit(Call::kWrite, Clean(path), /*changes=*/true);
  if (!status.ok()) return status;
  const MemoryDisk::File file = disk_.Find(Clean(path));
  if (file == nullptr) return Missing(path);
  MemoryDisk::Truncate(file.get(), size);
  return IOStatus::OK();
}

IOStatus FaultFileSystem::CreateDir(const std::string& path, const IOOptions& options, IODebugContext* context) {
  if (FileExists(path, options, context).ok()) return IOStatus::IOError(path, "File exists");
  return CreateDirIfMissing(path, options, context);
}

IOStatus FaultFileSystem::CreateDirIfMissing(const std::string& path, const IOOptions&, IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  if (disk_.Find(Clean(path)) != nullptr) return IOStatus::OK();
  IOStatus status = Admit(Call::kCreate, Clean(path), /*changes=*/true);
  if (status.ok()) disk_.Create(Clean(path), /*folder=*/true);
  return status;
}

IOStatus FaultFileSystem::DeleteDir(const std::string& path, const IOOptions& options, IODebugContext* context) {
  {
    absl::MutexLock lock(&mutex_);
    if (!disk_.Children(Clean(path)).empty()) return IOStatus::IOError(path, "Directory not empty");
  }
  return DeleteFile(path, options, context);
}

IOStatus FaultFileSystem::GetFileSize(const std::string& path, const IOOptions&, uint64_t* size, IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  IOStatus status = Admit(Call::kList, Clean(path), /*changes=*/false);
  if (!status.ok()) return status;
  const MemoryDisk::File file = disk_.Find(Clean(path));
  if (file == nullptr) return Missing(path);
  *size = file->data.size();
  return IOStatus::OK();
}

IOStatus FaultFileSystem::GetFileModificationTime(const std::string&, const IOOptions&, uint64_t* time,
                                                  IODebugContext*) {
  *time = 0;
  return IOStatus::OK();
}

IOStatus FaultFileSystem::RenameFile(const std::string& from, const std::string& to, const IOOptions&,
                                     IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  IOStatus status = Admit(Call::kRename, Clean(to), /*changes=*/true);
  if (!status.ok()) return status;
  if (disk_.Find(Clean(from)) == nullptr) return Missing(from);
  disk_.Rename(Clean(from), Clean(to));
  return IOStatus::OK();
}

IOStatus FaultFileSystem::LinkFile(const std::string& from, const std::string& to, const IOOptions&, IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  IOStatus status = Admit(Call::kLink, Clean(to), /*changes=*/true);
  if (!status.ok()) return status;
  if (disk_.Find(Clean(from)) == nullptr) return Missing(from);
  disk_.Link(Clean(from), Clean(to));
  return IOStatus::OK();
}

IOStatus FaultFileSystem::NumFileLinks(const std::string& path, const IOOptions&, uint64_t* count, IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  const MemoryDisk::File file = disk_.Find(Clean(path));
  if (file == nullptr) return Missing(path);
  *count = disk_.Links(file);
  return IOStatus::OK();
}

IOStatus FaultFileSystem::AreFilesSame(const std::string& first, const std::string& second, const IOOptions&,
                                       bool* same, IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  *same = disk_.Find(Clean(first)) == disk_.Find(Clean(second));
  return IOStatus::OK();
}

IOStatus FaultFileSystem::LockFile(const std::string& path, const IOOptions&, rocksdb::FileLock** result,
                                   IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  *result = nullptr;
  IOStatus status = Admit(Call::kOpen, Clean(path), /*changes=*/true);
  if (!status.ok()) return status;
  if (!locked_.insert(Clean(path)).second) return IOStatus::IOError("lock hold by current process", path);
  if (disk_.Find(Clean(path)) == nullptr) disk_.Create(Clean(path), /*folder=*/false);
  *result = new Lock(Clean(path), life_);
  return IOStatus::OK();
}

IOStatus FaultFileSystem::UnlockFile(rocksdb::FileLock* lock, const IOOptions&, IODebugContext*) {
  absl::MutexLock guard(&mutex_);
  const std::unique_ptr<Lock> own(static_cast<Lock*>(lock));
  if (own->life == life_) locked_.erase(own->path);
  return IOStatus::OK();
}

IOStatus FaultFileSystem::GetTestDirectory(const IOOptions&, std::string* path, IODebugContext*) {
  *path = "/test";
  return IOStatus::OK();
}

IOStatus FaultFileSystem::NewLogger(const std::string&, const IOOptions&, std::shared_ptr<rocksdb::Logger>* result,
                                    IODebugContext*) {
  *result = std::make_shared<SilentLogger>();
  return IOStatus::OK();
}

IOStatus FaultFileSystem::GetAbsolutePath(const std::string& path, const IOOptions&, std::string* absolute,
                                          IODebugContext*) {
  *absolute = path;
  return IOStatus::OK();
}

IOStatus FaultFileSystem::IsDirectory(const std::string& path, const IOOptions&, bool* is_folder, IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  const MemoryDisk::File file = disk_.Find(Clean(path));
  if (file == nullptr) return Missing(path);
  *is_folder = file->folder;
  return IOStatus::OK();
}

}  // namespace lodestone::testing
