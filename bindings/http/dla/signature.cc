#include "bindings/http/dla/signature.h"

#include <algorithm>
#include <array>

#include "bindings/common/crypto.h"
#include "bindings/http/dla/errors.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::http::dla {

namespace {

using base::Quoted;
using base::StrCat;

constexpr std::string_view kVendorHeaders = "x-acs-";
constexpr std::array<std::string_view, 6> kAlwaysSigned = {
    "host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"};

absl::Status Incomplete(std::string_view message) { return FaultError(Fault::kIncompleteSignature, {}, message); }

// One `Name=value` of the header, into the member it belongs to; each may come once.
absl::Status TakePiece(std::string_view piece, Acs3Authorization* out) {
  const auto take = [&](std::string_view name, std::string_view* member) {
    if (!piece.starts_with(name) || !member->empty()) return false;
    *member = piece.substr(name.size());
    return true;
  };
  if (take("Credential=", &out->access_key_id) || take("SignedHeaders=", &out->signed_headers_text) ||
      take("Signature=", &out->signature)) {
    return absl::OkStatus();
  }
  return Incomplete("the Authorization header: expected Credential, SignedHeaders and Signature, each once");
}

}  // namespace

std::string StringToSignV1(std::string_view method, const Parameters& parameters) {
  return StrCat(method, "&%2F&", bindings::PercentEncode(CanonicalQuery(parameters, "Signature")));
}

std::string SignV1(std::string_view secret, std::string_view string_to_sign) {
  return bindings::Base64(bindings::HmacSha1(StrCat(secret, "&"), string_to_sign));
}

absl::StatusOr<Acs3Authorization> ParseAcs3(std::string_view header) {
  if (!header.starts_with(kAcs3Algorithm) || !header.substr(kAcs3Algorithm.size()).starts_with(" ")) {
    return Incomplete(StrCat("the Authorization header: expected ", kAcs3Algorithm));
  }
  Acs3Authorization out;
  for (const std::string_view piece : base::Split(header.substr(kAcs3Algorithm.size() + 1), ',')) {
    RETURN_IF_ERROR(TakePiece(base::TrimWhitespace(piece), &out));
  }
  if (out.access_key_id.empty() || out.signed_headers_text.empty() || out.signature.empty()) {
    return Incomplete("the Authorization header: expected Credential, SignedHeaders and Signature, none of them empty");
  }
  out.signed_headers = base::Split(out.signed_headers_text, ';');
  return out;
}

absl::Status CheckAcs3Coverage(const Request& request, const Acs3Authorization& authorization) {
  const auto& names = authorization.signed_headers;
  const auto is_signed = [&](std::string_view name) { return std::ranges::binary_search(names, name); };
  // Each name after the one before it: sorted, and none twice.
  if (std::ranges::adjacent_find(names, std::greater_equal()) != names.end()) {
    return Incomplete("SignedHeaders: expected the names of headers in lower case, in order, each once");
  }
  for (const std::string_view name : kAlwaysSigned) {
    if (!is_signed(name)) return Incomplete(StrCat("SignedHeaders: expected ", name, " among them"));
  }
  if (!request.body.empty() && !is_signed("content-type")) {
    return Incomplete("SignedHeaders: expected content-type among them, as there is a body");
  }
  for (const auto& header : request.headers) {
    if (!header.first.starts_with(kVendorHeaders) || is_signed(header.first)) continue;
    return Incomplete(StrCat("the header ", Quoted(header.first, 80), " is not signed"));
  }
  for (const std::string_view name : names) {
    const auto count = std::ranges::count(request.headers, name, [](const auto& header) { return header.first; });
    if (count == 1) continue;
    return Incomplete(StrCat("the signed header ", Quoted(name, 80), ": expected it once, found it ", count, " times"));
  }
  return absl::OkStatus();
}

std::string StringToSignAcs3(const Request& request, const Parameters& query, const Acs3Authorization& authorization,
                             std::string_view body_hash) {
  std::string canonical = StrCat(request.method, "\n", request.path(), "\n", CanonicalQuery(query), "\n");
  for (const std::string_view name : authorization.signed_headers) {
    base::StrAppend(&canonical, name, ":", base::TrimWhitespace(request.Header(name)), "\n");
  }
  base::StrAppend(&canonical, "\n", authorization.signed_headers_text, "\n", body_hash);
  return StrCat(kAcs3Algorithm, "\n", bindings::LowerHex(bindings::Sha256(canonical)));
}

std::string SignAcs3(std::string_view secret, std::string_view string_to_sign) {
  return bindings::LowerHex(bindings::HmacSha256(secret, string_to_sign));
}

}  // namespace lodestone::http::dla
