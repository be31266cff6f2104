// The bytes of one connection, with an end to every wait.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bindings/common/budget.h"
#include "bindings/hive/limits.h"
#include "bindings/hive/message_reader.h"
#include "bindings/hive/protocol.h"

namespace apache::thrift::transport {
class TSocket;
}

namespace lodestone::hive {

// Wakes all connections that wait for a message. Thread-safe.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  void Set();
  bool is_set() const;
  // Readable once it is set; -1 when there were no file descriptors left.
  int fd() const { return fd_; }

 private:
  int fd_;
};

// Not thread-safe; one thread reads and writes. Everything given outlives it.
class SocketStream final : public ByteSource, public ReplySink {
 public:
  SocketStream(std::shared_ptr<apache::thrift::transport::TSocket> socket, const Limits& limits, const StopSignal* stop,
               bindings::Budget* budget);
  ~SocketStream() override;

  // The first byte may come within `ms`, or at once when the server stops; TLS is set up before, in its own time.
  void ExpectFirstByte(int64_t ms);
  // What comes next is a message, which may begin within `idle_ms`, or at once when the server stops. `has_begun`: its
  // first bytes were read already.
  void ExpectMessage(int64_t idle_ms, bool has_begun);
  // Everything up to the next ExpectMessage comes within so many milliseconds.
  void ExpectWithin(int64_t ms);

  // What was read is held no longer: it counts no more among what all connections hold.
  void Forget() { share_.Set(0); }

  //   DeadlineExceeded   not in time
  //   ResourceExhausted  all connections together hold too much
  //   Unavailable        the connection broke
  absl::StatusOr<std::size_t> Read(char* buffer, std::size_t size) override;
  absl::Status Write(std::string_view bytes) override;

  // The next byte, which stays to be read; -1 at the end.
  absl::StatusOr<int> Peek();
  // Tells the client that no more will come, and reads away what it still sends, for a short time: it would not see the
  // last answer otherwise.
  void Linger();

  std::size_t bytes_read() const { return bytes_read_; }

 private:
  using Time = std::chrono::steady_clock::time_point;
  // True: there is something to read. False: the server stops, or the idle time is over.
  absl::StatusOr<bool> Wait();

  const std::shared_ptr<apache::thrift::transport::TSocket> socket_;
  const Limits limits_;
  const StopSignal* const stop_;
  const bindings::Budget* const budget_;
  bindings::Share share_;
  std::string peeked_;
  bool idle_ = false;  // between two messages
  Time deadline_{};
  std::size_t message_bytes_ = 0;
  std::size_t bytes_read_ = 0;
};

}  // namespace lodestone::hive
