#include "catalog/bulk/spill_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "catalog/base/coding.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/bulk/checksum.h"

namespace lodestone::bulk {
namespace {

constexpr std::string_view kMagic = "LODERUN1";
constexpr std::size_t kBlockHead = 16;
constexpr std::size_t kEnd = 24;

absl::Status Damaged(const OwnedFile& file, uint64_t offset, std::string_view finding) {
  return absl::DataLossError(
      base::StrCat("the sorted run ", file.name(), " is damaged at byte ", offset, ": ", finding));
}

uint64_t BlockChecksum(uint32_t bytes, uint32_t rows, std::string_view payload) {
  return Checksum(payload) ^ ((uint64_t{bytes} << 32 | rows) * 0x9E3779B97F4A7C15);
}

// Reads exactly `size` bytes; DataLoss when the file ends before.
absl::Status ReadExactly(const OwnedFile& file, uint64_t offset, std::size_t size, char* to) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t n = pread(file.fd(), to + done, size - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file.Failure("reading");
    if (n == 0) return Damaged(file, offset + done, "it ends too early");
    done += static_cast<std::size_t>(n);
  }
  return absl::OkStatus();
}

struct Block {
  std::string bytes;
  uint32_t rows = 0;
  bool end = false;
  uint64_t next_offset = 0;
};

absl::Status ReadBlock(const OwnedFile& file, uint64_t offset, uint64_t file_size, std::size_t key_count,
                       Block* block) {
  char head[kBlockHead];
  RETURN_IF_ERROR(ReadExactly(file, offset, kBlockHead, head));
  const auto bytes = base::ReadLittleEndian<uint32_t>(head);
  const auto rows = base::ReadLittleEndian<uint32_t>(head + 4);
  const auto checksum = base::ReadLittleEndian<uint64_t>(head + 8);
  block->rows = rows;
  block->end = bytes == 0;
  const std::size_t payload = block->end ? kEnd - kBlockHead : bytes;
  if (payload > file_size - offset - kBlockHead) return Damaged(file, offset, "a block leads beyond its end");
  block->bytes.resize(payload);
  RETURN_IF_ERROR(ReadExactly(file, offset + kBlockHead, payload, block->bytes.data()));
  if (BlockChecksum(bytes, rows, block->bytes) != checksum) return Damaged(file, offset, "a checksum is wrong");
  block->next_offset = offset + kBlockHead + payload;
  if (block->end) return absl::OkStatus();
  if (absl::Status status = CheckBlobs(block->bytes, key_count); !status.ok()) {
    return Damaged(file, offset, base::ToStd(status.message()));
  }
  return absl::OkStatus();
}

class FileRun final : public Run {
 public:
  FileRun(OwnedFile file, uint64_t file_size, std::size_t key_count, std::vector<uint64_t> offsets,
          std::vector<std::string> first_keys, std::string last_key, int64_t rows)
      : file_(std::move(file)),
        file_size_(file_size),
        key_count_(key_count),
        offsets_(std::move(offsets)),
        first_keys_(std::move(first_keys)),
        last_key_(std::move(last_key)),
        rows_(rows) {}

  std::unique_ptr<RunCursor> NewCursor(std::string_view from) const override {
    const auto behind = std::partition_point(first_keys_.begin(), first_keys_.end(),
                                             [&](const std::string& key) { return key < from; });
    const std::size_t block = behind == first_keys_.begin() ? 0 : behind - first_keys_.begin() - 1;
    return std::make_unique<Cursor>(this, block, std::string(from));
  }
  int64_t rows() const override { return rows_; }
  const std::string& first_key() const override { return first_keys_.front(); }
  const std::string& last_key() const override { return last_key_; }
  std::vector<std::string> SampleKeys() const override { return first_keys_; }

 private:
  class Cursor final : public RunCursor {
   public:
    Cursor(const FileRun* run, std::size_t block, std::string from)
        : run_(run), next_block_(block), from_(std::move(from)) {}

    bool Next() override {
      do {
        if (at_ == block_.bytes.size()) {
          if (!status_.ok() || next_block_ == run_->offsets_.size()) return false;
          status_ = ReadBlock(run_->file_, run_->offsets_[next_block_++], run_->file_size_, run_->key_count_, &block_);
          at_ = 0;
          if (status_.ok() && block_.end) status_ = Damaged(run_->file_, 0, "a block has become an end");
          if (!status_.ok()) {
            block_.bytes.clear();
            return false;
          }
        }
        blob_ = block_.bytes.data() + at_;
        at_ += SizeOfBlob(blob_);
      } while (KeyOfBlob(blob_) < from_);
      from_.clear();
      return true;
    }
    const char* blob() const override { return blob_; }
    const absl::Status& status() const override { return status_; }

   private:
    const FileRun* const run_;
    std::size_t next_block_;
    std::string from_;
    Block block_;
    std::size_t at_ = 0;
    const char* blob_ = nullptr;
    absl::Status status_;
  };

  const OwnedFile file_;
  const uint64_t file_size_;
  const std::size_t key_count_;
  const std::vector<uint64_t> offsets_;
  const std::vector<std::string> first_keys_;
  const std::string last_key_;
  const int64_t rows_;
};

}  // namespace

OwnedFile& OwnedFile::operator=(OwnedFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(name_, other.name_);
  return *this;
}

OwnedFile::~OwnedFile() {
  if (fd_ >= 0) close(fd_);
}

absl::Status OwnedFile::Failure(std::string_view doing) const {
  return absl::UnavailableError(base::StrCat(doing, " ", name_, ": ", std::strerror(errno)));
}

absl::Status OwnedFile::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Failure("writing");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return absl::OkStatus();
}

absl::Status OwnedFile::Sync() { return fdatasync(fd_) == 0 ? absl::OkStatus() : Failure("syncing"); }

SpillWriter::SpillWriter(OwnedFile file, std::size_t key_count, std::size_t block_bytes)
    : file_(std::move(file)), key_count_(key_count), block_bytes_(block_bytes) {}

absl::Status SpillWriter::Add(const char* blob) {
  const std::size_t size = SizeOfBlob(blob);
  if (block_rows_ > 0 && block_.size() + size > block_bytes_) RETURN_IF_ERROR(WriteBlock());
  if (block_rows_ == 0) first_keys_.emplace_back(KeyOfBlob(blob));
  block_.append(blob, size);
  ++block_rows_;
  last_key_ = KeyOfBlob(blob);
  return absl::OkStatus();
}

absl::Status SpillWriter::WriteBlock() {
  std::string head;
  if (offset_ == 0) head = kMagic;
  offsets_.push_back(offset_ + head.size());
  const auto bytes = static_cast<uint32_t>(block_.size());
  base::AppendLittleEndian(&head, bytes);
  base::AppendLittleEndian(&head, block_rows_);
  base::AppendLittleEndian(&head, BlockChecksum(bytes, block_rows_, block_));
  RETURN_IF_ERROR(file_.Write(head));
  RETURN_IF_ERROR(file_.Write(block_));
  offset_ += head.size() + block_.size();
  rows_ += block_rows_;
  block_.clear();
  block_rows_ = 0;
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const Run>> SpillWriter::Finish(bool sync) {
  if (block_rows_ > 0) RETURN_IF_ERROR(WriteBlock());
  if (rows_ == 0) return absl::InvalidArgumentError("a sorted run without rows");
  std::string total;
  base::AppendLittleEndian(&total, rows_);
  const auto blocks = static_cast<uint32_t>(offsets_.size());
  std::string end;
  base::AppendLittleEndian(&end, uint32_t{0});
  base::AppendLittleEndian(&end, blocks);
  base::AppendLittleEndian(&end, BlockChecksum(0, blocks, total));
  end += total;
  RETURN_IF_ERROR(file_.Write(end));
  if (sync) RETURN_IF_ERROR(file_.Sync());
  return std::make_shared<FileRun>(std::move(file_), offset_ + end.size(), key_count_, std::move(offsets_),
                                   std::move(first_keys_), std::move(last_key_), rows_);
}

absl::StatusOr<std::shared_ptr<const Run>> OpenSpillFile(OwnedFile file, std::size_t key_count) {
  struct stat info {};
  if (fstat(file.fd(), &info) != 0) return file.Failure("looking at");
  const auto size = static_cast<uint64_t>(info.st_size);
  if (size < kMagic.size() + kEnd) return Damaged(file, size, "it is too short");
  char magic[8];
  RETURN_IF_ERROR(ReadExactly(file, 0, kMagic.size(), magic));
  if (std::string_view(magic, kMagic.size()) != kMagic) return Damaged(file, 0, "it is no spill file");
  std::vector<uint64_t> offsets;
  std::vector<std::string> first_keys;
  std::string last_key;
  int64_t rows = 0;
  Block block;
  for (uint64_t offset = kMagic.size();; offset = block.next_offset) {
    if (size - offset < kBlockHead) return Damaged(file, offset, "it has no end");
    RETURN_IF_ERROR(ReadBlock(file, offset, size, key_count, &block));
    if (block.end) break;
    offsets.push_back(offset);
    first_keys.emplace_back(KeyOfBlob(block.bytes.data()));
    uint32_t found = 0;
    for (std::size_t at = 0; at < block.bytes.size(); at += SizeOfBlob(block.bytes.data() + at), ++found) {
      const std::string_view key = KeyOfBlob(block.bytes.data() + at);
      if (key < last_key) return Damaged(file, offset, "its rows are out of order");
      last_key = key;
    }
    if (found != block.rows) return Damaged(file, offset, "a block has another number of rows than it says");
    rows += found;
  }
  if (block.next_offset != size) return Damaged(file, block.next_offset, "something follows its end");
  if (block.rows != offsets.size() || base::ReadLittleEndian<int64_t>(block.bytes.data()) != rows || rows == 0) {
    return Damaged(file, size - kEnd, "it has another number of rows than it says");
  }
  return std::make_shared<FileRun>(std::move(file), size, key_count, std::move(offsets), std::move(first_keys),
                                   std::move(last_key), rows);
}

}  // namespace lodestone::bulk
