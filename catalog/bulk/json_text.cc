#include "catalog/bulk/json_text.h"

#include <cstring>

#include "catalog/base/strings.h"

namespace lodestone::bulk {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view TrimRight(std::string_view s) {
  while (!s.empty() && IsSpace(s.back())) s.remove_suffix(1);
  return s;
}

std::size_t CountDigits(std::string_view s) {
  std::size_t n = 0;
  while (n < s.size() && IsDigit(s[n])) ++n;
  return n;
}

}  // namespace

bool IsJsonNumber(std::string_view s) {
  if (!s.empty() && s.front() == '-') s.remove_prefix(1);
  std::size_t n = CountDigits(s);
  if (n == 0 || (n > 1 && s.front() == '0')) return false;
  s.remove_prefix(n);
  if (!s.empty() && s.front() == '.') {
    s.remove_prefix(1);
    n = CountDigits(s);
    if (n == 0) return false;
    s.remove_prefix(n);
  }
  if (!s.empty() && (s.front() == 'e' || s.front() == 'E')) {
    s.remove_prefix(1);
    if (!s.empty() && (s.front() == '+' || s.front() == '-')) s.remove_prefix(1);
    n = CountDigits(s);
    if (n == 0) return false;
    s.remove_prefix(n);
  }
  return s.empty();
}

bool ReadText(JsonValue& value, RowBatch* batch, JsonText* out, std::string* why) {
  // The token reaches to the next one, so a string without escapes needs no search for its end.
  const std::string_view token = TrimRight(value.raw_json_token());
  if (token.empty()) {
    *why = "the JSON ends too early";
    return false;
  }
  if (token.front() == '"') {
    out->kind = JsonText::Kind::kString;
    if (token.size() >= 2 && token.back() == '"' && std::memchr(token.data(), '\\', token.size()) == nullptr) {
      out->text = token.substr(1, token.size() - 2);
      // Moves the iteration on: skipping an unread string would take one before a colon for a key.
      simdjson::ondemand::raw_json_string ignored;
      if (const auto error = value.get_raw_json_string().get(ignored)) {
        *why = JsonError(error);
        return false;
      }
      return true;
    }
    std::string_view text;
    if (const auto error = value.get_string().get(text)) {
      *why = JsonError(error);
      return false;
    }
    out->text = batch->Keep(std::string(text));
    return true;
  }
  out->text = token;
  if (token == "null") {
    out->kind = JsonText::Kind::kNull;
  } else if (token == "true" || token == "false") {
    out->kind = JsonText::Kind::kBool;
  } else if (IsJsonNumber(token)) {
    out->kind = JsonText::Kind::kNumber;
  } else {
    *why = token.front() == '{'   ? "is an object"
           : token.front() == '[' ? "is an array"
                                  : base::StrCat("is not JSON: ", base::Quoted(token, 40));
    return false;
  }
  return true;
}

std::optional<std::string_view> ReadKey(simdjson::ondemand::field& field, const char* end, RowBatch* batch,
                                        std::string* why) {
  const char* begin = field.key().raw();
  const void* quote = std::memchr(begin, '"', static_cast<std::size_t>(end - begin));
  if (quote != nullptr) {
    const std::size_t size = static_cast<std::size_t>(static_cast<const char*>(quote) - begin);
    if (std::memchr(begin, '\\', size) == nullptr) return std::string_view(begin, size);
  }
  std::string_view key;
  if (const auto error = field.unescaped_key().get(key)) {
    *why = JsonError(error);
    return std::nullopt;
  }
  return batch->Keep(std::string(key));
}

std::string JsonError(simdjson::error_code error) {
  switch (error) {
    case simdjson::EMPTY:
      return "no JSON here";
    case simdjson::UTF8_ERROR:
      return "not well-formed UTF-8";
    case simdjson::UNESCAPED_CHARS:
      return "a control character inside of a JSON string";
    case simdjson::UNCLOSED_STRING:
      return "a JSON string is not closed";
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
      return "the JSON object is not closed, or something follows it";
    case simdjson::INCORRECT_TYPE:
      return "not a JSON object";
    case simdjson::STRING_ERROR:
      return "a JSON string with a wrong escape";
    case simdjson::TRAILING_CONTENT:
      return "something follows the JSON object";
    case simdjson::DEPTH_ERROR:
      return "JSON nested too deeply";
    default:
      return "not well-formed JSON";
  }
}

}  // namespace lodestone::bulk
