#include "catalog/partition/row_source.h"

#include <memory>
#include <string>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/partition/page_cursor.h"
#include "catalog/partition/page_walk.h"
#include "catalog/partition/page_writer.h"

namespace lodestone::partition {

absl::Status PageRows::SetPage(const record::KeyPage* keys, const record::ValuePage* values) {
  keys_ = keys;
  RETURN_IF_ERROR(values->ReadCreateTimes(&create_times_));
  RETURN_IF_ERROR(values->ReadLastAccessTimes(&last_access_times_));
  RETURN_IF_ERROR(values->ReadDescriptors(&descriptors_));
  RETURN_IF_ERROR(values->ReadLocations(&locations_));
  columns_.resize(values->parameter_count());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    columns_[i].name = values->parameter_name(i);
    RETURN_IF_ERROR(values->ReadParameter(i, &columns_[i].text));
  }
  for (std::size_t row = 0; row < (descriptors_.constant() ? 1 : keys->rows()); ++row) {
    const int64_t number = descriptors_.value(row);
    if (number < 0 || number > std::numeric_limits<uint32_t>::max()) {
      return absl::DataLossError(base::StrCat(number, " is no descriptor"));
    }
  }
  values_.resize(keys->key_count());
  number_texts_.resize(columns_.size() * record::kIntegerTextBytes);
  return absl::OkStatus();
}

const Row& PageRows::Get(std::size_t index) {
  key_.clear();
  keys_->AppendKey(index, &key_);
  row_.key = key_;
  for (std::size_t i = 0; i < values_.size(); ++i) values_[i] = keys_->column(i).row_value(index);
  row_.values = values_;
  row_.create_time = create_times_.value(index);
  row_.last_access_time = last_access_times_.value(index);
  row_.descriptor = static_cast<uint32_t>(descriptors_.value(index));
  row_.location = locations_.value(index, location_text_);
  parameters_.clear();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    char* const buffer = number_texts_.data() + i * record::kIntegerTextBytes;
    const std::optional<std::string_view> value = columns_[i].text.value(index, buffer);
    if (value) parameters_.emplace_back(columns_[i].name, *value);
  }
  row_.parameters = parameters_;
  return row_;
}

namespace {

class PagesAsRows final : public RowSource {
 public:
  PagesAsRows(std::shared_ptr<const store::Reader> reader, const TablePartitions& table, std::string_view from)
      : reader_(std::move(reader)),
        table_(table),
        walk_(*reader_, table_, nullptr,
              {.order = Order::kAscending, .after = std::nullopt, .from = std::string(from)}),
        values_(*reader_, table_, Order::kAscending, {.long_scan = true, .fill_cache = false}) {}

  bool Next() override {
    if (!status_.ok()) return false;
    while (next_ == end_) {
      if (!walk_.Next()) {
        status_ = walk_.status();
        return false;
      }
      status_ = ReadPage();
      if (!status_.ok()) return false;
    }
    row_ = &rows_.Get(next_++);
    return true;
  }
  const Row& row() const override { return *row_; }
  const absl::Status& status() const override { return status_; }

 private:
  absl::Status ReadPage() {
    RETURN_IF_ERROR(values_.Read(walk_.pages().lowest(), walk_.page().rows()));
    if (const absl::Status set = rows_.SetPage(&walk_.page(), &values_.page()); !set.ok()) {
      return DamagedPage(table_, "value page", walk_.pages().lowest(), set);
    }
    next_ = walk_.first_row();
    end_ = walk_.end_row();
    return absl::OkStatus();
  }

  const std::shared_ptr<const store::Reader> reader_;
  const TablePartitions table_;
  PageWalk walk_;
  ValuePageCursor values_;
  PageRows rows_;
  absl::Status status_;
  const Row* row_ = nullptr;
  std::size_t next_ = 0;
  std::size_t end_ = 0;
};

}  // namespace

std::unique_ptr<RowSource> NewRowSource(std::shared_ptr<const store::Reader> reader, const TablePartitions& table,
                                        std::string_view from) {
  return std::make_unique<PagesAsRows>(std::move(reader), table, from);
}

}  // namespace lodestone::partition
