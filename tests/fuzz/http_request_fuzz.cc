// Any bytes as what a client sends over one connection: the same requests come of it in whatever pieces it arrives,
// nothing forbidden gets through to a handler, and nothing is kept beyond the limits.
#include <algorithm>
#include <string>
#include <vector>

#include "bindings/http/dispatcher.h"
#include "bindings/http/request_reader.h"
#include "bindings/http/response_head.h"
#include "tests/fuzz/check.h"

namespace {

using namespace lodestone::http;  // NOLINT
using State = RequestReader::State;

Limits SmallLimits() {
  Limits limits;
  limits.request_line_bytes = 512;
  limits.header_bytes = 512;
  limits.header_count = 10;
  limits.body_bytes = 256;
  return limits;
}
// Beside the limits: the line of a chunk, and the room that strings grow into.
constexpr std::size_t kMost = 2 * (512 + 512 + 256) + 2 * 16 * 1024 + 1024;

struct Outcome {
  State state;
  int status;
  std::size_t taken;
  Request request;
};

bool Equal(const Outcome& a, const Outcome& b) {
  if ((a.state == State::kDone) != (b.state == State::kDone)) return false;
  // That a body which is broken off is malformed as well may be noticed a few bytes later; and of one that is malformed
  // and too large, either may be noticed first.
  if (a.state != State::kDone) {
    const auto of_body = [](const Outcome& one) { return one.status == 400 || one.status == 413; };
    return a.state != State::kFailed || b.state != State::kFailed || a.status == b.status || (of_body(a) && of_body(b));
  }
  return a.taken == b.taken && a.request.method == b.request.method && a.request.target == b.request.target &&
         a.request.headers == b.request.headers && a.request.body == b.request.body;
}

// The requests of a connection, up to the first that is not complete or refused.
std::vector<Outcome> ReadAll(std::string_view bytes, std::size_t piece) {
  std::vector<Outcome> all;
  while (true) {
    RequestReader reader(SmallLimits());
    std::size_t taken = 0;
    while (taken < bytes.size() && (reader.state() == State::kHead || reader.state() == State::kBody)) {
      const std::size_t step = reader.Feed(bytes.substr(taken, piece));
      FUZZ_CHECK(step <= piece);
      // All of it is taken, or the request is at an end.
      FUZZ_CHECK(step == std::min(piece, bytes.size() - taken) || reader.state() == State::kDone ||
                 reader.state() == State::kFailed);
      taken += step;
      FUZZ_CHECK(reader.buffered() <= kMost + piece);
    }
    all.push_back({reader.state(), reader.refusal().status, taken, reader.request()});
    if (reader.state() != State::kDone) return all;
    FUZZ_CHECK(taken > 0);
    bytes.remove_prefix(taken);
  }
}

bool Printable(std::string_view text) {
  return std::ranges::none_of(text, [](unsigned char c) { return (c < ' ' && c != '\t') || c == 0x7f; });
}

// What handlers may rely on.
void CheckRequest(const Request& request) {
  FUZZ_CHECK(request.target == "*" || request.target.starts_with('/'));
  FUZZ_CHECK(Printable(request.target) && request.target.find_first_of(" \t#") == std::string::npos);
  int hosts = 0;
  int lengths = 0;
  for (const auto& [name, value] : request.headers) {
    FUZZ_CHECK(!name.empty() && Printable(name) && Printable(value));
    FUZZ_CHECK(std::ranges::none_of(name, [](char c) { return c >= 'A' && c <= 'Z'; }));
    hosts += name == "host" ? 1 : 0;
    lengths += name == "content-length" || name == "transfer-encoding" ? 1 : 0;
  }
  FUZZ_CHECK(hosts <= 1 && lengths <= 1);
  FUZZ_CHECK(request.body.size() <= SmallLimits().body_bytes);
  FUZZ_CHECK(request.body.empty() || lengths == 1);
}

class Nothing final : public Handler {
 public:
  Response Handle(const Request& request) override {
    Response response;
    response.headers.emplace_back("X-Echo", request.target);
    return response;
  }
};

// The way of a request through the server, but for the sockets.
void CheckAnswer(const Request& request) {
  static Nothing nothing;
  static Metrics metrics;
  static Log log(LogLevel::kInfo, [](std::string_view line) {
    FUZZ_CHECK(line.find('\n') == std::string_view::npos);
    FUZZ_CHECK(line.starts_with('{') && line.ends_with('}'));
  });
  static const Router router = [] {
    Router made;
    made.Add({.adapter = "any", .path = "/", .beneath = true, .allow = "GET", .handler = &nothing});
    return made;
  }();
  static Dispatcher dispatcher(&router, &metrics, &log, lodestone::Clock::System(), Limits{.requests_per_second = 0});
  FUZZ_CHECK(!dispatcher.Admit(request).has_value());
  const Response response = dispatcher.Run(request);
  dispatcher.Done(request, response, 20, 1);
  const std::string head = ResponseHead(request, response, true);
  FUZZ_CHECK(head.find("\r\n\r\n") == head.size() - 4);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::vector<Outcome> whole = ReadAll(bytes, std::max<std::size_t>(size, 1));
  for (const Outcome& one : whole) {
    if (one.state != State::kDone) continue;
    CheckRequest(one.request);
    CheckAnswer(one.request);
  }
  for (const std::size_t piece : {1, 2, 5, 64}) {
    const std::vector<Outcome> pieces = ReadAll(bytes, piece);
    FUZZ_CHECK(pieces.size() == whole.size());
    FUZZ_CHECK(std::equal(whole.begin(), whole.end(), pieces.begin(), Equal));
  }
  return 0;
}
