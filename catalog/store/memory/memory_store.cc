#include "catalog/store/memory/memory_store.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/store/write_overlay.h"
#include "catalog/store/writer_gate.h"

namespace lodestone::store {
namespace {

using Value = WriteOverlay::Value;

constexpr int64_t kBeginTimeoutMs = 60'000;

// Every key with its values by version, newest last; a null value says that the key was deleted. Old values go once no
// reader can see them. Thread-safe.
class VersionedMap {
 public:
  Version Newest() const {
    std::shared_lock lock(mutex_);
    return newest_;
  }
  // Keeps what `version` sees until Unpin.
  Version PinNewest() {
    std::unique_lock lock(mutex_);
    pinned_.insert(newest_);
    return newest_;
  }
  void Unpin(Version version) {
    std::unique_lock lock(mutex_);
    pinned_.erase(pinned_.find(version));
  }

  Value Get(std::string_view key, Version at) const {
    std::shared_lock lock(mutex_);
    auto it = keys_.find(key);
    return it == keys_.end() ? nullptr : At(it->second, at);
  }

  // The first key >= `from` (> `from` when `after`) within `range` that has a value at `at`. False: there is none.
  bool FindForward(std::string_view from, bool after, const KeyRange& range, Version at, std::string* key,
                   Value* value) const {
    std::shared_lock lock(mutex_);
    for (auto it = after ? keys_.upper_bound(from) : keys_.lower_bound(from); it != keys_.end(); ++it) {
      if (!range.upper.empty() && it->first >= range.upper) return false;
      if (Take(*it, at, key, value)) return true;
    }
    return false;
  }
  // The last key < `from` (<= `from` when `inclusive`; nullopt: the range's end) within `range` that has a value.
  bool FindBackward(std::optional<std::string_view> from, bool inclusive, const KeyRange& range, Version at,
                    std::string* key, Value* value) const {
    std::shared_lock lock(mutex_);
    auto it = keys_.end();
    if (from.has_value()) {
      it = inclusive ? keys_.upper_bound(*from) : keys_.lower_bound(*from);
    } else if (!range.upper.empty()) {
      it = keys_.lower_bound(range.upper);
    }
    while (it != keys_.begin()) {
      --it;
      if (it->first < range.lower) return false;
      if (Take(*it, at, key, value)) return true;
    }
    return false;
  }

  // REQUIRES: one caller at a time.
  Version Apply(const WriteOverlay& writes) {
    std::unique_lock lock(mutex_);
    const Version version = newest_ + 1;
    for (const auto& [lower, range] : writes.deleted_ranges()) {
      auto end = range.upper.empty() ? keys_.end() : keys_.lower_bound(range.upper);
      for (auto it = keys_.lower_bound(range.lower); it != end; ++it) Set(it, version, nullptr);
    }
    for (const auto& [key, value] : writes.entries()) Set(keys_.try_emplace(key).first, version, value);
    newest_ = version;
    Prune();
    return version;
  }
  // As part of the newest version: nobody can have looked for these keys. REQUIRES: one caller at a time.
  void Ingest(const std::vector<std::pair<std::string, std::string>>& sorted) {
    std::unique_lock lock(mutex_);
    for (const auto& [key, value] : sorted) {
      Set(keys_.try_emplace(key).first, newest_, std::make_shared<const std::string>(value));
    }
  }

  uint64_t Bytes() const {
    std::shared_lock lock(mutex_);
    uint64_t bytes = 0;
    for (const auto& [key, history] : keys_) {
      for (const auto& [version, value] : history) bytes += key.size() + (value == nullptr ? 0 : value->size());
    }
    return bytes;
  }

 private:
  using History = std::vector<std::pair<Version, Value>>;
  using Keys = std::map<std::string, History, std::less<>>;

  static Value At(const History& history, Version at) {
    for (auto it = history.rbegin(); it != history.rend(); ++it) {
      if (it->first <= at) return it->second;
    }
    return nullptr;
  }
  static bool Take(const Keys::value_type& entry, Version at, std::string* key, Value* value) {
    Value found = At(entry.second, at);
    if (found == nullptr) return false;
    *key = entry.first;
    *value = std::move(found);
    return true;
  }

  void Set(Keys::iterator it, Version version, Value value) {
    History& history = it->second;
    if (!history.empty() && history.back().first == version) {
      history.back().second = std::move(value);
    } else {
      history.emplace_back(version, std::move(value));
    }
    touched_.emplace_back(version, it->first);
  }

  // Forgets values that no pinned version sees. Each change is looked at once, when its turn comes.
  void Prune() {
    const Version oldest = pinned_.empty() ? newest_ : *pinned_.begin();
    for (; !touched_.empty() && touched_.front().first <= oldest; touched_.pop_front()) {
      auto it = keys_.find(touched_.front().second);
      if (it == keys_.end()) continue;
      History& history = it->second;
      std::size_t keep = 0;  // the newest value at or below `oldest`: all before it is unreachable
      while (keep + 1 < history.size() && history[keep + 1].first <= oldest) ++keep;
      history.erase(history.begin(), history.begin() + static_cast<std::ptrdiff_t>(keep));
      if (history.size() == 1 && history[0].second == nullptr && history[0].first <= oldest) keys_.erase(it);
    }
  }

  mutable std::shared_mutex mutex_;  // guards everything below
  Keys keys_;
  Version newest_ = 0;
  std::multiset<Version> pinned_;
  std::deque<std::pair<Version, std::string>> touched_;  // in order of version
};

// Keeps one version of the map readable for as long as it lives.
class Pin {
 public:
  explicit Pin(std::shared_ptr<VersionedMap> map) : map_(std::move(map)), version_(map_->PinNewest()) {}
  ~Pin() { map_->Unpin(version_); }
  Pin(const Pin&) = delete;
  Pin& operator=(const Pin&) = delete;

  VersionedMap& map() const { return *map_; }
  Version version() const { return version_; }

 private:
  std::shared_ptr<VersionedMap> map_;
  Version version_;
};

// Stands on a key, not on a place in the map: each move looks the key up again, so that writers disturb nothing.
class MemoryCursor final : public Cursor {
 public:
  MemoryCursor(std::shared_ptr<const Pin> pin, KeyRange range) : pin_(std::move(pin)), range_(std::move(range)) {}

  bool Valid() const override { return valid_; }
  void SeekToFirst() override { Forward(range_.lower, /*after=*/false); }
  void SeekToLast() override { Backward(std::nullopt, /*inclusive=*/false); }
  void Seek(std::string_view key) override {
    Forward(key < range_.lower ? std::string_view(range_.lower) : key, /*after=*/false);
  }
  void SeekForPrev(std::string_view key) override {
    if (!range_.upper.empty() && key >= range_.upper) return SeekToLast();
    Backward(key, /*inclusive=*/true);
  }
  void Next() override { Forward(std::string(key_), /*after=*/true); }
  void Prev() override { Backward(std::string(key_), /*inclusive=*/false); }
  std::string_view key() const override { return key_; }
  std::string_view value() const override { return *value_; }
  absl::Status status() const override { return absl::OkStatus(); }

 private:
  void Forward(std::string_view from, bool after) {
    valid_ = !IsEmpty(range_) && pin_->map().FindForward(from, after, range_, pin_->version(), &key_, &value_);
  }
  void Backward(std::optional<std::string_view> from, bool inclusive) {
    valid_ = !IsEmpty(range_) && pin_->map().FindBackward(from, inclusive, range_, pin_->version(), &key_, &value_);
  }

  std::shared_ptr<const Pin> pin_;
  KeyRange range_;
  bool valid_ = false;
  std::string key_;
  Value value_;
};

std::optional<std::string> ToOptional(const Value& value) {
  if (value == nullptr) return std::nullopt;
  return *value;
}

class MemorySnapshot final : public Reader {
 public:
  explicit MemorySnapshot(std::shared_ptr<VersionedMap> map) : pin_(std::make_shared<Pin>(std::move(map))) {}

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override {
    return ToOptional(pin_->map().Get(key, pin_->version()));
  }
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(std::span<const std::string> keys) const override {
    std::vector<std::optional<std::string>> values;
    values.reserve(keys.size());
    for (const std::string& key : keys) values.push_back(ToOptional(pin_->map().Get(key, pin_->version())));
    return values;
  }
  std::unique_ptr<Cursor> NewCursor(const KeyRange& range, const CursorHint&) const override {
    return std::make_unique<MemoryCursor>(pin_, range);
  }
  Version version() const override { return pin_->version(); }

 private:
  std::shared_ptr<const Pin> pin_;
};

class MemoryTransaction final : public Transaction {
 public:
  // Takes over the entered gate.
  MemoryTransaction(std::shared_ptr<VersionedMap> map, WriterGate* gate)
      : map_(map), base_(std::move(map)), gate_(gate) {}
  ~MemoryTransaction() override { LeaveGate(); }

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override {
    if (std::optional<Value> own = overlay_.Find(key)) return ToOptional(*own);
    return base_.Get(key);
  }
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(std::span<const std::string> keys) const override {
    std::vector<std::optional<std::string>> values;
    values.reserve(keys.size());
    for (const std::string& key : keys) {
      ASSIGN_OR_RETURN(std::optional<std::string> value, Get(key));
      values.push_back(std::move(value));
    }
    return values;
  }
  std::unique_ptr<Cursor> NewCursor(const KeyRange& range, const CursorHint& hint) const override {
    return NewOverlayCursor(base_.NewCursor(range, hint), &overlay_, range);
  }
  Version version() const override { return base_.version(); }

  void Put(std::string_view key, std::string_view value) override { overlay_.Put(key, value); }
  void Delete(std::string_view key) override { overlay_.Delete(key); }
  void DeleteRange(const KeyRange& range) override { overlay_.DeleteRange(range); }
  Version commit_version() const override { return base_.version() + 1; }

  absl::StatusOr<Version> Commit(Durability) override {
    if (gate_ == nullptr) return absl::FailedPreconditionError("this transaction was committed already");
    const Version version = overlay_.empty() ? base_.version() : map_->Apply(overlay_);
    LeaveGate();
    return version;
  }

 private:
  void LeaveGate() {
    if (gate_ != nullptr) std::exchange(gate_, nullptr)->Leave();
  }

  std::shared_ptr<VersionedMap> map_;
  MemorySnapshot base_;
  WriteOverlay overlay_;
  WriterGate* gate_;  // null after the commit
};

class MemoryRun final : public SortedRun {
 public:
  absl::Status Add(std::string_view key, std::string_view value) override {
    if (finished_) return absl::FailedPreconditionError("the sorted run is finished; nothing can be added");
    if (!rows_.empty() && key <= rows_.back().first) {
      return absl::InvalidArgumentError(base::StrCat("a sorted run takes ascending keys: ", base::Quoted(key),
                                                     " does not follow ", base::Quoted(rows_.back().first)));
    }
    bytes_ += key.size() + value.size();
    rows_.emplace_back(key, value);
    return absl::OkStatus();
  }
  absl::Status Finish() override {
    finished_ = true;
    return absl::OkStatus();
  }
  uint64_t bytes() const override { return bytes_; }

  bool finished() const { return finished_; }
  const std::vector<std::pair<std::string, std::string>>& rows() const { return rows_; }

 private:
  std::vector<std::pair<std::string, std::string>> rows_;
  uint64_t bytes_ = 0;
  bool finished_ = false;
};

class MemoryStore final : public Store {
 public:
  std::shared_ptr<const Reader> Snapshot() const override { return std::make_shared<MemorySnapshot>(map_); }

  absl::StatusOr<std::unique_ptr<Transaction>> Begin() override {
    RETURN_IF_ERROR(gate_.Enter(kBeginTimeoutMs));
    return std::make_unique<MemoryTransaction>(map_, &gate_);
  }

  absl::StatusOr<std::unique_ptr<SortedRun>> NewSortedRun() override { return std::make_unique<MemoryRun>(); }

  absl::Status IngestRuns(std::vector<std::unique_ptr<SortedRun>> runs) override {
    std::vector<const MemoryRun*> sorted;
    for (const auto& run : runs) {
      const auto& own = static_cast<const MemoryRun&>(*run);
      if (!own.finished()) return absl::FailedPreconditionError("a sorted run must be finished before it is ingested");
      if (!own.rows().empty()) sorted.push_back(&own);
    }
    std::sort(sorted.begin(), sorted.end(),
              [](const MemoryRun* a, const MemoryRun* b) { return a->rows().front() < b->rows().front(); });
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      const std::string& last = sorted[i - 1]->rows().back().first;
      const std::string& next = sorted[i]->rows().front().first;
      if (next <= last) {
        return absl::InvalidArgumentError(
            base::StrCat("sorted runs overlap: ", base::Quoted(next), " is not greater than ", base::Quoted(last)));
      }
    }
    RETURN_IF_ERROR(gate_.Enter(kBeginTimeoutMs));
    for (const MemoryRun* run : sorted) map_->Ingest(run->rows());
    gate_.Leave();
    return absl::OkStatus();
  }

  absl::Status Checkpoint(const std::string&) override {
    return absl::FailedPreconditionError("a store in memory has no files to make a checkpoint of");
  }
  absl::Status CatchUp() override { return absl::OkStatus(); }
  absl::Status Flush() override { return absl::OkStatus(); }
  absl::Status Compact(const KeyRange&) override { return absl::OkStatus(); }
  absl::Status VerifyFiles(const std::function<void(const std::string&)>&) override { return absl::OkStatus(); }

  StoreStats Stats() const override {
    StoreStats stats;
    stats.memory_bytes = map_->Bytes();
    stats.detail = "in memory";
    return stats;
  }

 private:
  WriterGate gate_;
  std::shared_ptr<VersionedMap> map_ = std::make_shared<VersionedMap>();
};

}  // namespace

std::unique_ptr<Store> NewMemoryStore() { return std::make_unique<MemoryStore>(); }

}  // namespace lodestone::store
