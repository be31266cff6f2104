#include "catalog/transaction/lock_table.h"

#include <algorithm>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/record/format.h"
#include "catalog/record/keys.h"
#include "catalog/record/transaction_keys.h"

namespace lodestone::transaction {

namespace {

using record::v1::LockComponents;
using record::v1::LockRecord;

LockType TypeOf(int number) { return static_cast<LockType>(std::clamp(number, 1, kLockTypes)); }
Level LevelOf(std::string_view table) { return table.empty() ? Level::kDatabase : Level::kBelow; }

}  // namespace

absl::Status LockTable::Sync(const store::Reader& reader, uint64_t change) {
  if (loaded_ && change_ == change) return absl::OkStatus();
  loaded_ = false;
  locks_.clear();
  by_transaction_.clear();
  by_database_.clear();
  const store::CursorHint hint{.long_scan = true, .fill_cache = false};
  // Both kinds of record are sorted by lock.
  const auto records = reader.NewCursor(record::Locks(), hint);
  const auto components = reader.NewCursor(record::AllLockComponents(), hint);
  components->SeekToFirst();
  for (records->SeekToFirst(); records->Valid(); records->Next()) {
    const int64_t lock = record::NumberInKey(records->key());
    LockRecord record;
    RETURN_IF_ERROR(record::DecodeRecord(records->value(), record::Describe(records->key()), &record));
    while (components->Valid() && record::NumberInKey(components->key()) < lock) components->Next();
    RETURN_IF_ERROR(components->status());
    LockComponents on;
    if (!components->Valid() || record::NumberInKey(components->key()) != lock) {
      return absl::DataLossError(record::Describe(records->key()) + ": its components are not there");
    }
    RETURN_IF_ERROR(record::DecodeRecord(components->value(), record::Describe(components->key()), &on));
    Add(lock, record.transaction(), std::move(on));
  }
  RETURN_IF_ERROR(records->status());
  loaded_ = true;
  change_ = change;
  newest_ = std::max(newest_, change);
  return absl::OkStatus();
}

uint64_t LockTable::BeginChange() { return change_ = ++newest_; }

void LockTable::Put(const Entry& entry, const Component& component) {
  ByTable& tables = by_database_[{component.catalog(), component.database()}];
  ByType& place = tables[component.table()][component.partition()];
  place[static_cast<int>(TypeOf(component.type())) - 1].insert(entry);
}

void LockTable::Take(const Entry& entry, const Component& component) {
  const auto database = by_database_.find({component.catalog(), component.database()});
  if (database == by_database_.end()) return;
  const auto table = database->second.find(component.table());
  if (table == database->second.end()) return;
  const auto place = table->second.find(component.partition());
  if (place == table->second.end()) return;
  place->second[static_cast<int>(TypeOf(component.type())) - 1].erase(entry);
  if (!std::ranges::all_of(place->second, [](const auto& entries) { return entries.empty(); })) return;
  table->second.erase(place);
  if (!table->second.empty()) return;
  database->second.erase(table);
  if (database->second.empty()) by_database_.erase(database);
}

void LockTable::Add(int64_t lock, int64_t transaction, LockComponents components) {
  int32_t number = 0;
  for (const Component& component : components.components()) Put({lock, ++number, transaction}, component);
  if (transaction != 0) by_transaction_[transaction].insert(lock);
  locks_[lock] = Held{.transaction = transaction, .components = std::move(components)};
}

void LockTable::Remove(int64_t lock) {
  const auto found = locks_.find(lock);
  if (found == locks_.end()) return;
  const int64_t transaction = found->second.transaction;
  int32_t number = 0;
  for (const Component& component : found->second.components.components()) {
    Take({lock, ++number, transaction}, component);
  }
  locks_.erase(found);
  const auto of = by_transaction_.find(transaction);
  if (of == by_transaction_.end()) return;
  of->second.erase(lock);
  if (of->second.empty()) by_transaction_.erase(of);
}

const LockComponents* LockTable::Find(int64_t lock) const {
  const auto found = locks_.find(lock);
  return found == locks_.end() ? nullptr : &found->second.components;
}

std::vector<int64_t> LockTable::LocksOf(int64_t transaction) const {
  const auto found = by_transaction_.find(transaction);
  if (found == by_transaction_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

void LockTable::VisitInTheWay(const Component& component, int64_t lock, int64_t transaction,
                              absl::FunctionRef<bool(const Entry&)> visit) const {
  const auto database = by_database_.find({component.catalog(), component.database()});
  if (database == by_database_.end()) return;
  const LockType asked = TypeOf(component.type());
  const Level asked_on = LevelOf(component.table());
  // Each returns false when the visit is over.
  const auto visit_place = [&](const ByType& place, Level held_on) {
    for (int type = 1; type <= kLockTypes; ++type) {
      if (!IsInTheWay(static_cast<LockType>(type), held_on, asked, asked_on)) continue;
      for (const Entry& entry : place[type - 1]) {
        if (entry.lock >= lock) break;
        if (transaction != 0 && entry.transaction == transaction) continue;
        if (!visit(entry)) return false;
      }
    }
    return true;
  };
  const auto visit_table = [&](std::string_view table, const ByPartition& partitions) {
    const Level held_on = LevelOf(table);
    if (component.partition().empty()) {
      return std::ranges::all_of(partitions, [&](const auto& place) { return visit_place(place.second, held_on); });
    }
    for (const std::string_view partition : {std::string_view(), std::string_view(component.partition())}) {
      const auto place = partitions.find(partition);
      if (place != partitions.end() && !visit_place(place->second, held_on)) return false;
    }
    return true;
  };
  const ByTable& tables = database->second;
  if (component.table().empty()) {
    bool below = false;  // whether anything in the database can be in the way
    for (int type = 1; type <= kLockTypes; ++type) {
      below = below || IsInTheWay(static_cast<LockType>(type), Level::kBelow, asked, asked_on);
    }
    for (const auto& [table, partitions] : tables) {
      if (!table.empty() && !below) return;  // "" comes first
      if (!visit_table(table, partitions)) return;
    }
    return;
  }
  for (const std::string_view name : {std::string_view(), std::string_view(component.table())}) {
    const auto table = tables.find(name);
    if (table != tables.end() && !visit_table(table->first, table->second)) return;
  }
}

}  // namespace lodestone::transaction
