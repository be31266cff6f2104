// The parameters of a request: of the query and of the body, merged by name. Bytes from outside: nothing in here trusts
// them.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lodestone::http::dla {

inline constexpr std::size_t kMaxParameters = 1'000;

// Decoded values by name, in the order of bytes: the order in which they are signed.
class Parameters {
 public:
  // `name=value&...`, percent-encoded, with `+` for a blank. Empty pieces are skipped. A name that comes twice with one
  // value counts once; with two values it is InvalidParameter.<name>. InvalidRequest: a `%` without two hex digits,
  // text that is not UTF-8, or more than kMaxParameters.
  absl::Status AddForm(std::string_view text);
  // Of a JSON object: texts as they are, everything else as its JSON text. Equal to what was there before: texts by
  // bytes, everything else by meaning (`True` of a query and `true` of a body are one value).
  absl::Status AddJson(std::string_view text);

  // Null: not there.
  const std::string* Find(std::string_view name) const;
  // Empty when it is not there.
  std::string_view Get(std::string_view name) const;
  const std::map<std::string, std::string, std::less<>>& all() const { return values_; }

 private:
  absl::Status Add(std::string name, std::string value, bool is_text);

  std::map<std::string, std::string, std::less<>> values_;
};

// The names and values percent-encoded, in order, joined: of all parameters but `without`.
std::string CanonicalQuery(const Parameters& parameters, std::optional<std::string_view> without = std::nullopt);

// The value of a parameter that has to be there and not be empty. MissingParameter.<name>.
absl::StatusOr<std::string_view> Need(const Parameters& parameters, std::string_view name);
// The value of one that has to be there, and may be empty.
absl::StatusOr<std::string_view> NeedPresent(const Parameters& parameters, std::string_view name);
// `true` or `false` in any case. InvalidParameter.<name>.
absl::StatusOr<bool> ParseBoolean(std::string_view name, std::string_view value);

}  // namespace lodestone::http::dla
