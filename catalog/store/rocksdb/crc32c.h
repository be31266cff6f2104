// The checksum of our own files and of RocksDB's log records.
#pragma once

#include <cstdint>
#include <string_view>

namespace lodestone::store {

// CRC-32C (Castagnoli) of `data`.
uint32_t Crc32c(std::string_view data);

}  // namespace lodestone::store
