// What Glue's get-partitions prints: one document per page, any number of them, or a bare array of partitions. A small
// scanner finds where each partition begins and ends, so that a document of any size passes through a buffer of one
// partition; simdjson then reads the partition.

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/bulk/descriptor_json.h"
#include "catalog/bulk/json_text.h"
#include "catalog/bulk/reader.h"
#include "catalog/errors.h"
#include "catalog/names.h"

namespace lodestone::bulk {
namespace {

namespace dom = simdjson::dom;
constexpr std::size_t kNone = std::string_view::npos;
static_assert(simdjson::SIMDJSON_PADDING <= RowBatch::kPadding);

// Behind the string that begins at `at`; kNone: it does not end here.
std::size_t SkipString(std::string_view s, std::size_t at) {
  for (std::size_t i = at + 1;;) {
    const std::size_t quote = s.find('"', i);
    if (quote == kNone) return kNone;
    std::size_t backslashes = 0;
    while (quote - backslashes > at + 1 && s[quote - backslashes - 1] == '\\') ++backslashes;
    i = quote + 1;
    if (backslashes % 2 == 0) return i;
  }
}

// Behind the value that begins at `at`. Brackets are counted, not matched: the parser sees to the rest.
std::size_t SkipValue(std::string_view s, std::size_t at) {
  if (s[at] == '"') return SkipString(s, at);
  if (s[at] != '{' && s[at] != '[') return s.find_first_of(",]} \t\r\n", at);
  std::size_t depth = 0;
  while (at < s.size()) {
    switch (s[at]) {
      case '"':
        at = SkipString(s, at);
        if (at == kNone) return kNone;
        continue;
      case '{':
      case '[':
        ++depth;
        break;
      case '}':
      case ']':
        if (--depth == 0) return at + 1;
        break;
      default:
        break;
    }
    ++at;
  }
  return kNone;
}

std::size_t SkipSpace(std::string_view s, std::size_t at) {
  at = s.find_first_not_of(" \t\r\n", at);
  return at == kNone ? s.size() : at;
}

class GlueReader final : public RowReader {
 public:
  GlueReader(std::unique_ptr<ByteSource> source, std::vector<std::string> keys, const ReaderOptions& options)
      : chunks_(std::move(source), options.chunk, options.max_record), keys_(std::move(keys)) {}

  absl::StatusOr<bool> Next(RowBatch* batch) override {
    ASSIGN_OR_RETURN(const bool more, chunks_.Next(batch, [&](std::string_view bytes, bool at_end) {
      return Parse(batch, bytes, at_end);
    }));
    RETURN_IF_ERROR(failure_);
    return more;
  }
  int64_t bytes_total() const override { return chunks_.bytes_total(); }

 private:
  enum class State {
    kDocument,    // between documents
    kObject,      // inside of a document, before a field
    kPartitions,  // inside of the array of partitions
  };

  std::size_t Parse(RowBatch* batch, std::string_view bytes, bool at_end) {
    std::size_t at = 0;
    std::size_t counted = 0;
    for (;;) {
      at = SkipSpace(bytes, at);
      const std::size_t next = Step(batch, bytes, at, &counted);
      if (!failure_.ok()) return bytes.size();
      if (next == kNone) break;
      at = next;
    }
    CountLines(bytes, at, &counted);
    if (at_end && (state_ != State::kDocument || at != bytes.size())) {
      failure_ = Failure("the document ends too early");
    }
    return at;
  }

  // Takes what begins at `at`, and returns what is behind it; kNone: not all of it is here, or nothing is left.
  std::size_t Step(RowBatch* batch, std::string_view bytes, std::size_t at, std::size_t* counted) {
    if (at == bytes.size()) return kNone;
    CountLines(bytes, at, counted);
    const char c = bytes[at];
    switch (state_) {
      case State::kDocument:
        return BeginDocument(c, at);
      case State::kObject:
        return TakeField(bytes, at);
      case State::kPartitions:
        break;
    }
    if (c == ',') return at + 1;
    if (c == ']') {
      state_ = in_object_ ? State::kObject : State::kDocument;
      return at + 1;
    }
    if (c != '{') return Fail(at, "expected a partition, an object", c);
    const std::size_t end = SkipValue(bytes, at);
    if (end != kNone) TakePartition(batch, bytes.substr(at, end - at));
    return end;
  }

  std::size_t BeginDocument(char c, std::size_t at) {
    if (c != '{' && c != '[') return Fail(at, "expected a JSON document with `Partitions`", c);
    in_object_ = c == '{';
    seen_partitions_ = false;
    state_ = in_object_ ? State::kObject : State::kPartitions;
    return at + 1;
  }

  std::size_t TakeField(std::string_view bytes, std::size_t at) {
    if (bytes[at] == ',') return at + 1;
    if (bytes[at] == '}') {
      state_ = State::kDocument;
      if (!seen_partitions_) failure_ = Failure("the document has no field `Partitions`");
      return at + 1;
    }
    if (bytes[at] != '"') return Fail(at, "expected the name of a field", bytes[at]);
    const std::size_t key_end = SkipString(bytes, at);
    if (key_end == kNone) return kNone;
    const std::size_t colon = SkipSpace(bytes, key_end);
    if (colon == bytes.size()) return kNone;
    if (bytes[colon] != ':') return Fail(colon, "expected `:` behind the name of a field", bytes[colon]);
    const std::size_t value = SkipSpace(bytes, colon + 1);
    if (value == bytes.size()) return kNone;
    if (bytes.substr(at, key_end - at) == "\"Partitions\"") {
      if (bytes[value] != '[') return Fail(value, "expected an array as `Partitions`", bytes[value]);
      seen_partitions_ = true;
      state_ = State::kPartitions;
      return value + 1;
    }
    return SkipValue(bytes, value);
  }

  void TakePartition(RowBatch* batch, std::string_view json) {
    dom::element element;
    // The bytes behind are readable: the rest of the buffer, or its padding.
    if (const auto error = parser_.parse(json.data(), json.size(), false).get(element)) {
      return batch->RejectRow(line_, JsonError(error));
    }
    dom::object object;
    if (element.get_object().get(object)) return batch->RejectRow(line_, "a partition is not an object");
    if (absl::Status status = ReadPartition(batch, object); !status.ok()) {
      batch->RejectRow(line_, std::string(base::ToStd(status.message())));
    }
  }

  absl::Status ReadPartition(RowBatch* batch, dom::object object) {
    std::string location;
    int64_t create_time = 0;
    int64_t last_access_time = 0;
    SharedStorageDescriptor descriptor;
    bool has_values = false;
    for (dom::key_value_pair pair : object) {
      if (pair.value.is_null()) continue;
      if (pair.key == "Values") {
        if (std::exchange(has_values, true)) return absl::InvalidArgumentError("`Values` comes twice");
        RETURN_IF_ERROR(ReadValues(batch, pair.value));
      } else if (pair.key == "Parameters") {
        RETURN_IF_ERROR(ReadParameters(batch, pair.value));
      } else if (pair.key == "CreationTime") {
        RETURN_IF_ERROR(ReadTime(pair.key, pair.value, &create_time));
      } else if (pair.key == "LastAccessTime") {
        RETURN_IF_ERROR(ReadTime(pair.key, pair.value, &last_access_time));
      } else if (pair.key == "StorageDescriptor") {
        dom::object inner;
        if (pair.value.get_object().get(inner)) return absl::InvalidArgumentError("StorageDescriptor is not an object");
        ASSIGN_OR_RETURN(descriptor, ParseGlueDescriptor(inner, &location));
      }
    }
    if (!has_values) return absl::InvalidArgumentError("the partition has no `Values`");
    if (batch->open_values() != keys_.size()) {
      return absl::InvalidArgumentError(base::ToAbsl(WrongValueCount(keys_, batch->open_values())));
    }
    batch->EndRow(batch->Keep(std::move(location)), create_time, last_access_time, std::move(descriptor), line_);
    return absl::OkStatus();
  }

  static absl::Status ReadValues(RowBatch* batch, dom::element json) {
    dom::array array;
    if (json.get_array().get(array)) return absl::InvalidArgumentError("`Values` is not an array");
    for (dom::element element : array) {
      std::string_view text;
      if (element.is_null()) {
        batch->AddValue(kNullPartitionValue);
      } else if (element.get_string().get(text)) {
        return absl::InvalidArgumentError("an element of `Values` is not a string");
      } else {
        batch->AddValue(batch->Keep(std::string(text)));
      }
    }
    return absl::OkStatus();
  }

  static absl::Status ReadParameters(RowBatch* batch, dom::element json) {
    dom::object object;
    if (json.get_object().get(object)) return absl::InvalidArgumentError("`Parameters` is not an object");
    for (dom::key_value_pair pair : object) {
      std::string_view text;
      if (pair.value.get_string().get(text)) {
        return absl::InvalidArgumentError(base::StrCat("the parameter `", pair.key, "` is not a string"));
      }
      const std::string_view name = batch->Keep(std::string(pair.key));
      batch->AddParameter(name, batch->Keep(std::string(text)));
    }
    return absl::OkStatus();
  }

  // Seconds with a fraction (the first command line) or ISO 8601 (the second).
  static absl::Status ReadTime(std::string_view name, dom::element json, int64_t* seconds) {
    double number = 0;
    std::string_view text;
    absl::Time time;
    std::string error;
    if (!json.get_double().get(number)) {
      if (!(std::abs(number) < 1e15)) return absl::InvalidArgumentError(base::StrCat(name, " is no time: ", number));
      *seconds = static_cast<int64_t>(std::floor(number));
    } else if (!json.get_string().get(text) && absl::ParseTime(absl::RFC3339_full, base::ToAbsl(text), &time, &error)) {
      *seconds = absl::ToUnixSeconds(time);
    } else {
      return absl::InvalidArgumentError(base::StrCat(name, " is neither seconds nor an ISO 8601 time"));
    }
    return absl::OkStatus();
  }

  void CountLines(std::string_view bytes, std::size_t upto, std::size_t* counted) {
    line_ += std::count(bytes.begin() + *counted, bytes.begin() + upto, '\n');
    *counted = upto;
  }
  absl::Status Failure(std::string_view message) const {
    return MakeError(ErrorKind::kInvalidObject, ObjectKind::kInput, "", base::StrCat("line ", line_, ": ", message));
  }
  std::size_t Fail(std::size_t at, std::string_view expectation, char found) {
    failure_ = Failure(base::StrCat(expectation, "; found ", base::Quoted(std::string_view(&found, 1))));
    return at;
  }

  ChunkReader chunks_;
  const std::vector<std::string> keys_;
  dom::parser parser_;
  State state_ = State::kDocument;
  bool in_object_ = false;
  bool seen_partitions_ = false;
  int64_t line_ = 1;
  absl::Status failure_;
};

}  // namespace

std::unique_ptr<RowReader> NewGlueReader(std::unique_ptr<ByteSource> source, std::vector<std::string> keys,
                                         const ReaderOptions& options) {
  return std::make_unique<GlueReader>(std::move(source), std::move(keys), options);
}

}  // namespace lodestone::bulk
