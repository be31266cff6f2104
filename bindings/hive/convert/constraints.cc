#include "bindings/hive/convert/constraints.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "bindings/hive/convert/fields.h"
#include "bindings/hive/convert/names.h"
#include "catalog/base/status_macros.h"

namespace lodestone::hive {

namespace {

using model::v1::Constraint;

// What all six structs say, under different names.
struct Row {
  std::string catalog;
  std::string database;
  std::string table;
  std::string column;
  int32_t sequence = 0;
  // Whole, but for the column; `parent_column` of a foreign key.
  Constraint constraint;
  std::string parent_column;
};

template <typename From>
Row CommonRow(const From& from, Constraint::Kind kind, const std::string& name) {
  Row row;
  row.catalog = from.catName;
  row.constraint.set_kind(kind);
  row.constraint.set_name(name);
  row.constraint.set_enabled(from.enable_cstr);
  row.constraint.set_validated(from.validate_cstr);
  row.constraint.set_rely(from.rely_cstr);
  return row;
}

template <typename From>
Row TableRow(const From& from, Constraint::Kind kind, const std::string& name) {
  Row row = CommonRow(from, kind, name);
  row.database = from.table_db;
  row.table = from.table_name;
  row.column = from.column_name;
  return row;
}

Row ToRow(const thrift::SQLPrimaryKey& from) {
  Row row = TableRow(from, Constraint::PRIMARY_KEY, from.pk_name);
  row.sequence = from.key_seq;
  return row;
}

Row ToRow(const thrift::SQLUniqueConstraint& from) {
  Row row = TableRow(from, Constraint::UNIQUE, from.uk_name);
  row.sequence = from.key_seq;
  return row;
}

Row ToRow(const thrift::SQLNotNullConstraint& from) { return TableRow(from, Constraint::NOT_NULL, from.nn_name); }

Row ToRow(const thrift::SQLDefaultConstraint& from) {
  Row row = TableRow(from, Constraint::DEFAULT, from.dc_name);
  row.constraint.set_expression(from.default_value);
  return row;
}

Row ToRow(const thrift::SQLCheckConstraint& from) {
  Row row = TableRow(from, Constraint::CHECK, from.dc_name);
  row.constraint.set_expression(from.check_expression);
  return row;
}

Row ToRow(const thrift::SQLForeignKey& from) {
  Row row = CommonRow(from, Constraint::FOREIGN_KEY, from.fk_name);
  row.database = from.fktable_db;
  row.table = from.fktable_name;
  row.column = from.fkcolumn_name;
  row.sequence = from.key_seq;
  row.parent_column = from.pkcolumn_name;
  row.constraint.set_parent_database(from.pktable_db);
  row.constraint.set_parent_table(from.pktable_name);
  row.constraint.set_parent_constraint(from.pk_name);
  row.constraint.set_update_rule(from.update_rule);
  row.constraint.set_delete_rule(from.delete_rule);
  return row;
}

class Reader {
 public:
  explicit Reader(const TableConstraints& of) : out_(of) { out_.constraints.clear(); }

  template <typename From>
  absl::Status Read(const std::vector<From>& list) {
    std::vector<Row> rows;
    rows.reserve(list.size());
    for (const From& from : list) RETURN_IF_ERROR(Place(rows.emplace_back(ToRow(from))));
    for (const std::vector<Row*>& columns : Group(&rows)) Add(columns);
    return absl::OkStatus();
  }

  TableConstraints Take() && { return std::move(out_); }

 private:
  // Which table the row is of: the same as all others.
  absl::Status Place(Row& row) {
    ASSIGN_OR_RETURN(const DatabaseArgument database, ParseDatabase(row.catalog, row.database));
    if (row.table.empty() && !out_.table.table.empty()) return absl::OkStatus();
    TableName table{database.name().empty() ? out_.table.database : database.name(), row.table};
    if (out_.table.table.empty()) {
      out_.catalog = database.catalog;
      out_.table = std::move(table);
      return absl::OkStatus();
    }
    const bool says_catalog = !row.catalog.empty() || row.database.starts_with('@');
    if (base::EqualsIgnoreCase(table.database, out_.table.database) &&
        base::EqualsIgnoreCase(table.table, out_.table.table) &&
        (!says_catalog || base::EqualsIgnoreCase(database.catalog, out_.catalog))) {
      return absl::OkStatus();
    }
    return absl::InvalidArgumentError(base::StrCat("constraints: expected those of one table, found ",
                                                   base::Quoted(out_.table.ToString()), " and ",
                                                   base::Quoted(table.ToString())));
  }

  // The columns of each constraint, in the order in which constraints begin.
  static std::vector<std::vector<Row*>> Group(std::vector<Row>* rows) {
    std::vector<std::vector<Row*>> groups;
    base::StringMap<std::size_t> named;
    for (Row& row : *rows) {
      const std::string& name = row.constraint.name();
      std::size_t group = groups.size();
      if (!name.empty()) {
        group = named.try_emplace(name, group).first->second;
      } else if (row.sequence > 1 && !groups.empty() && groups.back().front()->constraint.name().empty()) {
        group = groups.size() - 1;
      }
      if (group == groups.size()) groups.emplace_back();
      groups[group].push_back(&row);
    }
    for (std::vector<Row*>& group : groups) {
      std::stable_sort(group.begin(), group.end(),
                       [](const Row* a, const Row* b) { return a->sequence < b->sequence; });
    }
    return groups;
  }

  void Add(const std::vector<Row*>& columns) {
    Constraint& to = out_.constraints.emplace_back(std::move(columns.front()->constraint));
    for (const Row* row : columns) {
      if (!row->column.empty()) to.add_columns(row->column);
      if (to.kind() == Constraint::FOREIGN_KEY) to.add_parent_columns(row->parent_column);
    }
    if (to.kind() == Constraint::FOREIGN_KEY && to.parent_database().empty()) {
      to.set_parent_database(out_.table.database);
    }
  }

  TableConstraints out_;
};

// ---- Of answers ----

template <typename To>
void WriteCommon(const std::string& catalog, const Constraint& constraint, To* to) {
  to->__set_enable_cstr(constraint.enabled());
  to->__set_validate_cstr(constraint.validated());
  to->__set_rely_cstr(constraint.rely());
  to->__set_catName(catalog);
}

template <typename To>
To& AddRow(const std::string& catalog, const TableName& table, const Constraint& constraint, int column,
           std::vector<To>* rows) {
  To& to = rows->emplace_back();
  WriteCommon(catalog, constraint, &to);
  to.__set_table_db(table.database);
  to.__set_table_name(table.table);
  to.__set_column_name(column < constraint.columns_size() ? constraint.columns(column) : "");
  return to;
}

void AddForeignKey(const std::string& catalog, const TableName& table, const Constraint& constraint, int column,
                   std::vector<thrift::SQLForeignKey>* rows) {
  thrift::SQLForeignKey& to = rows->emplace_back();
  WriteCommon(catalog, constraint, &to);
  to.__set_pktable_db(constraint.parent_database());
  to.__set_pktable_name(constraint.parent_table());
  to.__set_pkcolumn_name(column < constraint.parent_columns_size() ? constraint.parent_columns(column) : "");
  to.__set_fktable_db(table.database);
  to.__set_fktable_name(table.table);
  to.__set_fkcolumn_name(constraint.columns(column));
  to.__set_key_seq(column + 1);
  to.__set_update_rule(constraint.update_rule());
  to.__set_delete_rule(constraint.delete_rule());
  to.__set_fk_name(constraint.name());
  to.__set_pk_name(constraint.parent_constraint());
}

void AddColumn(const std::string& catalog, const TableName& table, const Constraint& constraint, int column,
               thrift::SQLAllTableConstraints* out) {
  switch (constraint.kind()) {
    case Constraint::PRIMARY_KEY: {
      auto& to = AddRow(catalog, table, constraint, column, &out->primaryKeys);
      to.__set_key_seq(column + 1);
      to.__set_pk_name(constraint.name());
      return;
    }
    case Constraint::UNIQUE: {
      auto& to = AddRow(catalog, table, constraint, column, &out->uniqueConstraints);
      to.__set_key_seq(column + 1);
      to.__set_uk_name(constraint.name());
      return;
    }
    case Constraint::NOT_NULL:
      AddRow(catalog, table, constraint, column, &out->notNullConstraints).__set_nn_name(constraint.name());
      return;
    case Constraint::DEFAULT: {
      auto& to = AddRow(catalog, table, constraint, column, &out->defaultConstraints);
      to.__set_default_value(constraint.expression());
      to.__set_dc_name(constraint.name());
      return;
    }
    case Constraint::CHECK: {
      auto& to = AddRow(catalog, table, constraint, column, &out->checkConstraints);
      to.__set_check_expression(constraint.expression());
      to.__set_dc_name(constraint.name());
      return;
    }
    case Constraint::FOREIGN_KEY:
      AddForeignKey(catalog, table, constraint, column, &out->foreignKeys);
      return;
    default:
      return;
  }
}

}  // namespace

absl::StatusOr<TableConstraints> ToModel(const thrift::SQLAllTableConstraints& rows, const TableConstraints& of) {
  Reader reader(of);
  RETURN_IF_ERROR(reader.Read(rows.primaryKeys));
  RETURN_IF_ERROR(reader.Read(rows.uniqueConstraints));
  RETURN_IF_ERROR(reader.Read(rows.notNullConstraints));
  RETURN_IF_ERROR(reader.Read(rows.defaultConstraints));
  RETURN_IF_ERROR(reader.Read(rows.checkConstraints));
  // Last: one may point at a key of the same table.
  RETURN_IF_ERROR(reader.Read(rows.foreignKeys));
  return std::move(reader).Take();
}

thrift::SQLAllTableConstraints ToThrift(const std::string& catalog, const TableName& table,
                                        std::span<const Constraint> constraints) {
  thrift::SQLAllTableConstraints out;
  out.__set_primaryKeys({});
  out.__set_foreignKeys({});
  out.__set_uniqueConstraints({});
  out.__set_notNullConstraints({});
  out.__set_defaultConstraints({});
  out.__set_checkConstraints({});
  for (const Constraint& constraint : constraints) {
    // A check over no column in particular has one row, without a column.
    const int rows =
        constraint.kind() == Constraint::CHECK ? std::max(1, constraint.columns_size()) : constraint.columns_size();
    for (int column = 0; column < rows; ++column) AddColumn(catalog, table, constraint, column, &out);
  }
  return out;
}

}  // namespace lodestone::hive
