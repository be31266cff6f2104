// The smallest use: opens a store, creates a table, adds partitions, lists those that a filter selects.
//   embed FOLDER
#include <iostream>
#include <string>
#include <vector>

#include "catalog/catalog.h"

using lodestone::Metastore;
using lodestone::Session;
using lodestone::TableName;
namespace model = lodestone::model::v1;

namespace {

absl::Status Run(const std::string& folder) {
  absl::StatusOr<std::unique_ptr<Metastore>> store = Metastore::Open(folder);
  if (!store.ok()) return store.status();
  Session session = (*store)->Local();

  model::Database database;
  database.set_name("web");
  if (auto s = session.CreateDatabase(database); !s.ok()) return s;

  model::Table table;
  table.set_database("web");
  table.set_name("hits");
  for (const char* key : {"dt", "region"}) {
    model::Column* column = table.add_partition_keys();
    column->set_name(key);
    column->set_type("string");
  }
  model::StorageDescriptor* storage = table.mutable_storage_descriptor();
  storage->set_location("s3://lake/web/hits");
  storage->add_columns()->set_name("url");
  storage->mutable_columns(0)->set_type("string");
  if (auto s = session.CreateTable(table); !s.ok()) return s;

  const TableName hits{"web", "hits"};
  std::vector<model::Partition> partitions;
  for (const char* day : {"2026-01-04", "2026-01-05", "2026-01-06"}) {
    for (const char* region : {"eu", "us"}) {
      model::Partition& partition = partitions.emplace_back();
      partition.add_values(day);
      partition.add_values(region);
      (*partition.mutable_parameters())["numRows"] = "1000";
    }
  }
  auto added = session.AddPartitions(hits, partitions);
  if (!added.ok()) return added.status();
  std::cout << "added " << added->added << "\n";

  auto names = session.PartitionNameStrings(hits, {.filter = "dt >= '2026-01-05' and region = 'eu'"});
  if (!names.ok()) return names.status();
  for (const std::string& name : *names) std::cout << name << "\n";
  return absl::OkStatus();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: embed FOLDER\n";
    return 2;
  }
  const absl::Status status = Run(argv[1]);
  if (!status.ok()) std::cerr << status << "\n";
  return status.ok() ? 0 : 1;
}
