// A catalog with something of every kind, and all that a catalog has as lines, to compare.
#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "bindings/hive/transfer/side.h"
#include "catalog/base/strings.h"
#include "catalog/metastore.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lodestone::hive::testing {

using base::StrCat;
using model::v1::Constraint;

// ---- Content ----

inline void AddColumn(model::v1::Column* column, const char* name, const char* type) {
  column->set_name(name);
  column->set_type(type);
}

inline model::v1::Table NewTable(const std::string& database, const std::string& name) {
  model::v1::Table table;
  table.set_database(database);
  table.set_name(name);
  table.set_owner("ana");
  table.set_create_time(1'700'000'000);
  (*table.mutable_parameters())["comment"] = StrCat("about ", name);
  auto* const descriptor = table.mutable_storage_descriptor();
  AddColumn(descriptor->add_columns(), "id", "bigint");
  AddColumn(descriptor->add_columns(), "title", "string");
  descriptor->set_location(StrCat("s3://elsewhere/", name));
  descriptor->set_input_format("in");
  (*descriptor->mutable_serde_info()->mutable_parameters())["field.delim"] = ",";
  return table;
}

inline ColumnRecords Statistics(int64_t high) {
  ColumnRecords records(2);
  records[0].set_column("id");
  records[0].set_column_type("bigint");
  records[0].set_engine("hive");
  records[0].set_num_nulls(1);
  records[0].set_num_distinct(high);
  records[0].mutable_long_data()->set_low(0);
  records[0].mutable_long_data()->set_high(high);
  records[1].set_column("title");
  records[1].set_column_type("string");
  records[1].set_engine("hive");
  records[1].set_num_distinct(3);
  records[1].mutable_string_data()->set_max_length(17);
  return records;
}

inline void AddPartitions(Session& session) {
  model::v1::Table hits = NewTable("web", "hits");
  AddColumn(hits.add_partition_keys(), "dt", "date");
  AddColumn(hits.add_partition_keys(), "page", "string");
  ASSERT_OK(session.CreateTable(hits));
  const TableName name{"web", "hits"};
  const char* const pages[] = {"index", "a/b=c", "", "ümlaut", "__HIVE_DEFAULT_PARTITION__x", "%41", "z"};
  for (int i = 0; i < 7; ++i) {
    model::v1::Partition partition;
    partition.add_values(StrCat("2026-01-0", i + 1));
    partition.add_values(pages[i]);
    partition.set_create_time(1'700'000'000 + i);
    (*partition.mutable_parameters())["numRows"] = StrCat(i);
    if (i == 3) *partition.mutable_storage_descriptor() = hits.storage_descriptor();
    if (i == 3) partition.mutable_storage_descriptor()->set_location("s3://elsewhere/odd");
    ASSERT_OK(session.AddPartitions(name, {{partition}}));
    if (i % 2 == 0) {
      const std::vector<std::string> values(partition.values().begin(), partition.values().end());
      ASSERT_OK(session.UpdatePartitionStatistics(name, values, Statistics(i)));
    }
  }
}

inline void AddShop(Session& session) {
  ASSERT_OK(session.CreateTable(NewTable("shop", "items")));
  ASSERT_OK(session.UpdateTableStatistics({"shop", "items"}, Statistics(99)));
  Constraint key;
  key.set_name("items_key");
  key.set_kind(Constraint::PRIMARY_KEY);
  key.add_columns("id");
  ASSERT_OK(session.AddConstraints({"shop", "items"}, {{key}}));
  // Comes before its parent in the order of names.
  ASSERT_OK(session.CreateTable(NewTable("shop", "boughts")));
  Constraint foreign;
  foreign.set_name("boughts_items");
  foreign.set_kind(Constraint::FOREIGN_KEY);
  foreign.add_columns("id");
  foreign.set_parent_database("shop");
  foreign.set_parent_table("items");
  foreign.add_parent_columns("id");
  Constraint check;
  check.set_name("boughts_check");
  check.set_kind(Constraint::CHECK);
  check.set_expression("id > 0");
  check.set_enabled(true);
  ASSERT_OK(session.AddConstraints({"shop", "boughts"}, {{foreign, check}}));
  model::v1::Table view = NewTable("shop", "all_items");
  view.set_table_type(model::v1::VIRTUAL_VIEW);
  view.mutable_storage_descriptor()->clear_location();
  view.set_view_original_text("select * from items");
  view.set_view_expanded_text("select * from `shop`.`items`");
  ASSERT_OK(session.CreateTable(view));
  model::v1::Function function;
  function.set_database("shop");
  function.set_name("price");
  function.set_class_name("org.example.Price");
  function.set_function_type(model::v1::Function::JAVA);
  function.set_owner_name("ana");
  auto* const resource = function.add_resources();
  resource->set_type(model::v1::Function::Resource::JAR);
  resource->set_uri("s3://jars/price.jar");
  ASSERT_OK(session.CreateFunction(function));
}

inline void AddGrants(Session& session) {
  for (const char* role : {"analysts", "readers"}) ASSERT_OK(session.CreateRole(role));
  ASSERT_OK(session.GrantRole("readers", Grantee::Role("analysts"), false, "ana"));
  ASSERT_OK(session.GrantRole("analysts", Grantee::User("bob"), true, "ana"));
  const TableName hits{"web", "hits"};
  const struct {
    Grantee to;
    PrivilegeSet privileges;
    Securable on;
    bool option;
  } kGrants[] = {
      {Grantee::Role("readers"), Privilege::kSelect, Securable::Table(hits), false},
      {Grantee::User("bob"), {Privilege::kSelect, Privilege::kInsert}, Securable::Database("shop"), true},
      {Grantee::Group("staff"), Privilege::kSelect, Securable::Column(hits, "title"), false},
      {Grantee::User("eva"), Privilege::kSelect, Securable::Catalog(), false},
  };
  for (const auto& one : kGrants) {
    ASSERT_OK(session.Grant(
        {.to = one.to, .privileges = one.privileges, .on = one.on, .grant_option = one.option, .grantor = "ana"}));
  }
}

inline void Fill(Session session) {
  for (const char* name : {"shop", "web"}) {
    model::v1::Database database;
    database.set_name(name);
    database.set_description(StrCat("the ", name));
    database.set_location_uri(StrCat("s3://bucket/", name));
    database.set_owner_name("ana");
    (*database.mutable_parameters())["team"] = "blue";
    ASSERT_OK(session.CreateDatabase(database));
  }
  AddPartitions(session);
  AddShop(session);
  AddGrants(session);
}

// ---- Comparing ----

inline std::string Text(google::protobuf::Message&& message) {
  const auto clear = [&](const char* name) {
    const auto* const field = message.GetDescriptor()->FindFieldByName(name);
    if (field != nullptr) message.GetReflection()->ClearField(&message, field);
  };
  for (const char* name : {"id", "catalog", "last_analyzed"}) clear(name);
  return message.ShortDebugString();
}
// What a server sets itself besides.
inline std::string TextAtServer(google::protobuf::Message&& message) {
  const auto* const created = message.GetDescriptor()->FindFieldByName("create_time");
  if (created != nullptr) message.GetReflection()->ClearField(&message, created);
  return Text(std::move(message));
}

// Of a temporary, so that a loop can go over it.
template <typename T>
T Take(absl::StatusOr<T> value) {
  EXPECT_OK(value);
  return *std::move(value);
}

using ToText = std::string (*)(google::protobuf::Message&&);

inline void DumpTable(const Session& session, const TableName& name, ToText text, std::vector<std::string>* out) {
  model::v1::Table table = *session.GetTable(name);
  if (text == &TextAtServer) {
    for (const char* key : {"transient_lastDdlTime", "COLUMN_STATS_ACCURATE"}) table.mutable_parameters()->erase(key);
  }
  const bool has_partitions = !table.partition_keys().empty();
  out->push_back(text(std::move(table)));
  for (const auto& one : Take(session.GetTableStatistics(name))) out->push_back(Text(model::v1::ColumnStatistics(one)));
  for (Constraint one : Take(session.ListConstraints(name))) {
    one.clear_parent_constraint();
    out->push_back(Text(std::move(one)));
  }
  if (!has_partitions) return;
  const std::vector<std::string> names = *session.PartitionNameStrings(name);
  for (model::v1::Partition& one : Take(session.GetPartitionsByNames(name, names))) {
    if (text == &TextAtServer) {
      for (const char* key : {"transient_lastDdlTime", "COLUMN_STATS_ACCURATE"}) one.mutable_parameters()->erase(key);
    }
    out->push_back(text(std::move(one)));
  }
  for (const PartitionStatistics& of : Take(session.GetPartitionsStatistics(name, names))) {
    for (const auto& one : of.columns) out->push_back(StrCat(of.partition, Text(model::v1::ColumnStatistics(one))));
  }
}

// Everything that is in the catalog, as sorted lines: what is listed in the order of ids has another one elsewhere.
inline std::vector<std::string> Dump(Metastore& store, ToText text = &Text) {
  const Session session = store.Local();
  std::vector<std::string> out;
  for (const std::string& database : Take(session.ListDatabases()).items) {
    model::v1::Database record = *session.GetDatabase(database);
    if (database == kDefaultDatabase) record.clear_create_time();
    out.push_back(text(std::move(record)));
    for (const std::string& table : Take(session.ListTables(database)).items)
      DumpTable(session, {database, table}, text, &out);
    for (const std::string& name : Take(session.ListFunctions(database)).items) {
      model::v1::Function function = *session.GetFunction({database, name});
      if (function.create_time() > 0) function.set_create_time(1);
      out.push_back(text(std::move(function)));
    }
  }
  for (const std::string& role : Take(session.ListRoles())) {
    out.push_back(role);
    for (const RoleGrant& one : Take(session.ListMembers(role))) {
      out.push_back(StrCat(role, " to ", one.member.ToString(), one.admin_option ? " admin by " : " by ", one.grantor));
    }
  }
  for (const GrantEntry& one : Take(session.ListGrants())) {
    out.push_back(StrCat(NameOf(one.privilege), " on ", one.on.ToString(), " to ", one.grantee.ToString(),
                         one.grant_option ? " with option by " : " by ", one.grantor));
  }
  std::ranges::sort(out);
  return out;
}

// The lines that are in one of them alone, for messages that can be read.
inline std::vector<std::string> Differences(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::string> lines;
  std::ranges::set_difference(a, b, std::back_inserter(lines));
  std::ranges::set_difference(b, a, std::back_inserter(lines));
  return lines;
}

}  // namespace lodestone::hive::testing
