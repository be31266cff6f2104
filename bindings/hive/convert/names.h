// Where a call says which catalog and database it is about. Clients since 3.1 say the catalog in two ways, in one
// session: as a prefix of the database (`@sales#web`), and in a field of its own, which requests and objects have.
// Clients of 2.3 say neither. Pure functions; names keep their case, which the library does not mind.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "catalog/names.h"

namespace lodestone::hive {

// Absent and empty are told apart: a pattern that is absent matches every database, an empty one is the caller's.
struct DatabaseArgument {
  std::string catalog = std::string(kDefaultCatalog);
  std::optional<std::string> database;

  // For calls on one database, or what is in it: the empty text where there is none, which no object has as its name.
  const std::string& name() const;
  bool operator==(const DatabaseArgument&) const = default;
};

// What the argument `text` of a call means:
//   web          database `web` of the catalog `hive`; in the place of `web` there may be a pattern
//   @sales#web   database `web` of the catalog `sales`
//   @sales#      no database is said: all of the catalog
//   @sales#!     the empty text
// InvalidArgument: it begins with `@`, and no `#` follows, or no name is between the two.
absl::StatusOr<DatabaseArgument> ParseDatabase(std::string_view text);
// Of requests and objects that have a field for the catalog, empty where it is absent; a prefix of `database` decides
// over that.
absl::StatusOr<DatabaseArgument> ParseDatabase(std::string_view catalog, std::string_view database);

// The inverse: always with the prefix.
std::string ComposeDatabase(std::string_view catalog, std::optional<std::string_view> database);

}  // namespace lodestone::hive
