// Figures about an opened database.
#pragma once

#include "catalog/store/rocksdb/engine.h"
#include "catalog/store/store.h"

namespace lodestone::store {

// All but `read_only`. Cost: a few locks; no file is read.
StoreStats ReadStats(const Engine& engine);

}  // namespace lodestone::store
