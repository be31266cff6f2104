#include <utility>

#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/model/validate.h"
#include "catalog/record/keys.h"
#include "catalog/session/call.h"
#include "catalog/session/grants_follow.h"
#include "catalog/session/objects.h"

namespace lodestone {

using base::StrCat;
using record::DatabaseId;
using record::v1::DatabaseRecord;
using record::v1::DroppedObject;

namespace session {

namespace {

// Under which folder a catalog's databases lie; empty: none is known. Catalogs without a location of their own get a
// folder each, so that databases of the same name never share one.
std::string RootOf(const Metastore::Impl& metastore, const model::v1::Catalog& catalog) {
  if (!catalog.location_uri().empty()) return catalog.location_uri();
  const std::string& warehouse = metastore.options().warehouse;
  if (warehouse.empty() || catalog.name() == kDefaultCatalog) return warehouse;
  return JoinLocation(warehouse, catalog.name());
}

// Hive: `default` lies in the root itself.
std::string DefaultLocation(const std::string& root, std::string_view database) {
  if (root.empty() || database == kDefaultDatabase) return root;
  return JoinLocation(root, StrCat(database, ".db"));
}

// Catalog, name and id follow from keys.
void PutDatabase(store::Transaction& txn, DatabaseId id, DatabaseRecord record) {
  record.mutable_database()->clear_catalog();
  record.mutable_database()->clear_name();
  record.mutable_database()->clear_id();
  PutRecord(txn, record::DatabaseKey(id), record);
}

absl::Status CheckNotDefault(std::string_view name, std::string_view what) {
  if (name != kDefaultDatabase) return absl::OkStatus();
  return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kDatabase, name,
                   StrCat("database ", name, " can't be ", what, ": every catalog has it"));
}

absl::Status CheckEmpty(const store::Reader& reader, const DatabaseHandle& database) {
  for (const auto& [range, what] :
       {std::pair{record::TableNames(database.id), "table "}, std::pair{record::Functions(database.id), "function "}}) {
    const auto cursor = reader.NewCursor(range);
    cursor->SeekToFirst();
    RETURN_IF_ERROR(cursor->status());
    if (!cursor->Valid()) continue;
    return MakeError(
        ErrorKind::kNotEmpty, ObjectKind::kDatabase, database.name,
        StrCat("database ", database.name, " is not empty: ", what, record::NameUnderParent(cursor->key()), " exists"));
  }
  return absl::OkStatus();
}

absl::Status CheckCatalogField(const Session::Impl& session, const model::v1::Database& database) {
  return CheckSameName(ObjectKind::kCatalog, session.catalog, database.catalog());
}

// As users see it.
absl::StatusOr<model::v1::Database> ShowDatabase(const store::Reader& reader, std::string_view catalog,
                                                 const DatabaseHandle& found) {
  ASSIGN_OR_RETURN(DatabaseRecord record, ReadDatabase(reader, found.id));
  model::v1::Database database = std::move(*record.mutable_database());
  database.set_catalog(std::string(catalog));
  database.set_name(found.name);
  database.set_id(static_cast<int64_t>(found.id.value));
  return database;
}

absl::Status PrepareAltered(const Session::Impl& session, std::string_view name, model::v1::Database* changed) {
  RETURN_IF_ERROR(CheckCatalogField(session, *changed));
  RETURN_IF_ERROR(CheckSameName(ObjectKind::kDatabase, name, changed->name()));
  changed->set_name(std::string(name));
  model::Normalize(changed);
  // An existing name may be one that today's rules would not let in.
  return model::CheckDatabase(*changed, NameRules::kHive);
}

// For whoever may change something of it; what, is asked when that is known.
absl::StatusOr<DatabaseHandle> FindToAlter(const store::Reader& reader, Call& call, std::string_view name) {
  RETURN_IF_ERROR(
      call.CheckAny(reader, {Operation::kAlterDatabase, Operation::kChangeOwner}, Securable::Database(name)));
  return FindDatabase(reader, call.session().catalog, name);
}

// Asks for what the difference between the two takes.
absl::Status CheckDifference(const store::Reader& reader, Call& call, const DatabaseHandle& found,
                             const model::v1::Database& before, model::v1::Database after) {
  if (!call.checked()) return absl::OkStatus();
  const Securable on = Securable::Database(found.name);
  const bool same_owner =
      SameOwner({before.owner_name(), before.owner_type()}, {after.owner_name(), after.owner_type()});
  if (!same_owner) RETURN_IF_ERROR(call.Check(reader, Operation::kChangeOwner, on));
  after.set_owner_name(before.owner_name());
  after.set_owner_type(before.owner_type());
  after.set_name(before.name());
  after.set_catalog(before.catalog());
  after.set_id(before.id());
  if (!same_owner && SameMessage(before, after)) return absl::OkStatus();
  return call.Check(reader, Operation::kAlterDatabase, on);
}

absl::Status ReplaceDatabase(store::Transaction& txn, Call& call, const DatabaseHandle& found,
                             model::v1::Database next) {
  ASSIGN_OR_RETURN(DatabaseRecord record, ReadDatabase(txn, found.id));
  next.set_create_time(record.database().create_time());
  if (next.location_uri().empty()) next.set_location_uri(record.database().location_uri());
  RETURN_IF_ERROR(CheckDifference(txn, call, found, record.database(), next));
  const Grantee old_owner = OwnerOf(record.database());
  const Grantee new_owner = OwnerOf(next);
  *record.mutable_database() = std::move(next);
  PutDatabase(txn, found.id, std::move(record));
  RETURN_IF_ERROR(privilege::NoteDatabaseOwner(txn, found.catalog, found.id, old_owner, new_owner));
  RETURN_IF_ERROR(TouchDefinitions(txn));
  return AppendEvent(call.session(), txn, MakeEvent(model::v1::Event::ALTER_DATABASE, found.name, {}, found.id.value));
}

}  // namespace

absl::StatusOr<DatabaseId> AddDatabase(const Metastore::Impl& metastore, store::Transaction& txn,
                                       const model::v1::Catalog& catalog, model::v1::Database database) {
  const record::CatalogId parent{static_cast<uint64_t>(catalog.id())};
  ASSIGN_OR_RETURN(const uint64_t id, NextId(txn));
  if (database.create_time() == 0) database.set_create_time(metastore.NowSeconds());
  if (database.location_uri().empty()) {
    database.set_location_uri(DefaultLocation(RootOf(metastore, catalog), database.name()));
  }
  record::v1::DatabaseEntry entry;
  entry.set_id(id);
  PutRecord(txn, record::DatabaseNameKey(parent, database.name()), entry);
  DatabaseRecord record;
  record.set_catalog_id(parent.value);
  record.set_name(database.name());
  RETURN_IF_ERROR(privilege::NoteDatabaseOwner(txn, parent, DatabaseId{id}, {}, OwnerOf(database)));
  *record.mutable_database() = std::move(database);
  PutDatabase(txn, DatabaseId{id}, std::move(record));
  return DatabaseId{id};
}

}  // namespace session

using namespace session;  // NOLINT: the calls below are made of what the namespace offers

absl::Status Session::CreateDatabase(const model::v1::Database& database, const CreateOptions& options) {
  model::v1::Database made = database;
  const auto where = [&] { return Target(Securable::Catalog(), ShownAs(Securable::Database(made.name()))); };
  const auto prepare = [&]() -> absl::Status {
    RETURN_IF_ERROR(CheckCreateOptions(options));
    RETURN_IF_ERROR(CheckCatalogField(*impl_, database));
    model::Normalize(&made);
    return model::CheckDatabase(made, impl_->metastore->options().name_rules);
  };
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(Owner owner, OwnerOfNew(txn, call, Securable::Database(made.name()),
                                             {.name = made.owner_name(), .type = made.owner_type()}));
    ASSIGN_OR_RETURN(const auto catalog, FindCatalog(txn, impl_->catalog));
    const record::CatalogId parent{static_cast<uint64_t>(catalog.catalog().id())};
    ASSIGN_OR_RETURN(const auto there, txn.Get(record::DatabaseNameKey(parent, made.name())));
    if (there && options.if_exists == IfExists::kSkip) return absl::OkStatus();
    if (there) return Exists(ObjectKind::kDatabase, made.name());
    model::v1::Database stored = made;
    stored.set_owner_name(std::move(owner.name));
    stored.set_owner_type(owner.type);
    ASSIGN_OR_RETURN(const DatabaseId id, AddDatabase(*impl_->metastore, txn, catalog.catalog(), std::move(stored)));
    RETURN_IF_ERROR(TouchDefinitions(txn));
    return AppendEvent(*impl_, txn, MakeEvent(model::v1::Event::CREATE_DATABASE, made.name(), {}, id.value));
  };
  return Write(*impl_, Operation::kCreateDatabase, where, prepare, body);
}

absl::StatusOr<model::v1::Database> Session::GetDatabase(std::string_view name) const {
  const auto where = [&] { return Securable::Database(name); };
  const auto body = [&](const ReaderPtr& reader, Call&) -> absl::StatusOr<model::v1::Database> {
    ASSIGN_OR_RETURN(const DatabaseHandle found, FindDatabase(*reader, impl_->catalog, name));
    return ShowDatabase(*reader, impl_->catalog, found);
  };
  return Read(*impl_, Operation::kGetDatabase, where, body);
}

absl::StatusOr<Page<std::string>> Session::ListDatabases(const ListNamesOptions& options) const {
  const auto where = [] { return Securable::Catalog(); };
  const auto body = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<Page<std::string>> {
    const auto catalog = FindCatalog(*reader, impl_->catalog);
    if (absl::IsNotFound(catalog.status())) {
      // To whoever sees nothing in any catalog, one that is not there looks like one with nothing for it.
      ASSIGN_OR_RETURN(const bool told, call.IsStoreAdministrator(*reader));
      if (!told) return Page<std::string>();
    }
    RETURN_IF_ERROR(catalog.status());
    const record::CatalogId id{static_cast<uint64_t>(catalog->catalog().id())};
    return ListSeenNames(*reader, call, DatabaseNameSpace(id), Securable::Catalog(), options);
  };
  return Read(*impl_, Operation::kListDatabases, where, body);
}

absl::Status Session::AlterDatabase(std::string_view name, const model::v1::Database& database) {
  model::v1::Database changed = database;
  const auto prepare = [&] { return PrepareAltered(*impl_, name, &changed); };
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const DatabaseHandle found, FindToAlter(txn, call, name));
    return ReplaceDatabase(txn, call, found, changed);
  };
  return Write(
      *impl_, Operation::kAlterDatabase, [&] { return Securable::Database(name); }, prepare, body, Ask::kInBody);
}

absl::Status Session::ModifyDatabase(std::string_view name,
                                     absl::FunctionRef<absl::Status(model::v1::Database&)> change) {
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const DatabaseHandle found, FindToAlter(txn, call, name));
    ASSIGN_OR_RETURN(model::v1::Database changed, ShowDatabase(txn, impl_->catalog, found));
    RETURN_IF_ERROR(change(changed));
    RETURN_IF_ERROR(PrepareAltered(*impl_, name, &changed));
    return ReplaceDatabase(txn, call, found, std::move(changed));
  };
  return Write(
      *impl_, Operation::kAlterDatabase, [&] { return Securable::Database(name); }, body, Ask::kInBody);
}

absl::Status Session::RenameDatabase(std::string_view name, std::string_view new_name) {
  const std::string to = base::AsciiLower(new_name);
  const auto prepare = [&] {
    return model::CheckNewName(ObjectKind::kDatabase, new_name, impl_->metastore->options().name_rules);
  };
  const auto body = [&](store::Transaction& txn, Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const DatabaseHandle found, FindDatabase(txn, impl_->catalog, name));
    RETURN_IF_ERROR(CheckNotDefault(found.name, "renamed"));
    if (found.name == to) return absl::OkStatus();
    const std::string to_key = record::DatabaseNameKey(found.catalog, to);
    ASSIGN_OR_RETURN(const auto there, txn.Get(to_key));
    if (there) return Exists(ObjectKind::kDatabase, to);
    ASSIGN_OR_RETURN(DatabaseRecord record, ReadDatabase(txn, found.id));
    record::v1::DatabaseEntry entry;
    entry.set_id(found.id.value);
    txn.Delete(record::DatabaseNameKey(found.catalog, found.name));
    PutRecord(txn, to_key, entry);
    record.set_name(to);
    PutDatabase(txn, found.id, std::move(record));
    RETURN_IF_ERROR(TouchDefinitions(txn));
    auto event = MakeEvent(model::v1::Event::ALTER_DATABASE, found.name, {}, found.id.value);
    event.set_new_database(to);
    return AppendEvent(*impl_, txn, std::move(event));
  };
  return Write(
      *impl_, Operation::kRenameDatabase, [&] { return Securable::Database(name); }, prepare, body);
}

absl::Status Session::DropDatabase(std::string_view name, const DropOptions& options) {
  const auto body = [&](store::Transaction& txn, Call&) -> absl::Status {
    const auto found = FindDatabase(txn, impl_->catalog, name);
    if (absl::IsNotFound(found.status()) && options.if_missing == IfMissing::kSkip) return absl::OkStatus();
    RETURN_IF_ERROR(found.status());
    RETURN_IF_ERROR(CheckNotDefault(found->name, "dropped"));
    if (options.mode == DropMode::kRestrict) RETURN_IF_ERROR(CheckEmpty(txn, *found));
    const std::string key = record::DatabaseNameKey(found->catalog, found->name);
    ASSIGN_OR_RETURN(const auto entry, txn.Get(key));
    txn.Delete(key);
    const Dropped dropped{.kind = DroppedObject::DATABASE,
                          .parent = found->catalog.value,
                          .name = found->name,
                          .id = found->id.value,
                          .entry = entry.value_or("")};
    RETURN_IF_ERROR(KeepOrPurge(*impl_->metastore, txn, dropped, options.purge));
    RETURN_IF_ERROR(TouchDefinitions(txn));
    return AppendEvent(*impl_, txn, MakeEvent(model::v1::Event::DROP_DATABASE, found->name, {}, found->id.value));
  };
  return Write(
      *impl_, Operation::kDropDatabase, [&] { return Securable::Database(name); }, body);
}

absl::Status Session::UndropDatabase(std::string_view name) {
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string lower, LookupName(ObjectKind::kDatabase, name));
    RETURN_IF_ERROR(call.CheckUndrop(txn));
    ASSIGN_OR_RETURN(const auto catalog, FindCatalog(txn, impl_->catalog));
    const record::CatalogId parent{static_cast<uint64_t>(catalog.catalog().id())};
    const std::string key = record::DatabaseNameKey(parent, lower);
    ASSIGN_OR_RETURN(const auto there, txn.Get(key));
    if (there) return Exists(ObjectKind::kDatabase, lower);
    ASSIGN_OR_RETURN(const DroppedObject dropped, TakeDropped(*impl_->metastore, txn, DroppedObject::DATABASE,
                                                              parent.value, lower, ObjectKind::kDatabase, lower));
    txn.Put(key, dropped.entry());
    RETURN_IF_ERROR(TouchDefinitions(txn));
    return AppendEvent(*impl_, txn, MakeEvent(model::v1::Event::UNDROP_DATABASE, lower, {}, dropped.id()));
  };
  return Write(
      *impl_, Operation::kUndropDatabase, [&] { return Securable::Database(name); }, body, Ask::kInBody);
}

}  // namespace lodestone
