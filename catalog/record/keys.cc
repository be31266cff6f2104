#include "catalog/record/keys.h"

#include <algorithm>

#include "catalog/base/coding.h"
#include "catalog/base/strings.h"

namespace lodestone::record {

namespace {

constexpr std::size_t kTagAndId = 9;   // tag, 8 bytes of id
constexpr std::size_t kPageHead = 10;  // ... and the part

// Keys are built on hot paths: one allocation each, of the exact size.
std::string Start(Tag tag, std::size_t more) {
  std::string key;
  key.reserve(1 + more);
  key += static_cast<char>(tag);
  return key;
}
std::string Prefix(Tag tag, uint64_t id, std::size_t more = 0) {
  std::string key = Start(tag, 8 + more);
  base::AppendBigEndian64(&key, id);
  return key;
}
std::string WithName(Tag tag, uint64_t id, std::string_view name) {
  std::string key = Prefix(tag, id, name.size());
  key += name;
  return key;
}
template <typename Part>
std::string WithPart(Tag tag, uint64_t id, Part part, std::string_view rest = {}) {
  std::string key = Prefix(tag, id, 1 + rest.size());
  key += static_cast<char>(part);
  key += rest;
  return key;
}
std::string MetaKey(MetaItem item) {
  std::string key = Start(Tag::kMeta, 1);
  key += static_cast<char>(item);
  return key;
}
store::KeyRange AllOf(Tag tag) { return store::PrefixRange(Start(tag, 0)); }

}  // namespace

std::string HeaderKey() { return MetaKey(MetaItem::kHeader); }
std::string ObjectSequenceKey() { return MetaKey(MetaItem::kObjectSequence); }
std::string EventLogStateKey() { return MetaKey(MetaItem::kEventLogState); }
std::string KeyFileCheckKey() { return MetaKey(MetaItem::kKeyFileCheck); }

std::string CatalogNameKey(std::string_view name) {
  std::string key = Start(Tag::kCatalogName, name.size());
  key += name;
  return key;
}
std::string DatabaseNameKey(CatalogId catalog, std::string_view name) {
  return WithName(Tag::kDatabaseName, catalog.value, name);
}
std::string TableNameKey(DatabaseId database, std::string_view name) {
  return WithName(Tag::kTableName, database.value, name);
}
std::string FunctionKey(DatabaseId database, std::string_view name) {
  return WithName(Tag::kFunction, database.value, name);
}
store::KeyRange CatalogNames() { return AllOf(Tag::kCatalogName); }
store::KeyRange DatabaseNames(CatalogId catalog) {
  return store::PrefixRange(Prefix(Tag::kDatabaseName, catalog.value));
}
store::KeyRange TableNames(DatabaseId database) { return store::PrefixRange(Prefix(Tag::kTableName, database.value)); }
store::KeyRange Functions(DatabaseId database) { return store::PrefixRange(Prefix(Tag::kFunction, database.value)); }
std::string_view NameInCatalogNameKey(std::string_view key) { return key.substr(std::min<std::size_t>(1, key.size())); }
std::string_view NameUnderParent(std::string_view key) { return key.substr(std::min(kTagAndId, key.size())); }

std::string DatabaseKey(DatabaseId id) { return Prefix(Tag::kDatabase, id.value); }
store::KeyRange AllDatabases() { return AllOf(Tag::kDatabase); }
std::string TableKey(TableId id) { return WithPart(Tag::kTable, id.value, TablePart::kRecord); }
std::string PartitionSetKey(TableId id) { return WithPart(Tag::kTable, id.value, TablePart::kPartitionSet); }
std::string DescriptorKey(TableId id, uint32_t number) {
  std::string key = WithPart(Tag::kTable, id.value, TablePart::kDescriptor);
  base::AppendBigEndian32(&key, number);
  return key;
}
std::string DescriptorHashKey(TableId id, uint64_t fingerprint) {
  std::string key = WithPart(Tag::kTable, id.value, TablePart::kDescriptorHash);
  base::AppendBigEndian64(&key, fingerprint);
  return key;
}
std::string TableStatisticsKey(TableId id, std::string_view column) {
  return WithPart(Tag::kTable, id.value, TablePart::kStatistics, column);
}
std::string ConstraintKey(TableId id, std::string_view name) {
  return WithPart(Tag::kTable, id.value, TablePart::kConstraint, name);
}
store::KeyRange TableParts(TableId id) { return store::PrefixRange(Prefix(Tag::kTable, id.value)); }
store::KeyRange TableParts(TableId id, TablePart part) {
  return store::PrefixRange(WithPart(Tag::kTable, id.value, part));
}
std::string ReferenceKey(TableId parent, TableId child) {
  std::string key = Prefix(Tag::kReference, parent.value, 8);
  base::AppendBigEndian64(&key, child.value);
  return key;
}
store::KeyRange References(TableId parent) { return store::PrefixRange(Prefix(Tag::kReference, parent.value)); }

std::string KeyPageKey(SetId set, std::string_view lowest) {
  return WithPart(Tag::kPartition, set.value, PartitionPart::kKeyPage, lowest);
}
std::string ValuePageKey(SetId set, std::string_view lowest) {
  return WithPart(Tag::kPartition, set.value, PartitionPart::kValuePage, lowest);
}
std::string PartitionStatisticsKey(SetId set, std::string_view partition_key, std::string_view column) {
  std::string key = WithPart(Tag::kPartition, set.value, PartitionPart::kStatistics, partition_key);
  key += '\0';
  key += column;
  return key;
}
store::KeyRange PartitionStatistics(SetId set, std::string_view partition_key) {
  return store::PrefixRange(PartitionStatisticsKey(set, partition_key, {}));
}
store::KeyRange PartitionParts(SetId set) { return store::PrefixRange(Prefix(Tag::kPartition, set.value)); }
store::KeyRange PartitionParts(SetId set, PartitionPart part) {
  return store::PrefixRange(WithPart(Tag::kPartition, set.value, part));
}
std::string_view LowestInPageKey(std::string_view key) { return key.substr(std::min(kPageHead, key.size())); }

std::string EventKey(int64_t id) { return Prefix(Tag::kEvent, static_cast<uint64_t>(id)); }
store::KeyRange Events(int64_t first, int64_t end) { return {EventKey(first), EventKey(std::max(first, end))}; }
int64_t EventIdInKey(std::string_view key) {
  return key.size() == kTagAndId ? static_cast<int64_t>(base::ReadBigEndian64(key.data() + 1)) : 0;
}

namespace {
// tag, kind, parent id: what all drops under one parent begin with.
std::string DroppedPrefix(int kind, uint64_t parent, std::size_t more = 0) {
  std::string key = Start(Tag::kDropped, 1 + 8 + more);
  key += static_cast<char>(kind);
  base::AppendBigEndian64(&key, parent);
  return key;
}
// ... and name, 0x00: what all drops of one name begin with.
std::string DroppedPrefix(int kind, uint64_t parent, std::string_view name, std::size_t more) {
  std::string key = DroppedPrefix(kind, parent, name.size() + 1 + more);
  key += name;
  key += '\0';
  return key;
}
}  // namespace

std::string DroppedKey(int kind, uint64_t parent, std::string_view name, int64_t dropped_ms, uint64_t id) {
  std::string key = DroppedPrefix(kind, parent, name, 16);
  base::AppendBigEndian64(&key, static_cast<uint64_t>(dropped_ms));
  base::AppendBigEndian64(&key, id);
  return key;
}
store::KeyRange DroppedObjects() { return AllOf(Tag::kDropped); }
store::KeyRange DroppedObjects(int kind, uint64_t parent) { return store::PrefixRange(DroppedPrefix(kind, parent)); }
store::KeyRange DroppedObjects(int kind, uint64_t parent, std::string_view name) {
  return store::PrefixRange(DroppedPrefix(kind, parent, name, 0));
}
std::string PendingLoadKey(SetId set) { return Prefix(Tag::kPendingLoad, set.value); }
store::KeyRange PendingLoads() { return AllOf(Tag::kPendingLoad); }

std::optional<KeyHead> ParseHead(std::string_view key) {
  if (key.size() < kTagAndId) return std::nullopt;
  KeyHead head{.tag = static_cast<Tag>(static_cast<unsigned char>(key[0])),
               .id = base::ReadBigEndian64(key.data() + 1),
               .part = 0,
               .rest = key.substr(kTagAndId)};
  switch (head.tag) {
    case Tag::kMeta:
    case Tag::kCatalogName:
    case Tag::kDropped:
    case Tag::kAccessKey:
    case Tag::kAccessToken:
    case Tag::kNonce:
    case Tag::kUnbornWriteIds:
      return std::nullopt;
    case Tag::kTable:
    case Tag::kPartition:
      if (head.rest.empty()) return std::nullopt;
      head.part = static_cast<unsigned char>(head.rest.front());
      head.rest.remove_prefix(1);
      return head;
    default:
      return head;
  }
}
TableId ChildInReferenceKey(std::string_view key) { return TableId{base::ReadBigEndian64(key.data() + kTagAndId)}; }

}  // namespace lodestone::record
