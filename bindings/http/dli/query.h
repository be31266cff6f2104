// The parameters behind the `?`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lodestone::http::dli {

// Decoded names and values, in the order sent. `+` is a plus: clients of this wire send a blank as %20.
using QueryParameters = std::vector<std::pair<std::string, std::string>>;
// InvalidArgument: an escape that is none.
absl::StatusOr<QueryParameters> ParseQuery(std::string_view query);

// Takes parameters by name and keeps the first failure, so that a call reads all of them and then asks once. Names are
// as documented, in lower case. The empty value counts as not given.
class QueryReader {
 public:
  explicit QueryReader(const QueryParameters& parameters) : parameters_(parameters) {}

  std::optional<std::string> Text(std::string_view name);
  // `true` or `false`, in any case.
  bool Flag(std::string_view name, bool otherwise);
  // From `lowest` to `highest`; nullopt: not given.
  std::optional<int64_t> Number(std::string_view name, int64_t lowest, int64_t highest);
  // One of `allowed`, in any case; nullopt: not given.
  std::optional<std::string> OneOf(std::string_view name, std::initializer_list<std::string_view> allowed);

  // InvalidArgument with the name, what was expected and what was found.
  const absl::Status& status() const { return status_; }

 private:
  void Fail(std::string_view name, std::string_view expected, std::string_view found);

  const QueryParameters& parameters_;
  absl::Status status_;
};

}  // namespace lodestone::http::dli
