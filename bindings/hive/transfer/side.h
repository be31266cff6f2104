// One side of a transfer of metadata (transfer.h): a store of ours, or a metastore over the wire, in the library's
// terms. What a side can't say or take in these terms is a failure of that object, not of the whole.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bindings/hive/client.h"
#include "catalog/names.h"
#include "catalog/privileges.h"
#include "catalog/session.h"
#include "lodestone/model/v1/constraint.pb.h"
#include "lodestone/model/v1/database.pb.h"
#include "lodestone/model/v1/function.pb.h"
#include "lodestone/model/v1/partition.pb.h"
#include "lodestone/model/v1/statistics.pb.h"
#include "lodestone/model/v1/table.pb.h"

namespace lodestone::hive {

using Names = std::vector<std::string>;
using ColumnRecords = std::vector<model::v1::ColumnStatistics>;

// Told of each object that is there and can't be read in the library's terms, and why.
using Unreadable = absl::FunctionRef<void(std::string_view object, const absl::Status& why)>;

struct PartitionData {
  model::v1::Partition partition;
  std::string name;
  ColumnRecords statistics;
};

// Not thread-safe. Each call is one step: what it changes is all there or not at all, but where a call says more. What
// is asked for and not there is left out of an answer.
// A failure with one of the codes of IsFatal() is the side's; any other is the object's.
class Side {
 public:
  virtual ~Side() = default;

  // ---- Reading ----
  virtual absl::StatusOr<Names> Databases() = 0;
  virtual absl::StatusOr<std::optional<model::v1::Database>> FindDatabase(const std::string& name) = 0;
  virtual absl::StatusOr<Names> Tables(const std::string& database) = 0;
  virtual absl::StatusOr<std::vector<model::v1::Table>> FindTables(const std::string& database,
                                                                   std::span<const std::string> names,
                                                                   Unreadable unreadable) = 0;
  virtual absl::StatusOr<Names> PartitionNames(const TableName& table) = 0;
  virtual absl::StatusOr<std::vector<model::v1::Partition>> FindPartitions(const TableName& table,
                                                                           std::span<const std::string> names,
                                                                           Unreadable unreadable) = 0;
  // Of these columns.
  virtual absl::StatusOr<ColumnRecords> TableStatistics(const TableName& table,
                                                        std::span<const std::string> columns) = 0;
  virtual absl::StatusOr<std::vector<PartitionStatistics>> StatisticsOfPartitions(
      const TableName& table, std::span<const std::string> names, std::span<const std::string> columns) = 0;
  virtual absl::StatusOr<std::vector<model::v1::Constraint>> Constraints(const TableName& table) = 0;
  virtual absl::StatusOr<Names> Functions(const std::string& database) = 0;
  virtual absl::StatusOr<std::optional<model::v1::Function>> FindFunction(const FunctionName& name) = 0;
  // Without `public`.
  virtual absl::StatusOr<Names> Roles() = 0;
  virtual absl::StatusOr<std::vector<RoleGrant>> Members(const std::string& role) = 0;
  // On exactly this object: the catalog, a database, a table or a column.
  virtual absl::StatusOr<std::vector<GrantSpec>> Grants(const Securable& on, Unreadable unreadable) = 0;

  // ---- Writing ----
  virtual absl::Status CreateDatabase(const model::v1::Database& database) = 0;
  virtual absl::Status AlterDatabase(const model::v1::Database& database) = 0;
  virtual absl::Status CreateTable(const model::v1::Table& table) = 0;
  virtual absl::Status AlterTable(const model::v1::Table& table) = 0;
  // Those that are there stay as they are. Statistics come along in the same step where adds_as_one_step().
  virtual absl::Status AddPartitions(const TableName& table, std::span<const PartitionData> partitions) = 0;
  virtual bool adds_as_one_step() const = 0;
  virtual absl::Status AlterPartitions(const TableName& table, std::span<const PartitionData> partitions) = 0;
  virtual absl::Status SetTableStatistics(const TableName& table, const ColumnRecords& statistics) = 0;
  virtual absl::Status SetPartitionStatistics(const TableName& table, std::span<const PartitionData> partitions) = 0;
  virtual absl::Status AddConstraint(const TableName& table, const model::v1::Constraint& constraint) = 0;
  virtual absl::Status CreateFunction(const model::v1::Function& function) = 0;
  virtual absl::Status AlterFunction(const model::v1::Function& function) = 0;
  virtual absl::Status CreateRole(const std::string& role) = 0;
  virtual absl::Status GrantRole(const RoleGrant& grant) = 0;
  virtual absl::Status Grant(const GrantSpec& grant) = 0;
};

// The side is broken, or gone, or in somebody's way: going on with the next object makes no sense.
bool IsFatal(const absl::Status& status);

// A catalog of a store: what the session may. Folders are neither looked at nor touched.
std::unique_ptr<Side> NewStoreSide(Session session);

// A catalog of a metastore. `client` is not owned and outlives the side. Speaks with servers since 2.3: newer forms of
// calls are asked for first, and older ones where the server has none. Kinds of objects that it has no calls for are
// empty. What the server does beside its calls (folders, defaults, statistics of its own) it does here as well.
std::unique_ptr<Side> NewMetastoreSide(Client* client, std::string_view catalog);

}  // namespace lodestone::hive
