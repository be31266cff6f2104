#include "catalog/partition/reader.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/partition/batch.h"
#include "catalog/partition/descriptors.h"
#include "catalog/partition/page_cursor.h"
#include "catalog/partition/page_walk.h"

namespace lodestone::partition {

namespace {

class PageScan final : public Scan {
 public:
  PageScan(std::shared_ptr<const store::Reader> reader, std::shared_ptr<const TablePartitions> table,
           std::shared_ptr<const filter::Filter> filter, ScanOptions options)
      : reader_(std::move(reader)),
        table_(std::move(table)),
        filter_(std::move(filter)),
        limit_(options.limit == 0 ? std::numeric_limits<std::size_t>::max() : options.limit),
        batch_size_(options.batch_size == 0 ? record::kMaxPageRows : options.batch_size),
        wants_values_(!options.projection.keys_only()),
        descending_(options.order == Order::kDescending),
        resumed_(options.after.has_value()),
        walk_(*reader_, *table_, filter_.get(),
              {.order = options.order, .after = std::move(options.after), .keys = std::move(options.keys)}),
        descriptors_(reader_.get(), *table_),
        batch_(*table_, options.projection) {
    if (wants_values_)
      values_.emplace(*reader_, *table_, options.order, store::CursorHint{.long_scan = walk_.all_rows()});
  }

  bool Next() override {
    if (!status_.ok() || ended_ || yielded_ >= limit_) return false;
    if (next_row_ == rows_.size() && !NextPage()) return false;
    const std::size_t count = std::min({batch_size_, limit_ - yielded_, rows_.size() - next_row_});
    const std::span<const uint16_t> window = std::span(rows_).subspan(next_row_, count);
    batch_.SetWindow(window);
    batch_.SetProgress(yielded_, walk_.all_rows() && !resumed_ ? Expected() : 0);
    last_row_ = window.back();
    next_row_ += count;
    yielded_ += count;
    return true;
  }

  const PartitionBatch& batch() const override { return batch_; }
  const absl::Status& status() const override { return status_; }

  std::optional<std::string> last_key() const override {
    if (ended_ || yielded_ == 0) return std::nullopt;
    return status_.ok() ? walk_.page().Key(last_row_) : last_key_;
  }

  const FilterPlan& plan() const override { return walk_.plan(); }

 private:
  bool NextPage() {
    if (yielded_ > 0) last_key_ = walk_.page().Key(last_row_);
    do {
      if (!walk_.Next()) {
        status_ = walk_.status();
        ended_ = status_.ok();
        return false;
      }
      rows_.clear();
      walk_.Evaluate(&rows_);
    } while (rows_.empty());
    next_row_ = 0;
    if (descending_) std::reverse(rows_.begin(), rows_.end());
    const record::ValuePage* page = nullptr;
    if (wants_values_) {
      status_ = values_->Read(walk_.pages().lowest(), walk_.page().rows());
      if (!status_.ok()) return false;
      page = &values_->page();
    }
    status_ = batch_.SetPage(&walk_.pages(), page, &descriptors_);
    return status_.ok();
  }

  uint64_t Expected() const {
    const uint64_t all =
        std::min<uint64_t>(limit_, static_cast<uint64_t>(std::max<int64_t>(0, table_->set.partitions())));
    return all > yielded_ ? all - yielded_ : 0;
  }

  // Order matters: what stands below refers to what stands above.
  const std::shared_ptr<const store::Reader> reader_;
  const std::shared_ptr<const TablePartitions> table_;
  const std::shared_ptr<const filter::Filter> filter_;
  const std::size_t limit_;
  const std::size_t batch_size_;
  const bool wants_values_;
  const bool descending_;
  const bool resumed_;
  PageWalk walk_;
  std::optional<ValuePageCursor> values_;
  DescriptorReader descriptors_;
  ScanBatch batch_;

  absl::Status status_;
  bool ended_ = false;
  std::vector<uint16_t> rows_;  // of the page, in the order of the scan
  std::size_t next_row_ = 0;
  std::size_t last_row_ = 0;
  std::size_t yielded_ = 0;
  std::string last_key_;  // of the pages before the current one
};

// Where in a page a partition is.
bool FindRowIn(const record::KeyPage& page, std::string_view key, std::size_t* row) {
  *row = page.LowerBound(key);
  return *row < page.rows() && page.CompareKey(*row, key) == 0;
}

// Finds the row of a partition; false when there is none.
absl::StatusOr<bool> FindRow(KeyPageCursor* pages, std::string_view key, std::size_t* row) {
  pages->SeekFloor(key);
  if (!pages->Valid()) {
    RETURN_IF_ERROR(pages->status());
    return false;
  }
  RETURN_IF_ERROR(pages->Read());
  return FindRowIn(pages->page(), key, row);
}

}  // namespace

std::unique_ptr<Scan> NewScan(std::shared_ptr<const store::Reader> reader, std::shared_ptr<const TablePartitions> table,
                              std::shared_ptr<const filter::Filter> filter, ScanOptions options) {
  return std::make_unique<PageScan>(std::move(reader), std::move(table), std::move(filter), std::move(options));
}
std::unique_ptr<Scan> NewScan(std::shared_ptr<const store::Reader> reader, TablePartitions table,
                              std::shared_ptr<const filter::Filter> filter, ScanOptions options) {
  return NewScan(std::move(reader), std::make_shared<const TablePartitions>(std::move(table)), std::move(filter),
                 std::move(options));
}

absl::StatusOr<std::optional<model::v1::Partition>> GetPartition(const store::Reader& reader,
                                                                 const TablePartitions& table, std::string_view key,
                                                                 const Projection& projection) {
  KeyPageCursor pages = KeyPageCursor::ForLookup(reader, table);
  std::size_t row = 0;
  ASSIGN_OR_RETURN(const bool found, FindRow(&pages, key, &row));
  if (!found) return std::nullopt;
  ScanBatch batch(table, projection);
  DescriptorReader descriptors(&reader, table);
  std::optional<ValuePageCursor> values;
  if (!projection.keys_only()) {
    values.emplace(table, pages.Release());
    RETURN_IF_ERROR(values->Read(pages.lowest(), pages.page().rows()));
  }
  RETURN_IF_ERROR(batch.SetPage(&pages, values ? &values->page() : nullptr, &descriptors));
  const auto number = static_cast<uint16_t>(row);
  batch.SetWindow(std::span(&number, 1));
  std::optional<model::v1::Partition> partition(std::in_place);
  batch.ToPartition(0, &*partition);
  return partition;
}

absl::StatusOr<bool> PartitionExists(const store::Reader& reader, const TablePartitions& table, std::string_view key) {
  KeyPageCursor pages(reader, table);
  std::size_t row = 0;
  return FindRow(&pages, key, &row);
}

absl::StatusOr<std::vector<bool>> PartitionsExist(const store::Reader& reader, const TablePartitions& table,
                                                  std::span<const std::string_view> keys) {
  std::vector<bool> exist(keys.size());
  KeyPageCursor pages(reader, table);
  bool stands = false;  // on a page that was read
  for (std::size_t i = 0, row = 0; i < keys.size(); ++i) {
    const bool in_page =
        stands && pages.lowest() <= keys[i] && pages.page().CompareKey(pages.page().rows() - 1, keys[i]) >= 0;
    if (in_page) {
      exist[i] = FindRowIn(pages.page(), keys[i], &row);
    } else {
      ASSIGN_OR_RETURN(exist[i], FindRow(&pages, keys[i], &row));
      stands = pages.Valid();
    }
  }
  return exist;
}

}  // namespace lodestone::partition
