#include "bindings/http/dla/writers.h"

namespace lodestone::http::dla {

namespace {

// What stands for a byte within a text; null: itself.
constexpr std::string_view EscapeOf(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return {};
  }
}

}  // namespace

void AppendJsonText(std::string_view text, std::string* out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  *out += '"';
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    out->append(text, done, i - done);
    done = i + 1;
    if (const std::string_view escape = EscapeOf(c); !escape.empty()) {
      *out += escape;
    } else {
      *out += "\\u00";
      *out += kDigits[static_cast<unsigned char>(c) >> 4];
      *out += kDigits[static_cast<unsigned char>(c) & 15];
    }
  }
  out->append(text, done);
  *out += '"';
}

void JsonWriter::Open(std::string_view name) {
  Comma();
  if (name.empty()) return;
  // Names of fields are the adapter's own, and need no escapes.
  *out_ += '"';
  *out_ += name;
  *out_ += "\":";
}

void JsonWriter::Comma() {
  const char last = out_->empty() ? '{' : out_->back();
  if (last != '{' && last != '[' && last != ':') *out_ += ',';
}

void JsonWriter::TextItem(std::string_view text) {
  Comma();
  AppendJsonText(text, out_);
}

void JsonWriter::Text(std::string_view name, std::string_view text) {
  Open(name);
  AppendJsonText(text, out_);
}

void JsonWriter::Map(std::string_view name, const google::protobuf::Map<std::string, std::string>& map) {
  Begin(name, '{');
  for (const auto* entry : SortedEntries(map)) {
    Comma();
    AppendJsonText(entry->first, out_);
    *out_ += ':';
    AppendJsonText(entry->second, out_);
  }
  *out_ += '}';
}

}  // namespace lodestone::http::dla
