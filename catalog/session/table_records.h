// What a table's entry under its name repeats of its record.
#pragma once

#include "catalog/record/ids.h"
#include "lodestone/model/v1/table.pb.h"
#include "lodestone/record/v1/record.pb.h"

namespace lodestone::session {

// The entry that belongs to the record: made when the table is written, and again by verify.
record::v1::TableEntry MakeTableEntry(record::TableId id, const model::v1::Table& table);

}  // namespace lodestone::session
