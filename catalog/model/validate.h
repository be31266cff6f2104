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

// The name of a new object. Columns and constraints: any UTF-8 text without control characters, a column's also without
// `,`, `:` and `;`, up to kMaxColumnNameBytes and kMaxConstraintNameBytes; all other kinds: as `rules` say (names.h).
// Reserved: the null partition value, and under kStrict the databases `information_schema` and `sys`.
absl::Status CheckNewName(ObjectKind kind, std::string_view name, NameRules rules);
// The name of an object to find: only what no object could have (empty, too long, not UTF-8, control characters).
absl::Status CheckLookupName(ObjectKind kind, std::string_view name);

absl::Status CheckCatalog(const v1::Catalog& catalog, NameRules rules);
absl::Status CheckDatabase(const v1::Database& database, NameRules rules);
// Names of columns are unique without case, keys included; types parse, those of keys are primitive; at least one
// column, unless the table is a view, its SerDe keeps the schema, or an engine keeps it in parameters (`flink.`,
// `spark.sql.`); views have a text, and no partition keys unless materialized; buckets, order and skew name columns;
// texts, parameters and the whole are bounded (limits.h).
absl::Status CheckTable(const v1::Table& table, NameRules rules);
// It has a class name; resources have a URI.
absl::Status CheckFunction(const v1::Function& function, NameRules rules);
// Kind, number of columns and expression fit; the columns are columns or keys of `table`, each once; a foreign key
// points at as many columns as it has. The name may be empty. Whether the parent exists is the session's.
absl::Status CheckConstraint(const v1::Table& table, const v1::Constraint& constraint);
// The column is one of `columns` (without case), and the kind of data fits its type. `object` names the table or
// partition, for messages.
absl::Status CheckStatistics(std::span<const v1::Column> columns, const v1::ColumnStatistics& statistics,
                             std::string_view object);

// The values of one partition of `table_name`, whose keys are `keys`: as many as keys, each valid UTF-8 without control
// characters, within kMaxPartitionValueBytes. An empty value is allowed (NULL).
absl::Status CheckPartitionValues(std::string_view table_name, std::span<const std::string> keys,
                                  std::span<const std::string_view> values);
// Location, parameters and descriptor of a partition; not its values.
absl::Status CheckPartition(std::string_view table_name, const v1::Partition& partition);

// ASCII letters to lower case in names of the object itself, of its columns and keys; an unset table type or owner type
// becomes Hive's default. The parameter EXTERNAL and the table type are made to agree: where it is there it decides (as
// in Hive), an external table without it gets EXTERNAL=TRUE.
void Normalize(v1::Database* database);
void Normalize(v1::Table* table);
void Normalize(v1::Function* function);
void Normalize(v1::Constraint* constraint);

}  // namespace lodestone::model
