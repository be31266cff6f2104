#include "catalog/account/token_text.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "catalog/account/secret.h"
#include "catalog/base/strings.h"

namespace lodestone::account {

namespace {

constexpr std::size_t kIdBytes = 4;

bool IsLowerHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

bool IsTokenText(std::string_view text) { return text.size() == 2 * kTokenBytes && IsLowerHex(text); }

std::string HashOfToken(std::string_view text) { return Sha256(text); }

std::string TokenIdOf(std::string_view hash) { return absl::BytesToHexString(base::ToAbsl(hash.substr(0, kIdBytes))); }

std::optional<std::string> HashPrefixOf(std::string_view id) {
  if (id.size() != 2 * kIdBytes || !IsLowerHex(id)) return std::nullopt;
  return absl::HexStringToBytes(base::ToAbsl(id));
}

}  // namespace lodestone::account
