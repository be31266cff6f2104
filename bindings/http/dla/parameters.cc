#include "bindings/http/dla/parameters.h"

#include <algorithm>
#include <utility>

#include "bindings/common/crypto.h"
#include "bindings/http/dla/errors.h"
#include "bindings/http/dla/json_value.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "simdjson.h"

namespace lodestone::http::dla {

namespace {

using base::Quoted;
using base::StrCat;
using bindings::PercentDecode;
using bindings::PercentEncode;

absl::StatusOr<std::string> Decode(std::string_view text) {
  std::string decoded;
  if (!PercentDecode(text, bindings::Plus::kBlank, &decoded)) {
    return FaultError(Fault::kInvalidRequest, {},
                      StrCat("expected two hex digits behind each % of a parameter, found ", Quoted(text, 80)));
  }
  if (!simdjson::validate_utf8(decoded.data(), decoded.size())) {
    return FaultError(Fault::kInvalidRequest, {},
                      StrCat("expected UTF-8 in each parameter, found ", Quoted(decoded, 80)));
  }
  return decoded;
}

// Whether the text of a query says what a JSON value of a body does.
bool SameMeaning(const std::string& text, std::string_view json) {
  if (json == "true" || json == "false") return base::EqualsIgnoreCase(text, json);
  simdjson::dom::parser parser;
  simdjson::dom::element parsed;
  if (parser.allocate(text.size(), kMaxJsonDepth) != simdjson::SUCCESS) return false;
  if (parser.parse(text).get(parsed) != simdjson::SUCCESS) return false;
  return simdjson::to_string(parsed) == json;
}

}  // namespace

absl::Status Parameters::Add(std::string name, std::string value, bool is_text) {
  const auto there = values_.find(name);
  if (there != values_.end()) {
    if (there->second == value || (!is_text && SameMeaning(there->second, value))) return absl::OkStatus();
    return Invalid(name, StrCat("parameter ", Quoted(name, 80), " is there twice, with different values"));
  }
  if (values_.size() >= kMaxParameters) {
    return FaultError(Fault::kInvalidRequest, {}, StrCat("expected at most ", kMaxParameters, " parameters"));
  }
  values_.emplace(std::move(name), std::move(value));
  return absl::OkStatus();
}

absl::Status Parameters::AddForm(std::string_view text) {
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), piece.size() + 1));
    if (piece.empty()) continue;
    const std::size_t equals = piece.find('=');
    ASSIGN_OR_RETURN(std::string name, Decode(piece.substr(0, equals)));
    std::string value;
    if (equals != std::string_view::npos) {
      ASSIGN_OR_RETURN(value, Decode(piece.substr(equals + 1)));
    }
    RETURN_IF_ERROR(Add(std::move(name), std::move(value), /*is_text=*/true));
  }
  return absl::OkStatus();
}

absl::Status Parameters::AddJson(std::string_view text) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.allocate(text.size(), kMaxJsonDepth) != simdjson::SUCCESS ||
      parser.parse(text.data(), text.size()).get(object) != simdjson::SUCCESS) {
    return FaultError(Fault::kInvalidRequest, {}, "expected a JSON object as the body");
  }
  for (const auto [name, value] : object) {
    if (value.is_null()) continue;
    std::string_view string;
    const bool is_text = value.get(string) == simdjson::SUCCESS;
    RETURN_IF_ERROR(Add(std::string(name), is_text ? std::string(string) : simdjson::to_string(value), is_text));
  }
  return absl::OkStatus();
}

const std::string* Parameters::Find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

std::string_view Parameters::Get(std::string_view name) const {
  const std::string* value = Find(name);
  return value == nullptr ? std::string_view() : *value;
}

std::string CanonicalQuery(const Parameters& parameters, std::optional<std::string_view> without) {
  std::string out;
  for (const auto& [name, value] : parameters.all()) {
    if (name == without) continue;
    if (!out.empty()) out += '&';
    out += PercentEncode(name);
    out += '=';
    out += PercentEncode(value);
  }
  return out;
}

absl::StatusOr<std::string_view> Need(const Parameters& parameters, std::string_view name) {
  ASSIGN_OR_RETURN(const std::string_view value, NeedPresent(parameters, name));
  if (value.empty()) return Missing(name, StrCat("parameter ", name, " is empty"));
  return value;
}

absl::StatusOr<std::string_view> NeedPresent(const Parameters& parameters, std::string_view name) {
  const std::string* value = parameters.Find(name);
  if (value == nullptr) return Missing(name, StrCat("parameter ", name, " is missing"));
  return std::string_view(*value);
}

absl::StatusOr<bool> ParseBoolean(std::string_view name, std::string_view value) {
  if (base::EqualsIgnoreCase(value, "true")) return true;
  if (base::EqualsIgnoreCase(value, "false")) return false;
  return Invalid(name, StrCat("parameter ", name, ": expected true or false, found ", Quoted(value, 80)));
}

}  // namespace lodestone::http::dla
