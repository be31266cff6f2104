#include "catalog/store/rocksdb/file_guard.h"

#include <atomic>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "catalog/base/strings.h"
#include "catalog/store/rocksdb/rocks_status.h"
#include "catalog/store/rocksdb/synced_file.h"

namespace lodestone::store {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

// Tells of every write that fails.
class GuardedFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  using OnError = std::function<void(const absl::Status&)>;

  GuardedFile(std::unique_ptr<rocksdb::FSWritableFile> target, std::string_view path, OnError on_error)
      : FSWritableFileOwnerWrapper(std::move(target)),
        writing_(base::StrCat("writing ", path)),
        on_error_(std::move(on_error)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* context) override {
    return Heard(FSWritableFileOwnerWrapper::Append(data, options, context));
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo& info,
                  IODebugContext* context) override {
    return Heard(FSWritableFileOwnerWrapper::Append(data, options, info, context));
  }
  IOStatus Flush(const IOOptions& options, IODebugContext* context) override {
    return Heard(FSWritableFileOwnerWrapper::Flush(options, context));
  }

 protected:
  IOStatus Heard(IOStatus status) {
    if (!status.ok()) on_error_(FromRocks(status, writing_));
    return status;
  }

 private:
  const std::string writing_;
  const OnError on_error_;
};

// Tells of syncs that fail, too, and notes in SYNCED how far those that did not fail have come. (Those of the log are
// made one by one, and looked at, by the commits that wait for them.)
class GuardedManifest final : public GuardedFile {
 public:
  // `path` ends with MANIFEST-<number>. `files` outlives this.
  GuardedManifest(std::unique_ptr<rocksdb::FSWritableFile> target, const std::string& path, rocksdb::FileSystem* files,
                  OnError on_error)
      : GuardedFile(std::move(target), path, std::move(on_error)),
        folder_(path.substr(0, path.rfind('/'))),
        number_(std::strtoull(path.c_str() + path.rfind('-') + 1, nullptr, 10)),
        files_(files) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* context) override {
    bytes_ += data.size();
    return GuardedFile::Append(data, options, context);
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo& info,
                  IODebugContext* context) override {
    bytes_ += data.size();
    return GuardedFile::Append(data, options, info, context);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* context) override {
    return Heard(Noted(FSWritableFileOwnerWrapper::Sync(options, context)));
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
    return Heard(Noted(FSWritableFileOwnerWrapper::Fsync(options, context)));
  }

 private:
  IOStatus Noted(IOStatus synced) {
    if (!synced.ok()) return synced;
    const absl::Status noted = WriteSynced(files_, folder_, number_, bytes_);
    return noted.ok() ? IOStatus::OK() : IOStatus::IOError(std::string(noted.message()));
  }

  const std::string folder_;
  const uint64_t number_;
  rocksdb::FileSystem* const files_;
  uint64_t bytes_ = 0;  // RocksDB never goes on with the manifest of an earlier life
};

thread_local uint64_t failed_reads = 0;
thread_local absl::Status last_failed_read;

class GuardedTable final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  GuardedTable(std::unique_ptr<rocksdb::FSRandomAccessFile> target, std::string_view path)
      : FSRandomAccessFileOwnerWrapper(std::move(target)), reading_(base::StrCat("reading ", path)) {}

  IOStatus Read(uint64_t offset, std::size_t n, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* context) const override {
    return Heard(FSRandomAccessFileOwnerWrapper::Read(offset, n, options, result, scratch, context));
  }
  IOStatus MultiRead(rocksdb::FSReadRequest* requests, std::size_t count, const IOOptions& options,
                     IODebugContext* context) override {
    IOStatus status = FSRandomAccessFileOwnerWrapper::MultiRead(requests, count, options, context);
    for (std::size_t i = 0; i < count; ++i) Heard(requests[i].status).PermitUncheckedError();
    return Heard(std::move(status));
  }

 private:
  IOStatus Heard(IOStatus status) const {
    if (!status.ok()) {
      ++failed_reads;
      last_failed_read = FromRocks(status, reading_);
    }
    return status;
  }

  const std::string reading_;
};

class GuardedFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  GuardedFileSystem(const std::shared_ptr<rocksdb::FileSystem>& target, std::shared_ptr<ErrorLatch> error)
      : FileSystemWrapper(target), error_(std::move(error)) {}
  const char* Name() const override { return "lodestone.GuardedFileSystem"; }

  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* result, IODebugContext* context) override {
    IOStatus status = FileSystemWrapper::NewWritableFile(path, options, result, context);
    if (!status.ok()) return status;
    if (path.ends_with(".log")) {
      *result = std::make_unique<GuardedFile>(std::move(*result), path,
                                              [error = error_](const absl::Status& s) { error->SetByLog(s); });
    } else if (path.find("/MANIFEST-") != std::string::npos) {
      *result = std::make_unique<GuardedManifest>(std::move(*result), path, target(),
                                                  [error = error_, sound = manifest_sound_](const absl::Status& s) {
                                                    *sound = false;
                                                    error->Set(s);
                                                  });
    }
    return status;
  }

  IOStatus NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* result, IODebugContext* context) override {
    IOStatus status = FileSystemWrapper::NewRandomAccessFile(path, options, result, context);
    if (status.ok() && path.ends_with(".sst")) *result = std::make_unique<GuardedTable>(std::move(*result), path);
    return status;
  }

  IOStatus DeleteFile(const std::string& path, const IOOptions& options, IODebugContext* context) override {
    if (!*manifest_sound_ && (path.ends_with(".sst") || path.ends_with(".log"))) {
      return IOStatus::IOError("kept, as the manifest may name it", path);
    }
    return FileSystemWrapper::DeleteFile(path, options, context);
  }

 private:
  const std::shared_ptr<ErrorLatch> error_;
  // Of all manifests of the database. Files may outlive this.
  const std::shared_ptr<std::atomic<bool>> manifest_sound_ = std::make_shared<std::atomic<bool>>(true);
};

}  // namespace

uint64_t FailedReadsOfThread() { return failed_reads; }
absl::Status LastFailedReadOfThread() { return last_failed_read; }

std::shared_ptr<rocksdb::FileSystem> GuardFiles(const std::shared_ptr<rocksdb::FileSystem>& target,
                                                std::shared_ptr<ErrorLatch> error) {
  return std::make_shared<GuardedFileSystem>(target, std::move(error));
}

}  // namespace lodestone::store
