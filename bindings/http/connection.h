// One connection: reads requests, has them answered, writes the answers, in order.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "bindings/common/budget.h"
#include "bindings/common/metrics.h"
#include "bindings/http/dispatcher.h"

namespace lodestone::http {

using bindings::Budget;
using bindings::Share;

class Connection;

// The connections that are open. Thread-safe.
class Connections {
 public:
  enum class Room { kYes, kFull, kFullForPeer };

  Room Reserve(const std::string& peer, const Limits& limits);
  void Release(const std::string& peer);
  void Add(std::shared_ptr<Connection> connection);
  void Remove(const Connection* connection);
  // Those that wait for a request end now, the others after the answer they are at.
  void Drain();
  // All end now.
  void Abort();
  // Waits until none is left, so long at the most; whether none is.
  bool WaitUntilEmpty(int64_t timeout_ms);

 private:
  absl::Mutex mutex_;
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<std::string, int> by_peer_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<const Connection*, std::shared_ptr<Connection>> open_ ABSL_GUARDED_BY(mutex_);
};

// What the connections of a server share. All of it outlives them.
struct Shared {
  boost::asio::thread_pool* workers;
  boost::asio::thread_pool* own_worker;  // of the server's own pages
  Dispatcher* dispatcher;
  Metrics* metrics;
  Budget* budget;
  Connections* connections;
  std::atomic<bool>* stopping;
};

// A connection's socket and coroutine live on its own strand; the methods may be called from any thread.
class Connection {
 public:
  virtual ~Connection() = default;
  // Ends after the answer it is at; at once when it waits for a request.
  virtual void Drain() = 0;
  virtual void Abort() = 0;
};

// Serves `socket` until it ends; takes over the place that was reserved for `peer`. `tls` null: plain. Returns at once.
void StartConnection(const Shared& shared, boost::asio::ip::tcp::socket socket, std::string peer,
                     std::shared_ptr<boost::asio::ssl::context> tls);

}  // namespace lodestone::http
