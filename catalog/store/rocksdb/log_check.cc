#include "catalog/store/rocksdb/log_check.h"

#include <algorithm>
#include <cstdint>

#include "catalog/base/coding.h"
#include "catalog/base/strings.h"
#include "catalog/store/rocksdb/crc32c.h"

namespace lodestone::store {
namespace {

constexpr std::size_t kBlockBytes = 32768;
constexpr std::size_t kHeaderBytes = 7;
constexpr std::size_t kRecyclableHeaderBytes = 11;

enum RecordType : unsigned char {
  kZero = 0,
  kFull = 1,
  kFirst = 2,
  kMiddle = 3,
  kLast = 4,
  kRecyclableFull = 5,  // and three more, for first, middle and last
  kRecyclableLast = 8,
  kSetCompression = 9,
};

// Stored checksums are rotated and shifted, so that a checksum of data that holds checksums stays a good one.
uint32_t Unmask(uint32_t masked) {
  const uint32_t rotated = masked - 0xa282ead8U;
  return (rotated >> 17) | (rotated << 15);
}

}  // namespace

std::string FindLogDamage(std::string_view bytes) {
  bool inside = false;  // between the first and the last piece of a record
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t left = std::min(kBlockBytes - at % kBlockBytes, bytes.size() - at);
    if (kBlockBytes - at % kBlockBytes < kHeaderBytes) {
      if (bytes.substr(at, left).find_first_not_of('\0') != std::string_view::npos) {
        return base::StrCat("the filling at offset ", at, " is not zero");
      }
      at += left;
      continue;
    }
    if (left < kHeaderBytes) return base::StrCat("the record at offset ", at, " is cut off");
    const char* header = bytes.data() + at;
    const auto length = base::ReadLittleEndian<uint16_t>(header + 4);
    const auto type = static_cast<unsigned char>(header[6]);
    const bool recyclable = type >= kRecyclableFull && type <= kRecyclableLast;
    const std::size_t header_bytes = recyclable ? kRecyclableHeaderBytes : kHeaderBytes;
    if (type == kZero || type > kSetCompression) {
      return base::StrCat("the record at offset ", at, " has the unknown type ", int{type});
    }
    if (header_bytes + length > left) return base::StrCat("the record at offset ", at, " is cut off");
    const std::string_view checked = bytes.substr(at + 6, header_bytes - 6 + length);
    if (Unmask(base::ReadLittleEndian<uint32_t>(header)) != Crc32c(checked)) {
      return base::StrCat("the record at offset ", at, " has a wrong checksum");
    }
    const int part = type == kSetCompression ? kFull : recyclable ? type - kRecyclableFull + kFull : type;
    const bool continues = part == kMiddle || part == kLast;
    if (continues != inside) return base::StrCat("the record at offset ", at, " does not follow the one before");
    inside = part == kFirst || part == kMiddle;
    at += header_bytes + length;
  }
  return inside ? "the last record has no end" : "";
}

}  // namespace lodestone::store
