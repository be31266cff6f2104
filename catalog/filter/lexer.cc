#include "catalog/filter/lexer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"

namespace lodestone::filter {

namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

class Lexer {
 public:
  explicit Lexer(const Source& source)
      : source_(source), text_(source.text()), sql_(source.mode() == FilterMode::kSql) {}

  absl::StatusOr<std::vector<Token>> Run() {
    if (const std::size_t bad = base::FindInvalidUtf8(text_); bad != std::string_view::npos) {
      return source_.Error(bad, "expected UTF-8, found other bytes");
    }
    while (true) {
      while (at_ < text_.size() && IsSpace(text_[at_])) ++at_;
      if (at_ == text_.size()) break;
      RETURN_IF_ERROR(Next());
    }
    Add(TokenKind::kEnd, 0);
    return std::move(tokens_);
  }

 private:
  char Peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool IsNameCharacter(char c) const {
    return IsLetter(c) || IsDigit(c) || (sql_ && (c == '$' || static_cast<unsigned char>(c) >= 0x80));
  }
  void Add(TokenKind kind, std::size_t length) {
    tokens_.push_back({kind, static_cast<uint32_t>(at_), static_cast<uint32_t>(length)});
    at_ += length;
  }

  absl::Status Next() {
    const char c = Peek();
    if (c == '\'' || c == '"') return String(c);
    if (c == '`') return QuotedName();
    if (IsDigit(c) || (sql_ && c == '.' && IsDigit(Peek(1)))) return StartingWithDigit();
    if (IsNameCharacter(c)) {
      Add(TokenKind::kName, NameLength());
      return absl::OkStatus();
    }
    return Symbol();
  }

  std::size_t NameLength() const {
    std::size_t n = 0;
    while (at_ + n < text_.size() && IsNameCharacter(text_[at_ + n])) ++n;
    return n;
  }

  // Both modes keep a quote that is doubled or behind a backslash inside the string.
  absl::Status String(char quote) {
    std::size_t end = at_ + 1;
    while (end < text_.size()) {
      if (text_[end] == '\\') {
        ++end;
      } else if (text_[end] == quote) {
        if (end + 1 >= text_.size() || text_[end + 1] != quote) break;
        ++end;
      }
      ++end;
    }
    if (end >= text_.size()) return source_.Error(at_, "expected a closing quote, found the end");
    Add(TokenKind::kString, end + 1 - at_);
    return absl::OkStatus();
  }

  absl::Status QuotedName() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && (text_[end] != '`' || (end + 1 < text_.size() && text_[end + 1] == '`'))) {
      end += text_[end] == '`' ? 2 : 1;
    }
    if (end >= text_.size()) return source_.Error(at_, "expected a closing back-quote, found the end");
    if (end == at_ + 1) return source_.Error(at_, "expected a name between back-quotes, found nothing");
    Add(TokenKind::kQuotedName, end + 1 - at_);
    return absl::OkStatus();
  }

  // `pattern`: 9 stands for a digit, anything else for itself.
  bool Looks(std::size_t from, std::string_view pattern) const {
    if (from + pattern.size() > text_.size()) return false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i] == '9' ? !IsDigit(text_[from + i]) : text_[from + i] != pattern[i]) return false;
    }
    return true;
  }
  bool EndsAt(std::size_t end) const { return end >= text_.size() || !IsNameCharacter(text_[end]); }

  // A date, a timestamp, a number, or a name: those may begin with digits.
  absl::Status StartingWithDigit() {
    if (Looks(at_, "9999-99-99") && EndsAt(at_ + 10)) {
      if (!Looks(at_ + 10, " 99:99:99") || !EndsAt(at_ + 19)) {
        Add(TokenKind::kDate, 10);
        return absl::OkStatus();
      }
      std::size_t length = 19;
      if (sql_ && Looks(at_ + length, ".9")) {
        ++length;
        while (IsDigit(Peek(length))) ++length;
      }
      Add(TokenKind::kTimestamp, length);
      return absl::OkStatus();
    }
    std::size_t length = NumberLength();
    if (length == 0 || !EndsAt(at_ + length)) {
      length = NameLength();
      Add(length > 0 ? TokenKind::kName : TokenKind::kNumber, length > 0 ? length : NumberLength());
      return absl::OkStatus();
    }
    Add(TokenKind::kNumber, length);
    return absl::OkStatus();
  }

  std::size_t NumberLength() const {
    std::size_t n = 0;
    while (IsDigit(Peek(n))) ++n;
    if (!sql_) return n;
    if (Peek(n) == '.') {
      ++n;
      while (IsDigit(Peek(n))) ++n;
    }
    if (Peek(n) == 'e' || Peek(n) == 'E') {
      const std::size_t sign = Peek(n + 1) == '-' || Peek(n + 1) == '+' ? 1 : 0;
      if (IsDigit(Peek(n + 1 + sign))) {
        n += 1 + sign;
        while (IsDigit(Peek(n))) ++n;
      }
    }
    return n;
  }

  absl::Status Symbol() {
    static constexpr std::pair<std::string_view, TokenKind> kSymbols[] = {
        {"<=>", TokenKind::kNullSafeEqual}, {"<=", TokenKind::kLessEqual},
        {">=", TokenKind::kGreaterEqual},   {"<>", TokenKind::kNotEqual},
        {"!=", TokenKind::kNotEqual},       {"==", TokenKind::kEqual},
        {"=", TokenKind::kEqual},           {"<", TokenKind::kLess},
        {">", TokenKind::kGreater},         {"(", TokenKind::kOpen},
        {")", TokenKind::kClose},           {",", TokenKind::kComma},
        {"-", TokenKind::kMinus},           {"+", TokenKind::kPlus},
    };
    for (const auto& [symbol, kind] : kSymbols) {
      if (text_.substr(at_, symbol.size()) == symbol) {
        Add(kind, symbol.size());
        return absl::OkStatus();
      }
    }
    std::size_t length = 1;
    while (at_ + length < text_.size() && IsContinuation(text_[at_ + length])) ++length;
    return source_.Error(
        at_, base::StrCat("expected a key, a value or an operator, found ", base::Quoted(text_.substr(at_, length))));
  }

  const Source& source_;
  const std::string_view text_;
  const bool sql_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

void AppendUtf8(uint32_t code, std::string* out) {
  if (code < 0x80) {
    out->push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out->push_back(static_cast<char>(0xC0 | (code >> 6)));
    out->push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else if (code < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | (code >> 12)));
    out->push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else {
    out->push_back(static_cast<char>(0xF0 | (code >> 18)));
    out->push_back(static_cast<char>(0x80 | ((code >> 12) & 0x3F)));
    out->push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (code & 0x3F)));
  }
}

// The four hex digits of `uXXXX` at the start of `s`.
std::optional<uint32_t> ReadUnicodeEscape(std::string_view s) {
  if (s.size() < 5 || s[0] != 'u') return std::nullopt;
  uint32_t code = 0;
  for (char c : s.substr(1, 4)) {
    const char lower = static_cast<char>(c | 0x20);
    if (!IsDigit(c) && (lower < 'a' || lower > 'f')) return std::nullopt;
    code = code * 16 + static_cast<uint32_t>(IsDigit(c) ? c - '0' : lower - 'a' + 10);
  }
  return code;
}

// Decodes what stands behind a backslash at the start of `s`; the number of bytes taken, 0 when it is no escape.
std::size_t DecodeEscape(std::string_view s, std::string* out) {
  static constexpr std::string_view kLetters = "ntrb0'\"\\`";
  static constexpr std::string_view kMeanings("\n\t\r\b\0'\"\\`", 9);
  if (const std::size_t i = kLetters.find(s[0]); i != std::string_view::npos) {
    out->push_back(kMeanings[i]);
    return 1;
  }
  if (s[0] == '%' || s[0] == '_') {  // for LIKE, which reads them again
    out->push_back('\\');
    out->push_back(s[0]);
    return 1;
  }
  const auto high = ReadUnicodeEscape(s);
  if (!high || (*high >= 0xDC00 && *high <= 0xDFFF)) return 0;
  if (*high < 0xD800 || *high > 0xDBFF) {
    AppendUtf8(*high, out);
    return 5;
  }
  if (s.size() < 6 || s[5] != '\\') return 0;
  const auto low = ReadUnicodeEscape(s.substr(6));
  if (!low || *low < 0xDC00 || *low > 0xDFFF) return 0;
  AppendUtf8(0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00), out);
  return 11;
}

// What a message shows of a long line.
constexpr std::size_t kShownBefore = 60;
constexpr std::size_t kShownBehind = 40;

}  // namespace

absl::Status Source::Error(std::size_t offset, std::string_view message) const {
  return ErrorBehind(mode_ == FilterMode::kHive ? "Error parsing partition filter: " : "", offset, message);
}

absl::Status Source::ErrorBehind(std::string_view lead, std::size_t offset, std::string_view message) const {
  offset = std::min(offset, text_.size());
  std::size_t begin = text_.substr(0, offset).rfind('\n');
  begin = begin == std::string_view::npos ? 0 : begin + 1;
  const std::size_t end = std::min(text_.find('\n', offset), text_.size());
  const auto line = std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(begin), '\n') + 1;
  const auto characters = [this](std::size_t from, std::size_t to) {
    return std::count_if(text_.begin() + static_cast<std::ptrdiff_t>(from),
                         text_.begin() + static_cast<std::ptrdiff_t>(to), [](char c) { return !IsContinuation(c); });
  };
  std::size_t from = offset - begin > kShownBefore ? offset - kShownBefore : begin;
  while (from > begin && IsContinuation(text_[from])) --from;
  std::size_t to = end - offset > kShownBehind ? offset + kShownBehind : end;
  while (to < end && IsContinuation(text_[to])) ++to;
  std::string shown;
  if (base::FindInvalidUtf8(text_.substr(from, to - from)) == std::string_view::npos) {
    shown = base::StrCat(from > begin ? "..." : "", text_.substr(from, to - from), to < end ? "..." : "");
    for (char& c : shown) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    }
    const auto indent = static_cast<std::size_t>(characters(from, offset)) + (from > begin ? 3 : 0);
    shown = base::StrCat("\n  ", shown, "\n  ", std::string(indent, ' '), "^");
  }
  return MakeError(ErrorKind::kInvalidFilter, ObjectKind::kFilter, "",
                   base::StrCat(lead, "line ", line, ", column ", characters(begin, offset) + 1, ": ", message, shown));
}

absl::StatusOr<std::vector<Token>> Tokenize(const Source& source) {
  if (source.text().size() > kMaxFilterBytes) {
    return source.Error(kMaxFilterBytes, base::StrCat("expected a filter of at most ", kMaxFilterBytes,
                                                      " bytes, found ", source.text().size()));
  }
  return Lexer(source).Run();
}

std::string Describe(const Source& source, const Token& token) {
  if (token.kind == TokenKind::kEnd) return "the end";
  constexpr std::size_t kLongest = 40;
  std::string_view text = source.TextOf(token);
  if (text.size() <= kLongest) return std::string(text);
  std::size_t cut = kLongest;
  while (IsContinuation(text[cut])) --cut;
  return base::StrCat(text.substr(0, cut), "...");
}

absl::StatusOr<std::string> DecodeString(const Source& source, const Token& token) {
  const std::string_view text = source.TextOf(token);
  const std::string_view body = text.substr(1, text.size() - 2);
  if (source.mode() == FilterMode::kHive) return std::string(body);
  std::string out;
  out.reserve(body.size());
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] == '\\') {
      const std::size_t taken = DecodeEscape(body.substr(i + 1), &out);
      if (taken == 0) {
        return source.Error(
            token.offset + 1 + i,
            "expected one of the escapes \\n \\t \\r \\b \\0 \\' \\\" \\\\ \\` \\% \\_ \\uXXXX, found another");
      }
      i += taken;
    } else {
      out.push_back(body[i]);
      if (body[i] == text[0]) ++i;  // doubled
    }
  }
  return out;
}

std::string DecodeQuotedName(const Source& source, const Token& token) {
  const std::string_view text = source.TextOf(token);
  std::string out;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    out.push_back(text[i]);
    if (text[i] == '`') ++i;
  }
  return out;
}

}  // namespace lodestone::filter
