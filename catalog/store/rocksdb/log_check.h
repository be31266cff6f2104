// Checks files in RocksDB's log format, in which both the write-ahead log and the manifest are written: 32 KiB blocks
// of records, each with checksum (4 bytes), length (2), type (1), and in recycled logs the log's number (4).
#pragma once

#include <string>
#include <string_view>

namespace lodestone::store {

// What is wrong with a log file that should end with a whole record; empty when nothing is.
std::string FindLogDamage(std::string_view bytes);

}  // namespace lodestone::store
