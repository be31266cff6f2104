// Where a cursor goes on: text that users keep, send round and hand back, so it is read with suspicion.
//
// The text is base64 with the alphabet for URLs, without padding, of: version (1 byte, 1), order (1 byte), table id
// (8 bytes, big-endian), the key of the last partition that was yielded, checksum (4 bytes, big-endian) over all
// before.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "catalog/options.h"
#include "catalog/record/ids.h"

namespace lodestone::session {

struct ResumePoint {
  record::TableId table;
  Order order = Order::kAscending;
  std::string after;  // the key of a partition
};

std::string EncodeResumeToken(const ResumePoint& point);
// InvalidArgument (kToken): anything that EncodeResumeToken did not write, in form at least.
absl::StatusOr<ResumePoint> DecodeResumeToken(std::string_view token);
// The key that a cursor of this table and order goes on behind. InvalidArgument also for another table's or order's.
absl::StatusOr<std::string> ResumeAfter(std::string_view token, record::TableId table, Order order);

}  // namespace lodestone::session
