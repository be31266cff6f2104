// Partitions, with their statistics: by names, as these alone come all at once.
#include <algorithm>
#include <map>
#include <utility>

#include "bindings/hive/transfer/same.h"
#include "bindings/hive/transfer/transfer_run.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

using base::StrCat;
using model::v1::Partition;
using model::v1::Table;

// Columns in one answer, over all partitions: each partition brings those of its table.
constexpr std::size_t kColumnsPerCall = 100'000;

TableName NameOf(const Table& table) { return {table.database(), table.name()}; }

std::string Shown(const TableName& table, std::string_view name) { return StrCat(table.ToString(), "/", name); }

// The values of partitions, as keys: those that mean NULL alike.
std::vector<std::string> Key(std::vector<std::string> values) {
  for (std::string& value : values) {
    if (value.empty()) value = kNullPartitionValue;
  }
  return values;
}

}  // namespace

absl::Status TransferRun::DoPartitions(const Table& table) {
  const TableName name = NameOf(table);
  const absl::StatusOr<Names> found = from_.PartitionNames(name);
  const absl::StatusOr<Names> present = found.ok() ? to_.PartitionNames(name) : found.status();
  RETURN_IF_ERROR(LeaveOut(TransferKind::kPartition, Shown(name, "*"), present.status()));
  if (!present.ok()) return absl::OkStatus();
  const base::StringSet known(present->begin(), present->end());
  Names missing;
  Names there;
  for (const std::string& one : *found) (known.contains(one) ? there : missing).push_back(one);

  const std::size_t columns = static_cast<std::size_t>(table.storage_descriptor().columns_size()) + 8;
  const std::size_t batch =
      std::clamp<std::size_t>(kColumnsPerCall / columns, 1, static_cast<std::size_t>(std::max(1, options_.batch)));
  const auto in_batches = [&](const Names& names, auto one) -> absl::Status {
    for (std::size_t i = 0; i < names.size(); i += batch) {
      const auto part = std::span<const std::string>(names).subspan(i, std::min(batch, names.size() - i));
      RETURN_IF_ERROR((this->*one)(table, part));
      Show(StrCat("table ", name.ToString()), static_cast<int64_t>(part.size()));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(in_batches(missing, &TransferRun::AddBatch));
  if (options_.update || (options_.statistics && !to_.adds_as_one_step())) {
    return in_batches(there, &TransferRun::CompareBatch);
  }
  Count(TransferKind::kPartition).there += static_cast<int64_t>(there.size());
  return absl::OkStatus();
}

absl::StatusOr<std::vector<PartitionData>> TransferRun::Read(const Table& table, std::span<const std::string> names,
                                                             bool statistics, Refused* refused) {
  const TableName name = NameOf(table);
  ASSIGN_OR_RETURN(std::vector<Partition> found, from_.FindPartitions(name, names, refused->Sink()));
  const Names keys = KeysOf(table);
  std::map<std::vector<std::string>, std::string_view> by_values;
  for (const std::string& one : names) {
    absl::StatusOr<std::vector<std::string>> values = ParsePartitionName(one, keys);
    if (values.ok()) by_values[Key(*std::move(values))] = one;
  }
  base::ViewMap<PartitionData*> by_name;
  std::vector<PartitionData> out(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    out[i].partition = std::move(found[i]);
    const auto its = by_values.find(Key({out[i].partition.values().begin(), out[i].partition.values().end()}));
    if (its == by_values.end()) continue;
    out[i].name = its->second;
    by_name[its->second] = &out[i];
  }
  const Names columns = ColumnsOf(table);
  if (!statistics || columns.empty()) return out;
  ASSIGN_OR_RETURN(std::vector<PartitionStatistics> all, from_.StatisticsOfPartitions(name, names, columns));
  for (PartitionStatistics& one : all) {
    const auto its = by_name.find(one.partition);
    if (its != by_name.end()) its->second->statistics = std::move(one.columns);
  }
  return out;
}

absl::Status TransferRun::AddBatch(const Table& table, std::span<const std::string> names) {
  const TableName name = NameOf(table);
  Refused refused;
  absl::StatusOr<std::vector<PartitionData>> found = Read(table, names, options_.statistics, &refused);
  const absl::Status added = !found.ok()      ? found.status()
                             : found->empty() ? absl::OkStatus()
                                              : to_.AddPartitions(name, *found);
  if (IsFatal(added)) return added;
  if (added.ok()) {
    Count(TransferKind::kPartition).added += static_cast<int64_t>(found->size());
    Count(TransferKind::kStatistics).added +=
        std::ranges::count_if(*found, [](const PartitionData& one) { return !one.statistics.empty(); });
    return LeaveOut(TransferKind::kPartition, refused);
  }
  if (names.size() > 1) {
    // Which one it is about: in halves.
    const std::size_t half = names.size() / 2;
    RETURN_IF_ERROR(AddBatch(table, names.first(half)));
    return AddBatch(table, names.subspan(half));
  }
  if (found.ok() && !found->empty() && !found->front().statistics.empty()) {
    return AddOne(name, std::move(found->front()));
  }
  return LeaveOut(TransferKind::kPartition, Shown(name, names.front()), added);
}

absl::Status TransferRun::AddOne(const TableName& table, PartitionData partition) {
  PartitionData without = partition;
  without.statistics.clear();
  const absl::Status added = to_.AddPartitions(table, {&without, 1});
  RETURN_IF_ERROR(LeaveOut(TransferKind::kPartition, Shown(table, partition.name), added));
  if (!added.ok()) return absl::OkStatus();
  ++Count(TransferKind::kPartition).added;
  const absl::Status set = to_.SetPartitionStatistics(table, {&partition, 1});
  RETURN_IF_ERROR(LeaveOut(TransferKind::kStatistics, Shown(table, partition.name), set));
  if (set.ok()) ++Count(TransferKind::kStatistics).added;
  return absl::OkStatus();
}

absl::Status TransferRun::CompareBatch(const Table& table, std::span<const std::string> names) {
  const TableName name = NameOf(table);
  if (options_.update) {
    RETURN_IF_ERROR(LeaveOut(TransferKind::kPartition, Shown(name, names.front()), UpdateBatch(table, names)));
  } else {
    Count(TransferKind::kPartition).there += static_cast<int64_t>(names.size());
  }
  if (!options_.statistics || table.storage_descriptor().columns().empty()) return absl::OkStatus();
  return LeaveOut(TransferKind::kStatistics, Shown(name, names.front()), CompareStatistics(table, names));
}

absl::Status TransferRun::UpdateBatch(const Table& table, std::span<const std::string> names) {
  const TableName name = NameOf(table);
  Refused refused;
  ASSIGN_OR_RETURN(std::vector<PartitionData> found, Read(table, names, false, &refused));
  ASSIGN_OR_RETURN(const std::vector<Partition> there, to_.FindPartitions(name, names, refused.Sink()));
  RETURN_IF_ERROR(LeaveOut(TransferKind::kPartition, refused));
  std::map<std::vector<std::string>, const Partition*> by_values;
  for (const Partition& one : there) by_values[Key({one.values().begin(), one.values().end()})] = &one;
  std::vector<PartitionData> changed;
  for (PartitionData& one : found) {
    const auto its = by_values.find(Key({one.partition.values().begin(), one.partition.values().end()}));
    if (its == by_values.end() || IsSame(one.partition, *its->second)) continue;
    changed.push_back(std::move(one));
  }
  if (!changed.empty()) RETURN_IF_ERROR(to_.AlterPartitions(name, changed));
  Count(TransferKind::kPartition).updated += static_cast<int64_t>(changed.size());
  Count(TransferKind::kPartition).there += static_cast<int64_t>(found.size() - changed.size());
  return absl::OkStatus();
}

absl::Status TransferRun::CompareStatistics(const Table& table, std::span<const std::string> names) {
  const TableName name = NameOf(table);
  const Names columns = ColumnsOf(table);
  ASSIGN_OR_RETURN(std::vector<PartitionStatistics> found, from_.StatisticsOfPartitions(name, names, columns));
  if (found.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<PartitionStatistics> there, to_.StatisticsOfPartitions(name, names, columns));
  base::ViewMap<const ColumnRecords*> by_name;
  for (const PartitionStatistics& one : there) by_name[one.partition] = &one.columns;
  TransferCounts& counts = Count(TransferKind::kStatistics);
  std::vector<PartitionData> wanted;
  int64_t added = 0;
  for (PartitionStatistics& one : found) {
    const auto its = by_name.find(one.partition);
    if (its != by_name.end() && IsSame(one.columns, *its->second)) {
      ++counts.there;
    } else if (its != by_name.end() && !options_.update) {
      Differs(TransferKind::kStatistics, Shown(name, one.partition));
    } else {
      added += its == by_name.end() ? 1 : 0;
      PartitionData& data = wanted.emplace_back();
      data.name = one.partition;
      ASSIGN_OR_RETURN(const std::vector<std::string> values, ParsePartitionName(one.partition, KeysOf(table)));
      data.partition.mutable_values()->Assign(values.begin(), values.end());
      data.statistics = std::move(one.columns);
    }
  }
  RETURN_IF_ERROR(to_.SetPartitionStatistics(name, wanted));
  counts.added += added;
  counts.updated += static_cast<int64_t>(wanted.size()) - added;
  return absl::OkStatus();
}

}  // namespace lodestone::hive
