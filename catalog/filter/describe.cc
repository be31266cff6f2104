#include "catalog/filter/describe.h"

#include <cctype>
#include <cstdio>

#include "catalog/base/strings.h"
#include "catalog/model/partition_name.h"

namespace lodestone::filter {

namespace {

constexpr std::string_view kReserved[] = {"and",  "or",    "not",  "in",        "like",   "between", "is",    "null",
                                          "true", "false", "date", "timestamp", "struct", "const",   "escape"};

bool NeedsQuotes(std::string_view name) {
  for (const std::string_view word : kReserved) {
    if (name == word) return true;
  }
  bool has_letter = false;
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_') return true;
    has_letter = has_letter || std::isdigit(static_cast<unsigned char>(c)) == 0;
  }
  // `1e5` would be a number.
  return !has_letter || std::isdigit(static_cast<unsigned char>(name[0])) != 0;
}

void AppendKey(std::string_view name, std::string* out) {
  if (!NeedsQuotes(name)) {
    *out += name;
    return;
  }
  *out += '`';
  for (const char c : name) out->append(c == '`' ? 2 : 1, c);
  *out += '`';
}

// `is_pattern`: `\%` and `\_` keep their backslash, which is then the pattern's.
void AppendString(std::string_view text, bool is_pattern, std::string* out) {
  *out += '\'';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\'') {
      *out += "''";
    } else if (c == '\\') {
      const bool before_wildcard = i + 1 < text.size() && (text[i + 1] == '%' || text[i + 1] == '_');
      *out += is_pattern && before_wildcard ? "\\" : "\\\\";
    } else if (c == '\n') {
      *out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
      *out += code;
    } else {
      *out += c;
    }
  }
  *out += '\'';
}

void AppendLiteral(const Literal& literal, std::string* out) {
  switch (literal.kind) {
    case Literal::Kind::kNull:
      *out += "NULL";
      break;
    case Literal::Kind::kString:
      AppendString(literal.text, false, out);
      break;
    case Literal::Kind::kNumber:
      *out += literal.text;
      break;
    case Literal::Kind::kBoolean:
      *out += literal.text == "true" ? "TRUE" : "FALSE";
      break;
    case Literal::Kind::kDate:
    case Literal::Kind::kTimestamp:
      base::StrAppend(out, literal.kind == Literal::Kind::kDate ? "DATE '" : "TIMESTAMP '", literal.text, "'");
      break;
  }
}

std::string_view Symbol(Op op, bool negated) {
  switch (op) {
    case Op::kEqual:
      return negated ? " != " : " = ";
    case Op::kNullSafeEqual:
      return " <=> ";
    case Op::kLess:
      return " < ";
    case Op::kLessEqual:
      return " <= ";
    case Op::kGreater:
      return " > ";
    case Op::kGreaterEqual:
      return " >= ";
    default:
      return " ";
  }
}

class Printer {
 public:
  Printer(std::span<const Key> keys, std::string* out) : keys_(keys), out_(*out) {}

  void Print(const Expr& expr, bool inside_and) {
    switch (expr.kind) {
      case Expr::Kind::kTrue:
        out_ += "TRUE";
        break;
      case Expr::Kind::kFalse:
        out_ += "FALSE";
        break;
      case Expr::Kind::kNull:
        out_ += "NULL";
        break;
      case Expr::Kind::kAnd:
        for (std::size_t i = 0; i < expr.children.size(); ++i) {
          if (i > 0) out_ += " AND ";
          Print(expr.children[i], true);
        }
        break;
      case Expr::Kind::kOr:
        if (inside_and) out_ += '(';
        for (std::size_t i = 0; i < expr.children.size(); ++i) {
          if (i > 0) out_ += " OR ";
          Print(expr.children[i], false);
        }
        if (inside_and) out_ += ')';
        break;
      case Expr::Kind::kCondition:
        PrintCondition(expr);
        break;
      case Expr::Kind::kTuple:
        PrintTuple(expr);
        break;
    }
  }

 private:
  void PrintList(std::span<const Literal> literals) {
    out_ += '(';
    for (std::size_t i = 0; i < literals.size(); ++i) {
      if (i > 0) out_ += ", ";
      AppendLiteral(literals[i], &out_);
    }
    out_ += ')';
  }

  void PrintCondition(const Expr& c) {
    const bool outer_not = c.negated && c.op == Op::kNullSafeEqual;
    if (outer_not) out_ += "NOT ";
    AppendKey(keys_[c.keys[0]].name, &out_);
    switch (c.op) {
      case Op::kIsNull:
        out_ += c.negated ? " IS NOT NULL" : " IS NULL";
        break;
      case Op::kIn:
        out_ += c.negated ? " NOT IN " : " IN ";
        PrintList(c.literals);
        break;
      case Op::kLike:
      case Op::kNameLike:
        out_ += c.negated ? " NOT LIKE " : " LIKE ";
        AppendString(c.literals[0].text, true, &out_);
        break;
      default:
        out_ += Symbol(c.op, c.negated);
        AppendLiteral(c.literals[0], &out_);
    }
  }

  void PrintTuple(const Expr& t) {
    out_ += t.keys.size() == 1 ? "STRUCT(" : "(";
    for (std::size_t i = 0; i < t.keys.size(); ++i) {
      if (i > 0) out_ += ", ";
      AppendKey(keys_[t.keys[i]].name, &out_);
    }
    out_ += t.negated ? ") NOT IN (" : ") IN (";
    for (std::size_t i = 0; i < t.literals.size(); i += t.keys.size()) {
      if (i > 0) out_ += ", ";
      PrintList(std::span(t.literals).subspan(i, t.keys.size()));
    }
    out_ += ')';
  }

  std::span<const Key> keys_;
  std::string& out_;
};

void AppendBound(std::string_view text, std::string* out) {
  if (!text.empty() && text.back() == '/') text.remove_suffix(1);
  AppendString(model::UnescapePathName(text), false, out);
}

}  // namespace

std::string ToText(const Expr& expr, std::span<const Key> keys) {
  std::string out;
  Printer(keys, &out).Print(expr, false);
  return out;
}

std::string ToText(const Cover& cover) {
  if (cover.is_all()) return "";
  if (cover.is_none()) return "none";
  constexpr std::size_t kShown = 8;
  std::string out;
  const auto& intervals = cover.intervals();
  for (std::size_t i = 0; i < intervals.size() && i < kShown; ++i) {
    if (i > 0) out += ", ";
    if (intervals[i].is_point) {
      AppendBound(intervals[i].low, &out);
    } else {
      out += '[';
      AppendBound(intervals[i].low, &out);
      out += ", ";
      if (intervals[i].high) AppendBound(*intervals[i].high, &out);
      out += ')';
    }
  }
  if (intervals.size() > kShown) base::StrAppend(&out, ", and ", intervals.size() - kShown, " more");
  return out;
}

}  // namespace lodestone::filter
