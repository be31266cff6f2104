#include "catalog/account/accounts.h"

#include <utility>

#include "catalog/account/records.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/record/keys.h"

namespace lodestone::account {

namespace {

using base::StrCat;
using record::CatalogId;
using record::v1::AccountRecord;

constexpr std::size_t kMaxNameCharacters = 128;

bool IsNameCharacter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-' || c == '@' || c == '+';
}

absl::StatusOr<StoredAccount> Decode(std::string_view key, std::string_view value) {
  StoredAccount account;
  const auto head = record::ParseHead(key);
  if (!head) return absl::DataLossError(StrCat(record::Describe(key), ": expected an account"));
  account.catalog = CatalogId{head->id};
  account.name = head->rest;
  RETURN_IF_ERROR(record::DecodeRecord(value, record::Describe(key), &account.record));
  return account;
}

absl::StatusOr<std::vector<StoredAccount>> ListRange(const store::Reader& reader, const store::KeyRange& range) {
  std::vector<StoredAccount> accounts;
  const auto cursor = reader.NewCursor(range);
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    ASSIGN_OR_RETURN(StoredAccount account, Decode(cursor->key(), cursor->value()));
    accounts.push_back(std::move(account));
  }
  RETURN_IF_ERROR(cursor->status());
  return accounts;
}

// Whether the name is taken for a new account of the catalog.
absl::StatusOr<bool> IsTaken(const store::Reader& reader, CatalogId catalog, std::string_view name) {
  if (catalog) {
    for (const CatalogId id : {catalog, CatalogId{}}) {
      ASSIGN_OR_RETURN(const auto there, reader.Get(record::AccountKey(id, name)));
      if (there) return true;
    }
    return false;
  }
  // In any catalog, also one that was dropped and may be brought back. Accounts are few, and those of the store rare.
  const auto cursor = reader.NewCursor(record::Accounts());
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    if (record::NameUnderParent(cursor->key()) == name) return true;
  }
  RETURN_IF_ERROR(cursor->status());
  return false;
}

}  // namespace

Account StoredAccount::ToAccount() const {
  return Account{.name = name,
                 .catalog = record.catalog(),
                 .enabled = !record.disabled(),
                 .create_time_ms = record.create_time_ms()};
}

absl::Status CheckAccountName(std::string_view name) {
  bool good = !name.empty() && name.size() <= kMaxNameCharacters;
  for (const char c : name) good = good && IsNameCharacter(c);
  if (good) return absl::OkStatus();
  return MakeError(
      ErrorKind::kInvalidObject, ObjectKind::kAccount, name,
      StrCat("account ", base::Quoted(name), ": expected 1 to ", kMaxNameCharacters, " of A-Z a-z 0-9 . _ - @ +"));
}

absl::Status CreateAccount(store::Transaction& txn, CatalogId catalog, std::string_view catalog_name,
                           std::string_view name, int64_t now_ms) {
  RETURN_IF_ERROR(CheckAccountName(name));
  ASSIGN_OR_RETURN(const bool taken, IsTaken(txn, catalog, name));
  if (taken) {
    return MakeError(ErrorKind::kAlreadyExists, ObjectKind::kAccount, name,
                     StrCat("account ", name, " exists already"));
  }
  StoredAccount account{.catalog = catalog, .name = std::string(name), .record = {}};
  account.record.set_catalog(std::string(catalog_name));
  account.record.set_create_time_ms(now_ms);
  PutAccount(txn, account);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<StoredAccount>> FindAccount(const store::Reader& reader, CatalogId catalog,
                                                         std::string_view name) {
  ASSIGN_OR_RETURN(auto record, ReadRecord<AccountRecord>(reader, record::AccountKey(catalog, name)));
  if (!record) return std::optional<StoredAccount>();
  return std::optional<StoredAccount>(
      StoredAccount{.catalog = catalog, .name = std::string(name), .record = *std::move(record)});
}

absl::StatusOr<std::vector<StoredAccount>> ListAccounts(const store::Reader& reader, CatalogId catalog) {
  return ListRange(reader, record::Accounts(catalog));
}

absl::StatusOr<bool> HasAccounts(const store::Reader& reader) {
  const auto cursor = reader.NewCursor(record::Accounts());
  cursor->SeekToFirst();
  RETURN_IF_ERROR(cursor->status());
  return cursor->Valid();
}

void PutAccount(store::Transaction& txn, const StoredAccount& account) {
  PutRecord(txn, record::AccountKey(account.catalog, account.name), account.record);
}

void DropAccount(store::Transaction& txn, const StoredAccount& account) {
  for (const std::string& id : account.record.access_key_ids()) txn.Delete(record::AccessKeyKey(id));
  for (const std::string& hash : account.record.token_hashes()) txn.Delete(record::AccessTokenKey(hash));
  txn.Delete(record::AccountKey(account.catalog, account.name));
}

absl::Status DropAccountsOf(store::Transaction& txn, CatalogId catalog) {
  ASSIGN_OR_RETURN(const auto accounts, ListAccounts(txn, catalog));
  for (const StoredAccount& account : accounts) DropAccount(txn, account);
  return absl::OkStatus();
}

absl::Status RenameCatalogOf(store::Transaction& txn, CatalogId catalog, std::string_view new_name) {
  ASSIGN_OR_RETURN(auto accounts, ListAccounts(txn, catalog));
  for (StoredAccount& account : accounts) {
    account.record.set_catalog(std::string(new_name));
    PutAccount(txn, account);
  }
  return absl::OkStatus();
}

}  // namespace lodestone::account
