// A session that does beside each change what Hive's metastore server does: it fills defaults, makes, moves and removes
// folders, and gathers what can be learned of files by looking. docs/semantics/warehouse.md has the rules.
//
// Every call is one transaction. In it: the privileges are checked before any folder is looked at; folders are made,
// and moved, before the commit, and taken back when it fails; data is removed after the commit. So no entry of the
// catalog ever names data that was removed, and a failed call leaves no folder; a crash leaves at the worst a folder
// that nobody uses, data that nobody names, or a folder that was moved a moment before its table was renamed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/session.h"
#include "catalog/warehouse.h"

namespace lodestone {

// What all sessions of a server have in common. Cheap to copy.
struct HiveOptions {
  // Not owned; outlives the sessions.
  Warehouse* warehouse = nullptr;
  // Whether numFiles and totalSize are gathered by looking at folders.
  bool gather_statistics = true;
  // Data that could not be removed, or a folder that could not be taken back: the change itself is done (or undone) by
  // then, so the call does not fail. Empty: nobody wants to know.
  LeftBehind left_behind{};
};

// What a call says beside its arguments (Hive's environment context).
struct HiveContext {
  bool keep_statistics = false;  // DO_NOT_UPDATE_STATS: numFiles and totalSize are not gathered
  bool purge = false;            // ifPurge: what is removed does not go to the trash
  bool cascade = false;          // CASCADE: when columns change, all partitions get the table's
  // STATS_GENERATED: the statistics in the message were computed. Empty: they were not.
  std::string statistics_from{};
  // expected_parameter_key, expected_parameter_value: what the table must have at that moment. kModified otherwise.
  std::optional<ExpectedParameter> expected{};

  // Keys that mean nothing here are ignored.
  static HiveContext FromProperties(const std::map<std::string, std::string>& properties);
};

struct HiveDropOptions {
  // Whether the data of managed tables goes as well; of external ones it does with `external.table.purge` alone.
  bool delete_data = true;
  bool purge = false;  // not to the trash; nor can the drop be undone
  IfMissing if_missing = IfMissing::kFail;
  DropMode mode = DropMode::kRestrict;  // of databases and catalogs
};

struct HiveAddResult {
  // Those that were added, as they are stored now, in the order of the call.
  std::vector<model::v1::Partition> partitions;
  int64_t skipped = 0;  // there already
};

// Column statistics of a table or of one of its partitions.
struct HiveStatistics {
  TableName table;
  std::optional<std::string> partition{};  // its name
  std::vector<model::v1::ColumnStatistics> columns{};
};
enum class StatisticsMode {
  kReplace,  // they are of all rows
  kMerge,    // they are of rows that were added
};
// Which statistics of a table a call means.
struct HiveStatisticsQuery {
  std::optional<std::string> partition{};  // of this one, by its name
  std::optional<std::string> column{};     // of this one; nullopt: of all
  std::string engine{};                    // whose; empty: of whichever
};

// Wraps a Session: as thread-safe and as cheap to copy. Reads are the session's own. Beside what Session's calls fail
// with:
//   InvalidArgument  (kInvalidObject, kFolder) a folder can't be made: its place is not permitted, or a file is in the
//                    way
//   Unavailable      an I/O error in the warehouse; the call changed nothing
//   FailedPrecondition  (kInvalidOperation) `session` is one inside of Transact: these calls commit by themselves
class HiveSession {
 public:
  // REQUIRES: options.warehouse.
  HiveSession(Session session, HiveOptions options);

  Session& session() { return session_; }
  const Session& session() const { return session_; }
  const HiveOptions& options() const { return options_; }

  // ---- Catalogs and databases ----
  // With its folder, and with that of its `default` database.
  absl::Status CreateCatalog(const model::v1::Catalog& catalog, const CreateOptions& create = {});
  // Folders go that are empty.
  absl::Status DropCatalog(std::string_view name, const HiveDropOptions& drop = {});

  // The create time is the store's, whatever the message says. Makes the folder.
  absl::Status CreateDatabase(const model::v1::Database& database, const CreateOptions& create = {});
  // The name in the message does not count. Without description, location or type of owner the present ones stay;
  // without owner and parameters there are none any more. No folder is made or moved.
  absl::Status AlterDatabase(std::string_view name, const model::v1::Database& database);
  // kNotEmpty: `Database d is not empty. One or more tables exist.` kCascade: its tables are dropped as DropTable
  // would, then the folder goes, unless an external table of the database keeps its data in there.
  absl::Status DropDatabase(std::string_view name, const HiveDropOptions& drop = {});

  // ---- Tables ----
  // `also` runs in the same transaction, behind the creation: constraints, grants.
  //   FailedPrecondition  (kInvalidOperation) `transactional=true` does not fit the table
  absl::Status CreateTable(const model::v1::Table& table, const HiveContext& context = {},
                           const std::function<absl::Status(Session&)>& also = {});
  // Another name or database in the message renames the table. A managed table whose folder is the one that a table of
  // its name has by default then gets its new default folder, with all partitions that lie in it.
  //   FailedPrecondition  (kInvalidOperation) `new table db.t already exists`, `partition keys can not be changed.`,
  //                       something is where the folder would go; (kModified) context.expected
  absl::Status AlterTable(const TableName& name, const model::v1::Table& table, const HiveContext& context = {});
  absl::Status DropTable(const TableName& name, const HiveDropOptions& drop = {});
  // Clears the folders of these partitions (no names: of the table and all its partitions), and sets the statistics to
  // nothing. Names that are not there: NotFound.
  absl::Status TruncateTable(const TableName& name, std::span<const std::string> partition_names = {},
                             const HiveContext& context = {});

  // ---- Partitions ----
  // A partition without descriptor, or with a location alone, has the table's descriptor. IfExists::kReplace is
  // InvalidArgument.
  absl::StatusOr<HiveAddResult> AddPartitions(const TableName& table, std::vector<model::v1::Partition> partitions,
                                              const AddOptions& add = {}, const HiveContext& context = {});
  // By its values, with the table's descriptor and the default location.
  absl::StatusOr<model::v1::Partition> AppendPartition(const TableName& table, std::span<const std::string> values,
                                                       const HiveContext& context = {});
  absl::StatusOr<model::v1::Partition> AppendPartitionByName(const TableName& table, std::string_view name,
                                                             const HiveContext& context = {});
  absl::Status AlterPartitions(const TableName& table, std::span<const model::v1::Partition> partitions,
                               const HiveContext& context = {});
  // Takes everything from `partition`, its values too. Of a managed table the folder moves to its new default place; of
  // an external one it stays.
  absl::Status RenamePartition(const TableName& table, std::span<const std::string> values,
                               const model::v1::Partition& partition, const HiveContext& context = {});
  // Folders of keys above that are empty then go as well. Returns what was dropped.
  absl::StatusOr<std::vector<model::v1::Partition>> DropPartitions(const TableName& table,
                                                                   std::span<const std::string> names,
                                                                   const HiveDropOptions& drop = {});
  absl::Status DropPartition(const TableName& table, std::span<const std::string> values,
                             const HiveDropOptions& drop = {});
  absl::StatusOr<std::vector<model::v1::Partition>> DropPartitionsByFilter(const TableName& table,
                                                                           std::string_view filter,
                                                                           const HiveDropOptions& drop = {},
                                                                           FilterMode mode = FilterMode::kHive);
  // Moves the partitions of `from` whose keys have the values of `specification` (key -> value; at least one) to `to`,
  // with their folders. Both tables have the same columns and keys. Returns them as they are in `to`.
  absl::StatusOr<std::vector<model::v1::Partition>> ExchangePartitions(
      const TableName& from, const TableName& to, const std::map<std::string, std::string>& specification);

  // ---- Column statistics ----
  // All or none, in their order. The time of analysis is the store's. COLUMN_STATS_ACCURATE of the table or partition
  // names the columns then; that takes no privilege more. kMerge rolls in what is known (MergeStatistics), and leaves
  // alone columns that COLUMN_STATS_ACCURATE does not name: what is known of the other rows may be nothing, or wrong.
  //   NotFound         the table, the partition; (kColumn) `Column c doesn't exist in table t in database d`
  //   InvalidArgument  the partition's name; (kStatistics) known and new ones are of two kinds of data
  absl::Status UpdateStatistics(std::span<const HiveStatistics> updates,
                                StatisticsMode mode = StatisticsMode::kReplace);
  // COLUMN_STATS_ACCURATE no longer names the columns. NotFound (kStatistics): there are none of the column named.
  absl::Status DeleteStatistics(const TableName& table, const HiveStatisticsQuery& query = {});

 private:
  Session session_;
  HiveOptions options_;
};

}  // namespace lodestone
