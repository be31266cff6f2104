// What may be compared with a key, by its type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "catalog/filter/ast.h"
#include "catalog/filter/datum.h"
#include "catalog/filter/filter.h"

namespace lodestone::filter {

// Why a literal can't be compared with a key, in words for a message.
struct Mismatch {
  std::string expected;  // `a number for the int key hour`
  std::string hint;      // what to write instead; may be empty
};

// Converts a literal of a kSql filter to what the key compares with (`'5'` to 5 for an int key). nullopt: all is well.
std::optional<Mismatch> TypeLiteral(const Key& key, Literal* literal);

// What a literal means to a key of Hive's own filter language.
enum class HiveMeaning {
  kTyped,    // compares by the key's type
  kText,     // compares as bytes, NULL being an ordinary value
  kNothing,  // compares with nothing: a date key and a string that is no date
  kRefused,  // of another family
};
HiveMeaning TypeHiveLiteral(const Key& key, Literal* literal);

// Keys that kSql's LIKE takes: those whose values are text to the user.
bool TakesLike(const model::Type& type);

// A literal in the form that compares with values of the key. REQUIRES: typed. A view into the literal.
Datum ToDatum(const model::Type& type, const Literal& literal);

}  // namespace lodestone::filter
