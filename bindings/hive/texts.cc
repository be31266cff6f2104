#include "bindings/hive/texts.h"

#include <optional>

#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/names.h"

namespace lodestone::hive {
namespace {

using base::StrCat;

// `db.table/dt=1/hour=2` -> `[1, 2]`.
std::string ValuesOf(std::string_view partition) {
  std::string text = "[";
  const std::size_t slash = partition.find('/');
  const auto pieces = SplitPartitionName(slash == std::string_view::npos ? "" : partition.substr(slash + 1));
  if (pieces.ok()) {
    for (const auto& [key, value] : *pieces) text += StrCat(text.size() > 1 ? ", " : "", value);
  }
  return text + "]";
}

std::string Missing(const DomainError& error, std::string_view catalog) {
  switch (error.object_kind) {
    case ObjectKind::kCatalog:
      return StrCat("No catalog ", error.object);
    case ObjectKind::kDatabase:
      return StrCat("database ", catalog, ".", error.object);
    case ObjectKind::kTable:
      return StrCat(catalog, ".", error.object, " table not found");
    case ObjectKind::kPartition:
      return StrCat("partition values=", ValuesOf(error.object));
    case ObjectKind::kFunction:
      return StrCat("Function ", error.object, " does not exist");
    default:
      return {};
  }
}

std::string There(const DomainError& error, std::string_view catalog) {
  switch (error.object_kind) {
    case ObjectKind::kCatalog:
      return StrCat("Catalog ", error.object, " already exists");
    case ObjectKind::kDatabase:
      return StrCat("Database ", error.object, " already exists");
    case ObjectKind::kTable:
      return StrCat("Table ", catalog, ".", error.object, " already exists");
    case ObjectKind::kPartition:
      return StrCat("Partition already exists: ", error.object);
    case ObjectKind::kFunction:
      return StrCat("Function ", error.object.substr(error.object.find('.') + 1), " already exists");
    default:
      return {};
  }
}

}  // namespace

std::string TextOf(const absl::Status& failure, std::string_view catalog) {
  const std::optional<DomainError> error = DomainErrorOf(failure);
  std::string text;
  if (error.has_value() && error->kind == ErrorKind::kNoSuchObject) text = Missing(*error, catalog);
  if (error.has_value() && error->kind == ErrorKind::kAlreadyExists) text = There(*error, catalog);
  return text.empty() ? std::string(base::ToStd(failure.message())) : text;
}

}  // namespace lodestone::hive
