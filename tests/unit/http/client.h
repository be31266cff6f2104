// A client that sends what a test says, byte for byte.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "catalog/base/strings.h"

namespace lodestone::http {

struct Answer {
  int status = 0;  // 0: the connection ended before an answer
  std::map<std::string, std::string> headers;
  std::string body;
};

// A connection to a port of 127.0.0.1.
class Client {
 public:
  explicit Client(uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience = {.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }
  // As much as the server takes; whether that was all.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // The next answer; `with_body` false: of a HEAD.
  Answer Read(bool with_body = true) {
    Answer answer;
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!ReadMore()) return answer;
    }
    const std::string head = buffer_.substr(0, end);
    buffer_.erase(0, end + 4);
    for (const std::string_view line : base::Split(head, '\n')) {
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos) continue;
      answer.headers[absl::AsciiStrToLower(base::ToAbsl(line.substr(0, colon)))] =
          base::ToStd(absl::StripAsciiWhitespace(base::ToAbsl(line.substr(colon + 1))));
    }
    if (head.size() < 12 || !absl::SimpleAtoi(head.substr(9, 3), &answer.status)) answer.status = -1;
    std::size_t length = 0;
    if (with_body) length = std::strtoull(answer.headers["content-length"].c_str(), nullptr, 10);
    while (buffer_.size() < length && ReadMore()) {
    }
    answer.body = buffer_.substr(0, length);
    buffer_.erase(0, answer.body.size());
    return answer;
  }
  Answer Call(std::string_view bytes) {
    Send(bytes);
    return Read();
  }
  // Waits until the server ends the connection; false when it sends something first, or 20 seconds pass.
  bool EndsNow() {
    char byte = 0;
    return buffer_.empty() && ::recv(socket_, &byte, 1, 0) == 0;
  }

 private:
  bool ReadMore() {
    char bytes[16 * 1024];
    const ssize_t received = ::recv(socket_, bytes, sizeof(bytes), 0);
    if (received <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(received));
    return true;
  }

  const int socket_;
  bool connected_ = false;
  std::string buffer_;
};

}  // namespace lodestone::http
