// What Hive's server fills in and goes by, beside folders: parameters with a meaning, default places. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/hive_session.h"
#include "google/protobuf/map.h"
#include "lodestone/model/v1/database.pb.h"
#include "lodestone/model/v1/partition.pb.h"
#include "lodestone/model/v1/table.pb.h"

namespace lodestone::warehouse {

using Parameters = google::protobuf::Map<std::string, std::string>;

// When an object was last changed, in seconds.
inline constexpr std::string_view kDdlTime = "transient_lastDdlTime";

// Which statistics are right, as JSON (accuracy.h).
inline constexpr std::string_view kAccurate = "COLUMN_STATS_ACCURATE";

// Null: there is none.
const std::string* FindParameter(const Parameters& parameters, std::string_view name);
// Whether it is there and says `true`, in any case.
bool IsTrue(const Parameters& parameters, std::string_view name);
inline void SetParameter(std::string_view name, std::string_view value, Parameters* parameters) {
  (*parameters)[std::string(name)] = std::string(value);
}

// As a table says it, in Hive's two ways.
bool IsExternal(const model::v1::Table& table);
bool IsView(const model::v1::Table& table);
// Whether the data goes with what names it.
bool OwnsData(const model::v1::Table& table);
// Whether removed data goes past the trash, whatever the call says.
bool SkipsTrash(const model::v1::Table& table);

// The table's parameter DO_NOT_UPDATE_STATS is meant for the call, and is not kept: takes it away, and adds what it
// says.
void TakeKeepStatistics(Parameters* parameters, HiveContext* context);
// Whether numFiles and totalSize are there.
bool HasFileStatistics(const Parameters& parameters);
// Whether both have them, as the same numbers.
bool SameFileStatistics(const Parameters& a, const Parameters& b);
// Sets them, and what that means for other statistics: they are no longer accurate, unless they were computed.
void SetFileStatistics(const FolderContent& content, const HiveContext& context, Parameters* parameters);
// Of something that has no rows any more: statistics that are there are 0.
void SetTruncated(Parameters* parameters);
// Whether an alter of a partition gathers statistics.
bool NeedsStatistics(const model::v1::Partition& before, const model::v1::Partition& after, const HiveContext& context);

// Whether a location is the root of a file system: `/`, `s3://bucket/`.
bool IsRoot(std::string_view location);
// Where a partition lies: its own location, else `<table>/<name>`; empty: nowhere.
std::string PlaceOf(const model::v1::Table& table, const model::v1::Partition& partition);
std::string DefaultPlaceOf(const model::v1::Table& table, const model::v1::Partition& partition);
// Names of its partition keys.
std::vector<std::string> KeyNames(const model::v1::Table& table);
// The name of a partition of the table.
std::string NameOfPartition(const model::v1::Table& table, const model::v1::Partition& partition);
// A partition as its reader sees it, when it was added to the table like this.
model::v1::Partition AsStored(const model::v1::Table& table, model::v1::Partition added, std::string_view location);
// `[a, b]`
std::string InBrackets(const google::protobuf::RepeatedPtrField<std::string>& values);

}  // namespace lodestone::warehouse
