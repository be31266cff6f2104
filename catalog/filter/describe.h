// Filters in words: what Explain shows.
#pragma once

#include <span>
#include <string>

#include "catalog/filter/ast.h"
#include "catalog/filter/cover.h"
#include "catalog/filter/filter.h"

namespace lodestone::filter {

// The expression in kSql's grammar, fully typed: keywords in upper case, strings in single quotes.
std::string ToText(const Expr& expr, std::span<const Key> keys);

// The intervals of a cover, unescaped: `'a'`, `['a', 'c')`; the first few of many. Empty for all.
std::string ToText(const Cover& cover);

}  // namespace lodestone::filter
