// Operations on the catalog itself.
#include <map>

#include "catalog/model/partition_name.h"
#include "tests/model/operations.h"

namespace lodestone::twin {

namespace {

using model::v1::Partition;
using model::v1::Table;

std::string Code(const absl::Status& status) { return absl::StatusCodeToString(status.code()); }

// `OK` and what `show` makes of the value.
template <typename T, typename Show>
std::string Answer(const absl::StatusOr<T>& value, const Show& show) {
  return value.ok() ? "OK " + show(*value) : Code(value.status());
}

std::string ShowPage(const Page<std::string>& page) { return Join(page.items, ","); }

std::string ShowStatistics(const std::vector<model::v1::ColumnStatistics>& statistics) {
  Names shown;
  for (const auto& one : statistics) shown.push_back(one.column() + ":" + one.engine());
  return Join(shown, ",");
}

std::string ShowPartition(const std::string& name, const Partition& p) {
  const auto parameter = p.parameters().find("v");
  return name + "@" + p.storage_descriptor().location() + "+" + std::to_string(p.create_time()) + "#" +
         (parameter == p.parameters().end() ? "?" : parameter->second);
}

Table MakeTable(const Operation& op) {
  Table table;
  table.set_database(op.database);
  table.set_name(op.object);
  (*table.mutable_parameters())["v"] = op.text;
  if (op.table_kind == TableKind::kView) {
    table.set_table_type(model::v1::VIRTUAL_VIEW);
    table.set_view_original_text("select 1");
    table.set_view_expanded_text("select 1");
    auto* column = table.mutable_storage_descriptor()->add_columns();
    column->set_name("c");
    column->set_type("int");
    return table;
  }
  for (const char* name : {"id", "name"}) {
    auto* column = table.mutable_storage_descriptor()->add_columns();
    column->set_name(name);
    column->set_type("string");
  }
  if (op.table_kind == TableKind::kPlain) return table;
  const bool renamed = op.kind == Kind::kAlterTable && op.name == "day";
  for (const char* name : {renamed ? "day" : "k0", "k1"}) {
    auto* key = table.add_partition_keys();
    key->set_name(name);
    key->set_type("string");
  }
  return table;
}

std::vector<Partition> MakePartitions(const Operation& op) {
  std::vector<Partition> partitions;
  for (const Names& values : op.rows) {
    Partition& partition = partitions.emplace_back();
    partition.mutable_values()->Assign(values.begin(), values.end());
    (*partition.mutable_parameters())["v"] = op.text;
    if (op.filter == 1) partition.mutable_storage_descriptor()->set_location("/p/" + op.text);
  }
  return partitions;
}

std::string FilterOf(const Operation& op) {
  if (op.filter > 2) return {};
  std::string filter = kFilters[op.filter];
  for (std::size_t at = filter.find('$'); at != std::string::npos; at = filter.find('$')) {
    filter.replace(at, 1, op.filter_value);
  }
  return filter;
}

std::vector<model::v1::ColumnStatistics> MakeStatistics(const Operation& op) {
  std::vector<model::v1::ColumnStatistics> statistics(1);
  statistics[0].set_column(op.name);
  statistics[0].set_engine(op.text);
  return statistics;
}

model::v1::Constraint MakeConstraint(const Operation& op) {
  model::v1::Constraint constraint;
  constraint.add_columns("id");
  if (op.kind == Kind::kAddPrimaryKey) {
    constraint.set_kind(model::v1::Constraint::PRIMARY_KEY);
    constraint.set_name("pk");
  } else {
    constraint.set_kind(model::v1::Constraint::FOREIGN_KEY);
    constraint.set_name(op.text);
    constraint.set_parent_database(op.new_database);
    constraint.set_parent_table(op.new_object);
    constraint.add_parent_columns("id");
  }
  return constraint;
}

std::string RunCatalogOrDatabase(Session& session, const Operation& op) {
  const DropOptions drop{.if_missing = op.if_missing, .mode = op.mode, .purge = op.purge};
  model::v1::Catalog catalog;
  catalog.set_description(op.text);
  model::v1::Database database;
  database.set_description(op.text);
  switch (op.kind) {
    case Kind::kCreateCatalog:
      catalog.set_name(op.name);
      return Code(session.CreateCatalog(catalog, {.if_exists = op.if_exists}));
    case Kind::kAlterCatalog:
      return Code(session.AlterCatalog(op.name, catalog));
    case Kind::kRenameCatalog:
      return Code(session.RenameCatalog(op.name, op.new_object));
    case Kind::kDropCatalog:
      return Code(session.DropCatalog(op.name, drop));
    case Kind::kUndropCatalog:
      return Code(session.UndropCatalog(op.name));
    case Kind::kListCatalogs:
      return Answer(session.ListCatalogs(), ShowPage);
    case Kind::kGetCatalog:
      return Answer(session.GetCatalog(op.name), [](const auto& c) { return c.description(); });
    case Kind::kCreateDatabase:
      database.set_name(op.database);
      return Code(session.CreateDatabase(database, {.if_exists = op.if_exists}));
    case Kind::kAlterDatabase:
      return Code(session.AlterDatabase(op.database, database));
    case Kind::kRenameDatabase:
      return Code(session.RenameDatabase(op.database, op.new_database));
    case Kind::kDropDatabase:
      return Code(session.DropDatabase(op.database, drop));
    case Kind::kUndropDatabase:
      return Code(session.UndropDatabase(op.database));
    case Kind::kListDatabases:
      return Answer(session.ListDatabases(), ShowPage);
    default:
      return Answer(session.GetDatabase(op.database), [](const auto& d) {
        return d.description() + "@" + d.location_uri() + "+" + std::to_string(d.create_time());
      });
  }
}

std::string RunFunction(Session& session, const Operation& op) {
  const FunctionName name{op.database, op.object};
  model::v1::Function function;
  function.set_database(op.database);
  function.set_name(op.object);
  function.set_class_name(op.text);
  switch (op.kind) {
    case Kind::kCreateFunction:
      return Code(session.CreateFunction(function, {.if_exists = op.if_exists}));
    case Kind::kAlterFunction:
      return Code(session.AlterFunction(name, function));
    case Kind::kRenameFunction:
      return Code(session.RenameFunction(name, {op.new_database, op.new_object}));
    case Kind::kDropFunction:
      return Code(session.DropFunction(name, {.if_missing = op.if_missing, .purge = op.purge}));
    case Kind::kUndropFunction:
      return Code(session.UndropFunction(name));
    case Kind::kListFunctions:
      return Answer(session.ListFunctions(op.database), ShowPage);
    default:
      return Answer(session.GetFunction(name), [](const auto& f) { return f.class_name(); });
  }
}

std::string ShowTable(const Table& table) {
  const bool view = table.table_type() == model::v1::VIRTUAL_VIEW;
  const bool partitioned = table.partition_keys_size() > 0;
  return std::string(view          ? "view"
                     : partitioned ? "partitioned"
                                   : "plain") +
         "@" + table.storage_descriptor().location() + "+" + std::to_string(table.create_time()) + "#" +
         table.parameters().at("v") + "/" + (partitioned ? table.partition_keys(0).name() : "");
}

std::string RunTable(Session& session, const Operation& op) {
  const TableName name{op.database, op.object};
  Table table = MakeTable(op);
  switch (op.kind) {
    case Kind::kCreateTable:
      return Code(session.CreateTable(table, {.if_exists = op.if_exists}));
    case Kind::kAlterTable: {
      std::vector<ExpectedParameter> expected;
      if (op.expect) expected.push_back({.key = "v", .value = op.filter_value});
      if (op.filter == 1 && op.table_kind != TableKind::kView) {
        table.mutable_storage_descriptor()->set_location("/moved/" + op.text);
      }
      return Code(session.AlterTable(name, table, expected));
    }
    case Kind::kRenameTable:
      return Code(session.RenameTable(name, {op.new_database, op.new_object}));
    case Kind::kDropTable:
      return Code(session.DropTable(name, {.if_missing = op.if_missing, .purge = op.purge}));
    case Kind::kUndropTable:
      return Code(session.UndropTable(name));
    case Kind::kListTables:
      return Answer(session.ListTables(op.database), ShowPage);
    case Kind::kGetTable:
      return Answer(session.GetTable(name), ShowTable);
    case Kind::kUpdateTableStatistics:
      return Code(session.UpdateTableStatistics(name, MakeStatistics(op)));
    case Kind::kDeleteTableStatistics:
      return Code(session.DeleteTableStatistics(name, Names{op.name}));
    case Kind::kGetTableStatistics:
      return Answer(session.GetTableStatistics(name), ShowStatistics);
    case Kind::kAddPrimaryKey:
    case Kind::kAddForeignKey:
      return Code(session.AddConstraints(name, std::vector{MakeConstraint(op)}));
    case Kind::kDropConstraint:
      return Code(session.DropConstraint(name, op.text));
    default:
      return Answer(session.ListConstraints(name), [](const auto& constraints) {
        Names shown;
        for (const auto& c : constraints) {
          const bool foreign = c.kind() == model::v1::Constraint::FOREIGN_KEY;
          shown.push_back(foreign ? c.name() + ">" + c.parent_database() + "." + c.parent_table() : c.name());
        }
        return Join(shown, ",");
      });
  }
}

std::string ListPartitions(Session& session, const TableName& name, const Operation& op) {
  PartitionCursor cursor = session.ListPartitions(name, {.filter = FilterOf(op), .projection = Projection::All()});
  Names shown;
  Partition partition;
  while (cursor.Next()) {
    for (std::size_t row = 0; row < cursor.batch().size(); ++row) {
      cursor.batch().ToPartition(row, &partition);
      shown.push_back(ShowPartition(cursor.batch().Name(row), partition));
    }
  }
  return cursor.status().ok() ? "OK " + Join(shown, "\n") : Code(cursor.status());
}

std::string RunPartition(Session& session, const Operation& op) {
  const TableName name{op.database, op.object};
  const auto number = [](int64_t n) { return std::to_string(n); };
  const Names keys{"k0", "k1"};
  switch (op.kind) {
    case Kind::kAddPartitions:
      return Answer(session.AddPartitions(name, MakePartitions(op), {.if_exists = op.if_exists}), [](const auto& r) {
        return std::to_string(r.added) + "," + std::to_string(r.replaced) + "," + std::to_string(r.skipped);
      });
    case Kind::kAlterPartitions:
      return Code(session.AlterPartitions(name, MakePartitions(op)));
    case Kind::kRenamePartition:
      return Code(session.RenamePartition(name, op.rows[0], op.rows[1]));
    case Kind::kDropPartitions: {
      Names names;
      for (const Names& values : op.rows) names.push_back(model::MakePartitionName(keys, values));
      return Answer(session.DropPartitions(name, names, op.if_missing), number);
    }
    case Kind::kDropPartitionsByFilter:
      return Answer(session.DropPartitionsByFilter(name, FilterOf(op)), number);
    case Kind::kTruncatePartitions:
      return Code(session.TruncatePartitions(name));
    case Kind::kUpdatePartitionStatistics:
      return Code(session.UpdatePartitionStatistics(name, op.rows[0], MakeStatistics(op)));
    case Kind::kGetPartitionStatistics:
      return Answer(session.GetPartitionStatistics(name, op.rows[0]), ShowStatistics);
    case Kind::kListPartitions:
      return ListPartitions(session, name, op);
    case Kind::kCountPartitions:
      return Answer(session.CountPartitions(name, FilterOf(op)), number);
    case Kind::kPartitionKeyValues:
      return Answer(session.PartitionKeyValues(name, "k1", {.filter = FilterOf(op)}),
                    [](const Names& values) { return Join(values, ","); });
    default: {
      const auto table = session.GetTable(name);
      return Answer(session.GetPartition(name, op.rows[0]), [&](const Partition& p) {
        const Names own{table.ok() && table->partition_keys_size() > 0 ? table->partition_keys(0).name() : "?", "k1"};
        const Names values(p.values().begin(), p.values().end());
        return ShowPartition(model::MakePartitionName(own, values), p);
      });
    }
  }
}

}  // namespace

std::string RunOnSession(Session& session, const Operation& op) {
  switch (op.kind) {
    case Kind::kCountEvents:
      return Answer(session.GetEventBounds(), [](const EventBounds& b) { return std::to_string(b.newest_id); });
    case Kind::kCreateCatalog:
    case Kind::kAlterCatalog:
    case Kind::kRenameCatalog:
    case Kind::kDropCatalog:
    case Kind::kUndropCatalog:
    case Kind::kListCatalogs:
    case Kind::kGetCatalog:
    case Kind::kCreateDatabase:
    case Kind::kAlterDatabase:
    case Kind::kRenameDatabase:
    case Kind::kDropDatabase:
    case Kind::kUndropDatabase:
    case Kind::kListDatabases:
    case Kind::kGetDatabase:
      return RunCatalogOrDatabase(session, op);
    case Kind::kCreateFunction:
    case Kind::kAlterFunction:
    case Kind::kRenameFunction:
    case Kind::kDropFunction:
    case Kind::kUndropFunction:
    case Kind::kListFunctions:
    case Kind::kGetFunction:
      return RunFunction(session, op);
    case Kind::kAddPartitions:
    case Kind::kAlterPartitions:
    case Kind::kRenamePartition:
    case Kind::kDropPartitions:
    case Kind::kDropPartitionsByFilter:
    case Kind::kTruncatePartitions:
    case Kind::kUpdatePartitionStatistics:
    case Kind::kGetPartitionStatistics:
    case Kind::kListPartitions:
    case Kind::kGetPartition:
    case Kind::kCountPartitions:
    case Kind::kPartitionKeyValues:
      return RunPartition(session, op);
    default:
      return RunTable(session, op);
  }
}

}  // namespace lodestone::twin
