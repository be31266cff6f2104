// Lists of names, and walking ranges of keys.
#include "catalog/base/strings.h"
#include "catalog/session/objects.h"

namespace lodestone::session {

NameSpace CatalogNameSpace() {
  return {.key = [](std::string_view name) { return record::CatalogNameKey(name); },
          .name = record::NameInCatalogNameKey,
          .kind = Securable::Kind::kCatalog};
}
NameSpace DatabaseNameSpace(record::CatalogId catalog) {
  return {.key = [catalog](std::string_view name) { return record::DatabaseNameKey(catalog, name); },
          .name = record::NameUnderParent,
          .kind = Securable::Kind::kDatabase};
}
NameSpace TableNameSpace(record::DatabaseId database) {
  return {.key = [database](std::string_view name) { return record::TableNameKey(database, name); },
          .name = record::NameUnderParent,
          .kind = Securable::Kind::kTable,
          .database = database};
}
NameSpace FunctionNameSpace(record::DatabaseId database) {
  return {.key = [database](std::string_view name) { return record::FunctionKey(database, name); },
          .name = record::NameUnderParent,
          .kind = Securable::Kind::kFunction,
          .database = database};
}

absl::StatusOr<bool> ListNames(
    const store::Reader& reader, const NameSpace& space, const ListNamesOptions& options,
    const std::function<absl::StatusOr<bool>(std::string_view, std::string_view, bool)>& take) {
  const model::NamePattern pattern(options.pattern);
  store::KeyRange range = store::PrefixRange(space.key(pattern.common_prefix()));
  if (!options.after.empty()) {
    // The smallest key behind that name.
    std::string behind = space.key(base::AsciiLower(options.after));
    behind.push_back('\0');
    if (behind > range.lower) range.lower = std::move(behind);
    if (!range.upper.empty() && range.lower >= range.upper) return false;
  }
  std::size_t taken = 0;
  const auto cursor = reader.NewCursor(range);
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    const std::string_view name = space.name(cursor->key());
    if (!pattern.Matches(name)) continue;
    const bool wanted = options.limit == 0 || taken < options.limit;
    ASSIGN_OR_RETURN(const bool passes, take(name, cursor->value(), wanted));
    if (!passes) continue;
    if (!wanted) return true;
    ++taken;
  }
  RETURN_IF_ERROR(cursor->status());
  return false;
}

absl::StatusOr<Page<std::string>> ListAllNames(const store::Reader& reader, const NameSpace& space,
                                               const ListNamesOptions& options) {
  Page<std::string> page;
  const auto take = [&page](std::string_view name, std::string_view, bool wanted) -> absl::StatusOr<bool> {
    if (wanted) page.items.emplace_back(name);
    return true;
  };
  ASSIGN_OR_RETURN(page.more, ListNames(reader, space, options, take));
  return page;
}

absl::StatusOr<bool> HasAny(const store::Reader& reader, const store::KeyRange& range) {
  const auto cursor = reader.NewCursor(range);
  cursor->SeekToFirst();
  RETURN_IF_ERROR(cursor->status());
  return cursor->Valid();
}

absl::Status DeleteAll(store::Transaction& txn, const store::KeyRange& range) {
  constexpr std::size_t kFew = 32;
  std::vector<std::string> keys;
  const auto cursor = txn.NewCursor(range);
  for (cursor->SeekToFirst(); cursor->Valid() && keys.size() <= kFew; cursor->Next()) keys.emplace_back(cursor->key());
  RETURN_IF_ERROR(cursor->status());
  if (keys.size() > kFew) {
    txn.DeleteRange(range);
  } else {
    for (const std::string& key : keys) txn.Delete(key);
  }
  return absl::OkStatus();
}

absl::Status ForEach(const store::Reader& reader, const store::KeyRange& range,
                     const std::function<absl::Status(std::string_view, std::string_view)>& visit) {
  const auto cursor = reader.NewCursor(range);
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    RETURN_IF_ERROR(visit(cursor->key(), cursor->value()));
  }
  return cursor->status();
}

}  // namespace lodestone::session
