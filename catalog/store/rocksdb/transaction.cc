#include "catalog/store/rocksdb/transaction.h"

#include <utility>

#include "catalog/base/coding.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/store/rocksdb/rocks_status.h"
#include "catalog/store/write_overlay.h"

namespace lodestone::store {
namespace {

class RocksTransaction final : public Transaction {
 public:
  RocksTransaction(CommitSequencer* sequencer, WriterGate* gate)
      : sequencer_(sequencer), gate_(gate), base_(sequencer->newest()) {}
  ~RocksTransaction() override { LeaveGate(); }

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override {
    if (std::optional<WriteOverlay::Value> own = overlay_.Find(key)) {
      if (*own == nullptr) return std::nullopt;
      return **own;
    }
    return base_->Get(key);
  }

  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(std::span<const std::string> keys) const override {
    if (overlay_.empty()) return base_->MultiGet(keys);
    std::vector<std::optional<std::string>> values(keys.size());
    std::vector<std::string> unknown;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      std::optional<WriteOverlay::Value> own = overlay_.Find(keys[i]);
      if (!own.has_value()) {
        unknown.push_back(keys[i]);
        places.push_back(i);
      } else if (*own != nullptr) {
        values[i] = **own;
      }
    }
    ASSIGN_OR_RETURN(auto found, base_->MultiGet(unknown));
    for (std::size_t i = 0; i < found.size(); ++i) values[places[i]] = std::move(found[i]);
    return values;
  }

  std::unique_ptr<Cursor> NewCursor(const KeyRange& range, const CursorHint& hint) const override {
    return NewOverlayCursor(base_->NewCursor(range, hint), &overlay_, range);
  }
  Version version() const override { return base_->version(); }

  void Put(std::string_view key, std::string_view value) override { overlay_.Put(key, value); }
  void Delete(std::string_view key) override { overlay_.Delete(key); }
  void DeleteRange(const KeyRange& range) override { overlay_.DeleteRange(range); }
  Version commit_version() const override { return base_->version() + 1; }

  absl::StatusOr<Version> Commit(Durability durability) override {
    if (gate_ == nullptr) return absl::FailedPreconditionError("this transaction was committed already");
    if (overlay_.empty()) {
      LeaveGate();
      // What it read may be a commit whose sync has not come back yet.
      const Version version = base_->version();
      base_.reset();
      RETURN_IF_ERROR(sequencer_->WaitPublished(version));
      return version;
    }
    absl::StatusOr<std::shared_ptr<const View>> written = Write(durability);
    base_.reset();  // keeps old data from being cleaned away
    LeaveGate();
    RETURN_IF_ERROR(written.status());
    RETURN_IF_ERROR(sequencer_->Acknowledge(*written, durability));
    return (*written)->version();
  }

 private:
  absl::StatusOr<std::shared_ptr<const View>> Write(Durability durability) {
    const std::string preparing = base::StrCat("preparing a write to ", base_->engine().path);
    std::string version;
    base::AppendLittleEndian<Version>(&version, commit_version());
    rocksdb::WriteBatch batch(BytesToWrite(), 0, CommitWriteOptions().protection_bytes_per_key, 0);
    // The version stands first as well, outside the keys, so that recovery can tell each record's place in the order.
    RETURN_IF_ERROR(FromRocks(batch.PutLogData(version), preparing));
    std::size_t ranges = 0;
    for (const auto& [lower, range] : overlay_.deleted_ranges()) {
      RETURN_IF_ERROR(AddDeletedRange(range, &batch, &ranges));
    }
    for (const auto& [key, value] : overlay_.entries()) {
      const rocksdb::Status added = value != nullptr ? batch.Put(key, *value) : batch.Delete(key);
      RETURN_IF_ERROR(FromRocks(added, preparing));
    }
    RETURN_IF_ERROR(FromRocks(batch.Put(ToSlice(kCommitKey), version), preparing));
    return sequencer_->Write(&batch, ranges, durability);
  }

  // Room for the batch, about: pages are large, and growing a buffer of them copies them.
  std::size_t BytesToWrite() const {
    constexpr std::size_t kPerEntry = 32;
    std::size_t bytes = 2 * kPerEntry;
    for (const auto& [key, value] : overlay_.entries()) {
      bytes += kPerEntry + key.size() + (value != nullptr ? value->size() : 0);
    }
    return bytes;
  }

  // Every read pays for each range deleted in memory, so a range that holds little is deleted key by key.
  absl::Status AddDeletedRange(const KeyRange& range, rocksdb::WriteBatch* batch, std::size_t* ranges) const {
    constexpr std::size_t kFew = 32;
    const std::string preparing = base::StrCat("preparing a write to ", base_->engine().path);
    ASSIGN_OR_RETURN(const auto keys, base_->KeysIfFew(range, kFew));
    if (keys.has_value()) {
      for (const std::string& key : *keys) RETURN_IF_ERROR(FromRocks(batch->Delete(key), preparing));
      return absl::OkStatus();
    }
    std::string upper = range.upper;
    if (upper.empty()) {
      ASSIGN_OR_RETURN(upper, BehindLastKey());
      if (upper <= range.lower) return absl::OkStatus();
    }
    ++*ranges;
    return FromRocks(batch->DeleteRange(range.lower, upper), preparing);
  }

  // A bound for ranges without one, which RocksDB does not have: just behind the last key there is.
  absl::StatusOr<std::string> BehindLastKey() const {
    std::unique_ptr<Cursor> cursor = base_->NewCursor({});
    cursor->SeekToLast();
    RETURN_IF_ERROR(cursor->status());
    if (!cursor->Valid()) return std::string(1, '\0');
    std::string behind(cursor->key());
    behind.push_back('\0');
    return behind;
  }

  void LeaveGate() {
    if (gate_ != nullptr) std::exchange(gate_, nullptr)->Leave();
  }

  CommitSequencer* sequencer_;
  WriterGate* gate_;                  // null after the commit
  std::shared_ptr<const View> base_;  // null after the commit
  WriteOverlay overlay_;
};

}  // namespace

std::unique_ptr<Transaction> NewRocksTransaction(CommitSequencer* sequencer, WriterGate* gate) {
  return std::make_unique<RocksTransaction>(sequencer, gate);
}

}  // namespace lodestone::store
