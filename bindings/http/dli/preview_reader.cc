#include "bindings/http/dli/preview_reader.h"

#include <simdjson.h>

#include "catalog/base/strings.h"

namespace lodestone::http::dli {
namespace {

// Walks over records of a CSV file.
class CsvRecords {
 public:
  CsvRecords(std::string_view bytes, bool whole, const CsvDialect& dialect)
      : rest_(bytes), whole_(whole), dialect_(dialect) {}

  // The fields of the next record; false at the end, or where the record is cut off.
  bool Next(PreviewRow* fields) {
    while (!rest_.empty() && (rest_.front() == '\n' || rest_.front() == '\r')) rest_.remove_prefix(1);
    fields->clear();
    if (rest_.empty()) return false;
    for (bool last = false; !last;) {
      std::optional<std::string> field;
      if (!Field(&field, &last)) return false;
      fields->push_back(std::move(field));
    }
    return true;
  }

 private:
  bool Field(std::optional<std::string>* out, bool* last) {
    std::string text;
    bool quoted = false;
    if (dialect_.quote && !rest_.empty() && rest_.front() == *dialect_.quote) {
      quoted = true;
      rest_.remove_prefix(1);
      if (!Quoted(&text)) return false;
    }
    while (true) {
      if (rest_.empty()) {
        if (!whole_) return false;
        *last = true;
        break;
      }
      if (rest_.starts_with(dialect_.delimiter)) {
        rest_.remove_prefix(dialect_.delimiter.size());
        break;
      }
      const char c = rest_.front();
      if (c == '\n' || (c == '\r' && (rest_.size() == 1 ? whole_ : rest_[1] == '\n'))) {
        rest_.remove_prefix(1);
        *last = true;
        break;
      }
      TakeByte(&text);
    }
    if (quoted || text != dialect_.null) *out = std::move(text);
    return true;
  }

  // Up to the closing quote; without one, up to the end of a whole file.
  bool Quoted(std::string* text) {
    while (!rest_.empty()) {
      const char quote = *dialect_.quote;
      if (rest_.front() != quote) {
        TakeByte(text);
        continue;
      }
      rest_.remove_prefix(1);
      if (rest_.empty() || rest_.front() != quote) return !rest_.empty() || whole_;
      *text += quote;
      rest_.remove_prefix(1);
    }
    return whole_;
  }

  // One byte, or the one behind an escape.
  void TakeByte(std::string* text) {
    if (dialect_.escape && dialect_.escape != dialect_.quote && rest_.front() == *dialect_.escape && rest_.size() > 1) {
      rest_.remove_prefix(1);
    }
    *text += rest_.front();
    rest_.remove_prefix(1);
  }

  std::string_view rest_;
  const bool whole_;
  const CsvDialect& dialect_;
};

absl::Status NotJson(std::size_t line) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, " of the table's file is not a JSON object"));
}

using simdjson::ondemand::json_type;

// False: the value is broken.
bool ValueText(simdjson::ondemand::value value, std::optional<std::string>* out) {
  json_type type;
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  std::string_view text;
  if (type == json_type::null) {
    bool is_null = false;
    if (value.is_null().get(is_null) != simdjson::SUCCESS || !is_null) return false;
    *out = std::nullopt;
    return true;
  }
  if (type == json_type::string) {
    if (value.get_string().get(text) != simdjson::SUCCESS) return false;
  } else if (type == json_type::array || type == json_type::object) {
    if (simdjson::to_json_string(value).get(text) != simdjson::SUCCESS) return false;
  } else {
    text = base::TrimWhitespace(value.raw_json_token());
    double number = 0;
    bool truth = false;
    const bool sound = type == json_type::boolean ? value.get_bool().get(truth) == simdjson::SUCCESS
                                                  : value.get_double().get(number) == simdjson::SUCCESS;
    if (!sound) return false;
  }
  *out = std::string(text);
  return true;
}

bool ReadObject(simdjson::ondemand::document& document, const std::vector<std::string>& columns, PreviewRow* row) {
  simdjson::ondemand::object object;
  if (document.get_object().get(object) != simdjson::SUCCESS) return false;
  for (auto field : object) {
    std::string_view key;
    simdjson::ondemand::value value;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
    const std::string name = base::AsciiLower(key);
    if (field.value().get(value) != simdjson::SUCCESS) return false;
    std::optional<std::string> text;
    if (!ValueText(value, &text)) return false;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i] == name) (*row)[i] = text;
    }
  }
  // Nothing but blanks may follow.
  const char* rest = nullptr;
  return document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS;
}

}  // namespace

void ReadCsvRows(std::string_view bytes, bool whole, const CsvDialect& dialect, std::size_t columns, std::size_t limit,
                 std::vector<PreviewRow>* rows) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  CsvRecords records(bytes, whole, dialect);
  PreviewRow row;
  if (dialect.header && !records.Next(&row)) return;
  while (rows->size() < limit && records.Next(&row)) {
    row.resize(columns);
    rows->push_back(row);
  }
}

absl::Status ReadJsonRows(std::string_view bytes, bool whole, const std::vector<std::string>& columns,
                          std::size_t limit, std::vector<PreviewRow>* rows) {
  simdjson::ondemand::parser parser;
  for (std::size_t line = 1; rows->size() < limit && !bytes.empty(); ++line) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos && !whole) break;
    const std::string_view text = base::TrimWhitespace(bytes.substr(0, end));
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    if (text.empty()) continue;
    const simdjson::padded_string padded(text);
    simdjson::ondemand::document document;
    PreviewRow row(columns.size());
    if (parser.iterate(padded).get(document) != simdjson::SUCCESS || !ReadObject(document, columns, &row)) {
      return NotJson(line);
    }
    rows->push_back(std::move(row));
  }
  return absl::OkStatus();
}

}  // namespace lodestone::http::dli
