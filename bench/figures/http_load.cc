#include "bench/figures/http_load.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <barrier>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>

#include "bench/figures/measure.h"

namespace lodestone::bench {
namespace {

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "figures: HTTP: %s\n", what.c_str());
  std::exit(1);
}

class Connection {
 public:
  explicit Connection(uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) Fail("can't connect");
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The whole answer; valid until the next call.
  std::string_view Call(std::string_view request) {
    while (!request.empty()) {
      const ssize_t sent = ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
      if (sent <= 0) Fail("the server takes no request");
      request.remove_prefix(static_cast<std::size_t>(sent));
    }
    std::size_t size = 0;
    std::size_t needed = 0;  // 0: the head is not complete
    while (needed == 0 || size < needed) {
      if (buffer_.size() - size < kRead) buffer_.resize(2 * buffer_.size() + kRead);
      const ssize_t received = ::recv(socket_, buffer_.data() + size, buffer_.size() - size, 0);
      if (received <= 0) Fail("the server ended a connection");
      size += static_cast<std::size_t>(received);
      if (needed == 0) needed = SizeOf(std::string_view(buffer_.data(), size));
    }
    return {buffer_.data(), size};
  }

 private:
  static constexpr std::size_t kRead = std::size_t{64} << 10;

  // Of the answer that begins with `bytes`; 0: not known yet.
  static std::size_t SizeOf(std::string_view bytes) {
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    constexpr std::string_view kName = "\r\nContent-Length: ";
    const std::size_t at = bytes.find(kName);
    if (at > end) Fail("an answer without Content-Length");
    return end + 4 + std::strtoull(bytes.data() + at + kName.size(), nullptr, 10);
  }

  const int socket_;
  std::vector<char> buffer_;
};

}  // namespace

Latencies Call(uint16_t port, int connections, int64_t requests, const RequestMaker& make,
               const std::string& expected) {
  std::vector<std::vector<double>> times(static_cast<std::size_t>(connections));
  std::vector<std::thread> threads;
  std::barrier ready(connections + 1);
  for (int c = 0; c < connections; ++c) {
    threads.emplace_back([&, c] {
      std::vector<std::string> bytes;
      for (int64_t i = 0; i < requests; ++i) bytes.push_back(make(c, i));
      Connection connection(port);
      ready.arrive_and_wait();
      for (const std::string& one : bytes) {
        const Stopwatch watch;
        const std::string_view answer = connection.Call(one);
        times[static_cast<std::size_t>(c)].push_back(watch.Seconds());
        if (!answer.starts_with("HTTP/1.1 200") || answer.find(expected) == std::string_view::npos) {
          Fail("an answer that was not expected: " + std::string(answer.substr(0, 500)));
        }
      }
    });
  }
  ready.arrive_and_wait();
  const Stopwatch watch;
  for (std::thread& thread : threads) thread.join();
  const double whole = watch.Seconds();
  std::vector<double> all;
  for (const std::vector<double>& of_one : times) all.insert(all.end(), of_one.begin(), of_one.end());
  std::sort(all.begin(), all.end());
  return {.per_request = whole / static_cast<double>(all.size()),
          .p50 = all[all.size() / 2],
          .p99 = all[all.size() * 99 / 100]};
}

}  // namespace lodestone::bench
