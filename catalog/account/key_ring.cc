#include "catalog/account/key_ring.h"

#include <utility>

#include "catalog/account/accounts.h"
#include "catalog/account/key_file.h"
#include "catalog/account/records.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/record/keys.h"
#include "lodestone/record/v1/principal.pb.h"
#include "lodestone/record/v1/record.pb.h"

namespace lodestone::account {

namespace {

using base::StrCat;
using record::v1::KeyFileCheck;

constexpr std::string_view kLabel = "lodestone key file";

absl::Status Wrong(std::string_view path, std::string_view what) {
  return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kStore, path,
                   StrCat("the key file ", path.empty() ? "(in memory)" : path, " ", what));
}

absl::StatusOr<KeyPtr> LoadFile(const std::string& path, bool make) {
  absl::StatusOr<SecretBytes> key = ReadKeyFile(path);
  if (make && absl::IsNotFound(key.status())) key = MakeKeyFile(path);
  if (absl::IsNotFound(key.status())) {
    return Wrong(path, "is not there, and the store's secrets are encrypted under its key");
  }
  RETURN_IF_ERROR(key.status());
  return std::make_shared<const SecretBytes>(*std::move(key));
}

}  // namespace

absl::StatusOr<std::string> CheckValue(const store::Reader& reader, const SecretBytes& key) {
  ASSIGN_OR_RETURN(const auto header, ReadRecord<record::v1::StoreHeader>(reader, record::HeaderKey()));
  if (!header) return absl::DataLossError(StrCat(record::Describe(record::HeaderKey()), " is not in the store"));
  return HmacSha256(key.view(), StrCat(kLabel, header->store_id()));
}

absl::Status PutCheck(store::Transaction& txn, const SecretBytes& key) {
  KeyFileCheck check;
  ASSIGN_OR_RETURN(*check.mutable_check(), CheckValue(txn, key));
  PutRecord(txn, record::KeyFileCheckKey(), check);
  return absl::OkStatus();
}

absl::StatusOr<KeyPtr> KeyRing::Load(bool make) {
  if (!path_.empty()) return LoadFile(path_, make);
  if (key_ != nullptr) return key_;
  ASSIGN_OR_RETURN(std::string bytes, RandomBytes(kKeyBytes));
  return std::make_shared<const SecretBytes>(std::move(bytes));
}

absl::StatusOr<KeyPtr> KeyRing::Key(const store::Reader& reader) {
  ASSIGN_OR_RETURN(const auto check, ReadRecord<KeyFileCheck>(reader, record::KeyFileCheckKey()));
  if (!check) return absl::DataLossError(StrCat(record::Describe(record::KeyFileCheckKey()), " is not in the store"));
  const absl::MutexLock lock(&mutex_);
  if (key_ != nullptr && check->check() == check_) return key_;
  // A key that does not fit may be one from before the secrets were encrypted anew: the file is looked at once more.
  for (const bool again : {false, true}) {
    if (key_ == nullptr || again) {
      ASSIGN_OR_RETURN(key_, Load(false));
    }
    ASSIGN_OR_RETURN(const std::string expected, CheckValue(reader, *key_));
    if (!EqualInConstantTime(expected, check->check())) continue;
    check_ = expected;
    return key_;
  }
  key_ = nullptr;
  return Wrong(path_, "holds another key than the one that the store's secrets are encrypted under");
}

absl::StatusOr<KeyPtr> KeyRing::KeyForWriting(store::Transaction& txn) {
  ASSIGN_OR_RETURN(const auto check, ReadRecord<KeyFileCheck>(txn, record::KeyFileCheckKey()));
  if (check) return Key(txn);
  const absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(key_, Load(true));
  RETURN_IF_ERROR(PutCheck(txn, *key_));
  return key_;
}

absl::StatusOr<KeyPtr> KeyRing::Reencrypt(store::Transaction& txn, const std::string& new_path) {
  {
    const absl::MutexLock lock(&mutex_);
    if (path_.empty()) return Wrong(path_, "can't be changed: it goes with the store");
  }
  ASSIGN_OR_RETURN(const auto check, ReadRecord<KeyFileCheck>(txn, record::KeyFileCheckKey()));
  KeyPtr old;
  if (check) {
    ASSIGN_OR_RETURN(old, Key(txn));
  }
  ASSIGN_OR_RETURN(KeyPtr key, LoadFile(new_path, true));
  if (old != nullptr) RETURN_IF_ERROR(SealAnew(txn, *old, *key));
  RETURN_IF_ERROR(PutCheck(txn, *key));
  return key;
}

void KeyRing::Switch(std::string path, KeyPtr key) {
  const absl::MutexLock lock(&mutex_);
  path_ = std::move(path);
  key_ = std::move(key);
  check_.clear();
}

}  // namespace lodestone::account
