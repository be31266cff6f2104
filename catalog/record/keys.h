// The layout of the store's keys: built and taken apart here alone. docs/format/keys.md describes every byte; the
// golden bytes in the test keep both from moving. Ids are 8 bytes, big-endian, so that what belongs together lies
// together.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "catalog/privileges.h"
#include "catalog/record/ids.h"
#include "catalog/store/store.h"

namespace lodestone::record {

// The first byte of a key. Stored: never change or reuse a number.
enum class Tag : unsigned char {
  kMeta = 0x01,          // item: the store itself
  kCatalogName = 0x10,   // name -> CatalogRecord
  kDatabaseName = 0x12,  // catalog id, name -> DatabaseEntry
  kDatabase = 0x13,      // database id -> DatabaseRecord
  kTableName = 0x14,     // database id, name -> TableEntry
  kFunction = 0x15,      // database id, name -> FunctionRecord
  kReference = 0x16,     // parent table id, child table id: a foreign key of the child points at the parent
  kTable = 0x20,         // table id, part: everything of a table but its partitions
  kPartition = 0x30,     // set id, part: the partitions of a table
  kEvent = 0x40,         // event id -> EventRecord
  kDropped = 0x50,       // kind, parent id, name, 0x00, dropped at (ms), id -> DroppedObject
  kPendingLoad = 0x52,   // set id -> PendingLoad
  // Privileges. Everything of a catalog stands under its id; 0: of the store.
  kGrant = 0x60,        // catalog id, object, grantee -> GrantsRecord; see grant_keys.h
  kVisible = 0x61,      // catalog id, parent id, grantee, kind, name -> VisibleEntry; see grant_keys.h
  kRole = 0x62,         // catalog id, name -> RoleRecord
  kMembership = 0x63,   // catalog id, member, role or group -> MembershipRecord
  kMember = 0x64,       // catalog id, role or group, member: the same from the other side
  kAccount = 0x68,      // catalog id, name -> AccountRecord
  kAccessKey = 0x69,    // access key id -> AccessKeyRecord
  kAccessToken = 0x6a,  // hash of the token -> AccessTokenRecord
  kNonce = 0x6b,        // expires at (ms, 8 bytes), hash of the nonce (16 bytes): used
  // Locks and transactions; see transaction_keys.h. Numbers of locks and transactions are sequences of their own.
  kLock = 0x70,                  // lock -> LockRecord
  kLockComponents = 0x71,        // lock -> LockComponents
  kOpenTransaction = 0x73,       // transaction -> TransactionRecord
  kAbortedTransaction = 0x74,    // the same
  kCommittedTransaction = 0x75,  // the same
  kAllocatedWriteId = 0x76,      // transaction, table -> AllocatedWriteId
  kUnbornWriteIds = 0x77,        // names of a table that is not there, TablePart as of one that is
};

// What follows kMeta, alone. Stored.
enum class MetaItem : unsigned char {
  kHeader = 0x01,              // -> StoreHeader
  kObjectSequence = 0x02,      // -> Sequence
  kEventLogState = 0x03,       // -> EventLogState
  kKeyFileCheck = 0x04,        // -> KeyFileCheck
  kTransactionNumbers = 0x05,  // -> TransactionNumbers
};

// What follows a table's id. Stored.
enum class TablePart : unsigned char {
  kRecord = 0x01,          // -> TableRecord
  kPartitionSet = 0x02,    // -> PartitionSet
  kDescriptor = 0x03,      // number (4 bytes, big-endian) -> SharedDescriptor
  kDescriptorHash = 0x04,  // fingerprint (8 bytes) -> the numbers of descriptors with it, 4 bytes each, big-endian
  kStatistics = 0x05,      // column name -> StatisticsRecord
  kConstraint = 0x06,      // constraint name -> ConstraintRecord
  kWriteIdState = 0x07,    // -> WriteIdState
  kWriteId = 0x08,         // write id (8 bytes) -> WriteIdRecord
};

// What follows a set's id. Stored.
enum class PartitionPart : unsigned char {
  kKeyPage = 0x01,     // lowest partition key of the page -> key page
  kValuePage = 0x02,   // lowest partition key of the page -> value page
  kStatistics = 0x03,  // partition key, 0x00, column name -> StatisticsRecord
};

// --- The store itself ---
std::string HeaderKey();
std::string ObjectSequenceKey();
std::string EventLogStateKey();
std::string KeyFileCheckKey();

// --- Names ---
std::string CatalogNameKey(std::string_view name);
std::string DatabaseNameKey(CatalogId catalog, std::string_view name);
std::string TableNameKey(DatabaseId database, std::string_view name);
std::string FunctionKey(DatabaseId database, std::string_view name);
store::KeyRange CatalogNames();
store::KeyRange DatabaseNames(CatalogId catalog);
store::KeyRange TableNames(DatabaseId database);
store::KeyRange Functions(DatabaseId database);
// The name at the end of one of the keys above; a view into `key`. Empty when the key is too short to have one.
std::string_view NameInCatalogNameKey(std::string_view key);
std::string_view NameUnderParent(std::string_view key);

// --- Objects ---
std::string DatabaseKey(DatabaseId id);
// Of every catalog, dropped ones included.
store::KeyRange AllDatabases();
std::string TableKey(TableId id);
std::string PartitionSetKey(TableId id);
std::string DescriptorKey(TableId id, uint32_t number);
std::string DescriptorHashKey(TableId id, uint64_t fingerprint);
std::string TableStatisticsKey(TableId id, std::string_view column);
std::string ConstraintKey(TableId id, std::string_view name);
// Everything of the table but its partitions.
store::KeyRange TableParts(TableId id);
store::KeyRange TableParts(TableId id, TablePart part);
std::string ReferenceKey(TableId parent, TableId child);
store::KeyRange References(TableId parent);

// --- Partitions ---
std::string KeyPageKey(SetId set, std::string_view lowest);
std::string ValuePageKey(SetId set, std::string_view lowest);
std::string PartitionStatisticsKey(SetId set, std::string_view partition_key, std::string_view column);
store::KeyRange PartitionStatistics(SetId set, std::string_view partition_key);
// Everything of the set.
store::KeyRange PartitionParts(SetId set);
store::KeyRange PartitionParts(SetId set, PartitionPart part);
// The lowest partition key in a page's key; a view into `key`.
std::string_view LowestInPageKey(std::string_view key);

// --- Events ---
std::string EventKey(int64_t id);
// The ids in [first, end); no key at all when end <= first. REQUIRES: first >= 0.
store::KeyRange Events(int64_t first, int64_t end);
int64_t EventIdInKey(std::string_view key);

// --- Dropped objects and broken-off loads ---
std::string DroppedKey(int kind, uint64_t parent, std::string_view name, int64_t dropped_ms, uint64_t id);
store::KeyRange DroppedObjects();
// Of one kind, under one parent (0: catalogs, which have none).
store::KeyRange DroppedObjects(int kind, uint64_t parent);
// Those that had the name, in the order in which they were dropped.
store::KeyRange DroppedObjects(int kind, uint64_t parent, std::string_view name);
std::string PendingLoadKey(SetId set);
store::KeyRange PendingLoads();

// --- Roles, groups and accounts. `catalog` 0: of the store ---
// A grantee in a key: its kind, 1 byte, and its name, which has no control characters. 0x00 ends it where more follows.
void AppendGrantee(std::string* key, const Grantee& grantee);
// What AppendGrantee wrote. nullopt: unknown kind, a name that breaks the rule, a role in upper case.
std::optional<Grantee> ParseGrantee(std::string_view bytes);
std::string RoleKey(CatalogId catalog, std::string_view role);
store::KeyRange Roles(CatalogId catalog);
// `of`: a role or group. Both keys exist, or none.
std::string MembershipKey(CatalogId catalog, const Grantee& member, const Grantee& of);
std::string MemberKey(CatalogId catalog, const Grantee& of, const Grantee& member);
// What `member` belongs to directly; who belongs to `of` directly.
store::KeyRange MembershipsOf(CatalogId catalog, const Grantee& member);
store::KeyRange MembersOf(CatalogId catalog, const Grantee& of);
store::KeyRange AllMemberships(CatalogId catalog);
store::KeyRange AllMembers(CatalogId catalog);
store::KeyRange MembersOfGroups(CatalogId catalog);
// The two in a MembershipKey or MemberKey, in the order in which they stand there. nullopt: it is neither.
std::optional<std::pair<Grantee, Grantee>> ParseMembership(std::string_view key);

std::string AccountKey(CatalogId catalog, std::string_view name);
store::KeyRange Accounts();
store::KeyRange Accounts(CatalogId catalog);
std::string AccessKeyKey(std::string_view access_key_id);
store::KeyRange AccessKeys();
std::string_view IdInAccessKeyKey(std::string_view key);
inline constexpr std::size_t kTokenHashBytes = 32;
std::string AccessTokenKey(std::string_view hash);
// Those whose hash begins with these bytes.
store::KeyRange AccessTokens(std::string_view hash_prefix = {});
std::string_view HashInAccessTokenKey(std::string_view key);
inline constexpr std::size_t kNonceHashBytes = 16;
std::string NonceKey(int64_t expires_ms, std::string_view hash);
store::KeyRange Nonces();
// Those that expire before `end_ms`. REQUIRES: end_ms >= 0.
store::KeyRange NoncesBefore(int64_t end_ms);
struct NonceParts {
  int64_t expires_ms;
  std::string_view hash;  // a view into the key
};
std::optional<NonceParts> ParseNonce(std::string_view key);

// What most keys begin with. `rest` is a view into the key: a name, a child's id, a partition key, ...
struct KeyHead {
  Tag tag;
  uint64_t id;         // behind the tag
  unsigned char part;  // TablePart or PartitionPart; 0 under other tags
  std::string_view rest;
};
// nullopt: a key that is too short, or has no id behind its tag.
std::optional<KeyHead> ParseHead(std::string_view key);
// The child at the end of a ReferenceKey. REQUIRES: the key is one.
TableId ChildInReferenceKey(std::string_view key);

// A key in words, for messages and for verify: `table 17 descriptor 3`, or the bytes in hex when it follows no rule.
std::string Describe(std::string_view key);
// Whether the key follows one of the rules above: known tag and part, ids other than 0, the exact length, names that
// are not empty and in lower case, partition keys in their escaped form. Costs time linear in the key; any bytes may
// be asked about.
bool IsWellFormed(std::string_view key);

}  // namespace lodestone::record
