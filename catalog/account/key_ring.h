// The key that a store's secrets are encrypted under: found in its file, checked against what the store says of it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "catalog/account/secret.h"
#include "catalog/store/store.h"

namespace lodestone::account {

using KeyPtr = std::shared_ptr<const SecretBytes>;

// Thread-safe. Keeps the key in memory once it was read.
class KeyRing {
 public:
  // An empty path: a key of its own, in memory, for stores that are there as well.
  explicit KeyRing(std::string path) : path_(std::move(path)) {}

  // The key that the secrets in `reader` are encrypted under.
  //   FailedPrecondition  the file is not there, may be read by others, or holds another key
  absl::StatusOr<KeyPtr> Key(const store::Reader& reader);
  // The same for a first secret: makes the file where there is none, and notes in the store which key it is. A file
  // that is there already is taken as it is.
  absl::StatusOr<KeyPtr> KeyForWriting(store::Transaction& txn);

  // Encrypts every secret anew under the key in the file at `new_path`, which is made where there is none. Returns that
  // key; to be followed by Switch() once the transaction is committed. Costs time proportional to the number of access
  // keys.
  //   FailedPrecondition  one of the two keys can't be had; or this one is in memory
  absl::StatusOr<KeyPtr> Reencrypt(store::Transaction& txn, const std::string& new_path);
  void Switch(std::string path, KeyPtr key);

 private:
  absl::StatusOr<KeyPtr> Load(bool make) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  std::string path_ ABSL_GUARDED_BY(mutex_);
  KeyPtr key_ ABSL_GUARDED_BY(mutex_);
  // What the store said of key_ when it was found to be the right one.
  std::string check_ ABSL_GUARDED_BY(mutex_);
};

// What KeyFileCheck holds for the key in this store.
absl::StatusOr<std::string> CheckValue(const store::Reader& reader, const SecretBytes& key);
// Notes that secrets are encrypted under the key from now on.
absl::Status PutCheck(store::Transaction& txn, const SecretBytes& key);

}  // namespace lodestone::account
