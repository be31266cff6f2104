#include "bindings/http/server.h"

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <thread>
#include <vector>

#include "bindings/http/connection.h"
#include "bindings/http/tls.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int kBacklog = 1'024;
// When nothing can be accepted (no file descriptors left), the next try is after this.
constexpr std::chrono::milliseconds kAcceptAgain(100);

// The one of an IPv4 address, and the network of an IPv6 address: who has one address there has all of them.
std::string PeerOf(const tcp::socket& socket) {
  error_code ec;
  const tcp::endpoint endpoint = socket.remote_endpoint(ec);
  if (ec) return {};
  const asio::ip::address address = endpoint.address();
  if (!address.is_v6()) return address.to_string();
  if (address.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  asio::ip::address_v6::bytes_type bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), 0);
  return asio::ip::address_v6(bytes).to_string();
}

class ServerImpl final : public Server {
 public:
  ServerImpl(const ServerOptions& options, const Router* router, Metrics* metrics, Log* log, const Clock* clock)
      : options_(options),
        metrics_(metrics),
        log_(log),
        dispatcher_(router, metrics, log, clock, options.limits),
        io_(options.io_threads),
        workers_(static_cast<std::size_t>(options.workers)),
        acceptor_(asio::make_strand(io_)),
        work_(io_.get_executor()) {}

  ~ServerImpl() override { Stop(); }

  absl::Status Listen() {
    if (!options_.tls.certificate.empty()) RETURN_IF_ERROR(ReloadTls());
    error_code ec;
    const asio::ip::address address = asio::ip::make_address(options_.address, ec);
    if (ec) return absl::InvalidArgumentError(base::StrCat("`", options_.address, "` is no IP address"));
    const tcp::endpoint endpoint(address, options_.port);
    acceptor_.open(endpoint.protocol(), ec);
    if (!ec) acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
    if (!ec) acceptor_.bind(endpoint, ec);
    if (!ec) acceptor_.listen(kBacklog, ec);
    if (!ec) local_ = acceptor_.local_endpoint(ec);
    if (ec) {
      return absl::UnavailableError(
          base::StrCat("can't listen on ", options_.address, ":", options_.port, ": ", ec.message()));
    }
    asio::co_spawn(acceptor_.get_executor(), Accept(), asio::detached);
    for (int i = 0; i < options_.io_threads; ++i) {
      threads_.emplace_back([this] { io_.run(); });
    }
    return absl::OkStatus();
  }

  std::string address() const override {
    const bool v6 = local_.address().is_v6();
    return base::StrCat(v6 ? "[" : "", local_.address().to_string(), v6 ? "]:" : ":", local_.port());
  }
  uint16_t port() const override { return local_.port(); }
  void SetLimits(const Limits& limits) override { dispatcher_.SetLimits(limits); }

  absl::Status ReloadTls() override {
    if (options_.tls.certificate.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(auto fresh, LoadTls(options_.tls));
    const absl::MutexLock lock(&mutex_);
    tls_ = std::move(fresh);
    return absl::OkStatus();
  }

  bool Stop() override {
    if (stopping_.exchange(true)) return true;
    asio::post(acceptor_.get_executor(), [this] {
      error_code ignored;
      acceptor_.close(ignored);
    });
    connections_.Drain();
    const bool finished = connections_.WaitUntilEmpty(options_.stop_ms);
    if (!finished) connections_.Abort();
    // Handlers that run can't be broken off: the store must not go before they return.
    workers_.join();
    own_worker_.join();
    if (!finished) connections_.WaitUntilEmpty(1'000);
    work_.reset();
    io_.stop();
    for (std::thread& thread : threads_) thread.join();
    return finished;
  }

 private:
  asio::awaitable<void> Accept() {
    const Shared shared = {&workers_, &own_worker_, &dispatcher_, metrics_, &budget_, &connections_, &stopping_};
    while (!stopping_) {
      auto [ec, socket] = co_await acceptor_.async_accept(asio::make_strand(io_), asio::as_tuple(asio::use_awaitable));
      if (stopping_ || ec == asio::error::operation_aborted || ec == asio::error::bad_descriptor) break;
      if (ec) {
        log_->Event(LogLevel::kError, "can't accept", {{"what", ec.message()}});
        asio::steady_timer timer(acceptor_.get_executor(), kAcceptAgain);
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        continue;
      }
      Take(shared, std::move(socket));
    }
  }

  void Take(const Shared& shared, tcp::socket socket) {
    std::string peer = PeerOf(socket);
    metrics_->SetBufferedBytes(budget_.used());
    const Connections::Room room = connections_.Reserve(peer, dispatcher_.limits());
    if (room == Connections::Room::kYes) {
      std::shared_ptr<asio::ssl::context> tls;
      {
        const absl::MutexLock lock(&mutex_);
        tls = tls_;
      }
      StartConnection(shared, std::move(socket), std::move(peer), std::move(tls));
      return;
    }
    const bool all = room == Connections::Room::kFull;
    metrics_->CountRefused(all ? RefusedFor::kConnections : RefusedFor::kPeerConnections);
    if (!options_.tls.certificate.empty()) return;
    // As far as it goes at once: nobody waits for this client.
    constexpr std::string_view kFull =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n";
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(kFull.data(), kFull.size()), ignored);
    socket.shutdown(tcp::socket::shutdown_send, ignored);
  }

  const ServerOptions options_;
  Metrics* const metrics_;
  Log* const log_;
  Dispatcher dispatcher_;
  Budget budget_;
  Connections connections_;
  std::atomic<bool> stopping_ = false;
  absl::Mutex mutex_;
  std::shared_ptr<asio::ssl::context> tls_ ABSL_GUARDED_BY(mutex_);
  // Connections and their answers refer to all of the above: they go first.
  asio::io_context io_;
  asio::thread_pool workers_;
  asio::thread_pool own_worker_{1};
  tcp::acceptor acceptor_;
  tcp::endpoint local_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::vector<std::thread> threads_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options, const Router* router,
                                                      Metrics* metrics, Log* log, const Clock* clock) {
  auto server = std::make_unique<ServerImpl>(options, router, metrics, log, clock);
  RETURN_IF_ERROR(server->Listen());
  return server;
}

}  // namespace lodestone::http
