#include "catalog/partition/page_builder.h"

#include <algorithm>

#include "catalog/model/partition_name.h"
#include "catalog/record/key_page.h"
#include "catalog/record/value_page.h"

namespace lodestone::partition {

namespace {

constexpr std::size_t kMaxParameterColumns = 16'384;  // of one page, unless a single row has more
constexpr std::size_t kKeptParameterColumns = 256;    // more are forgotten between pages

// The rows' presence, or nothing when all are present.
std::span<const uint8_t> PresenceOf(std::span<const uint8_t> present) {
  const bool complete = std::find(present.begin(), present.end(), 0) == present.end();
  return complete ? std::span<const uint8_t>() : present;
}

}  // namespace

PageBuilder::PageBuilder(std::size_t key_count, const PageLimits& limits) : limits_(limits), keys_(key_count) {
  Clear();
}

bool PageBuilder::Fits(const Row& row) const {
  if (rows_ == 0) return true;
  if (rows_ >= std::min(limits_.max_rows, record::kMaxPageRows)) return false;
  if (value_bytes_ >= limits_.max_value_bytes || key_bytes_ >= limits_.max_key_bytes) return false;
  std::size_t bytes = row.location ? row.location->size() : 0;
  for (const Parameter& parameter : row.parameters) bytes += parameter.second.size();
  if (bytes > limits_.max_value_bytes / 2 && value_bytes_ + bytes > limits_.max_value_bytes) return false;
  return parameters_.size() + row.parameters.size() <= kMaxParameterColumns;
}

void PageBuilder::AddKey(std::string_view value, KeyColumnRows* column) {
  if (rows_ > 0) {
    const uint32_t last = column->indexes.back();
    if (column->values[last] == value) {
      column->indexes.push_back(last);
      key_bytes_ += column->values.size() > 1 ? 1 : 0;
      return;
    }
  }
  const std::size_t before = column->values.size();
  column->indexes.push_back(column->index.FindOrAdd(value, &column->values));
  if (column->values.size() > before) {
    column->values.back() = arena_.Copy(value);
    key_bytes_ += value.size() + 2;
  }
  key_bytes_ += 1;
}

void PageBuilder::AddText(std::string_view value, TextRows* column) {
  if (column->values.size() < rows_) {
    column->values.resize(rows_);
    column->present.resize(rows_, 0);
  }
  const bool again = column->last.data() != nullptr && column->last == value;
  if (!again) {
    column->last = arena_.Copy(value);
    // What a row of a dictionary or a column of numbers takes; longer texts are rarely repeated.
    value_bytes_ += value.size() <= 16 ? std::min<std::size_t>(value.size(), 8) : value.size();
  }
  value_bytes_ += 1;
  column->values.push_back(column->last);
  column->present.push_back(1);
}

std::size_t PageBuilder::ColumnOf(std::string_view name) {
  if (const auto it = parameter_numbers_.find(name); it != parameter_numbers_.end()) return it->second;
  const std::size_t number = parameters_.size();
  parameters_.push_back(std::make_unique<TextRows>());
  parameters_.back()->name = std::string(name);
  parameter_numbers_.emplace(std::string(name), number);
  const auto at = std::lower_bound(by_name_.begin(), by_name_.end(), name,
                                   [&](std::size_t i, std::string_view n) { return parameters_[i]->name < n; });
  by_name_.insert(at, number);
  return number;
}

void PageBuilder::Add(const Row& row) {
  for (std::size_t i = 0; i < keys_.size(); ++i) AddKey(row.values[i], &keys_[i]);
  create_times_.push_back(row.create_time);
  last_access_times_.push_back(row.last_access_time);
  descriptors_.push_back(row.descriptor);
  value_bytes_ += 6;
  if (row.location) AddText(*row.location, &location_);
  for (std::size_t i = 0; i < row.parameters.size(); ++i) {
    const auto& [name, value] = row.parameters[i];
    if (i >= last_sequence_.size()) last_sequence_.push_back(ColumnOf(name));
    std::size_t& number = last_sequence_[i];
    if (parameters_[number]->name != name) number = ColumnOf(name);
    AddText(value, parameters_[number].get());
  }
  ++rows_;
}

void PageBuilder::EncodeRange(std::size_t begin, std::size_t end, EncodedPage* page) const {
  const std::size_t count = end - begin;
  std::vector<record::KeyColumnData> keys;
  std::vector<std::string_view> lowest;
  for (const KeyColumnRows& column : keys_) {
    keys.push_back({column.values, std::span(column.indexes).subspan(begin, count)});
    lowest.push_back(column.values[column.indexes[begin]]);
  }
  page->rows = count;
  page->lowest = model::EncodePartitionKey(std::span<const std::string_view>(lowest));
  record::AppendKeyPage(keys, &page->key_page);

  record::ValuePageWriter values(count);
  for (const std::vector<int64_t>* column : {&create_times_, &last_access_times_, &descriptors_}) {
    record::AppendIntegerColumn(std::span(*column).subspan(begin, count), values.body());
    values.EndColumn();
  }
  const auto append = [&](const TextRows& column) {
    // Columns end where their last value was added; the range may go beyond.
    std::vector<std::string_view> texts(count);
    std::vector<uint8_t> present(count, 0);
    const std::size_t stop = std::min(end, column.values.size());
    if (stop <= begin) return false;
    std::copy(column.values.begin() + begin, column.values.begin() + stop, texts.begin());
    std::copy(column.present.begin() + begin, column.present.begin() + stop, present.begin());
    if (std::find(present.begin(), present.end(), 1) == present.end()) return false;
    record::AppendTextColumn(texts, PresenceOf(present), values.body());
    return true;
  };
  append(location_);
  values.EndColumn();
  for (const std::size_t number : by_name_) {
    if (append(*parameters_[number])) values.EndParameter(parameters_[number]->name);
  }
  values.Finish(&page->value_page);
}

void PageBuilder::Encode(std::vector<EncodedPage>* out) {
  EncodeInHalves(
      0, rows_, limits_,
      [this](std::size_t begin, std::size_t end, EncodedPage* page) { EncodeRange(begin, end, page); }, out);
  Clear();
}

void PageBuilder::Clear() {
  rows_ = 0;
  key_bytes_ = 0;
  value_bytes_ = 0;
  arena_.Clear();
  for (KeyColumnRows& column : keys_) {
    column.values.clear();
    column.indexes.clear();
    column.index.Reset(std::min<std::size_t>(limits_.max_rows, 4'096));
  }
  create_times_.clear();
  last_access_times_.clear();
  descriptors_.clear();
  const auto forget = [](TextRows* column) {
    column->values.clear();
    column->present.clear();
    column->last = {};
  };
  forget(&location_);
  if (parameters_.size() > kKeptParameterColumns) {
    parameters_.clear();
    parameter_numbers_.clear();
    by_name_.clear();
    last_sequence_.clear();
  }
  for (const auto& column : parameters_) forget(column.get());
}

}  // namespace lodestone::partition
