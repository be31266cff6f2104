// A file system for RocksDB that fails on purpose: single calls by rule, or everything from some moment on, after which
// the disk holds only what a power cut leaves.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/file_system.h"
#include "rocksdb/system_clock.h"
#include "tests/fault/memory_disk.h"

namespace lodestone::testing {

// Kinds of calls, and of files, that a rule can mean.
enum class Call { kOpen, kReopen, kRead, kCreate, kWrite, kSync, kSyncFolder, kRename, kLink, kDelete, kList };
enum class FileKind { kAny, kLog, kTable, kManifest, kCurrent, kCommitted, kSynced, kOptions, kRun, kOther };

enum class Fault {
  kEio,        // an I/O error. A sync that fails loses what it should have written
  kNoSpace,    // the disk is full
  kShortRead,  // half of the bytes, and no error
};

// The `nth` call (from 1) of this kind on such a file fails; every later one too when `sticky`.
struct FaultRule {
  Call call = Call::kWrite;
  FileKind file = FileKind::kAny;
  Fault fault = Fault::kEio;
  uint64_t nth = 1;
  bool sticky = false;
};

// RocksDB's log for people is not kept: it has no part in any promise. Thread-safe.
class FaultFileSystem final : public rocksdb::FileSystem {
 public:
  FaultFileSystem() = default;

  // Another file system with the same files, all synced and nothing armed. REQUIRES: the store is closed.
  std::shared_ptr<FaultFileSystem> Copy() const;

  // One rule at a time.
  void Arm(const FaultRule& rule);
  void Disarm();
  // How many calls the rule made fail since Arm.
  uint64_t fired() const;

  // The power goes with the `n`th changing call from now on: that call may or may not have happened, and every later
  // one fails. 0: never.
  void CutPowerAt(uint64_t n);
  bool powered() const;
  // The power comes back (it goes first, when it has not yet); only what survives is there. REQUIRES: the store is
  // closed. All rules are off.
  void RestorePower(Cut cut, std::mt19937_64* random);

  const char* Name() const override { return "lodestone.FaultFileSystem"; }
  rocksdb::IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* result,
                                      rocksdb::IODebugContext*) override;
  rocksdb::IOStatus NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                                        rocksdb::IODebugContext*) override;
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext*) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* result,
                                       rocksdb::IODebugContext*) override;
  rocksdb::IOStatus ReuseWritableFile(const std::string& path, const std::string& old_path,
                                      const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* result,
                                      rocksdb::IODebugContext*) override;
  rocksdb::IOStatus NewRandomRWFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSRandomRWFile>* result,
                                    rocksdb::IODebugContext*) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions&,
                                 std::unique_ptr<rocksdb::FSDirectory>* result, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus FileExists(const std::string& path, const rocksdb::IOOptions&, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus GetChildren(const std::string& path, const rocksdb::IOOptions&, std::vector<std::string>* result,
                                rocksdb::IODebugContext*) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions&, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus Truncate(const std::string& path, std::size_t size, const rocksdb::IOOptions&,
                             rocksdb::IODebugContext*) override;
  rocksdb::IOStatus CreateDir(const std::string& path, const rocksdb::IOOptions&, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus CreateDirIfMissing(const std::string& path, const rocksdb::IOOptions&,
                                       rocksdb::IODebugContext*) override;
  rocksdb::IOStatus DeleteDir(const std::string& path, const rocksdb::IOOptions&, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus GetFileSize(const std::string& path, const rocksdb::IOOptions&, uint64_t* size,
                                rocksdb::IODebugContext*) override;
  rocksdb::IOStatus GetFileModificationTime(const std::string& path, const rocksdb::IOOptions&, uint64_t* time,
                                            rocksdb::IODebugContext*) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions&,
                               rocksdb::IODebugContext*) override;
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to, const rocksdb::IOOptions&,
                             rocksdb::IODebugContext*) override;
  rocksdb::IOStatus NumFileLinks(const std::string& path, const rocksdb::IOOptions&, uint64_t* count,
                                 rocksdb::IODebugContext*) override;
  rocksdb::IOStatus AreFilesSame(const std::string& first, const std::string& second, const rocksdb::IOOptions&,
                                 bool* same, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus LockFile(const std::string& path, const rocksdb::IOOptions&, rocksdb::FileLock** lock,
                             rocksdb::IODebugContext*) override;
  rocksdb::IOStatus UnlockFile(rocksdb::FileLock* lock, const rocksdb::IOOptions&, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus GetTestDirectory(const rocksdb::IOOptions&, std::string* path, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus NewLogger(const std::string& path, const rocksdb::IOOptions&,
                              std::shared_ptr<rocksdb::Logger>* result, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus GetAbsolutePath(const std::string& path, const rocksdb::IOOptions&, std::string* absolute,
                                    rocksdb::IODebugContext*) override;
  rocksdb::IOStatus IsDirectory(const std::string& path, const rocksdb::IOOptions&, bool* is_folder,
                                rocksdb::IODebugContext*) override;

  // --- For the files this file system hands out ---

  // An opened file: its path decides which rules mean it; a handle from before a power cut is of no more use.
  struct Handle {
    std::string path;
    MemoryDisk::File file;
    uint64_t life = 0;  // of the disk, when it was opened
  };
  rocksdb::IOStatus Read(const Handle& handle, uint64_t offset, std::size_t n, rocksdb::Slice* result, char* scratch);
  rocksdb::IOStatus Write(const Handle& handle, uint64_t offset, std::string_view bytes);
  rocksdb::IOStatus Append(const Handle& handle, std::string_view bytes);
  rocksdb::IOStatus TruncateHandle(const Handle& handle, uint64_t size);
  rocksdb::IOStatus Sync(const Handle& handle);
  rocksdb::IOStatus SyncFolder(const Handle& handle);
  uint64_t Size(const Handle& handle);

 private:
  // Whether a call may go on. `changes`: it changes the disk, and counts towards the power cut.
  rocksdb::IOStatus Admit(Call call, const std::string& path, bool changes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // As Admit, for a call on an open file.
  rocksdb::IOStatus Admit(Call call, const Handle& handle, bool changes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool RuleFires(Call call, const std::string& path) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  rocksdb::IOStatus OpenExisting(Call call, const std::string& path, Handle* handle)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  MemoryDisk disk_ ABSL_GUARDED_BY(mutex_);
  uint64_t life_ ABSL_GUARDED_BY(mutex_) = 0;
  std::set<std::string> locked_ ABSL_GUARDED_BY(mutex_);
  bool armed_ ABSL_GUARDED_BY(mutex_) = false;
  FaultRule rule_ ABSL_GUARDED_BY(mutex_);
  uint64_t met_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t fired_ ABSL_GUARDED_BY(mutex_) = 0;
  bool powered_ ABSL_GUARDED_BY(mutex_) = true;
  uint64_t changes_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t cut_at_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Does not sleep for long: RocksDB pauses for a second after each error in the background.
class ImpatientClock final : public rocksdb::SystemClockWrapper {
 public:
  ImpatientClock() : SystemClockWrapper(rocksdb::SystemClock::Default()) {}
  const char* Name() const override { return "lodestone.ImpatientClock"; }
  void SleepForMicroseconds(int micros) override { SystemClockWrapper::SleepForMicroseconds(std::min(micros, 1000)); }
};

}  // namespace lodestone::testing
