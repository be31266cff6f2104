// Column statistics, and what the table or partition says of their accuracy.
#include <algorithm>
#include <map>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/session/partition_rows.h"
#include "catalog/statistics.h"
#include "catalog/warehouse/accuracy.h"
#include "catalog/warehouse/defaults.h"
#include "catalog/warehouse/hive_call.h"

namespace lodestone {

namespace warehouse {

namespace {

using base::StrCat;
using model::v1::ColumnStatistics;
using model::v1::Partition;
using model::v1::Table;
using privilege::Operation;
using Columns = std::vector<ColumnStatistics>;
using Names = std::vector<std::string>;

// One call's work on statistics of tables and partitions, within its transaction.
class StatisticsChange {
 public:
  StatisticsChange(HiveCall& call, Operation operation) : call_(call), operation_(operation) {}

  absl::Status Update(const HiveStatistics& update, StatisticsMode mode) {
    ASSIGN_OR_RETURN(Target target, Find(update.table, update.partition));
    Columns columns = update.columns;
    for (ColumnStatistics& one : columns) one.set_last_analyzed(call_.NowSeconds());
    if (mode == StatisticsMode::kMerge) RETURN_IF_ERROR(MergeKnown(target, &columns));
    const absl::Status done = target.values
                                  ? call_.session().UpdatePartitionStatistics(target.name, *target.values, columns)
                                  : call_.session().UpdateTableStatistics(target.name, columns);
    if (!done.ok()) return MissingColumn(target, columns, done);
    return ChangeAccuracy(target, columns, &Accuracy::Add);
  }

  absl::Status Delete(const TableName& table, const HiveStatisticsQuery& query) {
    ASSIGN_OR_RETURN(const Target target, Find(table, query.partition));
    const Names asked = query.column ? Names{*query.column} : Names();
    ASSIGN_OR_RETURN(Columns known, Known(target, asked));
    std::erase_if(known, [&](const ColumnStatistics& one) { return !IsOfEngine(one, query.engine); });
    if (known.empty()) {
      RETURN_IF_ERROR(call_.Authorize(operation_, target.securable()));
      if (!query.column) return absl::OkStatus();
      return MakeError(
          ErrorKind::kNoSuchObject, ObjectKind::kStatistics, target.Shown(),
          StrCat("there are no statistics of the column ", base::Quoted(*query.column), " of ", target.Shown()));
    }
    Names columns;
    for (const ColumnStatistics& one : known) columns.push_back(one.column());
    RETURN_IF_ERROR(target.values ? call_.session().DeletePartitionStatistics(target.name, *target.values, columns)
                                  : call_.session().DeleteTableStatistics(target.name, columns));
    return ChangeAccuracy(target, known, &Accuracy::Remove);
  }

  // What partitions say of their accuracy is written at the end, all of a table at once.
  absl::Status Finish() {
    for (auto& [table, partitions] : changed_) {
      if (partitions.empty()) continue;
      std::vector<Partition> all;
      for (auto& [values, partition] : partitions) all.push_back(std::move(partition));
      RETURN_IF_ERROR(call_.quiet().AlterPartitions({.database = table.first, .table = table.second}, all));
    }
    return absl::OkStatus();
  }

 private:
  // A table, or a partition of it, that is there.
  struct Target {
    TableName name;
    const Table* table = nullptr;  // in tables_
    std::optional<Names> values{};
    Partition partition{};

    const Parameters& parameters() const { return values ? partition.parameters() : table->parameters(); }
    Securable securable() const { return values ? session::PartitionOf(name, *values) : Securable::Table(name); }
    std::string Shown() const {
      return values ? StrCat(name.ToString(), "/", NameOfPartition(*table, partition)) : name.ToString();
    }
  };

  // What is wrong is told to those alone who may do it.
  absl::Status Refuse(const Securable& where, const absl::Status& why) {
    RETURN_IF_ERROR(call_.Authorize(operation_, where));
    return why;
  }

  // Read once for all of its partitions. Stays where it is until the end of the call.
  absl::StatusOr<const Table*> TableOf(const TableName& name) {
    const std::pair key(name.database, name.table);
    if (const auto known = tables_.find(key); known != tables_.end()) return &known->second;
    absl::StatusOr<Table> table = call_.quiet().GetTable(name);
    if (!table.ok()) return Refuse(Securable::Table(name), table.status());
    return &tables_.emplace(key, *std::move(table)).first->second;
  }

  absl::StatusOr<Target> Find(const TableName& name, const std::optional<std::string>& partition) {
    Target target{.name = {base::AsciiLower(name.database), base::AsciiLower(name.table)}};
    ASSIGN_OR_RETURN(target.table, TableOf(target.name));
    if (!partition) return target;
    absl::StatusOr<Names> values = ParsePartitionName(*partition, KeyNames(*target.table));
    if (!values.ok()) return Refuse(Securable::Table(name), values.status());
    target.values = *std::move(values);
    const auto& changed = changed_[{target.name.database, target.name.table}];
    if (const auto earlier = changed.find(*target.values); earlier != changed.end()) {
      target.partition = earlier->second;
      return target;
    }
    absl::StatusOr<Partition> found = call_.quiet().GetPartition(target.name, *target.values);
    if (!found.ok()) return Refuse(target.securable(), found.status());
    target.partition = *std::move(found);
    return target;
  }

  absl::StatusOr<Columns> Known(const Target& target, const Names& columns) {
    return target.values ? call_.quiet().GetPartitionStatistics(target.name, *target.values, columns)
                         : call_.quiet().GetTableStatistics(target.name, columns);
  }

  // `columns` are of rows that were added: rolls into them what is known of the rest. A column of which that is not
  // known to be right is left out, as its statistics would be those of the added rows alone.
  absl::Status MergeKnown(const Target& target, Columns* columns) {
    const Accuracy accuracy(target.parameters());
    std::erase_if(*columns, [&](const auto& one) { return !accuracy.Names(base::AsciiLower(one.column())); });
    if (columns->empty()) return absl::OkStatus();
    Names names;
    for (const ColumnStatistics& one : *columns) names.push_back(one.column());
    ASSIGN_OR_RETURN(const Columns known, Known(target, names));
    for (ColumnStatistics& one : *columns) {
      const auto found = std::ranges::find_if(
          known, [&](const auto& other) { return base::EqualsIgnoreCase(other.column(), one.column()); });
      if (found == known.end() || MergeStatistics(*found, &one)) continue;
      return Refuse(target.securable(),
                    MakeError(ErrorKind::kInvalidObject, ObjectKind::kStatistics, target.Shown(),
                              StrCat("statistics of the column ", base::Quoted(one.column()), " of ", target.Shown(),
                                     " can't be merged: the known ones are of another kind of data")));
    }
    return absl::OkStatus();
  }

  // The refusal `why` of an update in Hive's words, where a column is missing.
  static absl::Status MissingColumn(const Target& target, const Columns& columns, const absl::Status& why) {
    const std::optional<DomainError> error = DomainErrorOf(why);
    if (!error || error->kind != ErrorKind::kInvalidObject) return why;
    const auto& all = target.table->storage_descriptor().columns();
    for (const ColumnStatistics& one : columns) {
      const auto is_it = [&](const auto& column) { return base::EqualsIgnoreCase(column.name(), one.column()); };
      if (std::ranges::any_of(all, is_it)) continue;
      return MakeError(ErrorKind::kNoSuchObject, ObjectKind::kColumn, StrCat(target.name.ToString(), ".", one.column()),
                       StrCat("Column ", one.column(), " doesn't exist in table ", target.name.table, " in database ",
                              target.name.database));
    }
    return why;
  }

  absl::Status ChangeAccuracy(const Target& target, const Columns& columns,
                              bool (Accuracy::*change)(const std::string&)) {
    Accuracy accuracy(target.parameters());
    bool changed = false;
    for (const ColumnStatistics& one : columns) changed |= (accuracy.*change)(base::AsciiLower(one.column()));
    if (!changed) return absl::OkStatus();
    if (target.values) {
      Partition next = target.partition;
      accuracy.Store(next.mutable_parameters());
      changed_[{target.name.database, target.name.table}].insert_or_assign(*target.values, std::move(next));
      return absl::OkStatus();
    }
    accuracy.Store(tables_[{target.name.database, target.name.table}].mutable_parameters());
    return call_.quiet().ModifyTable(target.name, [&](Table& table) {
      accuracy.Store(table.mutable_parameters());
      return absl::OkStatus();
    });
  }

  HiveCall& call_;
  const Operation operation_;
  std::map<std::pair<std::string, std::string>, Table> tables_;
  std::map<std::pair<std::string, std::string>, std::map<Names, Partition>> changed_;
};

}  // namespace
}  // namespace warehouse

using namespace warehouse;  // NOLINT: the calls below are made of what the namespace offers

absl::Status HiveSession::UpdateStatistics(std::span<const HiveStatistics> updates, StatisticsMode mode) {
  HiveCall call(session_, options_);
  return call.Run([&]() -> absl::Status {
    StatisticsChange change(call, Operation::kUpdateStatistics);
    for (const HiveStatistics& update : updates) RETURN_IF_ERROR(change.Update(update, mode));
    return change.Finish();
  });
}

absl::Status HiveSession::DeleteStatistics(const TableName& table, const HiveStatisticsQuery& query) {
  HiveCall call(session_, options_);
  return call.Run([&]() -> absl::Status {
    StatisticsChange change(call, Operation::kDeleteStatistics);
    RETURN_IF_ERROR(change.Delete(table, query));
    return change.Finish();
  });
}

}  // namespace lodestone
