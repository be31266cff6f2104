#include "catalog/bulk/json_writer.h"

#include "catalog/base/strings.h"
#include "catalog/names.h"

namespace lodestone::bulk {

void AppendJsonString(std::string_view text, std::string* out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out->push_back('"');
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out->append(text.substr(plain, i - plain));
    plain = i + 1;
    if (c == '"' || c == '\\') {
      out->push_back('\\');
      out->push_back(static_cast<char>(c));
    } else {
      out->append("\\u00");
      out->push_back(kHex[c >> 4]);
      out->push_back(kHex[c & 15]);
    }
  }
  out->append(text.substr(plain));
  out->push_back('"');
}

void NdjsonWriter::Begin(const PartitionBatch& batch) {
  values_.resize(batch.keys().size());
  for (std::size_t i = 0; i < values_.size(); ++i) {
    values_[i].clear();
    for (const std::string_view value : batch.keys()[i].dictionary) {
      AppendJsonString(value, &values_[i].emplace_back());
    }
  }
  names_.clear();
  for (const StringColumn* column : batch.parameters()) {
    AppendJsonString(column->name(), &names_.emplace_back());
    names_.back() += ':';
  }
}

void NdjsonWriter::AppendRow(const PartitionBatch& batch, std::size_t row, std::string_view descriptor,
                             std::string* out) {
  out->append("{\"values\":[");
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (i > 0) out->push_back(',');
    out->append(values_[i][batch.keys()[i].indexes[row]]);
  }
  out->push_back(']');
  bool any = false;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const std::optional<std::string_view> value = batch.parameters()[i]->value(row);
    if (!value) continue;
    out->append(any ? "," : ",\"parameters\":{");
    any = true;
    out->append(names_[i]);
    AppendJsonString(*value, out);
  }
  if (any) out->push_back('}');
  if (batch.locations() != nullptr) {
    const std::optional<std::string_view> location = batch.locations()->value(row);
    if (location && !location->empty()) {
      out->append(",\"location\":");
      AppendJsonString(*location, out);
    }
  }
  base::StrAppend(out, ",\"create_time\":", batch.create_times()[row]);
  if (batch.last_access_times()[row] != 0) {
    base::StrAppend(out, ",\"last_access_time\":", batch.last_access_times()[row]);
  }
  if (!descriptor.empty()) base::StrAppend(out, ",\"storage_descriptor\":", descriptor);
  out->append("}\n");
}

}  // namespace lodestone::bulk
