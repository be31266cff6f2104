#include "bindings/common/crypto.h"
#include "bindings/http/dla/writers.h"
#include "catalog/base/strings.h"

namespace lodestone::http::dla {

namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Whether a key can be an element. Names with a colon would belong to a namespace; those with `xml` are reserved.
bool IsElementName(std::string_view key) {
  if (key.empty() || !IsLetter(key[0])) return false;
  if (base::EqualsIgnoreCase(key.substr(0, 3), "xml")) return false;
  return std::ranges::all_of(key, [](char c) { return IsLetter(c) || IsDigit(c) || c == '-' || c == '.'; });
}

// XML 1.0 has no control characters but tab, newline and carriage return, and neither U+FFFE nor U+FFFF.
bool IsXmlText(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') return false;
    if (c != '\xEF') continue;
    const std::string_view three = text.substr(i, 3);
    if (three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF") return false;
  }
  return true;
}

// What stands for a byte; null: itself. Carriage returns, and within attributes all white space, would be changed by a
// reader if they stood there bare.
constexpr std::string_view EscapeOf(char c, bool in_attribute) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '\r':
      return "&#13;";
    case '"':
      return in_attribute ? "&quot;" : "";
    case '\n':
      return in_attribute ? "&#10;" : "";
    case '\t':
      return in_attribute ? "&#9;" : "";
    default:
      return "";
  }
}

void AppendEscaped(std::string_view text, bool in_attribute, std::string* out) {
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // Letters, most of all there is, come behind everything that is escaped.
    if (text[i] > '>') continue;
    const std::string_view escape = EscapeOf(text[i], in_attribute);
    if (escape.empty()) continue;
    out->append(text, done, i - done);
    out->append(escape);
    done = i + 1;
  }
  out->append(text, done);
}

}  // namespace

void XmlWriter::BeginAnswer(std::string_view root) {
  *out_ += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
  root_ = root;
  BeginObject(root_);
}

void XmlWriter::Open(std::string_view name, std::string_view attributes) {
  *out_ += '<';
  out_->append(name);
  out_->append(attributes);
  *out_ += '>';
}

void XmlWriter::Close(std::string_view name) {
  out_->append("</");
  out_->append(name);
  *out_ += '>';
}

void XmlWriter::BeginObject(std::string_view name) {
  Open(name, {});
  open_.push_back(name);
}

void XmlWriter::EndObject() {
  Close(open_.back());
  open_.pop_back();
}

void XmlWriter::Element(std::string_view name, std::string_view attributes, std::string_view text) {
  if (IsXmlText(text)) {
    Open(name, attributes);
    AppendEscaped(text, /*in_attribute=*/false, out_);
  } else {
    Open(name, base::StrCat(attributes, " encoding=\"base64\""));
    out_->append(bindings::Base64(text));
  }
  Close(name);
}

void XmlWriter::Text(std::string_view name, std::string_view text) { Element(name, {}, text); }

void XmlWriter::Map(std::string_view name, const google::protobuf::Map<std::string, std::string>& map) {
  BeginObject(name);
  for (const auto* entry : SortedEntries(map)) {
    if (IsElementName(entry->first)) {
      Element(entry->first, {}, entry->second);
      continue;
    }
    std::string attributes;
    if (IsXmlText(entry->first)) {
      attributes = " key=\"";
      AppendEscaped(entry->first, /*in_attribute=*/true, &attributes);
    } else {
      attributes = " key-base64=\"" + bindings::Base64(entry->first);
    }
    Element("entry", attributes + "\"", entry->second);
  }
  EndObject();
}

std::unique_ptr<Writer> NewWriter(Format format, std::string* out) {
  if (format == Format::kXml) return std::make_unique<XmlWriter>(out);
  return std::make_unique<JsonWriter>(out);
}

std::string_view ContentTypeOf(Format format) {
  return format == Format::kXml ? "application/xml" : "application/json";
}

}  // namespace lodestone::http::dla
