#include "catalog/bulk/row_blob.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "catalog/base/strings.h"
#include "catalog/model/partition_name.h"

namespace lodestone::bulk {
namespace {

constexpr uint16_t kHasEscapes = 1;
constexpr uint16_t kHasLocation = 2;

template <typename T>
char* Store(T v, char* to) {
  std::memcpy(to, &v, sizeof v);
  return to + sizeof v;
}
// An empty text may have no address, which memcpy does not take.
char* Store(std::string_view s, char* to) { return std::copy(s.begin(), s.end(), to); }

absl::Status Damaged(std::string_view finding) {
  return absl::DataLossError(base::StrCat("a row of a sorted run is damaged: ", finding));
}

}  // namespace

std::size_t BlobSize(const BlobParts& parts) {
  std::size_t size = kBlobHeader + 8 * parts.parameters.size() + parts.key.size() + parts.location.size();
  for (const auto& [name, value] : parts.parameters) size += name.size() + value.size();
  return size;
}

void WriteBlob(const BlobParts& parts, char* to) {
  char* at = to + 4;
  at =
      Store(static_cast<uint16_t>((parts.has_escapes ? kHasEscapes : 0) | (parts.has_location ? kHasLocation : 0)), at);
  at = Store(static_cast<uint16_t>(parts.parameters.size()), at);
  at = Store(static_cast<uint32_t>(parts.key.size()), at);
  at = Store(static_cast<uint32_t>(parts.location.size()), at);
  at = Store(parts.descriptor, at);
  at = Store(parts.create_time, at);
  at = Store(parts.last_access_time, at);
  for (const auto& [name, value] : parts.parameters) {
    at = Store(static_cast<uint32_t>(name.size()), at);
    at = Store(static_cast<uint32_t>(value.size()), at);
  }
  at = Store(parts.key, at);
  at = Store(parts.location, at);
  for (const auto& [name, value] : parts.parameters) {
    at = Store(name, at);
    at = Store(value, at);
  }
  Store(static_cast<uint32_t>(at - to), to);
}

absl::Status CheckBlobs(std::string_view bytes, std::size_t key_count) {
  while (!bytes.empty()) {
    if (bytes.size() < kBlobHeader) return Damaged("it ends within its head");
    const char* blob = bytes.data();
    const std::size_t size = SizeOfBlob(blob);
    if (size < kBlobHeader || size > bytes.size()) return Damaged("its length leads beyond its block");
    const auto flags = base::ReadLittleEndian<uint16_t>(blob + 4);
    const auto parameters = base::ReadLittleEndian<uint16_t>(blob + 6);
    const auto key_size = base::ReadLittleEndian<uint32_t>(blob + 8);
    const auto location_size = base::ReadLittleEndian<uint32_t>(blob + 12);
    uint64_t needed = kBlobHeader + 8 * uint64_t{parameters} + key_size + location_size;
    if (needed > size) return Damaged("its parts are longer than it is");
    for (std::size_t i = 0; i < parameters; ++i) {
      needed += base::ReadLittleEndian<uint32_t>(blob + kBlobHeader + 8 * i);
      needed += base::ReadLittleEndian<uint32_t>(blob + kBlobHeader + 8 * i + 4);
    }
    if (needed != size) return Damaged("its parts do not add up to its length");
    if (flags > (kHasEscapes | kHasLocation)) return Damaged("unknown flags");
    if ((flags & kHasLocation) == 0 && location_size != 0) return Damaged("a location that should not be there");
    const std::string_view key = KeyOfBlob(blob);
    if (std::count(key.begin(), key.end(), '/') + 1 != static_cast<std::ptrdiff_t>(key_count)) {
      return Damaged("its key has another number of values than the table");
    }
    bytes.remove_prefix(size);
  }
  return absl::OkStatus();
}

const partition::Row& BlobDecoder::Decode(const char* blob) {
  const auto flags = base::ReadLittleEndian<uint16_t>(blob + 4);
  const std::size_t parameters = base::ReadLittleEndian<uint16_t>(blob + 6);
  const auto key_size = base::ReadLittleEndian<uint32_t>(blob + 8);
  const auto location_size = base::ReadLittleEndian<uint32_t>(blob + 12);
  const auto descriptor = base::ReadLittleEndian<uint32_t>(blob + 16);
  const char* const sizes = blob + kBlobHeader;
  const char* at = sizes + 8 * parameters;
  row_.descriptor = descriptor < numbers_.size() ? numbers_[descriptor] : descriptor;
  row_.create_time = base::ReadLittleEndian<int64_t>(blob + 20);
  row_.last_access_time = base::ReadLittleEndian<int64_t>(blob + 28);
  row_.key = {at, key_size};
  std::string_view rest = row_.key;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    values_[i] = rest.substr(0, slash);
    rest.remove_prefix(std::min(slash + 1, rest.size()));
    if ((flags & kHasEscapes) != 0) values_[i] = unescaped_[i] = model::UnescapePathName(values_[i]);
  }
  row_.values = values_;
  at += key_size;
  row_.location.reset();
  if ((flags & kHasLocation) != 0) row_.location = std::string_view(at, location_size);
  at += location_size;
  parameters_.resize(parameters);
  for (std::size_t i = 0; i < parameters; ++i) {
    const auto name = base::ReadLittleEndian<uint32_t>(sizes + 8 * i);
    const auto value = base::ReadLittleEndian<uint32_t>(sizes + 8 * i + 4);
    parameters_[i] = {std::string_view(at, name), std::string_view(at + name, value)};
    at += name + value;
  }
  row_.parameters = parameters_;
  return row_;
}

partition::Row RowArena::Copy(const partition::Row& row) {
  partition::Row copy = row;
  copy.key = texts_.Copy(row.key);
  values_.push_back(std::make_unique<std::string_view[]>(row.values.size()));
  for (std::size_t i = 0; i < row.values.size(); ++i) values_.back()[i] = texts_.Copy(row.values[i]);
  copy.values = std::span<const std::string_view>(values_.back().get(), row.values.size());
  if (row.location) copy.location = texts_.Copy(*row.location);
  parameters_.push_back(std::make_unique<partition::Parameter[]>(row.parameters.size()));
  for (std::size_t i = 0; i < row.parameters.size(); ++i) {
    parameters_.back()[i] = {texts_.Copy(row.parameters[i].first), texts_.Copy(row.parameters[i].second)};
  }
  copy.parameters = std::span<const partition::Parameter>(parameters_.back().get(), row.parameters.size());
  return copy;
}

}  // namespace lodestone::bulk
