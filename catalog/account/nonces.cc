#include "catalog/account/nonces.h"

#include <algorithm>
#include <utility>

#include "catalog/account/secret.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"

namespace lodestone::account {

namespace {

using base::StrCat;

constexpr int64_t kMinute = 60'000;

// Waits for its turn to write, for as long as the store lets it.
absl::Status Commit(store::Store& store, const std::string& put, int64_t forget_before_ms) {
  ASSIGN_OR_RETURN(const auto txn, store.Begin());
  if (forget_before_ms > 0) txn->DeleteRange(record::NoncesBefore(forget_before_ms));
  if (!put.empty()) txn->Put(put, "");
  return txn->Commit(store::Durability::kRelaxed).status();
}

}  // namespace

absl::Status Nonces::LoadOnce(const store::Store& store) {
  if (loaded_) return absl::OkStatus();
  const auto snapshot = store.Snapshot();
  const auto cursor = snapshot->NewCursor(record::Nonces(), {.long_scan = true, .fill_cache = false});
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    const auto nonce = record::ParseNonce(cursor->key());
    if (!nonce) return absl::DataLossError(StrCat(record::Describe(cursor->key()), ": expected a nonce"));
    Hash hash;
    std::copy(nonce->hash.begin(), nonce->hash.end(), hash.begin());
    Insert(hash, nonce->expires_ms);
  }
  RETURN_IF_ERROR(cursor->status());
  loaded_ = true;
  return absl::OkStatus();
}

int64_t Nonces::ForgetExpired(int64_t now_ms) {
  int64_t end_ms = 0;
  while (!by_minute_.empty()) {
    const auto first = by_minute_.begin();
    const int64_t end = (first->first + 1) * kMinute;
    if (end > now_ms) break;
    for (const Hash& hash : first->second) used_.erase(hash);
    by_minute_.erase(first);
    end_ms = end;
  }
  forgotten_before_ms_ = std::max(forgotten_before_ms_, end_ms);
  return end_ms;
}

void Nonces::Insert(const Hash& hash, int64_t expires_ms) {
  if (used_.insert(hash).second) by_minute_[expires_ms / kMinute].push_back(hash);
}

void Nonces::Remove(const Hash& hash, int64_t expires_ms) {
  used_.erase(hash);
  const auto bucket = by_minute_.find(expires_ms / kMinute);
  if (bucket != by_minute_.end()) std::erase(bucket->second, hash);
}

absl::Status Nonces::Use(store::Store& store, std::string_view nonce, int64_t expires_ms, int64_t now_ms) {
  const auto bad_end = [&] {
    return absl::InvalidArgumentError(
        StrCat("end of a nonce: expected up to ", limits_.max_ahead_ms, " ms ahead, found ", expires_ms - now_ms));
  };
  if (expires_ms <= now_ms || expires_ms - now_ms > limits_.max_ahead_ms) return bad_end();
  const std::string digest = Sha256(nonce);
  Hash hash;
  std::copy_n(digest.begin(), hash.size(), hash.begin());
  int64_t forget_before_ms = 0;
  {
    const absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(LoadOnce(store));
    forget_before_ms = ForgetExpired(now_ms);
    if (expires_ms < forgotten_before_ms_) return bad_end();
    if (used_.contains(hash)) {
      return MakeError(ErrorKind::kAlreadyExists, ObjectKind::kAccessKey, "", "the nonce was used before");
    }
    if (used_.size() >= limits_.max_nonces) {
      return absl::ResourceExhaustedError(
          StrCat(used_.size(), " nonces are remembered, as many as can be: try again when the oldest are over"));
    }
    Insert(hash, expires_ms);
  }
  const absl::Status done =
      Commit(store, record::NonceKey(expires_ms, std::string_view(hash.data(), hash.size())), forget_before_ms);
  if (done.ok()) return done;
  // The request was not let in, so its nonce is not used.
  const absl::MutexLock lock(&mutex_);
  Remove(hash, expires_ms);
  return done;
}

absl::Status Nonces::Expire(store::Store& store, int64_t now_ms) {
  {
    const absl::MutexLock lock(&mutex_);
    if (loaded_) ForgetExpired(now_ms);
  }
  // What an earlier process left, or a failed commit, is in the store alone.
  const int64_t end_ms = now_ms / kMinute * kMinute;
  const auto snapshot = store.Snapshot();
  const auto cursor = snapshot->NewCursor(record::NoncesBefore(std::max<int64_t>(end_ms, 0)));
  cursor->SeekToFirst();
  RETURN_IF_ERROR(cursor->status());
  return cursor->Valid() ? Commit(store, "", end_ms) : absl::OkStatus();
}

}  // namespace lodestone::account
