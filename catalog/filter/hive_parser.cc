#include "catalog/filter/hive_parser.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/filter/parser.h"
#include "catalog/filter/typing.h"
#include "catalog/model/partition_name.h"

namespace lodestone::filter {

namespace {

using Kind = Expr::Kind;

constexpr std::string_view kStringsOnly = "Filtering is supported only on partition keys of type string; ";

bool IsComparison(TokenKind kind) { return kind >= TokenKind::kEqual && kind <= TokenKind::kNullSafeEqual; }

Op Mirror(TokenKind kind, bool reversed) {
  switch (kind) {
    case TokenKind::kLess:
      return reversed ? Op::kGreater : Op::kLess;
    case TokenKind::kLessEqual:
      return reversed ? Op::kGreaterEqual : Op::kLessEqual;
    case TokenKind::kGreater:
      return reversed ? Op::kLess : Op::kGreater;
    case TokenKind::kGreaterEqual:
      return reversed ? Op::kLessEqual : Op::kGreaterEqual;
    default:
      return Op::kEqual;
  }
}

// Hive reads the whole filter, then types it; when something can't be pushed to its database it walks the conditions in
// their order with stricter rules, and the first that breaks one makes the message. So it is remembered that a
// condition can't be pushed, and the message is that of the first that the stricter rules refuse, if there is any.
class HiveParser {
 public:
  explicit HiveParser(TokenCursor* cursor) : c_(*cursor) {}

  absl::StatusOr<Expr> Run() {
    ASSIGN_OR_RETURN(Expr result, ParseOr());
    if (!c_.Is(TokenKind::kEnd)) return c_.Unexpected("and, or, or the end");
    if (bad_ && first_refused_) return *first_refused_;
    return result;
  }

 private:
  absl::StatusOr<Expr> ParseOr() {
    std::vector<Expr> children;
    do {
      ASSIGN_OR_RETURN(Expr child, ParseAnd());
      children.push_back(std::move(child));
    } while (c_.TakeWord("OR"));
    return Combine(Kind::kOr, std::move(children));
  }

  absl::StatusOr<Expr> ParseAnd() {
    std::vector<Expr> children;
    do {
      ASSIGN_OR_RETURN(Expr child, ParseExpression());
      children.push_back(std::move(child));
    } while (c_.TakeWord("AND"));
    return Combine(Kind::kAnd, std::move(children));
  }

  bool AtKey(std::size_t ahead = 0) const {
    if (c_.Is(TokenKind::kQuotedName, ahead)) return true;
    if (!c_.Is(TokenKind::kName, ahead)) return false;
    for (const std::string_view word : {"AND", "OR", "NOT", "IN", "LIKE", "BETWEEN", "DATE", "TIMESTAMP", "STRUCT"}) {
      if (c_.IsWord(word, ahead)) return false;
    }
    return true;
  }

  absl::StatusOr<Expr> ParseExpression() {
    if (!c_.Is(TokenKind::kOpen)) return ParseCondition();
    if (c_.IsWord("STRUCT", 1)) return ParseStructIn();
    if (AtKey(1) && c_.Is(TokenKind::kClose, 2) && (c_.IsWord("IN", 3) || c_.IsWord("NOT", 3))) return ParseIn();
    RETURN_IF_ERROR(c_.Enter());
    c_.Next();
    ASSIGN_OR_RETURN(Expr inner, ParseOr());
    RETURN_IF_ERROR(c_.Expect(TokenKind::kClose, ")"));
    c_.Leave();
    return inner;
  }

  absl::StatusOr<Token> ParseKey() {
    if (!AtKey()) return c_.Unexpected("a key");
    return c_.Next();
  }

  absl::StatusOr<Expr> ParseCondition() {
    if (c_.AtLiteral()) {
      ASSIGN_OR_RETURN(Literal literal, c_.ParseLiteral());
      ASSIGN_OR_RETURN(const TokenKind comparison, ParseComparison());
      ASSIGN_OR_RETURN(const Token key, ParseKey());
      return Compare(key, Mirror(comparison, true), comparison == TokenKind::kNotEqual, std::move(literal));
    }
    if (!AtKey()) return c_.Unexpected("a condition");
    const Token key = c_.Next();
    if (c_.TakeWord("LIKE")) {
      ASSIGN_OR_RETURN(Literal literal, c_.ParseLiteral());
      return Compare(key, Op::kLike, false, std::move(literal));
    }
    const bool negated = c_.IsWord("NOT") && c_.IsWord("BETWEEN", 1);
    if (negated) c_.Next();
    if (c_.TakeWord("BETWEEN")) return ParseBetween(key, negated);
    ASSIGN_OR_RETURN(const TokenKind comparison, ParseComparison());
    ASSIGN_OR_RETURN(Literal literal, c_.ParseLiteral());
    return Compare(key, Mirror(comparison, false), comparison == TokenKind::kNotEqual, std::move(literal));
  }

  absl::StatusOr<TokenKind> ParseComparison() {
    if (!IsComparison(c_.Peek().kind)) {
      return c_.Unexpected(c_.IsWord("IN") ? "parentheses round the key before IN" : "a comparison, LIKE or BETWEEN");
    }
    const Token token = c_.Next();
    if (token.kind == TokenKind::kNullSafeEqual) {
      return c_.source().ErrorBehind("Error parsing partition filter: Unsupported comparison operator: <=>; ",
                                     token.offset, "expected another operator");
    }
    return token.kind;
  }

  absl::StatusOr<Expr> ParseBetween(const Token& key, bool negated) {
    ASSIGN_OR_RETURN(Literal low, c_.ParseLiteral());
    if (!c_.TakeWord("AND")) return c_.Unexpected("and");
    ASSIGN_OR_RETURN(Literal high, c_.ParseLiteral());
    std::vector<Expr> both;
    both.push_back(Compare(key, negated ? Op::kLess : Op::kGreaterEqual, false, std::move(low)));
    both.push_back(Compare(key, negated ? Op::kGreater : Op::kLessEqual, false, std::move(high)));
    return Combine(negated ? Kind::kOr : Kind::kAnd, std::move(both));
  }

  // `(key) [not] in (..)`
  absl::StatusOr<Expr> ParseIn() {
    c_.Next();
    const Token key = c_.Next();
    c_.Next();
    const bool negated = c_.TakeWord("NOT");
    if (!c_.TakeWord("IN")) return c_.Unexpected("in");
    RETURN_IF_ERROR(c_.Expect(TokenKind::kOpen, "( behind in"));
    std::vector<Expr> parts;
    do {
      ASSIGN_OR_RETURN(Literal literal, c_.ParseLiteral());
      parts.push_back(Compare(key, Op::kEqual, negated, std::move(literal)));
    } while (c_.Take(TokenKind::kComma));
    RETURN_IF_ERROR(c_.Expect(TokenKind::kClose, ", or )"));
    return GatherList(std::move(parts), negated);
  }

  // Equalities (or inequalities) of one key as one list, but for those of another kind.
  static Expr GatherList(std::vector<Expr> parts, bool negated) {
    std::vector<Expr> rest;
    std::optional<Expr> list;
    for (Expr& part : parts) {
      if (part.kind != Kind::kCondition || (list && list->plain_text != part.plain_text)) {
        rest.push_back(std::move(part));
      } else if (!list) {
        list = std::move(part);
      } else {
        list->op = Op::kIn;
        list->literals.push_back(std::move(part.literals[0]));
      }
    }
    if (list) rest.push_back(*std::move(list));
    return Combine(negated ? Kind::kAnd : Kind::kOr, std::move(rest));
  }

  // `(struct(a, b)) [not] in (const struct(1, 'x'), ..)`
  absl::StatusOr<Expr> ParseStructIn() {
    c_.Next();
    c_.Next();
    RETURN_IF_ERROR(c_.Expect(TokenKind::kOpen, "( behind struct"));
    std::vector<Token> keys;
    do {
      ASSIGN_OR_RETURN(const Token key, ParseKey());
      keys.push_back(key);
    } while (c_.Take(TokenKind::kComma));
    RETURN_IF_ERROR(c_.Expect(TokenKind::kClose, ", or )"));
    RETURN_IF_ERROR(c_.Expect(TokenKind::kClose, ")"));
    const bool negated = c_.TakeWord("NOT");
    if (!c_.TakeWord("IN")) return c_.Unexpected(negated ? "in" : "[not] in");
    RETURN_IF_ERROR(c_.Expect(TokenKind::kOpen, "( behind in"));
    std::vector<Expr> rows;
    do {
      ASSIGN_OR_RETURN(Expr row, ParseStruct(keys, negated));
      rows.push_back(std::move(row));
    } while (c_.Take(TokenKind::kComma));
    RETURN_IF_ERROR(c_.Expect(TokenKind::kClose, ", or )"));
    return Combine(negated ? Kind::kAnd : Kind::kOr, std::move(rows));
  }

  absl::StatusOr<Expr> ParseStruct(const std::vector<Token>& keys, bool negated) {
    const std::size_t offset = c_.Peek().offset;
    if (!c_.TakeWord("CONST")) return c_.Unexpected("const struct");
    if (!c_.TakeWord("STRUCT")) return c_.Unexpected("struct");
    RETURN_IF_ERROR(c_.Expect(TokenKind::kOpen, "( behind struct"));
    std::vector<Expr> members;
    do {
      ASSIGN_OR_RETURN(Literal literal, c_.ParseLiteral());
      if (members.size() == keys.size()) {
        return c_.ErrorAt(offset, base::StrCat("expected ", keys.size(), " values, found more"));
      }
      members.push_back(Compare(keys[members.size()], Op::kEqual, negated, std::move(literal)));
    } while (c_.Take(TokenKind::kComma));
    RETURN_IF_ERROR(c_.Expect(TokenKind::kClose, ", or )"));
    if (members.size() != keys.size()) {
      return c_.ErrorAt(offset, base::StrCat("expected ", keys.size(), " values, found ", members.size()));
    }
    return Combine(negated ? Kind::kOr : Kind::kAnd, std::move(members));
  }

  void RefuseType(bool bad, const Token& key) {
    bad_ = bad_ || bad;
    if (first_refused_) return;
    first_refused_ = c_.source().ErrorBehind(
        kStringsOnly, key.offset,
        "expected a string, char, varchar, integer, date or timestamp key, and a value of its kind");
  }

  void RefuseName(const Token& key, std::string_view name) {
    bad_ = true;
    if (first_refused_) return;
    first_refused_ =
        c_.source().ErrorBehind(base::StrCat("Specified key <", name, "> is not a partitioning key for the table; "),
                                key.offset, "expected a partition key");
  }

  Expr Compare(const Token& key_token, Op op, bool negated, Literal literal) {
    Expr nothing;
    nothing.kind = Kind::kNull;
    const std::string name = c_.NameOf(key_token);
    const int number = c_.FindKey(name);
    if (number < 0) {
      RefuseName(key_token, name);
      return nothing;
    }
    const Key& key = c_.keys()[static_cast<std::size_t>(number)];
    const bool is_string = literal.kind == Literal::Kind::kString;
    HiveMeaning meaning = TypeHiveLiteral(key, &literal);
    if (op == Op::kLike && meaning != HiveMeaning::kRefused) {
      const bool text_key = key.type.kind == model::TypeKind::kDate || key.type.kind == model::TypeKind::kTimestamp ||
                            FamilyOf(key.type) != Family::kWhole;
      meaning = is_string && text_key ? HiveMeaning::kText : HiveMeaning::kRefused;
      bad_ = bad_ || FamilyOf(key.type) == Family::kWhole;
      literal.kind = Literal::Kind::kString;
      literal.text = HivePattern(literal.text);
    }
    // What Hive's stricter rules refuse, though it may be fine otherwise.
    if (meaning == HiveMeaning::kRefused || key.type.is_integral()) {
      RefuseType(meaning == HiveMeaning::kRefused, key_token);
    }
    if (meaning == HiveMeaning::kNothing || meaning == HiveMeaning::kRefused) return nothing;
    std::vector<Literal> literals;
    literals.push_back(std::move(literal));
    Expr result = MakeCondition(static_cast<std::size_t>(number), op, negated, std::move(literals));
    result.plain_text = meaning == HiveMeaning::kText;
    return negated && result.plain_text ? WithNameLike(std::move(result)) : result;
  }

  // Beside an inequality Hive asks that the partition's name be NOT LIKE the literal, and leaves what is a wildcard
  // there as it is: `a != 'x_y'` leaves out `x y` as well.
  static Expr WithNameLike(Expr inequality) {
    if (model::EscapePathName(inequality.literals[0].text).find_first_of("_%") == std::string::npos) return inequality;
    Expr name_like = inequality;
    name_like.op = Op::kNameLike;
    std::vector<Expr> both;
    both.push_back(std::move(inequality));
    both.push_back(std::move(name_like));
    return Combine(Kind::kAnd, std::move(both));
  }

  TokenCursor& c_;
  bool bad_ = false;
  std::optional<absl::Status> first_refused_;
};

}  // namespace

absl::StatusOr<Expr> ParseHive(TokenCursor* cursor) { return HiveParser(cursor).Run(); }

}  // namespace lodestone::filter
