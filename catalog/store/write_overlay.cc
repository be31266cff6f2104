#include "catalog/store/write_overlay.h"

#include <iterator>
#include <utility>

namespace lodestone::store {

void RangeSet::Add(const KeyRange& range) {
  if (IsEmpty(range)) return;
  KeyRange merged = range;
  // The first range that could touch: the one that begins at or before `merged`, if it reaches it.
  auto it = ranges_.upper_bound(merged.lower);
  if (it != ranges_.begin()) {
    auto before = std::prev(it);
    if (before->second.upper.empty() || before->second.upper >= merged.lower) it = before;
  }
  while (it != ranges_.end() && (merged.upper.empty() || it->second.lower <= merged.upper)) {
    if (it->second.lower < merged.lower) merged.lower = it->second.lower;
    if (it->second.upper.empty() || (!merged.upper.empty() && it->second.upper > merged.upper)) {
      merged.upper = it->second.upper;
    }
    it = ranges_.erase(it);
  }
  std::string lower = merged.lower;
  ranges_.emplace(std::move(lower), std::move(merged));
}

const KeyRange* RangeSet::Find(std::string_view key) const {
  auto it = ranges_.upper_bound(key);
  if (it == ranges_.begin()) return nullptr;
  --it;
  return Contains(it->second, key) ? &it->second : nullptr;
}

void WriteOverlay::Put(std::string_view key, std::string_view value) {
  auto shared = std::make_shared<const std::string>(value);
  if (auto it = entries_.find(key); it != entries_.end()) {
    it->second = std::move(shared);
  } else {
    entries_.emplace(std::string(key), std::move(shared));
  }
}

void WriteOverlay::Delete(std::string_view key) {
  if (auto it = entries_.find(key); it != entries_.end()) {
    it->second = nullptr;
  } else {
    entries_.emplace(std::string(key), nullptr);
  }
}

void WriteOverlay::DeleteRange(const KeyRange& range) {
  if (IsEmpty(range)) return;
  auto first = entries_.lower_bound(range.lower);
  auto last = range.upper.empty() ? entries_.end() : entries_.lower_bound(range.upper);
  entries_.erase(first, last);
  deleted_ranges_.Add(range);
  ++generation_;
}

std::optional<WriteOverlay::Value> WriteOverlay::Find(std::string_view key) const {
  if (auto it = entries_.find(key); it != entries_.end()) return it->second;
  if (deleted_ranges_.Find(key) != nullptr) return Value();
  return std::nullopt;
}

namespace {

// Merges two ordered sequences: the base and the overlay's entries. Going forward, both stand at or behind the current
// key (backward: at or before it); the nearer one is current, the overlay when both stand on the same key. Changing
// direction, or losing the place in the overlay, seeks anew from the current key.
class OverlayCursor final : public Cursor {
 public:
  OverlayCursor(std::unique_ptr<Cursor> base, const WriteOverlay* overlay, KeyRange range)
      : base_(std::move(base)), overlay_(overlay), range_(std::move(range)) {}

  bool Valid() const override { return source_ != Source::kNone; }
  void SeekToFirst() override { Seek(range_.lower); }
  void SeekToLast() override {
    direction_ = Direction::kBackward;
    base_->SeekToLast();
    entry_ = range_.upper.empty() ? Entries().end() : Entries().lower_bound(range_.upper);
    StepEntryBack();
    Settle();
  }
  void Seek(std::string_view key) override {
    const std::string target(key < range_.lower ? std::string_view(range_.lower) : key);
    direction_ = Direction::kForward;
    base_->Seek(target);
    entry_ = Entries().lower_bound(target);
    BoundEntry();
    Settle();
  }
  void SeekForPrev(std::string_view key) override {
    if (!range_.upper.empty() && key >= range_.upper) return SeekToLast();
    const std::string target(key);
    direction_ = Direction::kBackward;
    base_->SeekForPrev(target);
    entry_ = Entries().upper_bound(target);
    StepEntryBack();
    Settle();
  }
  void Next() override {
    if (direction_ == Direction::kBackward || generation_ != overlay_->generation()) {
      const std::string from(key());
      direction_ = Direction::kForward;
      base_->Seek(from);
      if (base_->Valid() && base_->key() == from) base_->Next();
      entry_ = Entries().upper_bound(from);
      BoundEntry();
    } else {
      const bool both = source_ == Source::kOverlay && base_->Valid() && base_->key() == key_;
      if (source_ == Source::kBase || both) base_->Next();
      if (source_ == Source::kOverlay) {
        // Entries written since may stand between; they are seen, which is permitted.
        entry_ = std::next(entry_);
        BoundEntry();
      }
    }
    Settle();
  }
  void Prev() override {
    if (direction_ == Direction::kForward || generation_ != overlay_->generation()) {
      const std::string from(key());
      direction_ = Direction::kBackward;
      base_->SeekForPrev(from);
      if (base_->Valid() && base_->key() == from) base_->Prev();
      entry_ = Entries().lower_bound(from);
      StepEntryBack();
    } else {
      const bool both = source_ == Source::kOverlay && base_->Valid() && base_->key() == key_;
      if (source_ == Source::kBase || both) base_->Prev();
      if (source_ == Source::kOverlay) StepEntryBack();
    }
    Settle();
  }
  std::string_view key() const override { return source_ == Source::kBase ? base_->key() : key_; }
  std::string_view value() const override { return source_ == Source::kBase ? base_->value() : *value_; }
  absl::Status status() const override { return base_->status(); }

 private:
  enum class Direction { kForward, kBackward };
  enum class Source { kNone, kBase, kOverlay };

  const WriteOverlay::Entries& Entries() const { return overlay_->entries(); }
  bool HasEntry() const { return entry_valid_; }

  // Decides whether entry_, just moved forward, stands within the range.
  void BoundEntry() {
    generation_ = overlay_->generation();
    entry_valid_ = entry_ != Entries().end() && (range_.upper.empty() || entry_->first < range_.upper);
  }
  // Moves entry_ one back, and decides whether it stands within the range.
  void StepEntryBack() {
    generation_ = overlay_->generation();
    entry_valid_ = entry_ != Entries().begin() && std::prev(entry_)->first >= range_.lower;
    if (entry_valid_) --entry_;
  }

  // Skips what the base holds in a deleted range: a long dropped range costs one seek.
  void SkipDeletedInBase() {
    while (base_->Valid()) {
      const KeyRange* gone = overlay_->deleted_ranges().Find(base_->key());
      if (gone == nullptr) return;
      if (direction_ == Direction::kForward) {
        if (gone->upper.empty()) {
          base_->SeekToLast();
          if (base_->Valid()) base_->Next();  // behind the last one: at the end, not Valid()
          return;
        }
        base_->Seek(gone->upper);
      } else {
        base_->SeekForPrev(gone->lower);
        if (base_->Valid() && base_->key() == gone->lower) base_->Prev();
      }
    }
  }

  // Finds the nearest key that exists, from where both sequences stand.
  void Settle() {
    for (;;) {
      SkipDeletedInBase();
      if (!base_->status().ok()) return Use(Source::kNone);
      if (!base_->Valid() && !HasEntry()) return Use(Source::kNone);
      if (!HasEntry()) return Use(Source::kBase);
      int order = -1;  // below zero: the entry comes first
      if (base_->Valid()) {
        order = std::string_view(entry_->first).compare(base_->key());
        if (direction_ == Direction::kBackward) order = -order;
      }
      if (order > 0) return Use(Source::kBase);
      if (entry_->second != nullptr) return Use(Source::kOverlay);
      if (order == 0) direction_ == Direction::kForward ? base_->Next() : base_->Prev();
      if (direction_ == Direction::kForward) {
        ++entry_;
        BoundEntry();
      } else {
        StepEntryBack();
      }
    }
  }

  void Use(Source source) {
    source_ = source;
    value_ = nullptr;
    if (source == Source::kOverlay) {
      key_ = entry_->first;
      value_ = entry_->second;
    }
  }

  std::unique_ptr<Cursor> base_;
  const WriteOverlay* overlay_;
  KeyRange range_;
  Direction direction_ = Direction::kForward;
  Source source_ = Source::kNone;
  // The place in the overlay, meaningful while entry_valid_ and as of generation_.
  WriteOverlay::Entries::const_iterator entry_;
  bool entry_valid_ = false;
  uint64_t generation_ = 0;
  // Copies of the current entry when it comes from the overlay.
  std::string key_;
  WriteOverlay::Value value_;
};

}  // namespace

std::unique_ptr<Cursor> NewOverlayCursor(std::unique_ptr<Cursor> base, const WriteOverlay* overlay, KeyRange range) {
  return std::make_unique<OverlayCursor>(std::move(base), overlay, std::move(range));
}

}  // namespace lodestone::store
