#include "catalog/bulk/run.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace lodestone::bulk {
namespace {

// Every so many rows a run in memory remembers where one begins.
constexpr std::size_t kIndexEvery = 512;

class MemoryRun final : public Run {
 public:
  MemoryRun(std::unique_ptr<char[]> data, std::size_t bytes) : data_(std::move(data)), bytes_(bytes) {
    std::size_t last = 0;
    for (std::size_t at = 0; at < bytes_; at += SizeOfBlob(data_.get() + at)) {
      if (static_cast<std::size_t>(rows_++) % kIndexEvery == 0) index_.push_back(at);
      last = at;
    }
    first_key_ = KeyOfBlob(data_.get());
    last_key_ = KeyOfBlob(data_.get() + last);
  }

  std::unique_ptr<RunCursor> NewCursor(std::string_view from) const override {
    // To the last remembered row below `from`, and on from there.
    const auto behind = std::partition_point(index_.begin(), index_.end(),
                                             [&](std::size_t at) { return KeyOfBlob(data_.get() + at) < from; });
    std::size_t at = behind == index_.begin() ? 0 : *(behind - 1);
    while (at < bytes_ && KeyOfBlob(data_.get() + at) < from) at += SizeOfBlob(data_.get() + at);
    return std::make_unique<Cursor>(data_.get() + at, data_.get() + bytes_);
  }
  int64_t rows() const override { return rows_; }
  const std::string& first_key() const override { return first_key_; }
  const std::string& last_key() const override { return last_key_; }
  std::vector<std::string> SampleKeys() const override {
    std::vector<std::string> keys;
    for (const std::size_t at : index_) keys.emplace_back(KeyOfBlob(data_.get() + at));
    return keys;
  }

 private:
  class Cursor final : public RunCursor {
   public:
    Cursor(const char* at, const char* end) : next_(at), end_(end) {}
    bool Next() override {
      if (next_ == end_) return false;
      blob_ = next_;
      next_ += SizeOfBlob(next_);
      return true;
    }
    const char* blob() const override { return blob_; }
    const absl::Status& status() const override { return status_; }

   private:
    const char* blob_ = nullptr;
    const char* next_;
    const char* const end_;
    const absl::Status status_;
  };

  const std::unique_ptr<char[]> data_;
  const std::size_t bytes_;
  int64_t rows_ = 0;
  std::vector<std::size_t> index_;
  std::string first_key_;
  std::string last_key_;
};

// Recursion ends here: nobody has keys that long, or means harm.
constexpr std::size_t kMaxPrefixDepth = 4'096;

// A blob on its way to its place: eight bytes of its key, so that most comparisons touch no blob.
struct Entry {
  uint64_t prefix;
  const char* blob;
};

// The eight bytes of the key behind `depth`, as a number that compares as they do; behind the end: zeros, which no key
// has (they are escaped).
uint64_t PrefixAt(std::string_view key, std::size_t depth) {
  if (key.size() >= depth + 8) return base::ReadBigEndian64(key.data() + depth);
  char bytes[8] = {};
  if (key.size() > depth) std::memcpy(bytes, key.data() + depth, key.size() - depth);
  return base::ReadBigEndian64(bytes);
}

std::size_t CommonPrefix(std::string_view a, std::string_view b) {
  const auto [at, ignored] = std::mismatch(a.begin(), a.begin() + std::min(a.size(), b.size()), b.begin());
  return static_cast<std::size_t>(at - a.begin());
}

// Sorts by eight bytes of the key after the other, each level touching a blob once. Keys of one table begin alike, so
// what all have in common is left out first.
void SortEntries(Entry* begin, Entry* end, std::size_t depth) {
  if (end - begin < 2) return;
  if (depth > kMaxPrefixDepth) {
    std::sort(begin, end, [](const Entry& a, const Entry& b) { return KeyOfBlob(a.blob) < KeyOfBlob(b.blob); });
    return;
  }
  const std::string_view first = KeyOfBlob(begin->blob).substr(depth);
  std::size_t common = first.size();
  for (const Entry* e = begin + 1; e != end && common > 0; ++e) {
    common = CommonPrefix(first.substr(0, common), KeyOfBlob(e->blob).substr(depth));
  }
  depth += common;
  for (Entry* e = begin; e != end; ++e) e->prefix = PrefixAt(KeyOfBlob(e->blob), depth);
  std::sort(begin, end, [](const Entry& a, const Entry& b) { return a.prefix < b.prefix; });
  for (Entry* group = begin; group != end;) {
    Entry* next = group + 1;
    while (next != end && next->prefix == group->prefix) ++next;
    // A prefix that ends in zero ends the key: those are equal.
    if ((group->prefix & 0xFF) != 0) SortEntries(group, next, depth + 8);
    group = next;
  }
}

}  // namespace

char* Segment::Allocate(std::size_t size) {
  if (data_ == nullptr) {
    allocated_ = std::max(capacity_, size);
    data_ = std::make_unique_for_overwrite<char[]>(allocated_);
  }
  return data_.get() + bytes_;
}

void Segment::Commit(std::size_t size) {
  if (rows_ > 0 && sorted_) sorted_ = KeyOfBlob(data_.get() + last_) <= KeyOfBlob(data_.get() + bytes_);
  last_ = bytes_;
  bytes_ += size;
  ++rows_;
}

std::unique_ptr<Run> Segment::Sort() && {
  const std::size_t bytes = std::exchange(bytes_, 0);
  std::unique_ptr<char[]> data = std::move(data_);
  if (!sorted_) {
    std::vector<Entry> entries;
    entries.reserve(static_cast<std::size_t>(rows_));
    for (std::size_t at = 0; at < bytes; at += SizeOfBlob(data.get() + at)) entries.push_back({0, data.get() + at});
    SortEntries(entries.data(), entries.data() + entries.size(), 0);
    // Moved into order: what reads them afterwards reads straight on.
    auto ordered = std::make_unique_for_overwrite<char[]>(bytes);
    char* to = ordered.get();
    for (const Entry& entry : entries) {
      const std::size_t size = SizeOfBlob(entry.blob);
      std::memcpy(to, entry.blob, size);
      to += size;
    }
    data = std::move(ordered);
  }
  rows_ = 0;
  sorted_ = true;
  return std::make_unique<MemoryRun>(std::move(data), bytes);
}

RunMerger::RunMerger(const std::vector<std::shared_ptr<const Run>>& runs, std::string_view from, std::string_view to)
    : from_(from), to_(to) {
  std::vector<const Run*> by_first;
  for (const auto& run : runs) {
    if (run->last_key() >= from_ && (to_.empty() || run->first_key() < to_)) by_first.push_back(run.get());
  }
  std::sort(by_first.begin(), by_first.end(),
            [](const Run* a, const Run* b) { return a->first_key() < b->first_key(); });
  // Runs that do not overlap are read one behind the other: input that came in order needs no merging at all.
  for (const Run* run : by_first) {
    auto fits = std::find_if(sources_.begin(), sources_.end(),
                             [&](const Source& source) { return source.runs.back()->last_key() < run->first_key(); });
    if (fits == sources_.end()) fits = sources_.emplace(sources_.end());
    fits->runs.push_back(run);
  }
}

bool RunMerger::Advance(Source* source) {
  for (;;) {
    if (source->cursor != nullptr && source->cursor->Next()) {
      source->key = KeyOfBlob(source->cursor->blob());
      return to_.empty() || source->key < to_;
    }
    if (source->cursor != nullptr && !source->cursor->status().ok()) {
      status_ = source->cursor->status();
      return false;
    }
    if (source->next == source->runs.size()) return false;
    source->cursor = source->runs[source->next++]->NewCursor(from_);
  }
}

void RunMerger::SiftDown(std::size_t at) {
  const std::size_t size = heap_.size();
  for (;;) {
    std::size_t child = 2 * at + 1;
    if (child >= size) return;
    if (child + 1 < size && sources_[heap_[child + 1]].key < sources_[heap_[child]].key) ++child;
    if (sources_[heap_[at]].key <= sources_[heap_[child]].key) return;
    std::swap(heap_[at], heap_[child]);
    at = child;
  }
}

bool RunMerger::Next() {
  if (!status_.ok()) return false;
  if (!started_) {
    started_ = true;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      if (Advance(&sources_[i])) heap_.push_back(i);
    }
    for (std::size_t i = heap_.size(); i-- > 0;) SiftDown(i);
    return status_.ok() && !heap_.empty();
  }
  if (heap_.empty()) return false;
  if (!Advance(&sources_[heap_[0]])) {
    heap_[0] = heap_.back();
    heap_.pop_back();
  }
  if (heap_.size() > 1) SiftDown(0);
  return status_.ok() && !heap_.empty();
}

std::vector<std::string> SplitKeys(const std::vector<std::shared_ptr<const Run>>& runs, std::size_t parts) {
  std::vector<std::string> samples;
  for (const auto& run : runs) {
    std::vector<std::string> keys = run->SampleKeys();
    std::move(keys.begin(), keys.end(), std::back_inserter(samples));
  }
  std::sort(samples.begin(), samples.end());
  std::vector<std::string> splits;
  for (std::size_t i = 1; i < parts && !samples.empty(); ++i) {
    const std::string& key = samples[samples.size() * i / parts];
    if (key > samples.front() && (splits.empty() || key > splits.back())) splits.push_back(key);
  }
  return splits;
}

}  // namespace lodestone::bulk
