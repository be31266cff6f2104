#include "catalog/privilege/grant_records.h"

#include <algorithm>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/record/format.h"
#include "catalog/record/keys.h"

namespace lodestone::privilege {

using record::v1::GrantsRecord;

absl::StatusOr<GrantsRecord> DecodeGrants(std::string_view key, std::string_view value) {
  GrantsRecord decoded;
  RETURN_IF_ERROR(record::DecodeRecord(value, record::Describe(key), &decoded));
  for (const GrantsRecord::Entry& entry : decoded.entries()) {
    if (entry.privilege() >= static_cast<uint32_t>(kPrivilegeCount)) {
      return absl::DataLossError(base::StrCat(record::Describe(key), ": there is no privilege ", entry.privilege()));
    }
  }
  return decoded;
}

absl::Status BadGrantKey(std::string_view key) {
  return absl::DataLossError(base::StrCat(record::Describe(key), ": expected the key of a grant"));
}

PrivilegeSet PrivilegesIn(const GrantsRecord& record) {
  PrivilegeSet all;
  for (const GrantsRecord::Entry& entry : record.entries()) all |= static_cast<Privilege>(entry.privilege());
  return all;
}

bool MergeEntry(const GrantsRecord::Entry& entry, GrantsRecord* record) {
  auto* entries = record->mutable_entries();
  const auto at = std::lower_bound(entries->begin(), entries->end(), entry,
                                   [&](const GrantsRecord::Entry& a, const GrantsRecord::Entry& b) {
                                     if (a.privilege() != b.privilege()) return a.privilege() < b.privilege();
                                     return a.grantor() < b.grantor();
                                   });
  if (at != entries->end() && at->privilege() == entry.privilege() && at->grantor() == entry.grantor()) {
    const bool option = at->grant_option() || entry.grant_option();
    const bool derived = at->derived() && entry.derived();
    const bool changes = option != at->grant_option() || derived != at->derived();
    at->set_grant_option(option);
    at->set_derived(derived);
    return changes;
  }
  const auto place = at - entries->begin();
  *entries->Add() = entry;
  std::rotate(entries->begin() + place, entries->end() - 1, entries->end());
  return true;
}

}  // namespace lodestone::privilege
