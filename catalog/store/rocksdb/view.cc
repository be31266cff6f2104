#include "catalog/store/rocksdb/view.h"

#include <utility>

#include "catalog/base/coding.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/store/rocksdb/file_guard.h"
#include "catalog/store/rocksdb/rocks_status.h"
#include "catalog/store/write_overlay.h"

namespace lodestone::store {
namespace {

// Bytes read at once when a scan is known to be long.
constexpr std::size_t kLongScanReadahead = std::size_t{2} << 20;

std::string Reading(const Engine& engine) { return base::StrCat("reading ", engine.path); }

class RocksCursor final : public Cursor {
 public:
  RocksCursor(std::shared_ptr<const View> view, const KeyRange& range, rocksdb::ReadOptions options)
      : view_(std::move(view)),
        range_(range),
        empty_(IsEmpty(range)),
        hides_commit_key_(Contains(range, kCommitKey)),
        lower_(range_.lower),
        upper_(range_.upper) {
    if (empty_) return;
    if (!range_.lower.empty()) options.iterate_lower_bound = &lower_;
    if (!range_.upper.empty()) options.iterate_upper_bound = &upper_;
    iterator_.reset(view_->engine().db->NewIterator(options));
  }

  bool Valid() const override { return valid_; }
  void SeekToFirst() override {
    if (empty_) return;
    Move([&] { iterator_->SeekToFirst(); });
    SettleForward();
  }
  void SeekToLast() override {
    if (empty_) return;
    Move([&] { iterator_->SeekToLast(); });
    SettleBackward();
  }
  void Seek(std::string_view key) override {
    if (empty_) return;
    if (!range_.upper.empty() && key >= range_.upper) {
      // Behind the range. RocksDB leaves seeks beyond the bounds undefined; the last key and one more is not.
      valid_ = false;
      return;
    }
    Move([&] { iterator_->Seek(ToSlice(key < range_.lower ? std::string_view(range_.lower) : key)); });
    SettleForward();
  }
  void SeekForPrev(std::string_view key) override {
    if (empty_) return;
    if (key < range_.lower) {
      valid_ = false;
      return;
    }
    if (!range_.upper.empty() && key >= range_.upper) return SeekToLast();
    Move([&] { iterator_->SeekForPrev(ToSlice(key)); });
    SettleBackward();
  }
  void Next() override {
    Move([&] { iterator_->Next(); });
    SettleForward();
  }
  void Prev() override {
    Move([&] { iterator_->Prev(); });
    SettleBackward();
  }
  std::string_view key() const override { return ToView(iterator_->key()); }
  std::string_view value() const override { return ToView(iterator_->value()); }
  absl::Status status() const override {
    if (empty_) return absl::OkStatus();
    RETURN_IF_ERROR(failed_);
    return FromRocks(iterator_->status(), Reading(view_->engine()));
  }
  // Whether it stopped because it met too many deleted keys, as its options asked for.
  bool GaveUp() const { return !empty_ && iterator_->status().IsIncomplete(); }

 private:
  // Moves the iterator, and hears of failed reads that it forgets about.
  template <typename Step>
  void Move(const Step& step) {
    const uint64_t failed_before = FailedReadsOfThread();
    step();
    if (FailedReadsOfThread() != failed_before) failed_ = LastFailedReadOfThread();
    valid_ = iterator_->Valid() && failed_.ok();
  }
  void SettleForward() {
    if (hides_commit_key_ && valid_ && key() == kCommitKey) Move([&] { iterator_->Next(); });
  }
  void SettleBackward() {
    if (hides_commit_key_ && valid_ && key() == kCommitKey) Move([&] { iterator_->Prev(); });
  }

  std::shared_ptr<const View> view_;  // outlives the iterator
  KeyRange range_;
  bool empty_;
  bool hides_commit_key_;
  rocksdb::Slice lower_;
  rocksdb::Slice upper_;
  bool valid_ = false;
  absl::Status failed_;
  std::unique_ptr<rocksdb::Iterator> iterator_;  // null when empty_
};

}  // namespace

std::shared_ptr<const View> View::OfNow(std::shared_ptr<Engine> engine, Version version) {
  const rocksdb::Snapshot* snapshot = engine->db->GetSnapshot();
  return std::shared_ptr<const View>(new View(std::move(engine), snapshot, version));
}

std::shared_ptr<const View> View::OfFollower(std::shared_ptr<Engine> engine, Version version) {
  return std::shared_ptr<const View>(new View(std::move(engine), nullptr, version));
}

View::~View() {
  if (snapshot_ != nullptr) engine_->db->ReleaseSnapshot(snapshot_);
}

rocksdb::ReadOptions View::ReadOptions() const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_;
  options.total_order_seek = true;
  return options;
}

absl::StatusOr<std::optional<std::string>> View::Get(std::string_view key) const {
  if (key == kCommitKey) return std::nullopt;
  std::string value;
  const rocksdb::Status status = engine_->db->Get(ReadOptions(), ToSlice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return FromRocks(status, Reading(*engine_));
  return value;
}

absl::StatusOr<std::vector<std::optional<std::string>>> View::MultiGet(std::span<const std::string> keys) const {
  std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<rocksdb::PinnableSlice> found(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  engine_->db->MultiGet(ReadOptions(), engine_->db->DefaultColumnFamily(), keys.size(), slices.data(), found.data(),
                        statuses.data());
  std::vector<std::optional<std::string>> values(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound() || keys[i] == kCommitKey) continue;
    if (!statuses[i].ok()) return FromRocks(statuses[i], Reading(*engine_));
    values[i].emplace(found[i].data(), found[i].size());
  }
  return values;
}

std::unique_ptr<Cursor> View::NewCursor(const KeyRange& range, const CursorHint& hint) const {
  rocksdb::ReadOptions options = ReadOptions();
  options.fill_cache = hint.fill_cache;
  if (hint.long_scan) options.readahead_size = kLongScanReadahead;
  return std::make_unique<RocksCursor>(shared_from_this(), range, options);
}

absl::StatusOr<std::optional<std::vector<std::string>>> View::KeysIfFew(const KeyRange& range,
                                                                        std::size_t limit) const {
  rocksdb::ReadOptions options = ReadOptions();
  options.fill_cache = false;
  options.max_skippable_internal_keys = 8 * limit;  // what was deleted before must not be waded through
  RocksCursor cursor(shared_from_this(), range, options);
  std::vector<std::string> keys;
  for (cursor.SeekToFirst(); cursor.Valid(); cursor.Next()) {
    if (keys.size() == limit) return std::nullopt;
    keys.emplace_back(cursor.key());
  }
  if (cursor.GaveUp()) return std::nullopt;
  RETURN_IF_ERROR(cursor.status());
  return keys;
}

absl::StatusOr<Version> ReadCommitKey(const Engine& engine) {
  std::string value;
  const rocksdb::Status status = engine.db->Get(rocksdb::ReadOptions(), ToSlice(kCommitKey), &value);
  if (status.IsNotFound()) return Version{0};
  RETURN_IF_ERROR(FromRocks(status, Reading(engine)));
  if (value.size() != sizeof(Version)) {
    return absl::DataLossError(
        base::StrCat(engine.path, ": the commit counter should have 8 bytes, and has ", value.size()));
  }
  return base::ReadLittleEndian<Version>(value.data());
}

}  // namespace lodestone::store
