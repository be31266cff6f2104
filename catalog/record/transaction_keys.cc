#include "catalog/record/transaction_keys.h"

#include "catalog/base/coding.h"
#include "catalog/base/strings.h"
#include "catalog/record/keys.h"

namespace lodestone::record {

namespace {

constexpr std::size_t kNumberBytes = 8;

// What follows the transaction in the key of an allocated write id. Stored.
enum class SpaceKind : unsigned char { kTable = 0x01, kUnborn = 0x02 };

std::string Start(Tag tag) { return std::string(1, static_cast<char>(tag)); }
void AppendNumber(std::string* key, int64_t number) { base::AppendBigEndian64(key, static_cast<uint64_t>(number)); }
std::string Numbered(Tag tag, int64_t number) {
  std::string key = Start(tag);
  AppendNumber(&key, number);
  return key;
}
store::KeyRange AllOf(Tag tag) { return store::PrefixRange(Start(tag)); }
store::KeyRange From(Tag tag, int64_t first) { return {Numbered(tag, first), store::PrefixEnd(Start(tag))}; }

void AppendNames(std::string* key, const WriteSpace& space) {
  for (const std::string* name : {&space.catalog, &space.database, &space.name}) {
    *key += *name;
    *key += '\0';
  }
}
std::string SpacePart(const WriteSpace& space, TablePart part) {
  std::string key;
  if (space.table) {
    key = Start(Tag::kTable);
    base::AppendBigEndian64(&key, space.table.value);
  } else {
    key = Start(Tag::kUnbornWriteIds);
    AppendNames(&key, space);
  }
  key += static_cast<char>(part);
  return key;
}

// Takes a name and the 0x00 behind it off the front.
bool TakeName(std::string_view* rest, std::string* name) {
  const std::size_t end = rest->find('\0');
  if (end == std::string_view::npos || end == 0) return false;
  name->assign(rest->substr(0, end));
  rest->remove_prefix(end + 1);
  for (const char c : *name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || (c >= 'A' && c <= 'Z')) return false;
  }
  return base::FindInvalidUtf8(*name) == std::string_view::npos;
}
bool TakeNames(std::string_view* rest, WriteSpace* space) {
  return TakeName(rest, &space->catalog) && TakeName(rest, &space->database) && TakeName(rest, &space->name);
}

}  // namespace

std::string TransactionNumbersKey() {
  std::string key = Start(Tag::kMeta);
  key += static_cast<char>(MetaItem::kTransactionNumbers);
  return key;
}

std::string LockKey(int64_t lock) { return Numbered(Tag::kLock, lock); }
std::string LockComponentsKey(int64_t lock) { return Numbered(Tag::kLockComponents, lock); }
store::KeyRange Locks() { return AllOf(Tag::kLock); }
store::KeyRange AllLockComponents() { return AllOf(Tag::kLockComponents); }

std::string OpenTransactionKey(int64_t transaction) { return Numbered(Tag::kOpenTransaction, transaction); }
std::string AbortedTransactionKey(int64_t transaction) { return Numbered(Tag::kAbortedTransaction, transaction); }
std::string CommittedTransactionKey(int64_t transaction) { return Numbered(Tag::kCommittedTransaction, transaction); }
store::KeyRange OpenTransactions(int64_t first) { return From(Tag::kOpenTransaction, first); }
store::KeyRange AbortedTransactions() { return AllOf(Tag::kAbortedTransaction); }
store::KeyRange CommittedTransactions(int64_t first) { return From(Tag::kCommittedTransaction, first); }
int64_t NumberInKey(std::string_view key) { return static_cast<int64_t>(base::ReadBigEndian64(key.data() + 1)); }

std::string WriteIdStateKey(const WriteSpace& space) { return SpacePart(space, TablePart::kWriteIdState); }
std::string WriteIdKey(const WriteSpace& space, int64_t write_id) {
  std::string key = SpacePart(space, TablePart::kWriteId);
  AppendNumber(&key, write_id);
  return key;
}
store::KeyRange WriteIds(const WriteSpace& space, int64_t first) {
  return {WriteIdKey(space, first), store::PrefixEnd(SpacePart(space, TablePart::kWriteId))};
}
int64_t WriteIdInKey(std::string_view key) {
  return static_cast<int64_t>(base::ReadBigEndian64(key.data() + key.size() - kNumberBytes));
}
store::KeyRange UnbornWriteIds() { return AllOf(Tag::kUnbornWriteIds); }

std::optional<UnbornKeyParts> ParseUnborn(std::string_view key) {
  if (key.empty() || static_cast<Tag>(key.front()) != Tag::kUnbornWriteIds) return std::nullopt;
  std::string_view rest = key.substr(1);
  UnbornKeyParts parts;
  if (!TakeNames(&rest, &parts.space) || rest.empty()) return std::nullopt;
  const auto part = static_cast<TablePart>(rest.front());
  rest.remove_prefix(1);
  if (part == TablePart::kWriteIdState && rest.empty()) return parts;
  if (part != TablePart::kWriteId || rest.size() != kNumberBytes) return std::nullopt;
  parts.write_id = WriteIdInKey(key);
  if (*parts.write_id <= 0) return std::nullopt;
  return parts;
}

std::string AllocatedWriteIdKey(int64_t transaction, const WriteSpace& space) {
  std::string key = Numbered(Tag::kAllocatedWriteId, transaction);
  key += static_cast<char>(space.table ? SpaceKind::kTable : SpaceKind::kUnborn);
  if (space.table) {
    base::AppendBigEndian64(&key, space.table.value);
  } else {
    AppendNames(&key, space);
  }
  return key;
}
store::KeyRange AllocatedWriteIds(int64_t transaction) {
  return store::PrefixRange(Numbered(Tag::kAllocatedWriteId, transaction));
}
store::KeyRange AllAllocatedWriteIds() { return AllOf(Tag::kAllocatedWriteId); }

std::optional<AllocatedKeyParts> ParseAllocated(std::string_view key) {
  constexpr std::size_t kHead = 1 + kNumberBytes + 1;
  if (key.size() < kHead || static_cast<Tag>(key.front()) != Tag::kAllocatedWriteId) return std::nullopt;
  AllocatedKeyParts parts{.transaction = NumberInKey(key), .space = {}};
  if (parts.transaction <= 0) return std::nullopt;
  const auto kind = static_cast<SpaceKind>(key[kHead - 1]);
  std::string_view rest = key.substr(kHead);
  if (kind == SpaceKind::kTable && rest.size() == kNumberBytes) {
    parts.space.table = TableId{base::ReadBigEndian64(rest.data())};
    if (parts.space.table) return parts;
  } else if (kind == SpaceKind::kUnborn && TakeNames(&rest, &parts.space) && rest.empty()) {
    return parts;
  }
  return std::nullopt;
}

}  // namespace lodestone::record
