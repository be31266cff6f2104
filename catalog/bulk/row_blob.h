// Rows as the loader keeps them while it sorts, in memory and in spill files alike: one run of bytes per row, that
// knows its own length, so that rows lie back to back. Numbers are little-endian and at any alignment.
//
//   size               4   of all of it
//   flags              2   1: the key has escapes (values must be unescaped); 2: there is a location
//   parameters         2   their number
//   key size           4
//   location size      4
//   descriptor         4   a number that the loader gave out, not the store's; 0: the table's own
//   create time        8
//   last access time   8
//   per parameter      4 + 4   sizes of name and value
//   key, location, per parameter name and value
//
// Values are not stored beside the key: they are its pieces.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "catalog/base/arena.h"
#include "catalog/base/coding.h"
#include "catalog/partition/row.h"

namespace lodestone::bulk {

inline constexpr std::size_t kBlobHeader = 36;
// More than any row that passes the checks: what claims to be longer is damage.
inline constexpr std::size_t kMaxBlob = std::size_t{256} << 20;

// What a blob is made of. `key` is encoded, `parameters` are sorted by name.
struct BlobParts {
  std::string_view key;
  bool has_escapes = false;
  bool has_location = false;
  std::string_view location;
  uint32_t descriptor = 0;
  int64_t create_time = 0;
  int64_t last_access_time = 0;
  std::span<const partition::Parameter> parameters;
};
std::size_t BlobSize(const BlobParts& parts);
// REQUIRES: BlobSize(parts) bytes at `to`.
void WriteBlob(const BlobParts& parts, char* to);

// REQUIRES for all that follows: a whole, sound blob at `blob`.
inline std::size_t SizeOfBlob(const char* blob) { return base::ReadLittleEndian<uint32_t>(blob); }
inline std::string_view KeyOfBlob(const char* blob) {
  const std::size_t parameters = base::ReadLittleEndian<uint16_t>(blob + 6);
  return {blob + kBlobHeader + 8 * parameters, base::ReadLittleEndian<uint32_t>(blob + 8)};
}

// DataLoss unless `bytes` is a sequence of sound blobs with `key_count` values each.
absl::Status CheckBlobs(std::string_view bytes, std::size_t key_count);

// Blobs back into rows. Not thread-safe.
class BlobDecoder {
 public:
  // `numbers` turns the loader's numbers of descriptors into the store's; empty: they stay.
  BlobDecoder(std::size_t key_count, std::vector<uint32_t> numbers)
      : numbers_(std::move(numbers)), values_(key_count), unescaped_(key_count) {}
  // Valid until the next call, and as long as the blob.
  const partition::Row& Decode(const char* blob);

 private:
  std::vector<uint32_t> numbers_;
  std::vector<std::string_view> values_;
  std::vector<std::string> unescaped_;
  std::vector<partition::Parameter> parameters_;
  partition::Row row_;
};

// Copies of rows whose sources have moved on. Rows stay where they are for as long as the object.
class RowArena {
 public:
  partition::Row Copy(const partition::Row& row);

 private:
  base::Arena texts_;
  std::vector<std::unique_ptr<std::string_view[]>> values_;
  std::vector<std::unique_ptr<partition::Parameter[]>> parameters_;
};

}  // namespace lodestone::bulk
