#include "catalog/record/grant_keys.h"

#include <utility>

#include "catalog/base/coding.h"
#include "catalog/base/strings.h"
#include "catalog/record/keys.h"

namespace lodestone::record {

namespace {

using Kind = Securable::Kind;

constexpr std::size_t kMaxPathBytes = 1024;

std::string Start(Tag tag, uint64_t first, uint64_t second) {
  std::string key(1, static_cast<char>(tag));
  base::AppendBigEndian64(&key, first);
  base::AppendBigEndian64(&key, second);
  return key;
}
// ... up to the grantee.
std::string GrantPrefix(const GrantedOn& on) {
  std::string key = Start(Tag::kGrant, on.catalog.value, on.database.value);
  base::AppendBigEndian64(&key, on.object);
  key += static_cast<char>(on.kind);
  key += on.leaf;
  key += '\0';
  return key;
}
store::KeyRange GrantsOfKind(CatalogId catalog, DatabaseId database, uint64_t table, Kind kind) {
  std::string key = Start(Tag::kGrant, catalog.value, database.value);
  base::AppendBigEndian64(&key, table);
  key += static_cast<char>(kind);
  return store::PrefixRange(key);
}
std::string VisiblePrefix(CatalogId catalog, DatabaseId parent, const Grantee& grantee, Kind kind) {
  std::string key = Start(Tag::kVisible, catalog.value, parent.value);
  AppendGrantee(&key, grantee);
  key += '\0';
  key += static_cast<char>(kind);
  return key;
}

// Which ids stand in the key, by the kind of the object.
bool HasDatabase(Kind kind) { return kind != Kind::kGlobal && kind != Kind::kCatalog && kind != Kind::kPath; }
bool HasObject(Kind kind) { return HasDatabase(kind) && kind != Kind::kDatabase; }
bool HasLeaf(Kind kind) { return kind == Kind::kColumn || kind == Kind::kPartition || kind == Kind::kPath; }

}  // namespace

std::string GrantKey(const GrantedOn& on, const Grantee& grantee) {
  std::string key = GrantPrefix(on);
  AppendGrantee(&key, grantee);
  return key;
}
store::KeyRange Grants(const GrantedOn& on) { return store::PrefixRange(GrantPrefix(on)); }
store::KeyRange GrantsBeneath(const GrantedOn& on) {
  std::string key(1, static_cast<char>(Tag::kGrant));
  switch (on.kind) {
    case Kind::kGlobal:
      break;
    case Kind::kCatalog:
      base::AppendBigEndian64(&key, on.catalog.value);
      break;
    case Kind::kDatabase:
      key = Start(Tag::kGrant, on.catalog.value, on.database.value);
      break;
    case Kind::kTable:
    case Kind::kFunction:
      key = Start(Tag::kGrant, on.catalog.value, on.database.value);
      base::AppendBigEndian64(&key, on.object);
      break;
    default:
      return Grants(on);
  }
  return store::PrefixRange(key);
}
store::KeyRange ColumnGrants(CatalogId catalog, DatabaseId database, uint64_t table) {
  return GrantsOfKind(catalog, database, table, Kind::kColumn);
}
store::KeyRange PartitionGrants(CatalogId catalog, DatabaseId database, uint64_t table) {
  return GrantsOfKind(catalog, database, table, Kind::kPartition);
}

std::optional<GrantKeyParts> ParseGrantKey(std::string_view key) {
  constexpr std::size_t kHead = 1 + 3 * 8 + 1;
  if (key.size() < kHead || key[0] != static_cast<char>(Tag::kGrant)) return std::nullopt;
  GrantKeyParts parts;
  parts.on.catalog.value = base::ReadBigEndian64(key.data() + 1);
  parts.on.database.value = base::ReadBigEndian64(key.data() + 9);
  parts.on.object = base::ReadBigEndian64(key.data() + 17);
  const auto kind = static_cast<unsigned char>(key[25]);
  if (kind < 1 || kind > static_cast<unsigned char>(Kind::kPath)) return std::nullopt;
  parts.on.kind = static_cast<Kind>(kind);
  if ((parts.on.catalog.value == 0) != (parts.on.kind == Kind::kGlobal)) return std::nullopt;
  if (static_cast<bool>(parts.on.database) != HasDatabase(parts.on.kind)) return std::nullopt;
  if ((parts.on.object != 0) != HasObject(parts.on.kind)) return std::nullopt;
  const std::string_view rest = key.substr(kHead);
  const std::size_t end = rest.find('\0');
  if (end == std::string_view::npos || (end != 0) != HasLeaf(parts.on.kind)) return std::nullopt;
  parts.on.leaf = rest.substr(0, end);
  auto grantee = ParseGrantee(rest.substr(end + 1));
  if (!grantee) return std::nullopt;
  parts.grantee = *std::move(grantee);
  return parts;
}

std::string VisibleKey(CatalogId catalog, DatabaseId parent, const Grantee& grantee, Kind kind, std::string_view name) {
  std::string key = VisiblePrefix(catalog, parent, grantee, kind);
  key += name;
  return key;
}
std::string VisibleDatabaseKey(CatalogId catalog, const Grantee& grantee, DatabaseId database) {
  std::string key = VisiblePrefix(catalog, DatabaseId{}, grantee, Kind::kDatabase);
  base::AppendBigEndian64(&key, database.value);
  return key;
}
store::KeyRange Visible(CatalogId catalog, DatabaseId parent, const Grantee& grantee, Kind kind) {
  return store::PrefixRange(VisiblePrefix(catalog, parent, grantee, kind));
}
store::KeyRange VisibleIn(CatalogId catalog, DatabaseId parent) {
  return store::PrefixRange(Start(Tag::kVisible, catalog.value, parent.value));
}
store::KeyRange VisibleIn(CatalogId catalog) {
  std::string key(1, static_cast<char>(Tag::kVisible));
  base::AppendBigEndian64(&key, catalog.value);
  return store::PrefixRange(key);
}

std::optional<VisibleKeyParts> ParseVisibleKey(std::string_view key) {
  constexpr std::size_t kHead = 1 + 2 * 8;
  if (key.size() < kHead + 1 || key[0] != static_cast<char>(Tag::kVisible)) return std::nullopt;
  VisibleKeyParts parts;
  parts.catalog.value = base::ReadBigEndian64(key.data() + 1);
  parts.parent.value = base::ReadBigEndian64(key.data() + 9);
  const std::string_view rest = key.substr(kHead);
  const std::size_t end = rest.find('\0');
  if (!parts.catalog || end == std::string_view::npos || end + 2 > rest.size()) return std::nullopt;
  auto grantee = ParseGrantee(rest.substr(0, end));
  if (!grantee) return std::nullopt;
  parts.grantee = *std::move(grantee);
  parts.kind = static_cast<Kind>(static_cast<unsigned char>(rest[end + 1]));
  parts.name = rest.substr(end + 2);
  if (!parts.parent) {
    if (parts.kind != Kind::kDatabase || parts.name.size() != 8) return std::nullopt;
    parts.database.value = base::ReadBigEndian64(parts.name.data());
    return parts.database ? std::optional(parts) : std::nullopt;
  }
  if (parts.kind != Kind::kTable && parts.kind != Kind::kFunction) return std::nullopt;
  return parts;
}

bool IsPathText(std::string_view path) {
  if (path.empty() || path.size() > kMaxPathBytes) return false;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) return false;
  }
  return base::FindInvalidUtf8(path) == std::string_view::npos;
}

}  // namespace lodestone::record
