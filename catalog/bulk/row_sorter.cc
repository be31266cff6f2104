#include "catalog/bulk/row_sorter.h"

#include <algorithm>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::bulk {
namespace {

// Few enough that the last one is sorted soon, large enough that there are few to merge.
constexpr std::size_t kMaxSegment = std::size_t{32} << 20;
constexpr std::size_t kMinSegment = std::size_t{4} << 10;

}  // namespace

RowSorter::RowSorter(const Options& options, SpillFolder* folder)
    : options_(options),
      folder_(folder),
      segment_bytes_(std::clamp(options.memory_bytes / 8, kMinSegment, kMaxSegment)) {}

RowSorter::~RowSorter() {
  if (!worker_.joinable()) return;
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
  }
  worker_.join();
}

absl::Status RowSorter::Add(const BlobParts& parts) {
  const std::size_t size = BlobSize(parts);
  if (size > kMaxBlob) {
    return absl::InvalidArgumentError(base::StrCat("a row of ", size, " bytes; at most ", kMaxBlob, " are taken"));
  }
  if (open_ != nullptr && !open_->HasRoom(size)) {
    Seal();
    if (memory_ + segment_bytes_ > options_.memory_bytes) RETURN_IF_ERROR(Spill());
  }
  if (open_ == nullptr) open_ = std::make_unique<Segment>(segment_bytes_);
  WriteBlob(parts, open_->Allocate(size));
  open_->Commit(size);
  memory_ += size;
  ++rows_;
  return absl::OkStatus();
}

void RowSorter::AddRun(std::shared_ptr<const Run> run) {
  rows_ += run->rows();
  runs_.insert(runs_.begin() + static_cast<std::ptrdiff_t>(on_disk_++), std::move(run));
}

void RowSorter::Seal() {
  if (open_ == nullptr || open_->rows() == 0) return;
  if (!worker_.joinable()) worker_ = std::thread([this] { Work(); });
  absl::MutexLock lock(&mutex_);
  waiting_.push_back(std::move(open_));
}

void RowSorter::Work() {
  for (;;) {
    std::unique_ptr<Segment> segment;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &RowSorter::HasWork));
      if (stop_) return;
      segment = std::move(waiting_.front());
      waiting_.pop_front();
      busy_ = true;
    }
    std::shared_ptr<const Run> run = std::move(*segment).Sort();
    absl::MutexLock lock(&mutex_);
    sorted_.push_back(std::move(run));
    busy_ = false;
  }
}

void RowSorter::Drain() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(this, &RowSorter::IsIdle));
  std::move(sorted_.begin(), sorted_.end(), std::back_inserter(runs_));
  sorted_.clear();
}

absl::Status RowSorter::Spill() {
  Finish();
  if (runs_.size() == on_disk_) return absl::OkStatus();
  const std::vector<std::shared_ptr<const Run>> in_memory(runs_.begin() + static_cast<std::ptrdiff_t>(on_disk_),
                                                          runs_.end());
  ASSIGN_OR_RETURN(OwnedFile file, folder_->NewFile());
  SpillWriter writer(std::move(file), options_.key_count);
  RunMerger merger(in_memory, {}, {});
  while (merger.Next()) RETURN_IF_ERROR(writer.Add(merger.blob()));
  RETURN_IF_ERROR(merger.status());
  ASSIGN_OR_RETURN(std::shared_ptr<const Run> run, writer.Finish(folder_->resumable()));
  if (folder_->resumable()) files_.push_back(folder_->last_file());
  runs_.resize(on_disk_);
  runs_.push_back(std::move(run));
  ++on_disk_;
  memory_ = 0;
  return absl::OkStatus();
}

void RowSorter::Finish() {
  // The last segment is sorted here, while the thread is at the ones before.
  std::shared_ptr<const Run> last;
  if (open_ != nullptr && open_->rows() > 0) last = std::move(*std::exchange(open_, nullptr)).Sort();
  if (worker_.joinable()) Drain();
  if (last != nullptr) runs_.push_back(std::move(last));
}

}  // namespace lodestone::bulk
