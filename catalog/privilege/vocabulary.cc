// The words of Hive, the DLA and the DLI for privileges: tables alone, and one way to read them.
// docs/semantics/privileges.md shows the same tables.
#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/privilege/paths.h"
#include "catalog/privileges.h"

namespace lodestone {

namespace {

using base::StrCat;
using privilege::PathFamily;
using enum Privilege;

// Where a word means something: one bit per kind of object, and per family of paths.
using Scope = uint16_t;
constexpr Scope kGlobal = 1 << 0;
constexpr Scope kCatalog = 1 << 1;
constexpr Scope kDatabase = 1 << 2;
constexpr Scope kTable = 1 << 3;
constexpr Scope kColumn = 1 << 4;
constexpr Scope kPartition = 1 << 5;
constexpr Scope kFunction = 1 << 6;
constexpr Scope kQueue = 1 << 7;
constexpr Scope kJob = 1 << 8;
constexpr Scope kGroup = 1 << 9;
constexpr Scope kResource = 1 << 10;
constexpr Scope kAbove = kGlobal | kCatalog;
constexpr Scope kAboveTables = kAbove | kDatabase;
constexpr Scope kData = kAboveTables | kTable;
constexpr Scope kPaths = kQueue | kJob | kGroup | kResource;

// `word` stands for `set` in each of the scopes. The first word of a set is the one that lists say.
struct Word {
  std::string_view word;
  Scope scopes;
  PrivilegeSet set;
};

// What there is to do with an object of each kind, but for grants.
constexpr PrivilegeSet kDataWork{kSelect, kInsert, kOverwrite, kUpdate, kDelete, kDescribe, kList};
constexpr PrivilegeSet kTableWork =
    kDataWork |
    PrivilegeSet{kShowPartitions, kAlterTable,     kAlterColumns,    kSetProperties, kSetLocation,      kRename,
                 kAddPartition,   kAlterPartition, kRenamePartition, kDropPartition, kRecoverPartition, kTruncate,
                 kDropTable,      kDropView,       kIndex,           kLock};
constexpr PrivilegeSet kPartitionWork =
    kDataWork |
    PrivilegeSet{kShowPartitions, kAlterPartition, kRenamePartition, kDropPartition, kTruncate, kIndex, kLock};
constexpr PrivilegeSet kFunctionWork{kSelect, kDescribe, kList, kUse, kAlterFunction, kRename, kDropFunction};
constexpr PrivilegeSet kDatabaseWork =
    kTableWork | kFunctionWork |
    PrivilegeSet{kCreateTable, kCreateView, kCreateFunction, kAlterDatabase, kDropDatabase};
constexpr PrivilegeSet kCatalogWork = kDatabaseWork | kCreateDatabase;
constexpr PrivilegeSet kGrants{kGrantPrivilege, kRevokePrivilege, kShowPrivileges};

// Hive's words of before and beside SQL: CREATE, ALTER and DROP are wide, and DELETE takes away what is in a table.
constexpr PrivilegeSet kCreatesInDatabase{kCreateTable, kCreateView, kCreateFunction};
constexpr PrivilegeSet kAltersTable{kAlterTable,   kAlterColumns,   kSetProperties,   kSetLocation,     kRename,
                                    kAddPartition, kAlterPartition, kRenamePartition, kRecoverPartition};
constexpr PrivilegeSet kAltersInDatabase = kAltersTable | PrivilegeSet{kAlterDatabase, kAlterFunction};
constexpr PrivilegeSet kDropsTable{kDropTable, kDropView, kDropPartition};
constexpr PrivilegeSet kDropsInDatabase = kDropsTable | PrivilegeSet{kDropDatabase, kDropFunction};

constexpr Word kHive[] = {
    {"ALL", kAbove, kCatalogWork},
    {"ALL", kDatabase, kDatabaseWork},
    {"ALL", kTable, kTableWork},
    {"ALL", kColumn, kDataWork},
    {"ALL", kPartition, kPartitionWork},
    {"ALL", kFunction, kFunctionWork},
    {"SELECT", kData | kColumn | kPartition | kFunction, kSelect},
    {"INSERT", kData | kColumn | kPartition, kInsert},
    {"UPDATE", kData | kColumn | kPartition, {kUpdate, kOverwrite}},
    {"DELETE", kData, {kDelete, kTruncate, kDropPartition}},
    {"DELETE", kPartition, {kDelete, kDropPartition}},
    {"CREATE", kAbove, kCreatesInDatabase | kCreateDatabase},
    {"CREATE", kDatabase, kCreatesInDatabase},
    {"ALTER", kAboveTables, kAltersInDatabase},
    {"ALTER", kTable, kAltersTable},
    {"ALTER", kPartition, {kAlterPartition, kRenamePartition}},
    {"ALTER", kFunction, {kAlterFunction, kRename}},
    {"DROP", kAboveTables, kDropsInDatabase},
    {"DROP", kTable, kDropsTable},
    {"DROP", kPartition, kDropPartition},
    {"DROP", kFunction, kDropFunction},
    {"INDEX", kData | kPartition, kIndex},
    {"LOCK", kData | kPartition, kLock},
    {"SHOW_DATABASE", kAboveTables, kList},
};

constexpr Word kDla[] = {
    {"ALL", kAbove, kCatalogWork},
    {"ALL", kDatabase, kDatabaseWork},
    {"ALL", kTable, kTableWork},
    {"SELECT", kData, kSelect},
    {"INSERT", kData, kInsert},
    {"UPDATE", kData, {kUpdate, kOverwrite}},
    {"DELETE", kData, {kDelete, kTruncate, kDropPartition}},
    {"CREATE", kAbove, kCreatesInDatabase | kCreateDatabase},
    {"CREATE", kDatabase, kCreatesInDatabase},
    // What is made in a table are partitions.
    {"CREATE", kTable, kAddPartition},
    {"ALTER", kAboveTables, kAltersInDatabase},
    {"ALTER", kTable, kAltersTable},
    {"DROP", kAboveTables, kDropsInDatabase},
    {"DROP", kTable, kDropsTable},
    {"SHOW", kData, {kList, kDescribe, kShowPartitions}},
    {"INDEX", kData, kIndex},
    {"LOCK", kData, kLock},
};

constexpr Word kDli[] = {
    {"ALL", kAbove, kCatalogWork | kGrants},
    {"ALL", kDatabase, kDatabaseWork | kGrants},
    {"ALL", kTable, kTableWork | kGrants},
    {"ALL", kColumn, kDataWork | kGrants},
    {"ALL", kQueue, kGrants | PrivilegeSet{kSubmitJob, kCancelJob, kDropQueue, kRestartQueue, kScaleQueue}},
    {"ALL", kJob, kGrants | PrivilegeSet{kGet, kModify, kRemove, kStart, kStop, kExport}},
    {"ALL", kGroup | kResource, kGrants | PrivilegeSet{kGet, kUse, kModify, kRemove}},
    // Databases
    {"CREATE_DATABASE", kAbove, kCreateDatabase},
    {"DROP_DATABASE", kAboveTables, kDropDatabase},
    {"CREATE_TABLE", kAboveTables, kCreateTable},
    {"CREATE_VIEW", kAboveTables, kCreateView},
    {"CREATE_FUNCTION", kAboveTables, kCreateFunction},
    {"DROP_FUNCTION", kAboveTables, kDropFunction},
    {"DISPLAY_DATABASE", kAboveTables, kList},
    {"DISPLAY_ALL_TABLES", kAboveTables, kList},
    {"SHOW_FUNCTIONS", kAboveTables, kList},
    // Tables
    {"DISPLAY_TABLE", kData, kList},
    {"DESCRIBE_TABLE", kData, kDescribe},
    {"SHOW_CREATE_TABLE", kData, kDescribe},
    {"SHOW_TABLE_PROPERTIES", kData, kDescribe},
    {"DESCRIBE_FUNCTION", kAboveTables, kDescribe},
    {"EXPLAIN", kAboveTables, kDescribe},
    {"DROP_TABLE", kData, kDropTable},
    {"DROP_VIEW", kData, kDropView},
    {"SELECT", kData | kColumn, kSelect},
    {"INSERT_INTO_TABLE", kData, kInsert},
    {"INSERT_OVERWRITE_TABLE", kData, kOverwrite},
    {"ALTER_TABLE_ADD_COLUMNS", kData, kAlterColumns},
    {"ALTER_TABLE_CHANGE_COLUMN", kData, kAlterColumns},
    {"ALTER_TABLE_SET_LOCATION", kData, kSetLocation},
    {"ALTER_TABLE_SET_PROPERTIES", kData, kSetProperties},
    {"ALTER_TABLE_RENAME", kData, kRename},
    {"ALTER_TABLE_ADD_PARTITION", kData, kAddPartition},
    {"ALTER_TABLE_DROP_PARTITION", kData, kDropPartition},
    {"ALTER_TABLE_RENAME_PARTITION", kData, kRenamePartition},
    {"ALTER_TABLE_RECOVER_PARTITION", kData, kRecoverPartition},
    {"SHOW_PARTITIONS", kData, kShowPartitions},
    // Queues
    {"SUBMIT_JOB", kQueue, kSubmitJob},
    {"CANCEL_JOB", kQueue, kCancelJob},
    {"DROP_QUEUE", kQueue, kDropQueue},
    {"RESTART", kQueue, kRestartQueue},
    {"SCALE_QUEUE", kQueue, kScaleQueue},
    // Jobs
    {"GET", kJob, kGet},
    {"UPDATE", kJob, kModify},
    {"DELETE", kJob, kRemove},
    {"START", kJob, kStart},
    {"STOP", kJob, kStop},
    {"EXPORT", kJob, kExport},
    // Groups of packages, and packages
    {"USE_GROUP", kGroup, kUse},
    {"GET_GROUP", kGroup, kGet},
    {"UPDATE_GROUP", kGroup, kModify},
    {"DELETE_GROUP", kGroup, kRemove},
    {"USE_RESOURCE", kResource, kUse},
    {"GET_RESOURCE", kResource, kGet},
    {"UPDATE_RESOURCE", kResource, kModify},
    {"DELETE_RESOURCE", kResource, kRemove},
    // Grants
    {"GRANT_PRIVILEGE", kData | kColumn | kPaths, kGrantPrivilege},
    {"REVOKE_PRIVILEGE", kData | kColumn | kPaths, kRevokePrivilege},
    // The DLI calls it so for queues, and in the plural for everything else; both are understood.
    {"SHOW_PRIVILEGE", kQueue, kShowPrivileges},
    {"SHOW_PRIVILEGES", kData | kColumn | kPaths, kShowPrivileges},
};

std::span<const Word> WordsOf(Vocabulary vocabulary) {
  switch (vocabulary) {
    case Vocabulary::kHive:
      return kHive;
    case Vocabulary::kDla:
      return kDla;
    case Vocabulary::kDli:
      return kDli;
  }
  return {};
}

Scope ScopeOf(Securable::Kind kind) {
  switch (kind) {
    case Securable::Kind::kGlobal:
      return kGlobal;
    case Securable::Kind::kCatalog:
      return kCatalog;
    case Securable::Kind::kDatabase:
      return kDatabase;
    case Securable::Kind::kTable:
      return kTable;
    case Securable::Kind::kColumn:
      return kColumn;
    case Securable::Kind::kPartition:
      return kPartition;
    case Securable::Kind::kFunction:
      return kFunction;
    case Securable::Kind::kPath:
      return kPaths;
  }
  return 0;
}

// A path of no family has no words.
Scope ScopeOf(const Securable& on) {
  if (on.kind != Securable::Kind::kPath) return ScopeOf(on.kind);
  const auto family = privilege::FamilyOf(on.path);
  if (!family.ok()) return 0;
  switch (*family) {
    case PathFamily::kQueue:
      return kQueue;
    case PathFamily::kJob:
      return kJob;
    case PathFamily::kGroup:
      return kGroup;
    case PathFamily::kResource:
      return kResource;
  }
  return 0;
}

absl::StatusOr<PrivilegeSet> Parse(Vocabulary vocabulary, Scope scope, std::string_view word) {
  std::string known;
  std::string_view last;
  for (const Word& row : WordsOf(vocabulary)) {
    if ((row.scopes & scope) == 0) continue;
    if (base::EqualsIgnoreCase(row.word, word)) return row.set;
    if (row.word != last) base::StrAppend(&known, known.empty() ? "" : ", ", row.word);
    last = row.word;
  }
  return MakeError(ErrorKind::kInvalidObject, ObjectKind::kPrivilege, word,
                   StrCat("privilege ", base::Quoted(word), " is none for an object of this kind, where there ",
                          known.empty() ? "is none at all" : StrCat("are ", known)));
}

std::vector<std::string> Words(Vocabulary vocabulary, Scope scope, PrivilegeSet set) {
  std::vector<const Word*> said;
  for (const Word& row : WordsOf(vocabulary)) {
    if ((row.scopes & scope) == 0 || !set.HasAll(row.set)) continue;
    // Longer sets may come later, and equal ones are said by their first word.
    if (std::ranges::any_of(said, [&](const Word* other) { return other->set.HasAll(row.set); })) continue;
    std::erase_if(said, [&](const Word* other) { return row.set.HasAll(other->set); });
    said.push_back(&row);
  }
  std::vector<std::string> words;
  words.reserve(said.size());
  for (const Word* row : said) words.emplace_back(row->word);
  return words;
}

}  // namespace

absl::StatusOr<PrivilegeSet> ParsePrivilege(Vocabulary vocabulary, Securable::Kind kind, std::string_view word) {
  return Parse(vocabulary, ScopeOf(kind), word);
}
absl::StatusOr<PrivilegeSet> ParsePrivilege(Vocabulary vocabulary, const Securable& on, std::string_view word) {
  return Parse(vocabulary, ScopeOf(on), word);
}
std::vector<std::string> PrivilegeWords(Vocabulary vocabulary, Securable::Kind kind, PrivilegeSet set) {
  return Words(vocabulary, ScopeOf(kind), set);
}
std::vector<std::string> PrivilegeWords(Vocabulary vocabulary, const Securable& on, PrivilegeSet set) {
  return Words(vocabulary, ScopeOf(on), set);
}
std::vector<std::string> AllPrivilegeWords(Vocabulary vocabulary, const Securable& on) {
  const Scope scope = ScopeOf(on);
  std::vector<std::string> words;
  for (const Word& row : WordsOf(vocabulary)) {
    if ((row.scopes & scope) != 0) words.emplace_back(row.word);
  }
  return words;
}

}  // namespace lodestone
