#include "bindings/hive/transfer/same.h"

#include <algorithm>
#include <string_view>

#include "catalog/base/strings.h"
#include "google/protobuf/util/message_differencer.h"

namespace lodestone::hive {
namespace {

using google::protobuf::util::MessageDifferencer;

// What servers say of their own accord.
constexpr std::string_view kKept[] = {"transient_lastDdlTime", "COLUMN_STATS_ACCURATE", "numFiles", "totalSize",
                                      "numFilesErasureCoded",  "STATS_GENERATED",       "EXTERNAL", "bucketing_version",
                                      "DO_NOT_UPDATE_STATS"};

template <typename Map>
void DropKept(Map* parameters) {
  for (const std::string_view key : kKept) parameters->erase(std::string(key));
}

std::string_view WithoutSlash(std::string_view location) {
  while (location.size() > 1 && location.ends_with('/')) location.remove_suffix(1);
  return location;
}

// Clears both where they mean the same.
void ClearSameLocation(std::string* a, std::string* b) {
  if (!a->empty() && !b->empty() && WithoutSlash(*a) != WithoutSlash(*b)) return;
  a->clear();
  b->clear();
}

// An owner that one of them does not name is whoever made it there.
template <typename Message>
void ClearOpenOwner(Message* a, Message* b) {
  if constexpr (requires { a->clear_owner(); }) {
    if (!a->owner().empty() && !b->owner().empty()) return;
    a->clear_owner();
    b->clear_owner();
  } else {
    if (!a->owner_name().empty() && !b->owner_name().empty()) return;
    a->clear_owner_name();
    b->clear_owner_name();
  }
  a->clear_owner_type();
  b->clear_owner_type();
}

void Normalize(model::v1::Database* database) {
  database->clear_catalog();
  database->clear_id();
  database->clear_create_time();
  DropKept(database->mutable_parameters());
  if (database->name() == kDefaultDatabase) {
    database->clear_owner_name();
    database->clear_owner_type();
  } else if (database->owner_type() == model::v1::PRINCIPAL_TYPE_UNSPECIFIED) {
    database->set_owner_type(model::v1::USER);
  }
}

void Normalize(model::v1::Table* table) {
  table->clear_catalog();
  table->clear_id();
  table->clear_create_time();
  table->clear_last_access_time();
  if (table->owner_type() == model::v1::PRINCIPAL_TYPE_UNSPECIFIED) table->set_owner_type(model::v1::USER);
  if (table->table_type() == model::v1::TABLE_TYPE_UNSPECIFIED) table->set_table_type(model::v1::MANAGED_TABLE);
  DropKept(table->mutable_parameters());
  // There or empty is the same.
  table->mutable_storage_descriptor()->mutable_serde_info();
  table->mutable_storage_descriptor()->mutable_skewed_info();
}

void Normalize(model::v1::Partition* partition) {
  partition->clear_catalog();
  partition->clear_database();
  partition->clear_table();
  partition->clear_create_time();
  partition->clear_last_access_time();
  DropKept(partition->mutable_parameters());
  for (std::string& value : *partition->mutable_values()) {
    if (value.empty()) value = kNullPartitionValue;
  }
  partition->mutable_storage_descriptor()->mutable_serde_info();
  partition->mutable_storage_descriptor()->mutable_skewed_info();
}

void Normalize(model::v1::Function* function) {
  function->clear_catalog();
  function->clear_id();
  function->clear_create_time();
  function->set_function_type(model::v1::Function::JAVA);
  if (function->owner_type() == model::v1::PRINCIPAL_TYPE_UNSPECIFIED) function->set_owner_type(model::v1::USER);
}

}  // namespace

bool IsSame(const model::v1::Database& a, const model::v1::Database& b) {
  model::v1::Database one = a;
  model::v1::Database other = b;
  Normalize(&one);
  Normalize(&other);
  ClearOpenOwner(&one, &other);
  ClearSameLocation(one.mutable_location_uri(), other.mutable_location_uri());
  ClearSameLocation(one.mutable_managed_location_uri(), other.mutable_managed_location_uri());
  return MessageDifferencer::Equals(one, other);
}

bool IsSame(const model::v1::Table& a, const model::v1::Table& b) {
  model::v1::Table one = a;
  model::v1::Table other = b;
  Normalize(&one);
  Normalize(&other);
  ClearOpenOwner(&one, &other);
  ClearSameLocation(one.mutable_storage_descriptor()->mutable_location(),
                    other.mutable_storage_descriptor()->mutable_location());
  return MessageDifferencer::Equals(one, other);
}

bool IsSame(const model::v1::Partition& a, const model::v1::Partition& b) {
  model::v1::Partition one = a;
  model::v1::Partition other = b;
  Normalize(&one);
  Normalize(&other);
  ClearSameLocation(one.mutable_storage_descriptor()->mutable_location(),
                    other.mutable_storage_descriptor()->mutable_location());
  return MessageDifferencer::Equals(one, other);
}

bool IsSame(const model::v1::Function& a, const model::v1::Function& b) {
  model::v1::Function one = a;
  model::v1::Function other = b;
  Normalize(&one);
  Normalize(&other);
  ClearOpenOwner(&one, &other);
  return MessageDifferencer::Equals(one, other);
}

bool IsSame(const ColumnRecords& a, const ColumnRecords& b) {
  if (a.size() != b.size()) return false;
  const auto sorted = [](ColumnRecords records) {
    for (model::v1::ColumnStatistics& record : records) {
      record.clear_last_analyzed();
      record.clear_engine();
      // On the wire there is always a number.
      if (record.num_distinct() == 0) record.clear_num_distinct();
    }
    std::ranges::sort(records, {}, [](const auto& record) -> const std::string& { return record.column(); });
    return records;
  };
  return std::ranges::equal(sorted(a), sorted(b),
                            [](const auto& one, const auto& other) { return MessageDifferencer::Equals(one, other); });
}

bool IsSame(const model::v1::Constraint& a, const model::v1::Constraint& b) {
  model::v1::Constraint one = a;
  model::v1::Constraint other = b;
  if (one.name().empty() || other.name().empty()) {
    one.clear_name();
    other.clear_name();
  }
  // Which key is pointed at follows from its columns.
  one.clear_parent_constraint();
  other.clear_parent_constraint();
  return MessageDifferencer::Equals(one, other);
}

}  // namespace lodestone::hive
