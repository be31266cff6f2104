// Tokens: whoever has one is the account, until its time is over. The store has their hashes alone.
#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/escaping.h"
#include "catalog/account/accounts.h"
#include "catalog/account/records.h"
#include "catalog/account/token_text.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/record/keys.h"

namespace lodestone::account {

namespace {

using base::StrCat;
using record::v1::AccessTokenRecord;

std::string Hex(std::string_view bytes) { return absl::BytesToHexString(base::ToAbsl(bytes)); }

absl::StatusOr<std::optional<StoredToken>> ReadToken(const store::Reader& reader, std::string_view hash) {
  ASSIGN_OR_RETURN(auto record, ReadRecord<AccessTokenRecord>(reader, record::AccessTokenKey(hash)));
  std::optional<StoredToken> found;
  if (record) found = StoredToken{.hash = std::string(hash), .record = *std::move(record)};
  return found;
}

// Takes the tokens that `gone` says away, from the store and from the account.
absl::Status RemoveTokens(store::Transaction& txn, StoredAccount* account,
                          const std::function<bool(const StoredToken&)>& gone) {
  auto& hashes = *account->record.mutable_token_hashes();
  for (int i = hashes.size() - 1; i >= 0; --i) {
    ASSIGN_OR_RETURN(const auto token, ReadToken(txn, hashes[i]));
    if (token && !gone(*token)) continue;
    txn.Delete(record::AccessTokenKey(hashes[i]));
    hashes.DeleteSubrange(i, 1);
  }
  return absl::OkStatus();
}

// A new token whose id no other has: ids are what people drop tokens by.
absl::StatusOr<std::string> NewTokenText(const store::Reader& reader) {
  constexpr int kAttempts = 8;
  for (int i = 0; i < kAttempts; ++i) {
    ASSIGN_OR_RETURN(std::string bytes, RandomBytes(kTokenBytes));
    std::string text = Hex(bytes);
    Cleanse(&bytes);
    ASSIGN_OR_RETURN(const auto other, FindToken(reader, TokenIdOf(HashOfToken(text))));
    if (!other) return text;
    Cleanse(&text);
  }
  return absl::AbortedError("every new token got an id that another one has: try again");
}

}  // namespace

Token StoredToken::ToToken() const {
  return Token{.id = TokenIdOf(hash),
               .account = record.account(),
               .create_time_ms = record.create_time_ms(),
               .expires_ms = record.expires_ms()};
}

absl::StatusOr<NewToken> CreateToken(store::Transaction& txn, StoredAccount account, int64_t lifetime_ms,
                                     int64_t now_ms) {
  if (lifetime_ms <= 0 || lifetime_ms > kMaxTokenLifetime) {
    return MakeError(
        ErrorKind::kInvalidObject, ObjectKind::kAccessToken, account.name,
        StrCat("lifetime of a token: expected 1 to ", kMaxTokenLifetime, " ms (366 days), found ", lifetime_ms));
  }
  RETURN_IF_ERROR(
      RemoveTokens(txn, &account, [&](const StoredToken& token) { return token.record.expires_ms() <= now_ms; }));
  if (account.record.token_hashes_size() >= kMaxTokens) {
    return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kAccount, account.name,
                     StrCat("account ", account.name, " has ", account.record.token_hashes_size(),
                            " tokens, as many as are allowed: drop one first"));
  }
  ASSIGN_OR_RETURN(std::string text, NewTokenText(txn));
  AccessTokenRecord record;
  record.set_catalog_id(account.catalog.value);
  record.set_account(account.name);
  record.set_create_time_ms(now_ms);
  record.set_expires_ms(now_ms + lifetime_ms);
  const std::string hash = HashOfToken(text);
  PutRecord(txn, record::AccessTokenKey(hash), record);
  account.record.add_token_hashes(hash);
  PutAccount(txn, account);
  return NewToken{.token = std::move(text), .expires_ms = now_ms + lifetime_ms};
}

absl::StatusOr<std::vector<StoredToken>> ListTokens(const store::Reader& reader, const StoredAccount& account) {
  std::vector<StoredToken> tokens;
  for (const std::string& hash : account.record.token_hashes()) {
    ASSIGN_OR_RETURN(auto token, ReadToken(reader, hash));
    if (!token) {
      return absl::DataLossError(StrCat("token ", TokenIdOf(hash), " of account ", account.name, " is not there"));
    }
    tokens.push_back(*std::move(token));
  }
  return tokens;
}

absl::StatusOr<std::optional<StoredToken>> FindToken(const store::Reader& reader, std::string_view id) {
  std::optional<StoredToken> found;
  const auto prefix = HashPrefixOf(id);
  if (!prefix) return found;
  const auto cursor = reader.NewCursor(record::AccessTokens(*prefix));
  cursor->SeekToFirst();
  RETURN_IF_ERROR(cursor->status());
  if (!cursor->Valid()) return found;
  found.emplace().hash = record::HashInAccessTokenKey(cursor->key());
  RETURN_IF_ERROR(record::DecodeRecord(cursor->value(), record::Describe(cursor->key()), &found->record));
  return found;
}

absl::Status DropToken(store::Transaction& txn, const StoredToken& token) {
  ASSIGN_OR_RETURN(auto account,
                   FindAccount(txn, record::CatalogId{token.record.catalog_id()}, token.record.account()));
  if (account) {
    const auto gone = [&](const StoredToken& other) { return other.hash == token.hash; };
    RETURN_IF_ERROR(RemoveTokens(txn, &*account, gone));
    PutAccount(txn, *account);
  }
  txn.Delete(record::AccessTokenKey(token.hash));
  return absl::OkStatus();
}

absl::StatusOr<int> DropExpiredTokens(store::Transaction& txn, int64_t now_ms, int limit) {
  std::vector<StoredToken> expired;
  const auto cursor = txn.NewCursor(record::AccessTokens());
  for (cursor->SeekToFirst(); cursor->Valid() && static_cast<int>(expired.size()) < limit; cursor->Next()) {
    StoredToken token{.hash = std::string(record::HashInAccessTokenKey(cursor->key())), .record = {}};
    RETURN_IF_ERROR(record::DecodeRecord(cursor->value(), record::Describe(cursor->key()), &token.record));
    if (token.record.expires_ms() <= now_ms) expired.push_back(std::move(token));
  }
  RETURN_IF_ERROR(cursor->status());
  for (const StoredToken& token : expired) RETURN_IF_ERROR(DropToken(txn, token));
  return static_cast<int>(expired.size());
}

}  // namespace lodestone::account
