#include "catalog/bulk/row_encoder.h"

#include <algorithm>
#include <array>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/errors.h"
#include "catalog/model/limits.h"
#include "catalog/model/partition_name.h"
#include "catalog/model/validate.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace lodestone::bulk {
namespace {

constexpr uint8_t kEscaped = 1;   // names write it as %XX
constexpr uint8_t kControl = 2;   // no text without a closer look
constexpr uint8_t kNotAscii = 4;  // may be part of a character

std::array<uint8_t, 256> MakeClasses() {
  std::array<uint8_t, 256> classes{};
  for (int c = 0; c < 256; ++c) {
    if (model::NeedsEscape(static_cast<char>(c))) classes[c] |= kEscaped;
    if (c < 0x20 || c == 0x7F) classes[c] |= kControl;
    if (c >= 0x80) classes[c] |= kNotAscii;
  }
  return classes;
}
const std::array<uint8_t, 256> kClasses = MakeClasses();

uint8_t ClassesIn(std::string_view text) {
  uint8_t seen = 0;
  for (const char c : text) seen |= kClasses[static_cast<unsigned char>(c)];
  return seen;
}

// Well-formed UTF-8 without control characters.
bool IsPlain(uint8_t classes, std::string_view text) {
  if ((classes & kControl) != 0) return false;
  return (classes & kNotAscii) == 0 || base::FindInvalidUtf8(text) == std::string_view::npos;
}
bool IsPlain(std::string_view text) { return IsPlain(ClassesIn(text), text); }

// The same bytes for the same message, whatever the order of its maps.
std::string Serialize(const model::v1::StorageDescriptor& descriptor) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    descriptor.SerializeToCodedStream(&coded);
  }
  return bytes;
}

}  // namespace

uint32_t DescriptorPool::NumberOf(const model::v1::StorageDescriptor& descriptor) {
  std::string bytes;
  if (descriptor.location().empty()) {
    bytes = Serialize(descriptor);
  } else {
    model::v1::StorageDescriptor copy = descriptor;
    copy.clear_location();
    bytes = Serialize(copy);
  }
  if (bytes.empty()) return 0;
  const auto [it, added] = numbers_.try_emplace(bytes, static_cast<uint32_t>(descriptors_.size() + 1));
  if (added) descriptors_.push_back(std::move(bytes));
  return it->second;
}

void DescriptorPool::Restore(std::vector<std::string> descriptors) {
  descriptors_ = std::move(descriptors);
  numbers_.clear();
  for (std::size_t i = 0; i < descriptors_.size(); ++i) numbers_.emplace(descriptors_[i], i + 1);
}

RowEncoder::RowEncoder(std::string table_name, std::vector<std::string> key_names, std::string_view base_location)
    : table_name_(std::move(table_name)), key_names_(std::move(key_names)), derived_(base_location, key_names_) {}

absl::Status RowEncoder::Encode(const BulkRow& row, int64_t now) {
  if (row.values.size() != key_names_.size()) {
    return model::CheckPartitionValues(table_name_, key_names_, row.values);
  }
  RETURN_IF_ERROR(EncodeKey(row.values));

  bool plain = row.parameters.size() <= model::kMaxParameters;
  std::size_t bytes = row.location.size();
  parameters_.assign(row.parameters.begin(), row.parameters.end());
  for (const auto& [name, value] : row.parameters) {
    plain = plain && !name.empty() && name.size() <= model::kMaxParameterKeyBytes && IsPlain(name) && IsPlain(value);
    bytes += name.size() + value.size();
  }
  plain = plain && row.location.size() <= model::kMaxLocationBytes && IsPlain(row.location) &&
          bytes <= model::kMaxParameterValueBytes;
  if (!plain || row.descriptor != nullptr) RETURN_IF_ERROR(CheckThoroughly(row));
  RETURN_IF_ERROR(SortParameters());

  std::string_view location = row.location;
  if (location.empty() && row.descriptor != nullptr) location = row.descriptor->location();
  parts_.key = key_;
  parts_.has_location = !location.empty() && !derived_.Is(location, key_);
  parts_.location = parts_.has_location ? location : std::string_view();
  parts_.descriptor = row.descriptor == nullptr ? 0 : descriptors_.NumberOf(*row.descriptor);
  parts_.create_time = row.create_time != 0 ? row.create_time : now;
  parts_.last_access_time = row.last_access_time;
  parts_.parameters = parameters_;
  return absl::OkStatus();
}

absl::Status RowEncoder::EncodeKey(std::span<const std::string_view> values) {
  key_.clear();
  parts_.has_escapes = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string_view value = values[i];
    const uint8_t classes = ClassesIn(value);
    if (value.size() > model::kMaxPartitionValueBytes || !IsPlain(classes, value)) {
      RETURN_IF_ERROR(model::CheckPartitionValues(table_name_, key_names_, values));
    }
    if (i > 0) key_ += '/';
    if (value.empty() || (classes & kEscaped) != 0) {
      model::AppendEscapedPathName(value, &key_);
      parts_.has_escapes |= !value.empty();
    } else {
      key_.append(value);
    }
  }
  return absl::OkStatus();
}

absl::Status RowEncoder::SortParameters() {
  // Nearly always sorted, or nearly so.
  for (std::size_t i = 1; i < parameters_.size(); ++i) {
    if (parameters_[i - 1].first < parameters_[i].first) continue;
    std::stable_sort(parameters_.begin(), parameters_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    break;
  }
  for (std::size_t i = 1; i < parameters_.size(); ++i) {
    if (parameters_[i - 1].first != parameters_[i].first) continue;
    const std::string shown = Shown(key_);
    return MakeError(
        ErrorKind::kInvalidObject, ObjectKind::kPartition, shown,
        base::StrCat("partition ", shown, ": the parameter ", base::Quoted(parameters_[i].first, 60), " comes twice"));
  }
  return absl::OkStatus();
}

absl::Status RowEncoder::CheckThoroughly(const BulkRow& row) const {
  model::v1::Partition message;
  for (const std::string_view value : row.values) message.add_values(std::string(value));
  if (row.descriptor != nullptr) *message.mutable_storage_descriptor() = *row.descriptor;
  if (!row.location.empty()) message.mutable_storage_descriptor()->set_location(std::string(row.location));
  for (const auto& [name, value] : row.parameters) {
    (*message.mutable_parameters())[std::string(name)] = std::string(value);
  }
  return model::CheckPartition(table_name_, message);
}

std::string RowEncoder::Shown(std::string_view key) const { return base::StrCat(table_name_, "/", NameOf(key)); }

}  // namespace lodestone::bulk
