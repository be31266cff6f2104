// Tables that Hive's engines change row by row: what has to be so for a table that says `transactional=true`.
#pragma once

#include "absl/status/status.h"
#include "lodestone/model/v1/table.pb.h"

namespace lodestone::warehouse {

// Checks what the parameters say, and fills in `transactional_properties=default`. `before` null: the table is new.
//   FailedPrecondition (kInvalidOperation)  a value that is neither `true` nor `false`; an external table; formats
//   other
//                                           than ORC's, unless rows are only inserted; a table that was transactional
//                                           and no longer is to be
// A new table's `transactional=false` says nothing, and goes.
absl::Status ApplyTransactional(const model::v1::Table* before, model::v1::Table* table);

}  // namespace lodestone::warehouse
