#include "bindings/http/connection.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <optional>
#include <tuple>
#include <utility>

#include "bindings/http/response_head.h"

namespace lodestone::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Time = std::chrono::steady_clock::time_point;
using std::chrono::milliseconds;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

constexpr std::size_t kReadBytes = std::size_t{32} << 10;
constexpr std::size_t kWriteBytes = std::size_t{256} << 10;
// A request up to this size is read even when there is no memory left in the limits: the big ones have to give way.
constexpr std::size_t kSmallRequest = std::size_t{64} << 10;
// After a refusal: what a client still sends is read for so long, or else it would not see the answer.
constexpr milliseconds kLinger(2'000);

// For TLS to be ended by both sides, when the server stops.
constexpr int64_t kFarewellMs = 200;

Time In(int64_t ms) { return std::chrono::steady_clock::now() + milliseconds(ms); }

// Each co_await below is a statement or an initializer of its own: g++ 12 evaluates one that stands behind && or ||
// whatever is in front of it.
template <typename Stream>
class Served final : public Connection, public std::enable_shared_from_this<Served<Stream>> {
 public:
  template <typename... StreamArgs>
  Served(const Shared& shared, std::string peer, std::shared_ptr<asio::ssl::context> tls, StreamArgs&&... args)
      : shared_(shared),
        peer_(std::move(peer)),
        tls_(std::move(tls)),
        stream_(std::forward<StreamArgs>(args)...),
        timer_(stream_.get_executor()),
        share_(shared.budget) {}

  ~Served() override {
    shared_.connections->Release(peer_);
    shared_.metrics->ConnectionClosed();
  }

  void Start() { asio::co_spawn(stream_.get_executor(), Serve(this->shared_from_this()), asio::detached); }

  void Drain() override {
    asio::post(stream_.get_executor(), [self = this->shared_from_this()] {
      if (self->idle_) self->Cancel();
    });
  }

  void Abort() override {
    asio::post(stream_.get_executor(), [self = this->shared_from_this()] {
      error_code ignored;
      self->socket().close(ignored);
      self->timer_.cancel();
    });
  }

 private:
  tcp::socket& socket() {
    if constexpr (std::is_same_v<Stream, tcp::socket>) {
      return stream_;
    } else {
      return stream_.next_layer();
    }
  }

  void Cancel() {
    error_code ignored;
    socket().cancel(ignored);
  }

  // What is begun on the socket next is cancelled at `deadline`, unless Disarm() comes first.
  void Arm(Time deadline) {
    timed_out_ = false;
    timer_.expires_at(deadline);
    timer_.async_wait([weak = this->weak_from_this(), turn = ++turn_](const error_code& ec) {
      const auto self = weak.lock();
      if (ec || !self || self->turn_ != turn) return;
      self->timed_out_ = true;
      self->Cancel();
    });
  }
  void Disarm() {
    ++turn_;
    timer_.cancel();
  }

  // `self` keeps the object while the coroutine lives.
  asio::awaitable<void> Serve(std::shared_ptr<Served> self) {
    try {
      bool going_on = co_await Handshake();
      while (going_on) going_on = co_await ServeOne();
      co_await Shutdown();
    } catch (const std::exception&) {
      // Memory ran out, or the server ends. The connection goes; the rest lives on.
    }
    shared_.connections->Remove(this);
  }

  asio::awaitable<bool> Handshake() {
    if constexpr (std::is_same_v<Stream, tcp::socket>) {
      co_return true;
    } else {
      Arm(In(shared_.dispatcher->limits().handshake_ms));
      const std::tuple<error_code> done = co_await stream_.async_handshake(asio::ssl::stream_base::server, kTuple);
      Disarm();
      healthy_ = !std::get<0>(done) && !timed_out_;
      co_return healthy_;
    }
  }

  asio::awaitable<void> Shutdown() {
    error_code ignored;
    if constexpr (!std::is_same_v<Stream, tcp::socket>) {
      if (socket().is_open() && healthy_) {
        Arm(In(shared_.stopping->load() ? kFarewellMs : kLinger.count()));
        co_await stream_.async_shutdown(kTuple);
        Disarm();
      }
    }
    socket().shutdown(tcp::socket::shutdown_both, ignored);
    socket().close(ignored);
  }

  // One request and its answer; whether another may follow.
  asio::awaitable<bool> ServeOne() {
    const Limits limits = shared_.dispatcher->limits();
    RequestReader reader(limits);
    Request& request = reader.request();
    request.peer = peer_;
    const std::optional<Refusal> refusal = co_await Read(reader, limits);
    if (!refusal) co_return false;
    request.request_id = NewRequestId();
    const Time begin = std::chrono::steady_clock::now();
    Response response;
    if (refusal->status != 0) {
      response = shared_.dispatcher->Refuse(request, refusal->status, refusal->message);
    } else if (std::optional<Response> refused = shared_.dispatcher->Admit(request)) {
      response = *std::move(refused);
    } else {
      asio::thread_pool& workers = shared_.dispatcher->IsOwn(request) ? *shared_.own_worker : *shared_.workers;
      response = co_await asio::co_spawn(workers, Run(request), asio::use_awaitable);
    }
    const bool again = refusal->status == 0 && reader.keep_alive() && !shared_.stopping->load();
    const std::size_t bytes_in = request.target.size() + request.body.size();
    // What is not needed any more should not count while a slow client takes the answer. (Assigning keeps the memory.)
    std::string().swap(request.body);
    share_.Set(reader.buffered() + response.body.capacity());
    const bool sent = co_await Write(request, response, again, limits);
    const auto passed = std::chrono::steady_clock::now() - begin;
    shared_.dispatcher->Done(request, response, bytes_in,
                             std::chrono::duration_cast<std::chrono::microseconds>(passed).count());
    share_.Set(0);
    if (sent && refusal->status != 0) co_await Linger();
    co_return sent&& again;
  }

  asio::awaitable<Response> Run(const Request& request) { co_return shared_.dispatcher->Run(request); }

  // Reads a request to its end, or until it is refused (status not 0). nullopt: the connection is over without one.
  asio::awaitable<std::optional<Refusal>> Read(RequestReader& reader, const Limits& limits) {
    Time deadline = In(limits.idle_ms);
    bool told_to_continue = false;
    while (true) {
      const bool began_before = reader.began();
      begin_ += reader.Feed(std::string_view(input_.data() + begin_, end_ - begin_));
      share_.Set(reader.buffered());
      if (reader.state() == RequestReader::State::kDone) co_return Refusal{};
      if (reader.state() == RequestReader::State::kFailed) co_return reader.refusal();
      if (reader.buffered() > kSmallRequest && shared_.budget->used() > limits.buffered_bytes) {
        co_return Refusal{503, "too much is being read at the moment"};
      }
      if (reader.began() && !began_before) deadline = In(limits.request_ms);
      if (!reader.began() && shared_.stopping->load()) co_return std::nullopt;
      if (reader.expects_continue() && !told_to_continue) {
        told_to_continue = true;
        const bool told = co_await WriteSome("HTTP/1.1 100 Continue\r\n\r\n", limits);
        if (!told) co_return std::nullopt;
      }
      Arm(deadline);
      idle_ = !reader.began();
      const auto [ec, bytes] = co_await stream_.async_read_some(asio::buffer(input_), kTuple);
      idle_ = false;
      Disarm();
      if (ec) {
        if (timed_out_ && reader.began()) co_return Refusal{408, "the request did not come to its end in time"};
        healthy_ = timed_out_ || ec == asio::error::eof || ec == asio::error::operation_aborted;
        co_return std::nullopt;
      }
      begin_ = 0;
      end_ = bytes;
    }
  }

  asio::awaitable<bool> WriteSome(std::string_view bytes, const Limits& limits) {
    while (!bytes.empty()) {
      const std::string_view piece = bytes.substr(0, kWriteBytes);
      Arm(In(limits.write_ms));
      const auto [ec, written] = co_await asio::async_write(stream_, asio::buffer(piece.data(), piece.size()), kTuple);
      Disarm();
      if (ec) {
        healthy_ = false;
        co_return false;
      }
      bytes.remove_prefix(piece.size());
    }
    co_return true;
  }

  asio::awaitable<bool> Write(const Request& request, const Response& response, bool again, const Limits& limits) {
    std::string head = ResponseHead(request, response, again);
    const bool with_body = request.method != "HEAD" && MayHaveBody(response.status);
    const bool together = with_body && response.body.size() <= kWriteBytes / 4;  // one packet, mostly
    if (together) head += response.body;
    bool sent = co_await WriteSome(head, limits);
    if (sent && with_body && !together) sent = co_await WriteSome(response.body, limits);
    co_return sent;
  }

  // Lets the client read the answer before the connection is reset by what it still sends.
  asio::awaitable<void> Linger() {
    error_code ignored;
    const Time deadline = In(kLinger.count());
    if constexpr (std::is_same_v<Stream, tcp::socket>) socket().shutdown(tcp::socket::shutdown_send, ignored);
    while (std::chrono::steady_clock::now() < deadline && !shared_.stopping->load()) {
      Arm(deadline);
      const auto [ec, bytes] = co_await socket().async_read_some(asio::buffer(input_), kTuple);
      Disarm();
      if (ec) break;
    }
    healthy_ = false;
  }

  const Shared shared_;
  const std::string peer_;
  const std::shared_ptr<asio::ssl::context> tls_;  // outlives the stream
  Stream stream_;
  asio::steady_timer timer_;
  uint64_t turn_ = 0;       // of Arm() and Disarm()
  bool timed_out_ = false;  // the last turn was cancelled by its deadline
  bool idle_ = false;       // waits for the first byte of a request
  bool healthy_ = true;     // TLS can still be ended in order
  Share share_;
  std::array<char, kReadBytes> input_;
  std::size_t begin_ = 0;  // of what is read and not used
  std::size_t end_ = 0;
};

}  // namespace

Connections::Room Connections::Reserve(const std::string& peer, const Limits& limits) {
  const absl::MutexLock lock(&mutex_);
  if (count_ >= limits.connections) return Room::kFull;
  int& of_peer = by_peer_[peer];
  if (of_peer >= limits.connections_per_peer) return Room::kFullForPeer;
  ++of_peer;
  ++count_;
  return Room::kYes;
}

void Connections::Release(const std::string& peer) {
  const absl::MutexLock lock(&mutex_);
  --count_;
  const auto found = by_peer_.find(peer);
  if (found != by_peer_.end() && --found->second == 0) by_peer_.erase(found);
}

void Connections::Add(std::shared_ptr<Connection> connection) {
  const absl::MutexLock lock(&mutex_);
  const Connection* const key = connection.get();
  open_.emplace(key, std::move(connection));
}

void Connections::Remove(const Connection* connection) {
  std::shared_ptr<Connection> removed;  // ends outside of the lock
  const absl::MutexLock lock(&mutex_);
  const auto found = open_.find(connection);
  if (found == open_.end()) return;
  removed = std::move(found->second);
  open_.erase(found);
}

void Connections::Drain() {
  const absl::MutexLock lock(&mutex_);
  for (const auto& [key, connection] : open_) connection->Drain();
}

void Connections::Abort() {
  const absl::MutexLock lock(&mutex_);
  for (const auto& [key, connection] : open_) connection->Abort();
}

bool Connections::WaitUntilEmpty(int64_t timeout_ms) {
  const absl::MutexLock lock(&mutex_);
  const auto empty = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return open_.empty(); };
  return mutex_.AwaitWithTimeout(absl::Condition(&empty), absl::Milliseconds(timeout_ms));
}

void StartConnection(const Shared& shared, tcp::socket socket, std::string peer,
                     std::shared_ptr<asio::ssl::context> tls) {
  shared.metrics->ConnectionOpened();
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  if (tls == nullptr) {
    auto connection = std::make_shared<Served<tcp::socket>>(shared, std::move(peer), nullptr, std::move(socket));
    shared.connections->Add(connection);
    connection->Start();
    return;
  }
  asio::ssl::context& context = *tls;
  using TlsStream = asio::ssl::stream<tcp::socket>;
  auto connection =
      std::make_shared<Served<TlsStream>>(shared, std::move(peer), std::move(tls), std::move(socket), context);
  shared.connections->Add(connection);
  connection->Start();
}

}  // namespace lodestone::http
