// Filters over the tables of a database, as Hive's metastore takes them (get_table_names_by_filter): by owner, time of
// the last access, and parameters. docs/semantics/filters.md has the grammar.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "catalog/filter/like.h"
#include "lodestone/model/v1/table.pb.h"

namespace lodestone::filter {

// Immutable and thread-safe.
class TableFilter {
 public:
  // InvalidArgument (kInvalidFilter): the text can't be understood, names something else, or compares what can't be
  // compared; the message has line, column and caret. The empty text passes every table, a blank one is an error.
  static absl::StatusOr<TableFilter> Parse(std::string_view text);

  bool Matches(const model::v1::Table& table) const { return Matches(root_, table); }

 private:
  friend class TableFilterParser;

  enum class Field { kOwner, kLastAccess, kParameter };
  enum class Test { kEqual, kLess, kLessEqual, kGreater, kGreaterEqual, kLike };
  struct Node {
    enum class Kind { kTrue, kAnd, kOr, kCondition };
    Kind kind = Kind::kTrue;
    std::vector<Node> children{};  // kAnd, kOr
    // kCondition
    Field field = Field::kOwner;
    Test test = Test::kEqual;
    bool negated = false;
    std::string parameter{};  // its name
    std::string text{};       // what is compared with; of kLastAccess a number
    LikePattern pattern{};    // the same, of kLike
  };

  static bool Matches(const Node& node, const model::v1::Table& table);
  static bool Passes(const Node& condition, const model::v1::Table& table);

  Node root_;
};

}  // namespace lodestone::filter
