// Tables, views and storage descriptors, between Hive's structs and the catalog's records. See database.h for what
// holds for all conversions.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "lodestone/model/v1/table.pb.h"

namespace lodestone::hive {

using Columns = google::protobuf::RepeatedPtrField<model::v1::Column>;

// Name and type may not be null.
absl::Status ToModel(const std::vector<thrift::FieldSchema>& columns, Columns* out);
std::vector<thrift::FieldSchema> ToThrift(const Columns& columns);

// Null columns and SerDe are left out: so the table's are meant where a partition's descriptor is read. Directions of
// an order are 0 and 1.
absl::StatusOr<model::v1::StorageDescriptor> ToModel(const thrift::StorageDescriptor& descriptor);
// Always set: lists and maps, also those of the SerDe and the skew; compressed, numBuckets, storedAsSubDirectories.
thrift::StorageDescriptor ToThrift(const model::v1::StorageDescriptor& descriptor);

// `MANAGED_TABLE` and so on, in any case; unspecified for the empty text, InvalidArgument (kInvalidObject) for others.
absl::StatusOr<model::v1::TableType> ParseTableType(std::string_view text);
std::string_view TableTypeName(model::v1::TableType type);

// Null are refused: the database, the name, the descriptor, its columns and its SerDe. The database may have the prefix
// of a catalog, which comes out in `catalog`, as catName does. Not looked at: privileges (see privileges.h), statistics
// (statistics.h), what a materialized view was made from, write ids, capabilities, `temporary`.
absl::StatusOr<model::v1::Table> ToModel(const thrift::Table& table);
// Always set: everything but texts, and of what is optional rewriteEnabled, catName, ownerType and id; so clients
// of 3.1 make their next request of it.
thrift::Table ToThrift(const model::v1::Table& table);

// As get_table_meta answers.
thrift::TableMeta ToMeta(std::string_view catalog, const model::v1::TableSummary& table);

}  // namespace lodestone::hive
