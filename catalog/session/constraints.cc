// Constraints lie under the id of their table. A foreign key knows its parent by id, so that renames cost nothing; a
// reference record under the parent's id leads back to the child.
#include <algorithm>
#include <utility>

#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/model/validate.h"
#include "catalog/record/keys.h"
#include "catalog/session/call.h"
#include "catalog/session/objects.h"

namespace lodestone {

using base::StrCat;
using model::v1::Constraint;
using model::v1::Event;
using record::TableId;
using record::v1::ConstraintRecord;

namespace session {

namespace {

absl::StatusOr<std::vector<ConstraintRecord>> ReadConstraints(const store::Reader& reader, TableId id) {
  std::vector<ConstraintRecord> found;
  const auto range = record::TableParts(id, record::TablePart::kConstraint);
  RETURN_IF_ERROR(ForEach(reader, range, [&](std::string_view key, std::string_view value) {
    return DecodeAt(key, value, &found.emplace_back());
  }));
  return found;
}

bool IsKey(const Constraint& constraint) {
  return constraint.kind() == Constraint::PRIMARY_KEY || constraint.kind() == Constraint::UNIQUE;
}
bool IsForeignKey(const Constraint& constraint) { return constraint.kind() == Constraint::FOREIGN_KEY; }

std::string Shown(const TableName& table, const Constraint& constraint) {
  return StrCat(table.ToString(), ".", constraint.name());
}

std::string_view Prefix(Constraint::Kind kind) {
  switch (kind) {
    case Constraint::PRIMARY_KEY:
      return "pk_";
    case Constraint::FOREIGN_KEY:
      return "fk_";
    case Constraint::UNIQUE:
      return "uk_";
    case Constraint::NOT_NULL:
      return "nn_";
    case Constraint::DEFAULT:
      return "df_";
    default:
      return "ck_";
  }
}

// Finds the parent of a foreign key, and the key of the parent that it points at.
absl::Status Resolve(const store::Reader& reader, std::string_view catalog, const TableName& table,
                     ConstraintRecord* record) {
  Constraint& fk = *record->mutable_constraint();
  const TableName parent_name{.database = fk.parent_database(), .table = fk.parent_table()};
  ASSIGN_OR_RETURN(const TableLocator parent, LocateTable(reader, catalog, parent_name));
  ASSIGN_OR_RETURN(const auto candidates, ReadConstraints(reader, parent.id));
  const auto key = std::ranges::find_if(candidates, [&fk](const ConstraintRecord& candidate) {
    const Constraint& c = candidate.constraint();
    return IsKey(c) && (fk.parent_constraint().empty() || fk.parent_constraint() == c.name()) &&
           std::ranges::equal(c.columns(), fk.parent_columns());
  });
  if (key == candidates.end()) {
    std::string columns;
    for (const std::string& column : fk.parent_columns())
      base::StrAppend(&columns, columns.empty() ? "" : ", ", column);
    return MakeError(
        ErrorKind::kInvalidObject, ObjectKind::kConstraint, Shown(table, fk),
        StrCat("foreign key of table ", table.ToString(), ": expected a primary key or unique constraint (", columns,
               ") of table ", parent.name.ToString(), ", found none"));
  }
  fk.set_parent_constraint(key->constraint().name());
  fk.clear_parent_database();
  fk.clear_parent_table();
  record->set_parent_table_id(parent.id.value);
  return absl::OkStatus();
}

// Puts the parent's present names back. False: the parent's database was dropped, and nothing can be pointed at.
absl::StatusOr<bool> FillParent(const store::Reader& reader, ConstraintRecord* record) {
  const TableId parent{record->parent_table_id()};
  const std::string key = record::TableKey(parent);
  ASSIGN_OR_RETURN(const auto table, ReadRecord<record::v1::TableRecord>(reader, key));
  if (!table) return MissingRecord(key);
  const record::DatabaseId database_id{table->database_id()};
  ASSIGN_OR_RETURN(const auto database, ReadDatabase(reader, database_id));
  ASSIGN_OR_RETURN(const auto entry,
                   ReadRecord<record::v1::DatabaseEntry>(
                       reader, record::DatabaseNameKey(record::CatalogId{database.catalog_id()}, database.name())));
  if (!entry || entry->id() != database_id.value) return false;
  record->mutable_constraint()->set_parent_database(database.name());
  record->mutable_constraint()->set_parent_table(table->name());
  return true;
}

absl::Status CheckNew(const TableName& table, std::span<const ConstraintRecord> present, const Constraint& made) {
  for (const ConstraintRecord& other : present) {
    const Constraint& c = other.constraint();
    if (c.name() == made.name()) return Exists(ObjectKind::kConstraint, Shown(table, made));
    if (c.kind() != Constraint::PRIMARY_KEY || made.kind() != Constraint::PRIMARY_KEY) continue;
    return MakeError(ErrorKind::kAlreadyExists, ObjectKind::kConstraint, Shown(table, c),
                     StrCat("table ", table.ToString(), " has a primary key already: ", c.name()));
  }
  return absl::OkStatus();
}

// Checks one constraint and makes its record; `present` are those that the table has by now.
absl::StatusOr<ConstraintRecord> MakeConstraint(store::Transaction& txn, std::string_view catalog,
                                                const TableHandle& table, const Constraint& wanted,
                                                std::span<const ConstraintRecord> present) {
  ConstraintRecord record;
  Constraint& made = *record.mutable_constraint();
  made = wanted;
  model::Normalize(&made);
  if (IsForeignKey(made) && made.parent_database().empty()) made.set_parent_database(table.name.database);
  RETURN_IF_ERROR(model::CheckConstraint(table.table, made));
  if (IsForeignKey(made)) RETURN_IF_ERROR(Resolve(txn, catalog, table.name, &record));
  if (made.name().empty()) {
    ASSIGN_OR_RETURN(const uint64_t number, NextId(txn));
    made.set_name(StrCat(Prefix(made.kind()), number));
  }
  RETURN_IF_ERROR(CheckNew(table.name, present, made));
  return record;
}

// Whether the child has another foreign key to the parent, so that the reference stays.
bool PointsAt(std::span<const ConstraintRecord> constraints, TableId parent) {
  return std::ranges::any_of(constraints,
                             [parent](const ConstraintRecord& c) { return c.parent_table_id() == parent.value; });
}

Securable ParentOf(const Constraint& constraint) {
  return Securable::Table({.database = constraint.parent_database(), .table = constraint.parent_table()});
}

// A foreign key may only point at what its maker may know to be there.
absl::Status CheckParentSeen(const store::Reader& reader, Call& call, const TableName& table,
                             const Constraint& wanted) {
  if (!IsForeignKey(wanted)) return absl::OkStatus();
  Securable parent = ParentOf(wanted);
  if (parent.database.empty()) parent.database = table.database;
  return call.CheckSeen(reader, parent);
}

}  // namespace

absl::Status DropForeignKeysTo(store::Transaction& txn, TableId parent, std::optional<std::string_view> name) {
  std::vector<TableId> children;
  RETURN_IF_ERROR(ForEach(txn, record::References(parent), [&](std::string_view key, std::string_view) {
    children.push_back(record::ChildInReferenceKey(key));
    return absl::OkStatus();
  }));
  for (const TableId child : children) {
    ASSIGN_OR_RETURN(std::vector<ConstraintRecord> constraints, ReadConstraints(txn, child));
    std::erase_if(constraints, [&](const ConstraintRecord& c) {
      const bool goes =
          c.parent_table_id() == parent.value && (!name.has_value() || c.constraint().parent_constraint() == *name);
      if (goes) txn.Delete(record::ConstraintKey(child, c.constraint().name()));
      return goes;
    });
    if (!PointsAt(constraints, parent)) txn.Delete(record::ReferenceKey(parent, child));
  }
  return absl::OkStatus();
}

absl::Status DropReferencesFrom(store::Transaction& txn, TableId child) {
  ASSIGN_OR_RETURN(const std::vector<ConstraintRecord> constraints, ReadConstraints(txn, child));
  for (const ConstraintRecord& c : constraints) {
    if (c.parent_table_id() != 0) txn.Delete(record::ReferenceKey(TableId{c.parent_table_id()}, child));
  }
  return absl::OkStatus();
}

absl::Status CheckConstraintColumns(const store::Reader& reader, TableId id, const TableName& name,
                                    const model::v1::Table& table) {
  ASSIGN_OR_RETURN(const std::vector<ConstraintRecord> constraints, ReadConstraints(reader, id));
  const auto has = [&table](const std::string& column) {
    const auto same = [&column](const model::v1::Column& c) { return c.name() == column; };
    return std::ranges::any_of(table.storage_descriptor().columns(), same) ||
           std::ranges::any_of(table.partition_keys(), same);
  };
  for (const ConstraintRecord& record : constraints) {
    for (const std::string& column : record.constraint().columns()) {
      if (has(column)) continue;
      return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kTable, name.ToString(),
                       StrCat("table ", name.ToString(), ": column ", base::Quoted(column), " can't go: constraint ",
                              record.constraint().name(), " names it"));
    }
  }
  return absl::OkStatus();
}

}  // namespace session

using namespace session;  // NOLINT: the calls below are made of what the namespace offers

absl::Status Session::AddConstraints(const TableName& table, std::span<const Constraint> constraints) {
  const auto body = [&](store::Transaction& txn, Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const TableHandle found, FindTable(txn, impl_->catalog, table));
    ASSIGN_OR_RETURN(std::vector<ConstraintRecord> present, ReadConstraints(txn, found.id));
    if (constraints.empty()) return absl::OkStatus();
    // Keys first: a foreign key may point at a key of its own table that comes along.
    std::vector<const Constraint*> ordered;
    for (const Constraint& c : constraints) ordered.push_back(&c);
    std::ranges::stable_partition(ordered, [](const Constraint* c) { return !IsForeignKey(*c); });
    for (const Constraint* wanted : ordered) {
      RETURN_IF_ERROR(CheckParentSeen(txn, call, found.name, *wanted));
      ASSIGN_OR_RETURN(ConstraintRecord made, MakeConstraint(txn, impl_->catalog, found, *wanted, present));
      PutRecord(txn, record::ConstraintKey(found.id, made.constraint().name()), made);
      if (made.parent_table_id() != 0) {
        txn.Put(record::ReferenceKey(TableId{made.parent_table_id()}, found.id), "");
      }
      present.push_back(std::move(made));
    }
    Event event = MakeEvent(Event::ADD_CONSTRAINTS, found.name.database, found.name.table, found.id.value);
    event.set_count(static_cast<int64_t>(constraints.size()));
    return AppendEvent(*impl_, txn, std::move(event));
  };
  return Write(
      *impl_, Operation::kAddConstraints, [&] { return Securable::Table(table); }, body);
}

absl::StatusOr<std::vector<Constraint>> Session::ListConstraints(const TableName& table) const {
  const auto where = [&] { return Securable::Table(table); };
  const auto body = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<std::vector<Constraint>> {
    ASSIGN_OR_RETURN(const TableLocator found, LocateTable(*reader, impl_->catalog, table));
    ASSIGN_OR_RETURN(std::vector<ConstraintRecord> records, ReadConstraints(*reader, found.id));
    std::vector<Constraint> constraints;
    for (ConstraintRecord& record : records) {
      Constraint& constraint = *record.mutable_constraint();
      if (record.parent_table_id() != 0) {
        ASSIGN_OR_RETURN(const bool reachable, FillParent(*reader, &record));
        if (!reachable) continue;
        ASSIGN_OR_RETURN(const bool seen, call.Sees(*reader, ParentOf(constraint)));
        if (!seen) continue;
      }
      constraints.push_back(std::move(constraint));
    }
    return constraints;
  };
  return Read(*impl_, Operation::kListConstraints, where, body);
}

absl::Status Session::DropConstraint(const TableName& table, std::string_view name) {
  const auto body = [&](store::Transaction& txn, Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string lower, LookupName(ObjectKind::kConstraint, name));
    ASSIGN_OR_RETURN(const TableLocator found, LocateTable(txn, impl_->catalog, table));
    const std::string key = record::ConstraintKey(found.id, lower);
    ASSIGN_OR_RETURN(const auto record, ReadRecord<ConstraintRecord>(txn, key));
    if (!record) return NoSuch(ObjectKind::kConstraint, StrCat(found.name.ToString(), ".", lower));
    txn.Delete(key);
    if (IsKey(record->constraint())) RETURN_IF_ERROR(DropForeignKeysTo(txn, found.id, lower));
    if (record->parent_table_id() != 0) {
      const TableId parent{record->parent_table_id()};
      ASSIGN_OR_RETURN(const std::vector<ConstraintRecord> others, ReadConstraints(txn, found.id));
      if (!PointsAt(others, parent)) txn.Delete(record::ReferenceKey(parent, found.id));
    }
    Event event = MakeEvent(Event::DROP_CONSTRAINT, found.name.database, found.name.table, found.id.value);
    event.set_new_object(lower);
    event.set_count(1);
    return AppendEvent(*impl_, txn, std::move(event));
  };
  return Write(
      *impl_, Operation::kDropConstraint, [&] { return Securable::Table(table); }, body);
}

}  // namespace lodestone
