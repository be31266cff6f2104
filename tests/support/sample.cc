// A store that holds some of everything.
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/bulk_load.h"
#include "tests/support/content.h"

namespace lodestone::testing {

namespace {

using base::StrCat;

model::v1::Column MakeColumn(std::string_view name, std::string_view type) {
  model::v1::Column column;
  column.set_name(std::string(name));
  column.set_type(std::string(type));
  return column;
}

model::v1::Table MakeTable(std::string_view database, std::string_view name,
                           const std::vector<model::v1::Column>& keys = {}) {
  model::v1::Table table;
  table.set_database(std::string(database));
  table.set_name(std::string(name));
  table.set_owner("ana");
  auto* descriptor = table.mutable_storage_descriptor();
  *descriptor->add_columns() = MakeColumn("id", "bigint");
  *descriptor->add_columns() = MakeColumn("name", "string");
  *descriptor->add_columns() = MakeColumn("price", "decimal(10,2)");
  descriptor->set_location(StrCat("s3://lake/", database, "/", name));
  descriptor->set_input_format("parquet.In");
  descriptor->set_output_format("parquet.Out");
  descriptor->mutable_serde_info()->set_serialization_lib("parquet.SerDe");
  (*table.mutable_parameters())["comment"] = StrCat("the table ", name);
  for (const auto& key : keys) *table.add_partition_keys() = key;
  return table;
}

std::vector<std::string> HitsValues(int i) {
  return {StrCat("2026-0", 1 + i / 280 % 9, "-", 10 + i / 14 % 20), std::to_string(i % 14),
          i % 17 == 0 ? std::string() : StrCat("region ", i / 2520)};
}

absl::Status AddSomePartitions(Session& session, const TableName& hits, int count) {
  std::vector<model::v1::Partition> partitions;
  for (int i = 0; i < count; ++i) {
    auto& partition = partitions.emplace_back();
    for (const std::string& value : HitsValues(i)) partition.add_values(value);
    (*partition.mutable_parameters())["numRows"] = std::to_string(i * 1000003LL % 99991);
    (*partition.mutable_parameters())["totalSize"] = std::to_string(i * 7919);
    if (i % 50 == 0) (*partition.mutable_parameters())[StrCat("note", i % 3)] = "späte Daten";
    if (i % 100 == 1) {
      partition.mutable_storage_descriptor()->set_location(StrCat("s3://elsewhere/", i));
      *partition.mutable_storage_descriptor()->add_columns() = MakeColumn("id", "int");
    }
    // In steps, so that there are commits and logs of several sizes.
    if (partitions.size() < 100 && i + 1 < count) continue;
    RETURN_IF_ERROR(session.AddPartitions(hits, partitions).status());
    partitions.clear();
  }
  return absl::OkStatus();
}

absl::Status LoadSomePartitions(const Session& session, const TableName& loads, int count) {
  ASSIGN_OR_RETURN(const auto loader, BulkLoader::Start(session, loads));
  for (int i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    const std::string_view values[] = {number};
    const std::pair<std::string_view, std::string_view> parameters[] = {{"numFiles", number}};
    RETURN_IF_ERROR(loader->Add(BulkRow{.values = values, .parameters = parameters}));
  }
  return loader->Finish().status();
}

absl::Status DescribeTablesFurther(Session& session, const TableName& plain, const TableName& hits) {
  model::v1::Constraint key;
  key.set_name("pk");
  key.set_kind(model::v1::Constraint::PRIMARY_KEY);
  key.add_columns("id");
  RETURN_IF_ERROR(session.AddConstraints(plain, {&key, 1}));
  model::v1::Constraint foreign;
  foreign.set_name("fk");
  foreign.set_kind(model::v1::Constraint::FOREIGN_KEY);
  foreign.add_columns("id");
  foreign.set_parent_database(plain.database);
  foreign.set_parent_table(plain.table);
  foreign.add_parent_columns("id");
  RETURN_IF_ERROR(session.AddConstraints(hits, {&foreign, 1}));
  model::v1::ColumnStatistics statistics;
  statistics.set_column("id");
  statistics.set_column_type("bigint");
  statistics.set_num_nulls(3);
  statistics.set_num_distinct(1000);
  statistics.mutable_long_data()->set_low(-5);
  statistics.mutable_long_data()->set_high(1'000'000);
  RETURN_IF_ERROR(session.UpdateTableStatistics(plain, {&statistics, 1}));
  return session.UpdatePartitionStatistics(hits, HitsValues(1), {&statistics, 1});
}

absl::Status MakeFunctions(Session& session) {
  for (const char* name : {"area", "volume"}) {
    model::v1::Function function;
    function.set_database("web");
    function.set_name(name);
    function.set_class_name(StrCat("org.example.", name));
    auto* resource = function.add_resources();
    resource->set_type(model::v1::Function::Resource::JAR);
    resource->set_uri("s3://code/functions.jar");
    RETURN_IF_ERROR(session.CreateFunction(function));
  }
  return session.DropFunction(FunctionName{.database = "web", .function = "volume"});
}

// What remains of things that are gone or are elsewhere now.
absl::Status ChangeThings(Session& session, const TableName& hits) {
  RETURN_IF_ERROR(session.CreateTable(MakeTable("web", "old")));
  RETURN_IF_ERROR(session.RenameTable({.database = "web", .table = "old"}, {.database = "shop", .table = "new"}));
  RETURN_IF_ERROR(session.CreateTable(MakeTable("web", "dropped", {MakeColumn("k", "int")})));
  RETURN_IF_ERROR(session.DropTable({.database = "web", .table = "dropped"}));
  model::v1::Database gone;
  gone.set_name("gone");
  RETURN_IF_ERROR(session.CreateDatabase(gone));
  RETURN_IF_ERROR(session.CreateTable(MakeTable("gone", "with_it")));
  RETURN_IF_ERROR(session.DropDatabase("gone", {.mode = DropMode::kCascade}));
  RETURN_IF_ERROR(session.RenamePartition(hits, HitsValues(2), std::vector<std::string>{"2030-01-01", "99", "moved"}));
  return session.DropPartitionsByFilter(hits, "dt = '2026-01-11' and hour < 3").status();
}

}  // namespace

absl::Status FillSample(Metastore& metastore, int partitions) {
  Session session = metastore.Trusted(Principal{.name = "ana"});
  for (const char* name : {"web", "shop"}) {
    model::v1::Database database;
    database.set_name(name);
    database.set_description(StrCat("what ", name, " knows"));
    database.set_location_uri(StrCat("s3://lake/", name));
    (*database.mutable_parameters())["team"] = "a team";
    RETURN_IF_ERROR(session.CreateDatabase(database));
  }
  const TableName plain{.database = "shop", .table = "items"}, hits{.database = "web", .table = "hits"},
      loads{.database = "web", .table = "loads"};
  RETURN_IF_ERROR(session.CreateTable(MakeTable(plain.database, plain.table)));
  RETURN_IF_ERROR(session.CreateTable(
      MakeTable("web", "hits", {MakeColumn("dt", "string"), MakeColumn("hour", "int"), MakeColumn("r", "string")})));
  RETURN_IF_ERROR(session.CreateTable(MakeTable("web", "loads", {MakeColumn("n", "bigint")})));
  model::v1::Table view = MakeTable("web", "a_view");
  view.set_table_type(model::v1::VIRTUAL_VIEW);
  view.mutable_storage_descriptor()->clear_location();
  view.set_view_original_text("select id from items");
  view.set_view_expanded_text("select `items`.`id` from `shop`.`items`");
  RETURN_IF_ERROR(session.CreateTable(view));
  RETURN_IF_ERROR(AddSomePartitions(session, hits, partitions / 2));
  RETURN_IF_ERROR(LoadSomePartitions(session, loads, partitions - partitions / 2));
  RETURN_IF_ERROR(DescribeTablesFurther(session, plain, hits));
  RETURN_IF_ERROR(MakeFunctions(session));
  RETURN_IF_ERROR(ChangeThings(session, hits));
  model::v1::Catalog other;
  other.set_name("other");
  other.set_location_uri("s3://other");
  RETURN_IF_ERROR(session.CreateCatalog(other));
  Session elsewhere = metastore.Trusted(Principal{.name = "ben"}, "other");
  return elsewhere.CreateTable(MakeTable("default", "alone"));
}

}  // namespace lodestone::testing
