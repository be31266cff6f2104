#include "tools/lodestone/partition_output.h"

#include <algorithm>
#include <utility>

#include "catalog/base/strings.h"
#include "tools/lodestone/json.h"

namespace lodestone::cli {
namespace {

std::vector<ListWriter::Column> ColumnsOf(const model::v1::Table& table, const Projection& projection) {
  std::vector<ListWriter::Column> columns;
  for (const model::v1::Column& key : table.partition_keys()) columns.push_back({key.name()});
  if (projection.times) columns.push_back({"CREATED"});
  if (projection.location) columns.push_back({"LOCATION"});
  if (projection.all_parameters) columns.push_back({"PARAMETERS"});
  for (const std::string& name : projection.parameters) columns.push_back({name, true});
  return columns;
}

// The columns of parameters that are set in a row, by name.
std::vector<std::pair<std::string_view, std::string>> ParametersOf(const PartitionBatch& batch, std::size_t row) {
  std::vector<std::pair<std::string_view, std::string>> set;
  for (const StringColumn* column : batch.parameters()) {
    if (const auto value = column->value(row)) set.emplace_back(column->name(), *value);
  }
  std::sort(set.begin(), set.end());
  return set;
}

}  // namespace

Projection ParseProjection(std::string_view text) {
  Projection projection;
  for (std::string_view piece : base::Split(text, ',')) {
    piece = base::TrimWhitespace(piece);
    if (piece == "all") {
      projection = Projection::All();
    } else if (piece == "location") {
      projection.location = true;
    } else if (piece == "times") {
      projection.times = true;
    } else if (piece == "parameters") {
      projection.all_parameters = true;
    } else if (piece == "descriptor") {
      projection.descriptor = true;
    } else if (!piece.empty()) {
      projection.parameters.emplace_back(piece);
    }
  }
  if (projection.all_parameters) projection.parameters.clear();
  return projection;
}

PartitionListWriter::PartitionListWriter(const model::v1::Table& table, const Projection& projection, Output* out)
    : projection_(projection), out_(out), cells_(out, ColumnsOf(table, projection)) {
  model::v1::StorageDescriptor descriptor = table.storage_descriptor();
  descriptor.clear_location();
  table_descriptor_ = ToJson(descriptor);
}

void PartitionListWriter::Add(const PartitionBatch& batch) {
  switch (out_->format()) {
    case Format::kNames:
      return AddNames(batch);
    case Format::kTable:
      return AddCells(batch);
    default:
      return AddJson(batch);
  }
}

void PartitionListWriter::End() {
  if (out_->format() == Format::kJson) out_->Write(any_ ? "\n]\n" : "[]\n");
  if (out_->format() == Format::kTable) cells_.End();
}

void PartitionListWriter::AddNames(const PartitionBatch& batch) {
  names_.bytes.clear();
  names_.ends.clear();
  batch.AppendNames(&names_);
  text_.clear();
  for (std::size_t i = 0; i < names_.size(); ++i) {
    text_ += names_[i];
    text_ += '\n';
  }
  out_->Write(text_);
}

void PartitionListWriter::AppendRow(const PartitionBatch& batch, std::size_t row) {
  text_ += "{\"values\":[";
  bool first = true;
  for (const KeyColumn& key : batch.keys()) {
    if (!std::exchange(first, false)) text_ += ',';
    AppendJsonString(key.value(row), &text_);
  }
  text_ += ']';
  if (const auto parameters = ParametersOf(batch, row); !parameters.empty()) {
    text_ += ",\"parameters\":";
    char separator = '{';
    for (const auto& [name, value] : parameters) {
      text_ += std::exchange(separator, ',');
      AppendJsonString(name, &text_);
      text_ += ':';
      AppendJsonString(value, &text_);
    }
    text_ += '}';
  }
  if (projection_.location && batch.locations() != nullptr) {
    if (const auto location = batch.locations()->value(row); location && !location->empty()) {
      text_ += ",\"location\":";
      AppendJsonString(*location, &text_);
    }
  }
  if (projection_.times) {
    base::StrAppend(&text_, ",\"create_time\":", batch.create_times()[row]);
    if (const int64_t time = batch.last_access_times()[row]; time != 0) {
      base::StrAppend(&text_, ",\"last_access_time\":", time);
    }
  }
  if (projection_.descriptor) {
    batch.ToPartition(row, &partition_);
    partition_.mutable_storage_descriptor()->clear_location();
    partition_.storage_descriptor().SerializeToString(&descriptor_bytes_);
    if (descriptor_bytes_ != last_descriptor_) {
      descriptor_json_ = ToJson(partition_.storage_descriptor());
      last_descriptor_.swap(descriptor_bytes_);
    }
    if (descriptor_json_ != table_descriptor_) base::StrAppend(&text_, ",\"storage_descriptor\":", descriptor_json_);
  }
  text_ += '}';
}

void PartitionListWriter::AddJson(const PartitionBatch& batch) {
  const bool array = out_->format() == Format::kJson;
  text_.clear();
  for (std::size_t row = 0; row < batch.size(); ++row) {
    if (array) text_ += any_ ? ",\n" : "[\n";
    AppendRow(batch, row);
    if (!array) text_ += '\n';
    any_ = true;
  }
  out_->Write(text_);
}

void PartitionListWriter::AddCells(const PartitionBatch& batch) {
  for (std::size_t row = 0; row < batch.size() && !out_->closed(); ++row) {
    cells_.Add(
        {},
        [&] {
          std::vector<std::string> cells;
          for (const KeyColumn& key : batch.keys()) cells.emplace_back(key.value(row));
          if (projection_.times) cells.push_back(Time(batch.create_times()[row]));
          if (projection_.location) {
            const auto location = batch.locations() == nullptr ? std::nullopt : batch.locations()->value(row);
            cells.emplace_back(location.value_or(""));
          }
          const auto parameters = ParametersOf(batch, row);
          if (projection_.all_parameters) {
            std::string all;
            for (const auto& [name, value] : parameters) {
              base::StrAppend(&all, all.empty() ? "" : " ", name, "=", value);
            }
            cells.push_back(std::move(all));
          }
          for (const std::string& wanted : projection_.parameters) {
            const auto at = std::find_if(parameters.begin(), parameters.end(),
                                         [&](const auto& parameter) { return parameter.first == wanted; });
            cells.push_back(at == parameters.end() ? "" : at->second);
          }
          return cells;
        },
        [] { return std::string(); });
  }
}

}  // namespace lodestone::cli
