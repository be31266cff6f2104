#include "catalog/filter/token_cursor.h"

#include <algorithm>
#include <iterator>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/filter/datum.h"

namespace lodestone::filter {

TokenCursor::TokenCursor(const Source& source, std::vector<Token> tokens, std::span<const Key> keys)
    : source_(source), tokens_(std::move(tokens)), keys_(keys) {
  for (std::size_t i = 0; i < keys.size(); ++i) key_numbers_.emplace(keys[i].name, static_cast<int>(i));
}

const Token& TokenCursor::Peek(std::size_t ahead) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }

bool TokenCursor::IsWord(std::string_view word, std::size_t ahead) const {
  const Token& token = Peek(ahead);
  return token.kind == TokenKind::kName && base::EqualsIgnoreCase(source_.TextOf(token), word);
}

bool TokenCursor::Take(TokenKind kind) {
  if (!Is(kind)) return false;
  ++at_;
  return true;
}

bool TokenCursor::TakeWord(std::string_view word) {
  if (!IsWord(word)) return false;
  ++at_;
  return true;
}

Token TokenCursor::Next() {
  const Token token = Peek();
  if (at_ + 1 < tokens_.size()) ++at_;
  return token;
}

absl::Status TokenCursor::Expect(TokenKind kind, std::string_view what) {
  return Take(kind) ? absl::OkStatus() : Unexpected(what);
}

absl::Status TokenCursor::Unexpected(std::string_view what) const {
  return source_.Error(Peek().offset, base::StrCat("expected ", what, ", found ", Describe(source_, Peek())));
}

std::string TokenCursor::NameOf(const Token& token) const {
  return base::AsciiLower(token.kind == TokenKind::kQuotedName ? DecodeQuotedName(source_, token)
                                                               : std::string(source_.TextOf(token)));
}

int TokenCursor::FindKey(std::string_view name) const {
  const auto it = key_numbers_.find(name);
  return it == key_numbers_.end() ? -1 : it->second;
}

absl::Status TokenCursor::Enter() {
  if (++depth_ <= kMaxFilterDepth) return absl::OkStatus();
  return source_.Error(Peek().offset,
                       base::StrCat("expected at most ", kMaxFilterDepth, " levels of parentheses, found more"));
}

bool TokenCursor::AtLiteral() const {
  switch (Peek().kind) {
    case TokenKind::kString:
    case TokenKind::kNumber:
    case TokenKind::kDate:
    case TokenKind::kTimestamp:
    case TokenKind::kMinus:
      return true;
    case TokenKind::kPlus:
      return source_.mode() == FilterMode::kSql;
    case TokenKind::kName:
      if (IsWord("DATE") || IsWord("TIMESTAMP")) return Is(TokenKind::kString, 1);
      return source_.mode() == FilterMode::kSql && (IsWord("TRUE") || IsWord("FALSE") || IsWord("NULL"));
    default:
      return false;
  }
}

absl::StatusOr<Literal> TokenCursor::ParseLiteral() {
  if (!AtLiteral()) {
    const Token& token = Peek();
    if (token.kind != TokenKind::kName && token.kind != TokenKind::kQuotedName) return Unexpected("a value");
    if (FindKey(NameOf(token)) < 0) return Unexpected("a value");
    return source_.Error(token.offset, base::StrCat("expected a value, found the key ", Describe(source_, token),
                                                    " (two keys can't be compared)"));
  }
  const Token token = Next();
  Literal literal;
  literal.offset = token.offset;
  switch (token.kind) {
    case TokenKind::kString: {
      ASSIGN_OR_RETURN(literal.text, DecodeString(source_, token));
      literal.kind = Literal::Kind::kString;
      return literal;
    }
    case TokenKind::kMinus:
    case TokenKind::kPlus:
      if (!Is(TokenKind::kNumber)) return Unexpected("a number");
      if (token.kind == TokenKind::kMinus) literal.text = "-";
      literal.text += source_.TextOf(Next());
      break;
    case TokenKind::kNumber:
      literal.text = source_.TextOf(token);
      break;
    case TokenKind::kDate:
      return ParseTime(Literal::Kind::kDate, std::string(source_.TextOf(token)), token.offset);
    case TokenKind::kTimestamp:
      return ParseTime(Literal::Kind::kTimestamp, std::string(source_.TextOf(token)), token.offset);
    default: {  // a word
      const std::string word = NameOf(token);
      if (word == "date" || word == "timestamp") {
        const Token value = Next();
        ASSIGN_OR_RETURN(std::string text, DecodeString(source_, value));
        return ParseTime(word == "date" ? Literal::Kind::kDate : Literal::Kind::kTimestamp, std::move(text),
                         value.offset);
      }
      literal.kind = word == "null" ? Literal::Kind::kNull : Literal::Kind::kBoolean;
      literal.text = word;
      return literal;
    }
  }
  literal.kind = Literal::Kind::kNumber;
  if (!ReadDecimal(literal.text)) {
    return source_.Error(literal.offset, "expected a number with an exponent of at most 6 digits, found a longer one");
  }
  return literal;
}

absl::StatusOr<Literal> TokenCursor::ParseTime(Literal::Kind kind, std::string text, std::size_t offset) const {
  const bool is_date = kind == Literal::Kind::kDate;
  Datum time;
  if (is_date ? !ReadDate(text).has_value() : !ReadTimestamp(text, &time)) {
    return source_.Error(
        offset, base::StrCat(is_date ? "expected a day as yyyy-mm-dd" : "expected a time as yyyy-mm-dd hh:mm:ss",
                             ", found ", base::Quoted(text, 40)));
  }
  if (!is_date && text.size() == 10) text += " 00:00:00";
  return Literal{.kind = kind, .offset = offset, .text = std::move(text)};
}

Expr Combine(Expr::Kind kind, std::vector<Expr> children) {
  if (children.size() == 1) return std::move(children[0]);
  Expr result;
  result.kind = kind;
  for (Expr& child : children) {
    if (child.kind == kind) {
      std::move(child.children.begin(), child.children.end(), std::back_inserter(result.children));
    } else {
      result.children.push_back(std::move(child));
    }
  }
  return result;
}

Expr MakeCondition(std::size_t key, Op op, bool negated, std::vector<Literal> literals) {
  Expr result;
  result.kind = Expr::Kind::kCondition;
  result.op = op;
  result.negated = negated;
  result.keys.push_back(static_cast<uint16_t>(key));
  result.literals = std::move(literals);
  return result;
}

}  // namespace lodestone::filter
