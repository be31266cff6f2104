// Notification events. Their ids are those of the store's log, over all catalogs.
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "bindings/hive/calls.h"
#include "bindings/hive/connection.h"
#include "bindings/hive/convert/event.h"
#include "bindings/hive/convert/names.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "bindings/hive/place.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"

namespace lodestone::hive {
namespace {

using model::v1::Event;

// Read at a time, so that a long log costs little memory.
constexpr std::size_t kPage = 100;
// In one answer, also for who asks for all: clients go on behind the last one they got.
constexpr int64_t kMostEvents = 100'000;

// Of which catalog, database and tables; what is empty passes everything.
struct Scope {
  EventOptions options;
  std::set<std::string> tables;
};

absl::StatusOr<Scope> ScopeOf(const Connection& connection, const std::string& catalog, const std::string& database,
                              const std::vector<std::string>& tables) {
  ASSIGN_OR_RETURN(const DatabaseArgument in, ParseDatabase(catalog, database));
  Scope scope;
  // A database without a catalog is one of `hive`, as everywhere; no name at all means the log as a whole.
  if (!catalog.empty() || !database.empty()) {
    ASSIGN_OR_RETURN(scope.options.catalog, connection.CatalogOf(in.catalog));
  }
  scope.options.database = base::AsciiLower(in.name());
  for (const std::string& table : tables) scope.tables.insert(base::AsciiLower(table));
  return scope;
}

// Shows `take` the events of the scope after `after`, oldest first, until it has enough of them. Where the oldest ones
// are gone it begins with those that are left: clients find the gap in the ids.
absl::Status Walk(const Session& session, Scope scope, int64_t after,
                  absl::FunctionRef<absl::StatusOr<bool>(const Event&)> take) {
  scope.options.after = std::max<int64_t>(after, 0);
  scope.options.limit = kPage;
  while (true) {
    absl::StatusOr<EventPage> page = session.ReadEvents(scope.options);
    if (const auto error = DomainErrorOf(page.status()); error && error->kind == ErrorKind::kEventsExpired) {
      ASSIGN_OR_RETURN(const EventBounds bounds, session.GetEventBounds());
      if (bounds.first_id - 1 <= scope.options.after) return page.status();
      scope.options.after = bounds.first_id - 1;
      continue;
    }
    RETURN_IF_ERROR(page.status());
    for (const Event& event : page->events) {
      if (!scope.tables.empty() && !IsAboutTable(event, scope.tables)) continue;
      ASSIGN_OR_RETURN(const bool more, take(event));
      if (!more) return absl::OkStatus();
    }
    if (page->events.size() < kPage) return absl::OkStatus();
    scope.options.after = page->last_id;
  }
}

// The objects that messages have, as they are while the answer is made. Events about one table mostly come together:
// the last one is kept.
class Objects {
 public:
  // Outlives the object.
  explicit Objects(const Connection& connection) : connection_(connection) {}

  absl::StatusOr<EventObjects> Of(const Event& event) {
    EventObjects found;
    const std::string& database = event.new_database().empty() ? event.database() : event.new_database();
    switch (event.kind()) {
      case Event::CREATE_DATABASE:
      case Event::ALTER_DATABASE:
      case Event::UNDROP_DATABASE: {
        const auto read = [&](const Session& session) { return session.GetDatabase(database); };
        ASSIGN_OR_RETURN(found.database, Same(event, In(event, read)));
        return found;
      }
      case Event::CREATE_FUNCTION:
      case Event::ALTER_FUNCTION:
      case Event::UNDROP_FUNCTION: {
        const auto read = [&](const Session& session) { return session.GetFunction({database, NameNow(event)}); };
        ASSIGN_OR_RETURN(found.function, Same(event, In(event, read)));
        return found;
      }
      case Event::CREATE_CATALOG:
      case Event::ALTER_CATALOG:
      case Event::DROP_CATALOG:
      case Event::UNDROP_CATALOG:
      case Event::DROP_DATABASE:
      case Event::DROP_TABLE:
      case Event::DROP_FUNCTION:
      case Event::DROP_CONSTRAINT:
      case Event::DELETE_TABLE_STATISTICS:
      case Event::DELETE_PARTITION_STATISTICS:
        return found;  // messages have none
      default:
        break;
    }
    const TableName name{database, NameNow(event)};
    ASSIGN_OR_RETURN(found.table, TableOf(event, name));
    if (found.table && !event.partitions().empty() &&
        (event.kind() == Event::ADD_PARTITIONS || event.kind() == Event::ALTER_PARTITIONS)) {
      ASSIGN_OR_RETURN(found.partitions, PartitionsOf(event, name));
    }
    return found;
  }

 private:
  static const std::string& NameNow(const Event& event) {
    return event.new_object().empty() ? event.object() : event.new_object();
  }

  // What `read` finds in the catalog of the event.
  template <typename Read>
  std::invoke_result_t<const Read&, const Session&> In(const Event& event, const Read& read) const {
    ASSIGN_OR_RETURN(const Session session, connection_.SessionIn(event.catalog()));
    return read(session);
  }

  // Nothing where it is unseen, or another object has the name by now.
  template <typename Record>
  static absl::StatusOr<std::optional<Record>> Same(const Event& event, absl::StatusOr<Record> found) {
    if (IsUnseen(found.status())) return std::nullopt;
    RETURN_IF_ERROR(found.status());
    if (found->id() != event.object_id()) return std::nullopt;
    return std::optional<Record>(*std::move(found));
  }

  absl::StatusOr<std::optional<model::v1::Table>> TableOf(const Event& event, const TableName& name) {
    const auto key = std::pair(event.object_id(), name.ToString());
    if (last_ != key) {
      ASSIGN_OR_RETURN(table_, Same(event, In(event, [&](const Session& session) { return session.GetTable(name); })));
      last_ = key;
    }
    return table_;
  }

  absl::StatusOr<std::vector<model::v1::Partition>> PartitionsOf(const Event& event, const TableName& name) const {
    const std::vector<std::string> names(event.partitions().begin(), event.partitions().end());
    auto found = In(event, [&](const Session& session) { return session.GetPartitionsByNames(name, names); });
    if (IsUnseen(found.status())) return std::vector<model::v1::Partition>();
    return found;
  }

  const Connection& connection_;
  std::optional<std::pair<int64_t, std::string>> last_;
  std::optional<model::v1::Table> table_;
};

absl::StatusOr<thrift::NotificationEventResponse> GetNext(Connection& connection,
                                                          const thrift::NotificationEventRequest& request) {
  ASSIGN_OR_RETURN(const Scope scope, ScopeOf(connection, request.catName, request.dbName, request.tableNames));
  ASSIGN_OR_RETURN(const Session session, connection.SessionIn(scope.options.catalog));
  const std::set<std::string> skip(request.eventTypeSkipList.begin(), request.eventTypeSkipList.end());
  const int64_t most = request.maxEvents > 0 ? std::min<int64_t>(request.maxEvents, kMostEvents) : kMostEvents;
  Objects objects(connection);
  std::size_t bytes = 0;
  thrift::NotificationEventResponse response;
  RETURN_IF_ERROR(Walk(session, scope, request.lastEvent, [&](const Event& event) -> absl::StatusOr<bool> {
    if (skip.contains(std::string(EventTypeName(event.kind())))) return true;
    ASSIGN_OR_RETURN(const EventObjects found, objects.Of(event));
    ASSIGN_OR_RETURN(thrift::NotificationEvent one, ToThrift(event, found));
    bytes += one.message.size();
    response.events.push_back(std::move(one));
    return std::ssize(response.events) < most && bytes < connection.service().options().event_bytes;
  }));
  return response;
}

absl::StatusOr<thrift::CurrentNotificationEventId> GetCurrent(Connection& connection) {
  ASSIGN_OR_RETURN(const Session session, connection.SessionIn({}));
  ASSIGN_OR_RETURN(const EventBounds bounds, session.GetEventBounds());
  thrift::CurrentNotificationEventId current;
  current.__set_eventId(bounds.newest_id);
  return current;
}

absl::StatusOr<thrift::NotificationEventsCountResponse> Count(Connection& connection,
                                                              const thrift::NotificationEventsCountRequest& request) {
  ASSIGN_OR_RETURN(const Scope scope, ScopeOf(connection, request.catName, request.dbName, request.tableNames));
  ASSIGN_OR_RETURN(const Session session, connection.SessionIn(scope.options.catalog));
  int64_t count = 0;
  RETURN_IF_ERROR(Walk(session, scope, request.fromEventId, [&](const Event& event) -> absl::StatusOr<bool> {
    if (request.__isset.toEventId && event.id() > request.toEventId) return false;
    ++count;
    return request.limit <= 0 || count < request.limit;
  }));
  thrift::NotificationEventsCountResponse response;
  response.__set_eventsCount(count);
  return response;
}

constexpr Call kEventCalls[] = {
    MakeCall<&GetNext>("get_next_notification", {}),
    MakeCall<&GetCurrent>("get_current_notificationEventId", {}),
    MakeCall<&Count>("get_notification_events_count", {}),
};

}  // namespace

std::span<const Call> EventCalls() { return kEventCalls; }

}  // namespace lodestone::hive
