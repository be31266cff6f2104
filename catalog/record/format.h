// The numbers of the format. Stored: the store's format goes up by one with every change that older code can't read,
// and docs/format/versions.md and tests/compat with it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message_lite.h"

namespace lodestone::record {

// The newest format of a store that this code reads, and the one that it writes.
inline constexpr uint32_t kStoreFormat = 3;
// The first byte of every record that is a protobuf message.
inline constexpr char kRecordFormat = 1;

std::string EncodeRecord(const google::protobuf::MessageLite& message);
// DataLoss: not a record, or not of this message; `what` says in words which record it is. FailedPrecondition: a newer
// format.
absl::Status DecodeRecord(std::string_view bytes, std::string_view what, google::protobuf::MessageLite* message);

}  // namespace lodestone::record
