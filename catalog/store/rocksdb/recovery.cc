#include "catalog/store/rocksdb/recovery.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "catalog/base/coding.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/store/rocksdb/rocks_status.h"
#include "catalog/store/rocksdb/view.h"
#include "rocksdb/write_batch.h"

namespace lodestone::store {
namespace {

// Takes the version from the front of a record.
class VersionFinder final : public rocksdb::WriteBatch::Handler {
 public:
  void LogData(const rocksdb::Slice& blob) override {
    if (blob.size() == sizeof(Version)) version = base::ReadLittleEndian<Version>(blob.data());
    done_ = true;
  }
  rocksdb::Status PutCF(uint32_t, const rocksdb::Slice&, const rocksdb::Slice&) override { return Done(); }
  rocksdb::Status DeleteCF(uint32_t, const rocksdb::Slice&) override { return Done(); }
  rocksdb::Status DeleteRangeCF(uint32_t, const rocksdb::Slice&, const rocksdb::Slice&) override { return Done(); }
  bool Continue() override { return !done_; }

  Version version = 0;  // 0: the record has none

 private:
  rocksdb::Status Done() {
    done_ = true;
    return rocksdb::Status::OK();
  }
  bool done_ = false;
};

Version VersionOf(const rocksdb::WriteBatch& batch) {
  VersionFinder finder;
  // A record that cannot be taken apart has no version; RocksDB itself finds and reports it.
  batch.Iterate(&finder).PermitUncheckedError();
  return finder.version;
}

// RocksDB keeps sequence numbers in 56 bits, and ends the process where a record has a greater one.
constexpr uint64_t kSequenceLimit = uint64_t{1} << 55;

// Notes the versions in the logs, and applies nothing.
class Scanner final : public rocksdb::WalFilter {
 public:
  // First and last of a run of versions without a hole, in the order of the logs.
  using Runs = std::vector<std::pair<Version, Version>>;

  WalProcessingOption LogRecordFound(unsigned long long, const std::string&, const rocksdb::WriteBatch& batch,
                                     rocksdb::WriteBatch*, bool*) override {
    const std::string& bytes = batch.Data();
    if (bytes.size() < sizeof(uint64_t) || base::ReadLittleEndian<uint64_t>(bytes.data()) >= kSequenceLimit) {
      has_impossible_sequence_ = true;
    }
    const Version version = VersionOf(batch);
    if (!runs_.empty() && version == runs_.back().second + 1) {
      runs_.back().second = version;
    } else if (version != 0) {
      runs_.emplace_back(version, version);
    }
    return WalProcessingOption::kIgnoreCurrentRecord;
  }
  const char* Name() const override { return "lodestone.Scanner"; }
  const Runs& runs() const { return runs_; }
  bool has_impossible_sequence() const { return has_impossible_sequence_; }

 private:
  Runs runs_;
  bool has_impossible_sequence_ = false;
};

class Stopper final : public rocksdb::WalFilter {
 public:
  explicit Stopper(Version last) : last_(last) {}

  WalProcessingOption LogRecordFound(unsigned long long, const std::string&, const rocksdb::WriteBatch& batch,
                                     rocksdb::WriteBatch*, bool*) override {
    return VersionOf(batch) > last_ ? WalProcessingOption::kStopReplay : WalProcessingOption::kContinueProcessing;
  }
  const char* Name() const override { return "lodestone.Stopper"; }

 private:
  const Version last_;
};

}  // namespace

absl::StatusOr<Version> FindLastCommit(const Engine& engine) {
  Scanner scanner;
  Engine looking;
  looking.path = engine.path;
  looking.file_system = engine.file_system;
  looking.options = engine.options;
  looking.options.create_if_missing = false;
  looking.options.listeners.clear();
  looking.options.info_log.reset();
  looking.options.wal_filter = &scanner;
  looking.options.max_open_files = 16;  // only the newest are needed, and not for long
  rocksdb::DB* db = nullptr;
  RETURN_IF_ERROR(OpenError(rocksdb::DB::OpenForReadOnly(looking.options, engine.path, &db), engine.path));
  looking.db.reset(db);
  if (scanner.has_impossible_sequence()) {
    return absl::DataLossError(
        base::StrCat(engine.path, ": a record in the log has a sequence number that no store ever reaches"));
  }
  // What the table files hold, since no record was applied. Logs may begin before that, when they outlive their flush.
  ASSIGN_OR_RETURN(Version last, ReadCommitKey(looking));
  for (const auto& [first, end] : scanner.runs()) {
    if (first > last + 1) break;
    last = std::max(last, end);
  }
  return last;
}

std::unique_ptr<rocksdb::WalFilter> StopRecoveryAfter(Version last) { return std::make_unique<Stopper>(last); }

}  // namespace lodestone::store
