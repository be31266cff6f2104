// Reading the partitions of one table, at one snapshot.
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
#include "catalog/filter/filter.h"
#include "catalog/options.h"
#include "catalog/partition/table_partitions.h"
#include "catalog/partition_batch.h"
#include "catalog/store/store.h"
#include "lodestone/model/v1/partition.pb.h"

namespace lodestone::partition {

// Where a page cursor starts and stops; the session makes it of ListOptions.
struct ScanOptions {
  Projection projection{};
  Order order = Order::kAscending;
  std::size_t limit = 0;       // 0: all
  std::size_t batch_size = 0;  // 0: as the pages have them
  // Behind this partition key (in the direction of the scan); nullopt: from the start.
  std::optional<std::string> after{};
  // Only these partition keys; nullopt: all. REQUIRES: sorted, each once.
  std::optional<std::vector<std::string>> keys{};
};

// Batches of passing rows. Not thread-safe. Owns what it reads from.
class Scan {
 public:
  virtual ~Scan() = default;
  virtual bool Next() = 0;
  virtual const PartitionBatch& batch() const = 0;
  virtual const absl::Status& status() const = 0;
  // The partition key of the last row yielded; nullopt when the scan came to its end (nothing is left).
  virtual std::optional<std::string> last_key() const = 0;
  // What it cost so far.
  virtual const FilterPlan& plan() const = 0;
};

// `filter` null: all. `reader` is kept alive by the scan, unless it is a transaction, which must outlive it (pass a
// shared_ptr that does not own).
std::unique_ptr<Scan> NewScan(std::shared_ptr<const store::Reader> reader, std::shared_ptr<const TablePartitions> table,
                              std::shared_ptr<const filter::Filter> filter, ScanOptions options);
// The same, with a copy of the table.
std::unique_ptr<Scan> NewScan(std::shared_ptr<const store::Reader> reader, TablePartitions table,
                              std::shared_ptr<const filter::Filter> filter, ScanOptions options);

// One partition by its encoded key; nullopt: not there. Two seeks.
absl::StatusOr<std::optional<model::v1::Partition>> GetPartition(const store::Reader& reader,
                                                                 const TablePartitions& table, std::string_view key,
                                                                 const Projection& projection);
// One seek.
absl::StatusOr<bool> PartitionExists(const store::Reader& reader, const TablePartitions& table, std::string_view key);
// Of each; with keys in their order one seek a page.
absl::StatusOr<std::vector<bool>> PartitionsExist(const store::Reader& reader, const TablePartitions& table,
                                                  std::span<const std::string_view> keys);

// How many pass; reads key pages only, and none without a filter. Fills `plan` when given.
absl::StatusOr<int64_t> CountPartitions(const store::Reader& reader, const TablePartitions& table,
                                        const filter::Filter* filter, FilterPlan* plan);

// Distinct values of one key among the partitions that pass, in the order of the key's type.
absl::StatusOr<std::vector<std::string>> DistinctValues(const store::Reader& reader, const TablePartitions& table,
                                                        const filter::Filter* filter, std::size_t key_index);

// Counts and bounds from key pages, sums from three columns of value pages. A parameter counts as a number when it is a
// whole decimal one and not negative: Hive writes -1 where it does not know.
absl::StatusOr<model::v1::PartitionSummary> Summarize(const store::Reader& reader, const TablePartitions& table,
                                                      const filter::Filter* filter);

// Calls `visit` with the encoded key of every partition that passes, in order, until it returns a failure.
absl::Status ForEachKey(const store::Reader& reader, const TablePartitions& table, const filter::Filter* filter,
                        const std::function<absl::Status(std::string_view)>& visit);

}  // namespace lodestone::partition
