#include "catalog/names.h"

#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"

namespace lodestone {

namespace {

// The two halves of `database.object`, both non-empty, with no further dot.
absl::StatusOr<std::pair<std::string, std::string>> SplitQualified(std::string_view text, ObjectKind kind) {
  auto fail = [&](std::string_view finding) {
    const std::string_view what = NameOf(kind);
    return MakeError(
        ErrorKind::kInvalidObject, kind, text,
        base::StrCat(what, " name ", base::Quoted(text), " ", finding, "; expected `database.", what, "`"));
  };
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return fail("names no database");
  if (text.find('.', dot + 1) != std::string_view::npos) return fail("has more than one dot");
  if (dot == 0) return fail("has nothing before the dot");
  if (dot + 1 == text.size()) return fail("has nothing behind the dot");
  return std::make_pair(std::string(text.substr(0, dot)), std::string(text.substr(dot + 1)));
}

}  // namespace

absl::StatusOr<TableName> TableName::Parse(std::string_view text) {
  ASSIGN_OR_RETURN(auto halves, SplitQualified(text, ObjectKind::kTable));
  return TableName{std::move(halves.first), std::move(halves.second)};
}

absl::StatusOr<FunctionName> FunctionName::Parse(std::string_view text) {
  ASSIGN_OR_RETURN(auto halves, SplitQualified(text, ObjectKind::kFunction));
  return FunctionName{std::move(halves.first), std::move(halves.second)};
}

}  // namespace lodestone
