#include "bindings/http/dli/object_path.h"

#include "catalog/base/strings.h"

namespace lodestone::http::dli {
namespace {

constexpr std::string_view kJobs = "jobs.flink.";
constexpr std::string_view kGroups = "groups.";
constexpr std::string_view kResources = "resources.";

bool Take(std::string_view prefix, std::string_view* text) {
  if (!text->starts_with(prefix)) return false;
  text->remove_prefix(prefix.size());
  return true;
}

// Up to the next dot, which goes as well; false when nothing stands before it.
bool TakeName(std::string_view* text, std::string_view* name) {
  const std::size_t dot = text->find('.');
  *name = text->substr(0, dot);
  text->remove_prefix(dot == std::string_view::npos ? text->size() : dot + 1);
  return !name->empty();
}

absl::Status Malformed(std::string_view text) {
  return absl::InvalidArgumentError(
      base::StrCat("the object ", base::Quoted(text),
                   ": expected databases.D, databases.D.tables.T, databases.D.tables.T.columns.C, jobs.flink.ID, "
                   "groups.G, resources.R or resources.G/R"));
}

bool HasControlCharacter(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return true;
  }
  return false;
}

absl::StatusOr<Securable> ParseData(std::string_view text, std::string_view rest) {
  std::string_view database;
  if (!TakeName(&rest, &database)) return Malformed(text);
  if (rest.empty())
    return text.ends_with('.') ? absl::StatusOr<Securable>(Malformed(text)) : Securable::Database(database);
  std::string_view table;
  if (!Take("tables.", &rest) || !TakeName(&rest, &table)) return Malformed(text);
  const TableName name{std::string(database), std::string(table)};
  if (rest.empty()) return text.ends_with('.') ? absl::StatusOr<Securable>(Malformed(text)) : Securable::Table(name);
  if (!Take("columns.", &rest) || rest.empty()) return Malformed(text);
  return Securable::Column(name, rest);
}

}  // namespace

absl::StatusOr<Securable> ParseObject(std::string_view text) {
  if (base::FindInvalidUtf8(text) != std::string_view::npos || HasControlCharacter(text)) return Malformed(text);
  std::string_view rest = text;
  if (Take("databases.", &rest)) return ParseData(text, rest);
  if (rest.starts_with("jobs.sql") || rest.starts_with("jobs.spark")) {
    return absl::InvalidArgumentError(base::StrCat("the object ", base::Quoted(text),
                                                   ": privileges on jobs of type sql and spark are not supported"));
  }
  if (Take(kJobs, &rest) || Take(kGroups, &rest)) {
    if (rest.empty() || rest.find('/') != std::string_view::npos) return Malformed(text);
    return Securable::Path(text);
  }
  if (Take(kResources, &rest)) {
    const std::size_t slash = rest.find('/');
    const bool in_group = slash != std::string_view::npos;
    if (rest.empty() ||
        (in_group && (slash == 0 || slash + 1 == rest.size() || rest.find('/', slash + 1) != rest.npos))) {
      return Malformed(text);
    }
    return Securable::Path(text);
  }
  return Malformed(text);
}

std::string ObjectText(const Securable& object) {
  switch (object.kind) {
    case Securable::Kind::kDatabase:
      return base::StrCat("databases.", object.database);
    case Securable::Kind::kTable:
      return base::StrCat("databases.", object.database, ".tables.", object.object);
    case Securable::Kind::kColumn:
      return base::StrCat("databases.", object.database, ".tables.", object.object, ".columns.", object.column);
    case Securable::Kind::kPath:
      return object.path;
    default:
      return {};
  }
}

ObjectParts PartsOf(std::string_view path) {
  if (Take(kJobs, &path)) return {"flink", path};
  if (Take(kGroups, &path)) return {"groups", path};
  Take(kResources, &path);
  return {"resources", path};
}

Securable Queue(std::string_view name) { return Securable::Path(base::StrCat("queues.", name)); }

}  // namespace lodestone::http::dli
