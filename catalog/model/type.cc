#include "catalog/model/type.h"

#include <algorithm>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/model/limits.h"

namespace lodestone::model {

namespace {

struct Keyword {
  std::string_view name;
  TypeKind kind;
};
// Types that are a word alone. The first name of a kind is the one that is written.
constexpr Keyword kWords[] = {
    {"boolean", TypeKind::kBoolean},
    {"tinyint", TypeKind::kTinyint},
    {"smallint", TypeKind::kSmallint},
    {"int", TypeKind::kInt},
    {"integer", TypeKind::kInt},
    {"bigint", TypeKind::kBigint},
    {"float", TypeKind::kFloat},
    {"double", TypeKind::kDouble},
    {"decimal", TypeKind::kDecimal},
    {"numeric", TypeKind::kDecimal},
    {"dec", TypeKind::kDecimal},
    {"string", TypeKind::kString},
    {"varchar", TypeKind::kVarchar},
    {"char", TypeKind::kChar},
    {"binary", TypeKind::kBinary},
    {"date", TypeKind::kDate},
    {"timestamp", TypeKind::kTimestamp},
    {"timestamp with local time zone", TypeKind::kTimestampLocalTz},
    {"timestamplocaltz", TypeKind::kTimestampLocalTz},
    {"interval_year_month", TypeKind::kIntervalYearMonth},
    {"interval_day_time", TypeKind::kIntervalDayTime},
    {"void", TypeKind::kVoid},
    {"array", TypeKind::kArray},
    {"map", TypeKind::kMap},
    {"struct", TypeKind::kStruct},
    {"uniontype", TypeKind::kUnion},
};
constexpr std::string_view kLocalTimeZone[] = {"with", "local", "time", "zone"};

constexpr int kMaxVarchar = 65'535;
constexpr int kMaxChar = 255;
constexpr int kMaxPrecision = 38;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWordByte(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c) || c == '_'; }
// What ends the name of a struct's field that stands without back-quotes.
bool EndsFieldName(char c) { return std::string_view(",:<>()`").find(c) != std::string_view::npos; }
bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
bool ContinuesCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::size_t CountCharacters(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), ContinuesCharacter));
}

// The line around byte `at`, and below it a caret: what people look at first.
std::string Excerpt(std::string_view text, std::size_t at) {
  constexpr std::size_t kAround = 60;
  std::size_t begin = at > kAround ? at - kAround : 0;
  std::size_t end = std::min(text.size(), at + kAround);
  while (begin > 0 && ContinuesCharacter(text[begin])) --begin;
  while (end < text.size() && ContinuesCharacter(text[end])) ++end;
  std::string line = begin > 0 ? "..." : "";
  const std::size_t indent = line.size() + CountCharacters(text.substr(begin, at - begin));
  for (const char c : text.substr(begin, end - begin)) line += IsControl(c) ? ' ' : c;
  if (end < text.size()) line += "...";
  return base::StrCat("\n  ", line, "\n  ", std::string(indent, ' '), "^");
}

// Recursive descent; what it has read so far is always a valid beginning of a type.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  absl::StatusOr<Type> Parse() {
    ASSIGN_OR_RETURN(Type type, ParseOne(1));
    SkipBlanks();
    if (at_ != text_.size()) return Fail("expected the end of the type");
    return type;
  }

 private:
  absl::StatusOr<Type> ParseOne(int depth) {
    SkipBlanks();
    if (depth > kMaxTypeDepth) return Fail(base::StrCat("expected at most ", kMaxTypeDepth, " nested types"));
    const std::size_t start = at_;
    const std::string word = base::AsciiLower(Word());
    const auto* keyword = std::find_if(std::begin(kWords), std::end(kWords),
                                       [&](const Keyword& candidate) { return candidate.name == word; });
    if (keyword == std::end(kWords)) {
      at_ = start;
      return Fail("expected a type");
    }
    Type type;
    type.kind = keyword->kind;
    RETURN_IF_ERROR(ParseRest(depth, &type));
    return type;
  }

  // What follows the word that names the kind.
  absl::Status ParseRest(int depth, Type* type) {
    switch (type->kind) {
      case TypeKind::kDouble:
        if (WordIs("precision")) Word();  // `double precision`
        return absl::OkStatus();
      case TypeKind::kTimestamp:
        return ParseTimeZone(type);
      case TypeKind::kVarchar:
      case TypeKind::kChar:
        return ParseLength(type);
      case TypeKind::kDecimal:
        return ParseDecimal(type);
      case TypeKind::kArray:
        RETURN_IF_ERROR(Expect('<'));
        RETURN_IF_ERROR(ParseChild(depth, type));
        return Expect('>');
      case TypeKind::kMap:
        RETURN_IF_ERROR(Expect('<'));
        RETURN_IF_ERROR(ParseChild(depth, type));
        RETURN_IF_ERROR(Expect(','));
        RETURN_IF_ERROR(ParseChild(depth, type));
        return Expect('>');
      case TypeKind::kStruct:
        return ParseStruct(depth, type);
      case TypeKind::kUnion:
        RETURN_IF_ERROR(Expect('<'));
        do {
          RETURN_IF_ERROR(ParseChild(depth, type));
        } while (Accept(','));
        return ExpectEither(',', '>');
      default:
        return absl::OkStatus();
    }
  }

  absl::Status ParseChild(int depth, Type* type) {
    ASSIGN_OR_RETURN(Type child, ParseOne(depth + 1));
    type->children.push_back(std::move(child));
    return absl::OkStatus();
  }

  absl::Status ParseStruct(int depth, Type* type) {
    RETURN_IF_ERROR(Expect('<'));
    if (Accept('>')) return absl::OkStatus();  // Hive takes a struct without fields
    do {
      RETURN_IF_ERROR(ParseFieldName(type));
      RETURN_IF_ERROR(Expect(':'));
      RETURN_IF_ERROR(ParseChild(depth, type));
    } while (Accept(','));
    return ExpectEither(',', '>');
  }

  absl::Status ParseFieldName(Type* type) {
    SkipBlanks();
    std::string name;
    const std::size_t start = at_;
    if (at_ < text_.size() && text_[at_] == '`') {
      RETURN_IF_ERROR(ParseQuoted(&name));
    } else {
      while (at_ < text_.size() && !EndsFieldName(text_[at_])) ++at_;
      std::size_t end = at_;
      while (end > start && IsBlank(text_[end - 1])) --end;
      name = text_.substr(start, end - start);
    }
    if (name.empty()) {
      at_ = start;
      return Fail("expected the name of a field");
    }
    const auto control = std::find_if(name.begin(), name.end(), IsControl);
    if (control != name.end()) {
      at_ = start;
      return Fail("expected the name of a field without control characters");
    }
    type->field_names.push_back(std::move(name));
    return absl::OkStatus();
  }

  // A name in back-quotes; a doubled back-quote is one of the name.
  absl::Status ParseQuoted(std::string* name) {
    const std::size_t start = at_++;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '`') {
        ++at_;
        if (at_ == text_.size() || text_[at_] != '`') return absl::OkStatus();
      }
      *name += text_[at_];
    }
    at_ = start;
    return Fail("expected a closing back-quote");
  }

  absl::Status ParseTimeZone(Type* type) {
    if (!WordIs(kLocalTimeZone[0])) return absl::OkStatus();
    for (const std::string_view word : kLocalTimeZone) {
      if (!WordIs(word)) return Fail("expected `timestamp with local time zone`");
      Word();
    }
    type->kind = TypeKind::kTimestampLocalTz;
    return absl::OkStatus();
  }

  absl::Status ParseLength(Type* type) {
    const int max = type->kind == TypeKind::kChar ? kMaxChar : kMaxVarchar;
    RETURN_IF_ERROR(Expect('('));
    RETURN_IF_ERROR(ParseNumber("a length", 1, max, &type->length));
    return Expect(')');
  }

  absl::Status ParseDecimal(Type* type) {
    type->precision = 10;
    if (!Accept('(')) return absl::OkStatus();
    RETURN_IF_ERROR(ParseNumber("a precision", 1, kMaxPrecision, &type->precision));
    if (Accept(',')) RETURN_IF_ERROR(ParseNumber("a scale", 0, type->precision, &type->scale));
    return Expect(')');
  }

  absl::Status ParseNumber(std::string_view what, int min, int max, int* out) {
    SkipBlanks();
    const std::size_t start = at_;
    while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
    int64_t number = -1;
    if (!base::ParseInt64(text_.substr(start, at_ - start), &number) || number < min || number > max) {
      at_ = start;
      return Fail(base::StrCat("expected ", what, " from ", min, " to ", max));
    }
    *out = static_cast<int>(number);
    return absl::OkStatus();
  }

  void SkipBlanks() {
    while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
  }
  std::string_view PeekWord() {
    SkipBlanks();
    std::size_t end = at_;
    while (end < text_.size() && IsWordByte(text_[end])) ++end;
    return text_.substr(at_, end - at_);
  }
  std::string_view Word() {
    const std::string_view word = PeekWord();
    at_ += word.size();
    return word;
  }
  bool WordIs(std::string_view lower) { return base::EqualsIgnoreCase(PeekWord(), lower); }
  bool Accept(char c) {
    SkipBlanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  absl::Status Expect(char c) {
    if (Accept(c)) return absl::OkStatus();
    return Fail(base::StrCat("expected `", std::string_view(&c, 1), "`"));
  }
  // `b`, where `a` would have been allowed as well but was not there.
  absl::Status ExpectEither(char a, char b) {
    if (Accept(b)) return absl::OkStatus();
    return Fail(base::StrCat("expected `", std::string_view(&a, 1), "` or `", std::string_view(&b, 1), "`"));
  }

  // What stands at the current position, in words.
  std::string Found() {
    if (at_ == text_.size()) return "the end";
    std::size_t length = PeekWord().size();
    if (length == 0) {
      length = 1;
      while (at_ + length < text_.size() && ContinuesCharacter(text_[at_ + length])) ++length;
    }
    return base::Quoted(text_.substr(at_, length), 40);
  }
  absl::Status Fail(std::string_view expectation) {
    SkipBlanks();
    return MakeError(ErrorKind::kInvalidObject, ObjectKind::kColumn, "",
                     base::StrCat("type at position ", CountCharacters(text_.substr(0, at_)) + 1, ": ", expectation,
                                  ", found ", Found(), Excerpt(text_, at_)));
  }

  const std::string_view text_;
  std::size_t at_ = 0;
};

// Whether the name of a field can't stand without back-quotes.
bool NeedsQuotes(std::string_view name) {
  return IsBlank(name.front()) || IsBlank(name.back()) || std::any_of(name.begin(), name.end(), EndsFieldName);
}

void AppendFieldName(std::string_view name, std::string* out) {
  if (name.empty() || !NeedsQuotes(name)) {
    out->append(name);
    return;
  }
  *out += '`';
  for (const char c : name) {
    if (c == '`') *out += '`';
    *out += c;
  }
  *out += '`';
}

void Append(const Type& type, std::string* out) {
  const auto* word = std::find_if(std::begin(kWords), std::end(kWords),
                                  [&](const Keyword& candidate) { return candidate.kind == type.kind; });
  out->append(word->name);
  if (type.kind == TypeKind::kVarchar || type.kind == TypeKind::kChar) {
    base::StrAppend(out, "(", type.length, ")");
  } else if (type.kind == TypeKind::kDecimal) {
    base::StrAppend(out, "(", type.precision, ",", type.scale, ")");
  } else if (!type.is_primitive()) {
    *out += '<';
    for (std::size_t i = 0; i < type.children.size(); ++i) {
      if (i > 0) *out += ',';
      if (type.kind == TypeKind::kStruct) {
        AppendFieldName(type.field_names[i], out);
        *out += ':';
      }
      Append(type.children[i], out);
    }
    *out += '>';
  }
}

}  // namespace

absl::StatusOr<Type> ParseType(std::string_view text) {
  auto fail = [&](const std::string& message) {
    return MakeError(ErrorKind::kInvalidObject, ObjectKind::kColumn, "", message);
  };
  if (text.size() > kMaxTypeBytes) {
    return fail(base::StrCat("type has ", text.size(), " bytes, allowed are ", kMaxTypeBytes));
  }
  const std::size_t invalid = base::FindInvalidUtf8(text);
  if (invalid != std::string_view::npos) {
    return fail(base::StrCat("type is not UTF-8 at byte ", invalid + 1));
  }
  return Parser(text).Parse();
}

std::string ToString(const Type& type) {
  std::string out;
  Append(type, &out);
  return out;
}

bool IsPartitionKeyType(const Type& type) {
  return type.is_primitive() && type.kind != TypeKind::kVoid && type.kind != TypeKind::kIntervalYearMonth &&
         type.kind != TypeKind::kIntervalDayTime;
}

}  // namespace lodestone::model
