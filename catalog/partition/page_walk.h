// Which pages a filter, or a set of partitions, has to look at: walks from one page that may hold passing rows to the
// next, and seeks past those that can't. A skip scan: the filter or the set names the next partition key that may pass,
// and the walk goes to the page that would hold it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "catalog/filter/filter.h"
#include "catalog/options.h"
#include "catalog/partition/page_cursor.h"
#include "catalog/partition/table_partitions.h"
#include "catalog/store/store.h"

namespace lodestone::partition {

// Not thread-safe. `table`, `filter` and the reader of a transaction outlive it.
class PageWalk {
 public:
  struct Options {
    Order order = Order::kAscending;
    // Only rows behind this partition key, in the direction of the walk; nullopt: from the start.
    std::optional<std::string> after{};
    // Ascending only: only rows from this key on; empty: from the start.
    std::string from{};
    // Only rows with these partition keys; nullopt: all. REQUIRES: sorted, each once.
    std::optional<std::vector<std::string>> keys{};
  };
  // `filter` null: all pages.
  PageWalk(const store::Reader& reader, const TablePartitions& table, const filter::Filter* filter, Options options);

  // To the next page that may hold passing rows, which is then read; false at the end and on a failure.
  bool Next();
  const absl::Status& status() const { return status_; }
  // Neither filter nor keys leave anything out.
  bool all_rows() const { return !jumps_; }

  KeyPageCursor& pages() { return pages_; }
  const record::KeyPage& page() const { return pages_.page(); }
  // The rows of the page that Options leave over.
  std::size_t first_row() const { return first_row_; }
  std::size_t end_row() const { return end_row_; }
  bool whole_page() const { return first_row_ == 0 && end_row_ == page().rows(); }

  // Appends the numbers of the rows between first_row() and end_row() that pass, ascending.
  void Evaluate(std::vector<uint16_t>* passing);
  // How many of them pass; decodes less than Evaluate where it can.
  std::size_t Count();

  // What it cost so far, with the filter's own half filled in.
  const FilterPlan& plan() const { return plan_; }

 private:
  bool NextAscending();
  bool NextDescending();
  bool ReadPage();
  bool End();
  void SeekCandidate();
  void CutRows();
  // The first key at or above `from` that may pass; and a bound that all are below, of those below `bound` (empty: of
  // all). nullopt: none.
  std::optional<std::string> NextCandidate(std::string_view from) const;
  std::optional<std::string> PreviousCandidateBound(std::string_view bound) const;
  std::vector<uint16_t> RowsOfKeys() const;
  void EvaluateFilter(std::vector<uint16_t>* passing);

  const filter::Filter* const filter_;
  const Options options_;
  const bool jumps_;  // some pages may be passed over
  KeyPageCursor pages_;
  bool started_ = false;
  absl::Status status_;
  // Ascending: the next key that may pass. Descending: all that may still pass is below; empty: no bound.
  std::string candidate_;
  std::size_t first_row_ = 0;
  std::size_t end_row_ = 0;
  FilterPlan plan_;
};

}  // namespace lodestone::partition
