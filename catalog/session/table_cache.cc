#include "catalog/session/table_cache.h"

#include <algorithm>
#include <utility>

#include "catalog/record/keys.h"
#include "catalog/session/context.h"

namespace lodestone::session {

namespace {

bool SameSet(const record::v1::PartitionSet& a, const record::v1::PartitionSet& b) {
  return a.set_id() == b.set_id() && a.partitions() == b.partitions() && a.next_descriptor() == b.next_descriptor() &&
         a.change() == b.change();
}

std::string CacheKey(std::string_view catalog, const TableName& name) {
  std::string key;
  key.reserve(catalog.size() + name.database.size() + name.table.size() + 2);
  key.append(catalog).push_back('\0');
  key.append(name.database).push_back('\0');
  key.append(name.table);
  return key;
}

absl::StatusOr<uint64_t> DefinitionsVersion(const store::Reader& reader) {
  ASSIGN_OR_RETURN(const auto sequence, ReadRecord<record::v1::Sequence>(reader, record::ObjectSequenceKey()));
  return sequence ? sequence->definitions_version() : 0;
}

}  // namespace

void TableCache::Span::Extend(store::Version v) {
  first = std::min(first, v);
  last = std::max(last, v);
}

TableCache::EntryPtr TableCache::Lookup(std::string_view key) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : found->second;
}

void TableCache::Store(std::string_view key, Entry entry) {
  auto made = std::make_shared<const Entry>(std::move(entry));
  absl::MutexLock lock(&mutex_);
  if (entries_.size() >= kMaxEntries && !entries_.contains(key)) entries_.clear();
  entries_[std::string(key)] = std::move(made);
}

absl::StatusOr<TableCache::Entry> TableCache::Resolve(const store::Reader& reader, uint64_t definitions,
                                                      std::string_view catalog, const TableName& name,
                                                      const Entry* old) const {
  const store::Version version = reader.version();
  ASSIGN_OR_RETURN(const TableLocator located, LocateTable(reader, catalog, name));
  const std::string key = record::TableKey(located.id);
  ASSIGN_OR_RETURN(std::optional<std::string> bytes, reader.Get(key));
  if (!bytes) return MissingRecord(key);
  Entry entry{.definitions = definitions, .names = {version, version}, .set = {version, version}};
  const bool same = old != nullptr && old->table->table == located.id && old->table->name == located.name &&
                    old->table->catalog == catalog && *old->record == *bytes;
  if (same) {
    entry.record = old->record;
    entry.table = old->table;
  } else {
    record::v1::TableRecord table;
    RETURN_IF_ERROR(DecodeAt(key, *bytes, &table));
    ASSIGN_OR_RETURN(auto made, MakePartitions(catalog, located.id, located.name, table.table()));
    entry.record = std::make_shared<const std::string>(*std::move(bytes));
    entry.table = std::make_shared<const partition::TablePartitions>(std::move(made));
  }
  return entry;
}

absl::StatusOr<TableCache::TablePtr> TableCache::Find(const store::Reader& reader, bool committed,
                                                      std::string_view catalog, const TableName& name) {
  const std::string key = CacheKey(catalog, name);
  const EntryPtr known = Lookup(key);
  const store::Version version = reader.version();
  const bool names_known = committed && known != nullptr && known->names.Has(version);
  if (names_known && known->set.Has(version)) return known->table;

  Entry entry;
  if (names_known) {
    entry = *known;
  } else {
    ASSIGN_OR_RETURN(const uint64_t definitions, DefinitionsVersion(reader));
    if (known != nullptr && known->definitions == definitions) {
      entry = *known;
      entry.names.Extend(version);
    } else {
      ASSIGN_OR_RETURN(entry, Resolve(reader, definitions, catalog, name, known.get()));
      if (!committed && definitions <= version) {
        Entry name_alone = entry;
        name_alone.set = {};
        Store(key, std::move(name_alone));
      }
    }
  }
  ASSIGN_OR_RETURN(const record::v1::PartitionSet set, ReadPartitionSet(reader, entry.table->table));
  if (SameSet(set, entry.table->set)) {
    entry.set.Extend(version);
  } else {
    auto changed = std::make_shared<partition::TablePartitions>(*entry.table);
    changed->set = set;
    entry.table = std::move(changed);
    entry.set = {version, version};
  }
  TablePtr table = entry.table;
  if (committed) Store(key, std::move(entry));
  return table;
}

}  // namespace lodestone::session
