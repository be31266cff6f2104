// One transfer as it runs. Private to transfer.h.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/hive/transfer/transfer.h"

namespace lodestone::hive {

class TransferRun {
 public:
  TransferRun(Side* from, Side* to, const TransferOptions& options) : from_(*from), to_(*to), options_(options) {}
  absl::StatusOr<TransferReport> Run();

 private:
  struct ForeignKey {
    TableName table;
    model::v1::Constraint constraint;
  };
  // Objects that a side could not read, until they are dealt with.
  class Refused {
   public:
    // What takes them; outlived by this.
    auto Sink() {
      return [this](std::string_view object, const absl::Status& why) { all_.emplace_back(object, why); };
    }
    const std::vector<std::pair<std::string, absl::Status>>& all() const { return all_; }

   private:
    std::vector<std::pair<std::string, absl::Status>> all_;
  };

  // OK where the object can be left out, as one of few; OK for OK. Once one was too many, that failure is passed on.
  absl::Status LeaveOut(TransferKind kind, std::string_view object, const absl::Status& why);
  absl::Status LeaveOut(TransferKind kind, const Refused& refused);
  TransferCounts& Count(TransferKind kind) { return report_.of(kind); }
  void Differs(TransferKind kind, std::string_view object);
  void Show(std::string_view what, int64_t objects);

  // ---- transfer.cc ----
  absl::StatusOr<Names> WantedDatabases();
  absl::Status DoDatabase(const std::string& name);
  // Whether the database is at the target now.
  absl::StatusOr<bool> PlaceDatabase(const std::string& name);
  absl::StatusOr<bool> IsEmptyAtTarget(const std::string& database);
  absl::Status DoFunction(const FunctionName& name);
  absl::Status DoRoles();
  absl::Status DoMembers(const std::string& role);
  absl::Status DoGrants(const Securable& on);

  // ---- transfer_tables.cc ----
  absl::Status DoTables(const std::string& database, const Names& names);
  // Both sides are asked for all of them together; one by one where that fails.
  absl::Status DoTableBatch(const std::string& database, std::span<const std::string> names,
                            std::vector<model::v1::Table>* views);
  absl::Status DoTable(const model::v1::Table& table, const model::v1::Table* there);
  // Whether the table is at the target now, with partition keys as at the source.
  absl::StatusOr<bool> PlaceTable(const model::v1::Table& table, const model::v1::Table* there);
  absl::Status DoTableStatistics(const TableName& name, const Names& columns);
  absl::Status DoConstraints(const TableName& name);
  absl::Status PlaceConstraint(const TableName& table, const model::v1::Constraint& constraint,
                               std::span<const model::v1::Constraint> there);
  absl::Status DoForeignKeys();

  // ---- transfer_partitions.cc ----
  absl::Status DoPartitions(const model::v1::Table& table);
  // These are not at the target.
  absl::Status AddBatch(const model::v1::Table& table, std::span<const std::string> names);
  absl::Status AddOne(const TableName& table, PartitionData partition);
  // These are.
  absl::Status CompareBatch(const model::v1::Table& table, std::span<const std::string> names);
  absl::Status UpdateBatch(const model::v1::Table& table, std::span<const std::string> names);
  absl::Status CompareStatistics(const model::v1::Table& table, std::span<const std::string> names);
  absl::StatusOr<std::vector<PartitionData>> Read(const model::v1::Table& table, std::span<const std::string> names,
                                                  bool statistics, Refused* refused);

  Side& from_;
  Side& to_;
  const TransferOptions& options_;
  TransferReport report_;
  TransferProgress progress_;
  bool ends_ = false;  // one too many was left out
  std::vector<ForeignKey> foreign_keys_;
};

// The names of the columns of a table, without the partition keys; and of its partition keys.
Names ColumnsOf(const model::v1::Table& table);
Names KeysOf(const model::v1::Table& table);

}  // namespace lodestone::hive
