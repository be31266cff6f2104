// A filter as understood: parsed, typed, NOT pushed down to the conditions. The mode it was written in is gone: what
// differs between the modes stands in the conditions (`plain_text`).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace lodestone::filter {

struct Literal {
  enum class Kind { kNull, kString, kNumber, kBoolean, kDate, kTimestamp };
  Kind kind = Kind::kNull;
  std::size_t offset = 0;  // where it stands in the filter
  // Decoded string; number as written; true, false; yyyy-mm-dd; yyyy-mm-dd hh:mm:ss[.fffffffff].
  std::string text;
};

enum class Op {
  kEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kNullSafeEqual,
  kLike,
  kNameLike,  // the value as names have it, escaped, LIKE the literal, escaped too; kHive only, negated
  kIn,
  kIsNull,
};

struct Expr {
  enum class Kind {
    kTrue,
    kFalse,
    kNull,       // unknown: neither it nor its negation passes
    kAnd,        // at least two children, none of them kAnd
    kOr,         // at least two children, none of them kOr
    kCondition,  // one key
    kTuple,      // keys IN rows of literals
  };
  Kind kind = Kind::kTrue;
  Op op = Op::kEqual;    // kCondition
  bool negated = false;  // kCondition, kTuple: the negation is asked for
  // kCondition, kTuple: compare the bytes of the values whatever the type, NULL being an ordinary value.
  bool plain_text = false;
  std::vector<uint16_t> keys;     // kCondition: one; kTuple: as many as a row has literals
  std::vector<Literal> literals;  // kIn: the list; kTuple: row after row; kIsNull: none; otherwise one. No NULL but in
                                  // tuples. kLike: the pattern, with backslash as the escape
  std::vector<Expr> children;     // kAnd, kOr
};

}  // namespace lodestone::filter
