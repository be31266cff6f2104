// Whom an access key or a token stands for, now.
#include <utility>

#include "catalog/account/accounts.h"
#include "catalog/account/records.h"
#include "catalog/account/token_text.h"
#include "catalog/base/status_macros.h"
#include "catalog/record/keys.h"
#include "lodestone/record/v1/record.pb.h"

namespace lodestone::account {

namespace {

using record::CatalogId;

// One text for every reason: who tries ids learns nothing of them.
absl::Status NoKey() { return absl::UnauthenticatedError("the access key is unknown, or may not be used"); }
absl::Status NoToken() { return absl::UnauthenticatedError("the token is unknown or expired, or may not be used"); }

// nullopt: the account can't come in.
absl::StatusOr<std::optional<Identity>> FindIdentity(const store::Reader& reader, CatalogId catalog,
                                                     std::string_view name) {
  ASSIGN_OR_RETURN(const auto account, FindAccount(reader, catalog, name));
  if (!account || account->record.disabled()) return std::optional<Identity>();
  if (catalog) {
    // The catalog may have been dropped, and another one may have got its name.
    ASSIGN_OR_RETURN(const auto there,
                     ReadRecord<record::v1::CatalogRecord>(reader, record::CatalogNameKey(account->record.catalog())));
    if (!there || static_cast<uint64_t>(there->catalog().id()) != catalog.value) return std::optional<Identity>();
  }
  return std::optional<Identity>(
      Identity{.principal = Principal{.name = account->name}, .catalog = account->record.catalog()});
}

}  // namespace

absl::StatusOr<SigningKey> FindSigningKey(const store::Reader& reader, KeyRing& ring, std::string_view access_key_id) {
  ASSIGN_OR_RETURN(const auto found, FindAccessKey(reader, access_key_id));
  if (!found || found->record.inactive()) return NoKey();
  ASSIGN_OR_RETURN(auto identity, FindIdentity(reader, CatalogId{found->record.catalog_id()}, found->record.account()));
  if (!identity) return NoKey();
  ASSIGN_OR_RETURN(const KeyPtr key, ring.Key(reader));
  ASSIGN_OR_RETURN(const SecretBytes secret, SecretOf(*key, *found));
  return SigningKey{.secret = std::string(secret.view()), .identity = *std::move(identity)};
}

absl::StatusOr<Identity> VerifyToken(const store::Reader& reader, std::string_view token, int64_t now_ms) {
  if (!IsTokenText(token)) return NoToken();
  // Whoever could find a hash by the time that a look-up takes would still not have a token with it.
  ASSIGN_OR_RETURN(const auto found,
                   ReadRecord<record::v1::AccessTokenRecord>(reader, record::AccessTokenKey(HashOfToken(token))));
  if (!found || found->expires_ms() <= now_ms) return NoToken();
  ASSIGN_OR_RETURN(auto identity, FindIdentity(reader, CatalogId{found->catalog_id()}, found->account()));
  if (!identity) return NoToken();
  return *std::move(identity);
}

}  // namespace lodestone::account
