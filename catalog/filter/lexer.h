// Splits a filter into tokens, and words the errors about it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/filter.h"

namespace lodestone::filter {

enum class TokenKind : uint8_t {
  kEnd,
  kName,        // bare: a key or a keyword
  kQuotedName,  // in back-quotes
  kString,      // in single or double quotes
  kNumber,      // without sign
  kDate,        // bare yyyy-mm-dd
  kTimestamp,   // bare yyyy-mm-dd hh:mm:ss, in kSql with a fraction
  kEqual,       // = ==
  kNotEqual,    // != <>
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kNullSafeEqual,  // <=>
  kOpen,
  kClose,
  kComma,
  kMinus,
  kPlus,
};

// A view into the filter.
struct Token {
  TokenKind kind;
  uint32_t offset;
  uint32_t length;
};

// The filter's text, with its errors. The text must outlive the source.
class Source {
 public:
  Source(std::string_view text, FilterMode mode) : text_(text), mode_(mode) {}

  std::string_view text() const { return text_; }
  FilterMode mode() const { return mode_; }
  std::string_view TextOf(const Token& token) const { return text_.substr(token.offset, token.length); }

  // kInvalidFilter: `line 1, column 9: <message>`, the line, and a caret below the place. In kHive mode behind
  // `Error parsing partition filter: `, as Hive begins.
  absl::Status Error(std::size_t offset, std::string_view message) const;
  // The same behind words of the caller's.
  absl::Status ErrorBehind(std::string_view lead, std::size_t offset, std::string_view message) const;

 private:
  std::string_view text_;
  FilterMode mode_;
};

// The tokens, the last being kEnd. Fails on text that is too long, no UTF-8, or of no token.
absl::StatusOr<std::vector<Token>> Tokenize(const Source& source);

// For `expected ..., found <this>`: the token as written, cut when long; `the end` at the end.
std::string Describe(const Source& source, const Token& token);

// What a string or quoted name stands for. In kHive mode strings are taken as they are, as Hive does; in kSql doubled
// quotes and backslash escapes are decoded. Fails on an unknown escape.
absl::StatusOr<std::string> DecodeString(const Source& source, const Token& token);
std::string DecodeQuotedName(const Source& source, const Token& token);

}  // namespace lodestone::filter
