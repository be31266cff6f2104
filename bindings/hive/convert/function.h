// User-defined functions, between Hive's struct and the catalog's record. See database.h for what holds for all
// conversions.
#pragma once

#include "absl/status/statusor.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "lodestone/model/v1/function.pb.h"

namespace lodestone::hive {

// Null are refused: database and name. The database may have the prefix of a catalog, which comes out in `catalog`, as
// catName does. Kinds of functions other than Java, and of resources other than the three, are refused.
absl::StatusOr<model::v1::Function> ToModel(const thrift::Function& function);
// Always set: names, catName, ownerType, createTime, functionType and the resources.
thrift::Function ToThrift(const model::v1::Function& function);

}  // namespace lodestone::hive
