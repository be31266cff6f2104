// All that a store holds, to be compared with what it should hold.
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "catalog/metastore.h"

namespace lodestone::testing {

// Every object of every catalog, with its partitions, constraints and statistics, and the events; one a line, as the
// public interface gives them. Equal contents are equal texts. Costs time and memory proportional to all of it.
absl::StatusOr<std::string> DescribeContent(Metastore& metastore);

// Every record, also those of dropped objects: what the text above is made of.
absl::StatusOr<std::map<std::string, std::string>> ReadRecords(const Metastore& metastore);

// Fills an empty store with some of everything: databases, tables, a view, functions, constraints, statistics, a
// renamed table, dropped ones, a second catalog, and `partitions` partitions; half of them come by a bulk load.
absl::Status FillSample(Metastore& metastore, int partitions);

// What Verify() says, one finding a line; empty for a sound store.
absl::StatusOr<std::string> FindingsOf(Metastore& metastore);

}  // namespace lodestone::testing
