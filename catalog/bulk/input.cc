// Reading an input: one thread reads and parses the next chunk while the caller's thread takes the rows of this one.

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/bulk/reader.h"
#include "catalog/bulk_input.h"
#include "catalog/errors.h"

namespace lodestone {
namespace bulk {
namespace {

// Batches that are filled ahead.
constexpr std::size_t kAhead = 3;

// Runs a reader in a thread of its own. Used by one thread; the destructor ends the reading.
class Prefetcher {
 public:
  Prefetcher(RowReader* reader, std::size_t key_count) : reader_(reader) {
    for (std::size_t i = 0; i < kAhead; ++i) free_.push_back(std::make_unique<RowBatch>(key_count));
    thread_ = std::thread([this] { Run(); });
  }
  ~Prefetcher() {
    {
      absl::MutexLock lock(&mutex_);
      stop_ = true;
    }
    thread_.join();
  }

  // The next batch; null at the end. Give it back with Return.
  absl::StatusOr<std::unique_ptr<RowBatch>> Next() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &Prefetcher::HasNews));
    if (!ready_.empty()) {
      std::unique_ptr<RowBatch> batch = std::move(ready_.front());
      ready_.pop_front();
      return batch;
    }
    RETURN_IF_ERROR(status_);
    return nullptr;
  }
  void Return(std::unique_ptr<RowBatch> batch) {
    absl::MutexLock lock(&mutex_);
    free_.push_back(std::move(batch));
  }

 private:
  bool HasNews() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !ready_.empty() || done_; }
  bool HasRoom() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !free_.empty() || stop_; }

  void Run() {
    for (;;) {
      std::unique_ptr<RowBatch> batch;
      {
        absl::MutexLock lock(&mutex_);
        mutex_.Await(absl::Condition(this, &Prefetcher::HasRoom));
        if (stop_) return;
        batch = std::move(free_.back());
        free_.pop_back();
      }
      batch->Clear();
      const absl::StatusOr<bool> more = reader_->Next(batch.get());
      absl::MutexLock lock(&mutex_);
      if (!more.ok() || !*more) {
        if (!more.ok()) status_ = more.status();
        done_ = true;
        return;
      }
      ready_.push_back(std::move(batch));
    }
  }

  RowReader* const reader_;
  absl::Mutex mutex_;
  std::deque<std::unique_ptr<RowBatch>> ready_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<RowBatch>> free_ ABSL_GUARDED_BY(mutex_);
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// Hands rows to `take`, and counts and reports what can't be used.
class Feeder {
 public:
  Feeder(const std::string& path, const InputOptions& options, const std::function<absl::Status(const BulkRow&)>& take,
         int64_t bytes_total)
      : path_(path == "-" ? "standard input" : path), options_(options), take_(take) {
    progress_.bytes_total = bytes_total;
  }

  absl::Status Feed(const RowBatch& batch) {
    const std::vector<BadRow>& bad = batch.bad_rows();
    std::size_t next_bad = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      for (; next_bad < bad.size() && bad[next_bad].before_row <= i; ++next_bad) RETURN_IF_ERROR(Reject(bad[next_bad]));
      absl::Status status = take_(batch.row(i));
      if (status.ok()) continue;
      if (status.code() != absl::StatusCode::kInvalidArgument) return status;
      // A folder of a tree is what a line is of a file.
      std::string folder;
      if (options_.format == InputFormat::kDirectory) folder = batch.row(i).location;
      RETURN_IF_ERROR(Reject({i, batch.line(i), std::move(folder), std::string(base::ToStd(status.message()))}));
    }
    for (; next_bad < bad.size(); ++next_bad) RETURN_IF_ERROR(Reject(bad[next_bad]));
    progress_.rows += static_cast<int64_t>(batch.size());
    progress_.bytes += batch.bytes();
    Report(false);
    return absl::OkStatus();
  }

  void Report(bool at_end) {
    if (!options_.on_progress) return;
    const auto now = std::chrono::steady_clock::now();
    if (!at_end && now - reported_ < std::chrono::milliseconds(100)) return;
    reported_ = now;
    options_.on_progress(progress_);
  }

 private:
  absl::Status Reject(const BadRow& bad) {
    const std::string& file = bad.file.empty() ? path_ : bad.file;
    if (options_.on_error) options_.on_error({file, bad.line, bad.reason});
    if (++errors_ <= options_.max_errors) return absl::OkStatus();
    const std::string where = bad.line == 0 ? file : base::StrCat(file, ":", bad.line);
    std::string message = base::StrCat(where, ": ", bad.reason);
    if (options_.max_errors > 0) {
      base::StrAppend(&message, " (bad row number ", errors_, "; ", options_.max_errors, " are allowed)");
    }
    return MakeError(ErrorKind::kInvalidObject, ObjectKind::kInput, where, message);
  }

  const std::string path_;
  const InputOptions& options_;
  const std::function<absl::Status(const BulkRow&)>& take_;
  InputProgress progress_;
  int64_t errors_ = 0;
  std::chrono::steady_clock::time_point reported_{};
};

absl::StatusOr<std::unique_ptr<RowReader>> OpenReader(const std::string& path, std::span<const std::string> keys,
                                                      const InputOptions& options) {
  std::vector<std::string> names;
  for (const std::string& key : keys) names.push_back(base::AsciiLower(key));
  if (options.format == InputFormat::kDirectory) {
    return NewDirectoryReader(path, std::move(names), options.threads);
  }
  ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> source, OpenFile(path));
  switch (options.format) {
    case InputFormat::kNdjson:
      return NewNdjsonReader(std::move(source), std::move(names));
    case InputFormat::kCsv:
      return NewCsvReader(std::move(source), std::move(names), ',');
    case InputFormat::kTsv:
      return NewCsvReader(std::move(source), std::move(names), '\t');
    case InputFormat::kNames:
      return NewNamesReader(std::move(source), std::move(names));
    case InputFormat::kGlue:
      return NewGlueReader(std::move(source), std::move(names));
    case InputFormat::kDirectory:
      break;
  }
  return absl::InvalidArgumentError(base::StrCat("unknown input format ", static_cast<int>(options.format)));
}

// Failures of readers do not know the file; a failure without its name helps nobody.
absl::Status WithPath(const absl::Status& status, const std::string& path) {
  if (base::ToStd(status.message()).find(path) != std::string_view::npos) return status;
  const std::string message = base::StrCat(path, ": ", base::ToStd(status.message()));
  if (const auto error = DomainErrorOf(status)) return MakeError(error->kind, error->object_kind, path, message);
  return absl::Status(status.code(), message);
}

}  // namespace

std::string WrongValueCount(std::span<const std::string> keys, std::size_t found) {
  std::string names;
  for (const std::string& key : keys) base::StrAppend(&names, names.empty() ? "" : ", ", key);
  return base::StrCat("expected ", keys.size(), keys.size() == 1 ? " value (" : " values (", names, "), found ", found);
}

std::string FindBadText(const BulkRow& row) {
  const auto is_bad = [](std::string_view text) { return base::FindInvalidUtf8(text) != std::string_view::npos; };
  for (std::size_t i = 0; i < row.values.size(); ++i) {
    if (is_bad(row.values[i])) return base::StrCat("value ", i + 1, " is not well-formed UTF-8");
  }
  if (is_bad(row.location)) return "the location is not well-formed UTF-8";
  for (const auto& [name, value] : row.parameters) {
    if (is_bad(name)) return "the name of a parameter is not well-formed UTF-8";
    if (is_bad(value)) return base::StrCat("the parameter `", name, "` is not well-formed UTF-8");
  }
  return {};
}

}  // namespace bulk

absl::StatusOr<InputFormat> ParseInputFormat(std::string_view name) {
  static constexpr std::pair<std::string_view, InputFormat> kFormats[] = {
      {"ndjson", InputFormat::kNdjson},
      {"json", InputFormat::kNdjson},
      {"csv", InputFormat::kCsv},
      {"tsv", InputFormat::kTsv},
      {"names", InputFormat::kNames},
      {"glue", InputFormat::kGlue},
      {"directory", InputFormat::kDirectory},
      {"dir", InputFormat::kDirectory},
  };
  for (const auto& [text, format] : kFormats) {
    if (base::EqualsIgnoreCase(text, name)) return format;
  }
  return MakeError(ErrorKind::kInvalidObject, ObjectKind::kInput, name,
                   base::StrCat("unknown input format ", base::Quoted(name),
                                "; expected ndjson, csv, tsv, names, glue or directory"));
}

absl::Status ReadPartitions(const std::string& path, std::span<const std::string> keys, const InputOptions& options,
                            const std::function<absl::Status(const BulkRow&)>& take) {
  ASSIGN_OR_RETURN(std::unique_ptr<bulk::RowReader> reader, bulk::OpenReader(path, keys, options));
  bulk::Feeder feeder(path, options, take, reader->bytes_total());
  bulk::Prefetcher prefetcher(reader.get(), keys.size());
  for (;;) {
    absl::StatusOr<std::unique_ptr<bulk::RowBatch>> batch = prefetcher.Next();
    if (!batch.ok()) return bulk::WithPath(batch.status(), path == "-" ? "standard input" : path);
    if (*batch == nullptr) break;
    RETURN_IF_ERROR(feeder.Feed(**batch));
    prefetcher.Return(*std::move(batch));
  }
  feeder.Report(true);
  return absl::OkStatus();
}

}  // namespace lodestone
