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
using model::v1::Event;
using model::v1::Function;
using record::v1::DroppedObject;
using record::v1::FunctionRecord;

namespace session {

namespace {

struct FunctionHandle {
  DatabaseHandle database;
  FunctionName name;  // lower case
  Function function;  // names filled in
};

absl::StatusOr<FunctionHandle> FindFunction(const store::Reader& reader, std::string_view catalog,
                                            const FunctionName& name) {
  ASSIGN_OR_RETURN(std::string lower, LookupName(ObjectKind::kFunction, name.function));
  ASSIGN_OR_RETURN(DatabaseHandle database, FindDatabase(reader, catalog, name.database));
  FunctionName found{.database = database.name, .function = std::move(lower)};
  ASSIGN_OR_RETURN(auto record, ReadRecord<FunctionRecord>(reader, record::FunctionKey(database.id, found.function)));
  if (!record) return NoSuch(ObjectKind::kFunction, found.ToString());
  FunctionHandle handle{
      .database = std::move(database), .name = std::move(found), .function = std::move(*record->mutable_function())};
  handle.function.set_catalog(base::AsciiLower(catalog));
  handle.function.set_database(handle.name.database);
  handle.function.set_name(handle.name.function);
  return handle;
}

FunctionRecord MakeRecord(Function function) {
  function.clear_catalog();
  function.clear_database();
  function.clear_name();
  FunctionRecord record;
  *record.mutable_function() = std::move(function);
  return record;
}

privilege::NamedObject NamedFunction(const FunctionHandle& handle) {
  return session::NamedFunction(handle.database.catalog, handle.database.id, handle.name.function, handle.function);
}

Grantee OwnerOf(const Function& function) { return privilege::OwnerOf(function.owner_name(), function.owner_type()); }

Event MakeFunctionEvent(Event::Kind kind, const FunctionHandle& handle) {
  return MakeEvent(kind, handle.name.database, handle.name.function, static_cast<uint64_t>(handle.function.id()));
}

}  // namespace
}  // namespace session

using namespace session;  // NOLINT: the calls below are made of what the namespace offers

absl::Status Session::CreateFunction(const Function& function, const CreateOptions& options) {
  Function made = function;
  const auto where = [&] {
    const Securable itself = Securable::Function({.database = made.database(), .function = made.name()});
    return Target(Securable::Database(made.database()), ShownAs(itself));
  };
  const auto prepare = [&]() -> absl::Status {
    RETURN_IF_ERROR(CheckCreateOptions(options));
    RETURN_IF_ERROR(CheckSameName(ObjectKind::kCatalog, impl_->catalog, function.catalog()));
    model::Normalize(&made);
    return model::CheckFunction(made, impl_->metastore->options().name_rules);
  };
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    const Securable itself = Securable::Function({.database = made.database(), .function = made.name()});
    ASSIGN_OR_RETURN(Owner owner,
                     OwnerOfNew(txn, call, itself, {.name = made.owner_name(), .type = made.owner_type()}));
    ASSIGN_OR_RETURN(const DatabaseHandle database, FindDatabase(txn, impl_->catalog, made.database()));
    const std::string key = record::FunctionKey(database.id, made.name());
    ASSIGN_OR_RETURN(const auto there, txn.Get(key));
    if (there && options.if_exists == IfExists::kSkip) return absl::OkStatus();
    if (there) return Exists(ObjectKind::kFunction, StrCat(database.name, ".", made.name()));
    Function stored = made;
    stored.set_owner_name(std::move(owner.name));
    stored.set_owner_type(owner.type);
    ASSIGN_OR_RETURN(const uint64_t id, NextId(txn));
    stored.set_id(static_cast<int64_t>(id));
    if (stored.create_time() == 0) stored.set_create_time(impl_->metastore->NowSeconds());
    RETURN_IF_ERROR(privilege::NoteMade(txn, NamedFunction(database.catalog, database.id, made.name(), stored)));
    PutRecord(txn, key, MakeRecord(std::move(stored)));
    return AppendEvent(*impl_, txn, MakeEvent(Event::CREATE_FUNCTION, database.name, made.name(), id));
  };
  return Write(*impl_, Operation::kCreateFunction, where, prepare, body);
}

absl::StatusOr<Function> Session::GetFunction(const FunctionName& name) const {
  const auto where = [&] { return Securable::Function(name); };
  const auto body = [&](const ReaderPtr& reader, Call&) -> absl::StatusOr<Function> {
    ASSIGN_OR_RETURN(FunctionHandle found, FindFunction(*reader, impl_->catalog, name));
    return std::move(found.function);
  };
  return Read(*impl_, Operation::kGetFunction, where, body);
}

absl::StatusOr<Page<std::string>> Session::ListFunctions(std::string_view database,
                                                         const ListNamesOptions& options) const {
  const auto where = [&] { return Securable::Database(database); };
  const auto body = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<Page<std::string>> {
    ASSIGN_OR_RETURN(const DatabaseHandle in, FindDatabase(*reader, impl_->catalog, database));
    return ListSeenNames(*reader, call, FunctionNameSpace(in.id), Securable::Database(in.name), options);
  };
  return Read(*impl_, Operation::kListFunctions, where, body);
}

absl::Status Session::AlterFunction(const FunctionName& name, const Function& function) {
  Function changed = function;
  const auto prepare = [&]() -> absl::Status {
    RETURN_IF_ERROR(CheckSameName(ObjectKind::kCatalog, impl_->catalog, function.catalog()));
    RETURN_IF_ERROR(CheckSameName(ObjectKind::kDatabase, name.database, function.database()));
    RETURN_IF_ERROR(CheckSameName(ObjectKind::kFunction, name.function, function.name()));
    changed.set_database(name.database);
    changed.set_name(name.function);
    model::Normalize(&changed);
    // An existing name may be one that today's rules would not let in.
    return model::CheckFunction(changed, NameRules::kHive);
  };
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const FunctionHandle found, FindFunction(txn, impl_->catalog, name));
    Function stored = changed;
    stored.set_id(found.function.id());
    stored.set_create_time(found.function.create_time());
    const bool same_owner = SameOwner({found.function.owner_name(), found.function.owner_type()},
                                      {stored.owner_name(), stored.owner_type()});
    if (!same_owner) RETURN_IF_ERROR(call.Check(txn, Operation::kChangeOwner, Securable::Function(name)));
    PutRecord(txn, record::FunctionKey(found.database.id, found.name.function), MakeRecord(stored));
    RETURN_IF_ERROR(privilege::NoteOwner(txn, NamedFunction(found), OwnerOf(stored)));
    return AppendEvent(*impl_, txn, MakeFunctionEvent(Event::ALTER_FUNCTION, found));
  };
  return Write(
      *impl_, Operation::kAlterFunction, [&] { return Securable::Function(name); }, prepare, body);
}

absl::Status Session::RenameFunction(const FunctionName& name, const FunctionName& new_name) {
  const std::string to = base::AsciiLower(new_name.function);
  const auto prepare = [&] {
    return model::CheckNewName(ObjectKind::kFunction, new_name.function, impl_->metastore->options().name_rules);
  };
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    if (!base::EqualsIgnoreCase(name.database, new_name.database)) {
      RETURN_IF_ERROR(call.Check(txn, Operation::kCreateFunction, Securable::Database(new_name.database)));
    }
    ASSIGN_OR_RETURN(const FunctionHandle found, FindFunction(txn, impl_->catalog, name));
    ASSIGN_OR_RETURN(const DatabaseHandle into, FindDatabase(txn, impl_->catalog, new_name.database));
    if (into.id == found.database.id && to == found.name.function) return absl::OkStatus();
    const std::string to_key = record::FunctionKey(into.id, to);
    ASSIGN_OR_RETURN(const auto there, txn.Get(to_key));
    if (there) return Exists(ObjectKind::kFunction, StrCat(into.name, ".", to));
    txn.Delete(record::FunctionKey(found.database.id, found.name.function));
    PutRecord(txn, to_key, MakeRecord(found.function));
    const privilege::NamedObject before = NamedFunction(found);
    privilege::NamedObject after = before;
    after.database = into.id;
    after.name = to;
    RETURN_IF_ERROR(privilege::NoteRenamed(txn, before, after));
    Event event = MakeFunctionEvent(Event::ALTER_FUNCTION, found);
    event.set_new_database(into.name);
    event.set_new_object(to);
    return AppendEvent(*impl_, txn, std::move(event));
  };
  return Write(
      *impl_, Operation::kRenameFunction, [&] { return Securable::Function(name); }, prepare, body);
}

absl::Status Session::DropFunction(const FunctionName& name, const DropOptions& options) {
  const auto body = [&](store::Transaction& txn, Call&) -> absl::Status {
    const auto found = FindFunction(txn, impl_->catalog, name);
    if (absl::IsNotFound(found.status()) && options.if_missing == IfMissing::kSkip) return absl::OkStatus();
    RETURN_IF_ERROR(found.status());
    RETURN_IF_ERROR(privilege::NoteHidden(txn, NamedFunction(*found)));
    txn.Delete(record::FunctionKey(found->database.id, found->name.function));
    const Dropped dropped{.kind = DroppedObject::FUNCTION,
                          .parent = found->database.id.value,
                          .name = found->name.function,
                          .id = static_cast<uint64_t>(found->function.id()),
                          .entry = record::EncodeRecord(MakeRecord(found->function))};
    RETURN_IF_ERROR(KeepOrPurge(*impl_->metastore, txn, dropped, options.purge));
    return AppendEvent(*impl_, txn, MakeFunctionEvent(Event::DROP_FUNCTION, *found));
  };
  return Write(
      *impl_, Operation::kDropFunction, [&] { return Securable::Function(name); }, body);
}

absl::Status Session::UndropFunction(const FunctionName& name) {
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string lower, LookupName(ObjectKind::kFunction, name.function));
    RETURN_IF_ERROR(call.CheckUndrop(txn));
    ASSIGN_OR_RETURN(const DatabaseHandle database, FindDatabase(txn, impl_->catalog, name.database));
    const std::string shown = StrCat(database.name, ".", lower);
    const std::string key = record::FunctionKey(database.id, lower);
    ASSIGN_OR_RETURN(const auto there, txn.Get(key));
    if (there) return Exists(ObjectKind::kFunction, shown);
    ASSIGN_OR_RETURN(const DroppedObject dropped, TakeDropped(*impl_->metastore, txn, DroppedObject::FUNCTION,
                                                              database.id.value, lower, ObjectKind::kFunction, shown));
    txn.Put(key, dropped.entry());
    FunctionRecord record;
    RETURN_IF_ERROR(DecodeAt(key, dropped.entry(), &record));
    RETURN_IF_ERROR(privilege::NoteShown(txn, NamedFunction(database.catalog, database.id, lower, record.function())));
    return AppendEvent(*impl_, txn, MakeEvent(Event::UNDROP_FUNCTION, database.name, lower, dropped.id()));
  };
  return Write(
      *impl_, Operation::kUndropFunction, [&] { return Securable::Function(name); }, body, Ask::kInBody);
}

}  // namespace lodestone
