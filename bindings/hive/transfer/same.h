// Whether two sides have the same: but for what a server fills in by itself, and for what one of them can't say.
#pragma once

#include "bindings/hive/transfer/side.h"

namespace lodestone::hive {

// Ids, catalogs and times do not count; nor do a location or owner that one side leaves open, and the parameters that
// servers keep themselves: times of changes, sizes, how accurate statistics are. The owner of `default` does not
// either: it is whoever set the side up.
bool IsSame(const model::v1::Database& a, const model::v1::Database& b);
bool IsSame(const model::v1::Table& a, const model::v1::Table& b);
bool IsSame(const model::v1::Partition& a, const model::v1::Partition& b);
bool IsSame(const model::v1::Function& a, const model::v1::Function& b);
// In any order; the time of analysis and the engine do not count.
bool IsSame(const ColumnRecords& a, const ColumnRecords& b);
// By what they say; by their names only where both are named by somebody.
bool IsSame(const model::v1::Constraint& a, const model::v1::Constraint& b);

}  // namespace lodestone::hive
