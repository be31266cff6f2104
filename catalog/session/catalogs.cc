#include <utility>

#include "catalog/account/accounts.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/model/validate.h"
#include "catalog/record/keys.h"
#include "catalog/session/call.h"
#include "catalog/session/objects.h"

namespace lodestone {

using base::StrCat;
using record::CatalogId;
using record::v1::CatalogRecord;
using record::v1::DroppedObject;

namespace session {

namespace {

CatalogId IdOf(const CatalogRecord& record) { return CatalogId{static_cast<uint64_t>(record.catalog().id())}; }

// The name follows from the key.
void PutCatalog(store::Transaction& txn, std::string_view name, CatalogRecord record) {
  record.mutable_catalog()->clear_name();
  PutRecord(txn, record::CatalogNameKey(name), record);
}

absl::Status CheckNotDefault(std::string_view name, std::string_view what) {
  if (name != kDefaultCatalog) return absl::OkStatus();
  return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kCatalog, name,
                   StrCat("catalog ", name, " can't be ", what, ": every store has it"));
}

absl::Status CheckEmpty(const store::Reader& reader, CatalogId id, std::string_view name) {
  const auto not_empty = [name](std::string_view database) {
    return MakeError(ErrorKind::kNotEmpty, ObjectKind::kCatalog, name,
                     StrCat("catalog ", name, " is not empty: database ", database, " exists"));
  };
  return ForEach(reader, record::DatabaseNames(id), [&](std::string_view key, std::string_view value) -> absl::Status {
    const std::string_view database = record::NameUnderParent(key);
    if (database != kDefaultDatabase) return not_empty(database);
    record::v1::DatabaseEntry entry;
    RETURN_IF_ERROR(DecodeAt(key, value, &entry));
    const record::DatabaseId in{entry.id()};
    ASSIGN_OR_RETURN(const bool tables, HasAny(reader, record::TableNames(in)));
    ASSIGN_OR_RETURN(const bool functions, HasAny(reader, record::Functions(in)));
    return tables || functions ? not_empty("default with tables or functions") : absl::OkStatus();
  });
}

}  // namespace

absl::StatusOr<CatalogId> AddCatalog(const Metastore::Impl& metastore, store::Transaction& txn,
                                     model::v1::Catalog catalog) {
  ASSIGN_OR_RETURN(const uint64_t id, NextId(txn));
  catalog.set_id(static_cast<int64_t>(id));
  if (catalog.create_time() == 0) catalog.set_create_time(metastore.NowSeconds());
  model::v1::Database first;
  first.set_name(std::string(kDefaultDatabase));
  first.set_description("Default Hive database");
  first.set_owner_name("public");
  first.set_owner_type(model::v1::ROLE);
  RETURN_IF_ERROR(AddDatabase(metastore, txn, catalog, std::move(first)).status());
  CatalogRecord record;
  *record.mutable_catalog() = catalog;
  PutCatalog(txn, catalog.name(), std::move(record));
  return CatalogId{id};
}

}  // namespace session

using namespace session;  // NOLINT: the calls below are made of what the namespace offers

namespace {

// Catalogs are the store's business: what is needed is needed there. How they are called in messages and the audit:
Target CatalogTarget(std::string_view name) {
  return Target(Securable::Global(), StrCat("catalog ", base::AsciiLower(name)));
}

}  // namespace

absl::Status Session::CreateCatalog(const model::v1::Catalog& catalog, const CreateOptions& options) {
  model::v1::Catalog lowered = catalog;
  lowered.set_name(base::AsciiLower(catalog.name()));
  const auto prepare = [&]() -> absl::Status {
    RETURN_IF_ERROR(CheckCreateOptions(options));
    return model::CheckCatalog(catalog, impl_->metastore->options().name_rules);
  };
  const auto body = [&](store::Transaction& txn, Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const auto there, txn.Get(record::CatalogNameKey(lowered.name())));
    if (there && options.if_exists == IfExists::kSkip) return absl::OkStatus();
    if (there) return Exists(ObjectKind::kCatalog, lowered.name());
    ASSIGN_OR_RETURN(const CatalogId id, AddCatalog(*impl_->metastore, txn, lowered));
    RETURN_IF_ERROR(TouchDefinitions(txn));
    auto event = MakeEvent(model::v1::Event::CREATE_CATALOG, {}, {}, id.value);
    event.set_catalog(lowered.name());
    return AppendEvent(*impl_, txn, std::move(event));
  };
  return Write(
      *impl_, Operation::kCreateCatalog, [&] { return CatalogTarget(lowered.name()); }, prepare, body);
}

absl::StatusOr<model::v1::Catalog> Session::GetCatalog(std::string_view name) const {
  const auto where = [&] {
    const bool own = base::EqualsIgnoreCase(name, impl_->catalog);
    return Target(own ? Securable::Catalog() : Securable::Global(), StrCat("catalog ", base::AsciiLower(name)));
  };
  const auto body = [&](const ReaderPtr& reader, Call&) -> absl::StatusOr<model::v1::Catalog> {
    ASSIGN_OR_RETURN(CatalogRecord found, FindCatalog(*reader, name));
    return std::move(*found.mutable_catalog());
  };
  return Read(*impl_, Operation::kGetCatalog, where, body);
}

absl::StatusOr<Page<std::string>> Session::ListCatalogs(const ListNamesOptions& options) const {
  const auto where = [] { return Securable::Global(); };
  const auto body = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<Page<std::string>> {
    ASSIGN_OR_RETURN(const bool all, call.May(*reader, Operation::kGetCatalog, Securable::Global()));
    if (all) return ListAllNames(*reader, CatalogNameSpace(), options);
    // Whoever is in a catalog knows of that one.
    Page<std::string> page;
    const auto take = [&](std::string_view name, std::string_view, bool wanted) -> absl::StatusOr<bool> {
      if (name != impl_->catalog) return false;
      if (wanted) page.items.emplace_back(name);
      return true;
    };
    ASSIGN_OR_RETURN(page.more, ListNames(*reader, CatalogNameSpace(), options, take));
    return page;
  };
  return Read(*impl_, Operation::kListCatalogs, where, body);
}

absl::Status Session::AlterCatalog(std::string_view name, const model::v1::Catalog& catalog) {
  const auto prepare = [&] { return CheckSameName(ObjectKind::kCatalog, name, catalog.name()); };
  const auto body = [&](store::Transaction& txn, Call&) -> absl::Status {
    ASSIGN_OR_RETURN(CatalogRecord record, FindCatalog(txn, name));
    model::v1::Catalog& changed = *record.mutable_catalog();
    changed.set_description(catalog.description());
    if (!catalog.location_uri().empty()) changed.set_location_uri(catalog.location_uri());
    RETURN_IF_ERROR(model::CheckCatalog(changed, NameRules::kHive));
    auto event = MakeEvent(model::v1::Event::ALTER_CATALOG, {}, {}, IdOf(record).value);
    event.set_catalog(changed.name());
    PutCatalog(txn, changed.name(), record);
    RETURN_IF_ERROR(TouchDefinitions(txn));
    return AppendEvent(*impl_, txn, std::move(event));
  };
  return Write(
      *impl_, Operation::kAlterCatalog, [&] { return CatalogTarget(name); }, prepare, body);
}

absl::Status Session::RenameCatalog(std::string_view name, std::string_view new_name) {
  const std::string to = base::AsciiLower(new_name);
  const auto prepare = [&] {
    return model::CheckNewName(ObjectKind::kCatalog, new_name, impl_->metastore->options().name_rules);
  };
  const auto body = [&](store::Transaction& txn, Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const CatalogRecord record, FindCatalog(txn, name));
    const std::string from = record.catalog().name();
    RETURN_IF_ERROR(CheckNotDefault(from, "renamed"));
    if (from == to) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto there, txn.Get(record::CatalogNameKey(to)));
    if (there) return Exists(ObjectKind::kCatalog, to);
    txn.Delete(record::CatalogNameKey(from));
    PutCatalog(txn, to, record);
    RETURN_IF_ERROR(account::RenameCatalogOf(txn, IdOf(record), to));
    RETURN_IF_ERROR(TouchDefinitions(txn));
    auto event = MakeEvent(model::v1::Event::ALTER_CATALOG, {}, {}, IdOf(record).value);
    event.set_catalog(from);
    event.set_new_object(to);
    return AppendEvent(*impl_, txn, std::move(event));
  };
  return Write(
      *impl_, Operation::kRenameCatalog, [&] { return CatalogTarget(name); }, prepare, body);
}

absl::Status Session::DropCatalog(std::string_view name, const DropOptions& options) {
  const auto body = [&](store::Transaction& txn, Call&) -> absl::Status {
    const auto found = FindCatalog(txn, name);
    if (absl::IsNotFound(found.status()) && options.if_missing == IfMissing::kSkip) return absl::OkStatus();
    RETURN_IF_ERROR(found.status());
    const std::string& lower = found->catalog().name();
    const CatalogId id = IdOf(*found);
    RETURN_IF_ERROR(CheckNotDefault(lower, "dropped"));
    if (options.mode == DropMode::kRestrict) RETURN_IF_ERROR(CheckEmpty(txn, id, lower));
    const std::string key = record::CatalogNameKey(lower);
    ASSIGN_OR_RETURN(const auto entry, txn.Get(key));
    txn.Delete(key);
    const Dropped dropped{.kind = DroppedObject::CATALOG, .name = lower, .id = id.value, .entry = entry.value_or("")};
    RETURN_IF_ERROR(KeepOrPurge(*impl_->metastore, txn, dropped, options.purge));
    RETURN_IF_ERROR(TouchDefinitions(txn));
    auto event = MakeEvent(model::v1::Event::DROP_CATALOG, {}, {}, id.value);
    event.set_catalog(lower);
    return AppendEvent(*impl_, txn, std::move(event));
  };
  return Write(
      *impl_, Operation::kDropCatalog, [&] { return CatalogTarget(name); }, body);
}

absl::Status Session::UndropCatalog(std::string_view name) {
  const auto body = [&](store::Transaction& txn, Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string lower, LookupName(ObjectKind::kCatalog, name));
    const std::string key = record::CatalogNameKey(lower);
    ASSIGN_OR_RETURN(const auto there, txn.Get(key));
    if (there) return Exists(ObjectKind::kCatalog, lower);
    ASSIGN_OR_RETURN(const DroppedObject dropped, TakeDropped(*impl_->metastore, txn, DroppedObject::CATALOG, 0, lower,
                                                              ObjectKind::kCatalog, lower));
    txn.Put(key, dropped.entry());
    RETURN_IF_ERROR(TouchDefinitions(txn));
    auto event = MakeEvent(model::v1::Event::UNDROP_CATALOG, {}, {}, dropped.id());
    event.set_catalog(lower);
    return AppendEvent(*impl_, txn, std::move(event));
  };
  return Write(
      *impl_, Operation::kUndropCatalog, [&] { return CatalogTarget(name); }, body);
}

}  // namespace lodestone
