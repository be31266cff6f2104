// Merging the rows of a load with those that the table holds, in the order of their keys.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/bulk/run.h"
#include "catalog/partition/page_writer.h"
#include "catalog/partition/row.h"
#include "catalog/partition/table_partitions.h"
#include "catalog/record/ids.h"
#include "catalog/store/store.h"

namespace lodestone::bulk {

// What happens to each row. Called in ascending order of keys; rows are valid during the call.
class MergeVisitor {
 public:
  virtual ~MergeVisitor() = default;
  // In the load alone.
  virtual absl::Status Fresh(const partition::Row& row) = 0;
  // In the table alone.
  virtual absl::Status Present(const partition::Row& row) = 0;
  // In both.
  virtual absl::Status Both(const partition::Row& fresh, const partition::Row& present) = 0;
  // The load has the key twice; what to fail with.
  virtual absl::Status Twice(std::string_view key) = 0;
};

// What is merged with what.
struct MergeInput {
  const std::vector<std::shared_ptr<const Run>>* runs = nullptr;
  std::vector<uint32_t> descriptor_numbers;  // see BlobDecoder
  std::shared_ptr<const store::Reader> reader;
  const partition::TablePartitions* table = nullptr;
};
// Rows with keys in [from, to); empty bounds are none. `count` is called now and then with the number of rows that
// passed since the last call.
absl::Status Merge(const MergeInput& input, std::string_view from, std::string_view to, MergeVisitor* visitor,
                   const std::function<void(int64_t)>& count);

// Makes the visitor for one part of the key space, which hands the rows of the new set to `pages`. Called once per
// part, in ascending order. The visitor stays the maker's, and is used by one thread at a time.
using VisitorFactory = std::function<MergeVisitor*(partition::PageWriter* pages)>;

struct BuildOptions {
  int threads = 2;
  // Parts that are smaller are not worth a thread.
  int64_t rows_per_thread = 50'000;
  std::function<void(int64_t)> progress;  // rows so far; called by the calling thread
};

// The pages of a set that nothing refers to yet.
struct BuiltSet {
  std::vector<std::unique_ptr<store::SortedRun>> runs;  // finished; none when there are no rows
  int64_t rows = 0;
  int64_t pages = 0;
  bool all_derived = true;  // no row has a location of its own
};
// Builds a set's pages, several parts of the key space side by side. The failure of the lowest part counts, so that
// "the first" means the same whatever the number of threads.
absl::StatusOr<BuiltSet> BuildSet(store::Store* store, record::SetId set, const MergeInput& input,
                                  const VisitorFactory& make_visitor, const BuildOptions& options);

}  // namespace lodestone::bulk
