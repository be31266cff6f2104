// The names of objects, as types, so that a database's can't be passed for a table's. Names of catalogs, databases,
// tables, functions and columns are case-insensitive: the library lowers them before use, callers need not.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace lodestone {

// The catalog of every store, and of every session that names none.
inline constexpr std::string_view kDefaultCatalog = "hive";
// The database that every catalog has from the start and that can't be dropped (Hive).
inline constexpr std::string_view kDefaultDatabase = "default";
// The value of a partition key that is NULL or empty (Hive).
inline constexpr std::string_view kNullPartitionValue = "__HIVE_DEFAULT_PARTITION__";

// Who acts: a user. The empty name is the embedding program itself, which may do everything.
struct Principal {
  std::string name;
  // That whoever authenticated the user vouches for, beside the groups that the catalog knows.
  std::vector<std::string> groups{};
};

struct TableName {
  std::string database;
  std::string table;

  // `database.table`. InvalidArgument for anything else.
  static absl::StatusOr<TableName> Parse(std::string_view text);
  std::string ToString() const { return database + "." + table; }
  bool operator==(const TableName&) const = default;
};

struct FunctionName {
  std::string database;
  std::string function;

  // `database.function`. InvalidArgument for anything else.
  static absl::StatusOr<FunctionName> Parse(std::string_view text);
  std::string ToString() const { return database + "." + function; }
  bool operator==(const FunctionName&) const = default;
};

// The values of a partition name as Hive writes them (`dt=2026-01-05/hour=13`), unescaped, one per key of `keys`.
// InvalidArgument: the name has not exactly these keys in this order.
absl::StatusOr<std::vector<std::string>> ParsePartitionName(std::string_view name, std::span<const std::string> keys);

// Key and value pairs of a partition name, unescaped, keys in lower case. InvalidArgument says which piece is no
// `key=value`.
absl::StatusOr<std::vector<std::pair<std::string, std::string>>> SplitPartitionName(std::string_view name);

// Which names may be created; existing ones are always found.
enum class NameRules {
  // ASCII letters, digits and underscore, `$` also in tables; not digits alone, no underscore first; 1 to 128
  // characters
  // (the DLI reference, 7.1.1 and 7.2.1). The default.
  kStrict,
  // As Hive's metastore: ASCII letters, digits and underscore anywhere, `$` also in tables; 1 to 128 characters.
  kHive,
};

}  // namespace lodestone
