#include "catalog/session/grant_names.h"

#include <algorithm>
#include <vector>

#include "catalog/model/partition_name.h"
#include "catalog/privilege/grants.h"
#include "catalog/session/context.h"

namespace lodestone::session {

using Kind = Securable::Kind;

absl::StatusOr<std::optional<std::string>> GrantNames::DatabaseName(record::CatalogId catalog, record::DatabaseId id) {
  const auto [at, added] = databases_.try_emplace(id.value);
  if (!added) return at->second;
  ASSIGN_OR_RETURN(const auto found, ReadRecord<record::v1::DatabaseRecord>(reader_, record::DatabaseKey(id)));
  if (!found) return at->second;
  const std::string key = record::DatabaseNameKey(catalog, found->name());
  ASSIGN_OR_RETURN(const auto entry, ReadRecord<record::v1::DatabaseEntry>(reader_, key));
  if (entry && entry->id() == id.value) at->second = found->name();
  return at->second;
}

absl::StatusOr<std::optional<std::string>> GrantNames::ObjectName(const record::GrantedOn& on) {
  const auto [at, added] = objects_.try_emplace(on.object);
  if (!added) return at->second;
  ASSIGN_OR_RETURN(at->second, privilege::LiveName(reader_, on));
  return at->second;
}

absl::StatusOr<std::optional<Securable>> GrantNames::Find(const record::GrantedOn& on) {
  Securable found{.kind = on.kind};
  if (on.kind == Kind::kPath) found.path = on.leaf;
  if (!on.database) return std::optional(std::move(found));
  ASSIGN_OR_RETURN(auto database, DatabaseName(on.catalog, on.database));
  if (!database) return std::optional<Securable>();
  found.database = *std::move(database);
  if (on.object == 0) return std::optional(std::move(found));
  ASSIGN_OR_RETURN(auto object, ObjectName(on));
  if (!object) return std::optional<Securable>();
  found.object = *std::move(object);
  if (on.kind == Kind::kColumn) found.column = on.leaf;
  if (on.kind == Kind::kPartition) {
    const auto pieces = static_cast<std::size_t>(std::ranges::count(on.leaf, '/')) + 1;
    ASSIGN_OR_RETURN(found.values, model::DecodePartitionKey(on.leaf, pieces));
  }
  return std::optional(std::move(found));
}

void AppendEntries(const Grantee& grantee, const Securable& on, const record::v1::GrantsRecord& record,
                   std::vector<GrantEntry>* entries) {
  for (const auto& entry : record.entries()) {
    entries->push_back({.grantee = grantee,
                        .privilege = static_cast<Privilege>(entry.privilege()),
                        .on = on,
                        .grantor = entry.grantor(),
                        .grant_option = entry.grant_option(),
                        .derived = entry.derived(),
                        .time_ms = entry.time_ms()});
  }
}

}  // namespace lodestone::session
