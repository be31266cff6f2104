// Bytes of a connection become requests, strictly: what two servers in a row could read in two ways is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "bindings/http/handler.h"
#include "bindings/http/limits.h"

namespace lodestone::http {

// Why a request was refused before a handler saw it.
struct Refusal {
  int status = 0;       // 0: it was not
  std::string message;  // says what was expected and what was found; nothing that the client sent
};

// Reads one request; knows no sockets. Not thread-safe. Memory: what the request has sent so far, within the limits.
//
// Refused with 400, beside what HTTP/1.1 itself forbids: both Content-Length and Transfer-Encoding, either of them
// twice, folded header lines, a line feed without carriage return, control characters, a missing or second Host, a
// target in absolute form for another host. With 501: methods other than GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS,
// and transfer codings other than `chunked`. With 415: a Content-Encoding. With 417: an Expect other than 100-continue.
// With 505: other versions than HTTP/1.0 and 1.1. Header lines behind a chunked body (trailers) are read and dropped.
class RequestReader {
 public:
  enum class State {
    kHead,    // needs more bytes of the request line and header
    kBody,    // the head is there; needs more bytes of the body
    kDone,    // complete
    kFailed,  // see refusal(); the connection can't be used further
  };

  explicit RequestReader(const Limits& limits);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  // Takes bytes until the request is complete or refused, and returns how many it took.
  std::size_t Feed(std::string_view bytes);
  State state() const { return state_; }
  const Refusal& refusal() const { return refusal_; }
  // Whether a first byte has come.
  bool began() const { return began_; }
  // Whether the client waits for `100 Continue` before it sends the body. In state kBody.
  bool expects_continue() const { return expects_continue_; }
  // Whether the connection may be used again after the answer. From state kBody on.
  bool keep_alive() const { return keep_alive_; }
  // Bytes that it holds.
  std::size_t buffered() const;
  // What is known of the request: method, target and headers from state kBody on, the body in state kDone.
  Request& request() { return request_; }

 private:
  struct Parser;

  std::size_t FeedHead(std::string_view bytes);
  std::size_t FeedBody(std::string_view bytes);
  void ReadHead();
  bool ReadTarget(std::string_view target);
  void Refuse(int status, std::string_view message);

  const Limits limits_;
  State state_ = State::kHead;
  Refusal refusal_;
  bool began_ = false;
  std::size_t empty_line_ = 0;  // how much of one was skipped before the request
  bool expects_continue_ = false;
  bool keep_alive_ = false;
  std::string head_;          // as sent
  std::size_t searched_ = 0;  // bytes of head_ in which its end is not
  std::size_t line_end_ = std::string::npos;
  std::unique_ptr<Parser> parser_;
  Request request_;
};

}  // namespace lodestone::http
