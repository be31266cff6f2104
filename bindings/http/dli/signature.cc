#include "bindings/http/dli/signature.h"

#include <algorithm>
#include <utility>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "bindings/common/crypto.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::http::dli {
namespace {

constexpr std::string_view kAlgorithm = "SDK-HMAC-SHA256";

absl::Status Bad(std::string_view what) { return absl::UnauthenticatedError(base::ToAbsl(what)); }

// Takes `prefix` off the front of `text`.
bool Take(std::string_view prefix, std::string_view* text) {
  if (text->substr(0, prefix.size()) != prefix) return false;
  text->remove_prefix(prefix.size());
  return true;
}

bool IsLowerHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsKeyCharacter(char c) { return IsDigit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool IsHeaderCharacter(char c) { return c == '-' || IsDigit(c) || (c >= 'a' && c <= 'z'); }

// The path decoded, then split and encoded piece by piece (so that %2F counts as a slash), with a slash at the end.
absl::Status AppendUri(std::string_view path, std::string* out) {
  std::string decoded;
  if (!bindings::PercentDecode(path, bindings::Plus::kLiteral, &decoded)) {
    return Bad("the path has an escape that is none");
  }
  bool first = true;
  for (const std::string_view piece : base::Split(decoded, '/')) {
    base::StrAppend(out, first ? "" : "/", bindings::PercentEncode(piece));
    first = false;
  }
  if (!decoded.ends_with('/')) *out += '/';
  return absl::OkStatus();
}

absl::Status AppendQuery(std::string_view query, std::string* out) {
  if (query.empty()) return absl::OkStatus();
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const std::string_view piece : base::Split(query, '&')) {
    const std::size_t equals = std::min(piece.find('='), piece.size());
    std::pair<std::string, std::string> parameter;
    if (!bindings::PercentDecode(piece.substr(0, equals), bindings::Plus::kLiteral, &parameter.first) ||
        !bindings::PercentDecode(piece.substr(std::min(equals + 1, piece.size())), bindings::Plus::kLiteral,
                                 &parameter.second)) {
      return Bad("the query has an escape that is none");
    }
    parameters.push_back(std::move(parameter));
  }
  std::sort(parameters.begin(), parameters.end());
  bool first = true;
  for (const auto& [name, value] : parameters) {
    base::StrAppend(out, first ? "" : "&", bindings::PercentEncode(name), "=", bindings::PercentEncode(value));
    first = false;
  }
  return absl::OkStatus();
}

absl::Status AppendHeaders(const Request& request, const std::vector<std::string>& names, std::string* out) {
  for (const std::string& name : names) {
    const std::string* value = nullptr;
    for (const auto& [key, text] : request.headers) {
      if (key != name) continue;
      if (value != nullptr) return Bad(base::StrCat("the signed header ", name, " is there twice"));
      value = &text;
    }
    if (value == nullptr) return Bad(base::StrCat("the signed header ", name, " is not there"));
    base::StrAppend(out, name, ":", base::TrimWhitespace(*value), "\n");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Authorization> ParseAuthorization(std::string_view header) {
  const absl::Status malformed =
      Bad("expected Authorization: SDK-HMAC-SHA256 Access=.., SignedHeaders=..;.., Signature=..");
  if (header.size() > kMaxAuthorizationBytes) return malformed;
  std::string_view rest = header;
  if (!Take(kAlgorithm, &rest) || !Take(" Access=", &rest)) return malformed;
  Authorization parsed;
  const std::size_t access_end = rest.find(", SignedHeaders=");
  if (access_end == std::string_view::npos) return malformed;
  parsed.access_key_id = rest.substr(0, access_end);
  rest.remove_prefix(access_end);
  Take(", SignedHeaders=", &rest);
  const std::size_t names_end = rest.find(", Signature=");
  if (names_end == std::string_view::npos) return malformed;
  for (const std::string_view name : base::Split(rest.substr(0, names_end), ';')) {
    const bool in_order = parsed.signed_headers.empty() || parsed.signed_headers.back() < name;
    if (name.empty() || !in_order || !std::all_of(name.begin(), name.end(), IsHeaderCharacter)) return malformed;
    parsed.signed_headers.emplace_back(name);
  }
  rest.remove_prefix(names_end);
  Take(", Signature=", &rest);
  parsed.signature = rest;
  if (parsed.access_key_id.empty() ||
      !std::all_of(parsed.access_key_id.begin(), parsed.access_key_id.end(), IsKeyCharacter) ||
      parsed.signature.size() != 64 || !std::all_of(parsed.signature.begin(), parsed.signature.end(), IsLowerHex)) {
    return malformed;
  }
  for (const char* needed : {"host", "x-sdk-date"}) {
    if (!std::binary_search(parsed.signed_headers.begin(), parsed.signed_headers.end(), needed)) {
      return Bad(base::StrCat("the header ", needed, " must be signed"));
    }
  }
  return parsed;
}

absl::StatusOr<int64_t> ParseSdkDate(std::string_view text) {
  const absl::Status malformed = Bad("expected X-Sdk-Date as YYYYMMDDTHHMMSSZ");
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return malformed;
  int parts[6] = {};
  constexpr std::size_t kBegins[] = {0, 4, 6, 9, 11, 13, 15};
  for (std::size_t i = 0; i < 6; ++i) {
    const std::size_t end = i == 2 ? 8 : kBegins[i + 1];
    for (std::size_t at = kBegins[i]; at < end; ++at) {
      if (!IsDigit(text[at])) return malformed;
      parts[i] = parts[i] * 10 + (text[at] - '0');
    }
  }
  const absl::CivilSecond time(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
  // What is out of range (a month 13, a second 60) is normalized by the constructor, so it shows.
  if (time.year() != parts[0] || time.month() != parts[1] || time.day() != parts[2] || time.hour() != parts[3] ||
      time.minute() != parts[4] || time.second() != parts[5]) {
    return malformed;
  }
  return absl::ToUnixMillis(absl::FromCivil(time, absl::UTCTimeZone()));
}

absl::StatusOr<std::string> CanonicalRequest(const Request& request, const std::vector<std::string>& signed_headers) {
  std::string text = base::StrCat(request.method, "\n");
  RETURN_IF_ERROR(AppendUri(request.path(), &text));
  text += '\n';
  RETURN_IF_ERROR(AppendQuery(request.query(), &text));
  text += '\n';
  RETURN_IF_ERROR(AppendHeaders(request, signed_headers, &text));
  text += '\n';
  for (const std::string& name : signed_headers) base::StrAppend(&text, &name == &signed_headers[0] ? "" : ";", name);
  const std::string hash = bindings::LowerHex(bindings::Sha256(request.body));
  const std::string_view claimed = request.Header("x-sdk-content-sha256");
  // A hash that is not of the body (such as UNSIGNED-PAYLOAD) would leave the body open to change.
  if (!request.body.empty() && !claimed.empty() && claimed != hash) {
    return Bad("X-Sdk-Content-Sha256 is not the hash of the body");
  }
  base::StrAppend(&text, "\n", hash);
  return text;
}

std::string Sign(std::string_view secret, std::string_view sdk_date, std::string_view canonical_request) {
  const std::string hash = bindings::LowerHex(bindings::Sha256(canonical_request));
  return bindings::LowerHex(bindings::HmacSha256(secret, base::StrCat(kAlgorithm, "\n", sdk_date, "\n", hash)));
}

}  // namespace lodestone::http::dli
