// The rules of what may be stored, one place for all adapters. Each violation is InvalidArgument (kInvalidObject) with
// a text of its own that names object, expectation and finding. Pure functions over the public model: rules that need
// other objects (does it exist, is it empty) are the session's.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/errors.h"
#include "catalog/names.h"
#include "lodestone/model/v1/catalog.pb.h"
#include "lodestone/model/v1/constraint.pb.h"
#include "lodestone/model/v1/database.pb.h"
#include "lodestone/model/v1/function.pb.h"
#include "lodestone/model/v1/partition.pb.h"
#include "lodestone/model/v1/statistics.pb.h"
#include "lodestone/model/v1/table.pb.h"

namespace lodestone::model {

// The name of a new object. Catalogs, databases and functions follow the rule of databases.
absl::Status CheckNewName(ObjectKind kind, std::string_view name, NameRules rules);
// The name of an object to find: only what no object could have (empty, too long, not UTF-8, control characters).
absl::Status CheckLookupName(ObjectKind kind, std::string_view name);

absl::Status CheckCatalog(const v1::Catalog& catalog, NameRules rules);
absl::Status CheckDatabase(const v1::Database& database, NameRules rules);
// Names of columns are any text without control characters, `,`, `:` and `;`, up to 767 bytes... unique without case,
// keys included; at least one column unless the descriptor is a view's or the SerDe keeps the schema; types parse;
// views have no partition keys and have a text; buckets, sort and skew name columns; parameters are bounded.
absl::Status CheckTable(const v1::Table& table, NameRules rules);
absl::Status CheckFunction(const v1::Function& function, NameRules rules);
absl::Status CheckConstraint(const v1::Table& table, const v1::Constraint& constraint);
// The column is one of `columns`, and the kind of data fits its type.
absl::Status CheckStatistics(std::span<const v1::Column> columns, const v1::ColumnStatistics& statistics,
                             std::string_view object);

// The values of one partition of `table_name`, whose keys are `keys`: as many as keys, each valid UTF-8 without control
// characters, within kMaxPartitionValueBytes. An empty value is allowed (NULL).
absl::Status CheckPartitionValues(std::string_view table_name, std::span<const std::string> keys,
                                  std::span<const std::string_view> values);
// Location, parameters and descriptor of a partition.
absl::Status CheckPartition(std::string_view table_name, const v1::Partition& partition);

// Lower case for names of the object itself, of its columns and keys; an unset table type or owner type becomes Hive's
// default; `EXTERNAL=TRUE` in the parameters and the table type are made to agree.
void Normalize(v1::Database* database);
void Normalize(v1::Table* table);
void Normalize(v1::Function* function);
void Normalize(v1::Constraint* constraint);

}  // namespace lodestone::model
