// Copies of a store that another process writes: record by record, since its files may be deleted at any moment.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "catalog/store/rocksdb/rocksdb_store.h"
#include "catalog/store/rocksdb/view.h"

namespace lodestone::store {

// Makes `directory` a store of what `view` shows, with the view's version: made under another name and renamed when
// whole. Reads and writes every record once; every block read is checked against its checksum.
//   AlreadyExists  `directory` is there
//   Unavailable    an I/O error; nothing is left in `directory`
absl::Status CopyView(const View& view, const RocksDbOptions& options, const std::string& directory);

}  // namespace lodestone::store
