// Notification events. Their ids are those of the store's log, over all catalogs.
#include <algorithm>
#include <set>

#include "absl/functional/function_ref.h"
#include "bindings/hive/calls.h"
#include "bindings/hive/connection.h"
#include "bindings/hive/convert/event.h"
#include "bindings/hive/convert/names.h"
#include "bindings/hive/idl/hive_metastore_types.h"
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

absl::StatusOr<thrift::NotificationEventResponse> GetNext(Connection& connection,
                                                          const thrift::NotificationEventRequest& request) {
  ASSIGN_OR_RETURN(const Scope scope, ScopeOf(connection, request.catName, request.dbName, request.tableNames));
  ASSIGN_OR_RETURN(const Session session, connection.SessionIn(scope.options.catalog));
  const std::set<std::string> skip(request.eventTypeSkipList.begin(), request.eventTypeSkipList.end());
  const int64_t most = request.maxEvents > 0 ? std::min<int64_t>(request.maxEvents, kMostEvents) : kMostEvents;
  std::size_t bytes = 0;
  thrift::NotificationEventResponse response;
  RETURN_IF_ERROR(Walk(session, scope, request.lastEvent, [&](const Event& event) -> absl::StatusOr<bool> {
    if (skip.contains(std::string(EventTypeName(event.kind())))) return true;
    ASSIGN_OR_RETURN(thrift::NotificationEvent one, ToThrift(event));
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
