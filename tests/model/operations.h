// Operations as data: run on the catalog and on the plain model, they must answer the same text.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "catalog/session.h"

namespace lodestone::twin {

using Names = std::vector<std::string>;

enum class Kind {
  kCreateCatalog,
  kAlterCatalog,
  kRenameCatalog,
  kDropCatalog,
  kUndropCatalog,
  kCreateDatabase,
  kAlterDatabase,
  kRenameDatabase,
  kDropDatabase,
  kUndropDatabase,
  kCreateTable,
  kAlterTable,
  kRenameTable,
  kDropTable,
  kUndropTable,
  kCreateFunction,
  kAlterFunction,
  kRenameFunction,
  kDropFunction,
  kUndropFunction,
  kAddPartitions,
  kAlterPartitions,
  kRenamePartition,
  kDropPartitions,
  kDropPartitionsByFilter,
  kTruncatePartitions,
  kUpdateTableStatistics,
  kDeleteTableStatistics,
  kUpdatePartitionStatistics,
  kAddPrimaryKey,
  kAddForeignKey,
  kDropConstraint,
  kLastWrite = kDropConstraint,
  kListCatalogs,
  kGetCatalog,
  kListDatabases,
  kGetDatabase,
  kListTables,
  kGetTable,
  kListFunctions,
  kGetFunction,
  kListPartitions,
  kGetPartition,
  kCountPartitions,
  kPartitionKeyValues,
  kGetTableStatistics,
  kGetPartitionStatistics,
  kListConstraints,
  kCountEvents,
  kLastRead = kCountEvents,
};

enum class TableKind { kPlain, kPartitioned, kView };

// Which fields count depends on the kind.
struct Operation {
  Kind kind = Kind::kListCatalogs;
  std::string catalog;  // the session's
  std::string name;     // of a catalog
  std::string database;
  std::string object;  // table or function
  std::string new_database;
  std::string new_object;
  TableKind table_kind = TableKind::kPlain;
  std::vector<Names> rows;  // values of partitions
  std::string text;         // a description, parameter, location, constraint: some value that is kept
  std::string filter_value;
  int filter = 0;       // which of kFilters
  bool expect = false;  // alter: compare the parameter `v` with `filter_value` first
  IfExists if_exists = IfExists::kFail;
  IfMissing if_missing = IfMissing::kFail;
  DropMode mode = DropMode::kRestrict;
  Purge purge = Purge::kNo;

  std::string ToString() const;
};

// Filters over the keys k0 and k1; `$` stands for the operation's value.
inline constexpr const char* kFilters[] = {"k0 = '$'", "k1 = '$'", "k0 >= '$' and k1 != '$'"};

// Small pools of names, so that operations meet.
class OperationSource {
 public:
  explicit OperationSource(uint64_t seed) : random_(seed) {}
  Operation Write();
  Operation Read();
  // Every read there is about the names of the pools.
  std::vector<Operation> ReadAll();
  // In [0, n).
  int Below(int n) { return static_cast<int>(random_() % static_cast<uint64_t>(n)); }

 private:
  std::string Pick(const Names& pool) { return pool[static_cast<std::size_t>(Below(static_cast<int>(pool.size())))]; }
  Operation Any(Kind kind);
  Names Values();

  std::mt19937_64 random_;
  int made_ = 0;
};

// The answer of the catalog as text: a code, and what was read.
std::string RunOnSession(Session& session, const Operation& operation);

// The text of one partition, of `key=value` lists, and so on: the same for both sides.
std::string Join(const Names& pieces, std::string_view between);

}  // namespace lodestone::twin
