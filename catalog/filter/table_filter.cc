#include "catalog/filter/table_filter.h"

#include <algorithm>
#include <compare>
#include <optional>
#include <span>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/filter/datum.h"
#include "catalog/filter/lexer.h"
#include "catalog/filter/parser.h"
#include "catalog/filter/token_cursor.h"

namespace lodestone::filter {

namespace {

constexpr std::string_view kOwnerName = "hive_filter_field_owner__";
constexpr std::string_view kLastAccessName = "hive_filter_field_last_access__";
constexpr std::string_view kParameterPrefix = "hive_filter_field_params__";

}  // namespace

// A recursive descent over the tokens that partition filters have, too.
class TableFilterParser {
 public:
  using Node = TableFilter::Node;
  using Field = TableFilter::Field;
  using Test = TableFilter::Test;

  explicit TableFilterParser(TokenCursor* cursor) : c_(*cursor) {}

  absl::StatusOr<Node> Run() {
    ASSIGN_OR_RETURN(Node result, ParseOr());
    if (!c_.Is(TokenKind::kEnd)) return c_.Unexpected("and, or, or the end");
    return result;
  }

 private:
  // What a condition is about.
  struct Subject {
    Field field;
    std::string parameter;
    std::size_t offset;
  };

  static Node Combined(Node::Kind kind, std::vector<Node> children) {
    if (children.size() == 1) return std::move(children[0]);
    Node node;
    node.kind = kind;
    node.children = std::move(children);
    return node;
  }

  absl::StatusOr<Node> ParseOr() {
    std::vector<Node> children;
    do {
      ASSIGN_OR_RETURN(Node child, ParseAnd());
      children.push_back(std::move(child));
    } while (c_.TakeWord("OR"));
    return Combined(Node::Kind::kOr, std::move(children));
  }

  absl::StatusOr<Node> ParseAnd() {
    std::vector<Node> children;
    do {
      ASSIGN_OR_RETURN(Node child, ParseExpression());
      children.push_back(std::move(child));
    } while (c_.TakeWord("AND"));
    return Combined(Node::Kind::kAnd, std::move(children));
  }

  absl::StatusOr<Node> ParseExpression() {
    if (!c_.Is(TokenKind::kOpen)) return ParseCondition();
    if (AtName(1) && c_.Is(TokenKind::kClose, 2)) return ParseIn();
    RETURN_IF_ERROR(c_.Enter());
    c_.Next();
    ASSIGN_OR_RETURN(Node inner, ParseOr());
    RETURN_IF_ERROR(c_.Expect(TokenKind::kClose, ")"));
    c_.Leave();
    return inner;
  }

  bool AtName(std::size_t ahead = 0) const {
    return c_.Is(TokenKind::kName, ahead) || c_.Is(TokenKind::kQuotedName, ahead);
  }

  // In its own case: parameters differ by it, and Hive's fields are in lower case.
  absl::StatusOr<Subject> ParseSubject() {
    if (!AtName()) return c_.Unexpected("a field of a table");
    const Token token = c_.Next();
    const std::string name = token.kind == TokenKind::kQuotedName ? DecodeQuotedName(c_.source(), token)
                                                                  : std::string(c_.source().TextOf(token));
    if (name == kOwnerName) return Subject{Field::kOwner, "", token.offset};
    if (name == kLastAccessName) return Subject{Field::kLastAccess, "", token.offset};
    if (name.starts_with(kParameterPrefix)) {
      return Subject{Field::kParameter, name.substr(kParameterPrefix.size()), token.offset};
    }
    return c_.ErrorAt(token.offset,
                      base::StrCat("expected ", kOwnerName, ", ", kLastAccessName, " or ", kParameterPrefix,
                                   " with the name of a parameter, found ", Describe(c_.source(), token)));
  }

  // `reversed`: the constant stands first.
  absl::StatusOr<std::pair<Test, bool>> ParseTest(bool reversed) {
    const TokenKind kind = c_.Peek().kind;
    std::optional<Test> test;
    if (kind == TokenKind::kEqual || kind == TokenKind::kNotEqual) test = Test::kEqual;
    if (kind == TokenKind::kLess) test = reversed ? Test::kGreater : Test::kLess;
    if (kind == TokenKind::kLessEqual) test = reversed ? Test::kGreaterEqual : Test::kLessEqual;
    if (kind == TokenKind::kGreater) test = reversed ? Test::kLess : Test::kGreater;
    if (kind == TokenKind::kGreaterEqual) test = reversed ? Test::kLessEqual : Test::kGreaterEqual;
    if (!test) return c_.Unexpected("a comparison, LIKE or BETWEEN");
    c_.Next();
    return std::pair(*test, kind == TokenKind::kNotEqual);
  }

  absl::StatusOr<Node> ParseCondition() {
    if (c_.AtLiteral()) {
      ASSIGN_OR_RETURN(const Literal literal, c_.ParseLiteral());
      ASSIGN_OR_RETURN(const auto test, ParseTest(true));
      ASSIGN_OR_RETURN(const Subject subject, ParseSubject());
      return Compare(subject, test.first, test.second, literal);
    }
    ASSIGN_OR_RETURN(const Subject subject, ParseSubject());
    if (c_.TakeWord("LIKE")) {
      ASSIGN_OR_RETURN(const Literal literal, c_.ParseLiteral());
      return Compare(subject, Test::kLike, false, literal);
    }
    const bool negated = c_.IsWord("NOT") && c_.IsWord("BETWEEN", 1);
    if (negated) c_.Next();
    if (c_.TakeWord("BETWEEN")) return ParseBetween(subject, negated);
    ASSIGN_OR_RETURN(const auto test, ParseTest(false));
    ASSIGN_OR_RETURN(const Literal literal, c_.ParseLiteral());
    return Compare(subject, test.first, test.second, literal);
  }

  absl::StatusOr<Node> ParseBetween(const Subject& subject, bool negated) {
    ASSIGN_OR_RETURN(const Literal low, c_.ParseLiteral());
    if (!c_.TakeWord("AND")) return c_.Unexpected("and");
    ASSIGN_OR_RETURN(const Literal high, c_.ParseLiteral());
    std::vector<Node> both(2);
    ASSIGN_OR_RETURN(both[0], Compare(subject, negated ? Test::kLess : Test::kGreaterEqual, false, low));
    ASSIGN_OR_RETURN(both[1], Compare(subject, negated ? Test::kGreater : Test::kLessEqual, false, high));
    return Combined(negated ? Node::Kind::kOr : Node::Kind::kAnd, std::move(both));
  }

  // `(field) [not] in (..)`
  absl::StatusOr<Node> ParseIn() {
    c_.Next();
    ASSIGN_OR_RETURN(const Subject subject, ParseSubject());
    c_.Next();
    const bool negated = c_.TakeWord("NOT");
    if (!c_.TakeWord("IN")) return c_.Unexpected("in");
    RETURN_IF_ERROR(c_.Expect(TokenKind::kOpen, "( behind in"));
    std::vector<Node> parts;
    do {
      ASSIGN_OR_RETURN(const Literal literal, c_.ParseLiteral());
      ASSIGN_OR_RETURN(parts.emplace_back(), Compare(subject, Test::kEqual, negated, literal));
    } while (c_.Take(TokenKind::kComma));
    RETURN_IF_ERROR(c_.Expect(TokenKind::kClose, ", or )"));
    return Combined(negated ? Node::Kind::kAnd : Node::Kind::kOr, std::move(parts));
  }

  absl::StatusOr<Node> Compare(const Subject& subject, Test test, bool negated, const Literal& literal) {
    if (subject.field == Field::kParameter && test != Test::kEqual && test != Test::kLike) {
      return c_.ErrorAt(subject.offset, "a parameter is compared by =, !=, <>, LIKE and IN alone");
    }
    if (subject.field == Field::kLastAccess && test == Test::kLike) {
      return c_.ErrorAt(subject.offset, "a time is a number, which LIKE does not take");
    }
    Node node;
    node.kind = Node::Kind::kCondition;
    node.field = subject.field;
    node.test = test;
    node.negated = negated;
    node.parameter = subject.parameter;
    node.text = literal.text;
    if (subject.field == Field::kLastAccess) {
      if (!ReadDecimal(literal.text)) {
        return c_.ErrorAt(literal.offset, base::StrCat("expected seconds, found ", base::Quoted(literal.text, 80)));
      }
    }
    if (test == Test::kLike) node.pattern = LikePattern(HivePattern(literal.text));
    return node;
  }

  TokenCursor& c_;
};

absl::StatusOr<TableFilter> TableFilter::Parse(std::string_view text) {
  TableFilter filter;
  if (text.empty()) return filter;
  const Source source(text, FilterMode::kHive);
  ASSIGN_OR_RETURN(std::vector<Token> tokens, Tokenize(source));
  TokenCursor cursor(source, std::move(tokens), {});
  ASSIGN_OR_RETURN(filter.root_, TableFilterParser(&cursor).Run());
  return filter;
}

bool TableFilter::Matches(const Node& node, const model::v1::Table& table) {
  const auto matches = [&](const Node& child) { return Matches(child, table); };
  switch (node.kind) {
    case Node::Kind::kTrue:
      return true;
    case Node::Kind::kAnd:
      return std::ranges::all_of(node.children, matches);
    case Node::Kind::kOr:
      return std::ranges::any_of(node.children, matches);
    case Node::Kind::kCondition:
      break;
  }
  // Whoever has no such parameter passes neither a condition on it nor its negation.
  if (node.field == Field::kParameter && !table.parameters().contains(node.parameter)) return false;
  return Passes(node, table) != node.negated;
}

bool TableFilter::Passes(const Node& condition, const model::v1::Table& table) {
  std::strong_ordering order = std::strong_ordering::equal;
  if (condition.field == Field::kLastAccess) {
    const std::string seconds = base::StrCat(table.last_access_time());
    order = Compare(*ReadDecimal(seconds), *ReadDecimal(condition.text));
  } else {
    const std::string& text =
        condition.field == Field::kOwner ? table.owner() : table.parameters().at(condition.parameter);
    if (condition.test == Test::kLike) return condition.pattern.Matches(text);
    order = text <=> condition.text;
  }
  switch (condition.test) {
    case Test::kEqual:
      return order == 0;
    case Test::kLess:
      return order < 0;
    case Test::kLessEqual:
      return order <= 0;
    case Test::kGreater:
      return order > 0;
    case Test::kGreaterEqual:
      return order >= 0;
    case Test::kLike:
      break;
  }
  return false;
}

}  // namespace lodestone::filter
