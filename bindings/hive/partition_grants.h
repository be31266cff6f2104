// What the calls for authorization tell of grants on partitions: of those whose table keeps privileges by partition
// (the parameter PARTITION_LEVEL_PRIVILEGE), as with Hive.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "catalog/names.h"
#include "catalog/session.h"

namespace lodestone::hive {

// As thread-safe as its session, a copy of which it holds.
class PartitionGrants {
 public:
  // nullopt: nothing is to be told, as no user is asked about, the table is not there or does not keep any, or the
  // caller may not ask about that user.
  static absl::StatusOr<std::optional<PartitionGrants>> Open(const Session& session, const TableName& table,
                                                             const std::optional<std::string>& user,
                                                             const std::vector<std::string>& groups);

  // What the user has on exactly this partition, himself, by his groups and by his roles. Cost: a look at the grants
  // of the partition, and of what holds it.
  absl::StatusOr<thrift::PrincipalPrivilegeSet> On(const std::vector<std::string>& values) const;

 private:
  PartitionGrants(const Session& session, const TableName& table, Principal who)
      : session_(session), table_(table), who_(std::move(who)) {}

  Session session_;
  TableName table_;
  Principal who_;
};

}  // namespace lodestone::hive
