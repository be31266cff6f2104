// Opening, closing and looking after a store.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/accounts.h"
#include "catalog/names.h"
#include "catalog/options.h"
#include "catalog/session.h"
#include "catalog/transactions.h"

namespace lodestone {

struct VerifyFinding {
  std::string where;  // a file, or the key of a record in words
  std::string what;   // the rule that is broken, and what was found
};

struct MetastoreStats {
  int64_t catalogs = 0;
  int64_t databases = 0;
  int64_t tables = 0;
  int64_t partitions = 0;
  int64_t functions = 0;
  int64_t events = 0;
  int64_t dropped_objects = 0;  // that can still be brought back
  uint64_t version = 0;
  uint64_t live_bytes = 0;
  uint64_t memory_bytes = 0;
  bool read_only = false;
  std::string engine_detail;
};

// An opened store. Thread-safe. Outlives the sessions and cursors made from it. Destruction closes it.
class Metastore {
 public:
  class Impl;

  // Opens the store in folder `path`; an older format is upgraded in place.
  //   NotFound            no store there, and create_if_missing is false
  //   AlreadyExists       there is one, and error_if_exists is true
  //   FailedPrecondition  another process has it open for writing, or a newer version of the library wrote it
  //   DataLoss            damaged
  static absl::StatusOr<std::unique_ptr<Metastore>> Open(std::string_view path, const OpenOptions& options = {});
  // An empty store in memory, gone with the object. Checkpoint is FailedPrecondition.
  static absl::StatusOr<std::unique_ptr<Metastore>> OpenInMemory(const OpenOptions& options = {});
  // On an engine opened by the caller.
  static absl::StatusOr<std::unique_ptr<Metastore>> OpenOn(std::unique_ptr<store::Store> store,
                                                           const OpenOptions& options = {});
  // Deletes the store in `path`. FailedPrecondition when it is open. No error if there is none.
  static absl::Status Destroy(std::string_view path);

  explicit Metastore(std::shared_ptr<Impl> impl);
  ~Metastore();
  Metastore(const Metastore&) = delete;
  Metastore& operator=(const Metastore&) = delete;

  // Acts for `who` in the catalog `name`: every call checks privileges. Cheap; reads nothing: a catalog that is not
  // there shows at the first call.
  Session As(const Principal& who, std::string_view name = kDefaultCatalog);
  // The same without any check, for programs that check by themselves: `who` is the name in events, and the owner of
  // what is made.
  Session Trusted(const Principal& who, std::string_view name = kDefaultCatalog);
  // Acts for the embedding program.
  Session Local(std::string_view name = kDefaultCatalog) { return As(Principal{}, name); }

  // Locks, transactions and write ids of clients; `who` is the name in the audit. Reads nothing.
  Transactions TransactionsAs(const Principal& who = {});

  // ---- Who comes in: for servers. No privileges are involved; all of it reads the newest state ----
  // The secret of an access key. Unauthenticated, always in the same words: no such key, not active, account disabled.
  absl::StatusOr<SigningKey> FindSigningKey(std::string_view access_key_id) const;
  // Unauthenticated: unknown or expired token, account disabled.
  absl::StatusOr<Identity> VerifyToken(std::string_view token) const;
  // Remembers that `nonce` was used, until `expires_ms`; up to a day ahead. The end of the process does not make it
  // forgotten; a power cut may, within its last moments.
  //   AlreadyExists      it was used before (replay)
  //   InvalidArgument    `expires_ms` is not ahead, or too far
  //   ResourceExhausted  4,000,000 are remembered, which is all there is room for: refuse the request
  absl::Status UseNonce(std::string_view nonce, int64_t expires_ms);
  // Whether there is any account.
  absl::StatusOr<bool> HasAccounts() const;
  // Encrypts every secret anew, under the key in `new_key_file`, which is made when it is not there. From then on the
  // store needs that file: open it with OpenOptions::key_file, or put it where the old one lies. This object goes on
  // with it at once.
  //   FailedPrecondition  the present key file, or the new one, can't be read; the store is in memory
  absl::Status RotateKeyFile(std::string_view new_key_file);

  // ---- Looking after it ----
  // A consistent copy in `directory`, which must not exist; writers go on, in this process or, for a follower, in
  // another. Takes little time and space, as files are linked where the file system can; a follower copies every
  // record.
  absl::Status Checkpoint(std::string_view directory);
  // Followers: sees what the writer has made durable meanwhile.
  absl::Status CatchUp();
  // Makes everything acknowledged so far durable, also in relaxed mode.
  absl::Status Flush();
  // Checks every file and every rule of the layout (docs/format); an empty list means a sound store. Reads everything.
  absl::StatusOr<std::vector<VerifyFinding>> Verify();
  // Ends what is beyond retention: dropped objects and events. Writes that come along do a little of it. What bulk
  // loads that were broken off left behind goes when the store is opened.
  absl::Status Maintain();
  // Counts by walking names: costs time proportional to the number of tables, not of partitions.
  absl::StatusOr<MetastoreStats> Stats() const;

  const std::shared_ptr<Impl>& impl() const { return impl_; }  // for the library itself

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace lodestone
