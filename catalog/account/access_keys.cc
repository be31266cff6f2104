// Access keys: an id that everybody may see, and a secret that is encrypted at rest.
#include <utility>

#include "catalog/account/accounts.h"
#include "catalog/account/records.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/record/keys.h"

namespace lodestone::account {

namespace {

using base::StrCat;
using record::v1::AccessKeyRecord;

constexpr std::string_view kIdCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr std::size_t kIdLength = 20;
constexpr std::string_view kSecretCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::size_t kSecretLength = 40;

// The id is authenticated along: a secret moved to another key's record is noticed.
absl::Status SealInto(const SecretBytes& key, std::string_view secret, StoredAccessKey* access_key) {
  ASSIGN_OR_RETURN(std::string nonce, RandomBytes(kSealNonceBytes));
  ASSIGN_OR_RETURN(std::string sealed, Seal(key, nonce, secret, access_key->id));
  access_key->record.set_nonce(std::move(nonce));
  access_key->record.set_sealed_secret(std::move(sealed));
  return absl::OkStatus();
}

}  // namespace

AccessKey StoredAccessKey::ToAccessKey() const {
  return AccessKey{
      .id = id, .account = record.account(), .active = !record.inactive(), .create_time_ms = record.create_time_ms()};
}

absl::StatusOr<NewAccessKey> CreateAccessKey(store::Transaction& txn, KeyRing& ring, StoredAccount account,
                                             int64_t now_ms) {
  if (account.record.access_key_ids_size() >= kMaxAccessKeys) {
    return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kAccount, account.name,
                     StrCat("account ", account.name, " has ", account.record.access_key_ids_size(),
                            " access keys, as many as are allowed: drop one first"));
  }
  ASSIGN_OR_RETURN(std::string id, RandomText(kIdCharacters, kIdLength));
  ASSIGN_OR_RETURN(const auto there, txn.Get(record::AccessKeyKey(id)));
  if (there) return absl::AbortedError("an access key got an id that another one has: try again");
  ASSIGN_OR_RETURN(std::string text, RandomText(kSecretCharacters, kSecretLength));
  const SecretBytes secret(std::move(text));
  ASSIGN_OR_RETURN(const KeyPtr key, ring.KeyForWriting(txn));
  StoredAccessKey made{.id = id, .record = {}};
  RETURN_IF_ERROR(SealInto(*key, secret.view(), &made));
  made.record.set_catalog_id(account.catalog.value);
  made.record.set_account(account.name);
  made.record.set_create_time_ms(now_ms);
  PutAccessKey(txn, made);
  account.record.add_access_key_ids(id);
  PutAccount(txn, account);
  return NewAccessKey{.id = std::move(id), .secret = std::string(secret.view())};
}

absl::StatusOr<std::optional<StoredAccessKey>> FindAccessKey(const store::Reader& reader, std::string_view id) {
  std::optional<StoredAccessKey> found;
  const std::string key = record::AccessKeyKey(id);
  if (!record::IsWellFormed(key)) return found;
  ASSIGN_OR_RETURN(auto record, ReadRecord<AccessKeyRecord>(reader, key));
  if (record) found = StoredAccessKey{.id = std::string(id), .record = *std::move(record)};
  return found;
}

absl::StatusOr<std::vector<StoredAccessKey>> ListAccessKeys(const store::Reader& reader, const StoredAccount& account) {
  std::vector<StoredAccessKey> keys;
  for (const std::string& id : account.record.access_key_ids()) {
    ASSIGN_OR_RETURN(auto key, FindAccessKey(reader, id));
    if (!key) return absl::DataLossError(StrCat("access key ", id, " of account ", account.name, " is not there"));
    keys.push_back(*std::move(key));
  }
  return keys;
}

void PutAccessKey(store::Transaction& txn, const StoredAccessKey& key) {
  PutRecord(txn, record::AccessKeyKey(key.id), key.record);
}

absl::Status DropAccessKey(store::Transaction& txn, const StoredAccessKey& key) {
  ASSIGN_OR_RETURN(auto account, FindAccount(txn, record::CatalogId{key.record.catalog_id()}, key.record.account()));
  if (account) {
    auto& ids = *account->record.mutable_access_key_ids();
    for (int i = ids.size() - 1; i >= 0; --i) {
      if (ids[i] == key.id) ids.DeleteSubrange(i, 1);
    }
    PutAccount(txn, *account);
  }
  txn.Delete(record::AccessKeyKey(key.id));
  return absl::OkStatus();
}

absl::StatusOr<SecretBytes> SecretOf(const SecretBytes& key, const StoredAccessKey& access_key) {
  return Unseal(key, access_key.record.nonce(), access_key.record.sealed_secret(), access_key.id);
}

absl::Status SealAnew(store::Transaction& txn, const SecretBytes& from, const SecretBytes& to) {
  std::vector<StoredAccessKey> keys;
  const auto cursor = txn.NewCursor(record::AccessKeys());
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    StoredAccessKey key{.id = std::string(record::IdInAccessKeyKey(cursor->key())), .record = {}};
    RETURN_IF_ERROR(record::DecodeRecord(cursor->value(), record::Describe(cursor->key()), &key.record));
    ASSIGN_OR_RETURN(const SecretBytes secret, SecretOf(from, key));
    RETURN_IF_ERROR(SealInto(to, secret.view(), &key));
    keys.push_back(std::move(key));
  }
  RETURN_IF_ERROR(cursor->status());
  for (const StoredAccessKey& key : keys) PutAccessKey(txn, key);
  return absl::OkStatus();
}

}  // namespace lodestone::account
