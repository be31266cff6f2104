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

// Which of them are there already. What is wrong with one is left to the session to say: then none is.
absl::StatusOr<std::vector<bool>> FindPresent(Session& quiet, const TableName& name, const Table& table,
                                              std::span<const Partition> partitions) {
  std::vector<std::string> names;
  names.reserve(partitions.size());
  for (const Partition& partition : partitions) names.push_back(NameOfPartition(table, partition));
  base::StringSet there;
  PartitionCursor cursor = quiet.ListPartitionsByNames(name, names);
  while (cursor.Next()) {
    for (std::size_t i = 0; i < cursor.batch().size(); ++i) there.insert(cursor.batch().Name(i));
  }
  if (!cursor.status().ok() && !absl::IsInvalidArgument(cursor.status())) return cursor.status();
  std::vector<bool> present(partitions.size());
  for (std::size_t i = 0; i < names.size(); ++i) present[i] = there.contains(names[i]);
  return present;
}

// What comes of adding partitions, but for these themselves.
struct Added {
  Table table{};
  // Of each of the call:
  std::vector<bool> present{};        // it was there, and was skipped
  std::vector<std::string> places{};  // where it lies; empty: nowhere
};

void SetPlaces(std::span<const Partition> partitions, Added* added) {
  added->places.clear();
  added->places.reserve(partitions.size());
  for (const Partition& partition : partitions) added->places.push_back(PlaceOf(added->table, partition));
}

// The numbers of partitions that are to be added and have a folder, in the order of folders.
std::vector<std::size_t> WithFolders(const Added& added) {
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < added.places.size(); ++i) {
    if (!added.present[i] && !added.places[i].empty()) numbers.push_back(i);
  }
  std::ranges::sort(numbers, {}, [&](std::size_t i) -> const std::string& { return added.places[i]; });
  return numbers;
}
absl::StatusOr<std::vector<int>> MakeFolders(HiveCall& call, const Added& added, std::span<const std::size_t> numbers) {
  std::vector<std::string> locations;
  locations.reserve(numbers.size());
  for (const std::size_t i : numbers) locations.push_back(added.places[i]);
  return call.MakeFolders(locations);
}

// Makes the folders, and gathers what can be learned of those that were there.
absl::Status MakePartitionFolders(HiveCall& call, const TableName& name, const Added& added, const HiveContext& context,
                                  std::vector<Partition>* partitions) {
  const std::vector<std::size_t> numbers = WithFolders(added);
  ASSIGN_OR_RETURN(const std::vector<int> made, MakeFolders(call, added, numbers));
  std::vector<Partition> known;
  for (std::size_t at = 0; at < numbers.size(); ++at) {
    const std::string& location = added.places[numbers[at]];
    Partition& partition = (*partitions)[numbers[at]];
    const bool new_folder = made[at] > 0;
    if (new_folder || !call.gathers(context) || HasFileStatistics(partition.parameters())) continue;
    ASSIGN_OR_RETURN(const auto content, call.Measure(location));
    if (!content) continue;
    SetFileStatistics(*content, context, partition.mutable_parameters());
    known.push_back(AsStored(added.table, partition, location));
  }
  return known.empty() ? absl::OkStatus() : call.quiet().AlterPartitions(name, known);
}

// Before AddAll: asks for the folders that it makes, of partitions that look as if they could be added.
absl::Status AskForFolders(HiveCall& call, const TableName& name, std::span<const Partition> partitions,
                           IfExists if_exists) {
  RETURN_IF_ERROR(call.Authorize(Operation::kAddPartitions, name));
  Added added;
  ASSIGN_OR_RETURN(added.table, call.quiet().GetTable(name));
  const auto fits = [&](const Partition& one) { return one.values_size() == added.table.partition_keys_size(); };
  if (!std::ranges::all_of(partitions, fits)) return absl::InvalidArgumentError("values");
  ASSIGN_OR_RETURN(added.present, FindPresent(call.quiet(), name, added.table, partitions));
  const bool any_present = std::ranges::find(added.present, true) != added.present.end();
  if (any_present && if_exists == IfExists::kFail) return absl::AlreadyExistsError("partitions");
  SetPlaces(partitions, &added);
  return MakeFolders(call, added, WithFolders(added)).status();
}

// What every new partition gets.
void SetDefaults(const HiveCall& call, std::vector<Partition>* partitions) {
  const std::string now = StrCat(call.NowSeconds());
  for (Partition& partition : *partitions) {
    partition.set_create_time(call.NowSeconds());
    if (FindParameter(partition.parameters(), kDdlTime) == nullptr) {
      SetParameter(kDdlTime, now, partition.mutable_parameters());
    }
  }
}

// Statistics that are gathered are set in `partitions` as well.
absl::StatusOr<Added> AddAll(HiveCall& call, const TableName& name, const AddOptions& add, const HiveContext& context,
                             std::vector<Partition>* partitions) {
  Added added{.present = std::vector<bool>(partitions->size())};
  auto table = call.quiet().GetTable(name);
  if (table.ok() && add.if_exists == IfExists::kSkip) {
    ASSIGN_OR_RETURN(added.present, FindPresent(call.quiet(), name, *table, *partitions));
  }
  const auto counts = call.session().AddPartitions(name, *partitions, add);
  if (!counts.ok()) return InHivesWords(counts.status(), table, *partitions);
  added.table = *std::move(table);
  SetPlaces(*partitions, &added);
  RETURN_IF_ERROR(MakePartitionFolders(call, name, added, context, partitions));
  return added;
}

HiveAddResult ResultOf(const Added& added, std::vector<Partition> partitions) {
  HiveAddResult result;
  result.partitions.reserve(partitions.size());
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    if (added.present[i]) {
      ++result.skipped;
      continue;
    }
    result.partitions.push_back(AsStored(added.table, std::move(partitions[i]), added.places[i]));
  }
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

absl::StatusOr<HiveAddResult> HiveSession::AddPartitions(const TableName& table, std::vector<Partition> partitions,
                                                         const AddOptions& add, const HiveContext& context) {
  if (add.if_exists == IfExists::kReplace) {
    return absl::InvalidArgumentError("if_exists: an add can't replace a partition; alter the partition that exists");
  }
  HiveCall call(session_, options_);
  SetDefaults(call, &partitions);
  if (partitions.size() >= kManyFolders) {
    call.Prepare([&] { return AskForFolders(call, table, partitions, add.if_exists); });
  }
  Added added;
  RETURN_IF_ERROR(call.Run([&]() -> absl::Status {
    ASSIGN_OR_RETURN(added, AddAll(call, table, add, context, &partitions));
    return absl::OkStatus();
  }));
  return ResultOf(added, std::move(partitions));
}

absl::StatusOr<Partition> HiveSession::AppendPartition(const TableName& table, std::span<const std::string> values,
                                                       const HiveContext& context) {
  Partition partition;
  partition.mutable_values()->Assign(values.begin(), values.end());
  ASSIGN_OR_RETURN(HiveAddResult result, AddPartitions(table, {std::move(partition)}, {}, context));
  return std::move(result.partitions.front());
}

absl::StatusOr<Partition> HiveSession::AppendPartitionByName(const TableName& table, std::string_view name,
                                                             const HiveContext& context) {
  HiveCall call(session_, options_);
  std::vector<Partition> partitions(1);
  Added added;
  RETURN_IF_ERROR(call.Run([&]() -> absl::Status {
    const auto found = call.quiet().GetTable(table);
    const auto values = found.ok() ? model::PartitionValuesFromName(name, KeyNames(*found)) : found.status();
    if (!values.ok()) {
      // What is wrong is told to those alone who may do it.
      RETURN_IF_ERROR(call.Authorize(Operation::kAddPartitions, table));
      return values.status();
    }
    partitions = std::vector<Partition>(1);
    partitions.front().mutable_values()->Assign(values->begin(), values->end());
    SetDefaults(call, &partitions);
    ASSIGN_OR_RETURN(added, AddAll(call, table, {}, context, &partitions));
    return absl::OkStatus();
  }));
  return std::move(ResultOf(added, std::move(partitions)).partitions.front());
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
