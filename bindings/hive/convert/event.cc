#include "bindings/hive/convert/event.h"

#include <thrift/protocol/TJSONProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "bindings/hive/convert/database.h"
#include "bindings/hive/convert/fields.h"
#include "bindings/hive/convert/function.h"
#include "bindings/hive/convert/partition.h"
#include "bindings/hive/convert/table.h"
#include "catalog/base/status_macros.h"
#include "catalog/names.h"

namespace lodestone::hive {
namespace {

using model::v1::Event;
using Json = nlohmann::ordered_json;
using base::StrCat;

constexpr std::string_view kFormat = "json-0.2";

// `dt=1/hour=2`, as keys and values.
absl::StatusOr<std::vector<std::pair<std::string, std::string>>> Split(const std::string& partition) {
  auto pieces = SplitPartitionName(partition);
  if (!pieces.ok()) return absl::DataLossError(StrCat("an event: ", base::ToStd(pieces.status().message())));
  return std::move(*pieces);
}

// As an object: {"dt": "1", "hour": "2"}.
absl::StatusOr<Json> KeyValues(const std::string& partition) {
  ASSIGN_OR_RETURN(const auto pieces, Split(partition));
  Json out = Json::object();
  for (const auto& [key, value] : pieces) out[key] = value;
  return out;
}

// As a list: ["1", "2"].
absl::StatusOr<Json> Values(const std::string& partition) {
  ASSIGN_OR_RETURN(const auto pieces, Split(partition));
  Json out = Json::array();
  for (const auto& [key, value] : pieces) out.push_back(value);
  return out;
}

// Left out where the event does not name them: an empty list would say that there were none.
absl::Status AddPartitions(const Event& event, Json* message) {
  if (event.partitions().empty()) return absl::OkStatus();
  Json partitions = Json::array();
  for (const std::string& name : event.partitions()) {
    ASSIGN_OR_RETURN(Json values, KeyValues(name));
    partitions.push_back(std::move(values));
  }
  // Hive tells of one changed partition, and has it here.
  if (event.kind() == Event::ALTER_PARTITIONS) (*message)["keyValues"] = partitions[0];
  (*message)["partitions"] = std::move(partitions);
  return absl::OkStatus();
}

// Messages about statistics have words of their own.
absl::Status AddStatisticsOf(const Event& event, Json* message) {
  (*message)["catalog"] = event.catalog();
  (*message)["database"] = event.database();
  if (event.partitions().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(Json values, Values(event.partitions(0)));
  if (event.kind() == Event::DELETE_PARTITION_STATISTICS) {
    (*message)["partName"] = event.partitions(0);
    (*message)["partValues"] = std::move(values);
  } else {
    (*message)["partVals"] = std::move(values);
  }
  return absl::OkStatus();
}

// What the message has beside the server and the time.
absl::Status AddNames(const Event& event, Json* message) {
  switch (event.kind()) {
    case Event::CREATE_CATALOG:
    case Event::ALTER_CATALOG:
    case Event::DROP_CATALOG:
    case Event::UNDROP_CATALOG:
      (*message)["catalog"] = event.catalog();
      return absl::OkStatus();
    case Event::DROP_CONSTRAINT:
      (*message)["dbName"] = event.database();
      (*message)["tableName"] = event.object();
      (*message)["constraintName"] = event.new_object();
      return absl::OkStatus();
    case Event::CREATE_FUNCTION:
    case Event::ALTER_FUNCTION:
    case Event::DROP_FUNCTION:
    case Event::UNDROP_FUNCTION:
      (*message)["db"] = event.database();
      (*message)["functionName"] = event.object();
      return absl::OkStatus();
    case Event::UPDATE_TABLE_STATISTICS:
    case Event::DELETE_TABLE_STATISTICS:
    case Event::UPDATE_PARTITION_STATISTICS:
    case Event::DELETE_PARTITION_STATISTICS:
      return AddStatisticsOf(event, message);
    default:
      break;
  }
  (*message)["db"] = event.database();
  if (!event.object().empty()) (*message)["table"] = event.object();
  // Which changes emptied a table the log does not tell.
  if (EventTypeName(event.kind()).starts_with("ALTER_") && !event.object().empty()) {
    (*message)["isTruncateOp"] = "false";
  }
  return AddPartitions(event, message);
}

// As Hive puts an object into a message: Thrift's own JSON, as a text.
template <typename T>
std::string ToJsonText(const T& object) {
  const auto buffer = std::make_shared<apache::thrift::transport::TMemoryBuffer>();
  apache::thrift::protocol::TJSONProtocol writer(buffer);
  object.write(&writer);
  return buffer->getBufferAsString();
}

// Of what was added those that are still there; what is gone a later event tells of. Of what was changed the first one,
// which has to be the one that the message names.
void AddPartitionObjects(const Event& event, const EventObjects& objects, Json* message) {
  if (event.partitions().empty()) return;
  if (event.kind() == Event::ADD_PARTITIONS) {
    Json list = Json::array();
    for (const model::v1::Partition& partition : objects.partitions) list.push_back(ToJsonText(ToThrift(partition)));
    (*message)["partitionListJson"] = std::move(list);
  } else if (event.kind() == Event::ALTER_PARTITIONS && !objects.partitions.empty() &&
             std::ssize(objects.partitions) == event.count()) {
    (*message)["partitionObjAfterJson"] = ToJsonText(ToThrift(objects.partitions[0]));
  }
}

void AddObjects(const Event& event, const EventObjects& objects, Json* message) {
  const std::string_view type = EventTypeName(event.kind());
  const bool is_change = type.starts_with("ALTER_") && event.kind() != Event::ALTER_PARTITIONS;
  if (objects.database) (*message)[is_change ? "dbObjAfterJson" : "dbJson"] = ToJsonText(ToThrift(*objects.database));
  if (objects.function) (*message)["functionObjJson"] = ToJsonText(ToThrift(*objects.function));
  if (!objects.table) return;
  if (!type.ends_with("COL_STAT_EVENT"))
    (*message)["tableType"] = std::string(TableTypeName(objects.table->table_type()));
  (*message)[is_change ? "tableObjAfterJson" : "tableObjJson"] = ToJsonText(ToThrift(*objects.table));
  AddPartitionObjects(event, objects, message);
}

bool IsOfFunction(Event::Kind kind) {
  return kind == Event::CREATE_FUNCTION || kind == Event::ALTER_FUNCTION || kind == Event::DROP_FUNCTION ||
         kind == Event::UNDROP_FUNCTION;
}

// Not where a constraint stands in the place of the new name.
bool IsRename(const Event& event) { return event.kind() != Event::DROP_CONSTRAINT && !event.new_object().empty(); }

}  // namespace

std::string_view EventTypeName(Event::Kind kind) {
  switch (kind) {
    case Event::CREATE_CATALOG:
    case Event::UNDROP_CATALOG:
      return "CREATE_CATALOG";
    case Event::ALTER_CATALOG:
      return "ALTER_CATALOG";
    case Event::DROP_CATALOG:
      return "DROP_CATALOG";
    case Event::CREATE_DATABASE:
    case Event::UNDROP_DATABASE:
      return "CREATE_DATABASE";
    case Event::ALTER_DATABASE:
      return "ALTER_DATABASE";
    case Event::DROP_DATABASE:
      return "DROP_DATABASE";
    case Event::CREATE_TABLE:
    case Event::UNDROP_TABLE:
      return "CREATE_TABLE";
    case Event::ALTER_TABLE:
    case Event::ADD_CONSTRAINTS:
      return "ALTER_TABLE";
    case Event::DROP_TABLE:
      return "DROP_TABLE";
    case Event::ADD_PARTITIONS:
    case Event::LOAD_PARTITIONS:
      return "ADD_PARTITION";
    case Event::ALTER_PARTITIONS:
      return "ALTER_PARTITION";
    case Event::DROP_PARTITIONS:
      return "DROP_PARTITION";
    case Event::CREATE_FUNCTION:
    case Event::ALTER_FUNCTION:
    case Event::UNDROP_FUNCTION:
      return "CREATE_FUNCTION";
    case Event::DROP_FUNCTION:
      return "DROP_FUNCTION";
    case Event::UPDATE_TABLE_STATISTICS:
      return "UPDATE_TBL_COL_STAT_EVENT";
    case Event::DELETE_TABLE_STATISTICS:
      return "DELETE_TBL_COL_STAT_EVENT";
    case Event::UPDATE_PARTITION_STATISTICS:
      return "UPDATE_PART_COL_STAT_EVENT";
    case Event::DELETE_PARTITION_STATISTICS:
      return "DELETE_PART_COL_STAT_EVENT";
    case Event::DROP_CONSTRAINT:
      return "DROP_CONSTRAINT";
    default:
      // Of a newer store than this program: clients pass over types that they do not know.
      return "UNKNOWN";
  }
}

absl::StatusOr<thrift::NotificationEvent> ToThrift(const Event& event, const EventObjects& objects) {
  const int64_t seconds = event.time_ms() / 1'000;
  // Clients refuse a message without these two; they tell of no server here.
  Json message = {{"server", ""}, {"servicePrincipal", ""}};
  RETURN_IF_ERROR(AddNames(event, &message));
  AddObjects(event, objects, &message);
  message["timestamp"] = seconds;
  thrift::NotificationEvent out;
  out.__set_eventId(event.id());
  out.__set_eventTime(ToI32(seconds));
  out.__set_eventType(std::string(EventTypeName(event.kind())));
  // What the names are now: a rename is found under them.
  const std::string& object = IsRename(event) ? event.new_object() : event.object();
  if (!event.database().empty()) {
    out.__set_dbName(event.new_database().empty() ? event.database() : event.new_database());
    // Hive has no place for a function but in the message.
    if (!event.object().empty() && !IsOfFunction(event.kind())) out.__set_tableName(object);
  }
  // Names may hold bytes that are no UTF-8: they are replaced.
  out.__set_message(message.dump(-1, ' ', false, Json::error_handler_t::replace));
  out.__set_messageFormat(std::string(kFormat));
  // A catalog has no place but this one.
  out.__set_catName(event.database().empty() && IsRename(event) ? event.new_object() : event.catalog());
  return out;
}

bool IsAboutTable(const Event& event, const std::set<std::string>& names) {
  if (event.object().empty() || IsOfFunction(event.kind())) return false;
  return names.contains(event.object()) || (IsRename(event) && names.contains(event.new_object()));
}

}  // namespace lodestone::hive
