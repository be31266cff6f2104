#include "catalog/partition/batch.h"

#ifdef __linux__
#include <sys/mman.h>
#endif

#include <algorithm>
#include <cstdint>
#include <limits>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/model/partition_name.h"

namespace lodestone::partition {

namespace {

// Asks for large memory pages behind a buffer that is about to be filled: the first touch of 4 KiB pages takes longer
// than writing the names into them. A hint only; where it is not understood nothing happens.
void PreferHugePages(void* begin, std::size_t bytes) {
#ifdef __linux__
  constexpr std::size_t kWorthIt = std::size_t{4} << 20;
  constexpr std::uintptr_t kPage = 4096;
  if (bytes < kWorthIt) return;
  const std::uintptr_t from = (reinterpret_cast<std::uintptr_t>(begin) + kPage - 1) / kPage * kPage;
  const std::uintptr_t to = (reinterpret_cast<std::uintptr_t>(begin) + bytes) / kPage * kPage;
  madvise(reinterpret_cast<void*>(from), to - from, MADV_HUGEPAGE);
#endif
}

}  // namespace

ScanBatch::ScanBatch(const TablePartitions& table, const Projection& projection)
    : table_(table),
      projection_(projection),
      keys_(table.keys.size()),
      gathered_(table.keys.size()),
      names_(NamePrefixes(table.key_names)) {
  std::vector<std::string>& asked = projection_.parameters;
  std::sort(asked.begin(), asked.end());
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
}

absl::Status ScanBatch::SetPage(KeyPageCursor* keys, const record::ValuePage* values, DescriptorReader* descriptors) {
  page_keys_ = keys;
  names_ready_ = false;
  parameter_count_ = 0;
  if (values == nullptr) return absl::OkStatus();
  const auto read = [&]() -> absl::Status {
    if (projection_.times) {
      RETURN_IF_ERROR(values->ReadCreateTimes(&create_column_));
      RETURN_IF_ERROR(values->ReadLastAccessTimes(&access_column_));
    }
    if (projection_.location) RETURN_IF_ERROR(values->ReadLocations(&location_column_));
    return ReadParameters(*values);
  };
  if (const absl::Status status = read(); !status.ok()) {
    return DamagedPage(table_, "value page", keys->lowest(), status);
  }
  if (!projection_.location && !projection_.descriptor) return absl::OkStatus();
  return ReadDescriptors(*values, descriptors);
}

absl::Status ScanBatch::ReadDescriptors(const record::ValuePage& values, DescriptorReader* descriptors) {
  record::IntegerColumn numbers;
  if (const absl::Status status = values.ReadDescriptors(&numbers); !status.ok()) {
    return DamagedPage(table_, "value page", page_keys_->lowest(), status);
  }
  const std::size_t count = numbers.constant() ? 1 : values.rows();
  descriptors_.resize(count);
  for (std::size_t row = 0; row < count; ++row) {
    if (row > 0 && numbers.value(row) == numbers.value(row - 1)) {
      descriptors_[row] = descriptors_[row - 1];
      continue;
    }
    const int64_t number = numbers.value(row);
    if (number < 0 || number > std::numeric_limits<uint32_t>::max()) {
      return DamagedPage(table_, "value page", page_keys_->lowest(), base::StrCat(number, " is no descriptor"));
    }
    ASSIGN_OR_RETURN(descriptors_[row], descriptors->Get(static_cast<uint32_t>(number)));
  }
  return absl::OkStatus();
}

absl::Status ScanBatch::ReadParameters(const record::ValuePage& values) {
  const auto add = [&](std::size_t column) -> absl::Status {
    if (parameter_count_ == parameters_.size()) parameters_.push_back(std::make_unique<Parameter>());
    Parameter& parameter = *parameters_[parameter_count_];
    RETURN_IF_ERROR(values.ReadParameter(column, &parameter.column_));
    parameter.name_ = values.parameter_name(column);
    parameter.batch_ = this;
    ++parameter_count_;
    return absl::OkStatus();
  };
  if (projection_.all_parameters) {
    for (std::size_t i = 0; i < values.parameter_count(); ++i) RETURN_IF_ERROR(add(i));
    return absl::OkStatus();
  }
  for (const std::string& name : projection_.parameters) {
    const std::optional<std::size_t> column = values.FindParameter(name);
    if (column) RETURN_IF_ERROR(add(*column));
  }
  return absl::OkStatus();
}

bool ScanBatch::ShownIn(const Parameter& parameter, std::span<const uint16_t> rows) const {
  if (parameter.column_.complete()) return true;
  return std::any_of(rows.begin(), rows.end(), [&](uint16_t row) { return parameter.column_.present(row); });
}

void ScanBatch::SetWindow(std::span<const uint16_t> rows) {
  rows_ = rows;
  const std::span<const KeyColumn> all = page_keys_->columns();
  // Ascending and without gaps: a part of the page's own columns.
  const bool contiguous = rows.front() <= rows.back() && std::size_t{1} + rows.back() - rows.front() == rows.size();
  for (std::size_t i = 0; i < all.size(); ++i) {
    keys_[i] = all[i];
    if (contiguous) {
      keys_[i].indexes = all[i].indexes.subspan(rows.front(), rows.size());
      continue;
    }
    gathered_[i].resize(rows.size());
    for (std::size_t r = 0; r < rows.size(); ++r) gathered_[i][r] = all[i].indexes[rows[r]];
    keys_[i].indexes = gathered_[i];
  }
  if (projection_.times) {
    create_times_.resize(rows.size());
    last_access_times_.resize(rows.size());
    for (std::size_t r = 0; r < rows.size(); ++r) {
      create_times_[r] = create_column_.value(rows[r]);
      last_access_times_[r] = access_column_.value(rows[r]);
    }
  }
  shown_parameters_.clear();
  for (std::size_t i = 0; i < parameter_count_; ++i) {
    if (ShownIn(*parameters_[i], rows)) shown_parameters_.push_back(parameters_[i].get());
  }
}

NameRenderer& ScanBatch::Names() const {
  if (!names_ready_) {
    names_.SetPage(page_keys_->page(), page_keys_->columns());
    names_ready_ = true;
  }
  return names_;
}

void ScanBatch::AppendNames(NameList* out) const {
  // A list that has taken all rows so far will take the rest as well.
  if (expected_ > 0 && yielded_ > 0 && out->size() == yielded_ && out->ends.capacity() < yielded_ + expected_) {
    const std::size_t per_name = out->bytes.size() / out->size() + 1;
    out->ends.reserve(yielded_ + expected_);
    out->bytes.reserve(out->bytes.size() + expected_ * per_name + (expected_ * per_name) / 16);
    PreferHugePages(out->ends.data() + out->ends.size(), (out->ends.capacity() - out->ends.size()) * sizeof(uint64_t));
    PreferHugePages(out->bytes.data() + out->bytes.size(), out->bytes.capacity() - out->bytes.size());
  }
  Names().Append(keys_, rows_.size(), &out->bytes, &out->ends);
}

std::string ScanBatch::Name(std::size_t row) const {
  std::string name;
  Names().AppendRow(keys_, row, &name);
  return name;
}

const record::v1::SharedDescriptor& ScanBatch::DescriptorOf(std::size_t row) const {
  return *descriptors_[descriptors_.size() == 1 ? 0 : rows_[row]];
}

void ScanBatch::AssignLocation(std::size_t row, const record::v1::SharedDescriptor& shared, std::string* out) const {
  char unused[record::kIntegerTextBytes];
  if (const std::optional<std::string_view> own = location_column_.value(rows_[row], unused)) {
    out->assign(*own);
    return;
  }
  out->clear();
  if (shared.base_location().empty()) return;
  AppendDerivedBase(shared.base_location(), out);
  // The location keeps the key names that the partition was added under. To render what is distinct in a page pays off
  // from a few rows on.
  constexpr std::size_t kFewRows = 4;
  const bool rendered = names_ready_ || rows_.size() >= kFewRows;
  if (rendered && std::equal(shared.key_names().begin(), shared.key_names().end(), table_.key_names.begin(),
                             table_.key_names.end())) {
    Names().AppendRow(keys_, row, out);
    return;
  }
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (i > 0) out->push_back('/');
    const int number = static_cast<int>(i);
    model::AppendEscapedPathName(number < shared.key_names_size() ? shared.key_names(number) : table_.key_names[i],
                                 out);
    out->push_back('=');
    model::AppendEscapedPathName(keys_[i].value(row), out);
  }
}

std::optional<std::string_view> ScanBatch::Location::value(std::size_t row) const {
  batch_->AssignLocation(row, batch_->DescriptorOf(row), &derived_);
  return derived_;
}

void ScanBatch::FillDescriptor(std::size_t row, model::v1::Partition* out) const {
  if (!projection_.location && !projection_.descriptor) {
    out->clear_storage_descriptor();
    return;
  }
  const record::v1::SharedDescriptor& shared = DescriptorOf(row);
  model::v1::StorageDescriptor* const descriptor = out->mutable_storage_descriptor();
  const record::v1::SharedDescriptor* const from = projection_.descriptor ? &shared : nullptr;
  const bool still_there = filled_.message == out && filled_.descriptor == descriptor && filled_.from == from &&
                           (from == nullptr || descriptor->columns_size() == from->storage_descriptor().columns_size());
  if (!still_there) {
    if (from != nullptr) {
      *descriptor = from->storage_descriptor();
    } else {
      descriptor->Clear();
    }
    filled_ = {out, descriptor, from};
  }
  if (projection_.location) {
    AssignLocation(row, shared, descriptor->mutable_location());
  } else {
    descriptor->clear_location();
  }
}

void ScanBatch::FillParameters(std::size_t row, model::v1::Partition* out) const {
  auto& map = *out->mutable_parameters();
  std::size_t count = 0;
  const std::size_t page_row = rows_[row];
  for (std::size_t i = 0; i < parameter_count_; ++i) {
    const Parameter& parameter = *parameters_[i];
    const std::optional<std::string_view> value = parameter.column_.value(page_row, parameter.buffer_);
    if (!value) continue;
    map[std::string(parameter.name_)].assign(*value);
    ++count;
  }
  if (map.size() == count) return;
  // The message held parameters that this partition does not have.
  for (auto it = map.begin(); it != map.end();) {
    const auto at = std::lower_bound(
        parameters_.begin(), parameters_.begin() + static_cast<std::ptrdiff_t>(parameter_count_),
        std::string_view(it->first), [](const auto& parameter, std::string_view n) { return parameter->name_ < n; });
    const bool keep = at != parameters_.begin() + static_cast<std::ptrdiff_t>(parameter_count_) &&
                      (*at)->name_ == it->first && (*at)->column_.present(page_row);
    if (keep) {
      ++it;
    } else {
      it = map.erase(it);
    }
  }
}

void ScanBatch::ToPartition(std::size_t row, model::v1::Partition* out) const {
  const auto set = [](const std::string& value, std::string* field) {
    if (*field != value) *field = value;
  };
  set(table_.catalog, out->mutable_catalog());
  set(table_.name.database, out->mutable_database());
  set(table_.name.table, out->mutable_table());
  while (out->values_size() < static_cast<int>(keys_.size())) out->add_values();
  while (out->values_size() > static_cast<int>(keys_.size())) out->mutable_values()->RemoveLast();
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    out->mutable_values(static_cast<int>(i))->assign(keys_[i].value(row));
  }
  out->set_create_time(projection_.times ? create_times_[row] : 0);
  out->set_last_access_time(projection_.times ? last_access_times_[row] : 0);
  FillDescriptor(row, out);
  FillParameters(row, out);
}

}  // namespace lodestone::partition
