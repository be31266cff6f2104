// A catalog in memory with a clock that stands still, and short ways to make objects.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/base/clock.h"
#include "catalog/metastore.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lodestone::testing {

using model::v1::Database;
using model::v1::Event;
using model::v1::Function;
using model::v1::Partition;
using model::v1::Table;
using Names = std::vector<std::string>;

inline Database MakeDatabase(std::string_view name) {
  Database database;
  database.set_name(std::string(name));
  return database;
}

inline model::v1::Column MakeColumn(std::string_view name, std::string_view type) {
  model::v1::Column column;
  column.set_name(std::string(name));
  column.set_type(std::string(type));
  return column;
}

// Columns `id bigint, name string`; partition keys of type string.
inline Table MakeTable(std::string_view database, std::string_view name, const Names& keys = {}) {
  Table table;
  table.set_database(std::string(database));
  table.set_name(std::string(name));
  auto* descriptor = table.mutable_storage_descriptor();
  *descriptor->add_columns() = MakeColumn("id", "bigint");
  *descriptor->add_columns() = MakeColumn("name", "string");
  descriptor->set_input_format("parquet.In");
  descriptor->set_output_format("parquet.Out");
  descriptor->mutable_serde_info()->set_serialization_lib("parquet.SerDe");
  for (const std::string& key : keys) *table.add_partition_keys() = MakeColumn(key, "string");
  return table;
}

inline Table MakeView(std::string_view database, std::string_view name) {
  Table view;
  view.set_database(std::string(database));
  view.set_name(std::string(name));
  view.set_table_type(model::v1::VIRTUAL_VIEW);
  view.set_view_original_text("select 1");
  view.set_view_expanded_text("select 1");
  *view.mutable_storage_descriptor()->add_columns() = MakeColumn("c", "int");
  return view;
}

inline Partition MakePartition(const Names& values) {
  Partition partition;
  for (const std::string& value : values) partition.add_values(value);
  return partition;
}

inline Function MakeFunction(std::string_view database, std::string_view name) {
  Function function;
  function.set_database(std::string(database));
  function.set_name(std::string(name));
  function.set_class_name("org.example.F");
  return function;
}

class SessionTest : public ::testing::Test {
 protected:
  static constexpr int64_t kStart = 1'700'000'000'000;  // ms

  SessionTest() { Reopen({}); }

  // A new, empty catalog with these options. The clock is the test's.
  void Reopen(OpenOptions options) {
    options.clock = &clock_;
    auto opened = Metastore::OpenInMemory(options);
    if (!opened.ok()) {
      ADD_FAILURE() << opened.status();
      return;
    }
    metastore_ = *std::move(opened);
    session_.emplace(metastore_->Trusted(Principal{.name = "ana"}));
  }

  Session& session() { return *session_; }
  // A database `web` with the table `hits`, partitioned by dt and hour.
  void MakeHits() {
    ASSERT_OK(session().CreateDatabase(MakeDatabase("web")));
    ASSERT_OK(session().CreateTable(MakeTable("web", "hits", {"dt", "hour"})));
  }
  void Add(const std::vector<Names>& all) {
    std::vector<Partition> partitions;
    for (const Names& values : all) partitions.push_back(MakePartition(values));
    ASSERT_OK(session().AddPartitions(kHits, partitions));
  }
  Names PartitionNames() {
    auto names = session().PartitionNameStrings(kHits);
    EXPECT_OK(names);
    return names.ok() ? *names : Names{"?"};
  }
  Names TableNames(std::string_view database, const ListNamesOptions& options = {}) {
    auto page = session().ListTables(database, options);
    EXPECT_OK(page);
    return page.ok() ? page->items : Names{"?"};
  }
  Event LastEvent() {
    auto page = session().ReadEvents();
    EXPECT_OK(page);
    return page.ok() && !page->events.empty() ? page->events.back() : Event();
  }
  int64_t EventCount() {
    auto bounds = session().GetEventBounds();
    EXPECT_OK(bounds);
    return bounds.ok() ? bounds->newest_id : -1;
  }
  // Nothing is broken; reported with what is.
  void ExpectSound() {
    auto findings = metastore_->Verify();
    ASSERT_OK(findings);
    for (const VerifyFinding& finding : *findings) ADD_FAILURE() << finding.where << ": " << finding.what;
  }

  const TableName kHits{.database = "web", .table = "hits"};
  ManualClock clock_{kStart};
  std::unique_ptr<Metastore> metastore_;
  std::optional<Session> session_;
};

}  // namespace lodestone::testing
