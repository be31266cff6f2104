#include "catalog/bulk/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"

namespace lodestone::bulk {
namespace {

class FileSource final : public ByteSource {
 public:
  FileSource(std::string path, int fd, int64_t size) : path_(std::move(path)), fd_(fd), size_(size) {}
  ~FileSource() override {
    if (fd_ != STDIN_FILENO) close(fd_);
  }

  absl::StatusOr<std::size_t> Read(char* to, std::size_t size) override {
    for (;;) {
      const ssize_t n = read(fd_, to, size);
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno == EINTR) continue;
      return absl::UnavailableError(base::StrCat("reading ", path_, ": ", std::strerror(errno)));
    }
  }
  int64_t bytes_total() const override { return size_; }

 private:
  std::string path_;
  int fd_;
  int64_t size_;
};

class MemorySource final : public ByteSource {
 public:
  MemorySource(std::string_view bytes, std::size_t step) : bytes_(bytes), step_(step) {}
  absl::StatusOr<std::size_t> Read(char* to, std::size_t size) override {
    std::size_t n = std::min(size, bytes_.size());
    if (step_ != 0) n = std::min(n, step_);
    std::copy_n(bytes_.data(), n, to);
    bytes_.remove_prefix(n);
    return n;
  }
  int64_t bytes_total() const override { return 0; }

 private:
  std::string_view bytes_;
  std::size_t step_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> OpenFile(const std::string& path) {
  if (path == "-") return std::make_unique<FileSource>("standard input", STDIN_FILENO, 0);
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    const int error = errno;
    const std::string message = base::StrCat("can't open the input ", path, ": ", std::strerror(error));
    if (error == ENOENT) return MakeError(ErrorKind::kNoSuchObject, ObjectKind::kInput, path, message);
    if (error == EACCES) return absl::PermissionDeniedError(message);
    return absl::UnavailableError(message);
  }
  struct stat info {};
  if (fstat(fd, &info) != 0 || S_ISDIR(info.st_mode)) {
    close(fd);
    return MakeError(ErrorKind::kInvalidObject, ObjectKind::kInput, path,
                     base::StrCat("the input ", path, " is a folder, not a file"));
  }
  return std::make_unique<FileSource>(path, fd, S_ISREG(info.st_mode) ? info.st_size : 0);
}

std::unique_ptr<ByteSource> BytesOf(std::string_view bytes, std::size_t step) {
  return std::make_unique<MemorySource>(bytes, step);
}

absl::StatusOr<bool> ChunkReader::Next(RowBatch* batch,
                                       const std::function<std::size_t(std::string_view, bool)>& parse) {
  if (done_) return false;
  std::size_t size = carry_.size();
  char* buffer = batch->Buffer(size + chunk_);
  std::memcpy(buffer, carry_.data(), size);
  const std::size_t carried = size;
  for (;;) {
    const std::size_t goal = size + std::max(chunk_, size);  // doubling: a long record costs linear time
    buffer = batch->GrowBuffer(goal, size);
    while (!at_end_ && size < goal) {
      ASSIGN_OR_RETURN(const std::size_t n, source_->Read(buffer + size, goal - size));
      at_end_ = n == 0;
      size += n;
    }
    const std::size_t used = parse(std::string_view(buffer, size), at_end_);
    if (at_end_ || used > 0) {
      carry_.assign(buffer + used, size - used);
      done_ = at_end_;
      batch->set_bytes(static_cast<int64_t>(size - carried));
      return true;
    }
    if (size > max_record_) {
      return MakeError(
          ErrorKind::kInvalidObject, ObjectKind::kInput, "",
          base::StrCat("a record of the input is longer than ", max_record_, " bytes; is the format the right one?"));
    }
  }
}

}  // namespace lodestone::bulk
