// `(a, b) [NOT] IN ((1, 'x'), ..)`: the one condition over several keys. Values are numbered per key by the literal
// they equal, once per distinct value; a row is then a short walk through a tree of such numbers.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "catalog/base/strings.h"
#include "catalog/filter/ast.h"
#include "catalog/filter/datum.h"
#include "catalog/model/type.h"

namespace lodestone::filter {

// Immutable after it is made, thread-safe. Keeps views into the expression it was made of.
class TupleTest {
 public:
  // REQUIRES: kTuple. `types`: of all keys of the table.
  TupleTest(const Expr& expr, std::span<const model::Type> types);

  std::span<const uint16_t> keys() const { return keys_; }

  // The number that a value of member `member` has: of the literal it equals, kOther, or kNull.
  static constexpr int32_t kOther = 0;
  static constexpr int32_t kNull = -1;
  int32_t Classify(std::size_t member, std::string_view value) const;

  // Whether a row certainly passes, given a number per member.
  bool Passes(const int32_t* classes) const;

 private:
  struct Member {
    model::Type type;
    Family family;
    std::vector<Datum> literals;  // distinct, ascending; number i + 1 is literals[i]
    base::ViewMap<int32_t> texts;
  };

  bool Find(const int32_t* classes) const;
  bool DiffersFromAll(const int32_t* classes) const;

  std::vector<uint16_t> keys_;
  bool negated_;
  std::vector<Member> members_;
  std::vector<int32_t> rows_;  // numbers, row after row
  std::size_t row_count_ = 0;
  bool literal_null_ = false;
  // (state, number) to the next state; state 0 is the start. Of rows without NULL.
  absl::flat_hash_map<uint64_t, uint32_t> steps_;
};

}  // namespace lodestone::filter
