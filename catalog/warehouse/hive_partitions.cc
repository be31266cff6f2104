// Adding and dropping partitions.
#include <algorithm>
#include <numeric>
#include <utility>

#include "catalog/base/local_path.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/model/partition_name.h"
#include "catalog/session/context.h"
#include "catalog/warehouse/defaults.h"
#include "catalog/warehouse/hive_call.h"

namespace lodestone {

namespace warehouse {

namespace {

using base::StrCat;
using model::v1::Partition;
using model::v1::Table;
using privilege::Operation;

// From so many on it pays to make folders while other writers go on.
constexpr std::size_t kManyFolders = 8;

// In Hive's words where the number of values is wrong.
absl::Status InHivesWords(const absl::Status& failed, const absl::StatusOr<Table>& table,
                          std::span<const Partition> partitions) {
  if (!absl::IsInvalidArgument(failed) || !table.ok()) return failed;
  for (const Partition& partition : partitions) {
    if (partition.values_size() == table->partition_keys_size()) continue;
    std::string keys;
    for (const std::string& key : KeyNames(*table)) base::StrAppend(&keys, keys.empty() ? "" : ", ", key);
    return MakeError(
        ErrorKind::kInvalidObject, ObjectKind::kPartition, table->database() + "." + table->name(),
        StrCat("Invalid partition key & values; keys [", keys, "], values ", InBrackets(partition.values())));
  }
  return failed;
}

// Those that are there already, where these are to be skipped.
absl::StatusOr<std::vector<bool>> FindPresent(Session& quiet, const TableName& table,
                                              std::span<const Partition> partitions, IfExists if_exists) {
  std::vector<bool> present(partitions.size());
  if (if_exists != IfExists::kSkip) return present;
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    const std::vector<std::string> values(partitions[i].values().begin(), partitions[i].values().end());
    const absl::StatusOr<bool> there = quiet.PartitionExists(table, values);
    // What is wrong with it the session says.
    if (!there.ok() && !absl::IsInvalidArgument(there.status())) return there.status();
    present[i] = there.ok() && *there;
  }
  return present;
}

// Makes the folders of `added`, and gathers what can be learned of those that were there.
absl::Status MakePartitionFolders(HiveCall& call, const TableName& name, const HiveContext& context,
                                  std::vector<Partition>* added) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < added->size(); ++i) {
    if (!(*added)[i].storage_descriptor().location().empty()) order.push_back(i);
  }
  const auto location = [&](std::size_t i) -> const std::string& {
    return (*added)[i].storage_descriptor().location();
  };
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return location(a) < location(b); });
  std::vector<std::string> locations;
  for (const std::size_t i : order) locations.push_back(location(i));
  ASSIGN_OR_RETURN(const std::vector<int> made, call.MakeFolders(locations));
  std::vector<Partition> known;
  for (std::size_t at = 0; at < order.size(); ++at) {
    Partition& partition = (*added)[order[at]];
    const bool new_folder = made[at] > 0;
    if (new_folder || !call.gathers(context) || HasFileStatistics(partition.parameters())) continue;
    ASSIGN_OR_RETURN(const auto content, call.Measure(locations[at]));
    if (!content) continue;
    SetFileStatistics(*content, context, partition.mutable_parameters());
    known.push_back(partition);
  }
  return known.empty() ? absl::OkStatus() : call.quiet().AlterPartitions(name, known);
}

// What every new partition gets.
std::vector<Partition> WithDefaults(HiveCall& call, std::span<const Partition> partitions) {
  std::vector<Partition> made(partitions.begin(), partitions.end());
  const std::string now = StrCat(call.NowSeconds());
  for (Partition& partition : made) {
    partition.set_create_time(call.NowSeconds());
    if (FindParameter(partition.parameters(), kDdlTime) == nullptr) {
      SetParameter(kDdlTime, now, partition.mutable_parameters());
    }
  }
  return made;
}

absl::StatusOr<HiveAddResult> AddAll(HiveCall& call, const TableName& name, std::span<const Partition> made,
                                     const AddOptions& add, const HiveContext& context) {
  const auto table = call.quiet().GetTable(name);
  absl::StatusOr<std::vector<bool>> present = std::vector<bool>(made.size());
  if (table.ok()) {
    present = FindPresent(call.quiet(), name, made, add.if_exists);
  }
  RETURN_IF_ERROR(present.status());
  const auto counts = call.session().AddPartitions(name, made, add);
  if (!counts.ok()) return InHivesWords(counts.status(), table, made);
  HiveAddResult result{.partitions = {}, .skipped = counts->skipped};
  for (std::size_t i = 0; i < made.size(); ++i) {
    if (!(*present)[i]) result.partitions.push_back(AsStored(*table, made[i], PlaceOf(*table, made[i])));
  }
  RETURN_IF_ERROR(MakePartitionFolders(call, name, context, &result.partitions));
  return result;
}

// What goes with partitions: their folders, and folders of keys above that are empty then.
void RemovePartitionData(HiveCall& call, const Table& table, std::span<const Partition> partitions,
                         const HiveDropOptions& drop) {
  if (!drop.delete_data || !OwnsData(table)) return;
  const bool purge = drop.purge || SkipsTrash(table);
  const std::string& folder = table.storage_descriptor().location();
  for (const Partition& partition : partitions) {
    const std::string& location = partition.storage_descriptor().location();
    // A partition that lies around its table: that has more in it than the partition.
    if (location.empty() || (!folder.empty() && base::PathWithin(location, folder))) continue;
    call.RemoveLater(location, purge);
    const auto rest = folder.empty() ? std::nullopt : base::PathWithin(folder, location);
    if (!rest) continue;
    const auto above = static_cast<int>(std::ranges::count(*rest, '/'));
    const std::string parent = location.substr(0, location.find_last_of('/'));
    call.RemoveEmptyLater(parent, std::min(above, table.partition_keys_size() - 1));
  }
}

}  // namespace
}  // namespace warehouse

using namespace warehouse;  // NOLINT: the calls below are made of what the namespace offers

absl::StatusOr<HiveAddResult> HiveSession::AddPartitions(const TableName& table, std::span<const Partition> partitions,
                                                         const AddOptions& add, const HiveContext& context) {
  if (add.if_exists == IfExists::kReplace) {
    return absl::InvalidArgumentError("if_exists: an add can't replace a partition; alter the partition that exists");
  }
  HiveCall call(session_, options_);
  const std::vector<Partition> made = WithDefaults(call, partitions);
  HiveAddResult result;
  const auto body = [&]() -> absl::Status {
    ASSIGN_OR_RETURN(result, AddAll(call, table, made, add, context));
    return absl::OkStatus();
  };
  if (made.size() >= kManyFolders) call.Prepare(body);
  RETURN_IF_ERROR(call.Run(body));
  return result;
}

absl::StatusOr<Partition> HiveSession::AppendPartition(const TableName& table, std::span<const std::string> values,
                                                       const HiveContext& context) {
  Partition partition;
  partition.mutable_values()->Assign(values.begin(), values.end());
  ASSIGN_OR_RETURN(HiveAddResult result, AddPartitions(table, {&partition, 1}, {}, context));
  return std::move(result.partitions.front());
}

absl::StatusOr<Partition> HiveSession::AppendPartitionByName(const TableName& table, std::string_view name,
                                                             const HiveContext& context) {
  HiveCall call(session_, options_);
  HiveAddResult result;
  RETURN_IF_ERROR(call.Run([&]() -> absl::Status {
    const auto found = call.quiet().GetTable(table);
    const auto values = found.ok() ? model::PartitionValuesFromName(name, KeyNames(*found)) : found.status();
    if (!values.ok()) {
      // What is wrong is told to those alone who may do it.
      RETURN_IF_ERROR(call.Authorize(Operation::kAddPartitions, table));
      return values.status();
    }
    Partition partition;
    partition.mutable_values()->Assign(values->begin(), values->end());
    const std::vector<Partition> made = WithDefaults(call, {&partition, 1});
    ASSIGN_OR_RETURN(result, AddAll(call, table, made, {}, context));
    return absl::OkStatus();
  }));
  return std::move(result.partitions.front());
}

absl::StatusOr<std::vector<Partition>> HiveSession::DropPartitions(const TableName& table,
                                                                   std::span<const std::string> names,
                                                                   const HiveDropOptions& drop) {
  HiveCall call(session_, options_);
  std::vector<Partition> gone;
  RETURN_IF_ERROR(call.Run([&]() -> absl::Status {
    const auto found = call.quiet().GetTable(table);
    auto before = found.ok() ? call.quiet().GetPartitionsByNames(table, names) : found.status();
    RETURN_IF_ERROR(call.session().DropPartitions(table, names, drop.if_missing).status());
    RETURN_IF_ERROR(before.status());
    gone = *std::move(before);
    RemovePartitionData(call, *found, gone, drop);
    return absl::OkStatus();
  }));
  return gone;
}

absl::Status HiveSession::DropPartition(const TableName& table, std::span<const std::string> values,
                                        const HiveDropOptions& drop) {
  HiveCall call(session_, options_);
  return call.Run([&]() -> absl::Status {
    const auto found = call.quiet().GetTable(table);
    const auto before = found.ok() ? call.quiet().GetPartition(table, values) : found.status();
    const absl::Status dropped = call.session().DropPartition(table, values);
    if (absl::IsNotFound(dropped) && found.ok()) {
      if (drop.if_missing == IfMissing::kSkip) return absl::OkStatus();
      const google::protobuf::RepeatedPtrField<std::string> all(values.begin(), values.end());
      return MakeError(ErrorKind::kNoSuchObject, ObjectKind::kPartition, DomainErrorOf(dropped)->object,
                       StrCat("partition values=", InBrackets(all)));
    }
    RETURN_IF_ERROR(dropped);
    RETURN_IF_ERROR(before.status());
    RemovePartitionData(call, *found, {&*before, 1}, drop);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<Partition>> HiveSession::DropPartitionsByFilter(const TableName& table,
                                                                           std::string_view filter,
                                                                           const HiveDropOptions& drop,
                                                                           FilterMode mode) {
  HiveCall call(session_, options_);
  std::vector<Partition> gone;
  RETURN_IF_ERROR(call.Run([&]() -> absl::Status {
    gone.clear();
    const auto found = call.quiet().GetTable(table);
    // Before they go. A filter that can't be read is refused below.
    auto cursor = call.quiet().ListPartitions(
        table, {.filter = std::string(filter), .filter_mode = mode, .projection = Projection::All()});
    while (cursor.Next()) {
      for (std::size_t row = 0; row < cursor.batch().size(); ++row) {
        cursor.batch().ToPartition(row, &gone.emplace_back());
      }
    }
    const absl::Status listed = cursor.status();
    RETURN_IF_ERROR(call.session().DropPartitionsByFilter(table, filter, mode).status());
    RETURN_IF_ERROR(listed);
    RETURN_IF_ERROR(found.status());
    RemovePartitionData(call, *found, gone, drop);
    return absl::OkStatus();
  }));
  return gone;
}

}  // namespace lodestone
