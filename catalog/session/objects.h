// What one kind of object does for another: a catalog begins with a database, a table that goes takes foreign keys
// along, and every kind can be dropped and brought back.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/model/pattern.h"
#include "catalog/record/keys.h"
#include "catalog/session/context.h"

namespace lodestone::session {

class Call;

// --- Making objects. Names were checked and lowered; nothing of the name is there yet ---

// The catalog and its database `default`.
absl::StatusOr<record::CatalogId> AddCatalog(const Metastore::Impl& metastore, store::Transaction& txn,
                                             model::v1::Catalog catalog);
// Fills location and create time where they are not set.
absl::StatusOr<record::DatabaseId> AddDatabase(const Metastore::Impl& metastore, store::Transaction& txn,
                                               const model::v1::Catalog& catalog, model::v1::Database database);

// --- Constraints ---

// Takes away the foreign keys that point at the table (at its constraint `name`, where one is given).
absl::Status DropForeignKeysTo(store::Transaction& txn, record::TableId parent,
                               std::optional<std::string_view> name = std::nullopt);
// Takes away what says that the table's own foreign keys point somewhere.
absl::Status DropReferencesFrom(store::Transaction& txn, record::TableId child);
// FailedPrecondition (kInvalidOperation) when a constraint names a column that `table` does not have.
absl::Status CheckConstraintColumns(const store::Reader& reader, record::TableId id, const TableName& name,
                                    const model::v1::Table& table);

// --- Dropping, undoing it, and the end ---

// What is gone from its name. `entry` is the value that stood there.
struct Dropped {
  record::v1::DroppedObject::Kind kind;
  uint64_t parent = 0;
  std::string name;
  uint64_t id = 0;
  std::string entry;
};
// Keeps it to be brought back; or purges it at once, where nothing is to be kept.
absl::Status KeepOrPurge(const Metastore::Impl& metastore, store::Transaction& txn, const Dropped& dropped,
                         Purge purge);
// The one dropped last under the name, and no longer among the dropped ones. NotFound: there is none that can still be
// brought back; `shown` is its name in messages.
absl::StatusOr<record::v1::DroppedObject> TakeDropped(const Metastore::Impl& metastore, store::Transaction& txn,
                                                      record::v1::DroppedObject::Kind kind, uint64_t parent,
                                                      std::string_view name, ObjectKind object, std::string_view shown);
// The same one, left where it is; nullopt: there is none that can still be brought back.
absl::StatusOr<std::optional<record::v1::DroppedObject>> PeekDropped(const Metastore::Impl& metastore,
                                                                     const store::Reader& reader,
                                                                     record::v1::DroppedObject::Kind kind,
                                                                     uint64_t parent, std::string_view name);

// Everything that lies under the id; its name is gone already. A table's cost does not depend on its partitions;
// databases and catalogs walk their tables.
absl::Status PurgeTable(store::Transaction& txn, record::TableId id);
absl::Status PurgeDatabase(store::Transaction& txn, record::DatabaseId id);
absl::Status PurgeCatalog(store::Transaction& txn, record::CatalogId id);
absl::Status PurgeDropped(store::Transaction& txn, std::string_view key, const record::v1::DroppedObject& dropped);
// All dropped objects of one kind with this parent.
store::KeyRange DroppedUnder(record::v1::DroppedObject::Kind kind, uint64_t parent);

// Whether there is any key in the range.
absl::StatusOr<bool> HasAny(const store::Reader& reader, const store::KeyRange& range);
// Deletes the range: key by key where there are few, since a deleted range costs all later reads near it.
absl::Status DeleteAll(store::Transaction& txn, const store::KeyRange& range);
// Calls `visit` with each key and value of the range. The keys must not be changed meanwhile.
absl::Status ForEach(const store::Reader& reader, const store::KeyRange& range,
                     const std::function<absl::Status(std::string_view key, std::string_view value)>& visit);

// --- Lists of names ---

// How the names of one kind stand in keys.
struct NameSpace {
  std::function<std::string(std::string_view name)> key;  // of the empty name: the prefix of all
  std::string_view (*name)(std::string_view key);
  Securable::Kind kind;
  record::DatabaseId database{};  // of tables and functions
};
NameSpace CatalogNameSpace();
NameSpace DatabaseNameSpace(record::CatalogId catalog);
NameSpace TableNameSpace(record::DatabaseId database);
NameSpace FunctionNameSpace(record::DatabaseId database);

// Calls `take` with the names that pass and the values under them; it answers whether it took one. At the most
// options.limit are taken; returns whether one more would have been.
absl::StatusOr<bool> ListNames(
    const store::Reader& reader, const NameSpace& space, const ListNamesOptions& options,
    const std::function<absl::StatusOr<bool>(std::string_view name, std::string_view value, bool wanted)>& take);
// Those that take all names.
absl::StatusOr<Page<std::string>> ListAllNames(const store::Reader& reader, const NameSpace& space,
                                               const ListNamesOptions& options);
// The same two of what the principal sees; `in` is the database (or the catalog) whose names they are. Where it sees
// everything in there, a few lookups more than without checks; otherwise time proportional to what it sees.
// Whether `take` needs what stands under the names: where it does not, it may get nothing.
enum class Values { kNeeded, kNotNeeded };
absl::StatusOr<bool> ListSeen(
    const store::Reader& reader, Call& call, const NameSpace& space, const Securable& in,
    const ListNamesOptions& options, Values values,
    const std::function<absl::StatusOr<bool>(std::string_view name, std::string_view value, bool wanted)>& take);
absl::StatusOr<Page<std::string>> ListSeenNames(const store::Reader& reader, Call& call, const NameSpace& space,
                                                const Securable& in, const ListNamesOptions& options);

}  // namespace lodestone::session
