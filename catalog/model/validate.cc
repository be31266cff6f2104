// Names, and the objects without columns: catalogs, databases, functions.
#include "catalog/model/validate.h"

#include <algorithm>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/model/checks.h"
#include "catalog/model/limits.h"

namespace lodestone::model {

namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Columns and constraints have Hive's freer names; everything else has names of letters, digits and underscores.
bool HasFreeName(ObjectKind kind) { return kind == ObjectKind::kColumn || kind == ObjectKind::kConstraint; }

absl::Status BadName(ObjectKind kind, std::string_view name, std::string_view finding) {
  return MakeError(ErrorKind::kInvalidObject, kind, name,
                   base::StrCat(NameOf(kind), " name ", base::Quoted(name), " ", finding));
}

absl::Status CheckLength(ObjectKind kind, std::string_view name) {
  if (HasFreeName(kind)) {
    const std::size_t max = kind == ObjectKind::kColumn ? kMaxColumnNameBytes : kMaxConstraintNameBytes;
    if (name.size() <= max) return absl::OkStatus();
    return BadName(kind, name, base::StrCat("has ", name.size(), " bytes, allowed are ", max));
  }
  const std::size_t characters = CountCharacters(name);
  if (characters <= kMaxNameLength) return absl::OkStatus();
  return BadName(kind, name, base::StrCat("has ", characters, " characters, allowed are ", kMaxNameLength));
}

// Letters, digits, underscore, and `$` in tables.
absl::Status CheckCharacters(ObjectKind kind, std::string_view name) {
  const bool dollar = kind == ObjectKind::kTable;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (IsLetter(c) || IsDigit(c) || c == '_' || (dollar && c == '$')) continue;
    return BadName(kind, name,
                   base::StrCat("has the character ", base::Quoted(CharacterAt(name, i)), " at position ",
                                CountCharacters(name.substr(0, i)) + 1, "; allowed are letters, digits",
                                dollar ? ", _ and $" : " and _"));
  }
  return absl::OkStatus();
}

absl::Status CheckFreeCharacters(ObjectKind kind, std::string_view name) {
  if (kind != ObjectKind::kColumn) return absl::OkStatus();
  const std::size_t at = name.find_first_of(",:;");
  if (at == std::string_view::npos) return absl::OkStatus();
  return BadName(kind, name,
                 base::StrCat("has the character ", base::Quoted(name.substr(at, 1)), " at position ",
                              CountCharacters(name.substr(0, at)) + 1, "; not allowed are , : and ;"));
}

absl::Status CheckReserved(ObjectKind kind, std::string_view name, NameRules rules) {
  if (base::EqualsIgnoreCase(name, kNullPartitionValue)) {
    return BadName(kind, name, "is reserved: it stands for NULL in partition names");
  }
  if (rules == NameRules::kStrict && kind == ObjectKind::kDatabase &&
      (base::EqualsIgnoreCase(name, "information_schema") || base::EqualsIgnoreCase(name, "sys"))) {
    return BadName(kind, name, "is reserved: engines give a database of this name a meaning of its own");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckLookupName(ObjectKind kind, std::string_view name) {
  if (name.empty()) {
    return MakeError(ErrorKind::kInvalidObject, kind, name, base::StrCat(NameOf(kind), " name is empty"));
  }
  const std::size_t invalid = base::FindInvalidUtf8(name);
  if (invalid != std::string_view::npos) {
    return BadName(kind, name.substr(0, invalid),
                   base::StrCat("is not UTF-8 at byte ", invalid + 1, " (", HexByte(name[invalid]), ")"));
  }
  const std::size_t control = FindControlCharacter(name);
  if (control != std::string_view::npos) {
    return BadName(kind, name,
                   base::StrCat("has a control character (", HexByte(name[control]), ") at position ",
                                CountCharacters(name.substr(0, control)) + 1));
  }
  return CheckLength(kind, name);
}

absl::Status CheckNewName(ObjectKind kind, std::string_view name, NameRules rules) {
  RETURN_IF_ERROR(CheckLookupName(kind, name));
  RETURN_IF_ERROR(CheckReserved(kind, name, rules));
  if (HasFreeName(kind)) return CheckFreeCharacters(kind, name);
  RETURN_IF_ERROR(CheckCharacters(kind, name));
  if (rules == NameRules::kHive) return absl::OkStatus();
  if (name.front() == '_') return BadName(kind, name, "begins with _; expected a letter or a digit first");
  if (std::all_of(name.begin(), name.end(), IsDigit)) {
    return BadName(kind, name, "has digits alone; expected a letter or _ as well");
  }
  return absl::OkStatus();
}

absl::Status CheckCatalog(const v1::Catalog& catalog, NameRules rules) {
  RETURN_IF_ERROR(CheckNewName(ObjectKind::kCatalog, catalog.name(), rules));
  auto object = [&] { return catalog.name(); };
  const Subject subject(ObjectKind::kCatalog, object);
  RETURN_IF_ERROR(
      CheckText(subject, "the description", catalog.description(), kMaxCommentBytes, ControlCharacters::kAllow));
  return CheckText(subject, "the location", catalog.location_uri(), kMaxLocationBytes, ControlCharacters::kRefuse);
}

absl::Status CheckDatabase(const v1::Database& database, NameRules rules) {
  RETURN_IF_ERROR(CheckNewName(ObjectKind::kDatabase, database.name(), rules));
  auto object = [&] { return database.name(); };
  const Subject subject(ObjectKind::kDatabase, object);
  RETURN_IF_ERROR(
      CheckText(subject, "the description", database.description(), kMaxCommentBytes, ControlCharacters::kAllow));
  RETURN_IF_ERROR(
      CheckText(subject, "the location", database.location_uri(), kMaxLocationBytes, ControlCharacters::kRefuse));
  RETURN_IF_ERROR(CheckText(subject, "the managed location", database.managed_location_uri(), kMaxLocationBytes,
                            ControlCharacters::kRefuse));
  RETURN_IF_ERROR(CheckOwner(subject, database.owner_name(), database.owner_type()));
  RETURN_IF_ERROR(CheckParameters(subject, "parameter", database.parameters()));
  return CheckRecordSize(subject, database.ByteSizeLong(), kMaxObjectRecordBytes);
}

absl::Status CheckFunction(const v1::Function& function, NameRules rules) {
  RETURN_IF_ERROR(CheckLookupName(ObjectKind::kDatabase, function.database()));
  RETURN_IF_ERROR(CheckNewName(ObjectKind::kFunction, function.name(), rules));
  auto object = [&] { return base::StrCat(function.database(), ".", function.name()); };
  const Subject subject(ObjectKind::kFunction, object);
  if (function.class_name().empty()) return subject.Fail("the class name is empty");
  RETURN_IF_ERROR(
      CheckText(subject, "the class name", function.class_name(), kMaxClassNameBytes, ControlCharacters::kRefuse));
  RETURN_IF_ERROR(CheckOwner(subject, function.owner_name(), function.owner_type()));
  if (!v1::Function::Type_IsValid(function.function_type())) {
    return subject.Fail(
        base::StrCat("the function type is the unknown number ", static_cast<int>(function.function_type())));
  }
  if (static_cast<std::size_t>(function.resources_size()) > kMaxResources) {
    return subject.Fail(base::StrCat("it has ", function.resources_size(), " resources, allowed are ", kMaxResources));
  }
  for (int i = 0; i < function.resources_size(); ++i) {
    const v1::Function::Resource& resource = function.resources(i);
    const std::string what = base::StrCat("the URI of resource ", i + 1);
    if (resource.uri().empty()) return subject.Fail(base::StrCat(what, " is empty"));
    RETURN_IF_ERROR(CheckText(subject, what, resource.uri(), kMaxLocationBytes, ControlCharacters::kRefuse));
    if (!v1::Function::Resource::Type_IsValid(resource.type())) {
      return subject.Fail(
          base::StrCat("the type of resource ", i + 1, " is the unknown number ", static_cast<int>(resource.type())));
    }
  }
  return CheckRecordSize(subject, function.ByteSizeLong(), kMaxObjectRecordBytes);
}

}  // namespace lodestone::model
