// A catalog of a metastore as one side of a transfer. Private to side.h, which makes it.
#pragma once

#include <string>
#include <utility>

#include "bindings/hive/transfer/side.h"

namespace lodestone::hive {

class MetastoreSide final : public Side {
 public:
  MetastoreSide(Client* client, std::string_view catalog) : client_(*client), catalog_(catalog) {}

  absl::StatusOr<Names> Databases() override;
  absl::StatusOr<std::optional<model::v1::Database>> FindDatabase(const std::string& name) override;
  absl::StatusOr<Names> Tables(const std::string& database) override;
  absl::StatusOr<std::vector<model::v1::Table>> FindTables(const std::string& database,
                                                           std::span<const std::string> names,
                                                           Unreadable unreadable) override;
  absl::StatusOr<Names> PartitionNames(const TableName& table) override;
  absl::StatusOr<std::vector<model::v1::Partition>> FindPartitions(const TableName& table,
                                                                   std::span<const std::string> names,
                                                                   Unreadable unreadable) override;
  absl::StatusOr<ColumnRecords> TableStatistics(const TableName& table, std::span<const std::string> columns) override;
  absl::StatusOr<std::vector<PartitionStatistics>> StatisticsOfPartitions(
      const TableName& table, std::span<const std::string> names, std::span<const std::string> columns) override;
  absl::StatusOr<std::vector<model::v1::Constraint>> Constraints(const TableName& table) override;
  absl::StatusOr<Names> Functions(const std::string& database) override;
  absl::StatusOr<std::optional<model::v1::Function>> FindFunction(const FunctionName& name) override;
  absl::StatusOr<Names> Roles() override;
  absl::StatusOr<std::vector<RoleGrant>> Members(const std::string& role) override;
  absl::StatusOr<std::vector<GrantSpec>> Grants(const Securable& on, Unreadable unreadable) override;

  absl::Status CreateDatabase(const model::v1::Database& database) override;
  absl::Status AlterDatabase(const model::v1::Database& database) override;
  absl::Status CreateTable(const model::v1::Table& table) override;
  absl::Status AlterTable(const model::v1::Table& table) override;
  absl::Status AddPartitions(const TableName& table, std::span<const PartitionData> partitions) override;
  bool adds_as_one_step() const override { return false; }
  absl::Status AlterPartitions(const TableName& table, std::span<const PartitionData> partitions) override;
  absl::Status SetTableStatistics(const TableName& table, const ColumnRecords& statistics) override;
  absl::Status SetPartitionStatistics(const TableName& table, std::span<const PartitionData> partitions) override;
  absl::Status AddConstraint(const TableName& table, const model::v1::Constraint& constraint) override;
  absl::Status CreateFunction(const model::v1::Function& function) override;
  absl::Status AlterFunction(const model::v1::Function& function) override;
  absl::Status CreateRole(const std::string& role) override;
  absl::Status GrantRole(const RoleGrant& grant) override;
  absl::Status Grant(const GrantSpec& grant) override;

 private:
  // Exceptions that many calls declare, in their order.
  static constexpr Throws kMeta = {Thrown::kMeta};
  static constexpr Throws kMissingMeta = {Thrown::kNoSuchObject, Thrown::kMeta};
  static constexpr Throws kMetaMissing = {Thrown::kMeta, Thrown::kNoSuchObject};
  // Who a client says that it is.
  static constexpr const char* kIdentifier = "lodestone";

  // Calls that have a newer form, and whether the server is taken to have it.
  struct Newer {
    bool get_database = true;
    bool get_tables = true;
    bool partition_names = true;
    bool get_partitions = true;
    bool create_database = true;
    bool alter_database = true;
    bool create_table = true;
    bool alter_table = true;
    bool alter_partitions = true;
    bool table_statistics = true;
    bool constraints = true;
  };

  // What `newer` returns, or where the server has no such call, `older`.
  template <typename F, typename G>
  auto Either(bool Newer::*known, const F& newer, const G& older) -> decltype(newer());
  // As an argument: with the prefix of a catalog that is not the default one.
  std::string DatabaseArgument(const std::string& database) const;
  absl::StatusOr<std::vector<model::v1::Constraint>> ConstraintsByKind(const TableName& table);

  Client& client_;
  const std::string catalog_;
  Newer newer_;
};

namespace internal {
inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& answer) {
  return answer.status();
}
}  // namespace internal

template <typename F, typename G>
auto MetastoreSide::Either(bool Newer::*known, const F& newer, const G& older) -> decltype(newer()) {
  if (newer_.*known) {
    auto answer = newer();
    if (!absl::IsUnimplemented(internal::StatusOf(answer))) return answer;
    newer_.*known = false;
  }
  return older();
}

}  // namespace lodestone::hive
