#include "bindings/hive/partition_grants.h"

#include <utility>

#include "bindings/hive/convert/privileges.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {

namespace {

constexpr char kByPartition[] = "PARTITION_LEVEL_PRIVILEGE";

}  // namespace

absl::StatusOr<std::optional<PartitionGrants>> PartitionGrants::Open(const Session& session, const TableName& table,
                                                                     const std::optional<std::string>& user,
                                                                     const std::vector<std::string>& groups) {
  if (!user) return std::nullopt;
  const absl::StatusOr<model::v1::Table> record = session.GetTable(table);
  if (absl::IsNotFound(record.status()) || absl::IsPermissionDenied(record.status())) return std::nullopt;
  RETURN_IF_ERROR(record.status());
  const auto found = record->parameters().find(kByPartition);
  if (found == record->parameters().end() || !base::EqualsIgnoreCase(found->second, "true")) return std::nullopt;
  PartitionGrants grants(session, table, {.name = *user, .groups = groups});
  // Before anything is written of an answer.
  const absl::Status may_ask = session.EffectiveGrants(grants.who_, Securable::Table(table)).status();
  if (absl::IsPermissionDenied(may_ask)) return std::nullopt;
  RETURN_IF_ERROR(may_ask);
  return grants;
}

absl::StatusOr<thrift::PrincipalPrivilegeSet> PartitionGrants::On(const std::vector<std::string>& values) const {
  const Securable partition = Securable::Partition(table_, values);
  ASSIGN_OR_RETURN(std::vector<GrantEntry> found, session_.EffectiveGrants(who_, partition));
  std::erase_if(found, [](const GrantEntry& entry) { return entry.on.kind != Securable::Kind::kPartition; });
  return ToPrivilegeSetOf(who_.name, who_.groups, found);
}

}  // namespace lodestone::hive
