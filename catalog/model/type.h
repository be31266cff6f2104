// Hive's types: parsed, checked and written back in one normal form. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lodestone::model {

enum class TypeKind {
  kBoolean,
  kTinyint,
  kSmallint,
  kInt,
  kBigint,
  kFloat,
  kDouble,
  kDecimal,
  kString,
  kVarchar,
  kChar,
  kBinary,
  kDate,
  kTimestamp,
  kTimestampLocalTz,
  kIntervalYearMonth,
  kIntervalDayTime,
  kVoid,
  kArray,
  kMap,
  kStruct,
  kUnion,
};

struct Type {
  TypeKind kind = TypeKind::kString;
  int length = 0;                        // varchar: 1..65535, char: 1..255
  int precision = 0;                     // decimal: 1..38
  int scale = 0;                         // decimal: 0..precision
  std::vector<Type> children;            // array: 1, map: 2, struct and uniontype: all
  std::vector<std::string> field_names;  // struct: one per child, as written

  bool is_primitive() const { return kind < TypeKind::kArray; }
  bool is_integral() const { return kind >= TypeKind::kTinyint && kind <= TypeKind::kBigint; }
  bool operator==(const Type&) const = default;
};

// InvalidArgument (kInvalidObject, kColumn) with the position in `text`, counted in characters from 1, what was
// expected and what was found, and the line with a caret. Case-insensitive; blanks between tokens are allowed;
// `integer` is int, `numeric`, `dec` and a bare `decimal` are decimal(10,0), `double precision` is double, as in Hive.
// A field's name is any text without control characters; one with `,:<>()` or back-quotes stands in back-quotes, theirs
// doubled. Bounds: kMaxTypeBytes, kMaxTypeDepth (model/limits.h). Costs time linear in the text.
absl::StatusOr<Type> ParseType(std::string_view text);

// Lower case but for field names, without blanks: `array<struct<a:int,b:decimal(10,2)>>`. ParseType gives the same type
// back. REQUIRES: made by ParseType, or as one of its results would be.
std::string ToString(const Type& type);

// Whether a partition key may have the type: any primitive one but void and intervals.
bool IsPartitionKeyType(const Type& type);

}  // namespace lodestone::model
