// Reading the log of changes, cut down to what the principal sees.
#include <map>
#include <tuple>
#include <utility>

#include "catalog/event/event_log.h"
#include "catalog/record/keys.h"
#include "catalog/session/call.h"
#include "catalog/session/place.h"

namespace lodestone {

namespace session {

namespace {

using model::v1::Event;
using privilege::Access;
using privilege::Place;
using Kind = Securable::Kind;

bool IsAboutFunction(const Event& event) {
  return event.kind() == Event::CREATE_FUNCTION || event.kind() == Event::ALTER_FUNCTION ||
         event.kind() == Event::DROP_FUNCTION || event.kind() == Event::UNDROP_FUNCTION;
}

Securable SecurableOf(const Event& event) {
  if (event.database().empty()) return Securable::Catalog();
  if (event.object().empty()) return Securable::Database(event.database());
  if (IsAboutFunction(event)) return Securable::Function({.database = event.database(), .function = event.object()});
  return Securable::Table({.database = event.database(), .table = event.object()});
}

// What one principal sees of events. An event is seen by whoever sees what it is about: the object itself, wherever it
// is now, and each database that the event names. For the time of one call.
class EventSight {
 public:
  // All outlive the object. `all_of_catalog`: the principal is an administrator of the session's catalog.
  EventSight(const store::Reader& reader, Call& call, bool all_of_catalog, bool all_of_store)
      : reader_(reader), call_(call), all_of_catalog_(all_of_catalog), all_of_store_(all_of_store) {}

  // Whether the event is seen. Takes away from it what is not.
  absl::StatusOr<bool> Cut(Event* event) {
    if (all_of_store_) return true;
    if (event->catalog() != call_.session().catalog) return false;
    if (all_of_catalog_) return true;
    ASSIGN_OR_RETURN(const Verdict verdict, Judge(*event));
    if (!verdict.partitions) event->clear_partitions();
    return verdict.seen;
  }

 private:
  struct Verdict {
    bool seen = false;
    bool partitions = false;  // and the names of its partitions
  };

  absl::StatusOr<Verdict> Judge(const Event& event) {
    const auto key = std::tuple(event.object_id(), event.database(), event.new_database(), event.object());
    const auto known = known_.find(key);
    if (known != known_.end()) return known->second;
    ASSIGN_OR_RETURN(const Verdict verdict, JudgeAnew(event));
    known_.emplace(key, verdict);
    return verdict;
  }

  absl::StatusOr<Verdict> JudgeAnew(const Event& event) {
    const Securable on = SecurableOf(event);
    if (on.kind == Kind::kCatalog) return Verdict();  // administrators alone
    ASSIGN_OR_RETURN(const Place place, PlaceNow(event, on));
    ASSIGN_OR_RETURN(Access * access, call_.AccessOf(reader_));
    Verdict verdict;
    ASSIGN_OR_RETURN(verdict.seen, access->Sees(place));
    for (const std::string* database : {&event.database(), &event.new_database()}) {
      if (!verdict.seen || database->empty() || *database == place.database_name) continue;
      ASSIGN_OR_RETURN(verdict.seen, call_.Sees(reader_, Securable::Database(*database)));
    }
    if (!verdict.seen || on.kind != Kind::kTable) return verdict;
    ASSIGN_OR_RETURN(const Decision may_list, access->Decide(Operation::kListPartitions, place));
    verdict.partitions = may_list.allowed;
    return verdict;
  }

  // The object by its id, under its name of now; another that has the event's name today is none of its business.
  absl::StatusOr<Place> PlaceNow(const Event& event, const Securable& on) {
    const auto id = static_cast<uint64_t>(event.object_id());
    Securable now = on;
    record::DatabaseId database{on.kind == Kind::kDatabase ? id : 0};
    if (on.kind == Kind::kTable) {
      ASSIGN_OR_RETURN(const auto table,
                       ReadRecord<record::v1::TableRecord>(reader_, record::TableKey(record::TableId{id})));
      if (table) {
        now.object = table->name();
        database.value = table->database_id();
      }
    }
    if (database) {
      ASSIGN_OR_RETURN(const auto record,
                       ReadRecord<record::v1::DatabaseRecord>(reader_, record::DatabaseKey(database)));
      if (record) now.database = record->name();
    }
    ASSIGN_OR_RETURN(Place place, call_.PlaceOf(reader_, now));
    if (on.kind == Kind::kDatabase && place.database.value != id) {
      place.database = {};
      place.database_owner = {};
      place.exists = false;
    } else if (on.kind != Kind::kDatabase && place.object != id) {
      place.object = 0;
      place.object_owner = {};
      place.exists = false;
    }
    return place;
  }

  const store::Reader& reader_;
  Call& call_;
  const bool all_of_catalog_;
  const bool all_of_store_;
  std::map<std::tuple<int64_t, std::string, std::string, std::string>, Verdict> known_;
};

absl::StatusOr<EventPage> ReadSeen(const store::Reader& reader, Call& call, const EventOptions& options) {
  if (!call.checked()) return event::Read(reader, options);
  ASSIGN_OR_RETURN(const bool all_of_store, call.IsStoreAdministrator(reader));
  ASSIGN_OR_RETURN(const bool all_of_catalog, call.May(reader, Operation::kReadEvents, Securable::Catalog()));
  EventSight sight(reader, call, all_of_catalog, all_of_store);
  EventPage page{.events = {}, .last_id = options.after};
  EventOptions rest = options;
  for (;;) {
    rest.after = page.last_id;
    if (options.limit != 0) rest.limit = options.limit - page.events.size();
    ASSIGN_OR_RETURN(EventPage part, event::Read(reader, rest));
    page.last_id = part.last_id;
    for (Event& one : part.events) {
      ASSIGN_OR_RETURN(const bool seen, sight.Cut(&one));
      if (seen) page.events.push_back(std::move(one));
    }
    const bool full = options.limit == 0 || page.events.size() == options.limit;
    if (full || part.events.empty()) break;
  }
  call.Allow(all_of_catalog || all_of_store ? "an administrator" : "whoever sees what an event is about");
  return page;
}

}  // namespace
}  // namespace session

using namespace session;  // NOLINT: the calls below are made of what the namespace offers

absl::StatusOr<EventPage> Session::ReadEvents(const EventOptions& options) const {
  const auto body = [&](const ReaderPtr& reader, Call& call) { return ReadSeen(*reader, call, options); };
  return Read(
      *impl_, Operation::kReadEvents, [] { return Securable::Catalog(); }, body, Ask::kInBody);
}

absl::StatusOr<EventBounds> Session::GetEventBounds() const {
  const auto body = [](const ReaderPtr& reader, Call& call) {
    call.Allow("anybody may: ids tell of no object");
    return event::Bounds(*reader);
  };
  return Read(
      *impl_, Operation::kReadEvents, [] { return Securable::Catalog(); }, body, Ask::kInBody);
}

}  // namespace lodestone
