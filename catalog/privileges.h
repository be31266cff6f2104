// Who may do what. One authority for every vocabulary (Hive's, the DLA's, the DLI's): grants are stored as the
// privileges below, and the words of a vocabulary are mapped onto them by tables (docs/semantics/privileges.md).
//
// A principal has a privilege on an object when it was granted to it, to one of its groups, to a role that it is a
// member of (also through other roles), or to the role `public`; on the object itself or on anything above it: global,
// catalog, database, table, column or partition. The owner of an object has every privilege on it and on what it holds,
// with grant option; that is derived from the object, never stored. The members of the role `admin` have everything.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/names.h"

namespace lodestone {

// Roles that every catalog has; they can't be created or dropped.
inline constexpr std::string_view kAdminRole = "admin";    // its members may do everything in the catalog
inline constexpr std::string_view kPublicRole = "public";  // every principal is a member

// Names of users and groups are case-sensitive, those of roles are not (Hive). They need no account.
enum class GranteeKind { kUser = 1, kGroup = 2, kRole = 3 };
struct Grantee {
  GranteeKind kind = GranteeKind::kUser;
  std::string name;

  static Grantee User(std::string_view name) { return {GranteeKind::kUser, std::string(name)}; }
  static Grantee Group(std::string_view name) { return {GranteeKind::kGroup, std::string(name)}; }
  static Grantee Role(std::string_view name) { return {GranteeKind::kRole, std::string(name)}; }
  // `user ana`, `role analysts`.
  std::string ToString() const;
  auto operator<=>(const Grantee&) const = default;
};

// Stored as numbers: never change or reuse one.
enum class Privilege : uint8_t {
  // Data
  kSelect = 0,
  kInsert = 1,     // adds data
  kOverwrite = 2,  // replaces data
  kUpdate = 3,
  kDelete = 4,
  // Definitions
  kDescribe = 5,  // reads the definition of the object and of what it holds
  kList = 6,      // sees that it is there, and what it holds
  kShowPartitions = 7,
  kCreateDatabase = 8,
  kCreateTable = 9,
  kCreateView = 10,
  kCreateFunction = 11,
  kAlterDatabase = 12,
  kAlterTable = 13,  // what the next three do not cover
  kAlterColumns = 14,
  kSetProperties = 15,
  kSetLocation = 16,
  kAlterFunction = 17,
  kRename = 18,
  kAddPartition = 19,
  kAlterPartition = 20,
  kRenamePartition = 21,
  kDropPartition = 22,
  kRecoverPartition = 23,
  kTruncate = 24,
  kDropDatabase = 25,
  kDropTable = 26,
  kDropView = 27,
  kDropFunction = 28,
  kIndex = 29,
  kLock = 30,
  // Grants. kGrantPrivilege: may grant what the holder has itself; kRevokePrivilege: may revoke what anybody granted.
  kGrantPrivilege = 31,
  kRevokePrivilege = 32,
  kShowPrivileges = 33,
  // Queues
  kSubmitJob = 34,
  kCancelJob = 35,
  kDropQueue = 36,
  kRestartQueue = 37,
  kScaleQueue = 38,
  // Jobs, groups of packages, packages
  kGet = 39,
  kUse = 40,
  kModify = 41,
  kRemove = 42,
  kStart = 43,
  kStop = 44,
  kExport = 45,
};
inline constexpr int kPrivilegeCount = 46;
// `SELECT`, `CREATE TABLE`, ...: for messages.
std::string_view NameOf(Privilege privilege);

class PrivilegeSet {
 public:
  constexpr PrivilegeSet() = default;
  constexpr PrivilegeSet(Privilege one) : bits_(uint64_t{1} << static_cast<int>(one)) {}  // NOLINT: a set of one
  constexpr PrivilegeSet(std::initializer_list<Privilege> all) {
    for (const Privilege one : all) bits_ |= uint64_t{1} << static_cast<int>(one);
  }
  static constexpr PrivilegeSet All() { return FromBits((uint64_t{1} << kPrivilegeCount) - 1); }
  static constexpr PrivilegeSet FromBits(uint64_t bits) {
    PrivilegeSet set;
    set.bits_ = bits;
    return set;
  }
  constexpr uint64_t bits() const { return bits_; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool Has(Privilege one) const { return (bits_ >> static_cast<int>(one) & 1) != 0; }
  constexpr bool HasAny(PrivilegeSet any) const { return (bits_ & any.bits_) != 0; }
  constexpr bool HasAll(PrivilegeSet all) const { return (bits_ & all.bits_) == all.bits_; }
  constexpr PrivilegeSet operator|(PrivilegeSet other) const { return FromBits(bits_ | other.bits_); }
  constexpr PrivilegeSet operator&(PrivilegeSet other) const { return FromBits(bits_ & other.bits_); }
  constexpr PrivilegeSet Without(PrivilegeSet other) const { return FromBits(bits_ & ~other.bits_); }
  constexpr PrivilegeSet& operator|=(PrivilegeSet other) { return *this = *this | other; }
  constexpr bool operator==(const PrivilegeSet&) const = default;
  // In the order of their numbers.
  std::vector<Privilege> ToVector() const;

 private:
  uint64_t bits_ = 0;
};

// What a privilege is on: by its names of now, in the session's catalog.
struct Securable {
  enum class Kind {
    kGlobal = 1,   // every catalog of the store
    kCatalog = 2,  // the session's
    kDatabase = 3,
    kTable = 4,   // or view
    kColumn = 5,  // of a table, partition keys too
    kPartition = 6,
    kFunction = 7,
    // Things that the catalog has no record of and that may be unknown to it: `queues.NAME`, `jobs.flink.ID`,
    // `groups.NAME`, `resources.NAME`, `resources.GROUP/NAME` (the DLI reference, chapter 5).
    kPath = 8,
  };
  Kind kind = Kind::kCatalog;
  std::string database{};
  std::string object{};  // table or function
  std::string column{};
  std::vector<std::string> values{};  // of a partition
  std::string path{};

  static Securable Global() { return {.kind = Kind::kGlobal}; }
  static Securable Catalog() { return {.kind = Kind::kCatalog}; }
  static Securable Database(std::string_view name) { return {.kind = Kind::kDatabase, .database = std::string(name)}; }
  static Securable Table(const TableName& name) {
    return {.kind = Kind::kTable, .database = name.database, .object = name.table};
  }
  static Securable Column(const TableName& table, std::string_view name) {
    return {.kind = Kind::kColumn, .database = table.database, .object = table.table, .column = std::string(name)};
  }
  static Securable Partition(const TableName& table, std::vector<std::string> values) {
    return {.kind = Kind::kPartition, .database = table.database, .object = table.table, .values = std::move(values)};
  }
  static Securable Function(const FunctionName& name) {
    return {.kind = Kind::kFunction, .database = name.database, .object = name.function};
  }
  static Securable Path(std::string_view path) { return {.kind = Kind::kPath, .path = std::string(path)}; }
  TableName table() const { return {database, object}; }

  // `table web.hits`, `column web.hits.url`, `queues.q1`: for messages and audit.
  std::string ToString() const;
  bool operator==(const Securable&) const = default;
};

// ---- Words ----
enum class Vocabulary {
  kHive,  // SELECT, INSERT, ..., ALL (HiveServer2's and the metastore's)
  kDla,   // the DLA's GrantPrivileges: CREATE, SHOW, ...
  kDli,   // the DLI reference, chapter 5
};
// The privileges that a word stands for on objects of this kind; case-insensitive. InvalidArgument (kInvalidObject,
// kPrivilege): no word of the vocabulary for this kind; the message lists those that are.
// Of paths, the object itself says which words there are: a queue has others than a job. By the kind alone the words of
// all of them are understood.
absl::StatusOr<PrivilegeSet> ParsePrivilege(Vocabulary vocabulary, const Securable& on, std::string_view word);
absl::StatusOr<PrivilegeSet> ParsePrivilege(Vocabulary vocabulary, Securable::Kind kind, std::string_view word);
// The fewest words that say the set: those contained in it whole, without those contained in another that is said.
// `ALL` alone where the set has everything that applies to the kind. What no word says is left out.
std::vector<std::string> PrivilegeWords(Vocabulary vocabulary, const Securable& on, PrivilegeSet set);
std::vector<std::string> PrivilegeWords(Vocabulary vocabulary, Securable::Kind kind, PrivilegeSet set);
// Every word for the object.
std::vector<std::string> AllPrivilegeWords(Vocabulary vocabulary, const Securable& on);

// ---- Grants ----
struct GrantSpec {
  Grantee to;
  PrivilegeSet privileges;
  Securable on;
  bool grant_option = false;  // may the grantee grant them on, on this object and what lies in it
  // The user on whose behalf the principal grants: recorded as grantor in its place. Heeded from administrators and
  // where nothing is checked, as from a server that asks its own users; of others the principal is the grantor.
  std::string grantor{};
};

struct RevokeSpec {
  Grantee from;
  PrivilegeSet privileges;
  Securable on;
  bool grant_option_only = false;  // the privilege stays
};

// What was granted on by virtue of what is revoked.
enum class RevokeMode {
  kRestrict,  // refuse with kInvalidOperation, and name one of them
  kCascade,   // take it along
};

// One privilege of one grantee on one object, from one grantor. The same may be granted by several.
struct GrantEntry {
  Grantee grantee;
  Privilege privilege = Privilege::kSelect;
  Securable on;
  std::string grantor;  // a user; empty: the embedding program
  bool grant_option = false;
  // The grantor had no more than a grant option: the entry goes when that goes.
  bool derived = false;
  int64_t time_ms = 0;
};

// Which entries to list; what is not set is not asked for.
struct GrantFilter {
  std::optional<Grantee> grantee{};
  // On this object; an object that is not there has none.
  std::optional<Securable> on{};
  // Also on what lies in it. Without `on`: everything.
  bool beneath = false;
};

// ---- Roles and groups ----
struct RoleGrant {
  std::string role;
  Grantee member;
  bool admin_option = false;  // may grant the role on
  std::string grantor;        // a user; empty: the embedding program
  int64_t time_ms = 0;
};

// ---- Answers ----
struct Decision {
  bool allowed = false;
  // Which grant, membership or ownership allows it; or which privilege on which object would have sufficed.
  std::string why;
};

}  // namespace lodestone
