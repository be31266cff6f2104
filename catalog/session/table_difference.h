// What of a table a change touches, and what of it somebody sees who has privileges on some columns alone.
#pragma once

#include <string>
#include <vector>

#include "catalog/privilege/operation.h"
#include "lodestone/model/v1/table.pb.h"

namespace lodestone::session {

// Each operation that is needed to make `after` of `before`; kAlterTable where nothing differs. Names, ids and create
// time are not looked at: no alteration changes them.
std::vector<privilege::Operation> DifferencesOf(const model::v1::Table& before, const model::v1::Table& after);

// Leaves exactly these columns (in lower case), partition keys too, and nothing that tells of the others: no text of a
// view, no parameter that has the name of one in it.
void KeepColumns(const std::vector<std::string>& columns, model::v1::Table* table);

}  // namespace lodestone::session
