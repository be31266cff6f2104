// How grants, and what somebody sees, follow the objects that they are about: called by whoever makes, renames, drops
// or changes an object, in the same transaction.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/partition/table_partitions.h"
#include "catalog/privilege/visible.h"
#include "catalog/record/ids.h"
#include "catalog/session/context.h"
#include "lodestone/record/v1/record.pb.h"

namespace lodestone::session {

privilege::NamedObject NamedTable(record::CatalogId catalog, record::DatabaseId database, std::string_view name,
                                  const record::v1::TableEntry& entry);
privilege::NamedObject NamedTable(const TableHandle& table);
privilege::NamedObject NamedFunction(record::CatalogId catalog, record::DatabaseId database, std::string_view name,
                                     const model::v1::Function& function);
Grantee OwnerOf(const model::v1::Database& database);

// After a table was altered: another owner, columns that are gone.
absl::Status FollowAlter(store::Transaction& txn, const TableHandle& before, const model::v1::Table& after);

// After partitions went: grants on partitions that are no longer there end. Costs as many lookups as the table has
// grants on partitions.
absl::Status EndStalePartitionGrants(store::Transaction& txn, const partition::TablePartitions& table);
absl::Status MovePartitionGrants(store::Transaction& txn, const partition::TablePartitions& table,
                                 std::string_view from, std::string_view to);

// Gone for good.
absl::Status ForgetTable(store::Transaction& txn, record::TableId id);
absl::Status ForgetFunction(store::Transaction& txn, record::DatabaseId database, uint64_t id);
absl::Status ForgetDatabase(store::Transaction& txn, record::DatabaseId id);

}  // namespace lodestone::session
