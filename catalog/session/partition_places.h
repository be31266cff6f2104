// Where the partitions of a table lie, without reading them where that can be avoided.
//
// Most partitions have their derived location: the base location of their shared descriptor, and their name. A set
// whose partitions all do says so (PartitionSet.derived_change), and then a handful of descriptors tells everything.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/session/context.h"

namespace lodestone::session {

// Calls `visit` with the location of each partition that does not lie in `folder`. Costs a look at the table's
// descriptors where all partitions have derived locations and no descriptor has a base elsewhere; else it reads the
// locations of all. Nothing for a table without partition keys.
absl::Status ForEachPartitionOutside(Session& session, const TableName& table, std::string_view folder,
                                     absl::FunctionRef<absl::Status(std::string_view location)> visit);

// Partitions that lie in folder `from` lie at the same place in `to` from now on. The table's record has to change in
// the same transaction (RewriteDescriptors). No event, no check. Costs a look at the descriptors, and at all partitions
// where some have locations of their own.
absl::Status MovePartitionPlaces(const Session& session, const TableName& table, std::string_view from,
                                 std::string_view to);

// All partitions have the table's columns from now on, and no statistics of columns that were other ones `before`. As
// above; also costs a look at all statistics of partitions when there are such columns.
absl::Status ReplacePartitionColumns(const Session& session, const TableName& table, const model::v1::Table& before);

// As Session::RenamePartition, but that the partition lies from then on where `place` says; it gets the partition with
// its new values at its old location, when everything else is allowed and possible.
absl::Status RenamePartitionTo(const Session& session, const TableName& table, std::span<const std::string> values,
                               std::span<const std::string> new_values,
                               absl::FunctionRef<absl::StatusOr<std::string>(const model::v1::Partition&)> place);

}  // namespace lodestone::session
