#include "catalog/bulk/row_batch.h"

#include <algorithm>
#include <cstring>

namespace lodestone::bulk {

void RowBatch::Clear() {
  values_.clear();
  parameters_.clear();
  rows_.clear();
  bad_.clear();
  kept_.clear();
  descriptors_.clear();
  bytes_ = 0;
}

char* RowBatch::Buffer(std::size_t size) { return GrowBuffer(size, 0); }

char* RowBatch::GrowBuffer(std::size_t size, std::size_t keep) {
  if (size > capacity_) {
    auto larger = std::make_unique_for_overwrite<char[]>(size + kPadding);
    if (keep > 0) std::memcpy(larger.get(), buffer_.get(), keep);
    // The padding is read, never used.
    std::memset(larger.get() + size, 0, kPadding);
    buffer_ = std::move(larger);
    capacity_ = size;
  }
  return buffer_.get();
}

void RowBatch::EndRow(std::string_view location, int64_t create_time, int64_t last_access_time,
                      std::shared_ptr<const model::v1::StorageDescriptor> descriptor, int64_t line) {
  rows_.push_back({parameters_.size(), location, create_time, last_access_time, descriptor.get(), line});
  if (descriptor != nullptr && (descriptors_.empty() || descriptors_.back() != descriptor)) {
    descriptors_.push_back(std::move(descriptor));
  }
}

void RowBatch::DropRow() {
  values_.resize(rows_.size() * key_count_);
  parameters_.resize(rows_.empty() ? 0 : rows_.back().parameters_end);
}

void RowBatch::RejectRow(int64_t line, std::string reason, std::string file) {
  DropRow();
  bad_.push_back({rows_.size(), line, std::move(file), std::move(reason)});
}

std::string_view RowBatch::Keep(std::string text) {
  kept_.push_back(std::move(text));
  return kept_.back();
}

BulkRow RowBatch::row(std::size_t i) const {
  const Entry& entry = rows_[i];
  const std::size_t first = i == 0 ? 0 : rows_[i - 1].parameters_end;
  BulkRow row;
  row.values = std::span(values_).subspan(i * key_count_, key_count_);
  row.parameters = std::span(parameters_).subspan(first, entry.parameters_end - first);
  row.location = entry.location;
  row.create_time = entry.create_time;
  row.last_access_time = entry.last_access_time;
  row.descriptor = entry.descriptor;
  return row;
}

}  // namespace lodestone::bulk
