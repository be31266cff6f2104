// What a transaction has written so far, laid over what it read from: both engines keep a transaction's writes here
// until the commit.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/store/store.h"

namespace lodestone::store {

// Whether `key` lies in `range`, and whether a range holds no key at all.
inline bool Contains(const KeyRange& range, std::string_view key) {
  return key >= range.lower && (range.upper.empty() || key < range.upper);
}
inline bool IsEmpty(const KeyRange& range) { return !range.upper.empty() && range.upper <= range.lower; }

// An ordered set of ranges, merged where they touch. Not thread-safe.
class RangeSet {
 public:
  void Add(const KeyRange& range);
  // The range that holds `key`; null if none does. Valid until the next Add. Cost: logarithmic.
  const KeyRange* Find(std::string_view key) const;
  bool empty() const { return ranges_.empty(); }

  auto begin() const { return ranges_.begin(); }
  auto end() const { return ranges_.end(); }

 private:
  // By lower bound: disjoint, and no two touch.
  std::map<std::string, KeyRange, std::less<>> ranges_;
};

// The net effect of a transaction's writes: first all deleted ranges go, then the keys take their new values. A range
// deleted after a key was written takes the key's entry along, so that this order gives what the order of the calls
// gave. Not thread-safe.
class WriteOverlay {
 public:
  // Shared, so that a cursor can hold on to a value that is replaced meanwhile. Null: the key was deleted.
  using Value = std::shared_ptr<const std::string>;
  using Entries = std::map<std::string, Value, std::less<>>;

  void Put(std::string_view key, std::string_view value);
  void Delete(std::string_view key);
  void DeleteRange(const KeyRange& range);

  // What the writes say about `key`: nullopt, nothing; a null value, deleted; otherwise its value.
  std::optional<Value> Find(std::string_view key) const;

  const Entries& entries() const { return entries_; }
  const RangeSet& deleted_ranges() const { return deleted_ranges_; }
  bool empty() const { return entries_.empty() && deleted_ranges_.empty(); }
  // Changes whenever an entry may have gone, so that cursors know when to look for their place again.
  uint64_t generation() const { return generation_; }

 private:
  Entries entries_;
  RangeSet deleted_ranges_;
  uint64_t generation_ = 0;
};

// A cursor over `range` of `base` as changed by `overlay`. `base` must be bounded by the same range; `overlay` must
// outlive the cursor. Writes made while the cursor stands may or may not be seen, and never invalidate it.
std::unique_ptr<Cursor> NewOverlayCursor(std::unique_ptr<Cursor> base, const WriteOverlay* overlay, KeyRange range);

}  // namespace lodestone::store
