// Where the names of a call lead: the catalog, and what is in it.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bindings/hive/connection.h"
#include "bindings/hive/convert/names.h"
#include "bindings/hive/convert/partition.h"
#include "catalog/hive_session.h"
#include "catalog/names.h"

namespace lodestone::hive {

// A session in the catalog that a call names, and the database.
struct Place {
  HiveSession session;
  DatabaseArgument database;

  const std::string& name() const { return database.name(); }
  // For messages, as Hive writes it: `hive.web`.
  std::string ToString() const;
  std::string catalog() const { return std::string(session.session().catalog()); }
};
// Of a database argument, which may have the prefix of a catalog.
absl::StatusOr<Place> PlaceOf(const Connection& connection, std::string_view database);
// Of requests with a field for the catalog, empty where it is absent.
absl::StatusOr<Place> PlaceOf(const Connection& connection, std::string_view catalog, std::string_view database);

// A session in the catalog that a call names, and a table there, in lower case. Nothing is looked up.
struct TablePlace {
  HiveSession hive;
  TableName name;

  Session& session() { return hive.session(); }
  const Session& session() const { return hive.session(); }
  // For messages, as Hive writes it: `hive.web.visits`.
  std::string ToString() const;
  PartitionTable of_partitions() const { return {.catalog = std::string(session().catalog()), .table = name}; }
};
// `catalog` is what a request says in a field of its own, empty where it has none.
absl::StatusOr<TablePlace> PlaceOfTable(const Connection& connection, std::string_view catalog,
                                        std::string_view database, std::string_view table);

// For calls that read one object: whoever may not see it hears what is said when it is not there. Clients test by such
// calls whether something exists, and take any other exception for a failure.
bool IsUnseen(const absl::Status& status);

}  // namespace lodestone::hive
