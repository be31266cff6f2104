// What of a table's or database's data goes when it is dropped.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "catalog/warehouse/hive_call.h"

namespace lodestone::warehouse {

// The folders of a table: its own, and those of partitions that lie elsewhere; nothing if the data is not the table's.
// `quiet` is a session of the table's catalog, in the call's transaction.
absl::Status RemoveTableData(HiveCall& call, Session& quiet, const model::v1::Table& table,
                             const HiveDropOptions& drop);

// The data of all tables of a database, then its folder; where data stays in there, or another database lies in there,
// the folder goes only if it is empty.
absl::Status RemoveDatabaseData(HiveCall& call, Session& quiet, const model::v1::Database& database,
                                const HiveDropOptions& drop);

}  // namespace lodestone::warehouse
