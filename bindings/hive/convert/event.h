// Events, as Hive's notification log has them. See database.h for what holds for all conversions.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "lodestone/model/v1/event.pb.h"

namespace lodestone::hive {

// Hive's word for the kind: `ADD_PARTITION`. Hive has none for some; these are told as the kind by which its clients
// learn of the same: what is brought back and functions that change are created, a bulk load adds partitions, new
// constraints alter their table.
std::string_view EventTypeName(model::v1::Event::Kind kind);

// The message is of the format json-0.2, with the names of what changed, and without the changed object as Hive adds it
// (tableObjJson and so on): the log keeps no objects. After a rename the event has the new names and its message the
// old ones. DataLoss: the name of a partition that is none.
absl::StatusOr<thrift::NotificationEvent> ToThrift(const model::v1::Event& event);

// Whether it is about one of these tables or what is in it, under the old name or the new one.
bool IsAboutTable(const model::v1::Event& event, const std::set<std::string>& names);

}  // namespace lodestone::hive
