#include "bindings/http/request_reader.h"

#include <algorithm>
#include <array>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "catalog/base/strings.h"

namespace lodestone::http {
namespace {

namespace beast = boost::beast;
using beast::error_code;

constexpr std::string_view kEndOfHead = "\r\n\r\n";
constexpr std::array<std::string_view, 7> kMethods = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"};
// What every chunked body that is not at its end still has to bring: `0`, and two line ends. Beast takes no less for
// the last chunk.
constexpr std::size_t kLeastChunk = 5;
// A line that says how long a chunk is, with its extensions, or all trailers.
constexpr std::size_t kMaxChunkLine = std::size_t{16} << 10;

std::string_view View(beast::string_view text) { return {text.data(), text.size()}; }

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase(base::ToAbsl(a), base::ToAbsl(b));
}

bool AllDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

// The lines of a head, read by Beast, and the body, chunked or not.
struct RequestReader::Parser final : beast::http::basic_parser<true> {
  explicit Parser(Request* the_request) : request(the_request) {}

  Request* const request;
  std::string target;
  int version = 11;
  Refusal refusal;      // what a line was refused for
  std::string pending;  // of the body, not understood yet: the beginning of a line
  int hosts = 0;
  int content_lengths = 0;
  int transfer_encodings = 0;
  bool continues = false;
  bool head_done = false;

  void Fail(int status, std::string_view message, error_code& ec) {
    if (refusal.status == 0) refusal = {status, std::string(message)};
    ec = beast::http::error::bad_value;
  }

  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view the_target, int the_version,
                       error_code&) override {
    request->method = View(method);
    target = View(the_target);
    version = the_version;
  }
  void on_response_impl(int, beast::string_view, int, error_code&) override {}

  void on_field_impl(beast::http::field field, beast::string_view name, beast::string_view value,
                     error_code& ec) override {
    if (head_done) return;  // a trailer: nothing that we know belongs there
    CheckField(field, View(value), ec);
    request->headers.emplace_back(absl::AsciiStrToLower(base::ToAbsl(View(name))), View(value));
  }

  void CheckField(beast::http::field field, std::string_view value, error_code& ec) {
    using Field = beast::http::field;
    switch (field) {
      case Field::host:
        if (++hosts > 1) Fail(400, "more than one Host", ec);
        break;
      case Field::content_length:
        if (++content_lengths > 1) Fail(400, "more than one Content-Length", ec);
        if (!AllDigits(value)) Fail(400, "Content-Length is no number", ec);
        break;
      case Field::transfer_encoding:
        if (++transfer_encodings > 1) Fail(400, "more than one Transfer-Encoding", ec);
        if (!EqualIgnoringCase(value, "chunked")) Fail(501, "a Transfer-Encoding other than chunked", ec);
        break;
      case Field::content_encoding:
        if (!EqualIgnoringCase(value, "identity")) Fail(415, "bodies with a Content-Encoding are not read", ec);
        break;
      case Field::expect:
        if (!EqualIgnoringCase(value, "100-continue")) Fail(417, "an Expect other than 100-continue", ec);
        continues = true;
        break;
      default:
        break;
    }
    if (content_lengths > 0 && transfer_encodings > 0) Fail(400, "both Content-Length and Transfer-Encoding", ec);
  }

  void on_header_impl(error_code&) override { head_done = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(beast::string_view body, error_code& ec) override {
    request->body.append(body.data(), body.size());
    ec = {};
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, error_code& ec) override {
    return on_body_impl(body, ec);
  }
  void on_finish_impl(error_code&) override {}
};

RequestReader::RequestReader(const Limits& limits) : limits_(limits) {}
RequestReader::~RequestReader() = default;

void RequestReader::Refuse(int status, std::string_view message) {
  state_ = State::kFailed;
  refusal_ = {status, std::string(message)};
}

std::size_t RequestReader::buffered() const {
  return head_.capacity() + request_.body.capacity() + (parser_ ? parser_->pending.capacity() : 0);
}

std::size_t RequestReader::Feed(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && (state_ == State::kHead || state_ == State::kBody)) {
    const std::string_view rest = bytes.substr(taken);
    taken += state_ == State::kHead ? FeedHead(rest) : FeedBody(rest);
  }
  return taken;
}

std::size_t RequestReader::FeedHead(std::string_view bytes) {
  std::size_t skipped = 0;
  if (!began_) {
    // Some clients send an empty line behind a body.
    constexpr std::string_view kEmptyLine = "\r\n";
    while (skipped < bytes.size() && empty_line_ < 2 && bytes[skipped] == kEmptyLine[empty_line_]) {
      ++skipped;
      ++empty_line_;
    }
    if (skipped == bytes.size()) return skipped;
    began_ = true;
    if (empty_line_ == 1) head_ = "\r";  // of no empty line: it is refused with the rest
  }
  const std::size_t before = head_.size();
  head_.append(bytes.substr(skipped));
  const std::size_t end = head_.find(kEndOfHead, searched_);
  const std::size_t head_bytes = end == std::string::npos ? head_.size() : end + kEndOfHead.size();
  if (line_end_ == std::string::npos) line_end_ = head_.find("\r\n", searched_);
  const std::size_t line_end = std::min(line_end_, head_bytes - (head_.ends_with('\r') ? 1 : 0));
  if (line_end > limits_.request_line_bytes) {
    Refuse(414, "the request line is longer than permitted");
  } else if (head_bytes - line_end > limits_.header_bytes) {
    Refuse(431, "the header is longer than permitted");
  } else if (end == std::string::npos) {
    searched_ = head_.size() < kEndOfHead.size() ? 0 : head_.size() - kEndOfHead.size() + 1;
  } else {
    head_.resize(head_bytes);
    ReadHead();
    return skipped + head_bytes - before;
  }
  return bytes.size();
}

namespace {

// What Beast would let pass. Empty: nothing.
std::string_view FindForbidden(std::string_view head, int max_lines) {
  int lines = 0;
  int blanks = 0;
  for (std::size_t i = 0; i < head.size(); ++i) {
    const auto c = static_cast<unsigned char>(head[i]);
    if (c == '\r') {
      if (head.substr(i, 2) != "\r\n") return "a carriage return without line feed";
      if (lines == 0 && blanks != 2) return "a request line that is not a method, a target and a version";
      ++i;
      if (++lines > max_lines + 2) return "more header lines than permitted";
      if (i + 1 < head.size() && (head[i + 1] == ' ' || head[i + 1] == '\t')) return "a folded header line";
    } else if (c == '\n') {
      return "a line feed without carriage return";
    } else if ((c < ' ' && c != '\t') || c == 0x7f) {
      return "a control character in the header";
    } else if (lines == 0 && (c > 0x7e || c == '\t')) {
      return "a character in the request line that is not printable ASCII";
    } else if (lines == 0 && c == ' ') {
      ++blanks;
    }
  }
  return {};
}

}  // namespace

void RequestReader::ReadHead() {
  const std::string_view forbidden = FindForbidden(head_, limits_.header_count);
  if (!forbidden.empty()) {
    const bool too_many = forbidden.starts_with("more header lines");
    return Refuse(too_many ? 431 : 400, forbidden);
  }
  parser_ = std::make_unique<Parser>(&request_);
  // Both are checked above and below; the parser's own limits must not be the lower ones.
  parser_->header_limit(static_cast<std::uint32_t>(head_.size() + 1));
  parser_->body_limit(limits_.body_bytes);
  error_code ec;
  parser_->put(boost::asio::buffer(head_), ec);
  if (parser_->refusal.status != 0) return Refuse(parser_->refusal.status, parser_->refusal.message);
  if (ec == beast::http::error::bad_version) return Refuse(505, "HTTP/1.1 or HTTP/1.0 is expected");
  if (ec == beast::http::error::body_limit) return Refuse(413, "the body is larger than permitted");
  if (ec || !parser_->is_header_done()) return Refuse(400, "the request line or a header line is malformed");
  if (std::ranges::find(kMethods, request_.method) == kMethods.end()) return Refuse(501, "no method that is known");
  if (parser_->version == 11 && parser_->hosts == 0) return Refuse(400, "Host is missing");
  if (parser_->version == 10 && parser_->transfer_encodings > 0) return Refuse(400, "Transfer-Encoding in HTTP/1.0");
  if (!ReadTarget(parser_->target)) return Refuse(400, "the target is neither a path nor a URL of this host");

  keep_alive_ = parser_->keep_alive();
  head_.clear();
  head_.shrink_to_fit();
  if (parser_->is_done()) {
    state_ = State::kDone;
    return;
  }
  expects_continue_ = parser_->continues && parser_->version == 11;
  parser_->eager(true);
  state_ = State::kBody;
}

bool RequestReader::ReadTarget(std::string_view target) {
  if (target.find('#') != std::string_view::npos) return false;
  if (request_.method == "OPTIONS" && target == "*") {
    request_.target = target;
    return true;
  }
  if (target.starts_with('/')) {
    request_.target = target;
    return true;
  }
  // As a proxy gets it. It must not name another host than the header does: who decides by which?
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!EqualIgnoringCase(target.substr(0, scheme.size()), scheme)) continue;
    const std::string_view rest = target.substr(scheme.size());
    const std::size_t host_end = std::min(rest.find_first_of("/?"), rest.size());
    if (!EqualIgnoringCase(rest.substr(0, host_end), request_.Header("host"))) return false;
    request_.target = rest.substr(host_end);
    if (!request_.target.starts_with('/')) request_.target.insert(0, "/");
    return true;
  }
  return false;
}

std::size_t RequestReader::FeedBody(std::string_view bytes) {
  std::string& pending = parser_->pending;
  const std::size_t before = pending.size();
  std::string_view input = bytes;
  if (before > 0) {
    pending.append(bytes);
    input = pending;
  }
  if (parser_->transfer_encodings > 0 && input.size() < kLeastChunk) {
    pending = std::string(input);
    return bytes.size();
  }
  std::size_t used = 0;
  error_code ec;
  while (used < input.size() && !parser_->is_done()) {
    const std::size_t step = parser_->put(boost::asio::buffer(input.data() + used, input.size() - used), ec);
    used += step;
    if (ec || step == 0) break;
  }
  if (ec == beast::http::error::need_more) ec = {};
  if (ec == beast::http::error::body_limit) {
    Refuse(413, "the body is larger than permitted");
  } else if (ec) {
    Refuse(400, "the body is malformed");
  } else if (parser_->is_done()) {
    state_ = State::kDone;
  } else if (input.size() - used > kMaxChunkLine) {
    Refuse(400, "a line of the chunked body is too long");
  } else {
    pending = std::string(input.substr(used));
    return bytes.size();
  }
  const std::size_t taken = used - std::min(used, before);
  pending.clear();
  return taken;
}

}  // namespace lodestone::http
