// What signatures are made of. Thin over OpenSSL.
#pragma once

#include <string>
#include <string_view>

namespace lodestone::bindings {

// Raw digests.
std::string Sha256(std::string_view bytes);
std::string HmacSha1(std::string_view key, std::string_view bytes);
std::string HmacSha256(std::string_view key, std::string_view bytes);

std::string Base64(std::string_view bytes);
std::string LowerHex(std::string_view bytes);
// Takes the same time wherever two texts of one length differ.
bool EqualInConstantTime(std::string_view a, std::string_view b);

// RFC 3986: everything but A-Z a-z 0-9 - _ . ~ as %XX in upper case.
std::string PercentEncode(std::string_view text);
enum class Plus { kLiteral, kBlank };  // what `+` stands for; kBlank in forms
// False when a `%` is not followed by two hex digits.
bool PercentDecode(std::string_view text, Plus plus, std::string* decoded);

}  // namespace lodestone::bindings
