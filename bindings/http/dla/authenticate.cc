#include "bindings/http/dla/authenticate.h"

#include <array>
#include <chrono>
#include <cstdlib>

#include "bindings/common/crypto.h"
#include "bindings/http/dla/errors.h"
#include "bindings/http/dla/signature.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::http::dla {

namespace {

using base::Quoted;
using base::StrCat;

constexpr std::array<std::string_view, 2> kVersions = {"2018-06-19", "2020-09-28"};
constexpr std::string_view kForm = "application/x-www-form-urlencoded";
constexpr std::string_view kJson = "application/json";
constexpr std::size_t kMaxNonceBytes = 256;
// How much longer than its request can be sent a nonce is remembered, in milliseconds.
constexpr int64_t kNonceMargin = 60'000;

// What a scheme says about a request, whatever its form.
struct Claim {
  std::string_view access_key_id{};
  std::string_view signature{};
  std::string_view timestamp{};
  std::string_view timestamp_name{};  // of the parameter or header, for messages
  std::string_view nonce{};
  std::string_view nonce_name{};
  std::string string_to_sign{};
};

absl::Status AddBody(const Request& request, Parameters* all) {
  if (request.body.empty()) return absl::OkStatus();
  const std::string_view header = request.Header("content-type");
  const std::string_view type = base::TrimWhitespace(header.substr(0, header.find(';')));
  if (base::EqualsIgnoreCase(type, kForm)) return all->AddForm(request.body);
  if (base::EqualsIgnoreCase(type, kJson)) return all->AddJson(request.body);
  return FaultError(Fault::kContentType, {},
                    StrCat("expected a body of ", kForm, " or ", kJson, ", found ", Quoted(type, 80)));
}

absl::Status CheckVersion(std::string_view version) {
  for (const std::string_view known : kVersions) {
    if (version == known) return absl::OkStatus();
  }
  return FaultError(
      Fault::kUnknownVersion, {},
      StrCat("expected the version ", kVersions[0], " or ", kVersions[1], ", found ", Quoted(version, 80)));
}

absl::Status CheckValue(const Parameters& parameters, std::string_view name, std::string_view expected) {
  ASSIGN_OR_RETURN(const std::string_view value, Need(parameters, name));
  if (value == expected) return absl::OkStatus();
  return Invalid(name, StrCat("parameter ", name, ": expected ", expected, ", found ", Quoted(value, 80)));
}

// What stands in the header, and perhaps in a parameter as well, has to be one thing: only the header is acted on.
absl::Status CheckSame(const Parameters& parameters, std::string_view name, std::string_view header) {
  const std::string* value = parameters.Find(name);
  if (value == nullptr || value->empty() || *value == header) return absl::OkStatus();
  return Invalid(name, StrCat("parameter ", name, " is not what the header says"));
}

absl::StatusOr<std::string_view> NeedHeader(const Request& request, std::string_view header, std::string_view name) {
  const std::string_view value = base::TrimWhitespace(request.Header(header));
  if (value.empty()) return Missing(name, StrCat("the header ", header, " is missing"));
  return value;
}

absl::StatusOr<Claim> ReadV1(const Request& request, const ParsedRequest& parsed) {
  const Parameters& all = parsed.all;
  Claim claim{.timestamp_name = "Timestamp", .nonce_name = "SignatureNonce"};
  RETURN_IF_ERROR(Need(all, "Action").status());
  RETURN_IF_ERROR(Need(all, "Version").status());
  ASSIGN_OR_RETURN(claim.access_key_id, Need(all, "AccessKeyId"));
  ASSIGN_OR_RETURN(claim.signature, Need(all, "Signature"));
  RETURN_IF_ERROR(CheckValue(all, "SignatureMethod", "HMAC-SHA1"));
  RETURN_IF_ERROR(CheckValue(all, "SignatureVersion", "1.0"));
  ASSIGN_OR_RETURN(claim.nonce, Need(all, "SignatureNonce"));
  ASSIGN_OR_RETURN(claim.timestamp, Need(all, "Timestamp"));
  RETURN_IF_ERROR(Need(all, "Format").status());
  claim.string_to_sign = StringToSignV1(request.method, all);
  return claim;
}

absl::StatusOr<Claim> ReadAcs3(const Request& request, const ParsedRequest& parsed) {
  Claim claim{.timestamp_name = "x-acs-date", .nonce_name = "x-acs-signature-nonce"};
  RETURN_IF_ERROR(NeedHeader(request, "x-acs-action", "Action").status());
  RETURN_IF_ERROR(NeedHeader(request, "x-acs-version", "Version").status());
  ASSIGN_OR_RETURN(claim.nonce, NeedHeader(request, claim.nonce_name, claim.nonce_name));
  ASSIGN_OR_RETURN(claim.timestamp, NeedHeader(request, claim.timestamp_name, claim.timestamp_name));
  ASSIGN_OR_RETURN(const std::string_view declared,
                   NeedHeader(request, "x-acs-content-sha256", "x-acs-content-sha256"));
  RETURN_IF_ERROR(CheckSame(parsed.all, "Action", parsed.action));
  RETURN_IF_ERROR(CheckSame(parsed.all, "Version", parsed.version));
  ASSIGN_OR_RETURN(const Acs3Authorization authorization, ParseAcs3(request.Header("authorization")));
  RETURN_IF_ERROR(CheckAcs3Coverage(request, authorization));
  const std::string body_hash = bindings::LowerHex(bindings::Sha256(request.body));
  if (declared != body_hash) {
    return FaultError(Fault::kIncompleteSignature, {}, "x-acs-content-sha256 is not the hash of the body");
  }
  claim.access_key_id = authorization.access_key_id;
  claim.signature = authorization.signature;
  claim.string_to_sign = StringToSignAcs3(request, parsed.query, authorization, body_hash);
  return claim;
}

absl::Status CheckSignature(const SigningKey& key, const Claim& claim, bool is_acs3) {
  const std::string expected =
      is_acs3 ? SignAcs3(key.secret, claim.string_to_sign) : SignV1(key.secret, claim.string_to_sign);
  if (bindings::EqualInConstantTime(expected, claim.signature)) return absl::OkStatus();
  // Clients look for their own string to sign behind the first colon.
  return FaultError(
      Fault::kSignature, {},
      StrCat("The signature is not the one of this request. The server's string to sign is:", claim.string_to_sign));
}

// The time, then the nonce: one of a request that is too old need not be remembered.
absl::Status CheckFresh(const Gate& gate, const DlaOptions& options, const Claim& claim) {
  int64_t sent = 0;
  if (!ParseTimestamp(claim.timestamp, &sent)) {
    return Invalid(claim.timestamp_name, StrCat(claim.timestamp_name, ": expected YYYY-MM-DDThh:mm:ssZ, found ",
                                                Quoted(claim.timestamp, 80)));
  }
  const int64_t distance = options.clock->NowMillis() - sent;
  if (std::llabs(distance) > options.window_ms) {
    return FaultError(Fault::kExpired, {},
                      StrCat(claim.timestamp_name, " ", claim.timestamp, " is more than ", options.window_ms / 60'000,
                             " minutes away from the server's time"));
  }
  if (claim.nonce.size() > kMaxNonceBytes) {
    return Invalid(claim.nonce_name, StrCat(claim.nonce_name, ": expected at most ", kMaxNonceBytes, " bytes, found ",
                                            claim.nonce.size()));
  }
  // Nonces of different keys have nothing to do with each other; those of one key do, whatever the signature.
  const absl::Status used =
      gate.use_nonce(StrCat(claim.access_key_id, " ", claim.nonce), sent + options.window_ms + kNonceMargin);
  if (absl::IsAlreadyExists(used)) {
    return FaultError(Fault::kNonceUsed, {}, StrCat(claim.nonce_name, " was used before"));
  }
  return used;
}

}  // namespace

bool ParseTimestamp(std::string_view text, int64_t* millis) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:ddZ";
  if (text.size() != kShape.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !digit : text[i] != kShape[i]) return false;
  }
  const auto number = [&](std::size_t begin, std::size_t size) {
    int value = 0;
    for (const char c : text.substr(begin, size)) value = 10 * value + (c - '0');
    return value;
  };
  const std::chrono::year_month_day date{std::chrono::year(number(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  const int hour = number(11, 2);
  const int minute = number(14, 2);
  const int second = number(17, 2);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return false;
  const auto time = std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
                    std::chrono::seconds(second);
  *millis = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  return true;
}

absl::Status ParseRequest(const Request& request, ParsedRequest* parsed) {
  parsed->is_acs3 = request.Header("authorization").starts_with(kAcs3Algorithm);
  RETURN_IF_ERROR(parsed->query.AddForm(request.query()));
  parsed->all = parsed->query;
  parsed->action = parsed->is_acs3 ? base::TrimWhitespace(request.Header("x-acs-action")) : parsed->all.Get("Action");
  parsed->version =
      parsed->is_acs3 ? base::TrimWhitespace(request.Header("x-acs-version")) : parsed->all.Get("Version");
  if (request.path() != "/") {
    return FaultError(Fault::kUnknownAction, {}, StrCat("expected the path /, found ", Quoted(request.path(), 80)));
  }
  if (request.method != "GET" && request.method != "POST") {
    return FaultError(Fault::kMethod, {}, StrCat("expected GET or POST, found ", Quoted(request.method, 20)));
  }
  RETURN_IF_ERROR(AddBody(request, &parsed->all));
  if (!parsed->is_acs3) {
    parsed->action = parsed->all.Get("Action");
    parsed->version = parsed->all.Get("Version");
  }
  return absl::OkStatus();
}

absl::StatusOr<Identity> Authenticate(const Gate& gate, const DlaOptions& options, const Request& request,
                                      const ParsedRequest& parsed) {
  if (!options.authenticate) {
    if (parsed.action.empty()) return Missing("Action", "parameter Action is missing");
    if (parsed.version.empty()) return Missing("Version", "parameter Version is missing");
    RETURN_IF_ERROR(CheckVersion(parsed.version));
    std::string_view user = parsed.all.Get("AccessKeyId");
    if (parsed.is_acs3) {
      ASSIGN_OR_RETURN(const Acs3Authorization authorization, ParseAcs3(request.Header("authorization")));
      user = authorization.access_key_id;
    }
    if (user.empty()) return Missing("AccessKeyId", "parameter AccessKeyId, the name of the user, is missing");
    return Identity{.principal = {.name = std::string(user)}, .catalog = {}};
  }
  ASSIGN_OR_RETURN(const Claim claim, parsed.is_acs3 ? ReadAcs3(request, parsed) : ReadV1(request, parsed));
  RETURN_IF_ERROR(CheckVersion(parsed.version));
  const auto key = gate.find_key(claim.access_key_id);
  if (absl::IsUnauthenticated(key.status())) {
    return FaultError(Fault::kUnknownAccessKey, {}, "There is no such access key, or it may not be used.");
  }
  RETURN_IF_ERROR(key.status());
  RETURN_IF_ERROR(CheckSignature(*key, claim, parsed.is_acs3));
  RETURN_IF_ERROR(CheckFresh(gate, options, claim));
  return key->identity;
}

}  // namespace lodestone::http::dla
