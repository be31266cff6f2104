#include "tests/model/plain_model.h"

#include <algorithm>

namespace lodestone::twin {

namespace {

template <typename T>
std::string ShowNames(const std::map<std::string, T>& objects) {
  Names names;
  for (const auto& [name, object] : objects) names.push_back(name);
  return "OK " + Join(names, ",");
}

}  // namespace

std::string Join(const Names& pieces, std::string_view between) {
  std::string joined;
  for (const std::string& piece : pieces) {
    if (!joined.empty()) joined += between;
    joined += piece;
  }
  return joined;
}

PlainModel::PlainModel(std::string warehouse, int64_t retention_ms, int64_t now_ms)
    : warehouse_(std::move(warehouse)), retention_ms_(retention_ms), now_ms_(now_ms) {
  catalogs_["hive"].description = "The default catalog";
  catalogs_["hive"].databases["default"] = NewDatabase("hive", "default");
}

ModelDatabase PlainModel::NewDatabase(const std::string& catalog, const std::string& name) const {
  ModelDatabase database;
  if (name == "default") database.description = "Default Hive database";
  database.location = catalog == "hive" ? warehouse_ : warehouse_ + "/" + catalog;
  if (name != "default") database.location += "/" + name + ".db";
  database.create_time = now_ms_ / 1000;
  return database;
}

std::string PlainModel::Changed() {
  ++events_;
  return kOk;
}

template <typename T>
void PlainModel::Keep(DroppedStacks<T>* stacks, const std::string& name, T object, Purge purge) {
  if (purge == Purge::kYes || retention_ms_ == 0) return;
  auto& stack = (*stacks)[name];
  const int64_t when = stack.empty() ? now_ms_ : std::max(now_ms_, stack.back().first + 1);
  stack.emplace_back(when, std::move(object));
}

template <typename T>
bool PlainModel::Take(DroppedStacks<T>* stacks, const std::string& name, T* object) {
  auto& stack = (*stacks)[name];
  if (stack.empty() || now_ms_ - stack.back().first >= retention_ms_) return false;
  *object = std::move(stack.back().second);
  stack.pop_back();
  return true;
}

void PlainModel::DropForeignKeysTo(int64_t parent) {
  const auto in_table = [parent](ModelTable& table) {
    std::erase_if(table.constraints, [parent](const auto& c) { return c.second.parent == parent; });
  };
  const auto in_database = [&](ModelDatabase& database) {
    for (auto& [name, table] : database.tables) in_table(table);
    for (auto& [name, stack] : database.dropped_tables) {
      for (auto& [when, table] : stack) in_table(table);
    }
  };
  const auto in_catalog = [&](ModelCatalog& catalog) {
    for (auto& [name, database] : catalog.databases) in_database(database);
    for (auto& [name, stack] : catalog.dropped_databases) {
      for (auto& [when, database] : stack) in_database(database);
    }
  };
  for (auto& [name, catalog] : catalogs_) in_catalog(catalog);
  for (auto& [name, stack] : dropped_catalogs_) {
    for (auto& [when, catalog] : stack) in_catalog(catalog);
  }
}

std::string PlainModel::Run(const Operation& op) {
  switch (op.kind) {
    case Kind::kCreateCatalog:
    case Kind::kAlterCatalog:
    case Kind::kRenameCatalog:
    case Kind::kDropCatalog:
    case Kind::kUndropCatalog:
    case Kind::kListCatalogs:
    case Kind::kGetCatalog:
      return RunCatalog(op);
    case Kind::kCountEvents:
      return "OK " + std::to_string(events_);
    default:
      break;
  }
  const auto catalog = catalogs_.find(op.catalog);
  const bool skips =
      (op.kind == Kind::kDropDatabase || op.kind == Kind::kDropTable || op.kind == Kind::kDropFunction) &&
      op.if_missing == IfMissing::kSkip;
  if (catalog == catalogs_.end()) return skips ? kOk : kNotFound;
  switch (op.kind) {
    case Kind::kCreateDatabase:
    case Kind::kAlterDatabase:
    case Kind::kRenameDatabase:
    case Kind::kDropDatabase:
    case Kind::kUndropDatabase:
    case Kind::kListDatabases:
    case Kind::kGetDatabase:
      return RunDatabase(op, catalog->second);
    default:
      break;
  }
  const auto database = catalog->second.databases.find(op.database);
  if (database == catalog->second.databases.end()) return skips ? kOk : kNotFound;
  switch (op.kind) {
    case Kind::kCreateFunction:
    case Kind::kAlterFunction:
    case Kind::kRenameFunction:
    case Kind::kDropFunction:
    case Kind::kUndropFunction:
    case Kind::kListFunctions:
    case Kind::kGetFunction:
      return RunFunction(op, catalog->second, database->second);
    default:
      return RunTable(op, catalog->second, database->second);
  }
}

std::string PlainModel::RunCatalog(const Operation& op) {
  if (op.kind == Kind::kListCatalogs) return ShowNames(catalogs_);
  const auto found = catalogs_.find(op.name);
  const bool exists = found != catalogs_.end();
  switch (op.kind) {
    case Kind::kCreateCatalog: {
      if (exists) return op.if_exists == IfExists::kSkip ? kOk : kExists;
      ModelCatalog catalog{.description = op.text, .databases = {}, .dropped_databases = {}};
      catalog.databases["default"] = NewDatabase(op.name, "default");
      catalogs_[op.name] = std::move(catalog);
      return Changed();
    }
    case Kind::kUndropCatalog: {
      ModelCatalog catalog;
      if (exists) return kExists;
      if (!Take(&dropped_catalogs_, op.name, &catalog)) return kNotFound;
      catalogs_[op.name] = std::move(catalog);
      return Changed();
    }
    default:
      break;
  }
  if (!exists) return op.kind == Kind::kDropCatalog && op.if_missing == IfMissing::kSkip ? kOk : kNotFound;
  ModelCatalog& catalog = found->second;
  if (op.kind == Kind::kGetCatalog) return "OK " + catalog.description;
  if (op.kind == Kind::kAlterCatalog) {
    catalog.description = op.text;
    return Changed();
  }
  if (op.name == "hive") return kRefused;
  if (op.kind == Kind::kRenameCatalog) {
    if (op.new_object == op.name) return kOk;
    if (catalogs_.contains(op.new_object)) return kExists;
    auto moved = catalogs_.extract(found);
    moved.key() = op.new_object;
    catalogs_.insert(std::move(moved));
    return Changed();
  }
  const ModelDatabase& first = catalog.databases["default"];
  const bool empty = catalog.databases.size() == 1 && first.tables.empty() && first.functions.empty();
  if (op.mode == DropMode::kRestrict && !empty) return kRefused;
  Keep(&dropped_catalogs_, op.name, std::move(catalog), op.purge);
  catalogs_.erase(found);
  return Changed();
}

std::string PlainModel::RunDatabase(const Operation& op, ModelCatalog& catalog) {
  if (op.kind == Kind::kListDatabases) return ShowNames(catalog.databases);
  const auto found = catalog.databases.find(op.database);
  const bool exists = found != catalog.databases.end();
  if (op.kind == Kind::kCreateDatabase) {
    if (exists) return op.if_exists == IfExists::kSkip ? kOk : kExists;
    ModelDatabase& made = catalog.databases[op.database] = NewDatabase(op.catalog, op.database);
    made.description = op.text;
    return Changed();
  }
  if (op.kind == Kind::kUndropDatabase) {
    ModelDatabase database;
    if (exists) return kExists;
    if (!Take(&catalog.dropped_databases, op.database, &database)) return kNotFound;
    catalog.databases[op.database] = std::move(database);
    return Changed();
  }
  if (!exists) return op.kind == Kind::kDropDatabase && op.if_missing == IfMissing::kSkip ? kOk : kNotFound;
  ModelDatabase& database = found->second;
  if (op.kind == Kind::kGetDatabase) {
    return "OK " + database.description + "@" + database.location + "+" + std::to_string(database.create_time);
  }
  if (op.kind == Kind::kAlterDatabase) {
    database.description = op.text;
    return Changed();
  }
  if (op.database == "default") return kRefused;
  if (op.kind == Kind::kRenameDatabase) {
    if (op.new_database == op.database) return kOk;
    if (catalog.databases.contains(op.new_database)) return kExists;
    auto moved = catalog.databases.extract(found);
    moved.key() = op.new_database;
    catalog.databases.insert(std::move(moved));
    return Changed();
  }
  const bool empty = database.tables.empty() && database.functions.empty();
  if (op.mode == DropMode::kRestrict && !empty) return kRefused;
  if (op.purge == Purge::kYes || retention_ms_ == 0) {
    // They never come back: what points at them goes, and its name is free again.
    for (const auto& [name, table] : database.tables) DropForeignKeysTo(table.uid);
  }
  Keep(&catalog.dropped_databases, op.database, std::move(database), op.purge);
  catalog.databases.erase(found);
  return Changed();
}

std::string PlainModel::RunFunction(const Operation& op, ModelCatalog& catalog, ModelDatabase& database) {
  if (op.kind == Kind::kListFunctions) return ShowNames(database.functions);
  const auto found = database.functions.find(op.object);
  const bool exists = found != database.functions.end();
  if (op.kind == Kind::kCreateFunction) {
    if (exists) return op.if_exists == IfExists::kSkip ? kOk : kExists;
    database.functions[op.object] = op.text;
    return Changed();
  }
  if (op.kind == Kind::kUndropFunction) {
    std::string function;
    if (exists) return kExists;
    if (!Take(&database.dropped_functions, op.object, &function)) return kNotFound;
    database.functions[op.object] = function;
    return Changed();
  }
  if (!exists) return op.kind == Kind::kDropFunction && op.if_missing == IfMissing::kSkip ? kOk : kNotFound;
  switch (op.kind) {
    case Kind::kGetFunction:
      return "OK " + found->second;
    case Kind::kAlterFunction:
      found->second = op.text;
      return Changed();
    case Kind::kDropFunction:
      Keep(&database.dropped_functions, op.object, found->second, op.purge);
      database.functions.erase(found);
      return Changed();
    default:
      break;
  }
  const auto into = catalog.databases.find(op.new_database);
  if (into == catalog.databases.end()) return kNotFound;
  if (op.new_database == op.database && op.new_object == op.object) return kOk;
  if (into->second.functions.contains(op.new_object)) return kExists;
  into->second.functions[op.new_object] = found->second;
  database.functions.erase(found);
  return Changed();
}

std::string PlainModel::RunTable(const Operation& op, ModelCatalog& catalog, ModelDatabase& database) {
  if (op.kind == Kind::kListTables) return ShowNames(database.tables);
  const auto found = database.tables.find(op.object);
  const bool exists = found != database.tables.end();
  if (op.kind == Kind::kCreateTable) {
    if (exists) return op.if_exists == IfExists::kSkip ? kOk : kExists;
    ModelTable& made = database.tables[op.object];
    made.uid = next_uid_++;
    made.kind = op.table_kind;
    made.create_time = now_ms_ / 1000;
    made.parameter = op.text;
    if (op.table_kind != TableKind::kView) made.location = database.location + "/" + op.object;
    return Changed();
  }
  if (op.kind == Kind::kUndropTable) {
    ModelTable table;
    if (exists) return kExists;
    if (!Take(&database.dropped_tables, op.object, &table)) return kNotFound;
    database.tables[op.object] = std::move(table);
    return Changed();
  }
  if (!exists) return op.kind == Kind::kDropTable && op.if_missing == IfMissing::kSkip ? kOk : kNotFound;
  if (op.kind == Kind::kDropTable) {
    DropForeignKeysTo(found->second.uid);
    Keep(&database.dropped_tables, op.object, std::move(found->second), op.purge);
    database.tables.erase(found);
    return Changed();
  }
  if (op.kind == Kind::kRenameTable) {
    const auto into = catalog.databases.find(op.new_database);
    if (into == catalog.databases.end()) return kNotFound;
    if (op.new_database == op.database && op.new_object == op.object) return kOk;
    if (into->second.tables.contains(op.new_object)) return kExists;
    into->second.tables[op.new_object] = std::move(found->second);
    database.tables.erase(found);
    return Changed();
  }
  return RunOnTable(op, catalog, found->second);
}

}  // namespace lodestone::twin
