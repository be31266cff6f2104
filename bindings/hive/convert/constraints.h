// Constraints, between Hive's structs, of which each is one column of a constraint, and the catalog's records, of which
// each is a whole one. See database.h for what holds for all conversions.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "catalog/names.h"
#include "lodestone/model/v1/constraint.pb.h"

namespace lodestone::hive {

struct TableConstraints {
  std::string catalog;
  TableName table;  // empty where there are no constraints
  std::vector<model::v1::Constraint> constraints;
};

// Any of the lists. Columns come in the order of key_seq. Columns of the same name of a constraint are one; of those
// without a name, one begins where key_seq is not beyond 1. InvalidArgument: they are of more than one table. Where no
// column says its table (create_table), `of` is taken; a foreign key's parent without a database is in that of its
// child.
absl::StatusOr<TableConstraints> ToModel(const thrift::SQLAllTableConstraints& rows, const TableConstraints& of = {});

// Six lists, all set; constraints in the order given, their columns from key_seq 1 on.
thrift::SQLAllTableConstraints ToThrift(const std::string& catalog, const TableName& table,
                                        std::span<const model::v1::Constraint> constraints);

}  // namespace lodestone::hive
