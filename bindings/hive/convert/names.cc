#include "bindings/hive/convert/names.h"

#include "absl/status/status.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {

namespace {

constexpr char kMarker = '@';
constexpr char kSeparator = '#';
constexpr std::string_view kEmpty = "!";

}  // namespace

const std::string& DatabaseArgument::name() const {
  static const std::string* const none = new std::string;
  return database ? *database : *none;
}

absl::StatusOr<DatabaseArgument> ParseDatabase(std::string_view text) {
  DatabaseArgument argument;
  if (!text.starts_with(kMarker)) {
    argument.database = text;
    return argument;
  }
  const std::size_t separator = text.find(kSeparator);
  if (separator == std::string_view::npos || separator == 1) {
    return absl::InvalidArgumentError(base::StrCat("database ", base::Quoted(text),
                                                   ": expected @catalog#database, found ",
                                                   separator == 1 ? "no name of a catalog" : "no # behind the @"));
  }
  argument.catalog = text.substr(1, separator - 1);
  const std::string_view database = text.substr(separator + 1);
  if (database == kEmpty) {
    argument.database = "";
  } else if (!database.empty()) {
    argument.database = database;
  }
  return argument;
}

absl::StatusOr<DatabaseArgument> ParseDatabase(std::string_view catalog, std::string_view database) {
  absl::StatusOr<DatabaseArgument> argument = ParseDatabase(database);
  if (argument.ok() && !catalog.empty() && !database.starts_with(kMarker)) argument->catalog = catalog;
  return argument;
}

std::string ComposeDatabase(std::string_view catalog, std::optional<std::string_view> database) {
  std::string text;
  text += kMarker;
  text += catalog;
  text += kSeparator;
  if (database) text += database->empty() ? kEmpty : *database;
  return text;
}

}  // namespace lodestone::hive
