#include "catalog/event/event_log.h"

#include <algorithm>
#include <string>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/record/format.h"
#include "catalog/record/keys.h"
#include "lodestone/record/v1/record.pb.h"

namespace lodestone::event {

namespace {

using base::StrCat;

absl::StatusOr<record::v1::EventLogState> ReadState(const store::Reader& reader) {
  const std::string key = record::EventLogStateKey();
  ASSIGN_OR_RETURN(const std::optional<std::string> value, reader.Get(key));
  record::v1::EventLogState state;
  if (value) {
    RETURN_IF_ERROR(record::DecodeRecord(*value, record::Describe(key), &state));
  } else {  // nothing was logged yet
    state.set_first(1);
    state.set_next(1);
  }
  return state;
}

void WriteState(store::Transaction* txn, const record::v1::EventLogState& state) {
  txn->Put(record::EventLogStateKey(), record::EncodeRecord(state));
}

absl::Status Gap(int64_t id, int64_t first, int64_t next) {
  return absl::DataLossError(
      StrCat("event ", id, " is missing, though the log says that it holds ", first, " to ", next - 1));
}

// A rename is of interest under both names.
bool Passes(const model::v1::Event& event, const EventOptions& want) {
  const auto is = [](const std::string& wanted, const std::string& name) { return wanted.empty() || wanted == name; };
  const bool renames_catalog = event.kind() == model::v1::Event::ALTER_CATALOG && !event.new_object().empty();
  if (!is(want.catalog, event.catalog()) && !(renames_catalog && is(want.catalog, event.new_object()))) return false;
  if (is(want.database, event.database()) && is(want.object, event.object())) return true;
  const bool renamed = !event.new_database().empty();
  return renamed && is(want.database, event.new_database()) && is(want.object, event.new_object());
}

}  // namespace

absl::Status Append(store::Transaction* txn, model::v1::Event event) {
  ASSIGN_OR_RETURN(record::v1::EventLogState state, ReadState(*txn));
  event.set_id(state.next());
  event.set_version(static_cast<int64_t>(txn->commit_version()));
  record::v1::EventRecord stored;
  *stored.mutable_event() = std::move(event);
  txn->Put(record::EventKey(state.next()), record::EncodeRecord(stored));
  state.set_next(state.next() + 1);
  WriteState(txn, state);
  return absl::OkStatus();
}

absl::StatusOr<EventPage> Read(const store::Reader& reader, const EventOptions& options) {
  if (options.after < 0) {
    return absl::InvalidArgumentError(StrCat("after: ids of events are 0 or more, found ", options.after));
  }
  ASSIGN_OR_RETURN(const record::v1::EventLogState state, ReadState(reader));
  if (options.after < state.first() - 1) {
    return MakeError(ErrorKind::kEventsExpired, ObjectKind::kEvent, StrCat(options.after + 1),
                     StrCat("event ", options.after + 1, " is beyond retention: the log begins with ", state.first()));
  }
  EventOptions want = options;
  want.catalog = base::AsciiLower(options.catalog);
  want.database = base::AsciiLower(options.database);
  want.object = base::AsciiLower(options.object);
  EventPage page;
  page.last_id = options.after;
  if (options.after >= state.next() - 1) return page;
  const auto cursor = reader.NewCursor(record::Events(options.after + 1, state.next()), {.long_scan = true});
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    const int64_t id = record::EventIdInKey(cursor->key());
    if (id != page.last_id + 1) return Gap(page.last_id + 1, state.first(), state.next());
    record::v1::EventRecord stored;
    RETURN_IF_ERROR(record::DecodeRecord(cursor->value(), record::Describe(cursor->key()), &stored));
    page.last_id = id;
    if (!Passes(stored.event(), want)) continue;
    page.events.push_back(std::move(*stored.mutable_event()));
    if (page.events.size() == options.limit) return page;
  }
  RETURN_IF_ERROR(cursor->status());
  if (page.last_id != state.next() - 1) return Gap(page.last_id + 1, state.first(), state.next());
  return page;
}

absl::StatusOr<EventBounds> Bounds(const store::Reader& reader) {
  ASSIGN_OR_RETURN(const record::v1::EventLogState state, ReadState(reader));
  return EventBounds{.first_id = state.first(), .newest_id = state.next() - 1};
}

absl::StatusOr<int64_t> Expire(store::Transaction* txn, int64_t before_ms, int64_t limit) {
  ASSIGN_OR_RETURN(record::v1::EventLogState state, ReadState(*txn));
  const int64_t first = state.first();
  int64_t id = first;
  // Ids are dense, so that no cursor is needed; the oldest one that stays ends it, also where a clock went backwards.
  for (; id < state.next() && id - first < limit; ++id) {
    const std::string key = record::EventKey(id);
    ASSIGN_OR_RETURN(const std::optional<std::string> value, txn->Get(key));
    if (!value) return Gap(id, first, state.next());
    record::v1::EventRecord stored;
    RETURN_IF_ERROR(record::DecodeRecord(*value, record::Describe(key), &stored));
    if (stored.event().time_ms() >= before_ms) break;
    txn->Delete(key);
  }
  if (id == first) return 0;
  state.set_first(id);
  WriteState(txn, state);
  return id - first;
}

}  // namespace lodestone::event
