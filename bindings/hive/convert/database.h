// Catalogs and databases, between Hive's structs and the catalog's records.
//
// For all conversions: pure and thread-safe. What the records have no place for is left out. A text that is null
// becomes the empty one, and an empty one is left out of answers, as Hive leaves out null. Failures are InvalidArgument
// without a DomainError: something must be said and is null, or has no meaning; rules about objects are the library's.
#pragma once

#include "absl/status/statusor.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "lodestone/model/v1/catalog.pb.h"
#include "lodestone/model/v1/database.pb.h"

namespace lodestone::hive {

// The name may not be null.
absl::StatusOr<model::v1::Catalog> ToModel(const thrift::Catalog& catalog);
thrift::Catalog ToThrift(const model::v1::Catalog& catalog);

// The name may not be null; it may have the prefix of a catalog, which comes out in `catalog`, as catalogName does.
// Privileges are not looked at. A remote database is refused.
absl::StatusOr<model::v1::Database> ToModel(const thrift::Database& database);
absl::StatusOr<model::v1::Database> ToModel(const thrift::CreateDatabaseRequest& request);
// Always set: the name, parameters, catalogName, createTime and type; ownerType where there is an owner.
thrift::Database ToThrift(const model::v1::Database& database);

}  // namespace lodestone::hive
