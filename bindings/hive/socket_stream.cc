#include "bindings/hive/socket_stream.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thrift/transport/TSocket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

using apache::thrift::transport::TTransportException;
using base::StrCat;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// What a client still sends after the last answer is read away up to here.
constexpr std::size_t kLingerBytes = std::size_t{4} << 20;
constexpr int64_t kLingerMs = 1'000;
// What is held per connection without asking anybody.
constexpr std::size_t kFreeBytes = std::size_t{64} << 10;

absl::Status ToStatus(const TTransportException& e) {
  if (e.getType() == TTransportException::TIMED_OUT) {
    return absl::DeadlineExceededError("the client neither sent nor took anything for too long");
  }
  return absl::UnavailableError(StrCat("the connection broke: ", e.what()));
}

}  // namespace

StopSignal::StopSignal() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

StopSignal::~StopSignal() {
  if (fd_ >= 0) close(fd_);
}

void StopSignal::Set() {
  const uint64_t one = 1;
  // It can't fail before 2^64 calls.
  [[maybe_unused]] const auto written = write(fd_, &one, sizeof(one));
}

bool StopSignal::is_set() const {
  pollfd poll_fd = {.fd = fd_, .events = POLLIN, .revents = 0};
  return poll(&poll_fd, 1, 0) > 0;
}

SocketStream::SocketStream(std::shared_ptr<apache::thrift::transport::TSocket> socket, const Limits& limits,
                           const StopSignal* stop, bindings::Budget* budget)
    : socket_(std::move(socket)), limits_(limits), stop_(stop), budget_(budget), share_(budget) {
  socket_->setSendTimeout(static_cast<int>(limits_.write_ms));
  ExpectFirstByte(limits_.handshake_ms);
}

SocketStream::~SocketStream() = default;

void SocketStream::ExpectFirstByte(int64_t ms) {
  ExpectWithin(limits_.handshake_ms);
  idle_ = true;
  deadline_ = steady_clock::now() + milliseconds(ms);
}

void SocketStream::ExpectMessage(int64_t idle_ms, bool has_begun) {
  message_bytes_ = peeked_.size();
  share_.Set(0);
  idle_ = !has_begun;
  deadline_ = steady_clock::now() + milliseconds(idle_ ? idle_ms : limits_.message_ms);
  // Of what is read within TLS; the rest waits here.
  socket_->setRecvTimeout(static_cast<int>(limits_.message_ms));
}

void SocketStream::ExpectWithin(int64_t ms) {
  idle_ = false;
  deadline_ = steady_clock::now() + milliseconds(ms);
  socket_->setRecvTimeout(static_cast<int>(ms));
}

absl::StatusOr<bool> SocketStream::Wait() {
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(deadline_ - steady_clock::now()).count();
    pollfd fds[2] = {{.fd = socket_->getSocketFD(), .events = POLLIN, .revents = 0},
                     {.fd = stop_->fd(), .events = POLLIN, .revents = 0}};
    const int timeout = static_cast<int>(std::clamp<int64_t>(left, 0, 1 << 30));
    const int ready = poll(fds, idle_ ? 2 : 1, timeout);
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return absl::UnavailableError(StrCat("poll: ", std::strerror(errno)));
    // What has arrived before the stop is answered.
    if (fds[0].revents != 0) return true;
    if (ready > 0) return false;
    if (left > 1 << 30) continue;
    if (idle_) return false;
    return absl::DeadlineExceededError("the client did not send the rest of a message in time");
  }
}

absl::StatusOr<std::size_t> SocketStream::Read(char* buffer, std::size_t size) {
  std::size_t count = 0;
  if (!peeked_.empty()) {
    count = std::min(size, peeked_.size());
    std::memcpy(buffer, peeked_.data(), count);
    peeked_.erase(0, count);
    return count;
  }
  try {
    if (!socket_->hasPendingDataToRead()) {
      ASSIGN_OR_RETURN(const bool any, Wait());
      if (!any) return 0;
    }
    count = socket_->read(reinterpret_cast<uint8_t*>(buffer), static_cast<uint32_t>(size));
  } catch (const TTransportException& e) {
    if (e.getType() == TTransportException::END_OF_FILE) return 0;
    return ToStatus(e);
  }
  if (idle_ && count > 0) {
    idle_ = false;
    deadline_ = steady_clock::now() + milliseconds(limits_.message_ms);
  }
  bytes_read_ += count;
  message_bytes_ += count;
  if (message_bytes_ > kFreeBytes) {
    share_.Set(message_bytes_);
    if (budget_->used() > limits_.buffered_bytes) {
      return absl::ResourceExhaustedError("all connections together hold too much of unfinished messages");
    }
  }
  return count;
}

absl::Status SocketStream::Write(std::string_view bytes) {
  try {
    socket_->write(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<uint32_t>(bytes.size()));
    socket_->flush();
  } catch (const TTransportException& e) {
    return ToStatus(e);
  }
  return absl::OkStatus();
}

absl::StatusOr<int> SocketStream::Peek() {
  if (peeked_.empty()) {
    char byte = 0;
    ASSIGN_OR_RETURN(const std::size_t count, Read(&byte, 1));
    if (count == 0) return -1;
    peeked_.assign(1, byte);
  }
  return static_cast<unsigned char>(peeked_[0]);
}

void SocketStream::Linger() {
  const int fd = socket_->getSocketFD();
  if (shutdown(fd, SHUT_WR) != 0) return;
  const Time end = steady_clock::now() + milliseconds(kLingerMs);
  char away[16'384];
  for (std::size_t taken = 0; taken < kLingerBytes;) {
    const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now()).count();
    pollfd poll_fd = {.fd = fd, .events = POLLIN, .revents = 0};
    if (left <= 0 || poll(&poll_fd, 1, static_cast<int>(left)) <= 0) return;
    const ssize_t count = recv(fd, away, sizeof(away), MSG_DONTWAIT);
    if (count <= 0) return;
    taken += static_cast<std::size_t>(count);
  }
}

}  // namespace lodestone::hive
