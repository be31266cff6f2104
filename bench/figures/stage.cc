#include "bench/figures/stage.h"

#include <filesystem>

#include "lodestone/model/v1/partition.pb.h"

namespace lodestone::bench {

std::string WithCommas(int64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, 1, ',');
  return text;
}

std::string FreshFolder(const Settings& settings, const std::string& name) {
  const std::string folder = settings.folder + "/" + name;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(settings.folder);
  return folder;
}

int64_t BytesOnDisk(const std::string& folder) {
  int64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += static_cast<int64_t>(entry.file_size());
  }
  return bytes;
}

std::unique_ptr<Metastore> OpenOurs(const Settings& settings, const std::string& folder, SyncMode sync) {
  return Must(Metastore::Open(folder, {.sync = sync, .block_cache_bytes = settings.block_cache_bytes}));
}

std::unique_ptr<Metastore> FilledOurs(const Settings& settings, const std::string& name, int64_t partitions,
                                      SyncMode sync) {
  Progress("filling a store of ours");
  std::unique_ptr<Metastore> store = OpenOurs(settings, FreshFolder(settings, name), sync);
  Must(CreateAndLoad(store->Local(), kTable, Workload(partitions)));
  return store;
}

std::unique_ptr<RowStore> FilledRows(const Settings& settings, const std::string& name, int64_t partitions) {
  Progress("filling the reference");
  auto rows = std::make_unique<RowStore>(FreshFolder(settings, name), settings.block_cache_bytes);
  const Workload workload(partitions);
  rows->Load([&](const RowStore::Add& add) {
    Row row;
    for (int64_t i = 0; i < partitions; ++i) {
      workload.Fill(i, &row);
      add(row.Key(), row.ToPartition().SerializeAsString());
    }
  });
  return rows;
}

}  // namespace lodestone::bench
