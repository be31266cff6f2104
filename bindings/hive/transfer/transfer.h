// Takes over the metadata of one side into another: from a metastore into a store, or back. What is there and the same
// is passed over, so that a transfer that was broken off and is begun again goes on where it was and ends with the
// same content. Nothing is dropped or taken away at the target, and no data is touched by us.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bindings/hive/transfer/side.h"

namespace lodestone::hive {

// Kinds of objects, in the order of a report.
enum class TransferKind { kDatabase, kTable, kPartition, kStatistics, kConstraint, kFunction, kRole, kGrant };
inline constexpr std::size_t kTransferKinds = 8;
// `databases`, `tables`, ...
std::string_view NameOf(TransferKind kind);

struct TransferCounts {
  int64_t added = 0;
  int64_t updated = 0;
  int64_t there = 0;      // already, and passed over
  int64_t different = 0;  // likewise, and seen not to be the same
  int64_t left_out = 0;
};

// Statistics are counted per table or partition that has some, roles with each membership.
struct TransferReport {
  std::array<TransferCounts, kTransferKinds> counts{};
  TransferCounts& of(TransferKind kind) { return counts[static_cast<std::size_t>(kind)]; }
  const TransferCounts& of(TransferKind kind) const { return counts[static_cast<std::size_t>(kind)]; }
  int64_t left_out() const;
};

struct TransferProgress {
  std::string_view what;  // `table web.hits`
  int64_t objects = 0;    // dealt with so far, of whatever kind
  int64_t tables = 0;     // of these, with all they hold
  int64_t tables_total = 0;
};

struct TransferOptions {
  std::vector<std::string> databases{};  // empty: all
  // Alters what is there and differs; otherwise it is left alone and counted.
  bool update = false;
  bool statistics = true;
  bool grants = true;
  // Grants on single columns: a metastore is asked for each column, which takes a while where there are many.
  bool column_grants = true;
  // Objects that are left out because one side can't say or take them; one more ends the transfer.
  int64_t max_errors = 0;
  // Partitions per call; fewer where they have many columns.
  int batch = 500;
  std::function<void(TransferKind kind, std::string_view object, const absl::Status& why)> on_left_out{};
  std::function<void(TransferKind kind, std::string_view object)> on_different{};
  std::function<void(const TransferProgress&)> on_progress{};
};

// First roles; then databases, in each of them functions, tables and then views, with partitions, statistics and
// constraints, each with the grants on it; foreign keys at the end, when their parents are there. `default` takes
// everything but its owner as long as the target has nothing in it. Without options.update partitions that are there
// are not looked at, nor are their statistics where the target adds both as one step.
//   NotFound           one of options.databases is not there
//   the failure of an object  one more than options.max_errors
//   and what a side fails with (IsFatal)
// What was done until then stays.
absl::StatusOr<TransferReport> Transfer(Side* from, Side* to, const TransferOptions& options);

}  // namespace lodestone::hive
