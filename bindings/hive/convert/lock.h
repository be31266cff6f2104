// Locks, between Hive's structs and the catalog's. See database.h for what holds for all conversions.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "catalog/transactions.h"

namespace lodestone::hive {

// A database may have the prefix of a catalog, which comes out in LockComponent::catalog. Kinds of locks and operations
// that Hive does not have are refused. Levels are not looked at: what is locked follows from the names. Of the flags,
// exclusiveCTAS and zeroWaitReadEnabled say when not to wait; locklessReadsEnabled is about nothing that is here.
absl::StatusOr<LockRequest> ToModel(const thrift::LockRequest& request);
thrift::LockResponse ToThrift(const LockResult& result);

// The catalog of the filter is what the prefix of the database says, `hive` without it.
absl::StatusOr<LockFilter> ToModel(const thrift::ShowLocksRequest& request);
// Always set: what is required, heartbeatCount and lockIdInternal. The catalog is not told: Hive has no place for it.
thrift::ShowLocksResponseElement ToThrift(const LockInfo& lock);

}  // namespace lodestone::hive
