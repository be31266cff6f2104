// Tables and views, with what belongs to them but their partitions.
#include <algorithm>
#include <utility>

#include "bindings/hive/transfer/same.h"
#include "bindings/hive/transfer/transfer_run.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

using base::StrCat;
using model::v1::Table;

// Tables that are asked for together.
constexpr std::size_t kTables = 50;

bool IsView(const Table& table) {
  return table.table_type() == model::v1::VIRTUAL_VIEW || table.table_type() == model::v1::MATERIALIZED_VIEW;
}

bool HaveSameKeys(const Table& a, const Table& b) {
  return std::ranges::equal(a.partition_keys(), b.partition_keys(), [](const auto& one, const auto& other) {
    return base::EqualsIgnoreCase(one.name(), other.name()) && one.type() == other.type();
  });
}

Names NamesOf(const google::protobuf::RepeatedPtrField<model::v1::Column>& columns) {
  Names names;
  for (const model::v1::Column& column : columns) names.push_back(base::AsciiLower(column.name()));
  return names;
}

}  // namespace

Names ColumnsOf(const Table& table) { return NamesOf(table.storage_descriptor().columns()); }
Names KeysOf(const Table& table) { return NamesOf(table.partition_keys()); }

absl::Status TransferRun::DoTables(const std::string& database, const Names& names) {
  std::vector<Table> views;
  for (std::size_t i = 0; i < names.size(); i += kTables) {
    const std::span<const std::string> batch = std::span(names).subspan(i, std::min(kTables, names.size() - i));
    RETURN_IF_ERROR(DoTableBatch(database, batch, &views));
  }
  for (const Table& view : views) {
    const std::string& name = view.name();
    const auto there = to_.FindTables(database, {&name, 1}, [](std::string_view, const absl::Status&) {});
    RETURN_IF_ERROR(LeaveOut(TransferKind::kTable, StrCat(database, ".", name), there.status()));
    if (there.ok()) RETURN_IF_ERROR(DoTable(view, there->empty() ? nullptr : &there->front()));
  }
  return absl::OkStatus();
}

absl::Status TransferRun::DoTableBatch(const std::string& database, std::span<const std::string> names,
                                       std::vector<Table>* views) {
  Refused refused;
  const absl::StatusOr<std::vector<Table>> found = from_.FindTables(database, names, refused.Sink());
  // What the target can't read is there all the same: making it says so.
  const auto there = found.ok() ? to_.FindTables(database, names, [](std::string_view, const absl::Status&) {})
                                : absl::StatusOr<std::vector<Table>>(found.status());
  if (!there.ok()) {
    if (IsFatal(there.status())) return there.status();
    if (names.size() == 1) {
      return LeaveOut(TransferKind::kTable, StrCat(database, ".", names.front()), there.status());
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
      RETURN_IF_ERROR(DoTableBatch(database, names.subspan(i, 1), views));
    }
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(LeaveOut(TransferKind::kTable, refused));
  for (const Table& table : *found) {
    if (IsView(table)) {
      views->push_back(table);
      continue;
    }
    const auto its = std::ranges::find_if(
        *there, [&](const Table& one) { return base::EqualsIgnoreCase(one.name(), table.name()); });
    RETURN_IF_ERROR(DoTable(table, its == there->end() ? nullptr : &*its));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> TransferRun::PlaceTable(const Table& table, const Table* there) {
  TransferCounts& counts = Count(TransferKind::kTable);
  if (there == nullptr) {
    RETURN_IF_ERROR(to_.CreateTable(table));
    ++counts.added;
    return true;
  }
  if (!HaveSameKeys(table, *there)) {
    return absl::FailedPreconditionError("it is there with other partition keys");
  }
  if (IsSame(table, *there)) {
    ++counts.there;
  } else if (options_.update) {
    RETURN_IF_ERROR(to_.AlterTable(table));
    ++counts.updated;
  } else {
    Differs(TransferKind::kTable, StrCat(table.database(), ".", table.name()));
  }
  return true;
}

absl::Status TransferRun::DoTable(const Table& table, const Table* there) {
  const TableName name{table.database(), table.name()};
  Show(StrCat("table ", name.ToString()), 1);
  const absl::StatusOr<bool> placed = PlaceTable(table, there);
  ++progress_.tables;
  if (!placed.ok()) return LeaveOut(TransferKind::kTable, name.ToString(), placed.status());
  const Names columns = ColumnsOf(table);
  if (!IsView(table) || table.table_type() == model::v1::MATERIALIZED_VIEW) {
    if (!table.partition_keys().empty()) RETURN_IF_ERROR(DoPartitions(table));
    if (options_.statistics && !columns.empty()) {
      RETURN_IF_ERROR(LeaveOut(TransferKind::kStatistics, name.ToString(), DoTableStatistics(name, columns)));
    }
    RETURN_IF_ERROR(LeaveOut(TransferKind::kConstraint, StrCat(name.ToString(), ".*"), DoConstraints(name)));
  }
  if (!options_.grants) return absl::OkStatus();
  RETURN_IF_ERROR(DoGrants(Securable::Table(name)));
  if (!options_.column_grants) return absl::OkStatus();
  Names all = columns;
  std::ranges::copy(KeysOf(table), std::back_inserter(all));
  for (const std::string& column : all) RETURN_IF_ERROR(DoGrants(Securable::Column(name, column)));
  return absl::OkStatus();
}

absl::Status TransferRun::DoTableStatistics(const TableName& name, const Names& columns) {
  ASSIGN_OR_RETURN(const ColumnRecords found, from_.TableStatistics(name, columns));
  if (found.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const ColumnRecords there, to_.TableStatistics(name, columns));
  TransferCounts& counts = Count(TransferKind::kStatistics);
  if (IsSame(found, there)) {
    ++counts.there;
  } else if (there.empty() || options_.update) {
    RETURN_IF_ERROR(to_.SetTableStatistics(name, found));
    ++(there.empty() ? counts.added : counts.updated);
  } else {
    Differs(TransferKind::kStatistics, name.ToString());
  }
  return absl::OkStatus();
}

// ---- Constraints ----

absl::Status TransferRun::DoConstraints(const TableName& name) {
  ASSIGN_OR_RETURN(const std::vector<model::v1::Constraint> found, from_.Constraints(name));
  if (found.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<model::v1::Constraint> there, to_.Constraints(name));
  for (const model::v1::Constraint& constraint : found) {
    if (constraint.kind() == model::v1::Constraint::FOREIGN_KEY) {
      foreign_keys_.push_back({name, constraint});
    } else {
      RETURN_IF_ERROR(PlaceConstraint(name, constraint, there));
    }
  }
  return absl::OkStatus();
}

absl::Status TransferRun::PlaceConstraint(const TableName& table, const model::v1::Constraint& constraint,
                                          std::span<const model::v1::Constraint> there) {
  TransferCounts& counts = Count(TransferKind::kConstraint);
  if (std::ranges::any_of(there, [&](const auto& one) { return IsSame(constraint, one); })) {
    ++counts.there;
    return absl::OkStatus();
  }
  const std::string shown = StrCat(table.ToString(), ".", constraint.name());
  const absl::Status added = to_.AddConstraint(table, constraint);
  RETURN_IF_ERROR(LeaveOut(TransferKind::kConstraint, shown, added));
  if (added.ok()) ++counts.added;
  return absl::OkStatus();
}

absl::Status TransferRun::DoForeignKeys() {
  for (const ForeignKey& key : foreign_keys_) {
    const auto there = to_.Constraints(key.table);
    const std::string shown = StrCat(key.table.ToString(), ".", key.constraint.name());
    RETURN_IF_ERROR(LeaveOut(TransferKind::kConstraint, shown, there.status()));
    if (there.ok()) RETURN_IF_ERROR(PlaceConstraint(key.table, key.constraint, *there));
  }
  return absl::OkStatus();
}

}  // namespace lodestone::hive
