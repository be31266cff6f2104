#include "bindings/http/dli/body.h"

#include "catalog/base/strings.h"

namespace lodestone::http::dli {
namespace {

std::string_view TypeOf(const Json& value) {
  switch (value.type()) {
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return "a list";
    case Json::value_t::string:
      return "a text";
    case Json::value_t::boolean:
      return "true or false";
    case Json::value_t::null:
      return "null";
    default:
      return "a number";
  }
}

}  // namespace

absl::StatusOr<Json> ParseBody(std::string_view body) {
  if (base::TrimWhitespace(body).empty()) return absl::InvalidArgumentError("expected a JSON object, found no body");
  bool too_deep = false;
  const Json::parser_callback_t watch = [&](int depth, Json::parse_event_t, Json&) {
    too_deep |= depth > kMaxBodyDepth;
    return !too_deep;  // what lies deeper is dropped while it is read
  };
  Json json = Json::parse(body.begin(), body.end(), watch, /*allow_exceptions=*/false);
  if (too_deep) {
    return absl::InvalidArgumentError(base::StrCat("the body is nested deeper than ", kMaxBodyDepth, " levels"));
  }
  if (json.is_discarded()) return absl::InvalidArgumentError("the body is not JSON in UTF-8");
  if (!json.is_object()) {
    return absl::InvalidArgumentError(base::StrCat("the body: expected an object, found ", TypeOf(json)));
  }
  return json;
}

const Json* ObjectReader::Find(std::string_view name) const {
  const auto found = object_->find(std::string(name));
  return found == object_->end() || found->is_null() ? nullptr : &*found;
}

const Json* ObjectReader::FindMandatory(std::string_view name, std::string_view expected) {
  const Json* found = Find(name);
  if (found == nullptr) Fail(name, expected, "nothing");
  return found;
}

std::string ObjectReader::Text(std::string_view name) {
  if (FindMandatory(name, "a text") == nullptr) return {};
  return OptionalText(name).value_or("");
}

std::optional<std::string> ObjectReader::OptionalText(std::string_view name) {
  const Json* found = Find(name);
  if (found == nullptr) return std::nullopt;
  if (!found->is_string()) {
    FailType(name, "a text", *found);
    return std::nullopt;
  }
  return found->get<std::string>();
}

bool ObjectReader::Flag(std::string_view name, bool otherwise) {
  const Json* found = Find(name);
  if (found == nullptr) return otherwise;
  if (!found->is_boolean()) {
    FailType(name, "true or false", *found);
    return otherwise;
  }
  return found->get<bool>();
}

std::vector<std::string> ObjectReader::Texts(std::string_view name) {
  const Json* found = FindMandatory(name, "a list of texts");
  if (found == nullptr) return {};
  if (!found->is_array()) {
    FailType(name, "a list of texts", *found);
    return {};
  }
  std::vector<std::string> texts;
  for (const Json& item : *found) {
    if (!item.is_string()) {
      FailType(base::StrCat(name, "[", texts.size(), "]"), "a text", item);
      return {};
    }
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

std::vector<ObjectReader> ObjectReader::Objects(std::string_view name, bool mandatory) {
  const Json* found = mandatory ? FindMandatory(name, "a list of objects") : Find(name);
  if (found == nullptr) return {};
  if (!found->is_array()) {
    FailType(name, "a list of objects", *found);
    return {};
  }
  std::vector<ObjectReader> objects;
  for (const Json& item : *found) {
    const std::string at = base::StrCat(name, "[", objects.size(), "]");
    if (!item.is_object()) {
      FailType(at, "an object", item);
      return {};
    }
    objects.push_back(ObjectReader(item, base::StrCat(where_, at, "."), status_));
  }
  return objects;
}

void ObjectReader::FailType(std::string_view name, std::string_view expected, const Json& found) {
  Fail(name, expected, TypeOf(found));
}

void ObjectReader::Fail(std::string_view name, std::string_view expected, std::string_view found) {
  if (!status_->ok()) return;
  *status_ = absl::InvalidArgumentError(base::StrCat(where_, name, ": expected ", expected, ", found ", found));
}

}  // namespace lodestone::http::dli
