// From the ids of a grant back to the names of now.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "catalog/privileges.h"
#include "catalog/record/grant_keys.h"
#include "catalog/store/store.h"
#include "lodestone/record/v1/grant.pb.h"

namespace lodestone::session {

// Remembers what it found: made for one list. Not thread-safe. `reader` outlives it.
class GrantNames {
 public:
  explicit GrantNames(const store::Reader& reader) : reader_(reader) {}

  // nullopt: what the grant is on was dropped, or what holds it.
  absl::StatusOr<std::optional<Securable>> Find(const record::GrantedOn& on);

 private:
  absl::StatusOr<std::optional<std::string>> DatabaseName(record::CatalogId catalog, record::DatabaseId id);
  absl::StatusOr<std::optional<std::string>> ObjectName(const record::GrantedOn& on);

  const store::Reader& reader_;
  std::map<uint64_t, std::optional<std::string>> databases_;
  std::map<uint64_t, std::optional<std::string>> objects_;
};

// Appends what a record of grants says, one entry per privilege and grantor.
void AppendEntries(const Grantee& grantee, const Securable& on, const record::v1::GrantsRecord& record,
                   std::vector<GrantEntry>* entries);

}  // namespace lodestone::session
