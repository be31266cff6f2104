#include "catalog/store/rocksdb/store_stats.h"

#include <string>
#include <vector>

#include "rocksdb/metadata.h"

namespace lodestone::store {

StoreStats ReadStats(const Engine& engine) {
  auto number = [&engine](const std::string& property) {
    uint64_t value = 0;
    return engine.db->GetIntProperty(property, &value) ? value : 0;
  };
  StoreStats stats;
  std::vector<rocksdb::LiveFileMetaData> files;
  engine.db->GetLiveFilesMetaData(&files);
  stats.files = files.size();
  for (const rocksdb::LiveFileMetaData& file : files) stats.live_bytes += file.size;
  stats.memory_bytes = number(rocksdb::DB::Properties::kCurSizeAllMemTables) +
                       number(rocksdb::DB::Properties::kBlockCacheUsage) +
                       number(rocksdb::DB::Properties::kEstimateTableReadersMem);
  stats.pending_compaction_bytes = number(rocksdb::DB::Properties::kEstimatePendingCompactionBytes);
  engine.db->GetProperty(rocksdb::DB::Properties::kLevelStats, &stats.detail);
  return stats;
}

}  // namespace lodestone::store
