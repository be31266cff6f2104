#include "catalog/filter/parser.h"

#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/filter/hive_parser.h"
#include "catalog/filter/lexer.h"
#include "catalog/filter/sql_parser.h"
#include "catalog/filter/token_cursor.h"

namespace lodestone::filter {

absl::StatusOr<Expr> Parse(std::string_view text, FilterMode mode, std::span<const Key> keys) {
  if (text.empty()) return Expr();
  const Source source(text, mode);
  ASSIGN_OR_RETURN(std::vector<Token> tokens, Tokenize(source));
  TokenCursor cursor(source, std::move(tokens), keys);
  if (mode == FilterMode::kHive) return ParseHive(&cursor);
  if (cursor.Is(TokenKind::kEnd)) return Expr();
  return ParseSql(&cursor);
}

std::optional<std::string> NormalizePattern(std::string_view pattern, char escape) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    const bool escaped = escape != '\0' && c == escape;
    if (escaped) {
      if (++i == pattern.size()) return std::nullopt;
      c = pattern[i];
    }
    if (c == '\\' || (escaped && (c == '%' || c == '_'))) out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

std::string HivePattern(std::string_view pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern.substr(i, 2) == ".*") {
      out += '%';
      ++i;
    } else if (pattern[i] == '\\') {
      out += '\\';
      out += i + 1 < pattern.size() ? pattern[++i] : '\\';
    } else {
      out += pattern[i];
    }
  }
  return *NormalizePattern(out, '\\');
}

}  // namespace lodestone::filter
