#include "tests/model/operations.h"

#include <map>

namespace lodestone::twin {

namespace {

const Names kCatalogs{"hive", "sales"};
const Names kDatabases{"default", "web", "shop"};
const Names kObjects{"a", "b", "c"};
const Names kValues{"", "1", "2", "10", "a b", "x/y", "__HIVE_DEFAULT_PARTITION__", "\xC3\xA9"};
const Names kFilterValues{"1", "2", "a b", "x/y"};
const Names kColumns{"id", "name"};

// How often each kind of change comes, out of the sum; others once.
int Weight(Kind kind) {
  switch (kind) {
    case Kind::kAddPartitions:
      return 12;
    case Kind::kCreateTable:
      return 8;
    case Kind::kCreateDatabase:
    case Kind::kAlterTable:
    case Kind::kAlterPartitions:
    case Kind::kRenamePartition:
    case Kind::kDropPartitions:
    case Kind::kAddPrimaryKey:
    case Kind::kAddForeignKey:
    case Kind::kUndropTable:
    case Kind::kUndropDatabase:
    case Kind::kCreateFunction:
    case Kind::kUndropFunction:
      return 3;
    default:
      return 1;
  }
}

const std::vector<Kind>& Writes() {
  static const std::vector<Kind>* const kinds = [] {
    auto* made = new std::vector<Kind>;
    for (int k = 0; k <= static_cast<int>(Kind::kLastWrite); ++k) {
      made->insert(made->end(), static_cast<std::size_t>(Weight(static_cast<Kind>(k))), static_cast<Kind>(k));
    }
    return made;
  }();
  return *kinds;
}

}  // namespace

std::string Operation::ToString() const {
  std::string shown =
      "kind " + std::to_string(static_cast<int>(kind)) + " " + catalog + " " + name + " " + database + "." + object +
      " -> " + new_database + "." + new_object + " text " + text + " filter " + std::to_string(filter) + " " +
      filter_value + " table kind " + std::to_string(static_cast<int>(table_kind)) + " if_exists " +
      std::to_string(static_cast<int>(if_exists)) + " if_missing " + std::to_string(static_cast<int>(if_missing)) +
      " mode " + std::to_string(static_cast<int>(mode)) + " purge " + std::to_string(static_cast<int>(purge));
  for (const Names& row : rows) shown += " [" + Join(row, "|") + "]";
  return shown;
}

Names OperationSource::Values() { return {Pick(kValues), Pick(kValues)}; }

Operation OperationSource::Any(Kind kind) {
  Operation op;
  op.kind = kind;
  op.catalog = Below(5) == 0 ? "sales" : "hive";
  op.name = Pick(kCatalogs);
  op.database = Pick(kDatabases);
  op.object = Pick(kObjects);
  op.new_database = Pick(kDatabases);
  op.new_object = Pick(kObjects);
  op.table_kind = Below(6) == 0 ? TableKind::kView : Below(5) == 0 ? TableKind::kPlain : TableKind::kPartitioned;
  op.text = "t" + std::to_string(++made_);
  op.filter = Below(4);
  op.filter_value = Pick(kFilterValues);
  op.if_exists = Below(3) == 0 ? IfExists::kSkip : IfExists::kFail;
  op.if_missing = Below(3) == 0 ? IfMissing::kSkip : IfMissing::kFail;
  op.mode = Below(2) == 0 ? DropMode::kCascade : DropMode::kRestrict;
  op.purge = Below(5) == 0 ? Purge::kYes : Purge::kNo;
  for (int rows = 1 + Below(4); rows > 0; --rows) op.rows.push_back(Values());
  return op;
}

Operation OperationSource::Write() {
  const std::vector<Kind>& kinds = Writes();
  Operation op = Any(kinds[static_cast<std::size_t>(Below(static_cast<int>(kinds.size())))]);
  switch (op.kind) {
    case Kind::kRenameCatalog:
      op.new_object = Below(2) == 0 ? "sales" : "trade";
      op.name = Below(2) == 0 ? "sales" : "trade";
      break;
    case Kind::kAddPartitions:
      if (Below(4) == 0) op.if_exists = IfExists::kReplace;
      break;
    case Kind::kAlterTable:
      op.name = Below(4) == 0 ? "day" : "k0";
      op.expect = Below(4) == 0;
      if (Below(2) == 0) op.filter_value = "t" + std::to_string(made_ - 1);
      break;
    case Kind::kRenamePartition:
      op.rows.resize(2, Values());
      break;
    case Kind::kDropPartitionsByFilter:
      op.filter = Below(3);
      break;
    case Kind::kUpdateTableStatistics:
    case Kind::kDeleteTableStatistics:
    case Kind::kUpdatePartitionStatistics:
      op.name = Pick(kColumns);
      break;
    case Kind::kDropConstraint:
      op.text = Below(2) == 0 ? "pk" : "t" + std::to_string(Below(made_));
      break;
    default:
      break;
  }
  return op;
}

Operation OperationSource::Read() {
  const int first = static_cast<int>(Kind::kLastWrite) + 1;
  return Any(static_cast<Kind>(first + Below(static_cast<int>(Kind::kLastRead) - first + 1)));
}

std::vector<Operation> OperationSource::ReadAll() {
  std::vector<Operation> all;
  const auto add = [&all](Kind kind, const std::string& catalog, const std::string& database,
                          const std::string& object) {
    Operation& op = all.emplace_back();
    op.kind = kind;
    op.catalog = op.name = catalog;
    op.database = database;
    op.object = object;
    op.filter = 3;  // none
  };
  add(Kind::kListCatalogs, "hive", "", "");
  add(Kind::kCountEvents, "hive", "", "");
  for (const std::string& catalog : {std::string("hive"), std::string("sales"), std::string("trade")}) {
    add(Kind::kGetCatalog, catalog, "", "");
    add(Kind::kListDatabases, catalog, "", "");
    for (const std::string& database : kDatabases) {
      for (const Kind kind : {Kind::kGetDatabase, Kind::kListTables, Kind::kListFunctions}) {
        add(kind, catalog, database, "");
      }
      for (const std::string& object : kObjects) {
        for (const Kind kind : {Kind::kGetTable, Kind::kGetFunction, Kind::kListPartitions, Kind::kGetTableStatistics,
                                Kind::kListConstraints}) {
          add(kind, catalog, database, object);
        }
      }
    }
  }
  return all;
}

}  // namespace lodestone::twin
