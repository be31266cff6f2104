// Every operation on objects.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/accounts.h"
#include "catalog/errors.h"
#include "catalog/events.h"
#include "catalog/filter.h"
#include "catalog/names.h"
#include "catalog/options.h"
#include "catalog/partition_batch.h"
#include "catalog/privileges.h"
#include "catalog/statistics.h"
#include "lodestone/model/v1/catalog.pb.h"
#include "lodestone/model/v1/constraint.pb.h"
#include "lodestone/model/v1/database.pb.h"
#include "lodestone/model/v1/function.pb.h"
#include "lodestone/model/v1/partition.pb.h"
#include "lodestone/model/v1/statistics.pb.h"
#include "lodestone/model/v1/table.pb.h"

namespace lodestone {

// Partitions in name order, batch by batch, all from one snapshot:
//   for (auto c = session.ListPartitions(t, {.filter = "dt > '2026-01-05'"}); c.Next();) Use(c.batch());
// Not thread-safe. Movable. Keeps its snapshot, and so old data, alive: finish or destroy it.
class PartitionCursor {
 public:
  class Impl;
  explicit PartitionCursor(std::unique_ptr<Impl> impl);
  explicit PartitionCursor(absl::Status failure);
  PartitionCursor(PartitionCursor&&) noexcept;
  PartitionCursor& operator=(PartitionCursor&&) noexcept;
  ~PartitionCursor();

  // To the next batch, which is not empty. False at the end or on a failure; then see status().
  bool Next();
  // REQUIRES: Next() returned true. Valid until the next call of Next().
  const PartitionBatch& batch() const;
  // OK at the end. Sticky.
  const absl::Status& status() const;
  // Where another cursor goes on, also in another process or after a restart; empty when nothing is left. Behind a
  // limit, and after each batch.
  std::string ResumeToken() const;
  // What it cost so far.
  const FilterPlan& plan() const;

 private:
  std::unique_ptr<Impl> impl_;
  absl::Status status_;
};

// A list of names or summaries, and whether there are more behind it.
template <typename T>
struct Page {
  std::vector<T> items;
  bool more = false;
};

// A parameter that a table must have at the moment of an alter; anything else is FailedPrecondition (kModified), so
// that Transact does not run the same comparison again. An absent parameter has the value nullopt. (Iceberg's compare
// and set.)
struct ExpectedParameter {
  std::string key;
  std::optional<std::string> value;
};

// What one principal does in one catalog. Thread-safe, unless it is inside of Transact; cheap to copy. Outlived by its
// Metastore. Each call is atomic. Unless a call says more it fails with
//   InvalidArgument     a name, message, filter or token breaks a rule
//   NotFound            the object, or what should hold it, is not there
//   FailedPrecondition  the store or this session is read-only
//   PermissionDenied    (kNoPrivilege) the principal lacks a privilege. Whoever has none on an object that is not
//   there,
//                       nor on what would hold it, gets this as well: it is not to be learned whether there is one
//   Aborted             lost to a concurrent change too often: try again
//   DataLoss, Unavailable  the store is damaged, or an I/O error occurred
// and a failed call changed nothing. DomainErrorOf(status) tells more.
class Session {
 public:
  class Impl;
  explicit Session(std::shared_ptr<Impl> impl);
  Session(const Session&);
  Session(Session&&) noexcept;
  Session& operator=(const Session&);
  Session& operator=(Session&&) noexcept;
  ~Session();

  std::string_view catalog() const;
  const Principal& principal() const;
  // The same session, whose audit records carry this id.
  Session WithRequestId(std::string_view request_id) const;

  // ---- Several operations as one ----
  // Runs `body` in one transaction, again from the start when it was Aborted (so it may run more than once), and
  // returns the version of the commit. `body` must use the session it is given, and not keep it: a write through
  // another session is FailedPrecondition. A call that fails after it began to write makes the whole fail, whatever
  // `body` returns. Called on the session of an outer Transact, it becomes a part of that one. Other writers wait
  // meanwhile.
  absl::StatusOr<uint64_t> Transact(absl::FunctionRef<absl::Status(Session&)> body);
  // A read-only session at one point in time; writes fail with FailedPrecondition. Keeps old data alive. Privileges are
  // those of that point as well: what is revoked later still reads the old state, so hand no snapshot to others.
  Session Snapshot() const;
  // The commit that a read would see now.
  uint64_t version() const;

  // ---- Catalogs: of the store, whatever the session's own ----
  absl::Status CreateCatalog(const model::v1::Catalog& catalog, const CreateOptions& options = {});
  absl::StatusOr<model::v1::Catalog> GetCatalog(std::string_view name) const;
  absl::StatusOr<Page<std::string>> ListCatalogs(const ListNamesOptions& options = {}) const;
  // Changes description and location; an empty location keeps the present one. The name stays.
  absl::Status AlterCatalog(std::string_view name, const model::v1::Catalog& catalog);
  absl::Status RenameCatalog(std::string_view name, std::string_view new_name);
  // `hive` can't be dropped or renamed. A catalog that holds more than an empty `default` database needs kCascade.
  absl::Status DropCatalog(std::string_view name, const DropOptions& options = {});
  // Brings back the catalog dropped last under this name.
  absl::Status UndropCatalog(std::string_view name);

  // ---- Databases ----
  absl::Status CreateDatabase(const model::v1::Database& database, const CreateOptions& options = {});
  absl::StatusOr<model::v1::Database> GetDatabase(std::string_view name) const;
  absl::StatusOr<Page<std::string>> ListDatabases(const ListNamesOptions& options = {}) const;
  // Replaces all but name, id and create time; an empty location keeps the present one.
  absl::Status AlterDatabase(std::string_view name, const model::v1::Database& database);
  // Alters what `change` made of the database as it is now, in one transaction; `change` may run more than once. Needs
  // what the alteration needs, and no privilege to read.
  absl::Status ModifyDatabase(std::string_view name, absl::FunctionRef<absl::Status(model::v1::Database&)> change);
  // Costs the same whatever the database holds.
  absl::Status RenameDatabase(std::string_view name, std::string_view new_name);
  // `default` can't be dropped or renamed. kRestrict: FailedPrecondition (kNotEmpty) when it holds tables or functions.
  absl::Status DropDatabase(std::string_view name, const DropOptions& options = {});
  // Brings back the database dropped last under this name, with all it held. NotFound: none, or retention is over.
  // AlreadyExists: the name is in use again.
  absl::Status UndropDatabase(std::string_view name);

  // ---- Tables and views ----
  // Without an owner it belongs to the session's principal; another owner takes what a change of owner takes. So do
  // databases and functions.
  absl::Status CreateTable(const model::v1::Table& table, const CreateOptions& options = {});
  // For whoever has privileges on some columns alone: these columns, and nothing that tells of others.
  absl::StatusOr<model::v1::Table> GetTable(const TableName& name) const;
  absl::StatusOr<Page<std::string>> ListTables(std::string_view database, const ListNamesOptions& options = {}) const;
  // Reads no table record.
  absl::StatusOr<Page<model::v1::TableSummary>> ListTableSummaries(std::string_view database,
                                                                   const ListNamesOptions& options = {}) const;
  // Replaces all but name, id and create time; an empty location keeps the present one. Partition keys keep number and
  // types, and may change name and comment. Partitions stay as they are, and where they are. FailedPrecondition
  // (kInvalidOperation): partition keys of other types, a column gone that a constraint names, a view made a table;
  // (kModified): a parameter that is not as `expected`.
  absl::Status AlterTable(const TableName& name, const model::v1::Table& table,
                          std::span<const ExpectedParameter> expected = {});
  // As ModifyDatabase.
  absl::Status ModifyTable(const TableName& name, absl::FunctionRef<absl::Status(model::v1::Table&)> change);
  // Also to another database. Costs the same whatever the number of partitions. Locations stay.
  absl::Status RenameTable(const TableName& name, const TableName& new_name);
  // Costs the same whatever the number of partitions; space comes back in the background. Foreign keys that point at
  // the table go at once, and do not come back with it.
  absl::Status DropTable(const TableName& name, const DropOptions& options = {});
  absl::Status UndropTable(const TableName& name);

  // ---- Functions ----
  absl::Status CreateFunction(const model::v1::Function& function, const CreateOptions& options = {});
  absl::StatusOr<model::v1::Function> GetFunction(const FunctionName& name) const;
  absl::StatusOr<Page<std::string>> ListFunctions(std::string_view database,
                                                  const ListNamesOptions& options = {}) const;
  absl::Status AlterFunction(const FunctionName& name, const model::v1::Function& function);
  absl::Status RenameFunction(const FunctionName& name, const FunctionName& new_name);
  absl::Status DropFunction(const FunctionName& name, const DropOptions& options = {});
  absl::Status UndropFunction(const FunctionName& name);

  // ---- Constraints ----
  // A second primary key is AlreadyExists. Unnamed ones get a name. A foreign key points at a primary key or unique
  // constraint with the same columns, of a table that exists.
  // A foreign key's parent must be one that the principal sees; ListConstraints leaves out the others.
  absl::Status AddConstraints(const TableName& table, std::span<const model::v1::Constraint> constraints);
  absl::StatusOr<std::vector<model::v1::Constraint>> ListConstraints(const TableName& table) const;
  // Dropping a key drops the foreign keys that point at it.
  absl::Status DropConstraint(const TableName& table, std::string_view name);

  // ---- Column statistics ----
  absl::Status UpdateTableStatistics(const TableName& table, std::span<const model::v1::ColumnStatistics> statistics);
  // Of the columns named, all when none is; columns without statistics are left out.
  absl::StatusOr<std::vector<model::v1::ColumnStatistics>> GetTableStatistics(
      const TableName& table, std::span<const std::string> columns = {}) const;
  absl::Status DeleteTableStatistics(const TableName& table, std::span<const std::string> columns = {});
  absl::Status UpdatePartitionStatistics(const TableName& table, std::span<const std::string> values,
                                         std::span<const model::v1::ColumnStatistics> statistics);
  absl::StatusOr<std::vector<model::v1::ColumnStatistics>> GetPartitionStatistics(
      const TableName& table, std::span<const std::string> values, std::span<const std::string> columns = {}) const;
  // Of those of the named partitions that exist and have any, in name order, each once. RollUp (statistics.h) makes one
  // of them. InvalidArgument: no name of a partition of this table.
  absl::StatusOr<std::vector<PartitionStatistics>> GetPartitionsStatistics(
      const TableName& table, std::span<const std::string> names, std::span<const std::string> columns = {}) const;
  absl::Status DeletePartitionStatistics(const TableName& table, std::span<const std::string> values,
                                         std::span<const std::string> columns = {});

  // ---- Partitions: reading ----
  // Partitions that pass options.filter, in name order, as of this call. Reads pages only as the cursor moves.
  PartitionCursor ListPartitions(const TableName& table, const ListOptions& options = {}) const;
  absl::StatusOr<NameList> PartitionNames(const TableName& table, const ListOptions& options = {}) const;
  absl::StatusOr<std::vector<std::string>> PartitionNameStrings(const TableName& table,
                                                                const ListOptions& options = {}) const;
  absl::StatusOr<model::v1::Partition> GetPartition(const TableName& table, std::span<const std::string> values) const;
  absl::StatusOr<bool> PartitionExists(const TableName& table, std::span<const std::string> values) const;
  // Those of the named ones that exist, in name order, each once. Each page that holds some is read once.
  absl::StatusOr<std::vector<model::v1::Partition>> GetPartitionsByNames(const TableName& table,
                                                                         std::span<const std::string> names) const;
  // The same, as a list; options.filter must pass too.
  PartitionCursor ListPartitionsByNames(const TableName& table, std::span<const std::string> names,
                                        const ListOptions& options = {}) const;
  // By leading values; an empty string matches any value, and the list may be shorter than the keys (Hive's `_ps`
  // calls). InvalidArgument: more values than keys. options.filter must pass too.
  PartitionCursor ListPartitionsByValues(const TableName& table, std::span<const std::string> partial_values,
                                         const ListOptions& options = {}) const;
  // The distinct values of one key among the partitions that pass; in the order of the key's type, NULL first.
  absl::StatusOr<std::vector<std::string>> PartitionKeyValues(const TableName& table, std::string_view key,
                                                              const ListOptions& options = {}) const;
  // Without a filter it costs one read.
  absl::StatusOr<int64_t> CountPartitions(const TableName& table, std::string_view filter = {},
                                          FilterMode mode = FilterMode::kSql) const;
  absl::StatusOr<model::v1::PartitionSummary> SummarizePartitions(const TableName& table, std::string_view filter = {},
                                                                  FilterMode mode = FilterMode::kSql) const;
  // Runs the filter as a count and says how.
  absl::StatusOr<FilterPlan> Explain(const TableName& table, std::string_view filter,
                                     FilterMode mode = FilterMode::kSql) const;

  // ---- Partitions: writing. All or nothing, whatever the number ----
  // Of a view, or a table without partition keys: FailedPrecondition (kInvalidOperation), here and above.
  // AlreadyExists names the first one present, unless options.if_exists says skip or replace. InvalidArgument: a wrong
  // number of values, the same partition twice.
  absl::StatusOr<AddResult> AddPartitions(const TableName& table, std::span<const model::v1::Partition> partitions,
                                          const AddOptions& options = {});
  // Replaces what the partitions hold but values and create time; an empty location keeps the present one. NotFound
  // names the first one missing.
  absl::Status AlterPartitions(const TableName& table, std::span<const model::v1::Partition> partitions);
  // Keeps everything but the values; the location stays.
  absl::Status RenamePartition(const TableName& table, std::span<const std::string> values,
                               std::span<const std::string> new_values);
  // Returns how many were dropped. NotFound names the first one missing, unless if_missing is kSkip.
  absl::StatusOr<int64_t> DropPartitions(const TableName& table, std::span<const std::string> names,
                                         IfMissing if_missing = IfMissing::kFail);
  // By its values. Needs no privilege but that to drop it.
  absl::Status DropPartition(const TableName& table, std::span<const std::string> values);
  // The empty filter is InvalidArgument: say TruncatePartitions.
  absl::StatusOr<int64_t> DropPartitionsByFilter(const TableName& table, std::string_view filter,
                                                 FilterMode mode = FilterMode::kSql);
  // Drops all. Costs the same whatever their number.
  absl::Status TruncatePartitions(const TableName& table);

  // ---- Privileges: of the session's catalog ----
  // Grants what `grant` names, all or nothing; what is there already stays, with a grant option where one is now asked
  // for. PermissionDenied (kNoPrivilege): the principal is no administrator, not the owner of the object or of what
  // holds it, and has no grant option (or kGrantPrivilege) for one of the privileges. NotFound: no such object; users
  // and groups need not be known, roles do.
  absl::Status Grant(const GrantSpec& grant);
  // Owners, administrators and holders of kRevokePrivilege take away what anybody granted; others what they granted
  // themselves. What was not granted is no error.
  absl::Status Revoke(const RevokeSpec& revoke, RevokeMode mode = RevokeMode::kCascade);
  // Takes away everything that `to` has on exactly this object and grants these instead, without grant option. Needs
  // what Grant and Revoke need.
  absl::Status ReplaceGrants(const Grantee& to, const Securable& on, PrivilegeSet privileges);
  // Makes these all that anybody has on exactly this object, with and without grant option as they say; what is there
  // already keeps grantor and time. Needs what ReplaceGrants needs. InvalidArgument: one of them is on something else.
  absl::Status ReplaceAllGrants(const Securable& on, std::span<const GrantSpec> grants);
  // Entries in the order of objects and grantees. A principal sees its own (of its roles and groups too), and those on
  // objects that it owns, or has kShowPrivileges on; asking for others fails with PermissionDenied.
  absl::StatusOr<std::vector<GrantEntry>> ListGrants(const GrantFilter& filter = {}) const;
  // What `who` has on the object, by every way: ownership, roles, groups, objects above it.
  absl::StatusOr<PrivilegeSet> EffectivePrivileges(const Principal& who, const Securable& on) const;
  // The grants that this comes from: those to `who`, its groups and roles, and `public`, on the object and on what
  // holds it, from the store downwards. Ownership and the role `admin` are no grants. Of others: as Check.
  absl::StatusOr<std::vector<GrantEntry>> EffectiveGrants(const Principal& who, const Securable& on) const;
  // Whether `who` has one of the privileges, and why. Of others: as ListGrants.
  absl::StatusOr<Decision> Check(const Principal& who, PrivilegeSet any_of, const Securable& on) const;

  // ---- Roles and groups: of the session's catalog ----
  // Administrators make roles and groups; whoever has a role with admin option gives and takes it.
  absl::Status CreateRole(std::string_view role);
  // Its members lose it, and what was granted to it is gone, with what was granted on by virtue of that.
  absl::Status DropRole(std::string_view role);
  absl::StatusOr<std::vector<std::string>> ListRoles() const;
  // To a user, group or other role. InvalidArgument: the role would be a member of itself, over however many others.
  // `grantor`: as in GrantSpec.
  absl::Status GrantRole(std::string_view role, const Grantee& member, bool admin_option = false,
                         std::string_view grantor = {});
  absl::Status RevokeRole(std::string_view role, const Grantee& member, bool admin_option_only = false);
  // Which roles `member` has directly; and who has the role directly.
  absl::StatusOr<std::vector<RoleGrant>> ListRolesOf(const Grantee& member) const;
  absl::StatusOr<std::vector<RoleGrant>> ListMembers(std::string_view role) const;
  absl::Status AddToGroup(std::string_view group, std::string_view user);
  absl::Status RemoveFromGroup(std::string_view group, std::string_view user);
  absl::StatusOr<std::vector<std::string>> ListGroups() const;
  absl::StatusOr<std::vector<std::string>> ListGroupMembers(std::string_view group) const;
  absl::StatusOr<bool> IsAdministrator(const Principal& who) const;
  // Administrators of the store may do everything in every catalog, and with the catalogs themselves.
  absl::Status SetStoreAdministrator(std::string_view user, bool is_administrator);

  // ---- Accounts: of the session's catalog; administrators alone ----
  // kStore: for every catalog; only the embedding program and administrators of the store make and change such an
  // account. AlreadyExists: also when there is one of the other scope.
  absl::Status CreateAccount(std::string_view name, AccountScope scope = AccountScope::kCatalog);
  absl::StatusOr<Account> GetAccount(std::string_view name) const;
  absl::StatusOr<std::vector<Account>> ListAccounts() const;
  // A disabled account can't come in.
  absl::Status EnableAccount(std::string_view name, bool enabled);
  // With its keys and tokens. What was granted to the principal stays.
  absl::Status DropAccount(std::string_view name);
  // Up to 10 per account. FailedPrecondition: the key file (OpenOptions::key_file) can't be made or read.
  absl::StatusOr<NewAccessKey> CreateAccessKey(std::string_view account);
  absl::StatusOr<std::vector<AccessKey>> ListAccessKeys(std::string_view account) const;
  absl::Status ActivateAccessKey(std::string_view id, bool active);
  absl::Status DropAccessKey(std::string_view id);
  absl::StatusOr<NewToken> CreateToken(std::string_view account, int64_t lifetime_ms);
  absl::StatusOr<std::vector<Token>> ListTokens(std::string_view account) const;
  absl::Status DropToken(std::string_view id);

  // ---- Events ----
  // Administrators read all of their catalog, those of the store all; others the events about what they see, without
  // the names of partitions where they may not list these. Ids have gaps then. OutOfRange (kEventsExpired): events
  // after options.after are beyond retention; start again from a snapshot.
  absl::StatusOr<EventPage> ReadEvents(const EventOptions& options = {}) const;
  absl::StatusOr<EventBounds> GetEventBounds() const;

  const std::shared_ptr<Impl>& impl() const { return impl_; }  // for the library itself

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace lodestone
