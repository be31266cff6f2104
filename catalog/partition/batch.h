// The batch that scans yield: a window on a key page and, when values were asked for, on its value page.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "catalog/partition/descriptors.h"
#include "catalog/partition/name_renderer.h"
#include "catalog/partition/page_cursor.h"
#include "catalog/partition/table_partitions.h"
#include "catalog/partition_batch.h"
#include "catalog/record/value_page.h"

namespace lodestone::partition {

// Set up page by page, then window by window; everything is a view on the cursors' current pages. Not thread-safe.
class ScanBatch final : public PartitionBatch {
 public:
  // `table` outlives the batch.
  ScanBatch(const TablePartitions& table, const Projection& projection);

  // A new page. `values` null when the projection wants none. DataLoss: a column that was asked for is damaged, or a
  // descriptor is missing.
  absl::Status SetPage(KeyPageCursor* keys, const record::ValuePage* values, DescriptorReader* descriptors);
  // The rows that the batch shows; `rows` are row numbers of the page and live as long as the window.
  void SetWindow(std::span<const uint16_t> rows);
  // Rows that the scan yielded before this window, and how many may still come, this window included; 0: not known.
  // Lets a list of names that takes all batches grow once instead of time and again.
  void SetProgress(uint64_t yielded, uint64_t expected) {
    yielded_ = yielded;
    expected_ = expected;
  }

  std::size_t size() const override { return rows_.size(); }
  std::span<const KeyColumn> keys() const override { return keys_; }
  std::span<const int64_t> create_times() const override { return create_times_; }
  std::span<const int64_t> last_access_times() const override { return last_access_times_; }
  const StringColumn* locations() const override { return projection_.location ? &location_ : nullptr; }
  const model::v1::StorageDescriptor* descriptor(std::size_t row) const override {
    return projection_.descriptor ? &DescriptorOf(row).storage_descriptor() : nullptr;
  }
  std::span<const StringColumn* const> parameters() const override { return shown_parameters_; }
  void AppendNames(NameList* out) const override;
  std::string Name(std::size_t row) const override;
  void ToPartition(std::size_t row, model::v1::Partition* out) const override;

 private:
  class Parameter final : public StringColumn {
   public:
    std::string_view name() const override { return name_; }
    std::optional<std::string_view> value(std::size_t row) const override {
      return column_.value(batch_->rows_[row], buffer_);
    }

   private:
    friend class ScanBatch;
    std::string_view name_;
    record::TextColumn column_;
    const ScanBatch* batch_ = nullptr;
    mutable char buffer_[record::kIntegerTextBytes];
  };
  class Location final : public StringColumn {
   public:
    explicit Location(const ScanBatch* batch) : batch_(batch) {}
    std::string_view name() const override { return "location"; }
    std::optional<std::string_view> value(std::size_t row) const override;

   private:
    const ScanBatch* batch_;
    mutable std::string derived_;
  };
  // What ToPartition put into a message last time: not copied again where it is still there.
  struct Filled {
    const model::v1::Partition* message = nullptr;
    const model::v1::StorageDescriptor* descriptor = nullptr;  // of the message
    const record::v1::SharedDescriptor* from = nullptr;
  };

  absl::Status ReadDescriptors(const record::ValuePage& values, DescriptorReader* descriptors);
  absl::Status ReadParameters(const record::ValuePage& values);
  bool ShownIn(const Parameter& parameter, std::span<const uint16_t> rows) const;
  const record::v1::SharedDescriptor& DescriptorOf(std::size_t row) const;
  void AssignLocation(std::size_t row, const record::v1::SharedDescriptor& shared, std::string* out) const;
  void FillDescriptor(std::size_t row, model::v1::Partition* out) const;
  void FillParameters(std::size_t row, model::v1::Partition* out) const;
  NameRenderer& Names() const;

  const TablePartitions& table_;
  Projection projection_;  // parameters sorted, each once

  KeyPageCursor* page_keys_ = nullptr;
  std::span<const uint16_t> rows_;
  std::vector<KeyColumn> keys_;
  std::vector<std::vector<uint16_t>> gathered_;
  record::IntegerColumn create_column_;
  record::IntegerColumn access_column_;
  std::vector<int64_t> create_times_;
  std::vector<int64_t> last_access_times_;
  // One for all rows of the page, or one per row.
  std::vector<const record::v1::SharedDescriptor*> descriptors_;
  record::TextColumn location_column_;
  Location location_{this};
  std::vector<std::unique_ptr<Parameter>> parameters_;  // of the page; only the first parameter_count_
  std::size_t parameter_count_ = 0;
  std::vector<const StringColumn*> shown_parameters_;

  uint64_t yielded_ = 0;
  uint64_t expected_ = 0;
  mutable NameRenderer names_;
  mutable bool names_ready_ = false;
  mutable Filled filled_;
};

}  // namespace lodestone::partition
