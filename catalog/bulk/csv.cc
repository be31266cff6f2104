// CSV and TSV after RFC 4180, with a header. Fields in quotes may hold separators, line ends and doubled quotes. A line
// without a quote, which is nearly every one, is cut at its separators; only the others go through the state machine.

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/bulk/reader.h"
#include "catalog/errors.h"
#include "simdjson.h"

namespace lodestone::bulk {
namespace {

class CsvReader final : public RowReader {
 public:
  CsvReader(std::unique_ptr<ByteSource> source, std::vector<std::string> keys, char separator,
            const ReaderOptions& options)
      : chunks_(std::move(source), options.chunk, options.max_record), keys_(std::move(keys)), separator_(separator) {}

  absl::StatusOr<bool> Next(RowBatch* batch) override {
    ASSIGN_OR_RETURN(const bool more, chunks_.Next(batch, [&](std::string_view bytes, bool at_end) {
      return Parse(batch, bytes, at_end);
    }));
    RETURN_IF_ERROR(header_failure_);
    if (!more && !has_header_) return HeaderError("the input is empty; expected a header with the partition keys");
    return more;
  }
  int64_t bytes_total() const override { return chunks_.bytes_total(); }

 private:
  enum class Role { kKey, kLocation, kCreateTime, kLastAccessTime, kParameter };
  struct ColumnRole {
    Role role;
    std::size_t key = 0;
    std::string name;
  };
  enum class Outcome { kRecord, kBad, kIncomplete };

  std::size_t Parse(RowBatch* batch, std::string_view bytes, bool at_end) {
    std::size_t at = 0;
    if (line_ == 0) {
      if (bytes.size() < 3 && !at_end) return 0;
      line_ = 1;
      if (bytes.starts_with("\xEF\xBB\xBF")) at = 3;
    }
    const std::size_t begin = at;
    while (at < bytes.size()) {
      std::size_t next = at;
      int64_t lines = 0;
      const Outcome outcome = CutRecord(batch, bytes, at, at_end, &next, &lines);
      if (outcome == Outcome::kIncomplete) break;
      if (outcome == Outcome::kBad) {
        batch->RejectRow(line_, std::move(why_));
        if (!has_header_) header_failure_ = HeaderError("the header can't be read");
      } else if (!IsBlankLine()) {
        TakeRecord(batch);
      }
      line_ += lines;
      at = next;
      if (!header_failure_.ok()) return bytes.size();
    }
    // The whole chunk at once is cheap; only when it is not well-formed, rows are looked at one by one.
    if (!simdjson::validate_utf8(bytes.data() + begin, at - begin)) batch->RejectIf(FindBadText);
    if (at > begin) return at;
    if (begin > 0) line_ = 0;  // the mark comes again with more bytes
    return 0;
  }

  // Cuts the record at `at` into fields_. `next` is behind it, `lines` how many line ends it has.
  Outcome CutRecord(RowBatch* batch, std::string_view bytes, std::size_t at, bool at_end, std::size_t* next,
                    int64_t* lines) {
    fields_.clear();
    quoted_.clear();
    const void* newline = std::memchr(bytes.data() + at, '\n', bytes.size() - at);
    if (newline == nullptr && !at_end) return Outcome::kIncomplete;
    const std::size_t end =
        newline == nullptr ? bytes.size() : static_cast<std::size_t>(static_cast<const char*>(newline) - bytes.data());
    if (std::memchr(bytes.data() + at, '"', end - at) != nullptr) {
      return CutQuoted(batch, bytes, at, at_end, next, lines);
    }
    std::string_view line = bytes.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    for (;;) {
      const std::size_t separator = line.find(separator_);
      AddField(line.substr(0, separator), false);
      if (separator == std::string_view::npos) break;
      line.remove_prefix(separator + 1);
    }
    *next = newline == nullptr ? end : end + 1;
    *lines = 1;
    return Outcome::kRecord;
  }

  // After a broken record reading goes on with the next line.
  Outcome Bad(std::string_view bytes, std::size_t at, std::string why, std::size_t* next, int64_t* lines) {
    why_ = std::move(why);
    const std::size_t newline = bytes.find('\n', at);
    *next = newline == std::string_view::npos ? bytes.size() : newline + 1;
    *lines = 1;
    return Outcome::kBad;
  }

  Outcome CutQuoted(RowBatch* batch, std::string_view bytes, std::size_t at, bool at_end, std::size_t* next,
                    int64_t* lines) {
    const std::size_t start = at;
    *lines = 0;
    for (;;) {
      std::size_t end;
      if (at < bytes.size() && bytes[at] == '"') {
        const Outcome outcome = CutQuotedField(batch, bytes, at + 1, at_end, &end, lines);
        if (outcome == Outcome::kIncomplete) return outcome;
        if (outcome == Outcome::kBad) return Bad(bytes, start, std::move(why_), next, lines);
      } else {
        end = at;
        while (end < bytes.size() && bytes[end] != separator_ && bytes[end] != '\n' && bytes[end] != '"') ++end;
        if (end < bytes.size() && bytes[end] == '"') {
          return Bad(bytes, start, "a quote inside of a field that does not begin with one", next, lines);
        }
        std::string_view field = bytes.substr(at, end - at);
        if ((end == bytes.size() || bytes[end] == '\n') && field.ends_with('\r')) field.remove_suffix(1);
        AddField(field, false);
      }
      if (end == bytes.size() && !at_end) return Outcome::kIncomplete;
      if (end == bytes.size() || bytes[end] == '\n') {
        ++*lines;
        *next = std::min(end + 1, bytes.size());
        return Outcome::kRecord;
      }
      at = end + 1;  // behind the separator
    }
  }

  // `at` is behind the opening quote; `end` becomes the separator or line end behind the field.
  Outcome CutQuotedField(RowBatch* batch, std::string_view bytes, std::size_t at, bool at_end, std::size_t* end,
                         int64_t* lines) {
    std::size_t quote = bytes.find('"', at);
    std::string text;
    bool copied = false;
    std::size_t from = at;
    while (quote != std::string_view::npos && quote + 1 < bytes.size() && bytes[quote + 1] == '"') {
      copied = true;
      text.append(bytes.substr(from, quote + 1 - from));
      from = quote + 2;
      quote = bytes.find('"', from);
    }
    if (quote == std::string_view::npos || (quote + 1 == bytes.size() && !at_end)) {
      if (!at_end) return Outcome::kIncomplete;
      why_ = "a quoted field is not closed";
      return Outcome::kBad;
    }
    std::string_view field = bytes.substr(at, quote - at);
    *lines += std::count(field.begin(), field.end(), '\n');
    if (copied) {
      text.append(bytes.substr(from, quote - from));
      field = batch->Keep(std::move(text));
    }
    AddField(field, true);
    *end = quote + 1;
    if (*end < bytes.size() && bytes[*end] == '\r') {
      if (*end + 1 == bytes.size() && !at_end) return Outcome::kIncomplete;
      if (*end + 1 == bytes.size() || bytes[*end + 1] == '\n') ++*end;
    }
    if (*end < bytes.size() && bytes[*end] != separator_ && bytes[*end] != '\n') {
      why_ = "something follows the closing quote of a field";
      return Outcome::kBad;
    }
    return Outcome::kRecord;
  }

  void AddField(std::string_view field, bool quoted) {
    fields_.push_back(field);
    quoted_.push_back(quoted);
  }
  bool IsBlankLine() const { return fields_.size() == 1 && fields_[0].empty() && !quoted_[0]; }

  void TakeRecord(RowBatch* batch) {
    if (!has_header_) {
      header_failure_ = ReadHeader();
      has_header_ = true;
      return;
    }
    if (fields_.size() != columns_.size()) {
      return batch->RejectRow(
          line_, base::StrCat("expected ", columns_.size(), " fields as in the header, found ", fields_.size()));
    }
    std::string_view location;
    int64_t create_time = 0;
    int64_t last_access_time = 0;
    for (std::size_t i = 0; i < keys_.size(); ++i) batch->AddValue(fields_[key_columns_[i]]);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string_view field = fields_[i];
      const ColumnRole& column = columns_[i];
      if (column.role == Role::kKey || (field.empty() && !quoted_[i])) continue;
      if (column.role == Role::kLocation) {
        location = field;
      } else if (column.role == Role::kParameter) {
        batch->AddParameter(column.name, field);
      } else {
        int64_t* time = column.role == Role::kCreateTime ? &create_time : &last_access_time;
        if (!base::ParseInt64(field, time)) {
          return batch->RejectRow(line_, base::StrCat("the column `", column.name,
                                                      "` is not a whole number of seconds: ", base::Quoted(field)));
        }
      }
    }
    batch->EndRow(location, create_time, last_access_time, nullptr, line_);
  }

  absl::Status ReadHeader() {
    key_columns_.assign(keys_.size(), fields_.size());
    std::unordered_set<std::string> names;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const std::string name(fields_[i]);
      const std::string lower = base::AsciiLower(name);
      ColumnRole column{Role::kParameter, 0, name};
      const auto key = std::find(keys_.begin(), keys_.end(), lower);
      if (base::FindInvalidUtf8(name) != std::string::npos) {
        return HeaderError(base::StrCat("the name of column ", i + 1, " of the header is not well-formed UTF-8"));
      }
      if (name.empty()) return HeaderError(base::StrCat("column ", i + 1, " of the header has no name"));
      if (key != keys_.end()) {
        column = {Role::kKey, static_cast<std::size_t>(key - keys_.begin()), lower};
        if (key_columns_[column.key] != fields_.size()) return Twice(lower);
        key_columns_[column.key] = i;
      } else if (lower == "location") {
        column = {Role::kLocation, 0, lower};
      } else if (lower == "create_time") {
        column = {Role::kCreateTime, 0, lower};
      } else if (lower == "last_access_time") {
        column = {Role::kLastAccessTime, 0, lower};
      }
      if (!names.insert(column.name).second) return Twice(column.name);
      columns_.push_back(std::move(column));
    }
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (key_columns_[i] == fields_.size()) {
        return HeaderError(base::StrCat("the header has no column for the partition key `", keys_[i], "`"));
      }
    }
    return absl::OkStatus();
  }

  static absl::Status Twice(std::string_view name) {
    return HeaderError(base::StrCat("the header names the column `", name, "` twice"));
  }
  static absl::Status HeaderError(std::string_view message) {
    return MakeError(ErrorKind::kInvalidObject, ObjectKind::kInput, "", message);
  }

  ChunkReader chunks_;
  const std::vector<std::string> keys_;
  const char separator_;
  int64_t line_ = 0;
  bool has_header_ = false;
  absl::Status header_failure_;
  std::vector<ColumnRole> columns_;
  std::vector<std::size_t> key_columns_;  // the column of each key
  std::vector<std::string_view> fields_;  // of the record at hand
  std::vector<bool> quoted_;
  std::string why_;
};

}  // namespace

std::unique_ptr<RowReader> NewCsvReader(std::unique_ptr<ByteSource> source, std::vector<std::string> keys,
                                        char separator, const ReaderOptions& options) {
  return std::make_unique<CsvReader>(std::move(source), std::move(keys), separator, options);
}

}  // namespace lodestone::bulk
