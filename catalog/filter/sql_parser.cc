#include "catalog/filter/sql_parser.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/filter/parser.h"
#include "catalog/filter/typing.h"

namespace lodestone::filter {

namespace {

struct Comparison {
  Op op;
  bool negated;
};

bool ReadComparison(TokenKind kind, Comparison* out) {
  switch (kind) {
    case TokenKind::kEqual:
      *out = {Op::kEqual, false};
      return true;
    case TokenKind::kNotEqual:
      *out = {Op::kEqual, true};
      return true;
    case TokenKind::kLess:
      *out = {Op::kLess, false};
      return true;
    case TokenKind::kLessEqual:
      *out = {Op::kLessEqual, false};
      return true;
    case TokenKind::kGreater:
      *out = {Op::kGreater, false};
      return true;
    case TokenKind::kGreaterEqual:
      *out = {Op::kGreaterEqual, false};
      return true;
    case TokenKind::kNullSafeEqual:
      *out = {Op::kNullSafeEqual, false};
      return true;
    default:
      return false;
  }
}

// The operator with its sides exchanged: 5 < a is a > 5.
Op Mirror(Op op) {
  switch (op) {
    case Op::kLess:
      return Op::kGreater;
    case Op::kLessEqual:
      return Op::kGreaterEqual;
    case Op::kGreater:
      return Op::kLess;
    case Op::kGreaterEqual:
      return Op::kLessEqual;
    default:
      return op;
  }
}

// The operator that holds where this one does not; only for the four of order, all values being comparable.
Op Opposite(Op op) {
  switch (op) {
    case Op::kLess:
      return Op::kGreaterEqual;
    case Op::kLessEqual:
      return Op::kGreater;
    case Op::kGreater:
      return Op::kLessEqual;
    default:
      return Op::kLess;
  }
}

bool IsOrder(Op op) { return op == Op::kLess || op == Op::kLessEqual || op == Op::kGreater || op == Op::kGreaterEqual; }

Expr Constant(Expr::Kind kind) {
  Expr result;
  result.kind = kind;
  return result;
}

// Every method takes `negate`, whether the negation of what it parses is wanted, so that no NOT is left in the result.
class SqlParser {
 public:
  explicit SqlParser(TokenCursor* cursor) : c_(*cursor) {}

  absl::StatusOr<Expr> Run() {
    ASSIGN_OR_RETURN(Expr result, ParseOr(false));
    if (!c_.Is(TokenKind::kEnd)) return c_.Unexpected("AND, OR or the end");
    return result;
  }

 private:
  absl::StatusOr<Expr> ParseOr(bool negate) {
    std::vector<Expr> children;
    do {
      ASSIGN_OR_RETURN(Expr child, ParseAnd(negate));
      children.push_back(std::move(child));
    } while (c_.TakeWord("OR"));
    return Combine(negate ? Expr::Kind::kAnd : Expr::Kind::kOr, std::move(children));
  }

  absl::StatusOr<Expr> ParseAnd(bool negate) {
    std::vector<Expr> children;
    do {
      bool inner = negate;
      while (c_.TakeWord("NOT")) inner = !inner;
      ASSIGN_OR_RETURN(Expr child, ParsePrimary(inner));
      children.push_back(std::move(child));
    } while (c_.TakeWord("AND"));
    return Combine(negate ? Expr::Kind::kOr : Expr::Kind::kAnd, std::move(children));
  }

  absl::StatusOr<Expr> ParsePrimary(bool negate) {
    if (c_.Is(TokenKind::kOpen)) {
      if (const std::size_t parentheses = OperandParentheses(); parentheses > 0) {
        for (std::size_t i = 0; i < parentheses; ++i) c_.Next();
        return ParseOperand(parentheses, negate);
      }
      RETURN_IF_ERROR(c_.Enter());
      c_.Next();
      ASSIGN_OR_RETURN(Expr inner, ParseOr(negate));
      RETURN_IF_ERROR(c_.Expect(TokenKind::kClose, "AND, OR or )"));
      c_.Leave();
      return inner;
    }
    return ParseOperand(0, negate);
  }

  // How many of the opening parentheses at the cursor stand round a key, as in `((dt)) IN (..)`, or round the keys of a
  // tuple; 0 when the first of them opens a condition.
  std::size_t OperandParentheses() const {
    std::size_t open = 1;
    while (open <= kMaxFilterDepth && c_.Is(TokenKind::kOpen, open)) ++open;
    if (c_.IsWord("STRUCT", open) && c_.Is(TokenKind::kOpen, open + 1)) {
      return open == 1 && StructStandsAlone() ? 1 : 0;
    }
    if (!c_.Is(TokenKind::kName, open) && !c_.Is(TokenKind::kQuotedName, open)) return 0;
    if (c_.Is(TokenKind::kComma, open + 1)) return open == 1 ? 1 : 0;
    std::size_t close = 0;
    while (close < open && c_.Is(TokenKind::kClose, open + 1 + close)) ++close;
    return close == open ? open : 0;
  }

  // For `(struct(a, b)) IN`: whether the parenthesis closes right behind the struct.
  bool StructStandsAlone() const {
    std::size_t at = 3;
    while (!c_.Is(TokenKind::kClose, at)) {
      if (c_.Is(TokenKind::kEnd, at) || c_.Is(TokenKind::kOpen, at)) return false;
      ++at;
    }
    return c_.Is(TokenKind::kClose, at + 1);
  }

  bool AtReservedWord() const {
    for (const std::string_view word : {"AND", "OR", "NOT", "IN", "LIKE", "BETWEEN", "IS", "ESCAPE"}) {
      if (c_.IsWord(word)) return true;
    }
    return false;
  }

  absl::StatusOr<std::size_t> ParseKey() {
    if ((!c_.Is(TokenKind::kName) && !c_.Is(TokenKind::kQuotedName)) || AtReservedWord()) {
      return c_.Unexpected("a key");
    }
    const int key = c_.FindKey(c_.NameOf(c_.Peek()));
    if (key < 0) {
      std::string names;
      for (const Key& known : c_.keys()) base::StrAppend(&names, names.empty() ? "" : ", ", known.name);
      return c_.Unexpected(names.empty() ? "no key, as the table has none"
                                         : base::StrCat("a partition key (", names, ")"));
    }
    c_.Next();
    return static_cast<std::size_t>(key);
  }

  // Behind `parentheses` opening ones, which close behind the operand.
  absl::StatusOr<Expr> ParseOperand(std::size_t parentheses, bool negate) {
    if (c_.IsWord("STRUCT") && c_.Is(TokenKind::kOpen, 1)) {
      c_.Next();
      c_.Next();
      ASSIGN_OR_RETURN(std::vector<uint16_t> keys, ParseTupleKeys());
      for (; parentheses > 0; --parentheses) RETURN_IF_ERROR(c_.Expect(TokenKind::kClose, ")"));
      return ParseTupleIn(std::move(keys), negate);
    }
    if (parentheses == 1 && c_.Is(TokenKind::kComma, 1)) {
      ASSIGN_OR_RETURN(std::vector<uint16_t> keys, ParseTupleKeys());
      return ParseTupleIn(std::move(keys), negate);
    }
    if (c_.AtLiteral()) return ParseFromLiteral(parentheses, negate);
    if ((!c_.Is(TokenKind::kName) && !c_.Is(TokenKind::kQuotedName)) || AtReservedWord()) {
      return c_.Unexpected("a condition");
    }
    ASSIGN_OR_RETURN(const std::size_t key, ParseKey());
    for (; parentheses > 0; --parentheses) RETURN_IF_ERROR(c_.Expect(TokenKind::kClose, ")"));
    return ParseCondition(key, negate);
  }

  // TRUE, FALSE and NULL alone, or a constant compared with a key.
  absl::StatusOr<Expr> ParseFromLiteral(std::size_t parentheses, bool negate) {
    ASSIGN_OR_RETURN(Literal literal, c_.ParseLiteral());
    for (; parentheses > 0; --parentheses) RETURN_IF_ERROR(c_.Expect(TokenKind::kClose, ")"));
    Comparison comparison;
    if (!ReadComparison(c_.Peek().kind, &comparison)) {
      if (literal.kind == Literal::Kind::kNull) return Constant(Expr::Kind::kNull);
      if (literal.kind != Literal::Kind::kBoolean) return c_.Unexpected("a comparison (=, <, ...) behind the value");
      return Constant((literal.text == "true") != negate ? Expr::Kind::kTrue : Expr::Kind::kFalse);
    }
    c_.Next();
    ASSIGN_OR_RETURN(const std::size_t key, ParseKey());
    return Compare(key, Mirror(comparison.op), comparison.negated != negate, std::move(literal));
  }

  absl::StatusOr<Expr> ParseCondition(std::size_t key, bool negate) {
    Comparison comparison;
    if (ReadComparison(c_.Peek().kind, &comparison)) {
      c_.Next();
      ASSIGN_OR_RETURN(Literal literal, c_.ParseLiteral());
      return Compare(key, comparison.op, comparison.negated != negate, std::move(literal));
    }
    if (c_.TakeWord("IS")) {
      if (c_.TakeWord("NOT")) negate = !negate;
      if (!c_.TakeWord("NULL")) return c_.Unexpected("NULL");
      return MakeCondition(key, Op::kIsNull, negate, {});
    }
    const bool has_not = c_.TakeWord("NOT");
    if (has_not) negate = !negate;
    if (c_.TakeWord("IN")) return ParseIn(key, negate);
    if (c_.TakeWord("BETWEEN")) return ParseBetween(key, negate);
    if (c_.TakeWord("LIKE")) return ParseLike(key, negate);
    if (has_not) return c_.Unexpected("IN, BETWEEN or LIKE");
    if (c_.keys()[key].type.kind != model::TypeKind::kBoolean) {
      return c_.Unexpected("a comparison (=, <, IN, LIKE, BETWEEN, IS, ...)");
    }
    return MakeCondition(key, Op::kEqual, negate, {{Literal::Kind::kBoolean, 0, "true"}});
  }

  absl::Status Type(std::size_t key, Literal* literal) const {
    const auto mismatch = TypeLiteral(c_.keys()[key], literal);
    if (!mismatch) return absl::OkStatus();
    const std::string found = literal->kind == Literal::Kind::kString ? base::Quoted(literal->text, 40) : literal->text;
    return c_.ErrorAt(literal->offset, base::StrCat("expected ", mismatch->expected, ", found ", found,
                                                    mismatch->hint.empty() ? "" : "; ", mismatch->hint));
  }

  absl::StatusOr<Expr> Compare(std::size_t key, Op op, bool negate, Literal literal) const {
    RETURN_IF_ERROR(Type(key, &literal));
    if (literal.kind == Literal::Kind::kNull) {
      if (op == Op::kNullSafeEqual) return MakeCondition(key, Op::kIsNull, negate, {});
      return Constant(Expr::Kind::kNull);
    }
    if (negate && IsOrder(op)) {
      op = Opposite(op);
      negate = false;
    }
    std::vector<Literal> literals;
    literals.push_back(std::move(literal));
    return MakeCondition(key, op, negate, std::move(literals));
  }

  absl::StatusOr<Expr> ParseIn(std::size_t key, bool negate) {
    RETURN_IF_ERROR(c_.Expect(TokenKind::kOpen, "( behind IN"));
    std::vector<Literal> literals;
    bool with_null = false;
    do {
      ASSIGN_OR_RETURN(Literal literal, c_.ParseLiteral());
      RETURN_IF_ERROR(Type(key, &literal));
      if (literal.kind == Literal::Kind::kNull) {
        with_null = true;
      } else {
        literals.push_back(std::move(literal));
      }
    } while (c_.Take(TokenKind::kComma));
    RETURN_IF_ERROR(c_.Expect(TokenKind::kClose, ", or )"));
    // A NULL in the list leaves unknown what is not found: IN can still be true, NOT IN can't.
    if (literals.empty() || (with_null && negate)) return Constant(Expr::Kind::kNull);
    const Op op = literals.size() == 1 ? Op::kEqual : Op::kIn;
    return MakeCondition(key, op, negate, std::move(literals));
  }

  absl::StatusOr<Expr> ParseBetween(std::size_t key, bool negate) {
    ASSIGN_OR_RETURN(Literal low, c_.ParseLiteral());
    ASSIGN_OR_RETURN(Expr from, Compare(key, Op::kGreaterEqual, negate, std::move(low)));
    if (!c_.TakeWord("AND")) return c_.Unexpected("AND");
    ASSIGN_OR_RETURN(Literal high, c_.ParseLiteral());
    ASSIGN_OR_RETURN(Expr to, Compare(key, Op::kLessEqual, negate, std::move(high)));
    std::vector<Expr> both;
    both.push_back(std::move(from));
    both.push_back(std::move(to));
    return Combine(negate ? Expr::Kind::kOr : Expr::Kind::kAnd, std::move(both));
  }

  absl::StatusOr<Expr> ParseLike(std::size_t key, bool negate) {
    if (c_.TakeWord("NULL")) return Constant(Expr::Kind::kNull);
    if (!c_.Is(TokenKind::kString)) return c_.Unexpected("a pattern in quotes");
    const std::size_t offset = c_.Peek().offset;
    if (!TakesLike(c_.keys()[key].type)) {
      return c_.Unexpected(
          base::StrCat("no LIKE on the ", model::ToString(c_.keys()[key].type), " key ", c_.keys()[key].name));
    }
    ASSIGN_OR_RETURN(Literal literal, c_.ParseLiteral());
    char escape = '\\';
    if (c_.TakeWord("ESCAPE")) {
      if (!c_.Is(TokenKind::kString)) return c_.Unexpected("a character in quotes");
      const std::size_t escape_offset = c_.Peek().offset;
      ASSIGN_OR_RETURN(const Literal character, c_.ParseLiteral());
      if (character.text.size() != 1 || static_cast<unsigned char>(character.text[0]) >= 0x80 ||
          character.text[0] == '\0') {
        return c_.ErrorAt(escape_offset,
                          base::StrCat("expected one ASCII character, found ", base::Quoted(character.text, 40)));
      }
      escape = character.text[0];
    }
    auto pattern = NormalizePattern(literal.text, escape);
    if (!pattern) return c_.ErrorAt(offset, "expected a character behind the escape at the end of the pattern");
    literal.text = *std::move(pattern);
    std::vector<Literal> literals;
    literals.push_back(std::move(literal));
    return MakeCondition(key, Op::kLike, negate, std::move(literals));
  }

  // `a, b)`
  absl::StatusOr<std::vector<uint16_t>> ParseTupleKeys() {
    std::vector<uint16_t> keys;
    do {
      ASSIGN_OR_RETURN(const std::size_t key, ParseKey());
      keys.push_back(static_cast<uint16_t>(key));
    } while (c_.Take(TokenKind::kComma));
    RETURN_IF_ERROR(c_.Expect(TokenKind::kClose, ", or )"));
    return keys;
  }

  // `(1, 'x')`, with or without STRUCT or CONST STRUCT before it.
  absl::Status ParseTuple(const std::vector<uint16_t>& keys, std::vector<Literal>* out) {
    if (c_.TakeWord("CONST") && !c_.IsWord("STRUCT")) return c_.Unexpected("STRUCT");
    c_.TakeWord("STRUCT");
    const std::size_t offset = c_.Peek().offset;
    RETURN_IF_ERROR(c_.Expect(TokenKind::kOpen, "a tuple of values in parentheses"));
    std::size_t count = 0;
    do {
      ASSIGN_OR_RETURN(Literal literal, c_.ParseLiteral());
      if (count < keys.size()) {
        RETURN_IF_ERROR(Type(keys[count], &literal));
        out->push_back(std::move(literal));
      }
      ++count;
    } while (c_.Take(TokenKind::kComma));
    RETURN_IF_ERROR(c_.Expect(TokenKind::kClose, ", or )"));
    if (count == keys.size()) return absl::OkStatus();
    return c_.ErrorAt(offset, base::StrCat("expected ", keys.size(), " values, found ", count));
  }

  absl::StatusOr<Expr> ParseTupleIn(std::vector<uint16_t> keys, bool negate) {
    Expr result;
    result.kind = Expr::Kind::kTuple;
    if (c_.Is(TokenKind::kEqual) || c_.Is(TokenKind::kNotEqual)) {
      result.negated = (c_.Next().kind == TokenKind::kNotEqual) != negate;
      RETURN_IF_ERROR(ParseTuple(keys, &result.literals));
    } else {
      if (c_.TakeWord("NOT")) negate = !negate;
      if (!c_.TakeWord("IN")) return c_.Unexpected("[NOT] IN or = behind a tuple");
      result.negated = negate;
      RETURN_IF_ERROR(c_.Expect(TokenKind::kOpen, "( behind IN"));
      do {
        RETURN_IF_ERROR(ParseTuple(keys, &result.literals));
      } while (c_.Take(TokenKind::kComma));
      RETURN_IF_ERROR(c_.Expect(TokenKind::kClose, ", or )"));
    }
    result.keys = std::move(keys);
    return result;
  }

  TokenCursor& c_;
};

}  // namespace

absl::StatusOr<Expr> ParseSql(TokenCursor* cursor) { return SqlParser(cursor).Run(); }

}  // namespace lodestone::filter
