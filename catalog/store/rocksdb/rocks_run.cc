#include "catalog/store/rocksdb/rocks_run.h"

#include <algorithm>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/store/rocksdb/rocks_status.h"
#include "rocksdb/sst_file_writer.h"

namespace lodestone::store {
namespace {

// A run is cut into files of about this size, as compaction would make them, so that later compactions stay small.
constexpr uint64_t kFileBytes = uint64_t{64} << 20;

class RocksRun final : public SortedRun {
 public:
  RocksRun(std::shared_ptr<Engine> engine, std::string directory, uint64_t number)
      : engine_(std::move(engine)), directory_(std::move(directory)), number_(number) {}

  ~RocksRun() override {
    writer_.reset();
    // What was ingested is gone from here already; leftovers are swept when the store is opened next.
    for (const std::string& path : paths_) {
      engine_->file_system->DeleteFile(path, rocksdb::IOOptions(), nullptr).PermitUncheckedError();
    }
  }

  absl::Status Add(std::string_view key, std::string_view value) override {
    if (finished_) return absl::FailedPreconditionError("the sorted run is finished; nothing can be added");
    RETURN_IF_ERROR(failed_);
    if (!first_ && key <= last_key_) {
      return absl::InvalidArgumentError(base::StrCat("a sorted run takes ascending keys: ", base::Quoted(key),
                                                     " does not follow ", base::Quoted(last_key_)));
    }
    failed_ = Append(key, value);
    RETURN_IF_ERROR(failed_);
    first_ = false;
    last_key_.assign(key);
    return absl::OkStatus();
  }

  absl::Status Finish() override {
    RETURN_IF_ERROR(failed_);
    if (finished_) return absl::OkStatus();
    failed_ = EndFile();
    finished_ = failed_.ok();
    return failed_;
  }

  uint64_t bytes() const override { return ended_bytes_ + (writer_ != nullptr ? writer_->FileSize() : 0); }

  bool finished() const { return finished_; }
  const std::vector<rocksdb::ExternalSstFileInfo>& files() const { return files_; }

 private:
  absl::Status Append(std::string_view key, std::string_view value) {
    if (writer_ != nullptr && writer_->FileSize() >= kFileBytes) RETURN_IF_ERROR(EndFile());
    if (writer_ == nullptr) {
      paths_.push_back(base::StrCat(directory_, "/", number_, "-", paths_.size(), ".sst"));
      // Nothing is read back before the ingestion: the machine's cache is left to those who read.
      writer_ = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(), engine_->options);
      RETURN_IF_ERROR(FromRocks(writer_->Open(paths_.back()), base::StrCat("opening ", paths_.back())));
    }
    return FromRocks(writer_->Put(ToSlice(key), ToSlice(value)), base::StrCat("writing ", paths_.back()));
  }

  absl::Status EndFile() {
    if (writer_ == nullptr) return absl::OkStatus();
    rocksdb::ExternalSstFileInfo info;
    const absl::Status ended = FromRocks(writer_->Finish(&info), base::StrCat("writing ", paths_.back()));
    writer_.reset();
    RETURN_IF_ERROR(ended);
    ended_bytes_ += info.file_size;
    files_.push_back(std::move(info));
    return absl::OkStatus();
  }

  std::shared_ptr<Engine> engine_;
  std::string directory_;
  uint64_t number_;
  std::unique_ptr<rocksdb::SstFileWriter> writer_;
  std::vector<std::string> paths_;
  std::vector<rocksdb::ExternalSstFileInfo> files_;
  std::string last_key_;
  bool first_ = true;
  bool finished_ = false;
  uint64_t ended_bytes_ = 0;
  absl::Status failed_;
};

}  // namespace

std::unique_ptr<SortedRun> NewRocksRun(std::shared_ptr<Engine> engine, std::string directory, uint64_t number) {
  return std::make_unique<RocksRun>(std::move(engine), std::move(directory), number);
}

absl::Status IngestRocksRuns(Engine* engine, const std::vector<std::unique_ptr<SortedRun>>& runs) {
  std::vector<const rocksdb::ExternalSstFileInfo*> files;
  for (const auto& run : runs) {
    const auto& own = static_cast<const RocksRun&>(*run);
    if (!own.finished()) return absl::FailedPreconditionError("a sorted run must be finished before it is ingested");
    for (const rocksdb::ExternalSstFileInfo& file : own.files()) files.push_back(&file);
  }
  if (files.empty()) return absl::OkStatus();
  std::sort(files.begin(), files.end(), [](const auto* a, const auto* b) { return a->smallest_key < b->smallest_key; });

  rocksdb::IngestExternalFileArg arg;
  arg.column_family = engine->db->DefaultColumnFamily();
  arg.options.move_files = true;
  // Nobody may have looked for these keys yet, so it does no harm that older snapshots would find them; with sequence
  // numbers that hide them, RocksDB would soon write every file again to be rid of the numbers.
  arg.options.snapshot_consistency = false;
  arg.options.write_global_seqno = false;    // keeps the file as it was checksummed
  arg.options.verify_file_checksum = false;  // computed while writing; reading everything again would tell no more
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (i > 0 && files[i]->smallest_key <= files[i - 1]->largest_key) {
      return absl::InvalidArgumentError(base::StrCat("sorted runs overlap: ", base::Quoted(files[i]->smallest_key),
                                                     " is not greater than ", base::Quoted(files[i - 1]->largest_key)));
    }
    arg.external_files.push_back(files[i]->file_path);
    arg.files_checksums.push_back(files[i]->file_checksum);
    arg.files_checksum_func_names.push_back(files[i]->file_checksum_func_name);
  }
  return FromRocks(engine->db->IngestExternalFiles({arg}), base::StrCat("ingesting into ", engine->path));
}

}  // namespace lodestone::store
