// SQL's LIKE over text, as filters match it, for whoever chooses something else by patterns.
#pragma once

#include <string_view>

namespace lodestone {

// `%` is any run, `_` one UTF-8 character, and a backslash takes what follows literally; a pattern that ends in one is
// like nothing. Case counts. Time: the product of both lengths at worst.
bool IsLike(std::string_view text, std::string_view pattern);

}  // namespace lodestone
