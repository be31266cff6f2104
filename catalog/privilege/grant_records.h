// Reading and changing the records of grants one by one.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/privileges.h"
#include "lodestone/record/v1/grant.pb.h"

namespace lodestone::privilege {

// DataLoss names the key: no record of grants, or one with a privilege that there is not.
absl::StatusOr<record::v1::GrantsRecord> DecodeGrants(std::string_view key, std::string_view value);
absl::Status BadGrantKey(std::string_view key);
PrivilegeSet PrivilegesIn(const record::v1::GrantsRecord& record);

// Puts the entry in its place. One of the same privilege and grantor stays: it only gains a grant option, or becomes
// one that is not derived. Returns whether anything changed.
bool MergeEntry(const record::v1::GrantsRecord::Entry& entry, record::v1::GrantsRecord* record);

}  // namespace lodestone::privilege
