#include "catalog/session/upgrade.h"

#include <utility>

#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/session/grants_follow.h"
#include "catalog/session/objects.h"

namespace lodestone::session {

namespace {

using record::CatalogId;
using record::DatabaseId;

constexpr uint32_t kFormatWithGrants = 2;

// Format 2 keeps who sees what: so far there were no grants, but owners.
absl::Status NoteOwners(const store::Reader& before, store::Transaction& txn) {
  return ForEach(before, record::AllDatabases(), [&](std::string_view key, std::string_view value) -> absl::Status {
    record::v1::DatabaseRecord database;
    RETURN_IF_ERROR(DecodeAt(key, value, &database));
    const auto head = record::ParseHead(key);
    const DatabaseId id{head ? head->id : 0};
    const CatalogId catalog{database.catalog_id()};
    RETURN_IF_ERROR(privilege::NoteDatabaseOwner(txn, catalog, id, {}, OwnerOf(database.database())));
    RETURN_IF_ERROR(
        ForEach(before, record::TableNames(id), [&](std::string_view name_key, std::string_view entry_value) {
          record::v1::TableEntry entry;
          RETURN_IF_ERROR(DecodeAt(name_key, entry_value, &entry));
          return privilege::NoteMade(txn, NamedTable(catalog, id, record::NameUnderParent(name_key), entry));
        }));
    return ForEach(before, record::Functions(id), [&](std::string_view name_key, std::string_view function_value) {
      record::v1::FunctionRecord record;
      RETURN_IF_ERROR(DecodeAt(name_key, function_value, &record));
      return privilege::NoteMade(txn, NamedFunction(catalog, id, record::NameUnderParent(name_key), record.function()));
    });
  });
}

}  // namespace

absl::Status UpgradeStore(Metastore::Impl& metastore, record::v1::StoreHeader header) {
  if (metastore.options().follower) {
    return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kStore, metastore.path(),
                     base::StrCat("the store in ", metastore.path(), " has format ", header.format_version(),
                                  ", this version of the library follows stores of format ", record::kStoreFormat,
                                  ": open it for writing once, which upgrades it"));
  }
  const auto before = metastore.store().Snapshot();
  ASSIGN_OR_RETURN(const auto txn, metastore.store().Begin());
  if (header.format_version() < kFormatWithGrants) RETURN_IF_ERROR(NoteOwners(*before, *txn));
  // From 2 to 3 nothing changes but the number: there were no locks, transactions and write ids.
  header.set_format_version(record::kStoreFormat);
  PutRecord(*txn, record::HeaderKey(), header);
  return txn->Commit(store::Durability::kSync).status();
}

}  // namespace lodestone::session
