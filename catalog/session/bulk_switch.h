// How a bulk load changes a table: small ones edit its pages in one transaction; large ones write all pages of a new
// partition set beside the store, put them in, and let one transaction make them the table's. A crash anywhere leaves
// the table as it was, or as it is to be; what it leaves behind is named by a PendingLoad record and removed at the
// next open.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/bulk/merge.h"
#include "catalog/bulk_load.h"
#include "catalog/partition/editor.h"
#include "catalog/partition/table_partitions.h"
#include "catalog/session/call.h"
#include "catalog/session/context.h"

namespace lodestone::session {

// How often a load begins again since the table changed while it was merged.
inline constexpr int kMaxLoadAttempts = 10;

// What is to be merged into a table.
struct LoadSource {
  const std::vector<std::shared_ptr<const bulk::Run>>* runs = nullptr;
  const std::vector<std::string>* descriptors = nullptr;  // serialized; the rows' number 1 is the first
  const partition::TablePartitions* started = nullptr;    // the table when the rows were encoded
  Call* call = nullptr;                                   // the load as a call
  std::span<const Operation> needs{};                     // what it takes
};
// Asks for all that a load takes.
absl::Status CheckLoad(const store::Reader& reader, Call& call, const TableName& table,
                       std::span<const Operation> needs);

// One table in one snapshot, ready to be merged with.
struct LoadBase {
  partition::TablePartitions table;
  std::shared_ptr<const store::Reader> reader;
  std::vector<uint32_t> descriptor_numbers;  // what the rows' numbers become

  bulk::MergeInput Input(const LoadSource& source) const {
    return {.runs = source.runs, .descriptor_numbers = descriptor_numbers, .reader = reader, .table = &table};
  }
};
// NotFound, Aborted: the table is no longer the one that the rows were encoded for.
absl::StatusOr<LoadBase> FindLoadBase(const Session::Impl& session, const LoadSource& source);

// FailedPrecondition: the session can't load (a snapshot, a follower, or inside of Transact).
absl::Status CheckCanLoad(const Session::Impl& session);

// What a load says of itself while it goes on.
using LoadProgress = std::function<void(const BulkLoadProgress&)>;

// A visitor that remembers whose statistics do not move along to the new set.
class SetVisitor : public bulk::MergeVisitor {
 public:
  std::vector<std::string>& changed_keys() { return changed_keys_; }

 protected:
  // REQUIRES: ascending.
  void ForgetStatistics(std::string_view key) { changed_keys_.emplace_back(key); }

 private:
  std::vector<std::string> changed_keys_;
};
using SetVisitorFactory = std::function<std::unique_ptr<SetVisitor>(partition::PageWriter* pages)>;

// Merges into a new set and makes it the table's. `visitors` is left with those that were made, in order of their
// parts. `events` is asked for what happened, once all rows are merged; without an event the table stays as it is.
// False: the table changed meanwhile; nothing happened, and the caller tries again on a new base.
absl::StatusOr<bool> ReplaceSet(const Session::Impl& session, const LoadSource& source, const LoadBase& base,
                                const SetVisitorFactory& make_visitor,
                                std::vector<std::unique_ptr<SetVisitor>>* visitors,
                                const std::function<std::vector<model::v1::Event>()>& events,
                                const LoadProgress& progress);

// Edits the pages in one transaction instead. `changed_keys` lose their statistics. False: as above.
absl::StatusOr<bool> EditSet(const Session::Impl& session, const LoadSource& source, const LoadBase& base,
                             std::span<const partition::Edit> edits, const partition::EditPolicy& policy,
                             std::span<const std::string> changed_keys, partition::EditCounts* counts,
                             const std::function<std::vector<model::v1::Event>()>& events);

// Whether that is cheaper than writing all pages.
bool EditsAreCheaper(int64_t edits, int64_t present);

absl::Status OvertakenTooOften(const TableName& table);

}  // namespace lodestone::session
