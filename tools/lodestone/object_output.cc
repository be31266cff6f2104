#include "tools/lodestone/object_output.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "catalog/base/strings.h"
#include "tools/lodestone/json.h"

namespace lodestone::cli {
namespace {

using google::protobuf::Map;
using google::protobuf::RepeatedPtrField;

// Labelled values and indented lists below them; what is empty is left out.
class Sheet {
 public:
  explicit Sheet(Output* out) : out_(out) {}

  void Field(std::string_view label, std::string_view value) {
    if (value.empty()) return;
    out_->Line(base::StrCat(out_->Bold(label), std::string(label.size() < kWidth ? kWidth - label.size() : 1, ' '),
                            Printable(value)));
  }
  void Field(std::string_view label, int64_t value) {
    if (value != 0) Field(label, std::to_string(value));
  }

  void Rows(std::string_view title, const std::vector<std::vector<std::string>>& rows) {
    if (rows.empty()) return;
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
      widths.resize(std::max(widths.size(), row.size()));
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
    }
    out_->Line(out_->Bold(title));
    for (const auto& row : rows) {
      std::string line = "  ";
      for (std::size_t i = 0; i < row.size(); ++i) {
        line += row[i] + std::string(widths[i] - DisplayWidth(row[i]) + 2, ' ');
      }
      line.erase(line.find_last_not_of(' ') + 1);
      out_->Line(line);
    }
  }

  void Columns(std::string_view title, const RepeatedPtrField<model::v1::Column>& columns) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& column : columns) rows.push_back({column.name(), column.type(), Printable(column.comment())});
    Rows(title, rows);
  }

  void Parameters(std::string_view title, const Map<std::string, std::string>& parameters) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [key, value] : std::map<std::string, std::string>(parameters.begin(), parameters.end())) {
      rows.push_back({Printable(key), Printable(value)});
    }
    Rows(title, rows);
  }

  void Storage(const model::v1::StorageDescriptor& storage) {
    Field("Input format", storage.input_format());
    Field("Output format", storage.output_format());
    Field("SerDe", storage.serde_info().serialization_lib());
    if (storage.num_buckets() > 0) {
      Field("Buckets", base::StrCat(storage.num_buckets(), " by ", Join(storage.bucket_columns())));
    }
    std::vector<std::string> sort;
    for (const auto& order : storage.sort_columns()) {
      sort.push_back(order.column() + (order.direction() == model::v1::Order::DESCENDING ? " desc" : ""));
    }
    Field("Sorted by", Join(sort));
    Field("Skewed by", Join(storage.skewed_info().columns()));
    if (storage.compressed()) Field("Compressed", "yes");
    Parameters("SerDe parameters", storage.serde_info().parameters());
    Parameters("Storage parameters", storage.parameters());
  }

  static std::string Owner(const std::string& name, model::v1::PrincipalType type) {
    if (name.empty() || type == model::v1::USER || type == model::v1::PRINCIPAL_TYPE_UNSPECIFIED) return name;
    return base::StrCat(name, " (", base::AsciiLower(model::v1::PrincipalType_Name(type)), ")");
  }

  template <typename Texts>
  static std::string Join(const Texts& texts) {
    std::string out;
    for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + text;
    return out;
  }

 private:
  static constexpr std::size_t kWidth = 16;
  Output* out_;
};

}  // namespace

bool PrintAsJson(const google::protobuf::Message& object, Output* out) {
  if (out->format() == Format::kJson) {
    out->Line(ToPrettyJson(object));
  } else if (out->format() == Format::kNdjson) {
    out->Line(ToJson(object));
  } else {
    return false;
  }
  return true;
}

void PrintObject(const model::v1::Catalog& catalog, Output* out) {
  if (PrintAsJson(catalog, out)) return;
  if (out->format() == Format::kNames) return out->Line(catalog.name());
  Sheet sheet(out);
  sheet.Field("Catalog", catalog.name());
  sheet.Field("Description", catalog.description());
  sheet.Field("Location", catalog.location_uri());
  sheet.Field("Created", Time(catalog.create_time()));
}

void PrintObject(const model::v1::Database& database, Output* out) {
  if (PrintAsJson(database, out)) return;
  if (out->format() == Format::kNames) return out->Line(database.name());
  Sheet sheet(out);
  sheet.Field("Database", database.name());
  sheet.Field("Catalog", database.catalog());
  sheet.Field("Description", database.description());
  sheet.Field("Owner", Sheet::Owner(database.owner_name(), database.owner_type()));
  sheet.Field("Created", Time(database.create_time()));
  sheet.Field("Location", database.location_uri());
  sheet.Field("Managed under", database.managed_location_uri());
  sheet.Parameters("Parameters", database.parameters());
}

void PrintObject(const model::v1::Table& table, Output* out) {
  if (PrintAsJson(table, out)) return;
  const std::string name = table.database() + "." + table.name();
  if (out->format() == Format::kNames) return out->Line(name);
  const bool view = table.table_type() == model::v1::VIRTUAL_VIEW || table.table_type() == model::v1::MATERIALIZED_VIEW;
  Sheet sheet(out);
  sheet.Field(view ? "View" : "Table", name);
  sheet.Field("Catalog", table.catalog());
  sheet.Field("Type", TypeName(table.table_type()));
  sheet.Field("Owner", Sheet::Owner(table.owner(), table.owner_type()));
  sheet.Field("Created", Time(table.create_time()));
  sheet.Field("Last access", Time(table.last_access_time()));
  sheet.Field("Retention", table.retention());
  sheet.Field("Location", table.storage_descriptor().location());
  sheet.Field("View text", table.view_original_text());
  sheet.Storage(table.storage_descriptor());
  sheet.Columns("Columns", table.storage_descriptor().columns());
  sheet.Columns("Partition keys", table.partition_keys());
  sheet.Parameters("Parameters", table.parameters());
}

void PrintObject(const model::v1::Function& function, Output* out) {
  if (PrintAsJson(function, out)) return;
  const std::string name = function.database() + "." + function.name();
  if (out->format() == Format::kNames) return out->Line(name);
  Sheet sheet(out);
  sheet.Field("Function", name);
  sheet.Field("Catalog", function.catalog());
  sheet.Field("Class", function.class_name());
  sheet.Field("Owner", Sheet::Owner(function.owner_name(), function.owner_type()));
  sheet.Field("Created", Time(function.create_time()));
  std::vector<std::vector<std::string>> resources;
  for (const auto& resource : function.resources()) {
    resources.push_back({base::AsciiLower(model::v1::Function::Resource::Type_Name(resource.type())), resource.uri()});
  }
  sheet.Rows("Resources", resources);
}

void PrintPartition(const model::v1::Partition& partition, std::string_view name, Output* out) {
  if (PrintAsJson(partition, out)) return;
  if (out->format() == Format::kNames) return out->Line(name);
  const model::v1::StorageDescriptor& storage = partition.storage_descriptor();
  Sheet sheet(out);
  sheet.Field("Partition", name);
  sheet.Field("Table", partition.database() + "." + partition.table());
  sheet.Field("Created", Time(partition.create_time()));
  sheet.Field("Last access", Time(partition.last_access_time()));
  sheet.Field("Location", storage.location());
  sheet.Storage(storage);
  sheet.Parameters("Parameters", partition.parameters());
}

void NameListWriter::Add(std::string_view name) {
  if (out_->format() == Format::kJson) out_->Write(any_ ? ",\n" : "[\n");
  if (out_->json()) {
    out_->Write(JsonString(name));
    if (out_->format() == Format::kNdjson) out_->Write("\n");
  } else {
    out_->Line(Printable(name));
  }
  any_ = true;
}

void NameListWriter::End() {
  if (out_->format() == Format::kJson) out_->Write(any_ ? "\n]\n" : "[]\n");
}

std::string TypeName(model::v1::TableType type) {
  switch (type) {
    case model::v1::EXTERNAL_TABLE:
      return "external";
    case model::v1::VIRTUAL_VIEW:
      return "view";
    case model::v1::MATERIALIZED_VIEW:
      return "materialized view";
    default:
      return "managed";
  }
}

}  // namespace lodestone::cli
