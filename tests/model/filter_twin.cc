#include "tests/model/filter_twin.h"

#include <algorithm>
#include <cctype>

namespace lodestone::testing {

namespace {

using model::Type;
using model::TypeKind;
using Kind = TwinExpr::Kind;

constexpr const char* kNull = "__HIVE_DEFAULT_PARTITION__";

Type TypeOf(const char* text) { return model::ParseType(text).value(); }

TwinValue Ranked(std::string written, double rank) { return {std::move(written), rank, std::nullopt}; }
TwinValue Null(std::string written) { return {std::move(written), std::nullopt, std::nullopt}; }

const std::vector<TwinValue>& Integers() {
  static const std::vector<TwinValue> values = {
      Ranked("0", 0),
      Ranked("1", 1),
      Ranked("01", 1),
      Ranked("+1", 1),
      Ranked("2", 2),
      Ranked("10", 10),
      Ranked("010", 10),
      Ranked("0000010", 10),
      Ranked("9", 9),
      Ranked("-1", -1),
      Ranked("-01", -1),
      Ranked("-0", 0),
      Ranked("00", 0),
      Ranked("-10", -10),
      Ranked("100", 100),
      Ranked("127", 127),
      Ranked("-128", -128),
      Null("abc"),
      Null("1.5"),
      Null("1 "),
      Null(" 1"),
      Null("--1"),
      Null("+"),
      Null(kNull),
      Null("99999999999999999999"),
  };
  return values;
}
const std::vector<TwinValue>& IntegerConstants() {
  static const std::vector<TwinValue> values = {
      Ranked("0", 0),       Ranked("1", 1),       Ranked("+1", 1),
      Ranked("-1", -1),     Ranked("10", 10),     Ranked("'10'", 10),
      Ranked("\"1\"", 1),   Ranked("9", 9),       Ranked("1.5", 1.5),
      Ranked("-0.5", -0.5), Ranked("1e1", 10),    Ranked("100", 100),
      Ranked("- 10", -10),  Ranked("1e30", 1e30), Ranked("-99999999999999999999", -1e20),
      Ranked("2", 2),       Ranked("1.00", 1),
  };
  return values;
}

const std::vector<TwinValue>& Numbers() {
  static const std::vector<TwinValue> values = {
      Ranked("0", 0),
      Ranked("-0.0", 0),
      Ranked("1.5", 1.5),
      Ranked("1.50", 1.5),
      Ranked("01.5", 1.5),
      Ranked("15e-1", 1.5),
      Ranked("-1.5", -1.5),
      Ranked("10", 10),
      Ranked("9.99", 9.99),
      Ranked("1E1", 10),
      Ranked(".5", 0.5),
      Ranked("5.", 5),
      Ranked("123456", 123456),
      Null("x"),
      Null("1,5"),
      Null("1e"),
      Null("."),
      Null(kNull),
      Null("1.5 "),
      Ranked("+2", 2),
  };
  return values;
}
const std::vector<TwinValue>& NumberConstants() {
  static const std::vector<TwinValue> values = {
      Ranked("0", 0),       Ranked("1.5", 1.5), Ranked("-1.5", -1.5), Ranked("'1.50'", 1.5), Ranked("10.0", 10),
      Ranked("9.99", 9.99), Ranked("1e1", 10),  Ranked(".5", 0.5),    Ranked("2", 2),        Ranked("5.", 5),
  };
  return values;
}

const std::vector<TwinValue>& Days() {
  static const std::vector<TwinValue> values = {
      Ranked("2026-01-01", 0),
      Ranked("2026-01-02", 1),
      Ranked("2026-02-28", 58),
      Ranked("2026-03-01", 59),
      Ranked("2025-12-31", -1),
      Ranked("2024-02-29", -672),
      Null("2026-02-29"),
      Null("2026-1-1"),
      Null("2026-01-01 "),
      Null("20260101"),
      Null("2026-01-01 00:00:00"),
      Null("x"),
      Null(kNull),
      Ranked("0001-01-01", -739616),
      Ranked("9999-12-31", 2912441),
  };
  return values;
}
const std::vector<TwinValue>& DayConstants() {
  static const std::vector<TwinValue> values = {
      Ranked("'2026-01-01'", 0),
      Ranked("2026-01-02", 1),
      Ranked("DATE '2026-02-28'", 58),
      Ranked("date \"2025-12-31\"", -1),
      Ranked("TIMESTAMP '2026-01-01 12:00:00'", 0.5),
      Ranked("'2026-01-01 00:00:00'", 0),
      Ranked("'2024-02-29'", -672),
      Ranked("2026-03-01", 59),
  };
  return values;
}

const std::vector<TwinValue>& Times() {
  static const std::vector<TwinValue> values = {
      Ranked("2026-01-01 00:00:00", 0),
      Ranked("2026-01-01", 0),
      Ranked("2026-01-01 00:00:00.0", 0),
      Ranked("2026-01-01 00:00:00.5", 0.5),
      Ranked("2026-01-01 00:00:01", 1),
      Ranked("2026-01-01 12:00:00", 43200),
      Ranked("2026-01-02", 86400),
      Ranked("2026-01-02 00:00:00", 86400),
      Ranked("2025-12-31 23:59:59", -1),
      Ranked("2025-12-31 23:59:59.250", -0.75),
      Null("2026-01-01 24:00:00"),
      Null("2026-01-01T00:00:00"),
      Null("2026-01-01 00:00:00."),
      Null("2026-01-01 00:00:00.0000000000"),
      Null("x"),
      Null(kNull),
      Ranked("2026-01-01 12:00:00.000", 43200),
  };
  return values;
}
const std::vector<TwinValue>& TimeConstants() {
  static const std::vector<TwinValue> values = {
      Ranked("'2026-01-01 00:00:00'", 0),   Ranked("TIMESTAMP '2026-01-01 00:00:00.5'", 0.5),
      Ranked("2026-01-01 12:00:00", 43200), Ranked("2026-01-02", 86400),
      Ranked("DATE '2026-01-01'", 0),       Ranked("2026-01-01 00:00:00.25", 0.25),
      Ranked("'2025-12-31 23:59:59'", -1),  Ranked("TIMESTAMP '2026-01-02'", 86400),
  };
  return values;
}

const std::vector<TwinValue>& Booleans() {
  static const std::vector<TwinValue> values = {Ranked("true", 1),  Ranked("false", 0), Ranked("TRUE", 1),
                                                Ranked("False", 0), Null("1"),          Null("yes"),
                                                Null(kNull)};
  return values;
}
const std::vector<TwinValue>& BooleanConstants() {
  static const std::vector<TwinValue> values = {Ranked("TRUE", 1), Ranked("false", 0), Ranked("'true'", 1),
                                                Ranked("\"FALSE\"", 0)};
  return values;
}

// Bytes that escape, sort round '/' or '%', or take several bytes.
std::string DrawText(Random& random, std::size_t longest) {
  static const std::vector<std::string> kPieces = {"a", "a", "a", "b",  " ", "!",  "/",  "%",  ":", "0",    "-", ".",
                                                   "#", "~", "é", "日", "'", "\"", "\\", "\n", "_", "\x01", "A", "}"};
  std::string text;
  for (std::size_t n = 1 + Draw(random, longest); n > 0; --n) text += kPieces[Draw(random, kPieces.size())];
  return text;
}

std::string QuoteText(Random& random, const std::string& text) {
  const char quote = Draw(random, 2) == 0 ? '\'' : '"';
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) {
      out += Draw(random, 2) == 0 ? std::string("\\") + c : std::string(2, c);
    } else if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n' && Draw(random, 2) == 0) {
      out += "\\n";
    } else if (c == '\x01') {
      out += "\\u0001";
    } else {
      out += c;
    }
  }
  return out + quote;
}

void FillTexts(Random& random, TwinKey* key) {
  key->textual = true;
  key->takes_like = true;
  key->values.push_back(Null(kNull));
  for (int i = 0; i < 14; ++i) {
    const std::string text = DrawText(random, 4);
    key->values.push_back({text, std::nullopt, text});
    if (Draw(random, 2) == 0) key->constants.push_back({QuoteText(random, text), std::nullopt, text});
  }
  for (int i = 0; i < 4; ++i) {
    const std::string text = DrawText(random, 3);
    key->constants.push_back({QuoteText(random, text), std::nullopt, text});
  }
  key->constants.push_back({"''", std::nullopt, ""});
}

std::string CutBlanks(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

// -1, 0, 1; nullopt when a side is NULL.
std::optional<int> Order(const TwinKey& key, const TwinValue& a, const TwinValue& b) {
  if (a.null() || b.null()) return std::nullopt;
  if (!key.textual) return *a.rank < *b.rank ? -1 : *a.rank > *b.rank ? 1 : 0;
  const std::string x = key.blanks_ignored ? CutBlanks(*a.text) : *a.text;
  const std::string y = key.blanks_ignored ? CutBlanks(*b.text) : *b.text;
  return x < y ? -1 : x > y ? 1 : 0;
}

Truth Of(bool b) { return b ? Truth::kTrue : Truth::kFalse; }
Truth Not(Truth t) { return t == Truth::kUnknown ? t : Of(t == Truth::kFalse); }
Truth Both(Truth a, Truth b) { return std::min(a, b); }
Truth Either(Truth a, Truth b) { return std::max(a, b); }

Truth Compare(const TwinKey& key, const std::string& op, const TwinValue& a, const TwinValue& b) {
  if (op == "<=>") return Of(a.null() || b.null() ? a.null() && b.null() : *Order(key, a, b) == 0);
  const auto order = Order(key, a, b);
  if (!order) return Truth::kUnknown;
  if (op == "=" || op == "==") return Of(*order == 0);
  if (op == "!=" || op == "<>") return Of(*order != 0);
  if (op == "<") return Of(*order < 0);
  if (op == "<=") return Of(*order <= 0);
  return Of(op == ">" ? *order > 0 : *order >= 0);
}

std::vector<std::string> Characters(const std::string& text) {
  std::vector<std::string> out;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80 && !out.empty()) {
      out.back() += c;
    } else {
      out.emplace_back(1, c);
    }
  }
  return out;
}

bool Like(const std::vector<std::string>& text, std::size_t t, const std::vector<std::string>& pattern, std::size_t p) {
  if (p == pattern.size()) return t == text.size();
  if (pattern[p] == "%") {
    for (std::size_t skip = t; skip <= text.size(); ++skip) {
      if (Like(text, skip, pattern, p + 1)) return true;
    }
    return false;
  }
  return t < text.size() && (pattern[p] == "_" || pattern[p] == text[t]) && Like(text, t + 1, pattern, p + 1);
}

TwinValue DrawConstant(Random& random, const TwinKey& key) {
  if (Draw(random, 40) == 0) return Null("NULL");
  return key.constants[Draw(random, key.constants.size())];
}

std::string Word(Random& random, std::string word) {
  if (Draw(random, 4) == 0) {
    for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return word;
}

std::string KeyText(Random& random, const TwinKey& key) {
  std::string name = key.name;
  if (Draw(random, 4) == 0) {
    for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  if (Draw(random, 4) == 0) name = "`" + name + "`";
  return name;
}

}  // namespace

std::size_t Draw(Random& random, std::size_t bound) { return static_cast<std::size_t>(random() % bound); }

std::vector<TwinKey> DrawKeys(Random& random) {
  std::vector<TwinKey> keys(1 + Draw(random, 4));
  for (std::size_t k = 0; k < keys.size(); ++k) {
    TwinKey& key = keys[k];
    key.name = std::string(1, static_cast<char>('k' + k)) + "ey";
    key.textual = false;
    switch (Draw(random, 10)) {
      case 0:
      case 1: {
        static constexpr const char* kTypes[] = {"tinyint", "smallint", "int", "bigint"};
        key.type = TypeOf(kTypes[Draw(random, 4)]);
        key.values = Integers();
        key.constants = IntegerConstants();
        break;
      }
      case 2: {
        static constexpr const char* kTypes[] = {"decimal(10,2)", "double", "float"};
        key.type = TypeOf(kTypes[Draw(random, 3)]);
        key.values = Numbers();
        key.constants = NumberConstants();
        break;
      }
      case 3:
        key.type = TypeOf("date");
        key.values = Days();
        key.constants = DayConstants();
        break;
      case 4:
        key.type = TypeOf("timestamp");
        key.values = Times();
        key.constants = TimeConstants();
        break;
      case 5:
        key.type = TypeOf("boolean");
        key.values = Booleans();
        key.constants = BooleanConstants();
        break;
      case 6:
        key.type = TypeOf("char(9)");
        key.blanks_ignored = true;
        FillTexts(random, &key);
        break;
      default: {
        static constexpr const char* kTypes[] = {"string", "string", "varchar(9)", "binary"};
        key.type = TypeOf(kTypes[Draw(random, 4)]);
        FillTexts(random, &key);
      }
    }
  }
  return keys;
}

TwinExpr DrawExpr(Random& random, const std::vector<TwinKey>& keys, int depth) {
  TwinExpr e;
  const std::size_t pick = Draw(random, depth > 0 ? 20 : 11);
  if (pick >= 18) {
    e.kind = Kind::kNot;
    e.children.push_back(DrawExpr(random, keys, depth - 1));
    return e;
  }
  if (pick >= 11) {
    e.kind = pick % 2 == 0 ? Kind::kAnd : Kind::kOr;
    for (std::size_t n = 2 + Draw(random, 3); n > 0; --n) e.children.push_back(DrawExpr(random, keys, depth - 1));
    return e;
  }
  const std::size_t k = Draw(random, keys.size());
  const TwinKey& key = keys[k];
  e.keys = {k};
  e.negated = Draw(random, 3) == 0;
  const auto add_constants = [&](std::size_t count) {
    for (; count > 0; --count) e.constants.push_back(DrawConstant(random, key));
  };
  if (pick < 5) {
    static constexpr const char* kOps[] = {"=", "==", "!=", "<>", "<", "<=", ">", ">=", "<=>"};
    e.kind = Kind::kCompare;
    e.op = kOps[Draw(random, 9)];
    e.reversed = Draw(random, 4) == 0;
    add_constants(1);
  } else if (pick == 5) {
    e.kind = Kind::kBetween;
    add_constants(2);
  } else if (pick < 8) {
    e.kind = Kind::kIn;
    add_constants(1 + Draw(random, Draw(random, 5) == 0 ? 20 : 4));
  } else if (pick == 8 && key.takes_like) {
    e.kind = Kind::kLike;
    e.pattern = DrawText(random, 3);
    std::erase(e.pattern, '\\');
    if (Draw(random, 2) == 0) e.pattern += "%";
    if (Draw(random, 4) == 0) e.pattern = "%" + e.pattern;
  } else if (pick == 9) {
    e.kind = Kind::kTuple;
    e.keys.clear();
    for (std::size_t n = 2 + Draw(random, 2); n > 0; --n) e.keys.push_back(Draw(random, keys.size()));
    for (std::size_t n = 1 + Draw(random, 4); n > 0; --n) {
      for (const std::size_t m : e.keys) e.constants.push_back(DrawConstant(random, keys[m]));
    }
  } else if (pick == 10 && Draw(random, 8) == 0) {
    e.kind = Kind::kConstant;
    e.constant = static_cast<Truth>(Draw(random, 3));
  } else {
    e.kind = Kind::kIsNull;
  }
  return e;
}

std::string Write(Random& random, const std::vector<TwinKey>& keys, const TwinExpr& e) {
  const auto not_word = [&] { return e.negated ? " " + Word(random, "NOT") + " " : std::string(" "); };
  const auto key = [&](std::size_t i) { return KeyText(random, keys[e.keys[i]]); };
  switch (e.kind) {
    case Kind::kAnd:
    case Kind::kOr: {
      std::string out = "(";
      for (std::size_t i = 0; i < e.children.size(); ++i) {
        if (i > 0) out += " " + Word(random, e.kind == Kind::kAnd ? "AND" : "OR") + (Draw(random, 9) == 0 ? "\n" : " ");
        out += Write(random, keys, e.children[i]);
      }
      return out + ")";
    }
    case Kind::kNot:
      return Word(random, "NOT") + " " +
             (Draw(random, 2) == 0 ? Write(random, keys, e.children[0])
                                   : "(" + Write(random, keys, e.children[0]) + ")");
    case Kind::kCompare: {
      static const std::vector<std::pair<std::string, std::string>> kMirrors = {
          {"<", ">"}, {"<=", ">="}, {">", "<"}, {">=", "<="}};
      if (!e.reversed) return key(0) + " " + e.op + " " + e.constants[0].written;
      std::string op = e.op;
      for (const auto& [from, to] : kMirrors) {
        if (e.op == from) op = to;
      }
      return e.constants[0].written + " " + op + " " + key(0);
    }
    case Kind::kBetween:
      return key(0) + not_word() + "BETWEEN " + e.constants[0].written + " AND " + e.constants[1].written;
    case Kind::kIn: {
      std::string out = (Draw(random, 3) == 0 ? "(" + key(0) + ")" : key(0)) + not_word() + "IN (";
      for (std::size_t i = 0; i < e.constants.size(); ++i) out += (i > 0 ? ", " : "") + e.constants[i].written;
      return out + ")";
    }
    case Kind::kLike:
      return key(0) + not_word() + "LIKE " + QuoteText(random, e.pattern);
    case Kind::kIsNull:
      return key(0) + " IS" + not_word() + "NULL";
    case Kind::kTuple: {
      const bool structs = Draw(random, 2) == 0;
      std::string out = structs ? "struct(" : "(";
      for (std::size_t i = 0; i < e.keys.size(); ++i) out += (i > 0 ? "," : "") + key(i);
      out += ")" + not_word() + "IN (";
      for (std::size_t i = 0; i < e.constants.size(); ++i) {
        if (i % e.keys.size() == 0) out += std::string(i > 0 ? "), " : "") + (structs ? "const struct(" : "(");
        out += (i % e.keys.size() == 0 ? "" : ", ") + e.constants[i].written;
      }
      return out + "))";
    }
    case Kind::kConstant:
      return e.constant == Truth::kTrue ? "TRUE" : e.constant == Truth::kFalse ? "FALSE" : "NULL";
  }
  return "";
}

Truth Judge(const std::vector<TwinKey>& keys, const TwinExpr& e, const std::vector<std::size_t>& row) {
  const auto value = [&](std::size_t i) -> const TwinValue& { return keys[e.keys[i]].values[row[e.keys[i]]]; };
  const auto key = [&](std::size_t i) -> const TwinKey& { return keys[e.keys[i]]; };
  Truth result = Truth::kTrue;
  switch (e.kind) {
    case Kind::kAnd:
      for (const TwinExpr& child : e.children) result = Both(result, Judge(keys, child, row));
      return result;
    case Kind::kOr:
      result = Truth::kFalse;
      for (const TwinExpr& child : e.children) result = Either(result, Judge(keys, child, row));
      return result;
    case Kind::kNot:
      return Not(Judge(keys, e.children[0], row));
    case Kind::kCompare:
      return Compare(key(0), e.op, value(0), e.constants[0]);
    case Kind::kBetween:
      result = Both(Compare(key(0), ">=", value(0), e.constants[0]), Compare(key(0), "<=", value(0), e.constants[1]));
      break;
    case Kind::kIn:
      result = Truth::kFalse;
      for (const TwinValue& c : e.constants) result = Either(result, Compare(key(0), "=", value(0), c));
      break;
    case Kind::kLike:
      if (value(0).null()) return Truth::kUnknown;
      result = Of(Like(Characters(key(0).blanks_ignored ? CutBlanks(*value(0).text) : *value(0).text), 0,
                       Characters(e.pattern), 0));
      break;
    case Kind::kIsNull:
      result = Of(value(0).null());
      break;
    case Kind::kTuple:
      result = Truth::kFalse;
      for (std::size_t i = 0; i < e.constants.size(); i += e.keys.size()) {
        Truth same = Truth::kTrue;
        for (std::size_t m = 0; m < e.keys.size(); ++m) {
          same = Both(same, Compare(key(m), "=", value(m), e.constants[i + m]));
        }
        result = Either(result, same);
      }
      break;
    case Kind::kConstant:
      return e.constant;
  }
  return e.negated ? Not(result) : result;
}

}  // namespace lodestone::testing
