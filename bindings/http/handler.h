// What the HTTP server hands to an adapter, and takes back.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lodestone::http {

struct Request {
  std::string method;                                        // in upper case
  std::string target;                                        // as sent: path and query, still encoded
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case; as sent, in order
  std::string body;
  std::string request_id;  // of the server
  std::string peer;        // address

  // The parts of the target around the first `?`; still encoded.
  std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
  std::string_view query() const {
    const std::size_t mark = target.find('?');
    return mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
  }
  // The first of the name (in lower case); empty: there is none.
  std::string_view Header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return {};
  }
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  // For metrics and logs: the adapter's call, of a fixed list (`GetTable`); and how it ended, as a code of the adapter
  // (`ok`, `NO_SUCH_OBJECT`, `DLI.0003`). Never a text that a caller chose.
  std::string call;
  std::string outcome;
  std::string principal;  // empty: not known
  // For the log alone: what of a failure the caller is not told (the text of an internal error). Empty: nothing.
  std::string detail;
};

// One adapter. Thread-safe: called by many threads at once.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual Response Handle(const Request& request) = 0;
  // What the server refuses in the adapter's place, in the form that the adapter's clients understand: 408 (too slow),
  // 413 (body too large), 429 (too many requests of one caller), 503 (overloaded, or stopping), 500 (Handle() threw).
  // The request may lack its body. Status, Retry-After, call and outcome are set by the server. By default a JSON
  // object with `code`, `message` and `request_id`.
  virtual Response Refuse(const Request& request, int status, std::string_view message);
};

}  // namespace lodestone::http
