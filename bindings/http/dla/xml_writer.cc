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
    if (text.substr(i).starts_with("\xEF\xBF\xBE") || text.substr(i).starts_with("\xEF\xBF\xBF")) return false;
  }
  return true;
}

// Carriage returns, and within attributes all white space, would be changed by a reader if they stood there bare.
void AppendEscaped(std::string_view text, bool in_attribute, std::string* out) {
  for (const char c : text) {
    switch (c) {
      case '&':
        *out += "&amp;";
        break;
      case '<':
        *out += "&lt;";
        break;
      case '>':
        *out += "&gt;";
        break;
      case '\r':
        *out += "&#13;";
        break;
      case '"':
        *out += in_attribute ? "&quot;" : "\"";
        break;
      case '\n':
        *out += in_attribute ? "&#10;" : "\n";
        break;
      case '\t':
        *out += in_attribute ? "&#9;" : "\t";
        break;
      default:
        *out += c;
    }
  }
}

}  // namespace

void XmlWriter::BeginAnswer(std::string_view root) {
  *out_ += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
  BeginObject(root);
}

void XmlWriter::BeginObject(std::string_view name) {
  base::StrAppend(out_, "<", name, ">");
  open_.emplace_back(name);
}

void XmlWriter::EndObject() {
  base::StrAppend(out_, "</", open_.back(), ">");
  open_.pop_back();
}

void XmlWriter::Element(std::string_view name, std::string attributes, std::string_view text) {
  const bool plain = IsXmlText(text);
  if (!plain) attributes += " encoding=\"base64\"";
  base::StrAppend(out_, "<", name, attributes, ">");
  if (plain) {
    AppendEscaped(text, /*in_attribute=*/false, out_);
  } else {
    *out_ += bindings::Base64(text);
  }
  base::StrAppend(out_, "</", name, ">");
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
