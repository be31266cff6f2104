#include "bindings/http/response_head.h"

#include <algorithm>
#include <boost/beast/http/status.hpp>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "catalog/base/strings.h"

namespace lodestone::http {
namespace {

bool StaysInItsLine(std::string_view text) {
  return std::ranges::none_of(text, [](unsigned char c) { return (c < ' ' && c != '\t') || c == 0x7f; });
}

void Add(std::string* head, std::string_view name, std::string_view value) {
  if (StaysInItsLine(name) && StaysInItsLine(value)) base::StrAppend(head, name, ": ", value, "\r\n");
}

}  // namespace

bool MayHaveBody(int status) { return status >= 200 && status != 204 && status != 304; }

std::string ResponseHead(const Request& request, const Response& response, bool keep_alive) {
  const auto reason =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(static_cast<unsigned>(response.status)));
  std::string head =
      base::StrCat("HTTP/1.1 ", response.status, " ", std::string_view(reason.data(), reason.size()), "\r\n");
  Add(&head, "Date", absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::Now(), absl::UTCTimeZone()));
  if (MayHaveBody(response.status)) {
    Add(&head, "Content-Type", response.content_type);
    Add(&head, "Content-Length", std::to_string(response.body.size()));
  }
  Add(&head, "X-Request-Id", request.request_id);
  Add(&head, "X-Content-Type-Options", "nosniff");
  Add(&head, "Connection", keep_alive ? "keep-alive" : "close");
  for (const auto& [name, value] : response.headers) Add(&head, name, value);
  head += "\r\n";
  return head;
}

}  // namespace lodestone::http
