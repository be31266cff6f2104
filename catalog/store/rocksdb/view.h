// Reading the database at one point in time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "catalog/store/rocksdb/engine.h"
#include "catalog/store/store.h"

namespace lodestone::store {

// One state of the store. Thread-safe; cursors keep it alive. Cheap to share, and cheap enough to be made for every
// commit: RocksDB's snapshot is a number in a list.
class View final : public Reader, public std::enable_shared_from_this<View> {
 public:
  // The state right now, which must be that of commit `version`. REQUIRES: nobody writes meanwhile.
  static std::shared_ptr<const View> OfNow(std::shared_ptr<Engine> engine, Version version);
  // The state that a follower's database stands at. REQUIRES: the database is not moved on while the view lives.
  static std::shared_ptr<const View> OfFollower(std::shared_ptr<Engine> engine, Version version);
  ~View() override;

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override;
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(std::span<const std::string> keys) const override;
  std::unique_ptr<Cursor> NewCursor(const KeyRange& range, const CursorHint& hint = {}) const override;
  Version version() const override { return version_; }
  // The keys of `range`, when there are at most `limit` and looking for them is cheap; otherwise nullopt. Cost: bounded
  // by `limit`, whatever the range holds or held.
  absl::StatusOr<std::optional<std::vector<std::string>>> KeysIfFew(const KeyRange& range, std::size_t limit) const;

  const Engine& engine() const { return *engine_; }
  const rocksdb::Snapshot* snapshot() const { return snapshot_; }

 private:
  View(std::shared_ptr<Engine> engine, const rocksdb::Snapshot* snapshot, Version version)
      : engine_(std::move(engine)), snapshot_(snapshot), version_(version) {}

  rocksdb::ReadOptions ReadOptions() const;

  std::shared_ptr<Engine> engine_;
  const rocksdb::Snapshot* snapshot_;  // null for a follower
  Version version_;
};

// The version of the newest commit that the database holds: 0 when nothing was committed. DataLoss: not a number.
absl::StatusOr<Version> ReadCommitKey(const Engine& engine);

}  // namespace lodestone::store
