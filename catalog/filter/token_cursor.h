// What the parsers of both modes share: a place among the tokens, and the building of conditions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/base/strings.h"
#include "catalog/filter/ast.h"
#include "catalog/filter/filter.h"
#include "catalog/filter/lexer.h"

namespace lodestone::filter {

// Not thread-safe. What it is made of must outlive it.
class TokenCursor {
 public:
  TokenCursor(const Source& source, std::vector<Token> tokens, std::span<const Key> keys);

  const Token& Peek(std::size_t ahead = 0) const;
  // A bare word of this upper-case spelling, in any case.
  bool IsWord(std::string_view word, std::size_t ahead = 0) const;
  bool Is(TokenKind kind, std::size_t ahead = 0) const { return Peek(ahead).kind == kind; }
  // Past the next token when it is this one.
  bool Take(TokenKind kind);
  bool TakeWord(std::string_view word);
  Token Next();

  absl::Status Expect(TokenKind kind, std::string_view what);
  // `expected <what>, found <the next token>`.
  absl::Status Unexpected(std::string_view what) const;
  absl::Status ErrorAt(std::size_t offset, std::string_view message) const { return source_.Error(offset, message); }
  const Source& source() const { return source_; }
  std::span<const Key> keys() const { return keys_; }

  // The lower-case name that a kName or kQuotedName stands for.
  std::string NameOf(const Token& token) const;
  // The number of the key of this lower-case name; -1: there is none.
  int FindKey(std::string_view name) const;

  // One level deeper; fails beyond kMaxFilterDepth. Leave() when done.
  absl::Status Enter();
  void Leave() { --depth_; }

  // A constant at the cursor. With words: DATE '..', TIMESTAMP '..', TRUE, FALSE, NULL (the latter three in kSql).
  absl::StatusOr<Literal> ParseLiteral();
  // Whether a constant begins at the cursor.
  bool AtLiteral() const;

 private:
  absl::StatusOr<Literal> ParseTime(Literal::Kind kind, std::string text, std::size_t offset) const;

  const Source& source_;
  std::vector<Token> tokens_;
  std::span<const Key> keys_;
  base::StringMap<int> key_numbers_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

// The AND (OR) of some expressions, flattened. REQUIRES: at least one.
Expr Combine(Expr::Kind kind, std::vector<Expr> children);

Expr MakeCondition(std::size_t key, Op op, bool negated, std::vector<Literal> literals);

}  // namespace lodestone::filter
