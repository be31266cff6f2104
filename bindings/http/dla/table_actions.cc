#include "bindings/http/dla/actions.h"
#include "bindings/http/dla/descriptors.h"
#include "bindings/http/dla/errors.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::http::dla {

using model::v1::Table;

absl::StatusOr<TableName> ReadTableName(const Parameters& parameters) {
  ASSIGN_OR_RETURN(const std::string_view database, Need(parameters, "DbName"));
  ASSIGN_OR_RETURN(const std::string_view table, Need(parameters, "TableName"));
  return TableName{.database = std::string(database), .table = std::string(table)};
}

absl::Status CreateTable(const Call& call) {
  const Parameters& parameters = call.parameters;
  ASSIGN_OR_RETURN(const TableName name, ReadTableName(parameters));
  ASSIGN_OR_RETURN(const std::string_view type_name, Need(parameters, "TableType"));
  ASSIGN_OR_RETURN(const model::v1::TableType type, ParseTableType(type_name));
  ASSIGN_OR_RETURN(const std::string_view descriptor_text, Need(parameters, "StorageDescriptor"));
  Table table;
  table.set_database(name.database);
  table.set_name(name.table);
  table.set_table_type(type);
  ASSIGN_OR_RETURN(const JsonDocument descriptor, JsonDocument::Parse("StorageDescriptor", descriptor_text));
  RETURN_IF_ERROR(
      ReadTableDescriptor(descriptor.root(), type == model::v1::VIRTUAL_VIEW, table.mutable_storage_descriptor()));
  if (const std::string_view text = parameters.Get("PartitionKeys"); !text.empty()) {
    ASSIGN_OR_RETURN(const JsonDocument keys, JsonDocument::Parse("PartitionKeys", text));
    RETURN_IF_ERROR(ReadColumns(keys.root(), table.mutable_partition_keys()));
  }
  RETURN_IF_ERROR(ReadMap(parameters, "Parameters", table.mutable_parameters()));
  table.set_view_original_text(std::string(parameters.Get("ViewOriginalText")));
  table.set_view_expanded_text(std::string(parameters.Get("ViewExpandedText")));
  int64_t id = 0;
  const auto body = [&](Session& inside) -> absl::Status {
    RETURN_IF_ERROR(inside.CreateTable(table));
    ASSIGN_OR_RETURN(const Table made, inside.GetTable(name));
    id = made.id();
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(call.session.Transact(body).status());
  call.out.Number("Data", id);
  return absl::OkStatus();
}

absl::Status GetTable(const Call& call) {
  ASSIGN_OR_RETURN(const TableName name, ReadTableName(call.parameters));
  ASSIGN_OR_RETURN(const Table table, call.session.GetTable(name));
  WriteTable(table, &call.out);
  return absl::OkStatus();
}

absl::Status GetAllTables(const Call& call) {
  ASSIGN_OR_RETURN(const std::string_view database, Need(call.parameters, "DbName"));
  ASSIGN_OR_RETURN(const auto names, call.session.ListTables(database));
  call.out.BeginList("Data");
  for (const std::string& name : names.items) call.out.TextItem(name);
  call.out.EndList();
  return absl::OkStatus();
}

absl::Status AlterTable(const Call& call) {
  const Parameters& parameters = call.parameters;
  TableName old_name;
  TableName new_name;
  for (const auto& [name, member] : {std::pair{"OldDbName", &old_name.database},
                                     {"OldTableName", &old_name.table},
                                     {"NewDbName", &new_name.database},
                                     {"NewTableName", &new_name.table}}) {
    ASSIGN_OR_RETURN(const std::string_view value, Need(parameters, name));
    *member = value;
  }
  ASSIGN_OR_RETURN(const std::string_view columns_text, Need(parameters, "Col"));
  ASSIGN_OR_RETURN(const JsonDocument document, JsonDocument::Parse("Col", columns_text));
  Columns columns;
  RETURN_IF_ERROR(ReadColumns(document.root(), &columns));
  TextMap map;
  bool has_map = false;
  RETURN_IF_ERROR(ReadMap(parameters, "Parameters", &map, &has_map));
  const auto change = [&](Table& table) {
    *table.mutable_storage_descriptor()->mutable_columns() = columns;
    if (has_map) *table.mutable_parameters() = map;
    return absl::OkStatus();
  };
  const bool same_name = base::EqualsIgnoreCase(old_name.database, new_name.database) &&
                         base::EqualsIgnoreCase(old_name.table, new_name.table);
  const auto body = [&](Session& inside) -> absl::Status {
    RETURN_IF_ERROR(inside.ModifyTable(old_name, change));
    return same_name ? absl::OkStatus() : inside.RenameTable(old_name, new_name);
  };
  RETURN_IF_ERROR(call.session.Transact(body).status());
  call.out.Boolean("Data", true);
  return absl::OkStatus();
}

absl::Status DropTable(const Call& call) {
  ASSIGN_OR_RETURN(const TableName name, ReadTableName(call.parameters));
  RETURN_IF_ERROR(call.session.DropTable(name));
  call.out.Boolean("Data", true);
  return absl::OkStatus();
}

}  // namespace lodestone::http::dla
