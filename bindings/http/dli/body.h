// JSON bodies: parsed within bounds, and read field by field.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"

namespace lodestone::http::dli {

using Json = nlohmann::ordered_json;

// Objects and lists within each other at the most.
inline constexpr int kMaxBodyDepth = 32;
// The object that a body is. InvalidArgument: empty, no JSON, no UTF-8, nested too deeply, or not an object.
absl::StatusOr<Json> ParseBody(std::string_view body);

// Takes the fields of one object and keeps the first failure (shared with the objects inside of it), so that a call
// reads all of them and then asks once. A field that is null counts as not given; unknown fields are passed over.
// Not thread-safe; the JSON outlives it.
class ObjectReader {
 public:
  explicit ObjectReader(const Json& object) : ObjectReader(object, "", std::make_shared<absl::Status>()) {}

  bool Has(std::string_view name) const { return Find(name) != nullptr; }
  std::string Text(std::string_view name);  // mandatory
  std::optional<std::string> OptionalText(std::string_view name);
  bool Flag(std::string_view name, bool otherwise);
  std::vector<std::string> Texts(std::string_view name);  // mandatory, may be empty
  // A list of objects; not given: empty, and a failure when mandatory.
  std::vector<ObjectReader> Objects(std::string_view name, bool mandatory);

  // The value of `name` breaks a rule.
  void Fail(std::string_view name, std::string_view expected, std::string_view found);
  // InvalidArgument: `columns[2].type: expected a text, found a number`.
  const absl::Status& status() const { return *status_; }

 private:
  ObjectReader(const Json& object, std::string where, std::shared_ptr<absl::Status> status)
      : object_(&object), where_(std::move(where)), status_(std::move(status)) {}
  const Json* Find(std::string_view name) const;
  void FailType(std::string_view name, std::string_view expected, const Json& found);
  const Json* FindMandatory(std::string_view name, std::string_view expected);

  const Json* object_;
  std::string where_;  // "" or `columns[2].`
  std::shared_ptr<absl::Status> status_;
};

}  // namespace lodestone::http::dli
