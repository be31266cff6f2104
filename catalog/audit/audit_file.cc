// A file of audit lines.
//
// Each line goes out by one write at the end of the file, so that several processes may share it. A line that did not
// get there whole is cut away again; where that fails as well, the next one begins on a line of its own.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "catalog/audit.h"
#include "catalog/base/strings.h"

namespace lodestone {

namespace {

using base::StrCat;

class AuditFile final : public AuditSink {
 public:
  AuditFile(std::string path, const AuditFileOptions& options) : path_(std::move(path)), options_(options) {}
  ~AuditFile() override {
    const absl::MutexLock lock(&mutex_);
    Close();
  }

  absl::Status Open() {
    const absl::MutexLock lock(&mutex_);
    const std::string fault = Reopen();
    if (fault.empty()) return absl::OkStatus();
    return absl::UnavailableError(StrCat("the audit file ", path_, " can't be opened: ", fault));
  }

  void Write(const AuditRecord& record) override {
    const std::string line = ToJson(record) + "\n";
    const absl::MutexLock lock(&mutex_);
    const std::string fault = Append(line);
    if (fault.empty()) {
      if (failing_) Tell("takes records again");
      failing_ = false;
      return;
    }
    ++lost_;
    if (!failing_) Tell(StrCat("does not take records: ", fault));
    failing_ = true;
  }

  int64_t lost() const override {
    const absl::MutexLock lock(&mutex_);
    return lost_;
  }

 private:
  // The following answer what went wrong; the empty text: nothing.

  std::string Append(std::string_view line) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::string fault = FollowPath();
    if (!fault.empty()) return fault;
    if (size_ > 0 && size_ + static_cast<int64_t>(line.size()) > options_.max_bytes) {
      fault = Rotate();
      if (!fault.empty()) return fault;
    }
    const std::string whole = torn_ ? StrCat("\n", line) : std::string(line);
    const ssize_t written = Retry([&] { return ::write(file_, whole.data(), whole.size()); });
    if (written == static_cast<ssize_t>(whole.size())) {
      torn_ = false;
      size_ += written;
      return {};
    }
    const std::string why = written < 0 ? std::strerror(errno) : "no space was left for all of a line";
    if (written > 0) torn_ = ::ftruncate(file_, size_) != 0;
    return why;
  }

  // Whoever moves the file away (a rotation from outside, another process) gets a new one in its place.
  std::string FollowPath() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    struct stat named {};
    struct stat open {};
    const bool same = file_ >= 0 && ::stat(path_.c_str(), &named) == 0 && ::fstat(file_, &open) == 0 &&
                      named.st_ino == open.st_ino && named.st_dev == open.st_dev;
    if (!same) return Reopen();
    size_ = open.st_size;
    return {};
  }

  std::string Reopen() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    Close();
    file_ = ::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (file_ < 0) return std::strerror(errno);
    struct stat open {};
    if (::fstat(file_, &open) != 0) return std::strerror(errno);
    size_ = open.st_size;
    // What a crash left of a line stays one.
    char last = '\n';
    torn_ = size_ > 0 && ::pread(file_, &last, 1, size_ - 1) == 1 && last != '\n';
    return {};
  }

  std::string Rotate() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto numbered = [&](int number) { return number == 0 ? path_ : StrCat(path_, ".", number); };
    if (options_.keep <= 0) {
      if (::unlink(path_.c_str()) != 0) return StrCat("removing the full one: ", std::strerror(errno));
      return Reopen();
    }
    for (int number = options_.keep - 1; number >= 0; --number) {
      const std::string from = numbered(number);
      if (::rename(from.c_str(), numbered(number + 1).c_str()) == 0 || (number > 0 && errno == ENOENT)) continue;
      return StrCat("renaming ", from, ": ", std::strerror(errno));
    }
    return Reopen();
  }

  void Close() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (file_ >= 0) ::close(file_);
    file_ = -1;
  }

  template <typename Call>
  static ssize_t Retry(const Call& call) {
    ssize_t result = 0;
    do {
      result = call();
    } while (result < 0 && errno == EINTR);
    return result;
  }

  void Tell(std::string_view what) const {
    const std::string line = StrCat("lodestone: the audit file ", path_, " ", what, "\n");
    std::fputs(line.c_str(), stderr);
  }

  const std::string path_;
  const AuditFileOptions options_;
  mutable absl::Mutex mutex_;
  int file_ ABSL_GUARDED_BY(mutex_) = -1;
  int64_t size_ ABSL_GUARDED_BY(mutex_) = 0;
  bool torn_ ABSL_GUARDED_BY(mutex_) = false;  // the last line has no end
  bool failing_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t lost_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<AuditSink>> OpenAuditFile(std::string_view path, const AuditFileOptions& options) {
  if (options.max_bytes <= 0) {
    return absl::InvalidArgumentError(StrCat("max_bytes: expected 1 or more, found ", options.max_bytes));
  }
  auto file = std::make_unique<AuditFile>(std::string(path), options);
  const absl::Status opened = file->Open();
  if (!opened.ok()) return opened;
  return std::unique_ptr<AuditSink>(std::move(file));
}

}  // namespace lodestone
