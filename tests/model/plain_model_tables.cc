// The plain model: what is inside of a table.
#include <algorithm>

#include "tests/model/plain_model.h"

namespace lodestone::twin {

namespace {

const std::string kNull = "__HIVE_DEFAULT_PARTITION__";

std::string Escape(const std::string& value) {
  if (value.empty()) return kNull;
  std::string out;
  for (const char c : value) {
    if (std::string("\"#%'*/:=?\\{[]^").find(c) == std::string::npos) {
      out += c;
    } else {
      const char* hex = "0123456789ABCDEF";
      out += {'%', hex[static_cast<unsigned char>(c) >> 4], hex[c & 15]};
    }
  }
  return out;
}

std::string KeyOf(const Names& values) { return Escape(values[0]) + "/" + Escape(values[1]); }

std::string NameOf(const ModelTable& table, const Names& values) {
  return table.first_key + "=" + Escape(values[0]) + "/k1=" + Escape(values[1]);
}

// A filter that names a key which has another name by now.
bool NamesUnknownKey(const Operation& op, const ModelTable& table) {
  return table.first_key != "k0" && (op.filter == 0 || op.filter == 2);
}

bool Passes(const Operation& op, const Names& values) {
  const std::string& want = op.filter_value;
  const auto known = [](const std::string& value) { return !value.empty(); };
  switch (op.filter) {
    case 0:
      return known(values[0]) && values[0] == want;
    case 1:
      return known(values[1]) && values[1] == want;
    case 2:
      return known(values[0]) && known(values[1]) && values[0] >= want && values[1] != want;
    default:
      return true;
  }
}

std::string Show(const std::map<std::string, std::string>& statistics) {
  Names shown;
  for (const auto& [column, value] : statistics) shown.push_back(column + ":" + value);
  return "OK " + Join(shown, ",");
}

std::string ShowPartition(const ModelTable& table, const ModelPartition& p) {
  return NameOf(table, p.values) + "@" + p.location + "+" + std::to_string(p.create_time) + "#" + p.parameter;
}

bool HasTwin(const std::vector<Names>& rows) {
  std::set<std::string> keys;
  return std::ranges::any_of(rows, [&keys](const Names& values) { return !keys.insert(KeyOf(values)).second; });
}

std::string ShowTable(const ModelTable& table) {
  const char* kinds[] = {"plain", "partitioned", "view"};
  return "OK " + std::string(kinds[static_cast<int>(table.kind)]) + "@" + table.location + "+" +
         std::to_string(table.create_time) + "#" + table.parameter + "/" +
         (table.kind == TableKind::kPartitioned ? table.first_key : "");
}

}  // namespace

std::string PlainModel::RunOnTable(const Operation& op, ModelCatalog& catalog, ModelTable& table) {
  const bool view = table.kind == TableKind::kView;
  switch (op.kind) {
    case Kind::kGetTable:
      return ShowTable(table);
    case Kind::kAlterTable:
      if (op.expect && op.filter_value != table.parameter) return kRefused;
      if (op.table_kind != table.kind) return kRefused;
      table.parameter = op.text;
      if (table.kind == TableKind::kPartitioned) table.first_key = op.name;
      if (!view && op.filter == 1) table.location = "/moved/" + op.text;
      return Changed();
    case Kind::kUpdateTableStatistics:
      if (view) return kInvalid;
      table.statistics[op.name] = op.text;
      return Changed();
    case Kind::kDeleteTableStatistics:
      if (table.statistics.erase(op.name) == 0) return kOk;
      return Changed();
    case Kind::kGetTableStatistics:
      return Show(table.statistics);
    case Kind::kAddPrimaryKey:
    case Kind::kAddForeignKey:
    case Kind::kDropConstraint:
      return RunConstraint(op, catalog, table);
    case Kind::kListConstraints:
      return ListConstraints(catalog, table);
    default:
      return table.kind == TableKind::kPartitioned ? RunOnPartitions(op, table) : kRefused;
  }
}

// --- Constraints ---

std::string PlainModel::RunConstraint(const Operation& op, ModelCatalog& catalog, ModelTable& table) {
  if (op.kind == Kind::kDropConstraint) {
    const auto found = table.constraints.find(op.text);
    if (found == table.constraints.end()) return kNotFound;
    const bool primary = found->second.primary;
    table.constraints.erase(found);
    if (primary) DropForeignKeysTo(table.uid);
    return Changed();
  }
  if (table.kind == TableKind::kView) return kInvalid;
  ModelConstraint made{.primary = op.kind == Kind::kAddPrimaryKey};
  if (!made.primary) {
    const auto database = catalog.databases.find(op.new_database);
    if (database == catalog.databases.end()) return kNotFound;
    const auto parent = database->second.tables.find(op.new_object);
    if (parent == database->second.tables.end()) return kNotFound;
    if (!parent->second.constraints.contains("pk")) return kInvalid;
    made.parent = parent->second.uid;
  }
  const std::string name = made.primary ? "pk" : op.text;
  if (table.constraints.contains(name)) return kExists;
  table.constraints[name] = made;
  return Changed();
}

std::string PlainModel::ListConstraints(const ModelCatalog& catalog, const ModelTable& table) const {
  Names shown;
  for (const auto& [name, constraint] : table.constraints) {
    if (constraint.primary) shown.push_back(name);
    for (const auto& [database_name, database] : catalog.databases) {
      for (const auto& [table_name, parent] : database.tables) {
        if (parent.uid == constraint.parent) shown.push_back(name + ">" + database_name + "." + table_name);
      }
    }
  }
  return "OK " + Join(shown, ",");
}

// --- Partitions ---

std::string PlainModel::RunOnPartitions(const Operation& op, ModelTable& table) {
  switch (op.kind) {
    case Kind::kAddPartitions:
      return AddPartitions(op, table);
    case Kind::kAlterPartitions:
      return AlterPartitions(op, table);
    case Kind::kRenamePartition:
      return RenamePartition(op, table);
    case Kind::kDropPartitions:
    case Kind::kDropPartitionsByFilter:
      return DropPartitions(op, table);
    case Kind::kTruncatePartitions:
      if (table.partitions.empty()) return kOk;
      table.partitions.clear();
      return Changed();
    case Kind::kListPartitions:
    case Kind::kCountPartitions:
    case Kind::kPartitionKeyValues:
      return ListPartitions(op, table);
    default:
      break;
  }
  const auto found = table.partitions.find(KeyOf(op.rows[0]));
  if (found == table.partitions.end()) return kNotFound;
  if (op.kind == Kind::kGetPartition) return "OK " + ShowPartition(table, found->second);
  if (op.kind == Kind::kGetPartitionStatistics) return Show(found->second.statistics);
  found->second.statistics[op.name] = op.text;
  return Changed();
}

ModelPartition PlainModel::NewPartition(const Operation& op, const Names& values, const ModelTable& table) const {
  ModelPartition partition;
  partition.values = values;
  for (std::string& value : partition.values) {
    if (value == kNull) value.clear();
  }
  partition.create_time = now_ms_ / 1000;
  partition.parameter = op.text;
  partition.location = op.filter == 1 ? "/p/" + op.text : table.location + "/" + NameOf(table, values);
  return partition;
}

std::string PlainModel::AddPartitions(const Operation& op, ModelTable& table) {
  if (HasTwin(op.rows)) return kInvalid;
  int added = 0;
  int replaced = 0;
  int skipped = 0;
  for (const Names& values : op.rows) {
    if (op.if_exists == IfExists::kFail && table.partitions.contains(KeyOf(values))) return kExists;
  }
  for (const Names& values : op.rows) {
    const auto found = table.partitions.find(KeyOf(values));
    if (found == table.partitions.end()) {
      table.partitions[KeyOf(values)] = NewPartition(op, values, table);
      ++added;
    } else if (op.if_exists == IfExists::kSkip) {
      ++skipped;
    } else {
      ModelPartition next = NewPartition(op, values, table);
      next.statistics = found->second.statistics;
      found->second = next;
      ++replaced;
    }
  }
  if (added + replaced > 0) Changed();
  return "OK " + std::to_string(added) + "," + std::to_string(replaced) + "," + std::to_string(skipped);
}

std::string PlainModel::AlterPartitions(const Operation& op, ModelTable& table) {
  if (HasTwin(op.rows)) return kInvalid;
  for (const Names& values : op.rows) {
    if (!table.partitions.contains(KeyOf(values))) return kNotFound;
  }
  for (const Names& values : op.rows) {
    ModelPartition& partition = table.partitions[KeyOf(values)];
    partition.parameter = op.text;
    if (op.filter == 1) partition.location = "/p/" + op.text;
  }
  return Changed();
}

std::string PlainModel::RenamePartition(const Operation& op, ModelTable& table) {
  const std::string from = KeyOf(op.rows[0]);
  const std::string to = KeyOf(op.rows[1]);
  if (!table.partitions.contains(from)) return kNotFound;
  if (from == to) return kOk;
  if (table.partitions.contains(to)) return kExists;
  ModelPartition moved = table.partitions[from];
  moved.values = NewPartition(op, op.rows[1], table).values;
  table.partitions.erase(from);
  table.partitions[to] = moved;
  return Changed();
}

std::string PlainModel::DropPartitions(const Operation& op, ModelTable& table) {
  std::set<std::string> gone;
  if (op.kind == Kind::kDropPartitions) {
    if (table.first_key != "k0") return kInvalid;
    for (const Names& values : op.rows) {
      const bool exists = table.partitions.contains(KeyOf(values));
      if (!exists && op.if_missing == IfMissing::kFail) return kNotFound;
      if (exists) gone.insert(KeyOf(values));
    }
  } else {
    if (NamesUnknownKey(op, table)) return kInvalid;
    for (const auto& [key, partition] : table.partitions) {
      if (Passes(op, partition.values)) gone.insert(key);
    }
  }
  for (const std::string& key : gone) table.partitions.erase(key);
  if (!gone.empty()) Changed();
  return "OK " + std::to_string(gone.size());
}

std::string PlainModel::ListPartitions(const Operation& op, const ModelTable& table) const {
  if (NamesUnknownKey(op, table)) return kInvalid;
  Names listed;
  std::set<std::string> second;
  for (const auto& [key, partition] : table.partitions) {
    if (!Passes(op, partition.values)) continue;
    listed.push_back(ShowPartition(table, partition));
    second.insert(partition.values[1]);  // the empty text, which is NULL, comes first
  }
  if (op.kind == Kind::kCountPartitions) return "OK " + std::to_string(listed.size());
  if (op.kind == Kind::kListPartitions) return "OK " + Join(listed, "\n");
  Names values;
  for (const std::string& value : second) values.push_back(value.empty() ? kNull : value);
  return "OK " + Join(values, ",");
}

}  // namespace lodestone::twin
