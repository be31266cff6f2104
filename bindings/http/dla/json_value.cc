#include "bindings/http/dla/json_value.h"

#include <utility>

#include "bindings/http/dla/errors.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::http::dla {

namespace {

using base::StrCat;

std::string_view KindOf(simdjson::dom::element element) {
  switch (element.type()) {
    case simdjson::dom::element_type::ARRAY:
      return "a list";
    case simdjson::dom::element_type::OBJECT:
      return "an object";
    case simdjson::dom::element_type::STRING:
      return "a text";
    case simdjson::dom::element_type::BOOL:
      return "a boolean";
    case simdjson::dom::element_type::NULL_VALUE:
      return "null";
    default:
      return "a number";
  }
}

}  // namespace

absl::Status JsonValue::Wrong(std::string_view expectation) const {
  return Invalid(parameter_, StrCat(path_, ": expected ", expectation, ", found ", KindOf(element_)));
}

absl::StatusOr<JsonValue::Field> JsonValue::Find(std::string_view name) const {
  simdjson::dom::object object;
  if (element_.get(object) != simdjson::SUCCESS) return Wrong("an object");
  Field found;
  for (const auto [key, value] : object) {
    if (key != name) continue;
    if (found) return Invalid(parameter_, StrCat(path_, ": the field ", name, " is there twice"));
    found.emplace(parameter_, StrCat(path_, ".", name), value);
  }
  if (found && found->element_.is_null()) found.reset();
  return found;
}

absl::StatusOr<JsonValue> JsonValue::Need(std::string_view name) const {
  ASSIGN_OR_RETURN(const Field found, Find(name));
  if (!found) return Missing(parameter_, StrCat(path_, ".", name, " is missing"));
  return *found;
}

absl::StatusOr<std::string> JsonValue::NeedText(std::string_view name) const {
  ASSIGN_OR_RETURN(const JsonValue value, Need(name));
  return value.Text();
}

absl::StatusOr<std::string> JsonValue::FindText(std::string_view name) const {
  ASSIGN_OR_RETURN(const Field found, Find(name));
  if (!found) return std::string();
  return found->Text();
}

absl::StatusOr<std::string> JsonValue::Text() const {
  std::string_view text;
  if (element_.get(text) != simdjson::SUCCESS) return Wrong("a text");
  return std::string(text);
}

absl::StatusOr<bool> JsonValue::Boolean() const {
  bool value = false;
  if (element_.get(value) == simdjson::SUCCESS) return value;
  std::string_view text;
  if (element_.get(text) == simdjson::SUCCESS) {
    if (base::EqualsIgnoreCase(text, "true")) return true;
    if (base::EqualsIgnoreCase(text, "false")) return false;
  }
  return Wrong("true or false");
}

absl::StatusOr<std::vector<std::string>> JsonValue::TextList() const {
  std::vector<std::string> texts;
  const auto add = [&](const JsonValue& item) -> absl::Status {
    ASSIGN_OR_RETURN(std::string text, item.Text());
    texts.push_back(std::move(text));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(ForEach(add));
  return texts;
}

absl::Status JsonValue::ForEach(absl::FunctionRef<absl::Status(const JsonValue&)> visit) const {
  simdjson::dom::array array;
  if (element_.get(array) != simdjson::SUCCESS) return Wrong("a list");
  std::size_t number = 0;
  for (const simdjson::dom::element item : array) {
    RETURN_IF_ERROR(visit(JsonValue(parameter_, StrCat(path_, "[", number, "]"), item)));
    ++number;
  }
  return absl::OkStatus();
}

absl::Status JsonValue::ToMap(google::protobuf::Map<std::string, std::string>* map) const {
  simdjson::dom::object object;
  if (element_.get(object) != simdjson::SUCCESS) return Wrong("an object");
  for (const auto [key, value] : object) {
    if (value.is_null()) continue;
    std::string_view text;
    std::string shown;
    if (value.get(text) == simdjson::SUCCESS) {
      shown = text;
    } else if (value.is_number() || value.is_bool()) {
      shown = simdjson::to_string(value);
    } else {
      return JsonValue(parameter_, StrCat(path_, ".", key), value).Wrong("a text");
    }
    if (!map->insert({std::string(key), std::move(shown)}).second) {
      return Invalid(parameter_, StrCat(path_, ": the key ", base::Quoted(key, 80), " is there twice"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<JsonDocument> JsonDocument::Parse(std::string_view name, std::string_view text) {
  JsonDocument document;
  document.name_ = name;
  document.parser_ = std::make_unique<simdjson::dom::parser>();
  simdjson::error_code error = document.parser_->allocate(text.size(), kMaxJsonDepth);
  if (error == simdjson::SUCCESS) {
    error = document.parser_->parse(text.data(), text.size()).get(document.root_);
  }
  if (error != simdjson::SUCCESS) {
    return Invalid(name, StrCat("parameter ", name, ": expected JSON, at most ", kMaxJsonDepth,
                                " levels deep: ", std::string_view(simdjson::error_message(error))));
  }
  return document;
}

}  // namespace lodestone::http::dla
