#include "bindings/hive/server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <thrift/TOutput.h>
#include <thrift/transport/TSSLSocket.h>
#include <thrift/transport/TServerSocket.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "bindings/hive/served_connection.h"
#include "bindings/hive/tls.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

using apache::thrift::transport::TServerSocket;
using apache::thrift::transport::TSocket;
using apache::thrift::transport::TSSLSocketFactory;
using apache::thrift::transport::TTransportException;
using base::StrCat;
using bindings::LogLevel;
using bindings::RefusedFor;

constexpr int kBacklog = 1'024;
// When nothing can be accepted (no file descriptors left), the next try is after this.
constexpr std::chrono::milliseconds kAcceptAgain(100);
// A peer that has gone without a word is noticed after 5 minutes of silence and 5 questions, in seconds.
constexpr int kKeepAliveIdle = 300;
constexpr int kKeepAliveInterval = 30;
constexpr int kKeepAliveCount = 5;

// The certificate as of now, which connections to come are made with; none: no TLS. Thread-safe.
class Certificate {
 public:
  void Set(std::shared_ptr<TSSLSocketFactory> factory) {
    const absl::MutexLock lock(&mutex_);
    factory_ = std::move(factory);
  }
  std::shared_ptr<TSSLSocketFactory> Get() const {
    const absl::MutexLock lock(&mutex_);
    return factory_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::shared_ptr<TSSLSocketFactory> factory_ ABSL_GUARDED_BY(mutex_);
};

class ListeningSocket final : public TServerSocket {
 public:
  ListeningSocket(const std::string& address, int port, const Certificate* certificate)
      : TServerSocket(address, port), certificate_(certificate) {}

 protected:
  std::shared_ptr<TSocket> createSocket(THRIFT_SOCKET client) override {
    if (const auto factory = certificate_->Get()) return factory->createSocket(client);
    return TServerSocket::createSocket(client);
  }

 private:
  const Certificate* const certificate_;
};

void SetOption(int fd, int level, int option, int value) { setsockopt(fd, level, option, &value, sizeof(value)); }

void Prepare(int fd) {
  SetOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  SetOption(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  SetOption(fd, IPPROTO_TCP, TCP_KEEPIDLE, kKeepAliveIdle);
  SetOption(fd, IPPROTO_TCP, TCP_KEEPINTVL, kKeepAliveInterval);
  SetOption(fd, IPPROTO_TCP, TCP_KEEPCNT, kKeepAliveCount);
}

// The connections that are open, each with its thread. Thread-safe.
class OpenConnections {
 public:
  // Runs `serve` in a thread of its own. False: there are so many already. Throws when there are no more threads.
  bool Start(std::shared_ptr<TSocket> socket, int limit, std::function<void()> serve) {
    const absl::MutexLock lock(&mutex_);
    if (static_cast<int>(open_.size()) >= limit) return false;
    const uint64_t number = ++last_number_;
    // It can't finish before it stands in the list, as that takes the lock.
    open_[number] = {std::move(socket), std::thread([this, number, run = std::move(serve)] {
                       run();
                       Finish(number);
                     })};
    return true;
  }
  // Breaks them off, wherever they are. The sockets stay open until their threads have ended.
  void Abort() {
    const absl::MutexLock lock(&mutex_);
    for (const auto& [number, one] : open_) shutdown(one.socket->getSocketFD(), SHUT_RDWR);
  }
  // Waits until none is left, so long at the most; whether none is.
  bool WaitUntilEmpty(absl::Duration longest) {
    std::thread last;
    {
      const absl::MutexLock lock(&mutex_);
      if (!mutex_.AwaitWithTimeout(absl::Condition(this, &OpenConnections::IsEmpty), longest)) return false;
      last = std::move(finished_);
    }
    if (last.joinable()) last.join();
    return true;
  }

 private:
  struct One {
    std::shared_ptr<TSocket> socket;
    std::thread thread;
  };

  bool IsEmpty() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return open_.empty(); }

  // The thread of a connection is joined by the one that finishes next.
  void Finish(uint64_t number) {
    One own;
    std::thread previous;
    {
      const absl::MutexLock lock(&mutex_);
      own = std::move(open_.extract(number).mapped());
      previous = std::exchange(finished_, std::move(own.thread));
    }
    if (previous.joinable()) previous.join();
  }

  absl::Mutex mutex_;
  std::map<uint64_t, One> open_ ABSL_GUARDED_BY(mutex_);
  uint64_t last_number_ ABSL_GUARDED_BY(mutex_) = 0;
  std::thread finished_ ABSL_GUARDED_BY(mutex_);
};

class ServerImpl final : public Server {
 public:
  ServerImpl(const ServerOptions& options, const Service* service, bindings::Metrics* metrics, bindings::Log* log)
      : options_(options),
        around_{service, metrics, log, &stop_, &buffered_, options.limits},
        listening_(options.address, options.port, &certificate_) {}

  ~ServerImpl() override { Stop(); }

  absl::Status Listen() {
    if (stop_.fd() < 0) return absl::UnavailableError("no file descriptors are left");
    RETURN_IF_ERROR(ReloadTls());
    // Failures are told by exceptions; the library need not write them to standard error as well.
    apache::thrift::GlobalOutput.setOutputFunction(+[](const char*) {});
    listening_.setInterruptableChildren(false);
    listening_.setAcceptBacklog(kBacklog);
    // Connections count from the start, not only once they have sent something.
    listening_.setListenCallback([](int fd) { SetOption(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, 0); });
    try {
      listening_.listen();
    } catch (const TTransportException& e) {
      return absl::UnavailableError(StrCat("can't listen on ", options_.address, ":", options_.port, ": ", e.what()));
    }
    port_ = static_cast<uint16_t>(listening_.getPort());
    thread_ = std::thread([this] { Accept(); });
    return absl::OkStatus();
  }

  std::string address() const override {
    const bool v6 = options_.address.find(':') != std::string::npos;
    return StrCat(v6 ? "[" : "", options_.address, v6 ? "]:" : ":", port_);
  }
  uint16_t port() const override { return port_; }

  absl::Status ReloadTls() override {
    if (options_.tls.certificate.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(auto factory, LoadTls(options_.tls));
    certificate_.Set(std::move(factory));
    return absl::OkStatus();
  }

  bool Stop() override {
    if (stopping_.exchange(true)) return true;
    stop_.Set();
    if (!thread_.joinable()) return true;  // it never listened
    listening_.interrupt();
    thread_.join();
    listening_.close();
    const bool finished = connections_.WaitUntilEmpty(absl::Milliseconds(options_.stop_ms));
    if (!finished) {
      connections_.Abort();
      // Handlers that run can't be broken off: the store must not go before they return.
      connections_.WaitUntilEmpty(absl::InfiniteDuration());
    }
    return finished;
  }

 private:
  void Accept() {
    while (!stopping_) {
      try {
        const auto transport = listening_.accept();
        Take(std::static_pointer_cast<TSocket>(transport));
      } catch (const TTransportException& e) {
        if (stopping_ || e.getType() == TTransportException::INTERRUPTED) continue;
        NotAccepted(e.what());
      } catch (const std::exception& e) {  // no more threads, no memory
        NotAccepted(e.what());
      }
    }
  }

  void NotAccepted(const char* what) {
    around_.log->Event(LogLevel::kError, "can't accept", {{"what", what}});
    std::this_thread::sleep_for(kAcceptAgain);
  }

  void Take(std::shared_ptr<TSocket> socket) {
    Prepare(socket->getSocketFD());
    around_.metrics->SetBufferedBytes(buffered_.used());
    const uint64_t number = ++last_number_;
    const auto serve = [this, number, socket] { ServeConnection(around_, socket, number, socket->getPeerAddress()); };
    if (!connections_.Start(socket, options_.limits.connections, serve)) {
      around_.metrics->CountRefused(RefusedFor::kConnections);
    }
  }

  const ServerOptions options_;
  StopSignal stop_;
  bindings::Budget buffered_;
  const Surroundings around_;
  Certificate certificate_;
  ListeningSocket listening_;
  OpenConnections connections_;
  std::atomic<bool> stopping_ = false;
  uint64_t last_number_ = 0;
  uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options, const Service* service,
                                                      bindings::Metrics* metrics, bindings::Log* log) {
  auto server = std::make_unique<ServerImpl>(options, service, metrics, log);
  RETURN_IF_ERROR(server->Listen());
  return server;
}

}  // namespace lodestone::hive
