// 7.2.1: a table or view out of the fields of a request.
#include <utility>

#include "bindings/http/dli/call.h"
#include "bindings/http/dli/table_format.h"
#include "bindings/http/dli/tags.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::http::dli {
namespace {

using model::v1::Table;

// Views have no partitions, but a client may flag columns of one, and reads that back.
constexpr char kViewPartitionColumns[] = "dli.view.partition_columns";

// Columns that are flagged become partition keys; of a view they stay columns.
void ReadColumns(ObjectReader& fields, Table* table) {
  const bool is_view = table->table_type() == model::v1::VIRTUAL_VIEW;
  std::string flagged;
  std::size_t plain = 0;
  for (ObjectReader& item : fields.Objects("columns", /*mandatory=*/!is_view)) {
    model::v1::Column column;
    column.set_name(item.Text("column_name"));
    column.set_type(item.Text("type"));
    column.set_comment(item.OptionalText("description").value_or(""));
    const bool is_key = item.Flag("is_partition_column", false);
    plain += is_key ? 0 : 1;
    if (is_key && is_view) base::StrAppend(&flagged, flagged.empty() ? "" : ",", base::AsciiLower(column.name()));
    *(is_key && !is_view ? table->add_partition_keys() : table->mutable_storage_descriptor()->add_columns()) =
        std::move(column);
  }
  if (!flagged.empty()) (*table->mutable_parameters())[kViewPartitionColumns] = flagged;
  if (fields.status().ok() && !is_view && plain == 0) {
    fields.Fail("columns", "at least one that is not a partition column", "none");
  }
}

void ReadView(ObjectReader& fields, Table* table) {
  const std::string statement = fields.Text("select_statement");
  if (fields.status().ok() && base::TrimWhitespace(statement).empty()) {
    fields.Fail("select_statement", "a SELECT statement", "an empty text");
  }
  table->set_view_original_text(statement);
  table->set_view_expanded_text(statement);
}

bool IsPath(const Call& call, std::string_view path) {
  if (path.starts_with("obs://")) return path.size() > 6;
  // Where previews of local files are allowed, tables of local files make sense.
  return !call.options.permitted_roots.empty() && path.starts_with("file:/");
}

void ReadFiles(const Call& call, ObjectReader& fields, Table* table) {
  const std::string type = fields.Text("data_type");
  const std::string path = fields.Text("data_path");
  const StorageOptions options = ReadOptions(fields);
  if (!fields.status().ok()) return;
  const DataFormat* format = FormatByName(type);
  if (format == nullptr || format->name == "textfile") {
    return fields.Fail("data_type", "parquet, orc, csv, json or avro", base::Quoted(type));
  }
  if (!IsPath(call, path)) return fields.Fail("data_path", "a path obs://..", base::Quoted(path));
  table->mutable_storage_descriptor()->set_location(path);
  SetFormat(*format, options, table);
}

}  // namespace

std::vector<std::string> ViewPartitionColumns(const Table& table) {
  std::vector<std::string> names;
  const auto found = table.parameters().find(kViewPartitionColumns);
  if (found == table.parameters().end()) return names;
  for (const std::string_view name : base::Split(found->second, ',')) names.emplace_back(name);
  return names;
}

CallResult CreateTable(Call& call) {
  ObjectReader fields(call.body);
  Table table;
  table.set_database(call.names[0]);
  table.set_name(fields.Text("table_name"));
  const std::string where = fields.Text("data_location");
  RETURN_IF_ERROR(fields.status());
  if (const auto comment = fields.OptionalText("description")) (*table.mutable_parameters())["comment"] = *comment;
  ReadTags(fields, table.mutable_parameters());
  if (base::EqualsIgnoreCase(where, "VIEW")) {
    table.set_table_type(model::v1::VIRTUAL_VIEW);
    ReadView(fields, &table);
  } else if (base::EqualsIgnoreCase(where, "OBS")) {
    table.set_table_type(model::v1::EXTERNAL_TABLE);
    ReadFiles(call, fields, &table);
  } else if (base::EqualsIgnoreCase(where, "DLI")) {
    table.set_table_type(model::v1::MANAGED_TABLE);
    // The service chooses the format of its own tables; here it is the one that every engine reads.
    SetFormat(*FormatByName("parquet"), {}, &table);
  } else {
    fields.Fail("data_location", "OBS, DLI or VIEW", base::Quoted(where));
  }
  ReadColumns(fields, &table);
  RETURN_IF_ERROR(fields.status());
  RETURN_IF_ERROR(call.session.CreateTable(table));
  return Json::object();
}

}  // namespace lodestone::http::dli
