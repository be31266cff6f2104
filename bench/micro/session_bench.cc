// What privileges cost: the same calls by a session that is trusted, which is the reference, and by checked ones whose
// privilege is on the table, on its database, or reached through a role; without an audit. In memory.
#include <memory>
#include <string>
#include <vector>

#include "bench/micro/must.h"
#include "benchmark/benchmark.h"
#include "catalog/base/strings.h"
#include "catalog/metastore.h"

namespace lodestone {
namespace {

const TableName kHits{.database = "web", .table = "hits"};

std::unique_ptr<Metastore> MakeStage() {
  auto metastore = Must(Metastore::OpenInMemory({}));
  Session local = metastore->Local();
  model::v1::Database database;
  database.set_name("web");
  Must(local.CreateDatabase(database));
  model::v1::Table table;
  table.set_database("web");
  table.set_name("hits");
  for (int i = 0; i < 30; ++i) {
    auto* column = table.mutable_storage_descriptor()->add_columns();
    column->set_name(base::StrCat("c", i));
    column->set_type("string");
  }
  for (const char* key : {"dt", "hour"}) {
    auto* column = table.add_partition_keys();
    column->set_name(key);
    column->set_type("string");
  }
  Must(local.CreateTable(table));
  std::vector<model::v1::Partition> partitions;
  for (int i = 0; i < 10'000; ++i) {
    auto& partition = partitions.emplace_back();
    partition.add_values(base::StrCat("day", 100 + i / 24));
    partition.add_values(base::StrCat(i % 24));
  }
  Must(local.AddPartitions(kHits, partitions).status());
  const PrivilegeSet select = Privilege::kSelect;
  Must(local.Grant({Grantee::User("table"), select, Securable::Table(kHits)}));
  Must(local.Grant({Grantee::User("database"), select, Securable::Database("web")}));
  Must(local.CreateRole("readers"));
  Must(local.GrantRole("readers", Grantee::User("member")));
  Must(local.Grant({Grantee::Role("readers"), select, Securable::Database("web")}));
  return metastore;
}

enum Who { kTrusted, kOnTable, kOnDatabase, kByRole };

Session SessionOf(Who who) {
  static const std::unique_ptr<Metastore>& metastore = *new std::unique_ptr<Metastore>(MakeStage());
  constexpr const char* kNames[] = {"", "table", "database", "member"};
  return metastore->As(Principal{.name = kNames[who]});
}

void BM_GetTable(benchmark::State& state) {
  const Session session = SessionOf(static_cast<Who>(state.range(0)));
  for (auto _ : state) Must(session.GetTable(kHits).status());
}
void BM_GetPartition(benchmark::State& state) {
  const Session session = SessionOf(static_cast<Who>(state.range(0)));
  const std::vector<std::string> values = {"day200", "7"};
  for (auto _ : state) Must(session.GetPartition(kHits, values).status());
}
void BM_PartitionNamesOfADay(benchmark::State& state) {
  const Session session = SessionOf(static_cast<Who>(state.range(0)));
  for (auto _ : state) Must(session.PartitionNames(kHits, {.filter = "dt = 'day200'"}).status());
}
void BM_PartitionNamesOfAll(benchmark::State& state) {
  const Session session = SessionOf(static_cast<Who>(state.range(0)));
  for (auto _ : state) Must(session.PartitionNames(kHits).status());
}
BENCHMARK(BM_GetTable)->ArgName("who")->DenseRange(kTrusted, kByRole);
BENCHMARK(BM_GetPartition)->ArgName("who")->DenseRange(kTrusted, kByRole);
BENCHMARK(BM_PartitionNamesOfADay)->ArgName("who")->DenseRange(kTrusted, kByRole);
BENCHMARK(BM_PartitionNamesOfAll)->ArgName("who")->DenseRange(kTrusted, kByRole);

}  // namespace
}  // namespace lodestone

BENCHMARK_MAIN();
