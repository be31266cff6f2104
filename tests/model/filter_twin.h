// A slow, obvious twin of partition filters: random expressions of its own, written as text for the product, and
// evaluated here in three-valued logic straight from their meaning. It shares no code with catalog/filter.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "catalog/model/type.h"

namespace lodestone::testing {

// A value or constant, with what it means: a place in the order of its type, or a text.
struct TwinValue {
  std::string written;         // value: as stored; constant: as written in a filter
  std::optional<double> rank;  // numbers, booleans, dates, timestamps
  std::optional<std::string> text;
  bool null() const { return !rank && !text; }
};

struct TwinKey {
  std::string name;
  model::Type type;
  bool textual;                 // compares as text
  bool blanks_ignored = false;  // char
  bool takes_like = false;
  std::vector<TwinValue> values;     // what partitions have, junk and NULL among it
  std::vector<TwinValue> constants;  // what filters compare with; none is NULL
};

enum class Truth { kFalse, kUnknown, kTrue };

struct TwinExpr {
  enum class Kind { kAnd, kOr, kNot, kCompare, kBetween, kIn, kLike, kIsNull, kTuple, kConstant };
  Kind kind = Kind::kConstant;
  std::vector<TwinExpr> children;
  Truth constant = Truth::kTrue;
  std::string op;        // kCompare
  bool negated = false;  // NOT IN, NOT LIKE, NOT BETWEEN, IS NOT NULL
  bool reversed = false;
  std::vector<std::size_t> keys;
  std::vector<TwinValue> constants;  // kTuple: row after row
  std::string pattern;               // kLike: % and _ are wildcards, nothing else is special
};

using Random = std::mt19937_64;

// Below `bound`.
std::size_t Draw(Random& random, std::size_t bound);

// One to four keys of random types.
std::vector<TwinKey> DrawKeys(Random& random);
TwinExpr DrawExpr(Random& random, const std::vector<TwinKey>& keys, int depth);
std::string Write(Random& random, const std::vector<TwinKey>& keys, const TwinExpr& expr);
// `row`: per key the number of one of its values.
Truth Judge(const std::vector<TwinKey>& keys, const TwinExpr& expr, const std::vector<std::size_t>& row);

}  // namespace lodestone::testing
