// The ordered transactional key-value store below everything else: what the catalog needs of an engine, and no more, so
// that a second engine, also one reached over a network, can stand behind it. Keys are byte strings in memcmp order.
//
// Transactions are strictly serializable. An engine may run them one after another or side by side; it may refuse one
// with Aborted, after which the caller runs it again from the start. Snapshots never wait for writers.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lodestone::store {

// The number of a commit: 1, 2, 3, ... in the order in which commits took effect. 0: nothing was committed yet.
using Version = uint64_t;

// All keys k with lower <= k < upper. An empty `upper` means: no upper bound.
struct KeyRange {
  std::string lower;
  std::string upper;
  bool operator==(const KeyRange&) const = default;
};

// The range of all keys that begin with `prefix`.
KeyRange PrefixRange(std::string_view prefix);
// The smallest key greater than every key that begins with `prefix`; empty when there is none (all bytes 0xFF).
std::string PrefixEnd(std::string_view prefix);

// Moves over the keys of one range, in both directions. Not thread-safe. A new cursor is not Valid() until a Seek.
class Cursor {
 public:
  virtual ~Cursor() = default;
  virtual bool Valid() const = 0;
  virtual void SeekToFirst() = 0;
  virtual void SeekToLast() = 0;
  // To the first key >= `key` (the last key <= `key`) within the range. Not Valid() when there is none.
  virtual void Seek(std::string_view key) = 0;
  virtual void SeekForPrev(std::string_view key) = 0;
  // REQUIRES: Valid().
  virtual void Next() = 0;
  virtual void Prev() = 0;
  // REQUIRES: Valid(). The bytes live until the cursor moves or goes.
  virtual std::string_view key() const = 0;
  virtual std::string_view value() const = 0;
  // Why the cursor is not Valid(): OK at the end of the range, otherwise what went wrong (DataLoss, Unavailable).
  virtual absl::Status status() const = 0;
};

// What a cursor is for; changes its speed, never its answers.
struct CursorHint {
  bool long_scan = false;  // reads ahead, for scans of many megabytes
  bool fill_cache = true;  // false: blocks read from disk are not kept
};

// Something that can be read at one point in time. Thread-safe unless it is a Transaction. Outlived by its store.
class Reader {
 public:
  virtual ~Reader() = default;
  // nullopt: there is no such key.
  virtual absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const = 0;
  // One answer per key, in the order asked. One round trip, whatever the number of keys.
  virtual absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(std::span<const std::string> keys) const = 0;
  // The cursor keeps what it needs alive, but not the Reader of a transaction, which must outlive it.
  virtual std::unique_ptr<Cursor> NewCursor(const KeyRange& range, const CursorHint& hint = {}) const = 0;
  // The commit that this reader sees: everything up to it and nothing after.
  virtual Version version() const = 0;
};

enum class Durability {
  kSync,     // an acknowledged commit survives a power cut
  kRelaxed,  // an acknowledged commit survives the end of the process; a power cut may take the last ones, in order
};

// Reads see the store as of the begin plus the transaction's own writes. Not thread-safe. Dropped without Commit:
// nothing happened. Cursors made before a write need not see it.
class Transaction : public Reader {
 public:
  virtual void Put(std::string_view key, std::string_view value) = 0;
  virtual void Delete(std::string_view key) = 0;  // no error if there is no such key
  // Deletes every key in the range. Cost does not depend on how many there are.
  virtual void DeleteRange(const KeyRange& range) = 0;
  // The version that Commit will give.
  virtual Version commit_version() const = 0;
  // Makes the writes visible, all at once, and durable as asked; returns the version of this commit (of the store, when
  // nothing was written). Afterwards only destruction is allowed.
  //   Aborted      lost against another transaction: run it again
  //   Unavailable  an I/O error; nothing of it is visible. After a failed sync the store refuses all further commits
  //                until it is opened again, since what the disk holds is unknown
  virtual absl::StatusOr<Version> Commit(Durability durability) = 0;
};

// Writes sorted keys apart from the store, to be ingested with it at once. Not thread-safe. Destroyed without
// IngestRuns: its files go. Keys are added in strictly ascending order.
class SortedRun {
 public:
  virtual ~SortedRun() = default;
  // InvalidArgument: not greater than the key before. Unavailable: I/O error.
  virtual absl::Status Add(std::string_view key, std::string_view value) = 0;
  // Ends the run. After this it can only be ingested.
  virtual absl::Status Finish() = 0;
  virtual uint64_t bytes() const = 0;  // written so far, about
};

struct StoreStats {
  uint64_t live_bytes = 0;    // files on disk, about
  uint64_t memory_bytes = 0;  // memtables, caches, index and filter blocks
  uint64_t files = 0;
  uint64_t pending_compaction_bytes = 0;
  bool read_only = false;  // a failed sync (or an error while writing) stopped writing
  std::string detail;      // the engine's own words, for people
};

// An opened store. Thread-safe.
class Store {
 public:
  virtual ~Store() = default;

  // The newest state that is durable as asked of the commits that made it. Cheap; never waits for a writer.
  virtual std::shared_ptr<const Reader> Snapshot() const = 0;

  // FailedPrecondition: the store was opened read-only, or an earlier sync failed. Aborted: other transactions kept
  // this one waiting for too long.
  virtual absl::StatusOr<std::unique_ptr<Transaction>> Begin() = 0;

  // A run whose files lie beside the store's, so that ingesting does not copy.
  virtual absl::StatusOr<std::unique_ptr<SortedRun>> NewSortedRun() = 0;
  // Puts finished runs, whose ranges do not overlap, into the store: all at once, durably, outside any transaction. The
  // ranges must hold no keys and nobody may be writing into them: callers ingest under an id that nothing refers to
  // yet, and then commit the reference. Snapshots taken before may or may not find the keys.
  virtual absl::Status IngestRuns(std::vector<std::unique_ptr<SortedRun>> runs) = 0;

  // A consistent copy in `directory`, which must not exist yet; an opened store is made of it as of any other. Writers
  // go on. Files are linked where the file system can; a follower, which cannot keep the writer from deleting them,
  // copies every record of its state.
  virtual absl::Status Checkpoint(const std::string& directory) = 0;

  // A read-only follower's only way forward: sees what the writer has made durable meanwhile. No-op for a writer.
  virtual absl::Status CatchUp() = 0;

  // Makes everything committed so far durable, relaxed commits too.
  virtual absl::Status Flush() = 0;
  // Gives back the space of deleted ranges now rather than in the background.
  virtual absl::Status Compact(const KeyRange& range) = 0;

  // Reads every byte of every file and checks its checksums. `report` is called once per damaged file, with a text that
  // names file and finding. The result says only whether the check itself could be made.
  virtual absl::Status VerifyFiles(const std::function<void(const std::string&)>& report) = 0;

  virtual StoreStats Stats() const = 0;
};

}  // namespace lodestone::store
