#include "catalog/filter/typing.h"

#include <utility>

#include "catalog/base/strings.h"
#include "catalog/names.h"

namespace lodestone::filter {

namespace {

using model::TypeKind;

bool IsTime(TypeKind kind) {
  return kind == TypeKind::kDate || kind == TypeKind::kTimestamp || kind == TypeKind::kTimestampLocalTz;
}
bool IsNumber(const model::Type& type) {
  return type.is_integral() || type.kind == TypeKind::kDecimal || type.kind == TypeKind::kFloat ||
         type.kind == TypeKind::kDouble;
}

Mismatch Expected(std::string_view what, const Key& key, std::string hint = "") {
  return {base::StrCat(what, " for the ", model::ToString(key.type), " key ", key.name), std::move(hint)};
}

bool ToNumber(const Key& key, Literal* literal) {
  if (literal->kind != Literal::Kind::kNumber && literal->kind != Literal::Kind::kString) return false;
  const bool real = FamilyOf(key.type) == Family::kReal;
  if (real ? ReadValue(key.type, literal->text).null : !ReadDecimal(literal->text).has_value()) return false;
  literal->kind = Literal::Kind::kNumber;
  return true;
}

bool ToBoolean(Literal* literal) {
  if (literal->kind == Literal::Kind::kString) {
    literal->text = base::AsciiLower(literal->text);
    if (literal->text == "true" || literal->text == "false") literal->kind = Literal::Kind::kBoolean;
  }
  return literal->kind == Literal::Kind::kBoolean;
}

bool ToTime(Literal* literal) {
  if (literal->kind == Literal::Kind::kString) {
    Datum time;
    if (!ReadTimestamp(literal->text, &time)) return false;
    literal->kind = literal->text.size() == 10 ? Literal::Kind::kDate : Literal::Kind::kTimestamp;
  }
  return literal->kind == Literal::Kind::kDate || literal->kind == Literal::Kind::kTimestamp;
}

}  // namespace

std::optional<Mismatch> TypeLiteral(const Key& key, Literal* literal) {
  if (literal->kind == Literal::Kind::kNull) return std::nullopt;
  if (literal->kind == Literal::Kind::kString && literal->text == kNullPartitionValue) {
    return Mismatch{"a value", "this is NULL in a partition name: write IS NULL"};
  }
  if (IsNumber(key.type)) {
    if (ToNumber(key, literal)) return std::nullopt;
    return Expected("a number", key);
  }
  if (key.type.kind == TypeKind::kBoolean) {
    if (ToBoolean(literal)) return std::nullopt;
    return Expected("TRUE or FALSE", key);
  }
  if (IsTime(key.type.kind)) {
    if (ToTime(literal)) return std::nullopt;
    return Expected(key.type.kind == TypeKind::kDate ? "a date" : "a timestamp", key);
  }
  switch (literal->kind) {
    case Literal::Kind::kDate:
    case Literal::Kind::kTimestamp:  // as their text
      literal->kind = Literal::Kind::kString;
      return std::nullopt;
    case Literal::Kind::kString:
      return std::nullopt;
    default:
      return Expected("a string", key, base::StrCat("write '", literal->text, "'"));
  }
}

HiveMeaning TypeHiveLiteral(const Key& key, Literal* literal) {
  const bool is_string = literal->kind == Literal::Kind::kString;
  switch (key.type.kind) {
    case TypeKind::kString:
    case TypeKind::kVarchar:
    case TypeKind::kChar:
      if (literal->kind == Literal::Kind::kNumber) return HiveMeaning::kRefused;
      literal->kind = Literal::Kind::kString;
      return HiveMeaning::kText;
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
      if (is_string && literal->text == kNullPartitionValue) return HiveMeaning::kText;
      return literal->kind == Literal::Kind::kNumber ? HiveMeaning::kTyped : HiveMeaning::kRefused;
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
      if (literal->kind == Literal::Kind::kNumber) return HiveMeaning::kRefused;
      if (is_string && literal->text == kNullPartitionValue) return HiveMeaning::kText;
      return ToTime(literal) ? HiveMeaning::kTyped : HiveMeaning::kNothing;
    default:
      return HiveMeaning::kRefused;
  }
}

bool TakesLike(const model::Type& type) {
  const Family family = FamilyOf(type);
  return family == Family::kText || family == Family::kChar || IsTime(type.kind);
}

Datum ToDatum(const model::Type& type, const Literal& literal) {
  Datum d;
  d.text = literal.text;
  if (literal.kind == Literal::Kind::kNull) return d;
  d.null = false;
  switch (FamilyOf(type)) {
    case Family::kWhole:
      if (IsTime(type.kind)) {
        ReadTimestamp(literal.text, &d);
      } else if (type.kind == TypeKind::kBoolean) {
        d.whole = literal.text == "true" ? 1 : 0;
      } else {
        FloorToWhole(ReadDecimal(literal.text).value_or(Decimal()), &d);
      }
      break;
    case Family::kDecimal:
      d.decimal = ReadDecimal(literal.text).value_or(Decimal());
      break;
    case Family::kReal:
      d = ReadValue(type, literal.text);
      break;
    case Family::kChar:
      d.text = d.text.substr(0, d.text.find_last_not_of(' ') + 1);
      break;
    case Family::kText:
      break;
  }
  return d;
}

}  // namespace lodestone::filter
