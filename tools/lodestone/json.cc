#include "tools/lodestone/json.h"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "catalog/base/strings.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/json_util.h"

namespace lodestone::cli {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Writes one message; `indent` < 0 means on one line.
class Writer {
 public:
  Writer(bool pretty, std::string* out) : pretty_(pretty), out_(out) {}

  void Object(const Message& message) {
    std::vector<const FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    Open('{');
    for (const FieldDescriptor* field : fields) {
      Next();
      Key(field->name());
      if (field->is_map()) {
        Map(message, field);
      } else if (field->is_repeated()) {
        Repeated(message, field);
      } else {
        Value(message, field, -1);
      }
    }
    Close('}');
  }

 private:
  void Open(char c) {
    *out_ += c;
    ++depth_;
    first_ = true;
  }
  void Close(char c) {
    --depth_;
    if (!first_) NewLine();
    *out_ += c;
    first_ = false;
  }
  void Next() {
    if (!first_) *out_ += ',';
    first_ = false;
    NewLine();
  }
  void NewLine() {
    if (!pretty_) return;
    *out_ += '\n';
    out_->append(static_cast<std::size_t>(depth_) * 2, ' ');
  }
  void Key(std::string_view name) {
    AppendJsonString(name, out_);
    *out_ += pretty_ ? ": " : ":";
  }

  // The public model's maps are from text to text; in the order of their keys, so that output is stable.
  void Map(const Message& message, const FieldDescriptor* field) {
    const Reflection* reflection = message.GetReflection();
    std::map<std::string, std::string> sorted;
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      const Message& entry = reflection->GetRepeatedMessage(message, field, i);
      const auto* type = entry.GetDescriptor();
      sorted[entry.GetReflection()->GetString(entry, type->map_key())] =
          entry.GetReflection()->GetString(entry, type->map_value());
    }
    Open('{');
    for (const auto& [key, value] : sorted) {
      Next();
      Key(key);
      AppendJsonString(value, out_);
    }
    Close('}');
  }

  void Repeated(const Message& message, const FieldDescriptor* field) {
    const int size = message.GetReflection()->FieldSize(message, field);
    Open('[');
    for (int i = 0; i < size; ++i) {
      Next();
      Value(message, field, i);
    }
    Close(']');
  }

  // The value of `field`, or its element `index` when that is not negative.
  void Value(const Message& message, const FieldDescriptor* field, int index) {
    const Reflection* r = message.GetReflection();
    const bool one = index < 0;
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        base::StrAppend(out_, one ? r->GetInt32(message, field) : r->GetRepeatedInt32(message, field, index));
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        base::StrAppend(out_, one ? r->GetInt64(message, field) : r->GetRepeatedInt64(message, field, index));
        break;
      case FieldDescriptor::CPPTYPE_DOUBLE:
        Double(one ? r->GetDouble(message, field) : r->GetRepeatedDouble(message, field, index));
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        *out_ += (one ? r->GetBool(message, field) : r->GetRepeatedBool(message, field, index)) ? "true" : "false";
        break;
      case FieldDescriptor::CPPTYPE_ENUM: {
        const EnumValueDescriptor* value = one ? r->GetEnum(message, field) : r->GetRepeatedEnum(message, field, index);
        AppendJsonString(value->name(), out_);
        break;
      }
      case FieldDescriptor::CPPTYPE_STRING: {
        const std::string text = one ? r->GetString(message, field) : r->GetRepeatedString(message, field, index);
        if (field->type() == FieldDescriptor::TYPE_BYTES) {
          AppendJsonString(absl::Base64Escape(text), out_);
        } else {
          AppendJsonString(text, out_);
        }
        break;
      }
      case FieldDescriptor::CPPTYPE_MESSAGE:
        Object(one ? r->GetMessage(message, field) : r->GetRepeatedMessage(message, field, index));
        break;
      default:  // the public model has no unsigned and no single precision numbers
        *out_ += "null";
    }
  }

  void Double(double value) {
    if (!std::isfinite(value)) {
      *out_ += std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
      return;
    }
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", value);
    *out_ += text;
  }

  const bool pretty_;
  std::string* out_;
  int depth_ = 0;
  bool first_ = true;
};

}  // namespace

void AppendJsonString(std::string_view text, std::string* out) {
  *out += '"';
  for (std::size_t bad = 0; !text.empty();) {
    bad = base::FindInvalidUtf8(text);
    for (const char c : text.substr(0, bad)) {
      switch (c) {
        case '"':
          *out += "\\\"";
          break;
        case '\\':
          *out += "\\\\";
          break;
        case '\n':
          *out += "\\n";
          break;
        case '\r':
          *out += "\\r";
          break;
        case '\t':
          *out += "\\t";
          break;
        default:
          if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            char hex[8];
            std::snprintf(hex, sizeof hex, "\\u%04x", static_cast<unsigned char>(c));
            *out += hex;
          } else {
            *out += c;
          }
      }
    }
    if (bad == std::string_view::npos) break;
    *out += "\xEF\xBF\xBD";
    text.remove_prefix(bad + 1);
  }
  *out += '"';
}

std::string JsonString(std::string_view text) {
  std::string out;
  AppendJsonString(text, &out);
  return out;
}

std::string ToJson(const Message& message) {
  std::string out;
  Writer(false, &out).Object(message);
  return out;
}

std::string ToPrettyJson(const Message& message) {
  std::string out;
  Writer(true, &out).Object(message);
  return out;
}

absl::Status FromJson(std::string_view what, std::string_view text, Message* message) {
  const auto status = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(text.data(), text.size()), message, google::protobuf::util::JsonParseOptions());
  if (status.ok()) return absl::OkStatus();
  // Some of protobuf's messages go on with the offending line and a caret: the first line says enough.
  std::string reason(status.message().data(), status.message().size());
  reason.erase(std::min(reason.find('\n'), reason.size()));
  return absl::InvalidArgumentError(
      base::StrCat(what, ": expected a ", message->GetDescriptor()->name(), " message as JSON: ", reason));
}

absl::Status ReadWholeFile(const std::string& path, std::size_t limit, std::string* out) {
  const std::string name = path == "-" ? "standard input" : path;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> owned(nullptr, &std::fclose);
  std::FILE* file = stdin;
  if (path != "-") {
    owned.reset(std::fopen(path.c_str(), "rb"));
    file = owned.get();
  }
  const auto failure = [&] {
    const std::string message = base::StrCat(name, ": ", std::strerror(errno));
    return errno == ENOENT ? absl::NotFoundError(message) : absl::UnavailableError(message);
  };
  if (file == nullptr) return failure();
  out->clear();
  char block[1 << 16];
  while (const std::size_t size = std::fread(block, 1, sizeof block, file)) {
    if (out->size() + size > limit) {
      return absl::InvalidArgumentError(base::StrCat(name, ": expected at most ", limit, " bytes"));
    }
    out->append(block, size);
  }
  if (std::ferror(file) != 0) return failure();
  return absl::OkStatus();
}

}  // namespace lodestone::cli
