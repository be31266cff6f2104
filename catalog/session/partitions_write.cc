// Adding, changing and dropping partitions. Each call reads and writes every page that it touches once.
#include <algorithm>
#include <utility>

#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/model/partition_name.h"
#include "catalog/partition/editor.h"
#include "catalog/partition/name_renderer.h"
#include "catalog/partition/reader.h"
#include "catalog/record/keys.h"
#include "catalog/session/call.h"
#include "catalog/session/grants_follow.h"
#include "catalog/session/objects.h"
#include "catalog/session/partition_places.h"
#include "catalog/session/partition_rows.h"

namespace lodestone {

using base::StrCat;
using model::v1::Event;
using model::v1::Partition;
using partition::Edit;
using partition::EditKind;
using partition::TablePartitions;

namespace session {

namespace {

constexpr std::size_t kMaxNamesInEvent = 1'000;

absl::StatusOr<TablePartitions> FindForWrite(const Session::Impl& session, const store::Transaction& txn,
                                             const TableName& name) {
  ASSIGN_OR_RETURN(const auto found, session.metastore->tables().Find(txn, false, session.catalog, name));
  return *found;
}

Event MakePartitionEvent(Event::Kind kind, const TablePartitions& table, int64_t count,
                         std::span<const std::string_view> keys) {
  Event event = MakeEvent(kind, table.name.database, table.name.table, table.table.value);
  event.set_count(count);
  if (keys.size() > kMaxNamesInEvent) return event;
  const std::vector<std::string> prefixes = partition::NamePrefixes(table.key_names);
  event.mutable_partitions()->Reserve(static_cast<int>(keys.size()));
  for (const std::string_view key : keys) AppendNameOfKey(prefixes, key, event.add_partitions());
  return event;
}

std::vector<std::string_view> KeysOf(std::span<const Edit> edits) {
  std::vector<std::string_view> keys;
  keys.reserve(edits.size());
  for (const Edit& edit : edits) keys.push_back(edit.row.key);
  return keys;
}

// Drops the partitions with these keys, each once, and says so. Returns how many there were.
absl::StatusOr<int64_t> DropKeys(const Session::Impl& session, store::Transaction& txn, TablePartitions* table,
                                 std::vector<std::string> keys, IfMissing if_missing) {
  std::ranges::sort(keys);
  keys.erase(std::ranges::unique(keys).begin(), keys.end());
  const std::vector<std::string_view> wanted(keys.begin(), keys.end());
  ASSIGN_OR_RETURN(const std::vector<bool> exist, partition::PartitionsExist(txn, *table, wanted));
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!exist[i] && if_missing == IfMissing::kFail) return NoSuchPartition(*table, wanted[i]);
    if (!exist[i]) continue;
    edits.emplace_back().kind = EditKind::kDelete;
    edits.back().row.key = wanted[i];
  }
  if (edits.empty()) return 0;
  ASSIGN_OR_RETURN(const partition::EditCounts counts, partition::ApplyEdits(&txn, table, edits, {}));
  RETURN_IF_ERROR(EndStalePartitionGrants(txn, *table));
  RETURN_IF_ERROR(
      AppendEvent(session, txn, MakePartitionEvent(Event::DROP_PARTITIONS, *table, counts.deleted, KeysOf(edits))));
  return counts.deleted;
}

std::vector<std::string> KeysOfMessages(std::span<const Partition> partitions) {
  std::vector<std::string> keys;
  for (const Partition& partition : partitions) {
    const std::vector<std::string> values(partition.values().begin(), partition.values().end());
    keys.push_back(model::EncodePartitionKey(std::span<const std::string>(values)));
  }
  return keys;
}

absl::Status CheckAll(std::span<const Partition> partitions, RowBuilder* rows) {
  rows->Reserve(partitions.size());
  for (const Partition& partition : partitions) RETURN_IF_ERROR(rows->Check(partition));
  return rows->SortAndCheckUnique();
}

// The statistics of one partition by column, as they are stored. To be read before the partition goes: they go with it.
using StoredStatistics = std::vector<std::pair<std::string, std::string>>;
absl::StatusOr<StoredStatistics> ReadStatistics(const store::Reader& reader, const TablePartitions& table,
                                                std::string_view key) {
  const store::KeyRange range = record::PartitionStatistics(record::SetId{table.set.set_id()}, key);
  StoredStatistics found;
  RETURN_IF_ERROR(ForEach(reader, range, [&](std::string_view at, std::string_view value) {
    found.emplace_back(at.substr(range.lower.size()), value);
    return absl::OkStatus();
  }));
  return found;
}

// The keys of what passes, and no more of them than tell that an event does not list them.
absl::StatusOr<std::vector<std::string>> MatchingKeys(const store::Reader& reader, const TablePartitions& table,
                                                      const filter::Filter* filter) {
  std::vector<std::string> keys;
  const absl::Status enough = absl::CancelledError();
  const absl::Status walked = partition::ForEachKey(reader, table, filter, [&](std::string_view key) {
    keys.emplace_back(key);
    return keys.size() > kMaxNamesInEvent ? enough : absl::OkStatus();
  });
  if (!walked.ok() && walked != enough) return walked;
  return keys;
}

// What AddPartitions does with the rows that exist, where that has to be known before anything is written: to leave
// them out of the event, or since a failure inside of a larger transaction has to leave that unchanged.
absl::StatusOr<std::vector<bool>> FindExisting(const store::Reader& reader, const TablePartitions& table,
                                               const RowBuilder& rows) {
  std::vector<std::string_view> keys;
  keys.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) keys.push_back(rows.key(i));
  return partition::PartitionsExist(reader, table, keys);
}

}  // namespace
}  // namespace session

using namespace session;  // NOLINT: the calls below are made of what the namespace offers

absl::StatusOr<AddResult> Session::AddPartitions(const TableName& table, std::span<const Partition> partitions,
                                                 const AddOptions& options) {
  AddResult result;
  const bool inside = impl_->txn != nullptr;
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    if (options.if_exists == IfExists::kReplace) {
      RETURN_IF_ERROR(call.Check(txn, Operation::kReplacePartitions, Securable::Table(table)));
    }

    result = {};
    ASSIGN_OR_RETURN(TablePartitions found, FindForWrite(*impl_, txn, table));
    RowBuilder rows(&txn, &found);
    RETURN_IF_ERROR(CheckAll(partitions, &rows));
    std::vector<bool> exists;
    if (options.if_exists == IfExists::kSkip || (inside && options.if_exists == IfExists::kFail)) {
      ASSIGN_OR_RETURN(exists, FindExisting(txn, found, rows));
      const auto first = std::ranges::find(exists, true);
      if (options.if_exists == IfExists::kFail && first != exists.end()) {
        return PartitionExistsAlready(found, rows.key(static_cast<std::size_t>(first - exists.begin())));
      }
    }
    const int64_t now = impl_->metastore->NowSeconds();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!exists.empty() && exists[i]) {
        ++result.skipped;
        continue;
      }
      const Partition& message = rows.message(i);
      RETURN_IF_ERROR(
          rows.AddEdit(EditKind::kInsert, i, message.storage_descriptor().location(), message.create_time(), now));
    }
    if (rows.edits().empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const partition::EditCounts counts,
                     partition::ApplyEdits(&txn, &found, rows.edits(), {.if_exists = options.if_exists}));
    result.added = counts.inserted;
    result.replaced = counts.replaced;
    result.skipped += counts.skipped;
    return AppendEvent(
        *impl_, txn,
        MakePartitionEvent(Event::ADD_PARTITIONS, found, result.added + result.replaced, KeysOf(rows.edits())));
  };
  RETURN_IF_ERROR(Write(
      *impl_, Operation::kAddPartitions, [&] { return Securable::Table(table); }, body));
  return result;
}

absl::Status Session::AlterPartitions(const TableName& table, std::span<const Partition> partitions) {
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    RETURN_IF_ERROR(call.CheckPartitions(txn, [&] { return KeysOfMessages(partitions); }));

    ASSIGN_OR_RETURN(TablePartitions found, FindForWrite(*impl_, txn, table));
    RowBuilder rows(&txn, &found);
    RETURN_IF_ERROR(CheckAll(partitions, &rows));
    if (rows.size() == 0) return absl::OkStatus();
    // All are looked up before the first change.
    std::vector<Partition> present;
    present.reserve(rows.size());
    const Projection projection{.times = true, .location = true};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ASSIGN_OR_RETURN(auto one, partition::GetPartition(txn, found, rows.key(i), projection));
      if (!one) return NoSuchPartition(found, rows.key(i));
      present.push_back(*std::move(one));
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::string& location = rows.message(i).storage_descriptor().location();
      RETURN_IF_ERROR(rows.AddEdit(EditKind::kReplace, i,
                                   location.empty() ? present[i].storage_descriptor().location() : location,
                                   present[i].create_time(), 0));
    }
    ASSIGN_OR_RETURN(const partition::EditCounts counts, partition::ApplyEdits(&txn, &found, rows.edits(), {}));
    return AppendEvent(*impl_, txn,
                       MakePartitionEvent(Event::ALTER_PARTITIONS, found, counts.replaced, KeysOf(rows.edits())));
  };
  return Write(
      *impl_, Operation::kAlterPartitions, [&] { return Securable::Table(table); }, body, Ask::kInBody);
}

absl::Status Session::RenamePartition(const TableName& table, std::span<const std::string> values,
                                      std::span<const std::string> new_values) {
  return RenamePartitionTo(*this, table, values, new_values,
                           [](const Partition& before) { return before.storage_descriptor().location(); });
}

absl::Status session::RenamePartitionTo(const Session& session, const TableName& table,
                                        std::span<const std::string> values, std::span<const std::string> new_values,
                                        absl::FunctionRef<absl::StatusOr<std::string>(const Partition&)> place) {
  const Session::Impl& impl = *session.impl();
  const auto body = [&](store::Transaction& txn, Call&) -> absl::Status {
    ASSIGN_OR_RETURN(TablePartitions found, FindForWrite(impl, txn, table));
    ASSIGN_OR_RETURN(const std::string from, PartitionKeyOf(found, values));
    ASSIGN_OR_RETURN(auto present, partition::GetPartition(txn, found, from, Projection::All()));
    if (!present) return NoSuchPartition(found, from);
    Partition renamed = *std::move(present);
    renamed.mutable_values()->Assign(new_values.begin(), new_values.end());
    RowBuilder rows(&txn, &found);
    RETURN_IF_ERROR(rows.Check(renamed));
    const std::string to(rows.key(0));
    if (to == from) return absl::OkStatus();
    ASSIGN_OR_RETURN(const bool taken, partition::PartitionExists(txn, found, to));
    if (taken) return PartitionExistsAlready(found, to);
    ASSIGN_OR_RETURN(const std::string location, place(renamed));
    RETURN_IF_ERROR(rows.AddEdit(EditKind::kInsert, 0, location, renamed.create_time(), impl.metastore->NowSeconds()));
    Edit& gone = rows.edits().emplace_back();
    gone.kind = EditKind::kDelete;
    gone.row.key = from;
    if (from < to) std::swap(rows.edits()[0], rows.edits()[1]);
    ASSIGN_OR_RETURN(const StoredStatistics statistics, ReadStatistics(txn, found, from));
    RETURN_IF_ERROR(partition::ApplyEdits(&txn, &found, rows.edits(), {}).status());
    for (const auto& [column, value] : statistics) {
      txn.Put(record::PartitionStatisticsKey(record::SetId{found.set.set_id()}, to, column), value);
    }
    RETURN_IF_ERROR(MovePartitionGrants(txn, found, from, to));
    const std::string_view names[] = {from, to};
    return AppendEvent(impl, txn, MakePartitionEvent(Event::ALTER_PARTITIONS, found, 1, names));
  };
  return Write(
      impl, Operation::kRenamePartition, [&] { return PartitionOf(table, values); }, body);
}

absl::StatusOr<int64_t> Session::DropPartitions(const TableName& table, std::span<const std::string> names,
                                                IfMissing if_missing) {
  int64_t dropped = 0;
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    RETURN_IF_ERROR(call.CheckPartitions(txn, [&] { return KeysInNames(names); }));

    ASSIGN_OR_RETURN(TablePartitions found, FindForWrite(*impl_, txn, table));
    std::vector<std::string> keys;
    for (const std::string& name : names) {
      ASSIGN_OR_RETURN(std::string key, PartitionKeyOfName(found, name));
      keys.push_back(std::move(key));
    }
    ASSIGN_OR_RETURN(dropped, DropKeys(*impl_, txn, &found, std::move(keys), if_missing));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(Write(
      *impl_, Operation::kDropPartitions, [&] { return Securable::Table(table); }, body, Ask::kInBody));
  return dropped;
}

absl::Status Session::DropPartition(const TableName& table, std::span<const std::string> values) {
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    RETURN_IF_ERROR(call.CheckPartitions(txn, [&] { return std::vector{model::EncodePartitionKey(values)}; }));

    ASSIGN_OR_RETURN(TablePartitions found, FindForWrite(*impl_, txn, table));
    ASSIGN_OR_RETURN(std::string key, PartitionKeyOf(found, values));
    return DropKeys(*impl_, txn, &found, {std::move(key)}, IfMissing::kFail).status();
  };
  return Write(
      *impl_, Operation::kDropPartitions, [&] { return Securable::Table(table); }, body, Ask::kInBody);
}

absl::StatusOr<int64_t> Session::DropPartitionsByFilter(const TableName& table, std::string_view filter,
                                                        FilterMode mode) {
  int64_t dropped = 0;
  const auto body = [&](store::Transaction& txn, Call&) -> absl::Status {
    dropped = 0;
    ASSIGN_OR_RETURN(TablePartitions found, FindForWrite(*impl_, txn, table));
    if (base::TrimWhitespace(filter).empty()) {
      return MakeError(ErrorKind::kInvalidFilter, ObjectKind::kFilter, found.name.ToString(),
                       StrCat("an empty filter would drop all partitions of table ", found.name.ToString(),
                              ": truncate them instead"));
    }
    ASSIGN_OR_RETURN(const auto compiled, filter::Filter::Compile(filter, mode, found.keys));
    ASSIGN_OR_RETURN(const auto keys, MatchingKeys(txn, found, compiled.get()));
    if (keys.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(dropped, partition::DeleteMatching(&txn, &found, *compiled));
    RETURN_IF_ERROR(EndStalePartitionGrants(txn, found));
    const std::vector<std::string_view> gone(keys.begin(), keys.end());
    return AppendEvent(*impl_, txn, MakePartitionEvent(Event::DROP_PARTITIONS, found, dropped, gone));
  };
  RETURN_IF_ERROR(Write(
      *impl_, Operation::kDropPartitions, [&] { return Securable::Table(table); }, body));
  return dropped;
}

absl::Status Session::TruncatePartitions(const TableName& table) {
  const auto body = [&](store::Transaction& txn, Call&) -> absl::Status {
    ASSIGN_OR_RETURN(TablePartitions found, FindForWrite(*impl_, txn, table));
    record::v1::PartitionSet set = found.set;
    if (set.partitions() == 0) return absl::OkStatus();
    std::vector<std::string> keys;
    if (set.partitions() <= static_cast<int64_t>(kMaxNamesInEvent)) {
      ASSIGN_OR_RETURN(keys, MatchingKeys(txn, found, nullptr));
    }
    const std::vector<std::string_view> gone(keys.begin(), keys.end());
    Event event = MakePartitionEvent(Event::DROP_PARTITIONS, found, set.partitions(), gone);
    ASSIGN_OR_RETURN(const uint64_t next, NextId(txn));
    txn.DeleteRange(record::PartitionParts(record::SetId{set.set_id()}));
    set.set_set_id(next);
    set.set_partitions(0);
    set.set_pages(0);
    set.set_change(set.change() + 1);
    partition::SetAllDerived(true, &set);
    PutRecord(txn, record::PartitionSetKey(found.table), set);
    found.set = set;
    RETURN_IF_ERROR(EndStalePartitionGrants(txn, found));
    return AppendEvent(*impl_, txn, std::move(event));
  };
  return Write(
      *impl_, Operation::kTruncatePartitions, [&] { return Securable::Table(table); }, body);
}

}  // namespace lodestone
