// Lists of partitions as calls answer with them: from one snapshot, counted first, as a list says its length before its
// elements, and then written straight from the pages, so that a list of any length takes little memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bindings/hive/connection.h"
#include "bindings/hive/partition_grants.h"
#include "bindings/hive/place.h"
#include "bindings/hive/protocol.h"
#include "catalog/session.h"

namespace lodestone::hive {

// Which partitions a call means.
struct PartitionQuery {
  std::string filter{};  // of Hive's language; empty: all
  // Leading values, of which the empty text matches any (`_ps` calls).
  std::optional<std::vector<std::string>> values{};
  std::optional<std::vector<std::string>> names{};  // these partitions, without values
  int64_t limit = -1;                               // below 0: all
  EncodeOptions shown{};
};

// Partitions as they go over the wire.
struct EncodedPartitions {
  uint32_t count = 0;
  std::vector<std::string> pieces{};  // one after the other, each of one batch: memory that is in use again and again
};
// Those of the named ones that exist: looked up once and held, as whoever names them bounds how many they are.
//   InvalidArgument  no name of a partition of the table
absl::StatusOr<EncodedPartitions> EncodeNamed(const TablePlace& place, const std::vector<std::string>& names,
                                              const EncodeOptions& shown);

// Not thread-safe. Holds a snapshot.
class PartitionList {
 public:
  // Looks, and counts what the query means. Cost: none without filter, values and names; with them that of a count.
  //   NotFound         no such table
  //   InvalidArgument  the filter; more values than keys; no name of a partition of the table
  static absl::StatusOr<PartitionList> Open(const TablePlace& place, PartitionQuery query);
  // Without anything in it.
  static PartitionList Empty(const TablePlace& place) { return PartitionList(place, place.session(), {}, 0); }

  std::size_t size() const { return size_; }
  // A MetaException when there are more than one request may have in full.
  absl::Status CheckLimit(const Connection& connection) const;

  // A list of names; of partitions. A failure in the middle leaves a part behind.
  absl::Status WriteNames(ReplyWriter& writer) const;
  // With what `grants`, which was made of session(), says of each, where it says something.
  absl::Status WritePartitions(ReplyWriter& writer, const std::optional<PartitionGrants>& grants = {}) const;

  // In name order. REQUIRES: outlived by this.
  PartitionCursor Cursor(const Projection& projection) const;
  const TablePlace& place() const { return place_; }
  // The snapshot.
  const Session& session() const { return snapshot_; }

 private:
  PartitionList(const TablePlace& place, Session snapshot, PartitionQuery query, std::size_t size)
      : place_(place), snapshot_(std::move(snapshot)), query_(std::move(query)), size_(size) {}
  absl::StatusOr<std::size_t> Count() const;

  TablePlace place_;
  Session snapshot_;
  PartitionQuery query_;
  std::size_t size_;
};

}  // namespace lodestone::hive
