// Accounts with their access keys and tokens, as records. Who may change them is decided above; what is called here
// was checked. Every function on a transaction leaves it unchanged when it fails.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/account/key_ring.h"
#include "catalog/accounts.h"
#include "catalog/record/ids.h"
#include "catalog/store/store.h"
#include "lodestone/record/v1/principal.pb.h"

namespace lodestone::account {

// Per account. Tokens whose time is over don't count.
inline constexpr int kMaxAccessKeys = 10;
inline constexpr int kMaxTokens = 100;
// A year and a day, in milliseconds.
inline constexpr int64_t kMaxTokenLifetime = int64_t{366} * 24 * 3600 * 1000;

// An account as it is stored. Without id of a catalog: of the store.
struct StoredAccount {
  record::CatalogId catalog;
  std::string name;
  record::v1::AccountRecord record;

  Account ToAccount() const;
};

// InvalidArgument (kInvalidObject): 1 to 128 of A-Z a-z 0-9 . _ - @ +.
absl::Status CheckAccountName(std::string_view name);

// ---- Accounts ----
// `catalog_name`: of `catalog`; empty for the store. AlreadyExists: the catalog has one of that name, or the store has;
// for one of the store: any catalog has.
absl::Status CreateAccount(store::Transaction& txn, record::CatalogId catalog, std::string_view catalog_name,
                           std::string_view name, int64_t now_ms);
absl::StatusOr<std::optional<StoredAccount>> FindAccount(const store::Reader& reader, record::CatalogId catalog,
                                                         std::string_view name);
// Of one catalog, or of the store; by name.
absl::StatusOr<std::vector<StoredAccount>> ListAccounts(const store::Reader& reader, record::CatalogId catalog);
absl::StatusOr<bool> HasAccounts(const store::Reader& reader);
void PutAccount(store::Transaction& txn, const StoredAccount& account);
// With its keys and tokens.
void DropAccount(store::Transaction& txn, const StoredAccount& account);
// All accounts of a catalog that is gone for good.
absl::Status DropAccountsOf(store::Transaction& txn, record::CatalogId catalog);
// The catalog has a new name.
absl::Status RenameCatalogOf(store::Transaction& txn, record::CatalogId catalog, std::string_view new_name);

// ---- Access keys ----
// FailedPrecondition (kInvalidOperation): the account has kMaxAccessKeys; or as KeyRing::KeyForWriting.
absl::StatusOr<NewAccessKey> CreateAccessKey(store::Transaction& txn, KeyRing& ring, StoredAccount account,
                                             int64_t now_ms);
struct StoredAccessKey {
  std::string id;
  record::v1::AccessKeyRecord record;

  AccessKey ToAccessKey() const;
};
// In the order in which they were made.
absl::StatusOr<std::vector<StoredAccessKey>> ListAccessKeys(const store::Reader& reader, const StoredAccount& account);
// nullopt: there is none, or the text is no id.
absl::StatusOr<std::optional<StoredAccessKey>> FindAccessKey(const store::Reader& reader, std::string_view id);
void PutAccessKey(store::Transaction& txn, const StoredAccessKey& key);
absl::Status DropAccessKey(store::Transaction& txn, const StoredAccessKey& key);
// DataLoss: the record was changed.
absl::StatusOr<SecretBytes> SecretOf(const SecretBytes& key, const StoredAccessKey& access_key);
// Encrypts every secret anew. Costs time proportional to the number of access keys.
absl::Status SealAnew(store::Transaction& txn, const SecretBytes& from, const SecretBytes& to);

// ---- Tokens ----
// InvalidArgument: a lifetime that is not positive, or above kMaxTokenLifetime. FailedPrecondition
// (kInvalidOperation): the account has kMaxTokens. Takes those away whose time is over.
absl::StatusOr<NewToken> CreateToken(store::Transaction& txn, StoredAccount account, int64_t lifetime_ms,
                                     int64_t now_ms);
struct StoredToken {
  std::string hash;
  record::v1::AccessTokenRecord record;

  Token ToToken() const;
};
absl::StatusOr<std::vector<StoredToken>> ListTokens(const store::Reader& reader, const StoredAccount& account);
// By Token::id. nullopt: there is none, or the text is no id.
absl::StatusOr<std::optional<StoredToken>> FindToken(const store::Reader& reader, std::string_view id);
absl::Status DropToken(store::Transaction& txn, const StoredToken& token);
// Takes away up to `limit` tokens whose time is over; returns how many.
absl::StatusOr<int> DropExpiredTokens(store::Transaction& txn, int64_t now_ms, int limit);

// ---- Coming in: as of `reader`. Each costs a few reads by key ----
// Unauthenticated, always in the same words: no such key, not active, account disabled, catalog gone. Others as
// KeyRing::Key.
absl::StatusOr<SigningKey> FindSigningKey(const store::Reader& reader, KeyRing& ring, std::string_view access_key_id);
// Unauthenticated, always in the same words: no such token, expired, account disabled, catalog gone.
absl::StatusOr<Identity> VerifyToken(const store::Reader& reader, std::string_view token, int64_t now_ms);

}  // namespace lodestone::account
