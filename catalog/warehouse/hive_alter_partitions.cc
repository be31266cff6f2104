// Changing, renaming and exchanging partitions.
#include <algorithm>
#include <utility>

#include "catalog/base/local_path.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/session/call.h"
#include "catalog/session/partition_places.h"
#include "catalog/warehouse/defaults.h"
#include "catalog/warehouse/hive_call.h"

namespace lodestone {

namespace warehouse {

namespace {

using base::StrCat;
using model::v1::Partition;
using model::v1::Table;
using privilege::Operation;

std::vector<std::string> ValuesOf(const Partition& partition) {
  return {partition.values().begin(), partition.values().end()};
}

// The time of the change, unless the message has one.
void FillDdlTime(const HiveCall& call, Partition* partition) {
  const std::string* said = FindParameter(partition->parameters(), kDdlTime);
  if (said != nullptr && *said != "0") return;
  SetParameter(kDdlTime, StrCat(call.NowSeconds()), partition->mutable_parameters());
}

// Gathers anew what can be learned of the partition's files; whether there was anything.
absl::StatusOr<bool> Gather(HiveCall& call, const Partition& before, const HiveContext& context, Partition* next) {
  const bool computed = context.statistics_from == "TASK" || context.statistics_from == "USER";
  if (!call.gathers(context) || (!computed && !NeedsStatistics(before, *next, context))) return false;
  const std::string& own = next->storage_descriptor().location();
  ASSIGN_OR_RETURN(const auto content, call.Measure(own.empty() ? before.storage_descriptor().location() : own));
  if (content) SetFileStatistics(*content, context, next->mutable_parameters());
  return content.has_value();
}

absl::Status AlterAll(HiveCall& call, const TableName& name, const std::vector<Partition>& next,
                      const HiveContext& context) {
  std::vector<absl::StatusOr<Partition>> before;
  for (const Partition& partition : next) before.push_back(call.quiet().GetPartition(name, ValuesOf(partition)));
  RETURN_IF_ERROR(call.session().AlterPartitions(name, next));
  std::vector<Partition> known;
  for (std::size_t i = 0; i < next.size(); ++i) {
    RETURN_IF_ERROR(before[i].status());
    Partition partition = next[i];
    ASSIGN_OR_RETURN(const bool gathered, Gather(call, *before[i], context, &partition));
    if (gathered) known.push_back(std::move(partition));
  }
  return known.empty() ? absl::OkStatus() : call.quiet().AlterPartitions(name, known);
}

// Whether the message changes anything but the values, the place and what the server fills in.
bool ChangesMore(const Partition& before, Partition next) {
  *next.mutable_values() = before.values();
  next.set_catalog(before.catalog());
  next.set_database(before.database());
  next.set_table(before.table());
  next.set_create_time(before.create_time());
  if (!next.has_storage_descriptor()) *next.mutable_storage_descriptor() = before.storage_descriptor();
  next.mutable_storage_descriptor()->set_location(before.storage_descriptor().location());
  Partition old = before;
  old.mutable_parameters()->erase(std::string(kDdlTime));
  next.mutable_parameters()->erase(std::string(kDdlTime));
  return !session::SameMessage(old, next);
}

// Where a renamed partition lies from now on: a managed one in its default place, and its folder moves there.
absl::StatusOr<std::string> MoveRenamed(HiveCall& call, const Table& table, const Partition& renamed) {
  const std::string& old = renamed.storage_descriptor().location();
  const std::string moved = DefaultPlaceOf(table, renamed);
  if (IsExternal(table) || old.empty() || moved.empty() || base::PathWithin(old, moved)) return old;
  if (!call.warehouse().Handles(old) || !call.warehouse().Handles(moved)) return old;
  const absl::Status done = call.MoveFolder(old, moved);
  if (absl::IsAlreadyExists(done)) {
    return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kFolder, moved,
                     StrCat("New location for this partition already exists : ", moved));
  }
  RETURN_IF_ERROR(done);
  return moved;
}

absl::Status Rename(HiveCall& call, const TableName& name, std::span<const std::string> values,
                    const Partition& partition, const HiveContext& context) {
  const auto table = call.quiet().GetTable(name);
  const auto before = table.ok() ? call.quiet().GetPartition(name, values) : table.status();
  const std::vector<std::string> new_values = ValuesOf(partition);
  if (std::ranges::equal(values, new_values)) {
    Partition same = partition;
    FillDdlTime(call, &same);
    return AlterAll(call, name, {same}, context);
  }
  std::string location;
  RETURN_IF_ERROR(session::RenamePartitionTo(call.session(), name, values, new_values,
                                             [&](const Partition& renamed) -> absl::StatusOr<std::string> {
                                               RETURN_IF_ERROR(table.status());
                                               ASSIGN_OR_RETURN(location, MoveRenamed(call, *table, renamed));
                                               return location;
                                             }));
  RETURN_IF_ERROR(before.status());
  Partition next = partition;
  if (!next.has_storage_descriptor()) *next.mutable_storage_descriptor() = before->storage_descriptor();
  if (next.parameters().empty()) *next.mutable_parameters() = before->parameters();
  next.mutable_storage_descriptor()->set_location(location);
  FillDdlTime(call, &next);
  if (ChangesMore(*before, next)) {
    Session checked = session::WithoutEvents(call.session());
    RETURN_IF_ERROR(checked.AlterPartitions(name, {&next, 1}));
  }
  RETURN_IF_ERROR(Gather(call, *before, context, &next).status());
  return call.quiet().AlterPartitions(name, {&next, 1});
}

bool SameColumns(const google::protobuf::RepeatedPtrField<model::v1::Column>& a,
                 const google::protobuf::RepeatedPtrField<model::v1::Column>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& other) {
    return one.name() == other.name() && base::EqualsIgnoreCase(one.type(), other.type());
  });
}

// One value per key of the table; empty: any.
absl::StatusOr<std::vector<std::string>> PartialValues(const Table& table,
                                                       const std::map<std::string, std::string>& specification) {
  std::vector<std::string> values(static_cast<std::size_t>(table.partition_keys_size()));
  const std::string name = table.database() + "." + table.name();
  const auto refuse = [&](std::string_view why) {
    return MakeError(ErrorKind::kInvalidObject, ObjectKind::kPartition, name,
                     StrCat("partitions of table ", name, " can't be exchanged: ", why));
  };
  bool any = false;
  for (const auto& [key, value] : specification) {
    const auto& keys = table.partition_keys();
    const auto found =
        std::ranges::find_if(keys, [&](const auto& one) { return base::EqualsIgnoreCase(one.name(), key); });
    if (found == keys.end()) return refuse(StrCat(base::Quoted(key), " is no partition key"));
    values[static_cast<std::size_t>(found - keys.begin())] = value;
    any |= !value.empty();
  }
  if (!any) return refuse("no key has a value");
  return values;
}

// What an exchange is about.
struct ToExchange {
  Table source;
  Table target;
  std::vector<Partition> partitions;
};
absl::StatusOr<ToExchange> FindToExchange(HiveCall& call, const TableName& from, const TableName& to,
                                          const std::map<std::string, std::string>& specification) {
  ToExchange found;
  ASSIGN_OR_RETURN(found.source, call.quiet().GetTable(from));
  ASSIGN_OR_RETURN(found.target, call.quiet().GetTable(to));
  if (!SameColumns(found.source.storage_descriptor().columns(), found.target.storage_descriptor().columns()) ||
      !SameColumns(found.source.partition_keys(), found.target.partition_keys())) {
    return MakeError(ErrorKind::kInvalidObject, ObjectKind::kTable, to.ToString(),
                     "The tables have different schemas. Their partitions cannot be exchanged.");
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> partial, PartialValues(found.source, specification));
  auto cursor = call.quiet().ListPartitionsByValues(from, partial, {.projection = Projection::All()});
  while (cursor.Next()) {
    for (std::size_t row = 0; row < cursor.batch().size(); ++row) {
      cursor.batch().ToPartition(row, &found.partitions.emplace_back());
    }
  }
  RETURN_IF_ERROR(cursor.status());
  if (!found.partitions.empty()) return found;
  const google::protobuf::RepeatedPtrField<std::string> values(partial.begin(), partial.end());
  return MakeError(
      ErrorKind::kNoSuchObject, ObjectKind::kPartition, from.ToString(),
      StrCat("No partition is found with the values ", InBrackets(values), " for the table ", from.ToString()));
}

absl::Status Exchange(HiveCall& call, const TableName& from, const TableName& to,
                      const std::map<std::string, std::string>& specification, std::vector<Partition>* exchanged) {
  // What is wrong is told to those alone who may do it.
  const auto refuse = [&](absl::Status why) -> absl::Status {
    RETURN_IF_ERROR(call.Authorize(Operation::kDropPartitions, from));
    RETURN_IF_ERROR(call.Authorize(Operation::kAddPartitions, to));
    return why;
  };
  auto found = FindToExchange(call, from, to, specification);
  if (!found.ok()) return refuse(found.status());
  const auto& [source, target, before] = *found;
  std::vector<std::string> names;
  exchanged->clear();
  for (const Partition& partition : before) {
    names.push_back(NameOfPartition(source, partition));
    std::string location = DefaultPlaceOf(target, partition);
    const std::string& old = partition.storage_descriptor().location();
    // What nobody moves stays where it is.
    if (location.empty() || !call.warehouse().Handles(old) || !call.warehouse().Handles(location)) location = old;
    exchanged->push_back(AsStored(target, partition, location));
  }
  RETURN_IF_ERROR(call.session().DropPartitions(from, names).status());
  RETURN_IF_ERROR(call.session().AddPartitions(to, *exchanged).status());
  for (std::size_t i = 0; i < before.size(); ++i) {
    const std::string& old = before[i].storage_descriptor().location();
    const std::string& moved = (*exchanged)[i].storage_descriptor().location();
    if (old.empty() || base::PathWithin(old, moved)) continue;
    RETURN_IF_ERROR(call.MoveFolder(old, moved));
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace warehouse

using namespace warehouse;  // NOLINT: the calls below are made of what the namespace offers

absl::Status HiveSession::AlterPartitions(const TableName& table, std::span<const Partition> partitions,
                                          const HiveContext& context) {
  HiveCall call(session_, options_);
  std::vector<Partition> next(partitions.begin(), partitions.end());
  for (Partition& partition : next) FillDdlTime(call, &partition);
  return call.Run([&] { return AlterAll(call, table, next, context); });
}

absl::Status HiveSession::RenamePartition(const TableName& table, std::span<const std::string> values,
                                          const Partition& partition, const HiveContext& context) {
  HiveCall call(session_, options_);
  return call.Run([&] { return Rename(call, table, values, partition, context); });
}

absl::StatusOr<std::vector<Partition>> HiveSession::ExchangePartitions(
    const TableName& from, const TableName& to, const std::map<std::string, std::string>& specification) {
  HiveCall call(session_, options_);
  std::vector<Partition> exchanged;
  RETURN_IF_ERROR(call.Run([&] { return Exchange(call, from, to, specification, &exchanged); }));
  return exchanged;
}

}  // namespace lodestone
