// Which values of one key may pass, as intervals of text. Conservative: what passes lies inside; what lies inside need
// not pass.
//
// The text is a value as it stands in the encoded partition key: escaped, with '/' behind it unless the key is the last
// one. The '/' matters: it sorts behind blank ! $ & ( ) + , - and ., so `a` and `a b` stand in another order as parts
// of partition keys than alone. Escaping matters as well: `:` stands for itself in a value's order and is %3A in the
// text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/filter/ast.h"
#include "catalog/model/type.h"

namespace lodestone::filter {

struct Interval {
  std::string low;                  // included
  std::optional<std::string> high;  // excluded; nullopt: no end
  bool is_point = false;            // one value alone: its text, and what follows behind its '/'
  bool operator==(const Interval&) const = default;
};

// Disjoint, not touching, ascending. Immutable but for assignment.
class Cover {
 public:
  static Cover All();
  static Cover None() { return Cover(); }
  // Sorts and merges.
  static Cover Of(std::vector<Interval> intervals);

  bool is_all() const;
  bool is_none() const { return intervals_.empty(); }
  const std::vector<Interval>& intervals() const { return intervals_; }

  // The first interval that ends behind `text`; nullptr: none.
  const Interval* FirstEndingBehind(std::string_view text) const;
  // The number of intervals that begin before `text`.
  std::size_t CountBeginningBefore(std::string_view text) const;

  friend Cover Intersect(const Cover& a, const Cover& b);
  bool operator==(const Cover&) const = default;

 private:
  std::vector<Interval> intervals_;
};

struct KeyCover {
  Cover cover = Cover::All();
  bool exact = false;  // what lies inside does pass: nothing is left to evaluate
};

// What key number `key` may be when the filter passes. `is_last`: no '/' follows its values.
KeyCover MakeCover(const Expr& expr, std::size_t key, const model::Type& type, bool is_last);

// The least text above all that begin with `prefix`; nullopt: there is none.
std::optional<std::string> BehindPrefix(std::string_view prefix);

}  // namespace lodestone::filter
