// Sorted runs in files. A file is blocks of whole blobs and an end:
//
//   magic              8   "LODERUN1"
//   per block          bytes of blobs (4), number of blobs (4), checksum of both and the blobs (8), blobs
//   end                0 (4), number of blocks (4), checksum (8), number of blobs in all (8)
//
// Numbers are little-endian. What is damaged, cut off or not a spill file at all is DataLoss.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/bulk/run.h"

namespace lodestone::bulk {

// A descriptor of a file, closed at the end.
class OwnedFile {
 public:
  OwnedFile() = default;
  OwnedFile(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}
  OwnedFile(OwnedFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)), name_(std::move(other.name_)) {}
  OwnedFile& operator=(OwnedFile&& other) noexcept;
  ~OwnedFile();

  int fd() const { return fd_; }
  const std::string& name() const { return name_; }
  // Unavailable, with the file's name and what was being done.
  absl::Status Failure(std::string_view doing) const;
  absl::Status Write(std::string_view bytes);
  absl::Status Sync();

 private:
  int fd_ = -1;
  std::string name_;
};

// Writes one run. Not thread-safe.
class SpillWriter {
 public:
  // At the beginning of an empty file.
  SpillWriter(OwnedFile file, std::size_t key_count, std::size_t block_bytes = std::size_t{256} << 10);
  // In ascending order of keys.
  absl::Status Add(const char* blob);
  // Ends the file; `sync`: and makes it durable. The run reads from it.
  absl::StatusOr<std::shared_ptr<const Run>> Finish(bool sync);

 private:
  absl::Status WriteBlock();

  OwnedFile file_;
  const std::size_t key_count_;
  const std::size_t block_bytes_;
  std::string block_;
  uint32_t block_rows_ = 0;
  int64_t rows_ = 0;
  uint64_t offset_ = 0;
  std::vector<uint64_t> offsets_;  // of blocks
  std::vector<std::string> first_keys_;
  std::string last_key_;
};

// A run in a file that was written before, of a table with `key_count` partition keys. Reads and checks all of it.
absl::StatusOr<std::shared_ptr<const Run>> OpenSpillFile(OwnedFile file, std::size_t key_count);

}  // namespace lodestone::bulk
