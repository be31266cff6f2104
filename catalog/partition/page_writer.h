// Sorted rows into pages, without reading any: what a bulk load writes into sorted runs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "absl/status/status.h"
#include "catalog/partition/page_limits.h"
#include "catalog/partition/row.h"
#include "catalog/partition/table_partitions.h"
#include "catalog/store/store.h"

namespace lodestone::partition {

// Writes key pages to one run and value pages to another: in key order both are sorted, together they would not be.
class PageWriter {
 public:
  // The runs are not owned and outlive the writer.
  PageWriter(record::SetId set, std::size_t key_count, store::SortedRun* key_pages, store::SortedRun* value_pages,
             const PageLimits& limits = {});
  ~PageWriter();

  // Rows in strictly ascending key order; InvalidArgument otherwise.
  absl::Status Add(const Row& row);
  // Writes the last page. Runs are left unfinished.
  absl::Status Finish();
  // After Finish: what PartitionSet.partitions and PartitionSet.pages have to say.
  int64_t rows() const;
  int64_t pages() const;
  // No row had a location of its own.
  bool all_derived() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Rows of a table in key order, with all that pages hold, for merging them with others without building messages.
class RowSource {
 public:
  virtual ~RowSource() = default;
  virtual bool Next() = 0;             // false at the end or on a failure
  virtual const Row& row() const = 0;  // valid until the next Next()
  virtual const absl::Status& status() const = 0;
};
// Begins with the first row whose key is >= `from` (encoded; empty: all rows), so that several can share the work.
std::unique_ptr<RowSource> NewRowSource(std::shared_ptr<const store::Reader> reader, const TablePartitions& table,
                                        std::string_view from = {});

}  // namespace lodestone::partition
