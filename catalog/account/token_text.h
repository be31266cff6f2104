// The texts that tokens come in as: from anybody.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lodestone::account {

inline constexpr std::size_t kTokenBytes = 32;

// Whether the text is one that a token can have: 64 hex digits in lower case.
bool IsTokenText(std::string_view text);
// What the store knows a token by: SHA-256 of its text.
std::string HashOfToken(std::string_view text);
// Token::id of a token with this hash: its first 4 bytes in hex.
std::string TokenIdOf(std::string_view hash);
// The other way round. nullopt: not 8 hex digits in lower case.
std::optional<std::string> HashPrefixOf(std::string_view id);

}  // namespace lodestone::account
