// JSON of a parameter, read with the place of each value at hand for messages:
// `Partition[3].StorageDescriptor.Location`. Over simdjson: no recursion over the input, and memory in proportion to it
// whatever it holds.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/map.h"
#include "simdjson.h"

namespace lodestone::http::dla {

inline constexpr std::size_t kMaxJsonDepth = 32;

// A value within a JsonDocument, which outlives it. Every failure is MissingParameter.<parameter> or
// InvalidParameter.<parameter> and says which value of it is meant, what was expected and what was found.
class JsonValue {
 public:
  using Field = std::optional<JsonValue>;

  JsonValue(std::string_view parameter, std::string path, simdjson::dom::element element)
      : parameter_(parameter), path_(std::move(path)), element_(element) {}

  const std::string& path() const { return path_; }
  // Of an object. `null` counts as not there. InvalidParameter: not an object, or the field comes twice.
  absl::StatusOr<Field> Find(std::string_view name) const;
  // MissingParameter: it is not there.
  absl::StatusOr<JsonValue> Need(std::string_view name) const;
  absl::StatusOr<std::string> NeedText(std::string_view name) const;
  // Empty: it is not there.
  absl::StatusOr<std::string> FindText(std::string_view name) const;

  absl::StatusOr<std::string> Text() const;
  // JSON's own, or its name as a text in any case.
  absl::StatusOr<bool> Boolean() const;
  absl::StatusOr<std::vector<std::string>> TextList() const;
  absl::Status ForEach(absl::FunctionRef<absl::Status(const JsonValue&)> visit) const;  // of a list
  // Of an object whose values are texts; numbers and booleans are taken as their text.
  absl::Status ToMap(google::protobuf::Map<std::string, std::string>* map) const;
  bool IsObject() const { return element_.is_object(); }

  absl::Status Wrong(std::string_view expectation) const;

 private:
  std::string_view parameter_;
  std::string path_;
  simdjson::dom::element element_;
};

// Must not be moved while there are values of it.
class JsonDocument {
 public:
  // Of the parameter `name`. InvalidParameter.<name>: not JSON, or nested deeper than 32.
  static absl::StatusOr<JsonDocument> Parse(std::string_view name, std::string_view text);
  JsonValue root() const { return {name_, name_, root_}; }

 private:
  std::string name_;
  std::unique_ptr<simdjson::dom::parser> parser_;
  simdjson::dom::element root_;
};

}  // namespace lodestone::http::dla
