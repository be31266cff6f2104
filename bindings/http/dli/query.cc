#include "bindings/http/dli/query.h"

#include "bindings/common/crypto.h"
#include "catalog/base/strings.h"

namespace lodestone::http::dli {

absl::StatusOr<QueryParameters> ParseQuery(std::string_view query) {
  QueryParameters parameters;
  if (query.empty()) return parameters;
  for (const std::string_view piece : base::Split(query, '&')) {
    if (piece.empty()) continue;
    const std::size_t equals = piece.find('=');
    std::string name;
    std::string value;
    if (!bindings::PercentDecode(piece.substr(0, equals), bindings::Plus::kLiteral, &name) ||
        (equals != std::string_view::npos &&
         !bindings::PercentDecode(piece.substr(equals + 1), bindings::Plus::kLiteral, &value))) {
      return absl::InvalidArgumentError(base::StrCat("the query has an escape that is none, in ", base::Quoted(piece)));
    }
    parameters.emplace_back(std::move(name), std::move(value));
  }
  return parameters;
}

std::optional<std::string> QueryReader::Text(std::string_view name) {
  const std::string* found = nullptr;
  for (const auto& [key, value] : parameters_) {
    if (key != name) continue;
    if (found != nullptr && *found != value) {
      Fail(name, "one value", "two");
      return std::nullopt;
    }
    found = &value;
  }
  if (found == nullptr || found->empty()) return std::nullopt;
  if (base::FindInvalidUtf8(*found) != std::string_view::npos) {
    Fail(name, "UTF-8", base::Quoted(*found));
    return std::nullopt;
  }
  return *found;
}

bool QueryReader::Flag(std::string_view name, bool otherwise) {
  const std::optional<std::string> text = Text(name);
  if (!text) return otherwise;
  if (base::EqualsIgnoreCase(*text, "true")) return true;
  if (base::EqualsIgnoreCase(*text, "false")) return false;
  Fail(name, "true or false", base::Quoted(*text));
  return otherwise;
}

std::optional<int64_t> QueryReader::Number(std::string_view name, int64_t lowest, int64_t highest) {
  const std::optional<std::string> text = Text(name);
  if (!text) return std::nullopt;
  int64_t number = 0;
  if (!base::ParseInt64(*text, &number) || number < lowest || number > highest) {
    Fail(name, base::StrCat("a whole number from ", lowest, " to ", highest), base::Quoted(*text));
    return std::nullopt;
  }
  return number;
}

std::optional<std::string> QueryReader::OneOf(std::string_view name, std::initializer_list<std::string_view> allowed) {
  const std::optional<std::string> text = Text(name);
  if (!text) return std::nullopt;
  std::string list;
  for (const std::string_view one : allowed) {
    if (base::EqualsIgnoreCase(*text, one)) return std::string(one);
    base::StrAppend(&list, list.empty() ? "one of " : ", ", one);
  }
  Fail(name, list, base::Quoted(*text));
  return std::nullopt;
}

void QueryReader::Fail(std::string_view name, std::string_view expected, std::string_view found) {
  if (!status_.ok()) return;
  status_ =
      absl::InvalidArgumentError(base::StrCat("the parameter ", name, ": expected ", expected, ", found ", found));
}

}  // namespace lodestone::http::dli
