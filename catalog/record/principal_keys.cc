// Keys of roles, groups and accounts: who somebody is, rather than what there is.
#include <utility>

#include "catalog/base/coding.h"
#include "catalog/base/strings.h"
#include "catalog/record/keys.h"

namespace lodestone::record {

namespace {

std::string Start(Tag tag) { return std::string(1, static_cast<char>(tag)); }
std::string Prefix(Tag tag, uint64_t number) {
  std::string key = Start(tag);
  base::AppendBigEndian64(&key, number);
  return key;
}
std::string WithText(std::string key, std::string_view text) {
  key += text;
  return key;
}
// Up to the point where the second grantee begins.
std::string UpToSecond(Tag tag, CatalogId catalog, const Grantee& first) {
  std::string key = Prefix(tag, catalog.value);
  AppendGrantee(&key, first);
  key += '\0';
  return key;
}
std::string Pair(Tag tag, CatalogId catalog, const Grantee& first, const Grantee& second) {
  std::string key = UpToSecond(tag, catalog, first);
  AppendGrantee(&key, second);
  return key;
}

}  // namespace

void AppendGrantee(std::string* key, const Grantee& grantee) {
  *key += static_cast<char>(grantee.kind);
  *key += grantee.name;
}

std::optional<Grantee> ParseGrantee(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const auto kind = static_cast<unsigned char>(bytes.front());
  if (kind < static_cast<int>(GranteeKind::kUser) || kind > static_cast<int>(GranteeKind::kRole)) return std::nullopt;
  const std::string_view name = bytes.substr(1);
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) return std::nullopt;
  }
  if (base::FindInvalidUtf8(name) != std::string_view::npos) return std::nullopt;
  const auto granted = static_cast<GranteeKind>(kind);
  if (granted == GranteeKind::kRole && base::AsciiLower(name) != name) return std::nullopt;
  return Grantee{granted, std::string(name)};
}

std::string RoleKey(CatalogId catalog, std::string_view role) {
  return WithText(Prefix(Tag::kRole, catalog.value), role);
}
store::KeyRange Roles(CatalogId catalog) { return store::PrefixRange(Prefix(Tag::kRole, catalog.value)); }

std::string MembershipKey(CatalogId catalog, const Grantee& member, const Grantee& of) {
  return Pair(Tag::kMembership, catalog, member, of);
}
std::string MemberKey(CatalogId catalog, const Grantee& of, const Grantee& member) {
  return Pair(Tag::kMember, catalog, of, member);
}
store::KeyRange MembershipsOf(CatalogId catalog, const Grantee& member) {
  return store::PrefixRange(UpToSecond(Tag::kMembership, catalog, member));
}
store::KeyRange MembersOf(CatalogId catalog, const Grantee& of) {
  return store::PrefixRange(UpToSecond(Tag::kMember, catalog, of));
}
store::KeyRange AllMemberships(CatalogId catalog) {
  return store::PrefixRange(Prefix(Tag::kMembership, catalog.value));
}
store::KeyRange AllMembers(CatalogId catalog) { return store::PrefixRange(Prefix(Tag::kMember, catalog.value)); }
store::KeyRange MembersOfGroups(CatalogId catalog) {
  std::string prefix = Prefix(Tag::kMember, catalog.value);
  prefix += static_cast<char>(GranteeKind::kGroup);
  return store::PrefixRange(prefix);
}
std::optional<std::pair<Grantee, Grantee>> ParseMembership(std::string_view key) {
  const std::optional<KeyHead> head = ParseHead(key);
  if (!head || (head->tag != Tag::kMembership && head->tag != Tag::kMember)) return std::nullopt;
  const std::size_t end = head->rest.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  std::optional<Grantee> first = ParseGrantee(head->rest.substr(0, end));
  std::optional<Grantee> second = ParseGrantee(head->rest.substr(end + 1));
  if (!first || !second) return std::nullopt;
  return std::pair(*std::move(first), *std::move(second));
}

std::string AccountKey(CatalogId catalog, std::string_view name) {
  return WithText(Prefix(Tag::kAccount, catalog.value), name);
}
store::KeyRange Accounts() { return store::PrefixRange(Start(Tag::kAccount)); }
store::KeyRange Accounts(CatalogId catalog) { return store::PrefixRange(Prefix(Tag::kAccount, catalog.value)); }

std::string AccessKeyKey(std::string_view access_key_id) { return WithText(Start(Tag::kAccessKey), access_key_id); }
store::KeyRange AccessKeys() { return store::PrefixRange(Start(Tag::kAccessKey)); }
std::string_view IdInAccessKeyKey(std::string_view key) { return key.substr(key.empty() ? 0 : 1); }

std::string AccessTokenKey(std::string_view hash) { return WithText(Start(Tag::kAccessToken), hash); }
store::KeyRange AccessTokens(std::string_view hash_prefix) { return store::PrefixRange(AccessTokenKey(hash_prefix)); }
std::string_view HashInAccessTokenKey(std::string_view key) { return key.substr(key.empty() ? 0 : 1); }

std::string NonceKey(int64_t expires_ms, std::string_view hash) {
  return WithText(Prefix(Tag::kNonce, static_cast<uint64_t>(expires_ms)), hash);
}
store::KeyRange Nonces() { return store::PrefixRange(Start(Tag::kNonce)); }
store::KeyRange NoncesBefore(int64_t end_ms) {
  return {Start(Tag::kNonce), Prefix(Tag::kNonce, static_cast<uint64_t>(end_ms))};
}
std::optional<NonceParts> ParseNonce(std::string_view key) {
  constexpr std::size_t kHead = 9;
  if (key.size() != kHead + kNonceHashBytes || static_cast<Tag>(key.front()) != Tag::kNonce) return std::nullopt;
  const auto expires_ms = static_cast<int64_t>(base::ReadBigEndian64(key.data() + 1));
  if (expires_ms < 0) return std::nullopt;
  return NonceParts{.expires_ms = expires_ms, .hash = key.substr(kHead)};
}

}  // namespace lodestone::record
