// The plain engine: an ordered map in memory. For tests, and for catalogs that need not outlive the process.
#pragma once

#include <memory>

#include "catalog/store/store.h"

namespace lodestone::store {

// An empty store. Checkpoint, and so everything about files, is FailedPrecondition; VerifyFiles finds nothing.
std::unique_ptr<Store> NewMemoryStore();

}  // namespace lodestone::store
