// Events, as Hive's notification log has them. See database.h for what holds for all conversions.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "lodestone/model/v1/database.pb.h"
#include "lodestone/model/v1/event.pb.h"
#include "lodestone/model/v1/function.pb.h"
#include "lodestone/model/v1/partition.pb.h"
#include "lodestone/model/v1/table.pb.h"

namespace lodestone::hive {

// Hive's word for the kind: `ADD_PARTITION`. Hive has none for some; these are told as the kind by which its clients
// learn of the same: what is brought back and functions that change are created, a bulk load adds partitions, new
// constraints alter their table.
std::string_view EventTypeName(model::v1::Event::Kind kind);

// What a message tells of the changed objects beside their names. The log keeps no objects: these are as they are now.
// Absent: it is gone, or has another name by now, or the reader may not see it.
struct EventObjects {
  std::optional<model::v1::Database> database{};
  std::optional<model::v1::Table> table{};
  std::optional<model::v1::Function> function{};
  std::vector<model::v1::Partition> partitions{};  // of those that the event names, in their order
};

// The message is of the format json-0.2: the names of what changed, and the objects. What an object was before is never
// told; of changed partitions the first one, when all of them are there. After a rename the event has the new names and
// its message the old ones. DataLoss: the name of a partition that is none.
absl::StatusOr<thrift::NotificationEvent> ToThrift(const model::v1::Event& event, const EventObjects& objects = {});

// Whether it is about one of these tables or what is in it, under the old name or the new one.
bool IsAboutTable(const model::v1::Event& event, const std::set<std::string>& names);

}  // namespace lodestone::hive
