// One JSON object a line. A chunk of many lines is parsed at once: simdjson finds the structure of a megabyte in one
// pass, several times faster than line by line. It is checked that documents and lines begin at the same places; if
// anything in a chunk is wrong, the chunk is parsed again line by line, which finds which line it is and why.

#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/base/strings.h"
#include "catalog/bulk/descriptor_json.h"
#include "catalog/bulk/json_text.h"
#include "catalog/bulk/reader.h"
#include "catalog/names.h"

namespace lodestone::bulk {
namespace {

namespace ondemand = simdjson::ondemand;

bool IsBlank(std::string_view s) { return s.find_first_not_of(" \t\r\n") == std::string_view::npos; }

class NdjsonReader final : public RowReader {
 public:
  NdjsonReader(std::unique_ptr<ByteSource> source, std::vector<std::string> keys, const ReaderOptions& options,
               bool line_by_line)
      : chunks_(std::move(source), options.chunk, options.max_record),
        keys_(std::move(keys)),
        line_by_line_(line_by_line) {
#ifdef SIMDJSON_THREADS_ENABLED
    parser_.threaded = false;  // reading has a thread of its own already
#endif
  }

  absl::StatusOr<bool> Next(RowBatch* batch) override {
    return chunks_.Next(batch, [&](std::string_view bytes, bool at_end) { return Parse(batch, bytes, at_end); });
  }
  int64_t bytes_total() const override { return chunks_.bytes_total(); }

 private:
  // What a row is made of while its fields are read.
  struct Fields {
    bool values = false;
    bool parameters = false;
    bool location_seen = false;
    std::string_view location;
    std::optional<int64_t> create_time;
    std::optional<int64_t> last_access_time;
    bool descriptor_seen = false;
    std::shared_ptr<const model::v1::StorageDescriptor> descriptor;
  };

  std::size_t Parse(RowBatch* batch, std::string_view bytes, bool at_end) {
    std::size_t end = at_end ? bytes.size() : bytes.rfind('\n') + 1;
    if (end == 0) return 0;
    std::string_view lines = bytes.substr(0, end);
    if (line_ == 0) {
      line_ = 1;
      if (lines.starts_with("\xEF\xBB\xBF")) lines.remove_prefix(3);
    }
    const int64_t first_line = line_;
    if (line_by_line_ || !ParseChunk(batch, lines)) {
      batch->Clear();
      line_ = first_line;
      ParseLines(batch, lines);
    }
    return end;
  }

  // The position behind blank lines at `at`, counting them.
  std::size_t SkipBlank(std::string_view bytes, std::size_t at) {
    for (; at < bytes.size(); ++at) {
      if (bytes[at] == '\n') {
        ++line_;
      } else if (bytes[at] != ' ' && bytes[at] != '\t' && bytes[at] != '\r') {
        break;
      }
    }
    return at;
  }

  // False when anything is not as it should be; then the batch holds part of the rows.
  bool ParseChunk(RowBatch* batch, std::string_view bytes) {
    std::size_t at = SkipBlank(bytes, 0);
    if (at == bytes.size()) return true;
    ondemand::document_stream stream;
    if (parser_.iterate_many(bytes.data(), bytes.size(), bytes.size()).get(stream)) return false;
    end_ = bytes.data() + bytes.size();
    for (auto it = stream.begin(); it != stream.end(); ++it) {
      if (at >= bytes.size() || it.current_index() != at) return false;
      ondemand::object object;
      auto document = *it;
      if (document.get_object().get(object)) return false;
      if (!ParseRow(batch, object)) return false;
      const void* newline = std::memchr(bytes.data() + at, '\n', bytes.size() - at);
      if (newline == nullptr) {
        at = bytes.size();
      } else {
        at = SkipBlank(bytes, static_cast<std::size_t>(static_cast<const char*>(newline) - bytes.data()));
      }
    }
    return at == bytes.size() && stream.truncated_bytes() == 0;
  }

  void ParseLines(RowBatch* batch, std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t newline = bytes.find('\n');
      const std::string_view line = bytes.substr(0, newline);
      bytes.remove_prefix(newline == std::string_view::npos ? bytes.size() : newline + 1);
      if (!IsBlank(line)) ParseLine(batch, line);
      ++line_;
    }
  }

  void ParseLine(RowBatch* batch, std::string_view line) {
    // A copy, since the parser wants to be alone with its document.
    line_buffer_.assign(line);
    line_buffer_.append(RowBatch::kPadding, ' ');
    ondemand::document document;
    ondemand::object object;
    auto error = parser_.iterate(line_buffer_.data(), line.size(), line_buffer_.size()).get(document);
    if (!error) error = document.get_object().get(object);
    if (error) return batch->RejectRow(line_, JsonError(error));
    // The buffer goes with the next line, so rows need bytes that stay.
    end_ = line_buffer_.data() + line.size();
    RowBatch row(keys_.size());
    if (!ParseRow(&row, object)) return batch->RejectRow(line_, std::move(why_));
    const char* behind = nullptr;
    if (!document.current_location().get(behind)) {
      return batch->RejectRow(line_, JsonError(simdjson::TRAILING_CONTENT));
    }
    const BulkRow parsed = row.row(0);
    for (std::string_view value : parsed.values) batch->AddValue(batch->Keep(std::string(value)));
    for (const auto& [name, value] : parsed.parameters) {
      const std::string_view kept = batch->Keep(std::string(name));
      batch->AddParameter(kept, batch->Keep(std::string(value)));
    }
    batch->EndRow(batch->Keep(std::string(parsed.location)), parsed.create_time, parsed.last_access_time,
                  std::exchange(last_descriptor_, nullptr), line_);
  }

  // False with why_; then the row is left open.
  bool ParseRow(RowBatch* batch, ondemand::object object) {
    Fields fields;
    why_.clear();
    for (auto entry : object) {
      ondemand::field field;
      if (const auto error = std::move(entry).get(field)) return Fail(JsonError(error));
      const auto name = ReadKey(field, end_, batch, &why_);
      if (!name.has_value()) return false;
      if (!ParseField(batch, *name, field.value(), &fields)) return false;
    }
    if (!fields.values) return Fail("the field `values` is missing");
    if (batch->open_values() != keys_.size()) return Fail(WrongValueCount(keys_, batch->open_values()));
    last_descriptor_ = fields.descriptor;
    batch->EndRow(fields.location, fields.create_time.value_or(0), fields.last_access_time.value_or(0),
                  std::move(fields.descriptor), line_);
    return true;
  }

  bool ParseField(RowBatch* batch, std::string_view name, JsonValue& value, Fields* fields) {
    if (name == "values") return Once(name, &fields->values) && ParseValues(batch, value);
    if (name == "parameters") return Once(name, &fields->parameters) && ParseParameters(batch, value);
    if (name == "location") return Once(name, &fields->location_seen) && ParseLocation(batch, value, &fields->location);
    if (name == "create_time") return ParseTime(batch, name, value, &fields->create_time);
    if (name == "last_access_time") return ParseTime(batch, name, value, &fields->last_access_time);
    if (name == "storage_descriptor") return Once(name, &fields->descriptor_seen) && ParseDescriptor(value, fields);
    return Fail(base::StrCat("unknown field ", base::Quoted(name, 60), "; there are values, parameters, location, ",
                             "create_time, last_access_time and storage_descriptor"));
  }

  bool ParseValues(RowBatch* batch, JsonValue& value) {
    ondemand::array array;
    if (value.get_array().get(array)) return Fail("the field `values` is not an array");
    for (auto entry : array) {
      JsonValue element;
      if (const auto error = entry.get(element)) return Fail(JsonError(error));
      JsonText text;
      if (!ReadText(element, batch, &text, &why_)) return FailIn("an element of `values`");
      batch->AddValue(text.kind == JsonText::Kind::kNull ? kNullPartitionValue : text.text);
    }
    return true;
  }

  bool ParseParameters(RowBatch* batch, JsonValue& value) {
    ondemand::object object;
    if (value.get_object().get(object)) return Fail("the field `parameters` is not an object");
    for (auto entry : object) {
      ondemand::field field;
      if (const auto error = std::move(entry).get(field)) return Fail(JsonError(error));
      const auto name = ReadKey(field, end_, batch, &why_);
      if (!name.has_value()) return false;
      JsonText text;
      if (!ReadText(field.value(), batch, &text, &why_)) return FailIn(base::StrCat("the parameter `", *name, "`"));
      if (text.kind == JsonText::Kind::kNull) return Fail(base::StrCat("the parameter `", *name, "` is null"));
      batch->AddParameter(*name, text.text);
    }
    return true;
  }

  bool ParseLocation(RowBatch* batch, JsonValue& value, std::string_view* location) {
    JsonText text;
    if (!ReadText(value, batch, &text, &why_)) return FailIn("the field `location`");
    if (text.kind == JsonText::Kind::kNull) return true;
    if (text.kind != JsonText::Kind::kString) return Fail("the field `location` is not a string");
    *location = text.text;
    return true;
  }

  bool ParseTime(RowBatch* batch, std::string_view name, JsonValue& value, std::optional<int64_t>* time) {
    JsonText text;
    if (time->has_value()) return Fail(base::StrCat("the field `", name, "` comes twice"));
    if (!ReadText(value, batch, &text, &why_)) return FailIn(base::StrCat("the field `", name, "`"));
    int64_t seconds = 0;
    const bool absent = text.kind == JsonText::Kind::kNull;
    if (!absent && (text.kind != JsonText::Kind::kNumber || !base::ParseInt64(text.text, &seconds))) {
      return Fail(base::StrCat("the field `", name, "` is not a whole number of seconds: ", base::Quoted(text.text)));
    }
    *time = seconds;
    return true;
  }

  bool ParseDescriptor(JsonValue& value, Fields* fields) {
    ondemand::object object;
    if (value.raw_json_token().starts_with("null")) return true;
    std::string_view json;
    if (value.get_object().get(object) || object.raw_json().get(json)) {
      return Fail("the field `storage_descriptor` is not an object");
    }
    auto parsed = descriptors_.Parse(json);
    if (!parsed.ok()) return Fail(base::StrCat("storage_descriptor: ", base::ToStd(parsed.status().message())));
    fields->descriptor = *std::move(parsed);
    return true;
  }

  bool Once(std::string_view name, bool* seen) {
    if (*seen) return Fail(base::StrCat("the field `", name, "` comes twice"));
    return *seen = true;
  }
  bool Fail(std::string why) {
    why_ = std::move(why);
    return false;
  }
  bool FailIn(std::string_view where) { return Fail(base::StrCat(where, ": ", why_)); }

  ChunkReader chunks_;
  const std::vector<std::string> keys_;
  const bool line_by_line_;
  ondemand::parser parser_;
  int64_t line_ = 0;  // the one being read; 0: none yet
  const char* end_ = nullptr;
  std::string why_;
  std::string line_buffer_;
  DescriptorJsonCache descriptors_;
  std::shared_ptr<const model::v1::StorageDescriptor> last_descriptor_;  // of the row parsed last
};

}  // namespace

std::unique_ptr<RowReader> NewNdjsonReader(std::unique_ptr<ByteSource> source, std::vector<std::string> keys,
                                           const ReaderOptions& options, bool line_by_line) {
  return std::make_unique<NdjsonReader>(std::move(source), std::move(keys), options, line_by_line);
}

}  // namespace lodestone::bulk
