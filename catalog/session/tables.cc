#include <algorithm>
#include <utility>

#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/model/type.h"
#include "catalog/model/validate.h"
#include "catalog/record/keys.h"
#include "catalog/session/call.h"
#include "catalog/session/grants_follow.h"
#include "catalog/session/objects.h"
#include "catalog/session/table_difference.h"
#include "catalog/session/table_records.h"
#include "catalog/transaction/write_ids.h"

namespace lodestone {

using base::StrCat;
using model::v1::Event;
using model::v1::Table;
using record::TableId;
using record::v1::DroppedObject;
using record::v1::TableEntry;
using record::v1::TableRecord;

namespace session {

TableEntry MakeTableEntry(TableId id, const Table& table) {
  TableEntry entry;
  entry.set_id(id.value);
  entry.set_table_type(table.table_type());
  entry.set_owner(table.owner());
  entry.set_owner_type(table.owner_type());
  const auto comment = table.parameters().find("comment");
  if (comment != table.parameters().end()) entry.set_comment(comment->second);
  entry.set_create_time(table.create_time());
  entry.set_last_access_time(table.last_access_time());
  return entry;
}

namespace {

// Both records of a table that say the same in two places: the entry under its name, and the table's own.
void PutTable(store::Transaction& txn, record::DatabaseId database, std::string_view name, TableId id, Table table) {
  PutRecord(txn, record::TableNameKey(database, name), MakeTableEntry(id, table));
  table.clear_catalog();
  table.clear_database();
  table.clear_name();
  table.clear_id();
  TableRecord record;
  record.set_database_id(database.value);
  record.set_name(std::string(name));
  *record.mutable_table() = std::move(table);
  PutRecord(txn, record::TableKey(id), record);
}

absl::Status PutNewPartitionSet(store::Transaction& txn, TableId id) {
  ASSIGN_OR_RETURN(const uint64_t set_id, NextId(txn));
  record::v1::PartitionSet set;
  set.set_set_id(set_id);
  PutRecord(txn, record::PartitionSetKey(id), set);
  return absl::OkStatus();
}

// A view has no rows of its own, and so no place.
absl::Status FillLocation(const store::Reader& reader, const DatabaseHandle& database, Table* table) {
  if (IsView(table->table_type()) || !table->storage_descriptor().location().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto record, ReadDatabase(reader, database.id));
  const std::string& base = record.database().location_uri();
  if (!base.empty()) table->mutable_storage_descriptor()->set_location(JoinLocation(base, table->name()));
  return absl::OkStatus();
}

absl::Status Refuse(const TableName& name, std::string_view why) {
  return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kTable, name.ToString(),
                   StrCat("table ", name.ToString(), ": ", why));
}

// Stored partitions are sorted and compared by their keys' number and types.
absl::Status CheckSamePartitionKeys(const TableName& name, const Table& before, const Table& after) {
  const auto& old_keys = before.partition_keys();
  const auto& new_keys = after.partition_keys();
  if (old_keys.size() != new_keys.size()) {
    return Refuse(name, StrCat("partition keys can not be changed. There are ", old_keys.size(), ", the new table has ",
                               new_keys.size()));
  }
  for (int i = 0; i < old_keys.size(); ++i) {
    ASSIGN_OR_RETURN(const model::Type old_type, model::ParseType(old_keys[i].type()));
    ASSIGN_OR_RETURN(const model::Type new_type, model::ParseType(new_keys[i].type()));
    if (old_type == new_type) continue;
    return Refuse(name, StrCat("partition keys can not be changed. ", old_keys[i].name(), " is ",
                               model::ToString(old_type), ", the new table has ", model::ToString(new_type)));
  }
  return absl::OkStatus();
}

// Clients of Hive's metastore read the words up to "is".
absl::Status CheckExpected(const TableName& name, const Table& table, std::span<const ExpectedParameter> expected) {
  const auto shown = [](const std::string* value) { return value == nullptr ? "not set" : StrCat("'", *value, "'"); };
  for (const ExpectedParameter& want : expected) {
    const auto found = table.parameters().find(want.key);
    const std::string* value = found == table.parameters().end() ? nullptr : &found->second;
    const bool same = value == nullptr ? !want.value.has_value() : want.value == *value;
    if (same) continue;
    return MakeError(
        ErrorKind::kModified, ObjectKind::kTable, name.ToString(),
        StrCat("table ", name.ToString(), ": The table has been modified. The parameter value for key '", want.key,
               "' is ", shown(value), ", expected: ", shown(want.value ? &*want.value : nullptr)));
  }
  return absl::OkStatus();
}

// What the table's columns are told apart by in statistics.
bool HasColumn(const Table& table, std::string_view column, std::string_view type) {
  return std::ranges::any_of(table.storage_descriptor().columns(), [&](const model::v1::Column& c) {
    return c.name() == column && base::EqualsIgnoreCase(c.type(), type);
  });
}

// Statistics of columns that are gone or have another type say nothing any more.
absl::Status DropStaleStatistics(store::Transaction& txn, TableId id, const Table& before, const Table& after) {
  std::vector<std::string> stale;
  for (const model::v1::Column& column : before.storage_descriptor().columns()) {
    if (!HasColumn(after, column.name(), column.type())) {
      stale.push_back(record::TableStatisticsKey(id, column.name()));
    }
  }
  if (stale.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto there, txn.MultiGet(stale));
  for (std::size_t i = 0; i < stale.size(); ++i) {
    if (there[i]) txn.Delete(stale[i]);
  }
  return absl::OkStatus();
}

absl::Status CheckAlter(const store::Reader& reader, const TableHandle& before, const Table& after,
                        std::span<const ExpectedParameter> expected) {
  RETURN_IF_ERROR(CheckExpected(before.name, before.table, expected));
  if (IsView(before.table.table_type()) != IsView(after.table_type())) {
    return Refuse(before.name, "a view can't be made a table, nor a table a view");
  }
  RETURN_IF_ERROR(CheckSamePartitionKeys(before.name, before.table, after));
  return CheckConstraintColumns(reader, before.id, before.name, after);
}

model::v1::TableSummary Summarize(std::string_view database, std::string_view name, TableEntry entry) {
  model::v1::TableSummary summary;
  summary.set_database(std::string(database));
  summary.set_name(std::string(name));
  summary.set_table_type(entry.table_type());
  summary.set_owner(std::move(*entry.mutable_owner()));
  summary.set_owner_type(entry.owner_type());
  summary.set_comment(std::move(*entry.mutable_comment()));
  summary.set_create_time(entry.create_time());
  summary.set_last_access_time(entry.last_access_time());
  summary.set_id(static_cast<int64_t>(entry.id()));
  return summary;
}

absl::Status PrepareAltered(const Session::Impl& session, const TableName& name, Table* changed) {
  RETURN_IF_ERROR(CheckSameName(ObjectKind::kCatalog, session.catalog, changed->catalog()));
  RETURN_IF_ERROR(CheckSameName(ObjectKind::kDatabase, name.database, changed->database()));
  RETURN_IF_ERROR(CheckSameName(ObjectKind::kTable, name.table, changed->name()));
  changed->set_database(name.database);
  changed->set_name(name.table);
  model::Normalize(changed);
  // An existing name may be one that today's rules would not let in.
  return model::CheckTable(*changed, NameRules::kHive);
}

// For whoever may change something of it; what, is asked when that is known.
absl::StatusOr<TableHandle> FindToAlter(const store::Reader& reader, Call& call, const TableName& name) {
  RETURN_IF_ERROR(
      call.CheckAny(reader,
                    {Operation::kAlterTable, Operation::kAlterTableColumns, Operation::kAlterTableProperties,
                     Operation::kAlterTableLocation, Operation::kChangeOwner},
                    Securable::Table(name)));
  return FindTable(reader, call.session().catalog, name);
}

absl::Status ReplaceTable(store::Transaction& txn, Call& call, const TableHandle& found, Table next,
                          std::span<const ExpectedParameter> expected) {
  next.set_create_time(found.table.create_time());
  const std::string& location = found.table.storage_descriptor().location();
  if (next.storage_descriptor().location().empty() && !location.empty()) {
    next.mutable_storage_descriptor()->set_location(location);
  }
  if (call.checked()) {
    for (const Operation needed : DifferencesOf(found.table, next)) {
      RETURN_IF_ERROR(call.Check(txn, needed, Securable::Table(found.name)));
    }
  }
  RETURN_IF_ERROR(CheckAlter(txn, found, next, expected));
  RETURN_IF_ERROR(DropStaleStatistics(txn, found.id, found.table, next));
  PutTable(txn, found.database, found.name.table, found.id, next);
  RETURN_IF_ERROR(FollowAlter(txn, found, next));
  RETURN_IF_ERROR(TouchDefinitions(txn));
  return AppendEvent(call.session(), txn,
                     MakeEvent(Event::ALTER_TABLE, found.name.database, found.name.table, found.id.value));
}

// Into another database: there it is as if it were made.
absl::Status CheckMove(const store::Reader& reader, Call& call, const TableName& name, std::string_view into) {
  if (!call.checked() || base::EqualsIgnoreCase(name.database, into)) return absl::OkStatus();
  const auto found = LocateTable(reader, call.session().catalog, name);
  const bool view = found.ok() && IsView(found->entry.table_type());
  return call.Check(reader, view ? Operation::kCreateView : Operation::kCreateTable, Securable::Database(into));
}

// Of what is not there it can't be said which of the two it would need.
absl::Status CheckDrop(const store::Reader& reader, Call& call, const TableName& name,
                       const absl::StatusOr<TableLocator>& found) {
  const Securable on = Securable::Table(name);
  if (!found.ok()) return call.CheckAny(reader, {Operation::kDropTable, Operation::kDropView}, on);
  return call.Check(reader, IsView(found->entry.table_type()) ? Operation::kDropView : Operation::kDropTable, on);
}

}  // namespace
}  // namespace session

using namespace session;  // NOLINT: the calls below are made of what the namespace offers

absl::Status Session::CreateTable(const Table& table, const CreateOptions& options) {
  Table made = table;
  const auto itself = [&] { return Securable::Table({.database = made.database(), .table = made.name()}); };
  const auto where = [&] { return Target(Securable::Database(made.database()), ShownAs(itself())); };
  const auto prepare = [&]() -> absl::Status {
    RETURN_IF_ERROR(CheckCreateOptions(options));
    RETURN_IF_ERROR(CheckSameName(ObjectKind::kCatalog, impl_->catalog, table.catalog()));
    model::Normalize(&made);
    return model::CheckTable(made, impl_->metastore->options().name_rules);
  };
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(Owner owner, OwnerOfNew(txn, call, itself(), {.name = made.owner(), .type = made.owner_type()}));
    ASSIGN_OR_RETURN(const DatabaseHandle database, FindDatabase(txn, impl_->catalog, made.database()));
    ASSIGN_OR_RETURN(const auto there, txn.Get(record::TableNameKey(database.id, made.name())));
    if (there && options.if_exists == IfExists::kSkip) return absl::OkStatus();
    if (there) return Exists(ObjectKind::kTable, StrCat(database.name, ".", made.name()));
    Table stored = made;
    stored.set_owner(std::move(owner.name));
    stored.set_owner_type(owner.type);
    if (stored.create_time() == 0) stored.set_create_time(impl_->metastore->NowSeconds());
    RETURN_IF_ERROR(FillLocation(txn, database, &stored));
    ASSIGN_OR_RETURN(const uint64_t id, NextId(txn));
    if (!stored.partition_keys().empty()) RETURN_IF_ERROR(PutNewPartitionSet(txn, TableId{id}));
    RETURN_IF_ERROR(privilege::NoteMade(
        txn, NamedTable(database.catalog, database.id, made.name(), MakeTableEntry(TableId{id}, stored))));
    PutTable(txn, database.id, made.name(), TableId{id}, std::move(stored));
    RETURN_IF_ERROR(transaction::AdoptWriteIds(
        txn, {.catalog = impl_->catalog, .database = database.name, .name = made.name()}, TableId{id}));
    RETURN_IF_ERROR(TouchDefinitions(txn));
    return AppendEvent(*impl_, txn, MakeEvent(Event::CREATE_TABLE, database.name, made.name(), id));
  };
  const Operation operation = IsView(table.table_type()) ? Operation::kCreateView : Operation::kCreateTable;
  return Write(*impl_, operation, where, prepare, body);
}

absl::StatusOr<Table> Session::GetTable(const TableName& name) const {
  const auto where = [&] { return Securable::Table(name); };
  const auto body = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<Table> {
    ASSIGN_OR_RETURN(const auto columns, call.CheckColumns(*reader));
    ASSIGN_OR_RETURN(TableHandle found, FindTable(*reader, impl_->catalog, name));
    if (columns) KeepColumns(*columns, &found.table);
    return std::move(found.table);
  };
  return Read(*impl_, Operation::kGetTable, where, body, Ask::kInBody);
}

absl::StatusOr<Page<std::string>> Session::ListTables(std::string_view database,
                                                      const ListNamesOptions& options) const {
  if (options.table_type == model::v1::TABLE_TYPE_UNSPECIFIED) {
    const auto where = [&] { return Securable::Database(database); };
    const auto names = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<Page<std::string>> {
      ASSIGN_OR_RETURN(const DatabaseHandle in, FindDatabase(*reader, impl_->catalog, database));
      return ListSeenNames(*reader, call, TableNameSpace(in.id), Securable::Database(in.name), options);
    };
    return Read(*impl_, Operation::kListTables, where, names);
  }
  ASSIGN_OR_RETURN(Page<model::v1::TableSummary> summaries, ListTableSummaries(database, options));
  Page<std::string> page{.items = {}, .more = summaries.more};
  page.items.reserve(summaries.items.size());
  for (auto& summary : summaries.items) page.items.push_back(std::move(*summary.mutable_name()));
  return page;
}

absl::StatusOr<Page<model::v1::TableSummary>> Session::ListTableSummaries(std::string_view database,
                                                                          const ListNamesOptions& options) const {
  const auto where = [&] { return Securable::Database(database); };
  const auto body = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<Page<model::v1::TableSummary>> {
    ASSIGN_OR_RETURN(const DatabaseHandle in, FindDatabase(*reader, impl_->catalog, database));
    Page<model::v1::TableSummary> page;
    const auto take = [&](std::string_view name, std::string_view value, bool wanted) -> absl::StatusOr<bool> {
      TableEntry entry;
      RETURN_IF_ERROR(DecodeAt(record::TableNameKey(in.id, name), value, &entry));
      const auto type = options.table_type;
      if (type != model::v1::TABLE_TYPE_UNSPECIFIED && type != entry.table_type()) return false;
      if (wanted) page.items.push_back(Summarize(in.name, name, std::move(entry)));
      return true;
    };
    ASSIGN_OR_RETURN(page.more, ListSeen(*reader, call, TableNameSpace(in.id), Securable::Database(in.name), options,
                                         Values::kNeeded, take));
    return page;
  };
  return Read(*impl_, Operation::kListTables, where, body);
}

absl::Status Session::AlterTable(const TableName& name, const Table& table,
                                 std::span<const ExpectedParameter> expected) {
  Table changed = table;
  const auto prepare = [&] { return PrepareAltered(*impl_, name, &changed); };
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const TableHandle found, FindToAlter(txn, call, name));
    return ReplaceTable(txn, call, found, changed, expected);
  };
  return Write(
      *impl_, Operation::kAlterTable, [&] { return Securable::Table(name); }, prepare, body, Ask::kInBody);
}

absl::Status Session::ModifyTable(const TableName& name, absl::FunctionRef<absl::Status(Table&)> change) {
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const TableHandle found, FindToAlter(txn, call, name));
    Table changed = found.table;
    RETURN_IF_ERROR(change(changed));
    RETURN_IF_ERROR(PrepareAltered(*impl_, name, &changed));
    return ReplaceTable(txn, call, found, std::move(changed), {});
  };
  return Write(
      *impl_, Operation::kAlterTable, [&] { return Securable::Table(name); }, body, Ask::kInBody);
}

absl::Status Session::RenameTable(const TableName& name, const TableName& new_name) {
  const std::string to = base::AsciiLower(new_name.table);
  const auto prepare = [&] {
    return model::CheckNewName(ObjectKind::kTable, new_name.table, impl_->metastore->options().name_rules);
  };
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    RETURN_IF_ERROR(CheckMove(txn, call, name, new_name.database));
    ASSIGN_OR_RETURN(TableHandle found, FindTable(txn, impl_->catalog, name));
    ASSIGN_OR_RETURN(const DatabaseHandle into, FindDatabase(txn, impl_->catalog, new_name.database));
    if (into.id == found.database && to == found.name.table) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto there, txn.Get(record::TableNameKey(into.id, to)));
    if (there) return Exists(ObjectKind::kTable, StrCat(into.name, ".", to));
    const privilege::NamedObject before = NamedTable(found);
    privilege::NamedObject after = before;
    after.database = into.id;
    after.name = to;
    txn.Delete(record::TableNameKey(found.database, found.name.table));
    PutTable(txn, into.id, to, found.id, std::move(found.table));
    RETURN_IF_ERROR(privilege::NoteRenamed(txn, before, after));
    RETURN_IF_ERROR(TouchDefinitions(txn));
    auto event = MakeEvent(Event::ALTER_TABLE, found.name.database, found.name.table, found.id.value);
    event.set_new_database(into.name);
    event.set_new_object(to);
    return AppendEvent(*impl_, txn, std::move(event));
  };
  return Write(
      *impl_, Operation::kRenameTable, [&] { return Securable::Table(name); }, prepare, body);
}

absl::Status Session::DropTable(const TableName& name, const DropOptions& options) {
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    const auto found = LocateTable(txn, impl_->catalog, name);
    RETURN_IF_ERROR(CheckDrop(txn, call, name, found));
    if (absl::IsNotFound(found.status()) && options.if_missing == IfMissing::kSkip) return absl::OkStatus();
    RETURN_IF_ERROR(found.status());
    RETURN_IF_ERROR(DropForeignKeysTo(txn, found->id));
    RETURN_IF_ERROR(privilege::NoteHidden(
        txn, NamedTable(found->database.catalog, found->database.id, found->name.table, found->entry)));
    txn.Delete(record::TableNameKey(found->database.id, found->name.table));
    const Dropped dropped{.kind = DroppedObject::TABLE,
                          .parent = found->database.id.value,
                          .name = found->name.table,
                          .id = found->id.value,
                          .entry = record::EncodeRecord(found->entry)};
    RETURN_IF_ERROR(KeepOrPurge(*impl_->metastore, txn, dropped, options.purge));
    RETURN_IF_ERROR(TouchDefinitions(txn));
    return AppendEvent(*impl_, txn,
                       MakeEvent(Event::DROP_TABLE, found->name.database, found->name.table, found->id.value));
  };
  return Write(
      *impl_, Operation::kDropTable, [&] { return Securable::Table(name); }, body, Ask::kInBody);
}

absl::Status Session::UndropTable(const TableName& name) {
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string lower, LookupName(ObjectKind::kTable, name.table));
    RETURN_IF_ERROR(call.CheckUndrop(txn));
    ASSIGN_OR_RETURN(const DatabaseHandle database, FindDatabase(txn, impl_->catalog, name.database));
    const std::string shown = StrCat(database.name, ".", lower);
    const std::string key = record::TableNameKey(database.id, lower);
    ASSIGN_OR_RETURN(const auto there, txn.Get(key));
    if (there) return Exists(ObjectKind::kTable, shown);
    ASSIGN_OR_RETURN(const DroppedObject dropped, TakeDropped(*impl_->metastore, txn, DroppedObject::TABLE,
                                                              database.id.value, lower, ObjectKind::kTable, shown));
    txn.Put(key, dropped.entry());
    TableEntry entry;
    RETURN_IF_ERROR(DecodeAt(key, dropped.entry(), &entry));
    RETURN_IF_ERROR(privilege::NoteShown(txn, NamedTable(database.catalog, database.id, lower, entry)));
    RETURN_IF_ERROR(TouchDefinitions(txn));
    return AppendEvent(*impl_, txn, MakeEvent(Event::UNDROP_TABLE, database.name, lower, dropped.id()));
  };
  return Write(
      *impl_, Operation::kUndropTable, [&] { return Securable::Table(name); }, body, Ask::kInBody);
}

}  // namespace lodestone
