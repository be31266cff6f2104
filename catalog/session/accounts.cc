// Accounts, access keys and tokens: administrators of a catalog look after its own, those of the store after all.
//
// Whoever is no administrator of the catalog is refused before anything is looked up. Accounts of the store exist for
// administrators of the store alone: to others they are not there.
#include "catalog/account/accounts.h"

#include <string>
#include <utility>
#include <vector>

#include "catalog/account/token_text.h"
#include "catalog/audit.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/metastore.h"
#include "catalog/record/keys.h"
#include "catalog/session/call.h"
#include "catalog/session/context.h"
#include "catalog/session/place.h"

namespace lodestone {

using namespace session;  // NOLINT: the calls below are made of what the namespace offers

namespace {

using account::StoredAccessKey;
using account::StoredAccount;
using account::StoredToken;
using base::StrCat;
using record::CatalogId;
using store::Transaction;

// What a call about an account is allowed on, and how the audit calls it.
Target OfAccount(std::string_view name) { return Target(Securable::Catalog(), StrCat("account ", base::Quoted(name))); }
// Somebody may give a secret or a token where its id is expected: what is no id is not repeated.
std::string ShownKeyId(std::string_view id) {
  return std::string(record::IsWellFormed(record::AccessKeyKey(id)) ? id : "(the text is no id)");
}
std::string ShownTokenId(std::string_view id) {
  return std::string(account::HashPrefixOf(id) ? id : "(the text is no id)");
}
Target OfKey(std::string_view id) { return Target(Securable::Catalog(), StrCat("access key ", ShownKeyId(id))); }
Target OfToken(std::string_view id) { return Target(Securable::Catalog(), StrCat("token ", ShownTokenId(id))); }

// Whether the caller may see and change what is kept under `owner`: the session's catalog, or the store.
absl::StatusOr<bool> MayReach(const store::Reader& reader, Call& call, Operation operation, CatalogId owner) {
  ASSIGN_OR_RETURN(const CatalogId id, NeedCatalogId(reader, call.session().catalog));
  if (owner == id) return true;
  if (owner) return false;
  return call.May(reader, operation, Securable::Global());
}

absl::StatusOr<StoredAccount> FindOne(const store::Reader& reader, Call& call, Operation operation,
                                      std::string_view name) {
  ASSIGN_OR_RETURN(const CatalogId id, NeedCatalogId(reader, call.session().catalog));
  for (const CatalogId owner : {id, CatalogId{}}) {
    ASSIGN_OR_RETURN(const bool may, MayReach(reader, call, operation, owner));
    if (!may) continue;
    ASSIGN_OR_RETURN(auto account, account::FindAccount(reader, owner, name));
    if (account) return *std::move(account);
  }
  return NoSuch(ObjectKind::kAccount, name);
}

absl::StatusOr<StoredAccessKey> FindOneKey(const store::Reader& reader, Call& call, Operation operation,
                                           std::string_view id) {
  ASSIGN_OR_RETURN(auto key, account::FindAccessKey(reader, id));
  if (!key) return NoSuch(ObjectKind::kAccessKey, ShownKeyId(id));
  ASSIGN_OR_RETURN(const bool may, MayReach(reader, call, operation, CatalogId{key->record.catalog_id()}));
  if (!may) return NoSuch(ObjectKind::kAccessKey, ShownKeyId(id));
  return *std::move(key);
}

absl::StatusOr<StoredToken> FindOneToken(const store::Reader& reader, Call& call, Operation operation,
                                         std::string_view id) {
  ASSIGN_OR_RETURN(auto token, account::FindToken(reader, id));
  if (!token) return NoSuch(ObjectKind::kAccessToken, ShownTokenId(id));
  ASSIGN_OR_RETURN(const bool may, MayReach(reader, call, operation, CatalogId{token->record.catalog_id()}));
  if (!may) return NoSuch(ObjectKind::kAccessToken, ShownTokenId(id));
  return *std::move(token);
}

}  // namespace

// --- Accounts ---

absl::Status Session::CreateAccount(std::string_view name, AccountScope scope) {
  const bool of_store = scope == AccountScope::kStore;
  const auto where = [&] {
    return Target(of_store ? Securable::Global() : Securable::Catalog(), StrCat("account ", base::Quoted(name)));
  };
  const auto body = [&](Transaction& txn, Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const CatalogId here, NeedCatalogId(txn, impl_->catalog));
    return account::CreateAccount(txn, of_store ? CatalogId{} : here,
                                  of_store ? std::string_view() : std::string_view(impl_->catalog), name,
                                  impl_->metastore->NowMillis());
  };
  return Write(
      *impl_, Operation::kCreateAccount, where, [&] { return account::CheckAccountName(name); }, body);
}

absl::StatusOr<Account> Session::GetAccount(std::string_view name) const {
  return Read(
      *impl_, Operation::kListAccounts, [&] { return OfAccount(name); },
      [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<Account> {
        ASSIGN_OR_RETURN(const auto account, FindOne(*reader, call, Operation::kListAccounts, name));
        return account.ToAccount();
      });
}

absl::StatusOr<std::vector<Account>> Session::ListAccounts() const {
  return Read(
      *impl_, Operation::kListAccounts, [] { return Target(Securable::Catalog()); },
      [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<std::vector<Account>> {
        ASSIGN_OR_RETURN(const CatalogId here, NeedCatalogId(*reader, impl_->catalog));
        std::vector<Account> accounts;
        for (const CatalogId owner : {CatalogId{}, here}) {
          ASSIGN_OR_RETURN(const bool may, MayReach(*reader, call, Operation::kListAccounts, owner));
          if (!may) continue;
          ASSIGN_OR_RETURN(const auto stored, account::ListAccounts(*reader, owner));
          for (const StoredAccount& account : stored) accounts.push_back(account.ToAccount());
        }
        return accounts;
      });
}

absl::Status Session::EnableAccount(std::string_view name, bool enabled) {
  return Write(
      *impl_, Operation::kEnableAccount, [&] { return OfAccount(name); },
      [&](Transaction& txn, Call& call) -> absl::Status {
        ASSIGN_OR_RETURN(auto account, FindOne(txn, call, Operation::kEnableAccount, name));
        account.record.set_disabled(!enabled);
        account::PutAccount(txn, account);
        return absl::OkStatus();
      });
}

absl::Status Session::DropAccount(std::string_view name) {
  return Write(
      *impl_, Operation::kDropAccount, [&] { return OfAccount(name); },
      [&](Transaction& txn, Call& call) -> absl::Status {
        ASSIGN_OR_RETURN(const auto account, FindOne(txn, call, Operation::kDropAccount, name));
        account::DropAccount(txn, account);
        return absl::OkStatus();
      });
}

// --- Access keys ---

absl::StatusOr<NewAccessKey> Session::CreateAccessKey(std::string_view account) {
  NewAccessKey made;
  RETURN_IF_ERROR(Write(
      *impl_, Operation::kCreateAccessKey, [&] { return OfAccount(account); },
      [&](Transaction& txn, Call& call) -> absl::Status {
        ASSIGN_OR_RETURN(auto of, FindOne(txn, call, Operation::kCreateAccessKey, account));
        Metastore::Impl& metastore = *impl_->metastore;
        ASSIGN_OR_RETURN(made,
                         account::CreateAccessKey(txn, metastore.key_ring(), std::move(of), metastore.NowMillis()));
        return absl::OkStatus();
      }));
  return made;
}

absl::StatusOr<std::vector<AccessKey>> Session::ListAccessKeys(std::string_view account) const {
  return Read(
      *impl_, Operation::kListAccessKeys, [&] { return OfAccount(account); },
      [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<std::vector<AccessKey>> {
        ASSIGN_OR_RETURN(const auto of, FindOne(*reader, call, Operation::kListAccessKeys, account));
        ASSIGN_OR_RETURN(const auto stored, account::ListAccessKeys(*reader, of));
        std::vector<AccessKey> keys;
        for (const StoredAccessKey& key : stored) keys.push_back(key.ToAccessKey());
        return keys;
      });
}

absl::Status Session::ActivateAccessKey(std::string_view id, bool active) {
  return Write(
      *impl_, Operation::kActivateAccessKey, [&] { return OfKey(id); },
      [&](Transaction& txn, Call& call) -> absl::Status {
        ASSIGN_OR_RETURN(auto key, FindOneKey(txn, call, Operation::kActivateAccessKey, id));
        key.record.set_inactive(!active);
        account::PutAccessKey(txn, key);
        return absl::OkStatus();
      });
}

absl::Status Session::DropAccessKey(std::string_view id) {
  return Write(
      *impl_, Operation::kDropAccessKey, [&] { return OfKey(id); },
      [&](Transaction& txn, Call& call) -> absl::Status {
        ASSIGN_OR_RETURN(const auto key, FindOneKey(txn, call, Operation::kDropAccessKey, id));
        return account::DropAccessKey(txn, key);
      });
}

// --- Tokens ---

absl::StatusOr<NewToken> Session::CreateToken(std::string_view account, int64_t lifetime_ms) {
  NewToken made;
  RETURN_IF_ERROR(Write(
      *impl_, Operation::kCreateToken, [&] { return OfAccount(account); },
      [&](Transaction& txn, Call& call) -> absl::Status {
        ASSIGN_OR_RETURN(auto of, FindOne(txn, call, Operation::kCreateToken, account));
        ASSIGN_OR_RETURN(made, account::CreateToken(txn, std::move(of), lifetime_ms, impl_->metastore->NowMillis()));
        return absl::OkStatus();
      }));
  return made;
}

absl::StatusOr<std::vector<Token>> Session::ListTokens(std::string_view account) const {
  return Read(
      *impl_, Operation::kListTokens, [&] { return OfAccount(account); },
      [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<std::vector<Token>> {
        ASSIGN_OR_RETURN(const auto of, FindOne(*reader, call, Operation::kListTokens, account));
        ASSIGN_OR_RETURN(const auto stored, account::ListTokens(*reader, of));
        std::vector<Token> tokens;
        for (const StoredToken& token : stored) tokens.push_back(token.ToToken());
        return tokens;
      });
}

absl::Status Session::DropToken(std::string_view id) {
  return Write(
      *impl_, Operation::kDropToken, [&] { return OfToken(id); },
      [&](Transaction& txn, Call& call) -> absl::Status {
        ASSIGN_OR_RETURN(const auto token, FindOneToken(txn, call, Operation::kDropToken, id));
        return account::DropToken(txn, token);
      });
}

// --- Coming in ---

absl::StatusOr<SigningKey> Metastore::FindSigningKey(std::string_view access_key_id) const {
  return account::FindSigningKey(*impl_->store().Snapshot(), impl_->key_ring(), access_key_id);
}

absl::StatusOr<Identity> Metastore::VerifyToken(std::string_view token) const {
  return account::VerifyToken(*impl_->store().Snapshot(), token, impl_->NowMillis());
}

absl::Status Metastore::UseNonce(std::string_view nonce, int64_t expires_ms) {
  return impl_->nonces().Use(impl_->store(), nonce, expires_ms, impl_->NowMillis());
}

absl::StatusOr<bool> Metastore::HasAccounts() const { return account::HasAccounts(*impl_->store().Snapshot()); }

absl::Status Metastore::RotateKeyFile(std::string_view new_key_file) {
  const auto rotate = [&]() -> absl::StatusOr<store::Version> {
    ASSIGN_OR_RETURN(const auto txn, impl_->store().Begin());
    ASSIGN_OR_RETURN(account::KeyPtr key, impl_->key_ring().Reencrypt(*txn, std::string(new_key_file)));
    ASSIGN_OR_RETURN(const store::Version version, txn->Commit(store::Durability::kSync));
    impl_->key_ring().Switch(std::string(new_key_file), std::move(key));
    return version;
  };
  const absl::StatusOr<store::Version> done = rotate();
  if (AuditSink* const sink = impl_->options().audit) {
    AuditRecord record;
    record.time_ms = impl_->NowMillis();
    record.action = "RotateKeyFile";
    record.object = StrCat("key file ", new_key_file);
    record.outcome = done.ok() ? AuditRecord::Outcome::kDone : AuditRecord::Outcome::kRefused;
    record.why = std::string(done.status().message());
    record.version = done.ok() ? *done : 0;
    sink->Write(record);
  }
  return done.status();
}

}  // namespace lodestone
