// The log of changes. Appending happens in the transaction of the change, so an event is there exactly when the change
// is, and ids are dense and visible in order because transactions are.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/events.h"
#include "catalog/store/store.h"
#include "lodestone/model/v1/event.pb.h"

namespace lodestone::event {

// Gives the event the next id and the transaction's commit version. The caller sets everything else.
absl::Status Append(store::Transaction* txn, model::v1::Event event);

// OutOfRange (kEventsExpired): events behind options.after were removed.
absl::StatusOr<EventPage> Read(const store::Reader& reader, const EventOptions& options);
absl::StatusOr<EventBounds> Bounds(const store::Reader& reader);

// Removes events older than `before_ms`, at most `limit` of them looked at. Returns how many went.
absl::StatusOr<int64_t> Expire(store::Transaction* txn, int64_t before_ms, int64_t limit);

}  // namespace lodestone::event
