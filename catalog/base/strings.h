// Text helpers, and the one bridge between std::string_view and the string view of the packaged abseil, which is a type
// of its own: neither converts to the other, and absl::StrCat does not take a std::string_view.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace lodestone::base {

inline absl::string_view ToAbsl(std::string_view s) { return absl::string_view(s.data(), s.size()); }
inline std::string_view ToStd(absl::string_view s) { return std::string_view(s.data(), s.size()); }

namespace internal {
inline absl::AlphaNum Piece(std::string_view s) { return absl::AlphaNum(ToAbsl(s)); }
inline absl::AlphaNum Piece(const std::string& s) { return absl::AlphaNum(ToAbsl(s)); }
inline absl::AlphaNum Piece(const char* s) { return absl::AlphaNum(s); }
inline absl::AlphaNum Piece(absl::string_view s) { return absl::AlphaNum(s); }
template <typename T>
  requires std::is_arithmetic_v<T>
absl::AlphaNum Piece(T v) {
  return absl::AlphaNum(v);
}
}  // namespace internal

// As absl::StrCat, for any mixture of strings, views and numbers.
template <typename... Args>
std::string StrCat(const Args&... args) {
  return absl::StrCat(internal::Piece(args)...);
}
template <typename... Args>
void StrAppend(std::string* out, const Args&... args) {
  absl::StrAppend(out, internal::Piece(args)...);
}

// Lets containers of std::string be asked with a std::string_view, without making a string.
struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view s) const { return absl::Hash<absl::string_view>{}(ToAbsl(s)); }
};
struct StringEq {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const { return a == b; }
};
template <typename V>
using StringMap = absl::flat_hash_map<std::string, V, StringHash, StringEq>;
using StringSet = absl::flat_hash_set<std::string, StringHash, StringEq>;
// Keys are views: whoever fills the map keeps the bytes alive.
template <typename V>
using ViewMap = absl::flat_hash_map<std::string_view, V, StringHash, StringEq>;

// ASCII letters to lower case; other bytes stay.
std::string AsciiLower(std::string_view s);
bool EqualsIgnoreCase(std::string_view a, std::string_view b);

// Pieces between separators: n separators give n + 1 pieces, empty ones included.
std::vector<std::string_view> Split(std::string_view s, char separator);
std::string_view TrimWhitespace(std::string_view s);

// `s` in double quotes for messages: quotes and backslashes escaped, control characters and what is not UTF-8 as \xNN,
// so that any bytes become text. Cut after `limit` bytes, between characters.
std::string Quoted(std::string_view s, std::size_t limit = 200);

// The offset of the first byte that is not part of well-formed UTF-8; npos when all is well.
std::size_t FindInvalidUtf8(std::string_view s);

// Whole decimal numbers with an optional sign; false when `s` is anything else or out of range.
bool ParseInt64(std::string_view s, int64_t* out);

}  // namespace lodestone::base
