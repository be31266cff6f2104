// Names of tables, resolved, with what the partition layer has to know of them: what makes one look-up of a partition
// cost little more than the look-up itself.
//
// Idea. Resolving a name reads four records and parses a table's, which is slow for wide tables. The result stays right
// as long as no catalog, database or table was changed; the version of the last such change stands in one small record
// (Sequence.definitions_version). So an entry holds the version with which it was made, and the span of snapshots for
// which that is known to be the current one; inside of the span nothing has to be read at all. A table's partition set
// changes with every add, and has a span of its own. An entry is only ever made of committed state: a transaction
// makes one of a name alone, without the set, and only while it has changed no definition itself; after that the
// version that it reads is the one it will commit as, which fits no entry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "catalog/base/strings.h"
#include "catalog/names.h"
#include "catalog/partition/table_partitions.h"
#include "catalog/store/store.h"

namespace lodestone::session {

// Thread-safe.
class TableCache {
 public:
  using TablePtr = std::shared_ptr<const partition::TablePartitions>;

  // As session::FindPartitions, with a set that is current in `reader`. `committed`: the reader is a snapshot, not a
  // transaction.
  absl::StatusOr<TablePtr> Find(const store::Reader& reader, bool committed, std::string_view catalog,
                                const TableName& name);

 private:
  // Snapshots from `first` to `last`.
  struct Span {
    store::Version first = 0;
    store::Version last = 0;
    bool Has(store::Version v) const { return first <= v && v <= last; }
    void Extend(store::Version v);
  };
  // Immutable; a newer one takes its place.
  struct Entry {
    uint64_t definitions = 0;                     // the version of the last change of definitions
    Span names;                                   // where that is so
    Span set;                                     // where table->set is the current one
    std::shared_ptr<const std::string> record{};  // the table's, to keep the parsed one when only others were changed
    TablePtr table{};
  };
  using EntryPtr = std::shared_ptr<const Entry>;

  EntryPtr Lookup(std::string_view key) const;
  void Store(std::string_view key, Entry entry);
  // Resolves the name anew. `old` may be null.
  absl::StatusOr<Entry> Resolve(const store::Reader& reader, uint64_t definitions, std::string_view catalog,
                                const TableName& name, const Entry* old) const;

  static constexpr std::size_t kMaxEntries = 4096;

  mutable absl::Mutex mutex_;
  base::StringMap<EntryPtr> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lodestone::session
