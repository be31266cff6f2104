// What the server says about itself and its requests: lines of JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace lodestone::bindings {

enum class LogLevel { kDebug, kInfo, kWarning, kError, kOff };
// `debug`, `info`, `warning`, `error`, `off`.
std::optional<LogLevel> ParseLogLevel(std::string_view text);

// A request that was answered, or refused. Never its query, header lines or body: signatures and tokens are there.
struct RequestLine {
  std::string_view request_id;
  std::string_view peer;
  std::string_view method;
  std::string_view path;  // still encoded; shown up to 256 bytes
  std::string_view adapter;
  std::string_view call;
  std::string_view outcome;
  std::string_view principal;
  std::string_view detail;  // Response::detail
  int status = 0;           // of HTTP; 0: none
  int64_t micros = 0;       // from the last byte of the request to the last of the answer
  std::size_t bytes_in = 0;
  std::size_t bytes_out = 0;
};

// Thread-safe. Does not wait for who reads: what is not read in time is lost, the oldest first.
class Log {
 public:
  // Lines of at least this level, to standard error.
  explicit Log(LogLevel level);
  // ... to a function, on the thread that says it: for tests.
  Log(LogLevel level, std::function<void(std::string_view line)> write);
  ~Log();

  void SetLevel(LogLevel level);
  using Field = std::pair<std::string_view, std::string_view>;
  void Event(LogLevel level, std::string_view event, std::initializer_list<Field> fields = {});
  // Level info; warning where the status is 500 or more.
  void Request(const RequestLine& line);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lodestone::bindings
